"""The demo home lives on: what passed since it was left is played through the real actions, once, past nobody's gate
and over nobody's record. The tests' clock stands; the home was left on Monday 16 November 2026 at 11:40."""

import datetime as dt
from collections import Counter

import pytest

from medpwa import clock, database, ledger
from medpwa.alerts import Acknowledgement, Alert
from medpwa.competency import actions as competency
from medpwa.competency import queries as sign_offs
from medpwa.competency import rules as skills
from medpwa.demo import floor, load, onward, pattern
from medpwa.demo.onward import span_of
from medpwa.demo.prescriptions import ORDERS, due_on
from medpwa.mar import actions as mar
from medpwa.mar import queries as mar_queries
from medpwa.mar import recording, reports
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing
from medpwa.medicines import actions as medicines
from medpwa.medicines import advice
from medpwa.medicines import queries as orders
from medpwa.residents import actions as residents
from medpwa.staff import actions as staff
from medpwa.staff import queries as people
from tests.conftest import NOW
from tests.demo.conftest import A_DAY, Left

ZONE = "Europe/London"
MONDAY = dt.date(2026, 11, 16)

# ---------------------------------------------------------------- which days


def test_at_most_sixty_days_are_played_and_those_before_are_counted():
    nine, more = span_of(NOW, NOW + 9 * A_DAY, ZONE), span_of(NOW, NOW + 61 * A_DAY, ZONE)
    assert (nine.start, nine.end, nine.days, nine.left_out) == (NOW, NOW + 9 * A_DAY, 9, 0)
    assert (more.days, more.left_out, more.end) == (60, 1, NOW + 61 * A_DAY)
    assert clock.local(more.start).strftime("%d %b %H:%M") == "17 Nov 00:00"
    assert span_of(NOW, NOW + 60 * A_DAY, ZONE).left_out == 0


def test_a_short_break_and_a_clock_that_went_back_play_nothing_and_say_so():
    assert "up to date" in span_of(NOW, NOW + dt.timedelta(minutes=59), ZONE).words
    back = span_of(NOW, NOW - dt.timedelta(minutes=1), ZONE)
    assert back.empty and "before its newest record" in back.words and "make demo" in back.words
    assert not span_of(NOW, NOW + dt.timedelta(hours=1), ZONE).empty


@pytest.mark.parametrize("first", [MONDAY + n * A_DAY for n in range(7)], ids=lambda d: f"{d:%A}")
def test_any_week_played_has_the_shares_of_block_d(first):
    days = [first + n * A_DAY for n in range(7)]
    dues = [due for day in days for due in due_on(day, first)]
    said = Counter()
    for due in dues:
        told = pattern.goes_on(due)
        late = told.outcome == "given" and told.minutes > ORDERS[due.order].window_after
        said["reported" if pattern.reported(due) else "late" if late else told.outcome] += 1
    # 57 a day, alendronate, methotrexate, folic acid, four spironolactones and the nurse's visit
    assert len(dues) == sum(said.values()) in (407, 408)  # one more where the monthly capsule falls into it
    assert said[None] == 1 and said["reported"] == 4  # block D: 3.3 gaps in 1,000 and 6 reported in 602
    assert 0.011 <= said["late"] / 407 <= 0.021 and 0.022 <= said["refused"] / 407 <= 0.034


def test_what_is_told_of_a_day_does_not_wear_out_with_the_sign_offs_of_the_table():
    day = MONDAY + 500 * A_DAY
    assert sum(pattern.goes_on(due).outcome is None for due in due_on(day, day)) <= 1


# ---------------------------------------------------------------- a day and a week


def test_a_day_later_every_dose_has_its_outcome_once_and_somebody_is_due_or_late(left_on_both: Left):
    left = left_on_both
    before = left.entries()
    said = left.play(1)
    after = left.entries()
    assert after[: len(before)] == before
    assert len(after) - len(before) == sum(said.values()) and not said["left"]
    states = Counter(x.state.kind for x in left.lines(NOW, clock.now()))
    assert states.total() == 58 and states["gap"] <= 1
    doses = Counter((line, due) for line, due, *_ in after if due is not None)  # what is needed has no due time
    assert max(doses.values()) == 1, "a dose was recorded twice"
    assert any(x.state.open for x in left.lines(clock.now() - A_DAY, clock.now() + A_DAY))
    assert left.whole()
    assert left.said[0] == "Demo home: playing it forward to now, 1 day …"


