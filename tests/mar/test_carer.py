"""What a carer on a phone met and could not tell, or was not told: a medicine on hold, part of a when-required dose, a
course whose last dose is past, an absence of no minute."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from medpwa import clock, ledger
from medpwa.alerts import Alert
from medpwa.mar import effects
from medpwa.mar.models import Entry
from medpwa.medicines import actions as order_actions
from medpwa.medicines.rules import shown_state
from tests.browse import words
from tests.mar import steps
from tests.mar.prn_steps import LORAZEPAM, prn
from tests.mar.steps import HOME, bedside, later
from tests.mar.test_prn_pages import ready
from tests.medicines.facts import facts
from tests.people import PASSWORD

DAY = dt.timedelta(days=1)
LONDON = clock.DEFAULT_ZONE
PART = {"taken": "1", "part": "spat_out"}


def hold(world, order, until: dt.datetime | None = None) -> None:
    """Tolu puts an order on hold."""
    said = dict(reason="Blood test first", decided_by="Dr Banerjee", until=until)
    order_actions.suspend_order(by=world.actor("tolu"), line_id=order.line_id, version_id=order.version_id, **said)


# ---------------------------------------------------------------- on hold


def test_a_medicine_on_hold_stays_on_the_card_with_since_when_who_and_why(world, browser):
    bed = bedside(world)
    hold(world, bed.order, clock.now() + DAY)
    card = words(steps.scan(browser.sign_in("amina"), bed))
    assert "On hold: do not give" in card and "senna 7.5 mg tablet" in card
    assert "On hold since today 11:40, until tomorrow 11:40, decided by Dr Banerjee. Reason: Blood test first." in card
    assert "Its time is over" not in card


def test_a_hold_whose_time_is_over_says_so_and_one_let_go_on_is_not_listed(world, browser):
    bed = bedside(world)
    hold(world, bed.order, clock.now() + dt.timedelta(hours=1))
    later(hours=2)
    assert "Its time is over: ask the shift leader" in words(browser.sign_in("amina").get(bed.url))
    from medpwa.medicines import queries

    (now,) = queries.in_force(queries.orders_of_resident(bed.order.home_id, bed.resident.id), clock.now())
    order_actions.resume_order(
        by=world.actor("tolu"), line_id=now.line_id, version_id=now.version_id, reason="Test was fine",
    )
    assert "On hold" not in words(browser.sign_in("amina").get(bed.url))


def test_a_when_required_medicine_on_hold_is_listed_as_held_and_not_as_one_to_give(world, browser):
    bed = prn(world)
    hold(world, bed.order)
    card = words(browser.sign_in("amina").get(f"{HOME}/residents/{bed.resident.id}/card"))
    assert "On hold: do not give" in card and "until somebody lets it go on, decided by Dr Banerjee" in card
    assert "Can be given now" not in card


# ---------------------------------------------------------------- part of a when-required dose


def part(phone, **changes):
    """Tap "Only part of it was taken" on what stands ready."""
    how = {"status": changes.pop("status")} if "status" in changes else {}
    return phone.submit(phone.page.select_one("#prn-part"), **(PART | changes), **how)


def test_half_of_a_when_required_dose_is_told_stored_counted_and_asked_about(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    ready(phone, bed)
    card = words(part(phone))
    (row,) = bed.entries()
    assert (row.outcome, row.amount, row.reason) == ("given_part", Decimal(1), "Back pain")
    assert row.extra == {"steps": ["A warm pack"], "part": "spat_out"} and row.prepared_at is not None
    assert "1 tablet of paracetamol 500 mg tablet given, not all of it. Do not make up the rest" in card
    assert "Part given 11:40" in card and "Back pain. Spat some out" in card and "1 of 8 tablets" in card
    assert "Next allowed today 15:40" in card and "Can be given now" not in card
    assert [g.amount for g in effects.given_between(row.home_id, clock.now() - DAY, clock.now())] == [Decimal(1)]
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"taken": ""}, "more than nothing"),
        ({"taken": "2"}, "whole dose or more"),
        ({"taken": "0"}, "more than nothing"),
        ({"part": ""}, "Choose why not all of it was taken"),
        ({"part": "never heard of"}, "Choose why not all of it was taken"),
    ],
)
def test_what_is_wrong_with_a_part_is_said_while_it_stays_ready(world, browser, typed, said):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    ready(phone, bed)
    page = words(part(phone, **typed, status=422))
    assert said in page and "Ready, label checked" in page and bed.entries() == []
    part(phone)
    assert len(bed.entries()) == 1, "the same form, mended, is enough"


def test_part_of_what_was_made_ready_is_less_than_that_not_less_than_the_most(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    ready(phone, bed, amount="1")
    assert "whole dose or more" in words(part(phone, taken="1", status=422)) and bed.entries() == []
    part(phone, taken="0.5")
    assert bed.entries()[0].amount == Decimal("0.5")


def test_a_part_sent_twice_is_stored_once_and_the_whole_is_not_added_to_it(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    ready(phone, bed)
    form, whole = phone.page.select_one("#prn-part"), phone.page.select_one("#prn-given")
    phone.submit(form, **PART)
    phone.submit(form, **PART)
    phone.submit(whole, status=409)
    assert [e.outcome for e in bed.entries()] == ["given_part"]


def test_part_of_a_medicine_for_distress_is_put_before_managers_with_why_it_was_needed(world, browser):
    bed = prn(world, **LORAZEPAM)
    phone = browser.sign_in("amina")
    steps.scan(phone, bed)
    ready(phone, bed, reason="Distress", amount="")
    part(phone, taken="0.25")
    (raised,) = Alert.select().where(Alert.key.startswith("psychotropic"))
    assert "0.25" in raised.words and "Distress" in raised.words and "spat_out" not in raised.words


def test_a_whole_dose_corrected_to_part_keeps_why_it_was_needed(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    phone = browser.sign_in("amina")
    form = dict(
        entry_id=str(uuid.uuid4()), why="wrong_dose", to="given_part", day="2026-11-16", time="11:40", amount="1",
        reason="spilled", password=PASSWORD,
    )
    assert "2\u00a0tablets" in str(phone.get(f"{HOME}/entries/{row.id}/correct")), "as everywhere: no bare unit"
    phone.post(f"{HOME}/entries/{row.id}/correct", form)
    now = Entry.get(Entry.corrects == row)
    assert (now.outcome, now.amount, now.reason, now.extra["part"]) == ("given_part", 1, "Back pain", "spilled")
    page = phone.get(f"{HOME}/entries/{now.id}/correct?why=wrong_dose")
    assert page.select_one("input[name=reason][value=spilled]").has_attr("checked"), "what it says stands in the form"
    assert "How much, in tablets" in words(page) and "Why not all of it?" in words(page)
    again = form | dict(entry_id=str(uuid.uuid4()), to="given", why="mis_tap", amount="2")
    phone.post(f"{HOME}/entries/{now.id}/correct", {k: v for k, v in again.items() if k != "reason"})
    whole = Entry.get(Entry.corrects == now)
    assert (whole.outcome, whole.reason, whole.extra) == ("given", "Back pain", {"steps": ["A warm pack"]})
    assert ledger.verify() == []


def test_why_it_cannot_be_given_comes_before_what_would_allow_it(world, browser):
    bed = prn(world)
    phone = browser.sign_in("ben")  # not signed off
    steps.scan(phone, bed)
    page = words(phone.get(bed.url))
    assert page.index("Not on your own yet") < page.index("Margaret can have it now")


def test_what_stands_ready_comes_before_what_it_was_judged_by(world, browser):
    bed = prn(world)
    phone = browser.sign_in("amina")
    before = words(steps.scan(phone, bed) and phone.get(bed.url))
    assert before.count("Margaret can have it now") == 1
    page = words(ready(phone, bed))
    assert page.index("Ready, label checked") < page.index("Margaret can have it now") and "The protocol" in page
    assert page.count("Margaret can have it now") == 1


def test_a_when_required_dose_just_recorded_has_its_way_to_be_put_right_on_the_card(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    card = browser.sign_in("amina").get(f"{HOME}/residents/{bed.resident.id}/card")
    assert card.select_one(f"a[href='{HOME}/entries/{row.id}/correct']") is not None


# ---------------------------------------------------------------- a course counted by doses, and who left


def test_a_course_counted_by_doses_is_finished_from_the_day_after_its_last(world):
    course = facts(times=("08:00",), starts_on=dt.date(2026, 11, 2), total_doses=3)
    at = lambda day: clock.at_local(dt.date(2026, 11, day), dt.time(23), LONDON)  # noqa: E731
    for day, said in ((2, "active"), (4, "active"), (5, "finished"), (20, "finished")):
        assert shown_state(course, [course], at(day), LONDON) == said, day
    endless = facts(times=("08:00",), starts_on=dt.date(2026, 11, 2))
    assert shown_state(endless, [endless], at(20), LONDON) == "active"


def test_the_page_of_medicines_says_course_finished(world, browser):
    bed = bedside(world, total_doses=1, starts_on=clock.local_day(clock.now()))
    later(days=2)
    page = words(browser.sign_in("amina").get(f"{HOME}/residents/{bed.resident.id}/orders"))
    assert "Course finished" in page and "1 dose in all" in page and "Next due" not in page


def test_who_left_keeps_their_name_where_managers_note_a_use(world, browser):
    bed = prn(world, **LORAZEPAM)
    bed.give(bed.open("amina"), "0.5")
    later(hours=1)
    from medpwa.residents import actions as residents

    residents.move_resident(by=world.actor("rosa"), resident_id=bed.resident.id, state="discharged")
    page = words(browser.sign_in("rosa").get(f"{HOME}/prn"))
    assert "Margaret Ellison" in page and "Somebody" not in page


# ---------------------------------------------------------------- an absence of no minute


def test_leaving_and_coming_back_in_one_minute_is_said_to_be_no_absence(world, browser):
    bed = bedside(world)
    phone, url = browser.sign_in("sena"), f"{HOME}/residents/{bed.resident.id}/away"
    for state, said in (("hospital", False), ("home", True)):
        form = next(f for f in phone.get(url).select("main form") if f.select("[name=state]"))
        page = words(phone.submit(form, state=state, day="2026-11-16", time="11:30", note="Told late"))
        assert ("no absence is counted" in page) is said, page[:400]


def test_an_absence_that_lasted_is_not_called_none(world, browser):
    bed = bedside(world)
    phone, url = browser.sign_in("sena"), f"{HOME}/residents/{bed.resident.id}/away"
    for state, time in (("hospital", "11:20"), ("home", "11:30")):
        form = next(f for f in phone.get(url).select("main form") if f.select("[name=state]"))
        page = words(phone.submit(form, state=state, day="2026-11-16", time=time, note="Told late"))
        assert "no absence is counted" not in page
