"""The verbs of shifts: setting them, and handing over at their end."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.mar import handover, handover_deeds, shift_queries, shifts
from medpwa.mar.models_after import ShiftHandover
from medpwa.mar.vocabulary import LONGEST_NOTE, SHORTEST_NOTE
from medpwa.medicines.keying import is_clock_time
from medpwa.permits import Actor
from medpwa.staff import queries as staff


@action("shift.settings")
def set_shift(*, by: Actor, name: str, starts: str, retired: bool = False) -> Done:
    """Set, move or retire a shift of the home from now on. The same again is the same."""
    others = shift_queries.shift_settings(by.home_id)
    valid = is_clock_time(starts)
    problems = shifts.setting_problems(name, starts, others, valid=valid)
    if problems:
        raise Invalid(problems)
    stands = any((f.name, f.starts) == (name, dt.time.fromisoformat(starts)) for f in others)
    if stands != retired:
        return Done(None, replay=True)
    return Done(None, [handover_deeds.set_shift(by, name, starts, retired=retired)])


@action("handover.record")
def hand_over(*, by: Actor, start: dt.datetime, told: tuple[int, ...], note: str) -> Done:
    """Hand a shift over: what is open is put together now and kept in words, with who was told and a note. The same
    person with the same note and people is the same hand-over; somebody else's stands beside it."""
    at = clock.now()
    span = shift_queries.span_to_hand_over(by, at, start)
    if span is None:
        raise Refused("no_shift", "No shift began then, so nothing was handed over. Open the hand-over again.")
    working = {c.person_id for c in staff.colleagues(by.home_id)}
    faults = _faults(told, note, working)
    if faults:
        raise Invalid(faults)
    same = (ShiftHandover.home == by.home_id) & (ShiftHandover.shift_start == start)
    mine = ShiftHandover.select().where(same & (ShiftHandover.by == by.person_id))
    last = mine.order_by(ShiftHandover.id.desc()).first()
    if last is not None and (last.note, sorted(last.told)) == (note, sorted(set(told))):
        return Done(last, replay=True)
    said = [
        {"heading": s.heading, "lines": list(s.lines), "none": s.none} for s in handover.summary(by, span, at)
    ]
    row, line = handover_deeds.hand_over(by, span, said, sorted(set(told)), note)
    return Done(row, [line])


def _faults(told: tuple[int, ...], note: str, working: set[int]) -> list[tuple[str, str]]:
    if len(note) > LONGEST_NOTE:
        return [("note", f"The note is too long: at most {LONGEST_NOTE:,} letters. It is kept; shorten it.")]
    if set(told) - working:
        return [("told", "Somebody ticked does not work here. Open the page again and tick who was told.")]
    if not told and len(note.strip()) < SHORTEST_NOTE:
        return [("told", "Tick who was told. If nobody was there, say in the note how it reaches them.")]
    return []