def test_nine_days_later_slots_are_the_sum_of_their_states_as_in_block_d(left: Left):
    said = left.play(9)
    whole_days = left.lines(left.at(1, "00:00"), left.at(8, "00:00"))
    kinds = Counter("late" if x.state.kind == "given" and x.state.late_by else x.state.kind for x in whole_days)
    outcomes = Counter(x.entries[-1].outcome for x in whole_days if x.state.kind == "not_given")
    assert kinds.total() == 406  # as above, with three spironolactones
    assert kinds["given"] + kinds["late"] + kinds["not_given"] + kinds["reported"] + kinds["gap"] == 406
    assert kinds["gap"] == 1 and kinds["reported"] == 4
    assert 0.011 <= kinds["late"] / 406 <= 0.021 and 0.022 <= outcomes["refused"] / 406 <= 0.034
    assert said["given"] > 400 and left.whole()
    _given_are_four_hours_apart(left)
    _alerts_do_not_pile_up(left)
    _the_rota_stands_for_a_week(left)
    _the_order_that_waits_still_waits(left)
    assert said["needed"] > 10
    _the_clinic_wrote_again(left)


def _the_clinic_wrote_again(left: Left) -> None:
    """The INR of day 5 came, keyed by one and again by another, and every evening since has its dose."""
    line = next(o for o in orders.orders_of_home(left.home.id) if o.medicine == "warfarin")
    newest = advice.of_line(left.home.id, line.line_id)[-1]
    assert newest.inr_on == MONDAY + 5 * A_DAY and newest.checked and newest.keyed_by != newest.checked_by
    standing = advice.standing(line, clock.local_day(clock.now()))
    assert standing.amount == 3 and standing.inr_passed is None
    given = [amount for (amount,) in Entry.select(Entry.amount).where(
        (Entry.order_line == line.line_id) & (Entry.due_at > NOW) & (Entry.outcome == "given")).tuples()]
    assert len(given) >= 8 and set(map(str, given)) == {"3"}


def _given_are_four_hours_apart(left: Left) -> None:
    line = next(o.line_id for o in orders.orders_of_home(left.home.id) if o.medicine == "paracetamol")
    given = [at for of, _, outcome, at, *_ in left.entries() if of == line and outcome == "given"]
    assert len(given) > 30 and all(b - a >= dt.timedelta(hours=4) for a, b in zip(given, given[1:], strict=False))


def _alerts_do_not_pile_up(left: Left) -> None:
    read = Acknowledgement.select(Acknowledgement.alert)
    waiting = [a for a in Alert.select().where(Alert.id.not_in(read)) if clock.now() - a.at > dt.timedelta(hours=24)]
    assert waiting == []
    closed = GivenReportClosing.select(GivenReportClosing.report)
    old = GivenReport.select().where(GivenReport.id.not_in(closed) & (GivenReport.at < clock.now() - 2 * A_DAY))
    assert list(old) == []


def _the_order_that_waits_still_waits(left: Left) -> None:
    (order,) = (o for o in orders.latest_versions(orders.orders_of_home(left.home.id)) if not o.checked)
    assert order.medicine == "macrogol 3350" and order.starts_on == clock.local_day(clock.now()) + 2 * A_DAY


def _the_rota_stands_for_a_week(left: Left) -> None:
    for days in range(8):
        assert people.on_shift(left.home, left.at(9 + days, "15:00"))[1] == "from today's recorded duties"
    duties = people.duties_between(left.home.id, left.at(1, "00:00"), left.at(17, "00:00"))
    assert max(Counter((d.person_id, d.kind, d.starts) for d in duties).values()) == 1


@pytest.mark.parametrize("time", ["03:10", "08:20", "11:40", "14:30", "19:40", "23:00"])
def test_whenever_it_is_started_somebody_is_due_or_late(left: Left, time):
    left.play(1, time, most=1)
    now = clock.now()
    assert any(x.state.kind in ("due", "late") for x in left.lines(now - A_DAY, now + A_DAY))


def test_started_again_it_changes_nothing(left: Left):
    left.play(1)
    before, lines = left.entries(), ledger.count_lines()
    assert not left.play(1) and not left.play(1, "12:30")
    assert left.entries() == before and ledger.count_lines() == lines
    assert "up to date" in left.said[-1]


def test_a_clock_that_went_back_changes_nothing(left: Left):
    before = ledger.count_lines()
    assert not left.play(-1)
    assert ledger.count_lines() == before and "before its newest record" in left.said[-1]


