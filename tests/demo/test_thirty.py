"""The thirty days as the product itself counts them, with the clock at Monday 16 November 2026, 11:40: built once
through the real actions, then only read.

The figures are those of demo home 11.3 for the lines this demo tells; `test_prescriptions` derives the slots, and
`test_pattern` the counts by block, from the page's own. The clocks went back on day -22.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from medpwa import clock, database, ledger
from medpwa.competency import queries as competency
from medpwa.demo.thirty import BLOCKS
from medpwa.mar import effects, gap_list, gap_queries, measures, missing, refusing, shift_queries
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing
from medpwa.mar.models_after import AbsenceItem, EntryConfirmation, Reconciliation
from medpwa.medicines import advice
from medpwa.medicines import queries as orders
from medpwa.practice import gives, matrix, matrix_words
from medpwa.residents import queries as residents
from tests.conftest import NOW
from tests.demo.test_pattern import CRITICAL, FIGURES
from tests.demo.test_prescriptions import OF_THE_BLOCKS, waiting


@pytest.fixture(scope="module")
def told(thirty):
    """Every dose that fell due in the thirty days with its state now, by block."""
    return {b.name: thirty.lines(thirty.at(b.first, "00:00"), thirty.at(b.last + 1, "00:00")) for b in BLOCKS}


def kind(line) -> str:
    """How a dose came out, as its page words it."""
    if line.state.kind == "not_given":
        return line.entries[-1].outcome
    return "late" if line.state.kind == "given" and line.state.late_by else line.state.kind


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_block_has_the_pages_slots_and_counts_by_the_products_own_lines(told, block):
    lines, count = told[block.name], Counter(map(kind, told[block.name]))
    assert len(lines) == OF_THE_BLOCKS[block.name] - waiting(block) == sum(count.values())
    mine = tuple(count[name] for name in ("gap", "late", "reported", "refused", "not_available", "asleep"))
    assert mine == FIGURES[block.name]
    critical = [line for line in lines if line.order.time_critical]
    on_time = [x for x in critical if x.state.kind in ("given", "reported") and not x.state.late_by]
    assert (len(on_time), len(critical)) == CRITICAL[block.name]
    assert set(count) <= {"given", "late", "reported", "gap", "refused", "asleep", "not_available", "away",
                          "visit_missed"}  # fmt: skip


def test_gaps_of_the_thirty_days_by_round_and_by_what_they_came_to(thirty):
    first, last = (clock.local_day(thirty.at(day, "12:00")) for day in (-30, -1))
    gaps = missing.missing(thirty.home, first, last, NOW)
    assert len(gaps) == 36
    assert sum(clock.time_words(line.due_at) == "21:00" for line in gaps) == 22
    names = Counter(line.order.resident_id for line in gaps if line.due_at >= thirty.at(-11, "00:00"))
    assert thirty.resident["R01"] not in names
    reviews = gap_queries.reviews_between(thirty.home.id, thirty.at(-30, "00:00"), thirty.at(0, "00:00"))
    assert Counter(reviews[line.place].conclusion for line in gaps) == {
        "given_unsigned": 24, "omitted": 8, "undetermined": 4}  # fmt: skip
    for review in reviews.values():
        assert review.steps[-1].by not in {e.by for e in entries_near(thirty, review)}


def entries_near(thirty, review):
    line = next(o for o in orders.orders_of_home(thirty.home.id) if o.line_id == review.line_id)
    near = (Entry.resident == line.resident_id) & (Entry.due_at >= review.due_at - dt.timedelta(minutes=59))
    return list(Entry.select().where(near & (Entry.due_at <= review.due_at)))


def test_late_and_recorded_late_of_four_weeks_are_what_the_page_of_figures_counts(thirty, told):
    """Its weeks begin on Mondays, so of the thirty days it has -28 to -1: told here from the same lines."""
    found = measures.weeks(thirty.actor("S1"), NOW)[1:]
    lines = [x for own in told.values() for x in own if x.due_at >= thirty.at(-28, "00:00")]
    given = [x for x in lines if x.state.kind in ("given", "reported")]
    assert sum(week.given for week in found) == len(given)
    late = sum(bool(x.state.late_by) for x in given)
    assert sum(week.late for week in found) == late and 60 <= late <= 80
    retro = sum(x.state.kind == "reported" for x in given)
    assert sum(week.recorded_late for week in found) == retro and 45 <= retro <= 53


def test_reports_are_closed_and_late_records_looked_at(thirty):
    reports, closed = GivenReport.select().count(), GivenReportClosing.select().count()
    assert reports - closed <= 2 and reports > 20
    assert EntryConfirmation.select().count() > 5
    stood_in = Entry.select().where(Entry.administered_by == thirty.floor.person["S14"])
    assert stood_in.count() == 9 and len({e.resident_id for e in stood_in}) == 6
    assert all("not_signed_off" in e.flags and e.after_the_fact for e in stood_in)


def test_when_required_doses_are_ninety_three_and_their_effects_the_pages(thirty):
    per = []
    for block in BLOCKS:
        start, end = thirty.at(block.first, "00:00"), thirty.at(block.last + 1, "00:00")
        found = effects.given_between(thirty.home.id, start, end)
        per.append((sum(g.effect is not None for g in found), len(found)))
    assert per == [(14, 24), (14, 19), (18, 20), (29, 30)]
    found = effects.given_between(thirty.home.id, thirty.at(-30, "00:00"), thirty.at(0, "00:00"))
    assert Counter(g.order.medicine for g in found) == {
        "morphine sulfate": 22, "paracetamol": 18, "salbutamol": 14, "mouth-care gel": 20, "lorazepam": 11,
        "zopiclone": 4, "glyceryl trinitrate": 1, "midazolam": 1, "glucose": 2}  # fmt: skip
    seen = Entry.select().where(Entry.witness_needed)
    assert seen.count() == 22 and all(e.witnessed_by not in (None, e.by, e.administered_by) for e in seen)


def test_who_was_away_and_what_was_done_about_it(thirty, told):
    away = Counter(line.order.resident_id for own in told.values() for line in own if kind(line) == "away")
    assert away == {thirty.resident["R02"]: 12, thirty.resident["R10"]: 7}
    assert Counter(item.direction for item in AbsenceItem.select()) == {"out": 4, "in": 4}
    assert [row.state for row in Reconciliation.select()] == ["complete", "complete"]


def test_fourteen_refusals_are_one_episode_and_the_gp_was_rung_on_day_sixteen(thirty):
    found = [x for x in refusing.episodes_of(thirty.home.id, NOW) if x.order.medicine == "lactulose"]
    steps = [s for x in found for s in x.steps]
    assert len(found) == 1 and [s.state for s in steps] == ["prescriber_contacted"]
    assert clock.local_day(steps[0].at) == clock.local_day(thirty.at(-16, "12:00")) and "Banerjee" in steps[0].contacted


def test_what_was_done_about_the_refusals_stays_to_be_read(thirty):
    page = refusing.refusals_page(thirty.actor("S1"), NOW)
    assert page.waiting == () and any("lactulose" in row.title for row in page.rest)


def test_warfarin_went_by_its_letters_and_ran_past_one_inr(thirty):
    line = next(o for o in orders.orders_of_home(thirty.home.id) if o.medicine == "warfarin")
    doses = Entry.select().where(Entry.order_line == line.line_id).order_by(Entry.due_at)
    by_day = {(clock.local_day(e.due_at) - clock.local_day(NOW)).days: str(e.amount) for e in doses if e.given_at}
    assert {by_day[day] for day in range(-30, -16) if day in by_day} == {"4"}
    assert {by_day[day] for day in range(-13, -9) if day in by_day} == {"2"}
    assert {by_day[day] for day in range(-9, 0) if day in by_day} == {"3"}
    overdue = {(clock.local_day(e.due_at) - clock.local_day(NOW)).days for e in doses if "inr_overdue" in e.flags}
    assert overdue and overdue <= {-19, -18, -17}
    standing = advice.standing(line, clock.local_day(NOW))
    assert standing.amount == 3 and standing.inr_passed is None


def test_every_shift_was_handed_over(thirty):
    assert shift_queries.missing(thirty.actor("S1"), NOW) == ()
    rows = database.rows("SELECT shift_start, count(*) FROM shift_handover GROUP BY shift_start")
    assert len(rows) == 90 and {n for _, n in rows} == {1}  # three a day from -30 on; today's early one is still on


def test_nothing_went_past_the_products_own_gates(thirty):
    assert thirty.whole()
    refused = [row.code for row in ledger.Refusal.select().order_by(ledger.Refusal.id)]
    assert sorted(refused) == ["glass_decided", "not_signed_off"], "Denise's exception, and what Chloe tried"
    assert not [e for e in Entry.select() if "not_signed_off" in e.flags and not e.after_the_fact]
    cards = residents.residents_at(thirty.home.id)
    assert len(cards) == 11  # R12 went home yesterday


def test_two_gaps_of_this_morning_wait_for_whoever_opens_the_home(thirty):
    """Besides the thirty days: one as it was found, one that somebody has begun to look into."""
    found = gap_list.waiting(thirty.actor("S1"), NOW)
    begun = {x.order.medicine: review is not None for x, review in found}
    assert begun == {"furosemide": False, "carmellose": True}
    page = gap_list.gaps_page(thirty.actor("S1"), at=NOW)
    assert page.sentence == "2 doses without a record are to be settled"
    assert sum(w.waiting + w.to_report + w.settled for w in page.weeks) == 36 + 2
    assert (page.to_report.count, page.settled.count) == (24, 12)


def test_this_morning_is_half_done_and_an_effect_waits_to_be_looked_at(thirty):
    today = thirty.lines(thirty.at(0, "00:00"), NOW)
    open_now = [(x.order.medicine, x.state.kind) for x in today if x.state.kind not in ("given", "not_given")]
    assert sorted(open_now) == [("carmellose", "gap"), ("co-careldopa", "late"), ("furosemide", "gap")]
    waits = effects.open_effects(thirty.home.id, NOW)
    assert [g.order.medicine for g in waits] == ["paracetamol"]


def test_who_is_in_date_comes_from_the_products_own_query_9_of_12_and_a_month_ago_6(thirty):
    givers = matrix.expected_here(thirty.home.id)
    assert (matrix_words.able_at(givers, NOW), len(givers)) == (9, 12)
    assert matrix_words.able_at(givers, thirty.at(-30, "11:40")) == 6
    page = matrix_words.present_words(givers, NOW)
    assert page.sentence == "9 of 12 people who give medicines are in date" and page.before == 6


def test_the_doses_of_the_thirty_days_are_judged_alike_by_the_pass_and_one_by_one(thirty):
    start, end = thirty.at(-30, "00:00"), thirty.at(1, "00:00")
    found = gives.gives_between(thirty.home.id, start, end)
    versions, replaced, out, total = gives.order_versions(thirty.home.id), set(), set(), 0
    replaced = {e.corrects_id for e in Entry.select(Entry.corrects).where(Entry.corrects.is_null(False))}
    for e in Entry.select().where((Entry.given_at >= start) & (Entry.given_at < end)):
        if e.id in replaced or e.outcome == "given_by_other":
            continue
        total += 1
        asked = versions[e.order_version_id].required_skills
        giver = e.administered_by or e.by
        if not competency.sign_off(thirty.home.id, giver, asked, e.resident_id, e.given_at).allowed:
            out.add(e.id)
    assert (found.total, {j.give.id for j in (*found.not_in_date, *found.supervised)}) == (total, out)
