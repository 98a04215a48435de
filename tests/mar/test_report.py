"""Reporting a dose already given: a fact is kept whatever the rules say, told at once, closed by a manager alone."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import alerts, clock, ledger
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.mar import actions, queries, recording, states
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import actions as orders
from tests import builders
from tests.browse import words
from tests.mar.steps import HOME, Bedside, bedside, counts, elm_entry, later, on


def fill(browser, bed, **values):
    """The report's form, filled in and sent."""
    page = browser.get(f"{HOME}/residents/{bed.resident.id}/given-already")
    told = dict(dose=str(bed.key), day="2026-11-16", time="10:35")
    told |= dict(who_knew="Tolu was there", why="The phone was on charge")
    status = values.pop("status", 200)
    return browser.submit(page.select_one("form#report"), status=status, **told | values)


def test_a_late_fact_is_kept_and_flagged_and_those_who_lead_are_told(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    fill(phone, bed)
    assert phone.url == bed.url and "Reported. The shift leader has an alert now" in words(phone.page)
    assert "Reported given 10:35" in words(phone.page)
    (row,) = bed.entries()
    assert (row.after_the_fact, row.claim, row.outcome, row.given_at) == (True, None, "given", on("10:35"))
    assert row.flags == ["after_the_fact", "recorded_late", "awaiting_confirmation"]
    assert row.administered_by == world.person_id("amina")
    report = GivenReport.get()
    assert (report.who_knew, report.why, report.joined_refusal) == ("Tolu was there", "The phone was on charge", None)
    for who, told in (("sena", 1), ("tolu", 1), ("dee", 1), ("rosa", 1), ("quinn", 1), ("amina", 0), ("ben", 0)):
        assert len(alerts.open_for(world.actor(who))) == told, who
    alert = alerts.open_for(world.actor("tolu"))[0]
    assert "Amina Okoro reports that Ivy Cartledge’s senna" in alert.words and alert.url.endswith(f"/{report.id}")
    assert ledger.verify() == []


def test_a_live_give_after_a_report_is_refused_and_so_is_a_not_given_outcome(world):
    bed, by = bedside(world), world.actor("amina")
    bed.report(by)
    bed.open("amina")
    for outcome in ("given", "refused"):
        with pytest.raises(Refused) as no:
            bed.record(by, outcome)
        assert no.value.code == "already_given" and "Already reported as given" in no.value.words
    (line,) = queries.lines_between(by, on("11:00"), on("12:00"), clock.now())
    assert (line.state.kind, line.state.settled) == ("reported", True)


def test_a_fact_is_kept_for_a_stopped_order_an_unsigned_person_a_dose_given_already_and_one_without_a_time(world):
    bed, ben = bedside(world), world.actor("ben")
    assert bed.report(ben, administered_by=ben.person_id).entry.flags == ["after_the_fact", "not_signed_off"]
    assert bed.report(ben).entry.flags == ["after_the_fact", "second_give"]
    other = bedside(world, given="Bert", family="Olney", room="8")
    other.record(other.open("amina"))
    assert other.report(ben).entry.flags == ["after_the_fact", "second_give"]
    orders.stop_order(
        by=world.actor("tolu"), line_id=bed.order.line_id, version_id=bed.order.version_id, reason="Dr Banerjee"
    )
    later(minutes=30)
    row = bed.report(ben, due_at=None).entry
    assert (row.due_at, row.flags, row.claim) == (None, ["after_the_fact"], None)
    docusate = dict(medicine="docusate sodium", strength="100 mg")
    keyed = builders.hand_keyed_order(world.actor("tolu"), bed.resident.id, **docusate)
    waiting = Bedside(world, bed.resident, keyed, DoseKey(keyed.line_id, on("21:00")))
    assert waiting.report(ben).entry.order_version_id == keyed.version_id
    builders.residents.move_resident(by=world.actor("rosa"), resident_id=bed.resident.id, state="died")
    assert bed.report(ben, due_at=None).entry.id
    assert GivenReport.select().count() == 6 and ledger.verify() == []


def test_a_due_time_the_order_does_not_have_is_dropped_and_the_fact_is_kept(world):
    bed = bedside(world)
    row = bed.report(world.actor("amina"), due_at=on("11:31")).entry
    assert row.due_at is None and row.given_at is not None


def test_the_same_report_sent_again_is_the_same_report(world):
    bed, by = bedside(world), world.actor("amina")
    fact = bed.fact()
    first = actions.report_given(by=by, resident_id=bed.resident.id, fact=fact)
    before = counts()
    assert actions.report_given(by=by, resident_id=bed.resident.id, fact=fact) == first
    assert counts() == before and len(alerts.open_for(world.actor("tolu"))) == 1


def test_a_report_with_a_used_form_is_told_what_is_stored_and_loses_nothing_in_silence(world):
    bed, by = bedside(world), world.actor("amina")
    fact = bed.fact()
    actions.report_given(by=by, resident_id=bed.resident.id, fact=fact)
    give = bedside(world, given="Bert", family="Olney", room="8")
    entry = give.record(give.open("amina"))
    from dataclasses import replace

    for changed, who in (
        (replace(fact, why="Something quite different"), by),
        (replace(fact, given_at=fact.given_at - dt.timedelta(minutes=1)), by),
        (fact, world.actor("tolu")),
        (replace(fact, entry_id=entry.entry_id), by),
    ):
        with pytest.raises(Refused) as no:
            actions.report_given(by=who, resident_id=bed.resident.id, fact=changed)
        assert no.value.code == "used_before" and "“Given”" in no.value.words and no.value.status == 409
    intent = bed.intent(by, "refused", entry_id=fact.entry_id)
    with pytest.raises(Refused, match="used before"):
        recording.record(by=by, resident_id=bed.resident.id, intent=intent)
    assert GivenReport.select().count() == 1 and ledger.verify() == []


def test_somebody_elses_line_and_somebody_who_never_worked_here_do_not_exist(world):
    bed, by = bedside(world), world.actor("amina")
    other = bedside(world, given="Bert", family="Olney", room="8")
    elsewhere = elm_entry(world)
    before = counts()
    for changes in (
        {"line_id": other.key.line_id, "due_at": other.key.due_at},
        {"line_id": 10**14},
        {"entry_id": elsewhere},
    ):
        with pytest.raises(NotFound):
            bed.report(by, **changes)
    for nobody in (world.person_id("nell"), 10**14):
        with pytest.raises(Invalid) as no:
            bed.report(by, administered_by=nobody)
        assert no.value.errors == [("administered_by", "Choose who gave it from the list. What you wrote is kept.")]
    assert counts() == before


def test_whoever_names_somebody_who_never_worked_here_keeps_what_they_wrote(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    page = fill(phone, bed, status=422, administered_by=str(world.person_id("nell")))
    assert "Choose who gave it from the list" in words(page.select_one(".errors"))
    assert page.select_one("textarea[name=why]").get_text().strip() == "The phone was on charge"
    assert page.select_one("[name=who_knew]")["value"] == "Tolu was there" and Entry.select().count() == 0


def test_a_fact_is_kept_however_late_it_is_told_and_never_before_it_happened(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    fill(phone, bed, day="2026-09-01", time="08:00", dose=f"line-{bed.key.line_id}")
    assert Entry.get().given_at == on("08:00", dt.date(2026, 9, 1))
    for changes in ({"given_at": clock.now() + dt.timedelta(minutes=1)}, {"why": "x" * 2001}, {"who_knew": ""}):
        with pytest.raises(Invalid):
            bed.report(world.actor("amina"), **changes)
    assert Entry.select().count() == 1


# ---------------------------------------------------------------- joined to a refused attempt


def refuse(bed, who: str) -> None:
    with pytest.raises(Refused):
        bed.record(bed.open(who))


@pytest.mark.parametrize(("minutes", "joined"), [(0, True), (60, True), (61, False)])
def test_a_report_within_the_hour_joins_the_persons_own_refused_attempt(world, minutes, joined):
    bed, ben = bedside(world), world.actor("ben")
    refuse(bed, "ben")
    later(minutes=minutes)
    report = bed.report(ben, administered_by=ben.person_id)
    assert (report.joined_refusal is not None) == joined
    assert ("joined_refusal" in report.entry.flags) == joined
    if joined:
        assert ledger.Refusal.get_by_id(report.joined_refusal).code == "not_signed_off"


def test_many_refused_attempts_about_somebody_else_do_not_hide_the_one_that_is_joined(world):
    bed, ben = bedside(world), world.actor("ben")
    refuse(bed, "ben")
    other = bedside(world, given="Bert", family="Olney", room="8")
    other.open("ben")
    for _ in range(21):
        with pytest.raises(Refused):
            other.record(ben)
    assert bed.report(ben, administered_by=ben.person_id).joined_refusal is not None


def test_another_persons_refusal_and_one_about_somebody_else_are_not_joined(world):
    bed, other = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    refuse(bed, "cara")
    refuse(other, "ben")
    assert bed.report(world.actor("ben")).joined_refusal is None


def test_a_refused_ready_tap_is_joined_as_well(world, browser):
    bed, phone = bedside(world), browser.sign_in("ben")
    phone.get(f"/r/{bed.token}")
    assert phone.page.select_one(f"#dose-{bed.key} form[action$='/card/ready']") is None
    phone.post(f"{bed.url}/ready", {"dose": str(bed.key), "version": str(bed.order.version_id)})
    fill(phone, bed)
    assert GivenReport.get().joined_refusal is not None
    rosa = browser.sign_in("rosa")
    page = rosa.get(f"{HOME}/reports/{GivenReport.get().id}")
    assert "Follows a refused attempt" in words(page)


# ---------------------------------------------------------------- a manager's answer


def test_only_a_manager_closes_a_report_and_a_second_answer_finds_the_first(world, browser):
    bed = bedside(world)
    report = bed.report(world.actor("amina"))
    for who in ("amina", "sena", "tolu", "quinn", "nia"):
        with pytest.raises(NotPermitted):
            actions.close_report(by=world.actor(who), report_id=report.id, words="I say so, it is fine")
    for short in ("", "fine", " " * 40):
        with pytest.raises(Invalid):
            actions.close_report(by=world.actor("rosa"), report_id=report.id, words=short)
    leader = browser.sign_in("tolu")
    page = leader.get(f"{HOME}/reports/{report.id}")
    assert "A manager closes it" in words(page) and page.select("form[action$='/close']") == []
    rosa = browser.sign_in("rosa")
    assert "1 report is waiting" in words(rosa.get(f"{HOME}/reports"))
    page = rosa.get(f"{HOME}/reports/{report.id}")
    form = page.select_one("form[action$='/close']")
    assert "at least 10 letters" in words(rosa.submit(form, words="ok", status=422))
    assert rosa.page.select_one("textarea[name=words]").get_text().strip() == "ok"
    rosa.submit(form, words="Spoke to Amina; Ivy is well; phones are charged at 07:00 now.")
    assert "Closed by Rosa Quiroga" in words(rosa.page)
    before = counts()
    rosa.submit(form, words="Something else altogether, much later.")
    assert counts() == before and GivenReportClosing.get().words.startswith("Spoke to Amina")
    assert "No report is waiting" in words(rosa.get(f"{HOME}/reports"))
    assert "Closed by Rosa Quiroga" in words(leader.get(f"{HOME}/reports/{report.id}"))
    assert ledger.verify() == []


def test_reports_are_not_for_carers_and_not_for_another_home(world, browser):
    report = bedside(world).report(world.actor("amina"))
    browser.sign_in("amina").get(f"{HOME}/reports", status=404)
    browser.sign_in("amina").get(f"{HOME}/reports/{report.id}", status=404)
    nia = browser.sign_in("nia")
    nia.get(f"{HOME}/reports/{report.id}")
    nia.get(f"/h/elm/reports/{report.id}", status=404)
    for number in (0, 10**8, 10**30):
        nia.get(f"{HOME}/reports/{number}", status=404)
        browser.sign_in("rosa").post(f"{HOME}/reports/{number}/close", {"words": "Long enough words"}, status=404)
    browser.sign_in("nell").get(f"{HOME}/reports/{report.id}", status=404)


# ---------------------------------------------------------------- bad input keeps what was typed


WRONG = (
    ({"time": "12:40"}, "time", "That time is still to come"),
    ({"time": "25:00"}, "time", "hours and minutes"),
    ({"time": ""}, "time", "hours and minutes"),
    ({"time": "１１:３５"}, "time", "hours and minutes"),
    ({"time": "NaN"}, "time", "hours and minutes"),
    ({"day": "2026-02-31"}, "day", "Give the day"),
    ({"day": ""}, "day", "Give the day"),
    ({"dose": ""}, "dose", "Choose which dose"),
    ({"dose": "line-"}, "dose", "Choose which dose"),
    ({"dose": "line-١"}, "dose", "Choose which dose"),
    ({"administered_by": "me"}, "administered_by", "Say who gave it"),
    ({"administered_by": "-1"}, "administered_by", "Say who gave it"),
    ({"who_knew": ""}, "who_knew", "Say who knew"),
    ({"who_knew": "x" * 501}, "who_knew", "Say who knew"),
    ({"why": "no"}, "why", "Say in a few words why"),
    ({"why": "x" * 2001}, "why", "Say in a few words why"),
)


def test_what_is_wrong_is_said_and_everything_typed_is_kept(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    before = counts()
    for changes, field, says in WRONG:
        page = fill(phone, bed, status=422, **changes)
        summary = page.select_one(".errors")
        assert says in words(summary) and summary.select_one(f"a[href='#{field}']") is not None, changes
        assert page.select_one(f"#{field}") is not None, "the summary leads nowhere"
        typed = dict(time="10:35", who_knew="Tolu was there", why="The phone was on charge") | changes
        for name in ("time", "who_knew"):
            assert page.select_one(f"[name={name}]").get("value", "") == typed[name], changes
        assert page.select_one("textarea[name=why]").get_text().strip() == typed["why"]
    assert counts() == before


def test_the_page_offers_open_doses_then_given_ones_then_every_line_at_another_time(world, browser):
    bed, phone = bedside(world, times=("08:00", "11:30")), browser.sign_in("amina")
    bed.record(bed.open("amina"))
    page = phone.get(f"{HOME}/residents/{bed.resident.id}/given-already")
    options = [words(o) for o in page.select("select[name=dose] option")]
    open_, given, line = [o for o in options if "senna" in o]
    assert "due today 08:00" in open_ and "at another time" in line
    assert "due today 11:30" in given and "recorded as given 11:40" in given
    fill(phone, bed)
    assert [e.flags for e in bed.entries()][-1][:2] == ["after_the_fact", "second_give"]


def test_yesterday_is_yesterday_in_the_home(world, browser):
    bed, phone = bedside(world), browser.sign_in("amina")
    fill(phone, bed, day="2026-11-15", time="23:30", dose=f"line-{bed.key.line_id}")
    row = Entry.get()
    assert row.given_at == on("23:30", clock.local_day(clock.now()) - dt.timedelta(days=1)) and row.due_at is None
    assert states.reported_give([]) is None


def test_the_shift_leaders_alert_waits_until_a_named_person_has_read_it(world, browser):
    bedside(world).report(world.actor("amina"))
    tolu = world.actor("tolu")
    (alert,) = alerts.open_for(tolu)
    browser.sign_in("tolu").post(alert.ack_url, {})
    assert alerts.open_for(tolu) == [] and alerts.open_for(world.actor("rosa")) == []


def test_a_report_settles_no_dose_of_tomorrow_and_fills_no_gap_of_last_week(world):
    bed, by = bedside(world), world.actor("amina")
    for days in (1, 7, -3):
        report = bed.report(by, due_at=bed.key.due_at + dt.timedelta(days=days))
        assert report.entry.due_at is None, days
    assert queries.entries_of_dose(DoseKey(bed.key.line_id, bed.key.due_at + dt.timedelta(days=1))) == []
    assert bed.report(by).entry.due_at == bed.key.due_at


def test_rounds_have_a_history_that_leaders_read_and_carers_do_not(world, browser):
    bed = bedside(world)
    bed.record(bed.open("amina"))
    page = browser.sign_in("tolu").get(f"/h/rowan/residents/{bed.resident.id}/rounds")
    assert "Recorded a dose" in words(page) and "Amina Okoro" in words(page)
    browser.sign_in("amina").get(f"/h/rowan/residents/{bed.resident.id}/rounds", status=404)
    assert "Changed a round: Morning, 08:00" in words(browser.sign_in("rosa").get("/h/rowan/rounds"))
