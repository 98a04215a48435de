"""Pure decisions about the second person who sees a dose given: whether one is needed, and who may be it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa.mar.rules import Reason
from medpwa.medicines.rules import OrderFacts

ASKED_LASTS = dt.timedelta(minutes=10)  # a request for a witness, and a witness's own answer to it
SKILLS_OF_A_WITNESS = ("cd_witness", "controlled")  # either will do; so do all the sign-offs of the order itself


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A second person proved themselves with their own PIN or password at a moment, and says they see it given."""

    person_id: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class WitnessFacts:
    """Everything the question "may this be the second person" depends on, as it is now."""

    name: str
    is_giver: bool
    works_here: bool  # holds a care role in this home today
    skilled: bool
    seen_at: dt.datetime
    order_since: dt.datetime  # when the version to be given began
    stands_beside: bool = False  # proved already to stand beside a giver who is not signed off


def needed(order: OrderFacts) -> bool:
    """Whether a second person must see a dose of this order given: the order says so, or it is a controlled drug."""
    return order.witness or order.controlled


def ways(order: OrderFacts) -> tuple[tuple[str, ...], ...]:
    """The sign-offs any one of which makes somebody fit to be the second person: as a witness, for controlled drugs,
    or, for what is no controlled drug, all that giving it needs."""
    own = (order.required_skills,) if order.required_skills and not order.controlled else ()
    return (*((skill,) for skill in SKILLS_OF_A_WITNESS), *own)


def judge_witness(f: WitnessFacts, at: dt.datetime) -> Reason | None:
    """Why somebody cannot be the second person; None when they can. Asked again at the moment the dose is recorded."""
    if f.is_giver:
        return Reason("own_witness", "You cannot witness what you give yourself. A second person must see it given.")
    if f.stands_beside:
        words = f"{f.name} stands beside you, so cannot be the witness as well. A third person must see it given."
        return Reason("third_person", words)
    if not f.works_here:
        return Reason("witness_gone", f"{f.name} has no role in this home now, so cannot witness. Ask somebody else.")
    if not f.skilled:
        words = f"{f.name} is not signed off to witness this now. Ask somebody who is."
        return Reason("witness_not_signed_off", words)
    if at - f.seen_at > ASKED_LASTS:
        words = f"{f.name} confirmed over 10 minutes ago, which is too long. Ask again when it is given."
        return Reason("witness_too_old", words)
    if f.order_since > f.seen_at:
        return Reason("changed", f"The order changed since {f.name} confirmed. Read it again, and ask again.")
    return None
