"""The writers of shifts: their settings, and what one hands to the next."""

from __future__ import annotations

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.mar.models_after import ShiftHandover, ShiftSetting
from medpwa.mar.shifts import ShiftSpan
from medpwa.permits import Actor


def set_shift(by: Actor, name: str, starts: str, *, retired: bool = False) -> Pending:
    """A shift of the home as it is from now on."""
    at = clock.now()
    row = ShiftSetting.create(
        home=by.home_id, name=name, starts=starts, retired=retired, valid_from=at, at=at, by=by.person_id
    )
    return line("shift.settings", f"home:{by.home_id}", row)


def hand_over(
    by: Actor, span: ShiftSpan, summary: list[dict[str, object]], told: list[int], note: str
) -> tuple[ShiftHandover, Pending]:
    """One shift hands to the next: what was open, in words as they stood; who was told; a note."""
    row = ShiftHandover.create(
        home=by.home_id,
        shift_name=span.name,
        shift_start=span.start_at,
        summary=summary,
        told=told,
        note=note,
        at=clock.now(),
        by=by.person_id,
    )
    return row, line("handover.record", f"home:{by.home_id}", row)
