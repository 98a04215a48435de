"""Whatever people try, in whatever order, from however many phones: on the intended path no interval and no maximum is
ever broken, and what is refused was refused rightly (a property test). The sums are done here again, the slow way.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import Counter
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as drawn_from
from hypothesis import strategies as st

from medpwa import clock, ledger
from medpwa.errors import Refused
from medpwa.mar import actions
from medpwa.mar.actions import GivenFact
from medpwa.mar.models import Entry
from medpwa.medicines.rules import Ingredient
from tests import builders
from tests.mar.prn_steps import Prn, beside

EXAMPLES = 30
DAY = dt.timedelta(hours=24)
FOUR_HOURS = dt.timedelta(hours=4)
# Ordinary nights, then the two on which the clocks change; time only goes forward from one history to the next.
NIGHTS = (dt.date(2026, 11, 20), dt.date(2027, 3, 27), dt.date(2027, 6, 1), dt.date(2027, 10, 30))
SYRUP = dict(
    strength="250 mg/5 mL", form="oral suspension", dose_unit="mL", dose_amount=Decimal(10), dose_most=None,
    dose_choice="", most_24h=Decimal(40), ingredients=(Ingredient("paracetamol", Decimal(50), Decimal(3000)),),
)  # fmt: skip

step = st.tuples(
    st.sampled_from(("tablets", "tablets", "syrup", "both", "report", "offer")),
    st.sampled_from((0, 1, 5, 90, 238, 239, 240, 241, 300, 720)),
    st.sampled_from((1, 2)),
    st.sampled_from(("amina", "tolu")),
)
history = st.lists(step, min_size=4, max_size=10)


def test_no_interval_and_no_maximum_is_ever_broken_on_the_intended_path(world, capsys):
    seen: Counter[str] = Counter()
    number = itertools.count()

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @drawn_from(history)
    def run(drawn):
        n = next(number)
        night = NIGHTS[min(n * len(NIGHTS) // EXAMPLES, len(NIGHTS) - 1)]
        clock.stand_at(clock.at_local(night, dt.time(20), "Europe/London") + dt.timedelta(days=2 * (n % 7)))
        for name in ("amina", "tolu"):
            builders.sign_off(world.system(), builders.person_id(name), "oral")
        card = builders.resident(world.system(), f"Ann{n}", "Other", room=str(n + 1))
        tablets, syrup = beside(world, card), beside(world, card, **SYRUP)
        for what, minutes, amount, who in drawn:
            clock.stand_at(clock.now() + dt.timedelta(minutes=minutes))
            do(world, what, amount, who, tablets, syrup, seen)
        check(tablets, syrup, seen)

    run()
    assert ledger.verify() == []
    with capsys.disabled():
        print("\n  histories reached: " + ", ".join(f"{n} x {name}" for name, n in sorted(seen.items())), end="")
    for rare in ("interval", "maximum", "given", "reported", "a breach told later", "other product", "clock change"):
        assert seen[rare], f"no history reached {rare}"


def do(world, what: str, amount: int, who: str, tablets: Prn, syrup: Prn, seen: Counter[str]) -> None:
    """One attempt; `both` is two phones one after the other at the same moment."""
    if what == "report":
        return report(world, tablets, who, seen)
    if what == "offer":
        tablets.give(tablets.open(who), outcome="not_required")
        return None
    for bed in (tablets, syrup) if what == "both" else (syrup if what == "syrup" else tablets,):
        attempt(bed, 10 if bed is syrup else amount, who, seen)
    return None


def attempt(bed: Prn, amount: int, who: str, seen: Counter[str]) -> None:
    before, at = gave(bed.resident.id), clock.now()
    try:
        row = bed.give(bed.open(who), amount)
    except Refused as no:
        seen[no.code] += 1
        assert no.code in ("interval", "maximum"), no.words
        assert broken(before, bed, amount, at), f"refused for nothing: {no.words}"
    else:
        seen["given"] += 1
        assert not broken(before, bed, amount, at), "given past a limit"
        assert not {"interval_breach", "maximum_breach"} & set(row.flags)


def report(world, bed: Prn, who: str, seen: Counter[str]) -> None:
    """A dose somebody gave ten minutes ago and did not record: kept whatever the limits say."""
    by = world.actor(who)
    fact = GivenFact(
        entry_id=str(uuid.uuid4()), line_id=bed.order.line_id, due_at=None,
        given_at=clock.now() - dt.timedelta(minutes=10), administered_by=by.person_id, who_knew="Tolu",
        why="The phone was on charge",
    )  # fmt: skip
    made = actions.report_given(by=by, resident_id=bed.resident.id, fact=fact)
    entry, breaches = made if isinstance(made, Entry) else made.entry, {"interval_breach", "maximum_breach"}
    seen["reported"] += 1
    seen["a breach told later"] += bool(breaches & set(entry.flags))
    if isinstance(made, Entry):
        assert not breaches & set(entry.flags), "a breach is told to those who lead"


def gave(resident_id: int) -> list[tuple[dt.datetime, str, Decimal]]:
    """Every dose of a resident with its unit, told later or not. Where nobody said how much of "1 or 2" it was, it may
    have been the most."""
    rows = list(Entry.select().where((Entry.resident == resident_id) & Entry.given_at.is_null(False)))
    versions = {r.id: r.order_version for r in rows}
    return [(r.given_at, v.dose_unit, r.amount or v.dose_most or v.dose_amount) for r in rows for v in [versions[r.id]]]


def broken(before, bed: Prn, amount: int, at: dt.datetime) -> bool:
    """The slow way: whether this dose at this moment would break an interval or a maximum."""
    if any(at - when < FOUR_HOURS for when, _, _ in before):
        return True
    day = [(unit, n) for when, unit, n in before if at - when < DAY]
    mg = sum((n * (500 if unit == "tablet" else 50) for unit, n in day), Decimal())
    own = sum((n for unit, n in day if unit == bed.order.dose_unit), Decimal())
    new_mg = amount * (500 if bed.order.dose_unit == "tablet" else 50)
    return mg + new_mg > 3000 or own + amount > bed.order.most_24h


def check(tablets: Prn, syrup: Prn, seen: Counter[str]) -> None:
    """Every two gives on the intended path are four hours apart. (What was told later may lie anywhere between.)"""
    rows = Entry.select().where((Entry.resident == tablets.resident.id) & Entry.given_at.is_null(False))
    done = sorted((r.given_at, r.after_the_fact, r.order_line_id) for r in rows)
    for (first, _, line), (second, _, other) in itertools.pairwise(d for d in done if not d[1]):
        assert second - first >= FOUR_HOURS, "two doses too near on the intended path"
        seen["other product"] += line != other
    if done:
        offset = {clock.local(t, "Europe/London").utcoffset() for t, _, _ in done}
        seen["clock change"] += len(offset) > 1
