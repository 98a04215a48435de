"""Whatever people do to one dose, in whatever order and at whatever hour, the record stays sound (a property test).

Each example is a short history of one dose: attempts to give it, outcomes, reports, re-sends and waiting, through a
lapse of the giver's sign-off and over both changes of the clocks. Derandomised: the same histories every time.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medpwa import clock, ledger
from medpwa.errors import Refused
from medpwa.mar import judging, queries, recording, states
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry, GivenReport
from medpwa.mar.tickets import DoseKey
from medpwa.medicines.rules import instant_of
from medpwa.residents.queries import resident_card
from tests import builders
from tests.mar.steps import Bedside

EXAMPLES = 40
DOINGS = ("give", "give", "refused", "asleep", "not_available", "report", "resend", "wait")
# Ordinary nights, then the two on which the clocks change; time only goes forward from one history to the next.
NIGHTS = (dt.date(2026, 11, 20), dt.date(2027, 1, 4), dt.date(2027, 3, 28), dt.date(2027, 6, 1), dt.date(2027, 10, 31))
REASONS = {"refused": "not_said", "not_available": "damaged"}

step = st.tuples(st.sampled_from(DOINGS), st.sampled_from((0, 1, 5, 20, 31, 45, 61)))
history = st.tuples(
    st.lists(step, min_size=3, max_size=9),
    st.sampled_from((None, 0, 20, 60, 90)),  # the sign-off lapses this many minutes after the dose is due
)


@dataclass
class Told:
    """One history as it went."""

    bed: Bedside
    lapses_at: dt.datetime | None
    times: list[dt.datetime] = field(default_factory=list)
    sent: list[tuple[Intent, int]] = field(default_factory=list)
    given: bool = False


def test_random_histories_of_one_dose_keep_the_record_sound(world, capsys):
    resident = builders.resident(world.system())
    label, token = builders.label(world.actor("sena"), resident.id)
    seen: Counter[str] = Counter()
    number = itertools.count()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(history)
    def run(drawn):
        doings, lapse = drawn
        n = next(number)
        night = NIGHTS[min(n * len(NIGHTS) // EXAMPLES, len(NIGHTS) - 1)]
        told = begin(world, resident.id, label.id, night, lapse, n)
        for what, minutes in doings:
            clock.stand_at(clock.now() + dt.timedelta(minutes=minutes))
            told.times.append(clock.now())
            do(world, told, what)
            check(world, told)
        seen.update(kinds_of(told))

    run()
    assert ledger.verify() == []
    said = ", ".join(f"{seen[k]} reached {k}" for k in ("a lapse mid-round", "a change of the clocks", "a give"))
    with capsys.disabled():
        print(f"\n  {seen['histories']} histories of one dose: {said}, {seen['a report']} a report")
    assert all(seen[k] for k in ("a lapse mid-round", "a change of the clocks", "a give", "a report", "a refusal"))


def begin(world, resident_id: int, label_id: int, night: dt.date, lapse: int | None, n: int) -> Told:
    """A new order with a dose at 01:30 in the night, its giver signed off until the lapse; the clock an hour before."""
    due = instant_of(night, "01:30", "Europe/London")
    clock.stand_at(due - dt.timedelta(hours=2))
    lapses_at = None if lapse is None else due + dt.timedelta(minutes=lapse)
    amina = world.person_id("amina")
    until = lapses_at or due + dt.timedelta(days=90)
    builders.sign_off(world.system(), amina, "oral", valid_from=clock.now(), valid_until=until)
    order = builders.order(world.system(), resident_id, f"medicine {n}", strength="5 mg", times=("01:30",))
    clock.stand_at(due - dt.timedelta(hours=1))
    card = resident_card(order.home_id, resident_id)
    return Told(Bedside(world, card, order, DoseKey(order.line_id, due), label_id), lapses_at)


def do(world, told: Told, what: str) -> None:
    """One thing somebody does. Intent may be refused, and then in words; a fact and a re-send never are."""
    bed, by = told.bed, world.actor("amina")
    if what == "wait":
        return
    if what == "resend":
        for intent, row_id in told.sent[-1:]:
            assert recording.record(by=by, resident_id=bed.resident.id, intent=intent).id == row_id
        return
    if what == "report":
        before = GivenReport.select().count()
        bed.report(by, given_at=clock.now())
        assert GivenReport.select().count() == before + 1
        told.given = True
        return
    bed.open("amina")
    outcome = "given" if what == "give" else what
    intent = bed.intent(by, outcome, reason=REASONS.get(what, ""), entry_id=str(uuid.uuid4()))
    try:
        row = recording.record(by=by, resident_id=bed.resident.id, intent=replace(intent))
    except Refused as no:
        assert len(no.words) > 20 and no.code in ALLOWED_REFUSALS, no.code
        if told.given:
            assert no.code == "already_given" or clock.now() >= bed.key.due_at + dt.timedelta(hours=3)
        return
    told.sent.append((intent, row.id))
    assert not told.given, "an outcome was stored after a give"
    if outcome == "given":
        told.given = True
        assert told.lapses_at is None or clock.now() < told.lapses_at, "given after the sign-off had lapsed"
        assert row.claim == 1 and bed.key.due_at - dt.timedelta(hours=1) <= row.given_at


ALLOWED_REFUSALS = {"already_given", "not_signed_off", "closed", "not_due", "too_old"}


def check(world, told: Told) -> None:
    """What must hold after every step."""
    bed, by, at = told.bed, world.actor("amina"), clock.now()
    entries = queries.entries_of_dose(bed.key)
    live = [e for e in entries if e.outcome == "given" and not e.after_the_fact and not e.void]
    assert len(live) <= 1
    dose = judging.dose_of(by, bed.resident, bed.key)
    state = judging.state_of(by, bed.resident, dose, entries, at)
    if told.given:
        assert state.kind in ("given", "reported") and state.settled
        assert (state.kind == "given") == bool(live), "a live give is what the dose is known by"
    elif entries:
        assert state.kind in ("again", "not_given")
    else:
        assert state.kind in ("due", "late", "gap") and (state.kind == "gap") == (at >= dose.times.close_at)
    assert states.next_claim(entries) == 1
    lines = queries.lines_between(by, bed.key.due_at, bed.key.due_at + dt.timedelta(seconds=1), at)
    shown = [x.state for x in lines if x.dose.key == bed.key]
    assert shown == [state], "the board, the round and the rule say the same"


def kinds_of(told: Told) -> Counter[str]:
    """What a finished history went through."""
    rows = list(Entry.select().where(Entry.order_line == told.bed.key.line_id))
    first, last = told.times[0], told.times[-1]
    lapsed = ledger.Refusal.select().where(ledger.Refusal.code == "not_signed_off")
    refused = any(r.about.get("order_line") == told.bed.key.line_id for r in lapsed)
    return Counter(
        {
            "histories": 1,
            "a lapse mid-round": refused and any(t < told.lapses_at for t in told.times),
            "a change of the clocks": clock.local(first).utcoffset() != clock.local(last).utcoffset(),
            "a give": any(r.claim for r in rows),
            "a report": any(r.after_the_fact for r in rows),
            "a refusal": any(r.outcome == "refused" for r in rows),
        }
    )
