"""Putting an entry right: the original stays to be read, exactly one correction stands, nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from medpwa import alerts, clock, database, ledger
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import correction_actions as actions
from medpwa.mar import correction_queries, history, queries, states
from medpwa.mar import correction_rules as rules
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.models import Entry
from medpwa.mar.models_after import CorrectionAnswer, CorrectionRequest
from tests.browse import words
from tests.mar.facts import at as moment
from tests.mar.facts import entry as fact
from tests.mar.steps import HOME, bedside, counts, elm_entry, later, on
from tests.people import PASSWORD

STRUCK = Wanted("struck")


def asked(why: str = "mis_tap", wanted: Wanted = STRUCK, **more: object) -> Correction:
    return Correction(**{"request_id": str(uuid.uuid4()), "why": why, "wanted": wanted} | more)


def correct(by, entry, said: Correction | None = None):
    return actions.correct(by=by, entry_number=entry.id, asked=said or asked(), proven_at=clock.now())


def answer(by, request, approved=True, said="Looked at it together"):
    return actions.answer(
        by=by, request_number=request.id, approved=approved, words=said, proven_at=clock.now()
    )


def state(bed):
    (x,) = queries.lines_between(bed.world.actor("amina"), bed.key.due_at, bed.key.due_at + dt.timedelta(minutes=1),
                                 clock.now(), bed.resident.id)
    return x.state.kind


# ---------------------------------------------------------------- rules, as tables


@pytest.mark.parametrize(
    ("why", "outcome", "offered"),
    [
        ("wrong_resident", "given", ("struck",)),
        ("wrong_order", "refused", ("struck",)),
        ("duplicate", "struck", ()),
        ("wrong_time", "given", ("given",)),
        ("wrong_time", "refused", ()),
        ("wrong_dose", "given", ("given", "given_part")),
        ("wrong_dose", "asleep", ()),
        ("nonsense", "given", ()),
    ],
)
def test_each_reason_lets_one_say_what_goes_with_it_and_nothing_else(why, outcome, offered):
    assert rules.outcomes_for(why, outcome) == offered


def test_a_mis_tap_may_become_anything_and_what_is_struck_out_may_be_put_back():
    assert {"refused", "given", "struck"} <= set(rules.outcomes_for("mis_tap", "given"))
    back = rules.outcomes_for("mis_tap", "struck")
    assert "struck" not in back and "given" in back


@pytest.mark.parametrize(
    ("why", "wanted", "more", "field"),
    [
        ("", STRUCK, {}, "why"),
        ("wrong_resident", STRUCK, {}, "wrong_person"),
        ("other", STRUCK, {}, "words"),
        ("mis_tap", STRUCK, {"words": "x" * 501}, "words"),
        ("wrong_time", Wanted("given"), {}, "time"),
        ("wrong_time", Wanted("given", given_at=moment("12:00")), {}, "time"),
        ("wrong_time", Wanted("given", given_at=moment("08:04")), {}, "time"),
        ("mis_tap", Wanted("refused"), {}, "reason"),
        ("mis_tap", Wanted("other", note="short"), {}, "note"),
        ("mis_tap", Wanted("vomited"), {}, "vomited"),
        ("wrong_dose", Wanted("given_part", "spilled", given_at=moment("08:04")), {}, "amount"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(why, wanted, more, field):
    said = {"words": "", "wrong_person": ""} | more
    found = rules.problems(fact(), why, said["words"], said["wrong_person"], wanted, moment("11:40"))
    assert field in dict(found) and all(len(w) > 20 for w in dict(found).values())


def test_the_author_decides_for_ten_minutes_and_nobody_else_ever():
    at = moment("08:04")
    assert rules.at_once(7, at, 7, at + dt.timedelta(minutes=10))
    assert not rules.at_once(7, at, 7, at + dt.timedelta(minutes=10, seconds=1))
    assert not rules.at_once(7, at, 8, at) and not rules.at_once(7, at, 7, at - dt.timedelta(seconds=1))


# ---------------------------------------------------------------- the author, at once


def test_a_mis_tap_is_struck_out_at_once_and_the_dose_is_open_again(world):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    later(minutes=9)
    correct(by, first)
    original, struck = bed.entries()
    assert (original.outcome, struck.outcome, struck.corrects_id, struck.correction_reason) == (
        "given", "struck", first.id, "mis_tap",
    )
    assert state(bed) == "due" and struck.claim is None and struck.given_at is None
    second = bed.record(by)
    assert second.claim == 2 and state(bed) == "given"
    assert ledger.verify() == []


def test_a_time_put_right_keeps_the_give_and_shows_both(world, browser):
    bed = bedside(world)
    first = bed.record(bed.open("amina"))
    later(minutes=5)
    phone = browser.sign_in("amina")
    phone.get(bed.url)
    link = next(a for a in phone.page.select("a") if a.get_text().startswith("Correct it"))
    phone.get(link["href"])
    phone.get(f"{link['href']}?why=wrong_time")
    done = phone.submit(phone.page.select_one("form#correct"), time="11:31", password=PASSWORD)
    assert "The entry was corrected" in words(done) and "Corrected. The original stays" in words(done)
    original, new = bed.entries()
    assert (new.outcome, new.given_at, new.claim, new.administered_by) == ("given", on("11:31"), 2, first.by)
    card = phone.get(bed.url)
    assert card.select_one("del").get_text() == "Given 11:40, Amina Okoro"
    assert "Corrected today 11:45 by Amina Okoro: wrong time" in words(card).replace("\xa0", " ")
    assert "Taken 11:31, saved" in words(card).replace("\xa0", " ")
    assert ledger.verify() == []


def test_the_pin_or_password_is_asked_for_and_a_wrong_one_changes_nothing(world, browser):
    bed = bedside(world)
    first = bed.record(bed.open("amina"))
    phone, before = browser.sign_in("amina"), counts()
    url = f"{HOME}/entries/{first.id}/correct?why=duplicate"
    for typed in ("", "not my password at all"):
        phone.get(url)
        page = phone.submit(phone.page.select_one("form#correct"), status=422, password=typed, words="kept words")
        assert "kept words" in str(page) and counts() == before
    with pytest.raises(Refused) as no:
        actions.correct(by=world.actor("amina"), entry_number=first.id, asked=asked())
    assert no.value.code == "step_up" and Entry.select().count() == 1


# ---------------------------------------------------------------- everybody else asks


def test_later_a_senior_answers_and_until_then_the_entry_stands_and_counts(world, browser):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    later(minutes=11)
    request = correct(by, first, asked("wrong_dose", Wanted("given_part", "spilled", given_at=first.given_at,
                                                             amount=Decimal("0.5"))))
    assert len(bed.entries()) == 1 and state(bed) == "given"
    assert any("asks to correct" in a.words for a in alerts.open_for(world.actor("sena")))
    assert not any("asks to correct" in a.words for a in alerts.open_for(world.actor("amina")))
    card = browser.sign_in("ben").get(bed.url)
    assert "Amina Okoro says this is wrong (wrong dose)" in words(card)
    desk = browser.sign_in("tolu")
    desk.get(f"{HOME}/corrections")
    desk.get(f"{HOME}/corrections/{request.id}")
    desk.submit(desk.page.select_one("main form"), answer="yes", words="Saw the pot", password=PASSWORD)
    _, new = bed.entries()
    assert (new.outcome, str(new.amount), new.by) == ("given_part", "0.5", world.person_id("tolu"))
    assert new.administered_by == world.person_id("amina") and new.claim == 2
    assert any("was corrected" in a.words for a in alerts.open_for(world.actor("amina")))
    assert ledger.verify() == []


def test_neither_who_asked_nor_who_recorded_it_answers(world):
    bed = bedside(world)
    first = bed.record(bed.open("sena"))
    request = correct(world.actor("tolu"), first)
    for who in ("tolu", "sena"):
        with pytest.raises(Refused) as no:
            answer(world.actor(who), request)
        assert no.value.code == "own_entry"
    answer(world.actor("rosa"), request)
    assert [e.outcome for e in bed.entries()] == ["given", "struck"]


def test_a_no_leaves_the_entry_as_it_is_with_the_reason(world):
    bed = bedside(world)
    first = bed.record(bed.open("amina"))
    request = correct(world.actor("ben"), first)
    with pytest.raises(Invalid):
        answer(world.actor("tolu"), request, approved=False, said="no")
    answer(world.actor("tolu"), request, approved=False, said="The pot was seen empty")
    assert len(bed.entries()) == 1 and state(bed) == "given"
    assert any("stays as it is" in a.words for a in alerts.open_for(world.actor("ben")))
    again = correct(world.actor("ben"), first)  # it may be asked again with more to say
    assert again.id != request.id


def test_only_one_request_waits_beside_an_entry(world):
    bed = bedside(world)
    first = bed.record(bed.open("amina"))
    correct(world.actor("ben"), first)
    with pytest.raises(Refused) as no:
        correct(world.actor("cara"), first)
    assert no.value.code == "asked_already" and "Ben Hale" in no.value.words


# ---------------------------------------------------------------- the same thing twice, and two things at once


def test_the_same_form_sent_again_is_the_same_correction_and_another_with_its_id_is_told(world):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    said = asked()
    one, before = correct(by, first, said), counts()
    assert correct(by, first, said).id == one.id and counts() == before
    with pytest.raises(Refused) as no:
        correct(by, first, replace(said, words="other words now"))
    assert no.value.code == "used_before"


def test_of_two_corrections_of_one_entry_at_once_exactly_one_stands_and_the_other_is_told(world):
    bed = bedside(world)
    first = bed.record(bed.open("amina"))
    request = correct(world.actor("ben"), first)
    told, begin = [], threading.Barrier(3)

    def go(who: str) -> None:
        by = world.actor(who)
        begin.wait()
        try:
            answer(by, request)
            told.append("stands")
        except Refused as no:
            told.append(no.code)
        finally:
            database.db.close()

    threads = [threading.Thread(target=go, args=(who,)) for who in ("sena", "tolu", "rosa")]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert sorted(told) == ["answered", "answered", "stands"]
    assert Entry.select().where(Entry.corrects == first.id).count() == 1 and ledger.verify() == []


def test_the_author_and_a_senior_at_once_leave_one_correction(world):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    correct(by, first)
    with pytest.raises(Refused) as no:
        correct(by, first, asked("wrong_time", Wanted("given", given_at=on("11:20"))))
    assert no.value.code == "corrected_meanwhile" and "Amina Okoro corrected this entry" in no.value.words


def test_a_correction_of_a_correction_works_and_every_link_of_the_chain_stays(world):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    correct(by, first)
    struck = bed.entries()[-1]
    correct(by, struck, asked("mis_tap", Wanted("given", given_at=on("11:38"))))
    back = bed.entries()[-1]
    assert (back.claim, back.corrects_id, state(bed)) == (2, struck.id, "given")
    correct(by, back, asked("wrong_time", Wanted("given", given_at=on("11:39"))))
    assert [e.claim for e in bed.entries()] == [1, None, 2, 3] and state(bed) == "given"
    facts = queries.entries_of_dose(bed.key)
    assert [e.void for e in facts] == [True, True, True, False] and len(states.gives(facts)) == 1
    assert ledger.verify() == []


# ---------------------------------------------------------------- the wrong person, and two gives


@pytest.mark.parametrize(("told", "alarm"), [("yes", True), ("not_known", True), ("no", False)])
def test_the_wrong_person_is_asked_about_and_those_who_lead_are_told(world, told, alarm):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    correct(by, first, asked("wrong_resident", wrong_person=told))
    for who in ("tolu", "rosa"):
        assert any("given to somebody else" in a.words for a in alerts.open_for(world.actor(who))) is alarm
    assert state(bed) == "due"


def test_the_words_after_a_wrong_person_lead_to_the_report_on_the_other_card(world, browser):
    bed, other = bedside(world), bedside(world, given="Bert", family="Olney", room="8")
    first = bed.record(bed.open("amina"))
    phone = browser.sign_in("amina")
    phone.get(f"{HOME}/entries/{first.id}/correct?why=wrong_resident")
    page = phone.submit(phone.page.select_one("form#correct"), wrong_person="yes", password=PASSWORD)
    assert "See how the other person is first" in words(page)
    link = next(a["href"] for a in page.select("a") if "Bert Olney" in a.get_text())
    assert link == f"{HOME}/residents/{other.resident.id}/given-already"
    phone.get(link)


def test_two_gives_of_one_dose_are_both_kept_shown_as_two_and_told_to_both_until_one_is_struck(world, browser):
    bed = bedside(world)
    first = bed.record(bed.open("amina"))
    bed.report(world.actor("sena"), administered_by=world.person_id("sena"), given_at=on("11:20"))
    assert len(states.gives(queries.entries_of_dose(bed.key))) == 2
    for who in ("amina", "sena", "tolu"):
        assert any("stands as given 2 times" in a.words for a in alerts.open_for(world.actor(who))), who
    card = words(browser.sign_in("tolu").get(bed.url)).replace("\xa0", " ")
    assert "Taken 11:40, saved" in card and "Reported given 11:20" in card
    correct(world.actor("amina"), first, asked("duplicate"))
    assert state(bed) == "reported" and len(states.gives(queries.entries_of_dose(bed.key))) == 1
    assert ledger.verify() == []


def test_a_refusal_that_was_a_give_beside_a_give_is_kept_as_a_second_one(world):
    bed = bedside(world)
    refused = bed.record(by := bed.open("amina"), "refused")
    bed.record(by)
    correct(by, refused, asked("mis_tap", Wanted("given", given_at=on("11:36"))))
    new = bed.entries()[-1]
    assert (new.after_the_fact, new.claim) == (True, None) and "second_give" in new.flags
    assert any("stands as given 2 times" in a.words for a in alerts.open_for(world.actor("tolu")))


def test_what_was_struck_out_counts_in_no_last_given(world):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    assert queries.last_given([bed.order.line_id]) == {bed.order.line_id: first.given_at}
    correct(by, first)
    assert queries.last_given([bed.order.line_id]) == {}


# ---------------------------------------------------------------- bad input


def test_another_homes_entry_does_not_exist(world, browser):
    elm_entry(world)
    theirs = Entry.select().order_by(Entry.id.desc()).get()
    for number in (theirs.id, 10**12, 0):
        with pytest.raises(NotFound):
            actions.correct(by=world.actor("amina"), entry_number=number, asked=asked(), proven_at=clock.now())
    browser.sign_in("amina").get(f"{HOME}/entries/{theirs.id}/correct", status=404)


def test_hostile_forms_change_nothing_and_never_fail(world, browser):
    bed = bedside(world)
    first = bed.record(bed.open("amina"))
    phone, before = browser.sign_in("amina"), counts()
    url = f"{HOME}/entries/{first.id}/correct"
    good = dict(entry_id=str(uuid.uuid4()), why="wrong_time", to="given", day="2026-11-16", time="11:20")
    good["password"] = PASSWORD
    for bad in (
        dict(to="nonsense"), dict(why="<script>"), dict(time="99:99"), dict(day="31/02/2026"), dict(time=""),
        dict(amount="NaN"), dict(amount="1e99"), dict(amount="１"), dict(note="x" * 3000), dict(words="y" * 3000),
        dict(day="2099-01-01"), dict(to="struck"),
    ):
        phone.post(url, good | bad, status=422)
        assert counts() == before, bad
    phone.post(url, good | dict(entry_id="nope"), status=400)
    for query in ("?why=zzz", "?why=wrong_dose&to=zzz", "?why=mis_tap", "?to=given"):
        phone.get(url + query, status=422 if "why" in query and "wrong_dose" not in query else 200)
    assert counts() == before


def test_the_history_and_the_list_say_what_was_struck_and_why(world, browser):
    bed = bedside(world)
    first = bed.record(by := bed.open("amina"))
    correct(by, first, asked("duplicate", words="Tapped twice on the way out"))
    told = [x.words for x in history.history_of(world.actor("tolu"), f"resident:{bed.resident.id}")]
    assert any("Recorded twice" in w and "Tapped twice" in w and "Struck out" in w for w in told)
    page = browser.sign_in("amina").get(f"{HOME}/residents/{bed.resident.id}/entries")
    assert page.select_one("del") and "Struck out: it counts for nothing" in words(page)
    later(days=20)
    phone = browser.sign_in("amina")
    first_page = phone.get(f"{HOME}/residents/{bed.resident.id}/entries")
    assert first_page.select_one("del") is None
    older = next(a["href"] for a in first_page.select("a") if a.get_text() == "The two weeks before")
    assert phone.get(f"{HOME}/residents/{bed.resident.id}/entries{older}").select_one("del")
    phone.get(f"{HOME}/residents/{bed.resident.id}/entries?until=zzz", status=400)
    assert CorrectionRequest.select().count() == CorrectionAnswer.select().count() == 1
    assert correction_queries.corrections_page(world.actor("tolu")).waiting == ()
