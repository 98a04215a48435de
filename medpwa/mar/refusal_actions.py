"""The verb of following up a run of refusals, and telling of it once."""

from __future__ import annotations

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.ledger import line
from medpwa.mar import refusals, refusing
from medpwa.mar.models_after import RefusalStep
from medpwa.mar.refusal_vocabulary import EPISODE
from medpwa.mar.refusals import FollowUp
from medpwa.mar.refusing import Found
from medpwa.permits import Actor
from medpwa.staff import queries as staff


@action("refusal.step", about=refusing.episode_of)
def follow_up(*, by: Actor, about: Found, refusal_id: int, seen: int, step: FollowUp) -> Done:
    """Keep what was done about a run of refusals. `seen` is the step the form was filled in from (0 for none): another
    one since is a conflict (409) that keeps what was typed. The same said twice is the same."""
    last = about.steps[-1] if about.steps else None
    mine = (step.state, step.contacted, step.words)
    if last is not None and last.by == by.person_id and (last.state, last.contacted, last.words) == mine:
        return Done(last, replay=True)
    if (last.id if last else 0) != seen:
        raise _stale(by, about, last)
    if faults := refusals.follow_up_faults(about.state, step):
        raise Invalid(faults)
    row = RefusalStep.create(
        home=by.home_id,
        order_line=about.order.line_id,
        first_entry=about.episode.first_entry,
        state=step.state,
        contacted=step.contacted,
        words=step.words,
        at=clock.now(),
        by=by.person_id,
    )
    return Done(row, [line("refusal.step", f"resident:{about.order.resident_id}", row)])


def _stale(by: Actor, about: Found, last: RefusalStep | None) -> Refused:
    name = staff.names({last.by}).get(last.by, "Somebody") if last else "Somebody"
    words = (
        f"{name} saved “{EPISODE[about.state][0]}” while you were typing. Nothing was saved yet. What you typed is "
        "kept below; read what is recorded now first."
    )
    return Refused("stale", words, 409, {"subject": f"resident:{about.order.resident_id}"})
