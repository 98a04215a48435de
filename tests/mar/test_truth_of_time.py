"""Late given and late recorded apart, the ladder of what is told later, the phone's clock, the doubled hour."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from medpwa import alerts, clock, ledger
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import actions, confirmation_actions, confirmations, measures, queries, timing
from medpwa.mar.models import Entry, GivenReport
from medpwa.mar.models_after import EntryConfirmation
from tests import builders
from tests.browse import words
from tests.mar.facts import at
from tests.mar.steps import HOME, bedside, counts, elm_entry, later, on

MIN, NOON, CLOSE = dt.timedelta(minutes=1), at("12:00"), at("20:00")


# ---------------------------------------------------------------- rules, as tables


@pytest.mark.parametrize(
    ("delay", "close", "step"),
    [
        (0 * MIN, CLOSE, "at_once"),
        (15 * MIN, CLOSE, "at_once"),
        (15 * MIN + dt.timedelta(seconds=1), CLOSE, "self"),
        (60 * MIN, CLOSE, "self"),
        (60 * MIN + dt.timedelta(seconds=1), CLOSE, "confirm"),
        (5 * MIN, NOON, "confirm"),
        (5 * MIN, None, "at_once"),
        (24 * 60 * MIN, CLOSE + dt.timedelta(days=2), "confirm"),
        (24 * 60 * MIN + MIN, None, "review"),
        (400 * 24 * 60 * MIN, None, "review"),
    ],
)
def test_the_ladder_asks_more_the_later_it_is_told(delay, close, step):
    assert timing.rung(NOON - delay, NOON, close) == step
    assert "awaiting_confirmation" in timing.FLAGS_OF_RUNG[step] or step in ("at_once", "self")


@pytest.mark.parametrize(
    ("step", "own", "flags", "more"),
    [
        ("at_once", True, (), False),
        ("self", True, (), False),
        ("self", False, (), True),
        ("at_once", True, ("not_signed_off",), True),
        ("at_once", True, ("second_give",), True),
        ("at_once", True, ("joined_refusal",), True),
        ("confirm", True, (), True),
        ("review", True, (), True),
    ],
)
def test_only_the_givers_own_word_within_the_hour_goes_without_a_report(step, own, flags, more):
    assert timing.tells_more(step, by_the_giver=own, flags=("after_the_fact", *flags)) is more


def test_late_given_and_late_recorded_are_two_things():
    assert timing.recorded_late(NOON - 16 * MIN, NOON) and not timing.recorded_late(NOON - 15 * MIN, NOON)
    assert timing.given_late(NOON, NOON - MIN) and not timing.given_late(NOON, NOON)
    assert not timing.recorded_late(None, NOON) and not timing.given_late(None, NOON)
    said = timing.apart_words(at("08:05"), at("09:40"), "Europe/London", seen_from=NOON).replace("\xa0", " ")
    assert said == "given 08:05, recorded 09:40 (1 hour 35 min later)"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0", clock.EPOCH),
        ("1794829200000", dt.datetime.fromtimestamp(1794829200, dt.UTC)),
        ("", None), ("-5", None), ("1e9", None), ("NaN", None), ("１２３", None), ("9" * 15, None), ("9" * 40, None),
        ("12.5", None), ("<script>", None),
    ],
)  # fmt: skip
def test_a_phones_clock_is_read_or_not_and_never_fails(text, read):
    assert timing.phone_moment(text) == read


@pytest.mark.parametrize(
    ("apart", "doubt"),
    [(0, False), (119, False), (120, False), (121, True), (-120, False), (-121, True), (3600, True), (-3600, True)],
)
def test_two_minutes_apart_is_doubt(apart, doubt):
    assert timing.clock_doubt(NOON + dt.timedelta(seconds=apart), NOON) is doubt
    assert timing.clock_doubt(None, NOON)


# ---------------------------------------------------------------- the ladder, stored


def test_within_the_hour_the_giver_says_when_and_why_and_nobody_is_called(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    page = phone.get(f"{HOME}/residents/{bed.resident.id}/given-already")
    phone.submit(page.select_one("form#report"), dose=str(bed.key), time="11:10", why="My hands were full")
    assert "Saved as a dose given earlier" in words(phone.page)
    assert "Given 11:10, recorded 11:40 (30 min later)" in words(phone.page).replace("\xa0", " ")
    (entry,) = bed.entries()
    assert (entry.flags, entry.note, entry.given_at) == (["after_the_fact", "recorded_late"], "My hands were full",
                                                         on("11:10"))
    assert GivenReport.select().count() == 0 and alerts.open_for(world.actor("tolu")) == []
    assert ledger.verify() == []


def test_the_same_quiet_report_sent_again_is_the_same_entry_and_another_with_its_id_is_told(world):
    bed, by = bedside(world), world.actor("amina")
    fact = bed.fact(administered_by=by.person_id, who_knew="")
    first = actions.report_given(by=by, resident_id=bed.resident.id, fact=fact)
    before = counts()
    assert actions.report_given(by=by, resident_id=bed.resident.id, fact=fact) == first and counts() == before
    from dataclasses import replace

    with pytest.raises(Refused) as no:
        actions.report_given(by=by, resident_id=bed.resident.id, fact=replace(fact, why="Something else entirely"))
    assert no.value.code == "used_before"


def test_later_than_the_hour_who_knew_is_asked_and_the_dose_counts_while_it_waits(world):
    bed, by = bedside(world), world.actor("amina")
    own = dict(administered_by=by.person_id, given_at=on("10:35"))
    with pytest.raises(Invalid) as wrong:
        bed.report(by, **own, who_knew="")
    assert "who_knew" in dict(wrong.value.errors) and Entry.select().count() == 0
    entry = bed.report(by, **own).entry
    assert entry.flags == ["after_the_fact", "recorded_late", "awaiting_confirmation"]
    (line,) = queries.lines_between(by, on("11:00"), on("12:00"), clock.now())
    assert line.state.kind == "reported" and queries.last_given([bed.order.line_id])
    assert confirmations.waiting_ids(by.home_id) == (entry.id,)


def test_a_team_leader_who_was_not_part_of_it_confirms_and_the_entry_stays_as_it_is(world, browser):
    bed = bedside(world)
    row = bed.report(world.actor("amina"), administered_by=world.person_id("tolu"), given_at=on("10:31")).entry
    desk = browser.sign_in("dee")
    page = desk.get(f"{HOME}/confirmations")
    assert "1 dose recorded late waits" in words(page)
    assert "Given 10:31, recorded 11:40 (1 hour 9 min later)" in words(page).replace("\xa0", " ")
    desk.submit(page.select_one("main form"), status=422, words="short")
    assert "short" in str(desk.page) and EntryConfirmation.select().count() == 0
    with pytest.raises(Refused) as no:
        confirmation_actions.confirm(by=world.actor("tolu"), entry_number=row.id, words="I gave it myself, I know")
    assert no.value.code == "own_entry"
    desk.submit(desk.page.select_one("main form"), words="Saw the empty pot and asked both of them")
    assert "Nothing waits to be confirmed" in words(desk.page)
    assert confirmations.waiting_ids(row.home_id) == () and len(bed.entries()) == 1
    with pytest.raises(Refused) as no:
        confirmation_actions.confirm(by=world.actor("rosa"), entry_number=row.id, words="And I looked as well, later")
    assert no.value.code == "confirmed_meanwhile" and ledger.verify() == []


def test_over_a_day_later_it_is_kept_and_a_managers(world):
    bed = bedside(world)
    later(days=1, hours=2)
    row = bed.report(world.actor("amina"), given_at=on("11:35", dt.date(2026, 11, 16))).entry
    assert row.flags[-1] == "after_a_day"
    with pytest.raises(Refused) as no:
        confirmation_actions.confirm(by=world.actor("tolu"), entry_number=row.id, words="Asked everybody on shift")
    assert "a manager confirms it" in no.value.words
    confirmation_actions.confirm(by=world.actor("rosa"), entry_number=row.id, words="Asked everybody on shift")


def test_another_homes_entry_and_one_that_does_not_wait_are_not_confirmed(world):
    elm_entry(world)
    theirs = Entry.select().order_by(Entry.id.desc()).get()
    bed = bedside(world)
    plain = bed.record(bed.open("amina"))
    for number in (theirs.id, 10**12):
        with pytest.raises(NotFound):
            confirmation_actions.confirm(by=world.actor("rosa"), entry_number=number, words="Asked everybody on shift")
    with pytest.raises(Refused) as no:
        confirmation_actions.confirm(by=world.actor("rosa"), entry_number=plain.id, words="Asked everybody on shift")
    assert no.value.code == "not_waiting"


# ---------------------------------------------------------------- measures


def test_late_given_and_recorded_late_are_counted_apart_with_what_they_were_counted_of(world):
    late = bedside(world, window_after=5)
    late.record(late.open("amina"))  # 11:40, ten minutes past an on-time window of five
    told = bedside(world, given="Bert", family="Olney", room="8")
    told.report(world.actor("amina"), given_at=on("11:20"))
    refused = bedside(world, given="Nan", family="Price", room="9")
    refused.record(refused.open("amina"), "refused")
    week, before = measures.weeks(world.actor("rosa"), count=2)
    assert (week.monday, week.given, week.late, week.recorded_late) == (dt.date(2026, 11, 16), 2, 1, 1)
    assert week.late_words == "1 of 2 (50.0 %)" and before.late_words == "no dose given"


def test_what_was_struck_out_is_counted_in_no_measure(world):
    from tests.mar.test_corrections import asked, correct

    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    correct(by, first, asked())
    assert measures.weeks(world.actor("rosa"), count=1)[0].given == 0


# ---------------------------------------------------------------- the phone's clock


@pytest.mark.parametrize(
    ("sent", "doubt", "kept"),
    [
        ("right", False, True),
        ("an hour behind", True, True),
        ("an hour ahead", True, True),
        ("1970", True, True),
        ("far future", True, True),
        ("beyond all calendars", True, False),
        ("nonsense", True, False),
        ("twice", True, False),
        ("absent", False, False),
    ],
)
def test_whatever_a_phones_clock_says_the_dose_is_stored_at_our_time_and_the_doubt_is_marked(
    world, browser, sent, doubt, kept
):
    bed, phone = bedside(world), browser.sign_in("amina")
    bed.open("amina")
    now = clock.micros(clock.now()) // 1000
    fields = {
        "right": str(now), "an hour behind": str(now - 3_600_000), "an hour ahead": str(now + 3_600_000), "1970": "0",
        "far future": "150000000000000", "beyond all calendars": "9" * 18, "nonsense": "<b>now</b>",
        "twice": [str(now), str(now)],
    }  # fmt: skip
    said = [] if sent == "absent" else fields[sent] if sent == "twice" else [fields[sent]]
    form = dict(dose=str(bed.key), entry_id=str(uuid.uuid4()), version=str(bed.order.version_id), outcome="refused",
                why="refused:did_not_want")
    phone.post(f"{bed.url}/outcome", [*form.items(), *(("phone_at", value) for value in said)])
    (entry,) = bed.entries()
    assert ("clock_doubt" in entry.flags, entry.phone_at is not None, entry.at) == (doubt, kept, clock.now())
    desk = words(browser.sign_in("rosa").get(f"{HOME}/decisions"))
    assert ("A phone’s clock is not right" in desk) is doubt
    assert "A phone’s clock is not right" not in words(browser.sign_in("tolu").get(f"{HOME}/decisions"))


# ---------------------------------------------------------------- the nights the clocks change


def night(world, day: dt.date):
    """Somebody with a dose at 01:30 on a night the clocks change; the clock stands at 04:00 that morning."""
    clock.stand_at(clock.at_local(day - dt.timedelta(days=2), dt.time(12)))
    bed = bedside(world, times=("01:30",))
    clock.stand_at(clock.at_local(day, dt.time(4)))
    (line,) = queries.lines_between(world.system(), *clock.day_bounds(day), clock.now(), bed.resident.id)
    return bed, line


def test_a_dose_in_the_hour_that_comes_twice_says_which_and_a_report_asks_which(world, browser):
    day = dt.date(2027, 10, 31)
    for username in ("amina", "sena"):
        builders.sign_off(world.system(), world.person_id(username), "oral",
                          valid_until=clock.at_local(day + dt.timedelta(days=30), dt.time()))
    bed, line = night(world, day)
    phone = browser.sign_in("amina")
    url = f"{HOME}/residents/{bed.resident.id}/given-already"
    page = phone.get(url)
    assert "01:30 (first)" in words(page).replace("\xa0", " ")
    told = dict(dose=str(line.dose.key), day=day.isoformat(), time="01:40", who_knew="Sena", why="One pair of hands")
    phone.submit(page.select_one("form#report"), status=422, **told)
    assert "came twice" in words(phone.page) and phone.page.select_one("[name=which]") is not None
    phone.submit(phone.page.select_one("form#report"), which="second")
    (entry,) = [e for e in Entry.select().where(Entry.resident == bed.resident.id)]
    assert entry.given_at == dt.datetime(2027, 10, 31, 1, 40, tzinfo=dt.UTC)
    assert "01:40 (second)" in words(phone.page).replace("\xa0", " ")


def test_a_dose_in_the_hour_that_does_not_come_falls_due_at_the_first_that_does(world):
    _, line = night(world, dt.date(2027, 3, 28))
    assert clock.time_words(line.due_at) == "02:00"
