"""One resident's history on paper: everything that happened, gaps and corrections by name, figures that add up."""

import datetime as dt

import pytest

from medpwa import clock, notes
from medpwa.desk import printed_doses, printout
from medpwa.desk.trail import Span
from medpwa.residents import actions as residents
from medpwa.residents.queries import resident_card
from medpwa.staff import actions as staff
from tests import builders
from tests.browse import words
from tests.mar.steps import bedside, change, later, on, refused, stop


def url(bed) -> str:
    return f"/h/rowan/residents/{bed.resident.id}/history/print"


def sheet(world, bed, name: str = "rosa", days: int = 28) -> printout.HistorySheet:
    who, today = world.actor(name), clock.local_day(clock.now())
    first = today - dt.timedelta(days=days - 1)
    span = Span(first, today, clock.day_bounds(first)[0], clock.day_bounds(today)[1], f"in the last {days} days")
    return printout.history_sheet(who, resident_card(who.home_id, bed.resident.id), span, clock.now())


def counts(made: printout.HistorySheet) -> dict[str, int]:
    return {name: n for name, n in zip(printed_doses.COLUMNS, made.total.counts, strict=True) if n}


def doses(made: printout.HistorySheet) -> list[printed_doses.PrintedDose]:
    return [dose for day in made.days for dose in day.doses]


@pytest.fixture
def week(world):
    """Five days of one dose at 11:30: a gap, given, refused, told later, and today's with a refused attempt."""
    bed = bedside(world)
    amina, day, start = world.actor("amina"), dt.timedelta(days=1), clock.now()
    for n, what in ((1, "given"), (2, "refused")):
        _at(bed, start + n * day)
        bed.open("amina")
        bed.record(amina, what)
    _at(bed, start + 3 * day)
    later(hours=3)
    bed.report(amina, given_at=clock.now() - dt.timedelta(hours=2), administered_by=world.person_id("sena"))
    _at(bed, start + 4 * day)
    ben = bed.open("ben")
    refused(lambda: bed.record(ben))
    return bed


def _at(bed, at: dt.datetime) -> None:
    """That day's dose, at that day's hour."""
    clock.stand_at(at)
    bed.key = type(bed.key)(bed.key.line_id, on("11:30"))


def test_every_dose_that_fell_due_is_counted_once_and_the_columns_add_up(world, week):
    made = sheet(world, week)
    assert counts(made) == {"given": 1, "reported": 1, "not_given": 1, "gap": 1, "open": 1}
    assert made.total.due == sum(made.total.counts) == 5
    for row in (*made.figures, made.total):
        assert row.due == sum(row.counts)
    assert made.total.due == sum(f.due for f in made.figures)
    assert [d.kind for d in doses(made)].count("gap") == 1
    assert made.total.due == len([d for d in doses(made) if d.kind in printed_doses.COLUMNS])
    assert (
        "5 doses fell due" in made.sentence
        and "2 given, 1 not given, 1 with nothing recorded, 1 still" in made.sentence
    )


def test_every_state_of_a_dose_has_its_column():
    from medpwa.mar.states import DoseState

    kinds = "coming due late gap given reported again not_given away".split()
    assert {printed_doses.column(DoseState(kind).kind) for kind in kinds} == set(printed_doses.COLUMNS)


def test_a_gap_is_named_and_so_are_late_words_and_who_gave(world, week, browser):
    said = words(browser.sign_in("rosa").get(url(week)))
    assert "GAP: nothing was recorded for this dose" in said
    assert "After the fact ✓ Given" in said
    assert "Who knew: Tolu, who stood beside her. Why: The phone was on charge" in said
    assert "Given by Sena Addo, recorded by Amina Okoro" in said
    assert "Refused attempt Refused Tried to record a dose: refused." in said
    assert "R Refused: Did not want it" in said
    assert "and 1 refused attempt." in said


def test_the_paper_says_whose_it_is_when_it_was_printed_and_by_whom(world, week, browser):
    page = browser.sign_in("rosa").get(url(week))
    said = words(page)
    assert "Born 22 May 1936" in said and "No known" in said and "NHS number" in said and "Rowan Court" in said
    assert "Printed 20 Nov 2026 11:40:00 GMT by Rosa Quiroga, registered manager" in said
    assert "How to read this" in said and "Saturday 24 Oct 2026 to Friday 20 Nov 2026" in said
    again = words(page.select_one(".sheet__table--doses thead"))
    assert "Ivy Cartledge, Born 22 May 1936" in again, "the name stands on every page"
    assert len(page.select("tbody.sheet__dose")) == 6, "each dose is one block that no page break splits"


