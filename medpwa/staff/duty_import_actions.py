"""Duties from a file: looked at against what stands, then all of them brought in, or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid
from medpwa.permits import Actor
from medpwa.staff import deeds, queries
from medpwa.staff.duty_lines import FAULTS_SHOWN, DutyLine
from medpwa.staff.models import Duty
from medpwa.staff.rules import DUTIES_AHEAD, DUTIES_BACK, LONGEST_DUTY


@dataclass(frozen=True)
class Judged:
    """What bringing in a file would do: duties to add, those that stand already, and (line, sentence) faults."""

    new: tuple[DutyLine, ...]
    standing: tuple[DutyLine, ...]
    faults: tuple[tuple[int, str], ...]


def judge(by: Actor, duties: Sequence[DutyLine]) -> Judged:
    """The duties of a file against people and duties as they stand now."""
    roles = {c.person_id: c for c in queries.colleagues(by.home_id)}
    stands = _standing(by, duties)
    new, same, faults = [], [], []
    for d in duties:
        fault = _fault(by, d, roles, stands)
        if fault:
            faults.append((d.line, fault))
        elif any(_same(d, s) for s in stands):
            same.append(d)
        else:
            new.append(d)
    return Judged(tuple(new), tuple(same), tuple(faults))


def _standing(by: Actor, duties: Sequence[DutyLine]) -> list[Duty]:
    if not duties:
        return []
    return queries.duties_between(by.home_id, min(d.starts for d in duties), max(d.ends for d in duties))


def _same(line: DutyLine, duty: Duty) -> bool:
    mine = (line.person_id, line.starts, line.ends, line.kind)
    return mine == (duty.person_id, duty.starts, duty.ends, duty.kind)


def _fault(by: Actor, d: DutyLine, people: dict, stands: Iterable[Duty]) -> str:
    """What stands against one duty; empty when nothing does."""
    now, who = clock.now(), people.get(d.person_id)
    if who is None or not who.roles:
        return "They have no role here now, so cannot be put on duty."
    if not d.starts < d.ends <= d.starts + LONGEST_DUTY:
        return "A duty ends after it starts, and lasts at most 24 hours."
    if not now - DUTIES_BACK <= d.starts <= now + DUTIES_AHEAD:
        return "Duties can be entered from 31 days back to a year ahead."
    other = next((s for s in stands if _clashes(d, s)), None)
    if other is None:
        return ""
    hours = f"{clock.stamp_words(other.starts, by.zone)} to {clock.time_words(other.ends, by.zone)}"
    return f"{who.name} is on the list then already, {hours}. Change that duty on its own page."


def _clashes(d: DutyLine, duty: Duty) -> bool:
    if d.person_id != duty.person_id or (d.kind == "on_call") != (duty.kind == "on_call"):
        return False
    return not _same(d, duty) and d.starts < duty.ends and duty.starts < d.ends


@action("staff.import_duties")
def import_duties(*, by: Actor, duties: tuple[DutyLine, ...]) -> Done:
    """Bring in all duties of a file, or none: with any fault nothing is stored. Those that stand already stay as they
    are, so that the same file sent twice adds nothing."""
    judged = judge(by, duties)
    if judged.faults:
        raise Invalid([("lines", f"Line {line}: {words}") for line, words in judged.faults[:FAULTS_SHOWN]])
    if not judged.new:
        return Done(0, replay=True)
    said = []
    for d in judged.new:
        times: dict[str, dt.datetime] = dict(starts=d.starts, ends=d.ends)
        said.append(deeds.set_duty(by, d.person_id, by.home_id, kind=d.kind, **times)[1])
    return Done(len(judged.new), said)
