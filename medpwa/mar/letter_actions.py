"""The verb of choosing the letters a home prints."""

from __future__ import annotations

from collections.abc import Mapping

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid
from medpwa.ledger import line
from medpwa.mar import outcome_letters
from medpwa.mar.models_after import OutcomeLetters
from medpwa.permits import Actor


@action("mar.set_letters")
def set_letters(*, by: Actor, chosen: Mapping[str, str]) -> Done:
    """Show the outcomes by these letters from now on. What is stored stays what it is: letters are never stored in an
    entry."""
    wanted = {name: chosen.get(name, "") for name in outcome_letters.DEFAULTS}
    problems = outcome_letters.problems(wanted)
    if problems:
        raise Invalid(problems)
    if outcome_letters.letters_of(by.home_id) == wanted:
        return Done(None, replay=True)
    at = clock.now()
    row = OutcomeLetters.create(home=by.home_id, letters=wanted, valid_from=at, at=at, by=by.person_id)
    return Done(row, [line("mar.set_letters", f"home:{by.home_id}", row)])