def test_changes_of_order_record_and_allergies_stand_on_the_paper(world, browser):
    bed = bedside(world)
    tolu = world.actor("tolu")
    change(bed.order, tolu, dose_amount=2)
    residents.move_resident(by=tolu, resident_id=bed.resident.id, state="hospital", note="Fell in the night")
    said = words(browser.sign_in("rosa").get(url(bed)))
    assert "Changed the order" in said or "Changed dose from 1 tablet to 2 tablets" in said
    assert "Fell in the night" in said and "Label made" in said and "Taken over: senna 7.5 mg tablet" in said


def test_a_stopped_order_stays_on_the_paper_for_the_days_it_was_in_force(world):
    bed = bedside(world)
    later(days=3)
    stop(bed.order, world.actor("tolu"))
    made = sheet(world, bed)
    assert [p.until for p in made.prescribed] == ["Stopped 19\u00a0Nov\u00a02026"]
    assert "Stopped. The prescriber stopped it. Reason: Dr Banerjee stopped it" in made.orders[-1].words
    assert made.total.due == 4 and counts(made)["gap"] == 3


def test_a_dose_at_no_set_time_is_on_the_paper_beside_the_figures(world):
    bed = bedside(world)
    bed.report(world.actor("amina"), due_at=None)
    made = sheet(world, bed)
    assert made.loose == 1 and [d.time for d in doses(made) if d.kind == "loose"] == ["no set time"]
    assert made.total.due == sum(made.total.counts) == 1


def test_a_second_give_is_shown_and_the_dose_still_counts_once(world):
    bed = bedside(world)
    amina = bed.open("amina")
    bed.record(amina)
    later(minutes=5)
    bed.report(world.actor("sena"), administered_by=world.person_id("sena"))
    made = sheet(world, bed)
    assert counts(made) == {"given": 1}
    assert [t.mark for t in doses(made)[0].told] == ["", "After the fact"]


def test_somebody_who_moved_out_keeps_their_history_and_owes_no_doses(world, browser):
    bed = bedside(world)
    later(days=2)
    residents.move_resident(by=world.actor("rosa"), resident_id=bed.resident.id, state="discharged", note="To her son")
    later(days=3)
    made = sheet(world, bed)
    assert made.total.due == 3, "the day they came and two more; none after they left"
    page = browser.sign_in("rosa").get(url(bed))
    assert resident_card(world.home().id, bed.resident.id).whereabouts_words in page.get_text()
    assert "To her son" in words(page)


def test_people_on_paper_have_the_names_they_had_then(world, week, browser):
    called = dict(given_name="Amina", family_name="Newname", agency=False, bank=False)
    later(hours=1)
    staff.change_person(by=world.actor("rosa"), person_id=world.person_id("amina"), **called)
    said = words(browser.sign_in("rosa").get(url(week)).select_one(".sheet__table--doses"))
    assert "Amina Okoro" in said and "Newname" not in said


def test_who_opened_the_record_is_printed_for_managers_alone(world, browser):
    bed = bedside(world)
    browser.sign_in("amina").get(f"/h/rowan/residents/{bed.resident.id}")
    browser.sign_in("amina").get(f"/h/rowan/residents/{bed.resident.id}")
    notes.flush()
    made = sheet(world, bed)
    assert [(o.who, o.pages) for o in made.opened] == [("Amina Okoro", "the record (2 times)")]
    assert sheet(world, bed, "quinn").opened is None
    said = words(browser.sign_in("quinn").get(url(bed)))
    assert "Who opened the record is printed for managers only" in said and "the record (2 times)" not in said


def test_an_empty_history_says_so(world, browser):
    card = builders.resident(world.system(), "Bert", "Olney")
    later(days=60)
    said = words(browser.sign_in("rosa").get(f"/h/rowan/residents/{card.id}/history/print"))
    assert "No dose fell due for Bert Olney" in said and "Nothing was prescribed in these days." in said
    assert "Nothing in the record changed in these days." in said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-01-01&to=2026-11-16", "over 92 at most"),
        ("from=x", "This is not a day"),
        ("from=2026-11-16&to=2026-11-10", "comes after the last"),
    ],
)
def test_days_that_make_no_sense_are_answered_in_words(world, browser, query, said):
    bed = bedside(world)
    page = browser.sign_in("rosa").get(f"{url(bed)}?{query}", status=422)
    assert said in words(page.select_one(".errors")) and page.select_one("#from")["value"] in query


def test_a_covered_order_stays_covered_on_paper(world, browser):
    bed = bedside(world)
    builders.hand_keyed_order(world.actor("tolu"), bed.resident.id, medicine="lactulose", strength="10 mg")
    page = browser.sign_in("rosa").get(url(bed))
    assert "lactulose" not in page.get_text() and "second check" in words(page)
