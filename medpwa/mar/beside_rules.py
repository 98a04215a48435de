"""Pure decisions about the person who stands beside a giver who is not signed off: whether they may be it, and until
when what they proved holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa.mar.rules import Reason
from medpwa.mar.witness_rules import ASKED_LASTS

PROOF_LASTS = ASKED_LASTS  # as long as a witness's answer


@dataclass(frozen=True, slots=True)
class BesideFacts:
    """Everything the question "may this person stand beside the giver" depends on, as it is now."""

    name: str
    is_giver: bool
    works_here: bool  # holds a care role in this home today
    skilled: bool  # signed off for all this order needs, for this resident
    open_beside: bool  # the giver's own sign-offs leave it open at all
    proved_at: dt.datetime
    order_since: dt.datetime  # when the version to be given began


def judge_beside(f: BesideFacts, at: dt.datetime) -> Reason | None:
    """Why somebody cannot stand beside a giver; None when they can. Asked again at the moment the dose is recorded."""
    if f.is_giver:
        return Reason("own_supervisor", "You cannot stand beside yourself. Somebody else signed off must be with you.")
    if not f.open_beside:
        return Reason("not_beside_either", "Your sign-off for this was paused or ended, so it is not open to you with "
                      "somebody beside you either. Ask a colleague to give it, and talk to a manager.")
    if not f.works_here:
        # Without a name: whoever works in another home does not exist here.
        return Reason("supervisor_gone", "That person has no role in this home now, so cannot stand beside you. Ask "
                      "somebody else. What you made ready is kept.")
    if not f.skilled:
        return Reason("supervisor_not_signed_off", f"{f.name} is not signed off for this now, so cannot stand beside "
                      "you for it. Ask somebody who is. What you made ready is kept.")
    if not dt.timedelta(0) <= at - f.proved_at <= PROOF_LASTS:
        return Reason("supervisor_too_old", f"{f.name} proved to be beside you over 10 minutes ago, which is too long. "
                      "Ask them to type it again. What you made ready is kept.")
    if f.order_since > f.proved_at:
        return Reason("changed", f"The order changed since {f.name} proved to be beside you. Read it again together, "
                      "and ask them to type it again.")
    return None
