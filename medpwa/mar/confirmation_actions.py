"""The verb of confirming what was recorded late."""

from __future__ import annotations

from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.mar import confirmation_deeds as deeds
from medpwa.mar import confirmations as queries
from medpwa.mar.models import Entry
from medpwa.mar.models_after import EntryConfirmation
from medpwa.permits import Actor
from medpwa.staff import queries as staff

SHORTEST, LONGEST = 10, 1_000


@action("mar.confirm", about=queries.entry_of)
def confirm(*, by: Actor, about: Entry, entry_number: int, words: str) -> Done:
    """A team leader, neither who gave it nor who recorded it, says what they found about an entry recorded late. It
    counted before and counts after; a second answer finds the first."""
    stored = EntryConfirmation.get_or_none(EntryConfirmation.entry == about)
    if stored is not None:
        if (stored.by, stored.words) == (by.person_id, words):
            return Done(stored, replay=True)
        name = staff.names({stored.by}).get(stored.by, "somebody")
        raise _refused("confirmed_meanwhile", f"{name} confirmed it meanwhile. That stands; nothing was added.", about)
    if not queries.awaits(about):
        raise _refused("not_waiting", "This entry does not wait to be confirmed. Nothing was added.", about)
    why_not = queries.may_not_confirm(by, about)
    if why_not:
        raise _refused("own_entry", f"{why_not} Nothing was added.", about)
    if not SHORTEST <= len(words) <= LONGEST:
        raise Invalid([("words", f"Say what you found, in {SHORTEST} to {LONGEST:,} letters. What you wrote is kept.")])
    row, said = deeds.confirm(by, about, words)
    return Done(row, [said])


def _refused(code: str, words: str, entry: Entry) -> Refused:
    return Refused(code, words, about={"subject": f"resident:{entry.resident_id}", "entry": entry.id})