@pytest.mark.parametrize("after", [1, 20, 61])
def test_killed_on_the_way_it_goes_on_without_doubling(left: Left, monkeypatch, after):
    """The same as without the kill, dose by dose: who died between the scan and the entry finds the scan."""
    calls, record = [], recording.record

    def dies(**kw):
        calls.append(kw)
        if len(calls) == after:
            raise KeyboardInterrupt
        return record(**kw)

    monkeypatch.setattr(recording, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        left.play(2)
    assert clock.now() == left.at(2, "11:40"), "the clock must be let go"
    monkeypatch.setattr(recording, "record", record)
    left.play(2)
    cut = {(line, due or at): (outcome, by) for line, due, outcome, at, by, _ in left.entries()}
    assert len(cut) == len(left.entries()) and left.whole()
    gaps = [x for x in left.lines(NOW, clock.now()) if x.state.kind == "gap"]
    assert len(gaps) <= 1


# ---------------------------------------------------------------- what a user did


def _dose(left: Left, code: str, medicine: str, due: dt.datetime):
    day = mar_queries.due_on(left.home.id, ZONE, clock.local_day(due))
    return next(
        d for d in day
        if d.order.resident_id == left.resident[code] and d.order.medicine == medicine and d.times.due_at == due
    )  # fmt: skip


def test_what_a_user_recorded_stands_row_for_row_and_is_not_added_to(left_on_both: Left):
    left = left_on_both
    with left.user_at(0, "12:10"):
        told = pattern.Told("refused", label="person", reason="did_not_want", by="S7")
        dose = _dose(left, "R07", "carbocisteine", left.at(0, "12:30"))
        assert floor.record(left.floor, dose, told)
        fact = mar.GivenFact("user-report-1", dose.order.line_id, left.at(0, "12:30"), left.at(0, "12:05"),
                             left.floor.person["S5"], "Carol", "Phone was flat all morning")  # fmt: skip
        mar.report_given(by=left.actor("S7"), resident_id=left.resident["R07"], fact=fact)
    before = {t: database.rows(f'SELECT * FROM "{t}" ORDER BY id') for t in _insert_only()}
    left.play(1)
    for table, rows in before.items():
        assert database.rows(f'SELECT * FROM "{table}" ORDER BY id')[: len(rows)] == rows, table
    mine = Entry.select().where((Entry.order_line == dose.order.line_id) & (Entry.due_at == dose.times.due_at))
    assert [e.outcome for e in mine.order_by(Entry.id)] == ["refused", "given"]
    open_reports = reports.open_reports(left.home.id)
    assert open_reports.get(left.resident["R07"]) == 1 and left.whole()


def _insert_only() -> list[str]:
    return [m._meta.table_name for m in ledger.insert_only_models()]


def test_somebody_a_user_suspended_gives_nothing_and_others_do(left: Left):
    with left.user_at(0, "12:00"):
        for code in ("S5", "S7"):
            grants = sign_offs.grants_of(left.home.id, left.floor.person[code])
            held = {(g.skill, g.resident_id) for g in grants if _competent(grants, g)}
            (skill, resident_id), *also = sorted(held, key=str)
            competency.suspend(by=left.actor("S1"), person_id=left.floor.person[code], skill=skill,
                               resident_id=resident_id, also=tuple(also), reason="For this test")  # fmt: skip
    start, refusals = clock.now(), ledger.Refusal.select().count()
    said = left.play(2)
    paused = {left.floor.person["S5"], left.floor.person["S7"]}
    by = {e.by for e in Entry.select().where(Entry.at > start)}
    assert not by & paused and said["given"] > 80
    assert ledger.Refusal.select().count() == refusals, "nothing may be tried that the gate refuses"


def _competent(grants, g) -> bool:
    return skills.state_of(grants, g.skill, g.resident_id, clock.now()).state == "competent"


def test_with_nobody_signed_off_doses_are_left_and_nothing_is_forced(left: Left):
    with left.user_at(0, "12:00"):
        for code in floor.team.GIVERS:
            grants = sign_offs.grants_of(left.home.id, left.floor.person[code])
            held = sorted({(g.skill, g.resident_id) for g in grants if _competent(grants, g)}, key=str)
            if held:
                (skill, who), *also = held
                by = left.actor("S2" if code == "S1" else "S1")
                competency.end(by=by, person_id=left.floor.person[code], skill=skill, resident_id=who,
                               also=tuple(also), reason="For this test")  # fmt: skip
    refusals = ledger.Refusal.select().count()
    said = left.play(1)
    given = Entry.select().where((Entry.at > left.at(0, "12:00")) & (Entry.outcome == "given"))
    assert {e.by for e in given} <= {left.floor.person["S13"]}, "Chloe does creams, and nobody gives anything else"
    assert said["given"] <= 2 and ledger.Refusal.select().count() == refusals and left.whole()


def test_orders_and_people_are_taken_as_a_user_left_them(left: Left):
    with left.user_at(0, "12:00"):
        order = _dose(left, "R07", "omeprazole", left.at(1, "08:00")).order
        line = order.line_id
        medicines.stop_order(by=left.actor("S4"), line_id=line, version_id=order.version_id, reason="The GP says so")
        residents.move_resident(by=left.actor("S4"), resident_id=left.resident["R03"], state="hospital", note="Fell")
        staff.end_person(by=left.actor("S1"), person_id=left.floor.person["S9"], reason="Left")
    start = clock.now()
    left.play(1)
    fresh = list(Entry.select().where(Entry.at > start))
    assert line not in {e.order_line_id for e in fresh}
    assert left.resident["R03"] not in {e.resident_id for e in fresh}
    assert left.resident["R12"] not in {e.resident_id for e in fresh}, "the respite stay is over"
    assert left.floor.person["S9"] not in {e.by for e in fresh}
    duties = people.duties_between(left.home.id, left.at(1, "00:00"), left.at(9, "00:00"))
    assert left.floor.person["S9"] not in {d.person_id for d in duties}


def test_a_duty_a_user_took_away_does_not_come_back(left: Left):
    with left.user_at(0, "12:00"):
        mine = people.duties_between(left.home.id, left.at(3, "00:00"), left.at(4, "00:00"))
        duty = next(d for d in mine if d.kind == "shift_leader" and d.starts == left.at(3, "07:00"))
        staff.set_duty(by=left.actor("S1"), person_id=duty.person_id, starts=duty.starts, ends=duty.ends,
                       kind=duty.kind, duty_key=duty.duty_key, withdrawn=True)  # fmt: skip
    left.play(1)
    standing = people.duties_between(left.home.id, left.at(3, "00:00"), left.at(4, "00:00"))
    assert (duty.person_id, duty.starts) not in {(d.person_id, d.starts) for d in standing}


# ---------------------------------------------------------------- after a long time, and when the clocks change


def test_sign_offs_are_renewed_by_a_manager_and_those_who_were_out_stay_out(left: Left):
    with left.user_at(0, "12:00"):
        until = left.at(10, "00:00")
        competency.grant(by=left.actor("S1"), person_id=left.floor.person["S10"], skill="oral", valid_until=until,
                         reason="Until his next talk")  # fmt: skip
    left.play(20, most=1)
    assert any("left for 20 days; only the last 1 are played" in words for words in left.said)

    def state(code, skill="oral"):
        grants = sign_offs.grants_of(left.home.id, left.floor.person[code])
        return skills.state_of(grants, skill, None, clock.now()).state

    assert state("S6") == "competent", "Agnieszka's review was due on day 18"
    assert (state("S11"), state("S8"), state("S15"), state("S13")) == (
        "expired", "reassessment", "supervised_only", "assessing"
    )  # fmt: skip
    assert state("S8", "topical") == "suspended", "Mark is watched again by mouth; the rest stays paused"
    assert state("S10") == "expired", "a user's own decision is not prolonged"
    last = sign_offs.grants_of(left.home.id, left.floor.person["S6"])[-1]
    renewed = database.rows('SELECT "by" FROM skill_grant WHERE id = ?', last.id)
    assert renewed == [(left.floor.person["S1"],)]


@pytest.mark.parametrize(
    ("days", "change"), [(133, "2027-03-28"), (350, "2027-10-31")], ids=["clocks go forward", "clocks go back"]
)
def test_across_a_clock_change_every_dose_falls_due_once_and_on_time(left: Left, days, change):
    assert str(clock.local_day(left.at(days - 1, "12:00"))) == change
    left.play(days, most=2)
    start, end = left.at(days - 1, "00:00"), left.at(days, "00:00")
    assert (end - start) != A_DAY
    lines = left.lines(start, end)
    kinds = Counter(x.state.kind for x in lines)
    slots = due_on(dt.date.fromisoformat(change), MONDAY)
    assert len(lines) == len(slots) and kinds["gap"] <= 1 and kinds["given"] >= 45
    assert all(x.state.entry.at >= x.due_at for x in lines if x.state.entry)
    assert left.whole()


# ---------------------------------------------------------------- as it is started


def test_beside_a_server_nothing_is_played(left: Left, monkeypatch):
    from medpwa import server

    said, before = [], ledger.count_lines()
    clock.stand_at(left.at(1, "11:40"))
    held = server._hold_serving_mark(left.settings.var)
    monkeypatch.setattr(load, "_has_home", lambda settings: True)
    load.run(left.settings, fresh=False, if_empty=True, say=said.append)
    assert said == ["Demo home: in use now, so nothing was played."] and ledger.count_lines() == before
    held.close()


def test_a_start_plays_it_on_and_prints_how_long_it_took(left: Left, monkeypatch):
    said = []
    clock.stand_at(left.at(0, "13:00"))
    monkeypatch.setattr(load, "_has_home", lambda settings: True)
    load.run(left.settings, fresh=False, if_empty=True, say=said.append)
    assert said[0] == "Demo home: playing it forward to now, since this morning …"
    assert said[-1].startswith("Demo home: ready in ")
    assert "sophie.bennett" in (left.settings.var / "demo-sign-ins.txt").read_text()


def test_another_home_is_not_played(world):
    assert onward.demo_home() is None
