"""The only writer of inductions: what was shown, the first round that is watched, and what the paper stands for."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.competency import deeds as competency
from medpwa.competency.deeds import Key
from medpwa.ledger import Pending, line
from medpwa.permits import Actor
from medpwa.practice.induction_rules import Shown
from medpwa.practice.models import Booking, Induction


def record(
    by: Actor, person_id: int, said: Shown, access_ends_at: dt.datetime, from_paper: list[Key]
) -> tuple[Induction, list[Pending]]:
    """Keep an induction and book the first observed round. `from_paper` are the skills the paper is taken for: they
    count only with somebody beside them until that round was watched."""
    row = Induction.create(
        home=by.home_id,
        induction_id=said.induction_id,
        person=person_id,
        agency=said.agency,
        agency_contact=said.agency_contact,
        items={item: True for item in sorted(said.items)},
        paper=said.paper_id,
        paper_expires_on=said.paper_expires_on,
        access_ends_at=access_ends_at,
        at=clock.now(),
        by=by.person_id,
    )
    booking = Booking.create(
        home=by.home_id,
        booking_id=f"induction-{said.induction_id}",
        person=person_id,
        skill=said.skill,
        kind="agency",
        assessor=said.assessor_id,
        on_day=said.on_day,
        round_name=said.round_name,
        note="First round here",
        at=clock.now(),
        by=by.person_id,
    )
    lines = [line("induction.record", f"person:{person_id}", row, booking)]
    if from_paper:
        lines.append(_taken_from_paper(by, person_id, said, from_paper))
    return row, lines


def _taken_from_paper(by: Actor, person_id: int, said: Shown, keys: list[Key]) -> Pending:
    whose = f" of {said.agency}" if said.agency else ""
    return competency.set_states(
        by,
        person_id,
        keys,
        "supervised_only",
        valid_from=clock.now(),
        valid_until=None,
        reason=f"Paper{whose} seen; the first round here is not observed yet",
        evidence={"evidence_file": said.paper_id or 0},
    )
