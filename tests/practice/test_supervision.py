"""Supervision: a talk with the person's own figures, two names under it, what was agreed, and who may read it."""

import datetime as dt
import uuid

import pytest

from medpwa import alerts, clock, ledger
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.practice import supervision_actions as actions
from medpwa.practice import supervision_agenda as agendas
from medpwa.practice import supervision_queries as queries
from medpwa.practice.models import SupervisionAction, SupervisionNote, SupervisionSign
from medpwa.practice.supervision_rules import Agreed, Talk
from medpwa.staff import actions as staff
from tests.browse import words
from tests.people import PASSWORD

TODAY = dt.date(2026, 11, 16)
SECRET = "Her mother is ill"


def talk(**changes):
    """A regular talk held today, unless changed."""
    values = dict(kind="scheduled", held_on=TODAY, said={"wellbeing": SECRET, "strengths": "Calm with Ivy"})
    return Talk(**(values | changes))


def write(world, by="tolu", person="amina", **changes):
    """Somebody writes up a talk."""
    beside = {k: changes.pop(k) for k in ("note_id", "amends", "seen", "supervisor_id", "as_of") if k in changes}
    beside.setdefault("note_id", str(uuid.uuid4()))
    who = world.system() if by == "system" else world.actor(by)
    return actions.write_up(by=who, person_id=world.person_id(person), talk=talk(**changes), **beside)


def agreed(world, owner="amina", due=TODAY + dt.timedelta(days=14)):
    return (Agreed("Read the insulin policy", world.person_id(owner), due),)


# ---------------------------------------------------------------- who may read it

READERS = {
    "file": {"amina", "tolu", "sena", "dee", "rosa", "quinn", "nia"},
    "managers": {"amina", "tolu", "dee", "rosa"},
    "private": {"amina", "tolu", "rosa"},
}


@pytest.mark.parametrize("level", READERS)
def test_a_talk_is_there_for_those_its_level_names_and_for_nobody_else(browser, world, level):
    note = write(world, level=level)
    for name in ("amina", "ben", "sena", "tolu", "dee", "rosa", "quinn", "nia"):
        status = 200 if name in READERS[level] else 404
        page = browser.sign_in(name).get(f"/h/rowan/supervision/talks/{note.id}", status=status)
        assert (SECRET in words(page)) is (status == 200), name


def test_what_a_reader_may_not_see_is_not_fetched_for_their_lists(browser, world):
    write(world, level="private", actions=agreed(world))
    for name in ("quinn", "dee"):
        them = browser.sign_in(name)
        assert "Read the insulin policy" not in words(them.get("/h/rowan/supervision"))
        assert "Waits for" not in words(them.get(f"/h/rowan/supervision/people/{world.person_id('amina')}"))
        assert queries.talks_about(world.actor(name), world.person_id("amina")) == []
    assert len(queries.talks_about(world.actor("rosa"), world.person_id("amina"))) == 1


def test_a_talk_made_more_private_hides_what_was_written_before(world):
    first = write(world, level="file")
    second = write(world, level="private", amends=first.id)
    for hidden in (first.id, second.id):
        with pytest.raises(NotFound):
            queries.talk_of(world.actor("dee"), hidden)
    third = write(world, level="file", amends=second.id)
    seen = queries.talk_of(world.actor("dee"), third.id)
    assert [v.id for v in seen.versions] == [first.id, third.id], "what was private when written stays so"
    assert [v.id for v in queries.talk_of(world.actor("amina"), third.id).versions] == [first.id, second.id, third.id]


def test_another_homes_talk_answers_like_one_that_is_not_there(browser, world):
    note = write(world)
    nell = browser.sign_in("nell")
    foreign = words(nell.get(f"/h/far/supervision/talks/{note.id}", status=404))
    assert foreign == words(nell.get("/h/far/supervision/talks/999999", status=404))
    nell.get(f"/h/rowan/supervision/talks/{note.id}", status=404)
    nell.post(f"/h/far/supervision/talks/{note.id}/sign", {"password": PASSWORD}, status=404)
    assert SupervisionSign.select().count() == 0


# ---------------------------------------------------------------- writing up


def test_nobody_supervises_themselves_nor_somebody_who_answers_for_more(world):
    for by, person in (("tolu", "tolu"), ("tolu", "rosa"), ("dee", "rosa"), ("sena", "amina"), ("amina", "ben")):
        with pytest.raises(NotPermitted):
            write(world, by, person)
    assert SupervisionNote.select().count() == 0
    write(world, "nia", "rosa")
    write(world, "quinn", "tolu")


def test_the_same_form_sent_twice_is_one_talk(world):
    note_id = str(uuid.uuid4())
    first, again = write(world, note_id=note_id), write(world, note_id=note_id, said={"rounds": "Something else"})
    assert first.id == again.id and SupervisionNote.select().count() == 1
    with pytest.raises(NotFound):
        write(world, "dee", note_id=note_id)
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (dict(held_on=TODAY + dt.timedelta(days=1)), "held_on", "still to come"),
        (dict(held_on=TODAY - dt.timedelta(days=32)), "held_on", "within 31 days"),
        (dict(held_on=TODAY - dt.timedelta(days=20)), "held_on", "did not work here"),
        (dict(kind="chat"), "kind", "from the list"),
        (dict(level="secret"), "level", "from the list"),
        (dict(said={}), "wellbeing", "at least one heading"),
        (dict(said={"wellbeing": "x" * 4001}), "wellbeing", "4,001"),
        (dict(said={"gossip": "x"}), "said", "not one of ours"),
        (dict(next_on=TODAY), "next_on", "after this one"),
        (dict(actions=(Agreed("", 1, TODAY),)), "what-1", "what will be done"),
        (dict(actions=(Agreed("x", 999_999, TODAY),)), "owner-1", "who will do it"),
        (dict(actions=(Agreed("x", 1, TODAY - dt.timedelta(days=1)),)), "due-1", "from the talk on"),
    ],
)
def test_a_talk_that_cannot_be_is_refused_with_the_field_and_why(world, wrong, field, sentence):
    with pytest.raises(Invalid) as no:
        write(world, **wrong)
    assert any(f == field and sentence in said for f, said in no.value.errors), no.value.errors
    assert SupervisionNote.select().count() == 0


def test_the_product_itself_tells_of_past_talks_and_names_who_led_them(world):
    past = TODAY - dt.timedelta(days=100)
    with pytest.raises(NotFound):
        write(world, "system", held_on=past)
    note = write(world, "system", held_on=past, supervisor_id=world.person_id("tolu"))
    for username in ("tolu", "amina"):
        them = dict(person_id=world.person_id(username), proven_at=clock.now())
        actions.sign(by=world.system(), talk_number=note.id, **them)
    assert {s.meaning for s in SupervisionSign.select()} == {"supervised", "was_supervised"}
    assert ledger.verify() == []


def test_somebody_who_has_left_keeps_the_talk_they_had_and_gets_no_next_one(browser, world):
    with clock.standing(clock.now() + dt.timedelta(days=2)):
        staff.end_person(by=world.actor("rosa"), person_id=world.person_id("ben"), reason="Moved away")
        yesterday = TODAY + dt.timedelta(days=1)
        with pytest.raises(Invalid) as no:
            write(world, person="ben", held_on=yesterday, next_on=TODAY + dt.timedelta(days=56))
        assert no.value.errors[0][0] == "next_on"
        note = write(world, person="ben", held_on=yesterday)
        page = browser.sign_in("tolu").get(f"/h/rowan/supervision/talks/{note.id}")
        assert "does not work here any more and did not sign" in words(page)
        assert alerts.raised([f"supervision:{note.id}"]) == {}, "nobody is told who cannot read it"
    with clock.standing(clock.now() + dt.timedelta(days=4)), pytest.raises(Invalid) as no:
        write(world, person="ben", held_on=TODAY + dt.timedelta(days=4))
    assert "did not work here" in no.value.errors[0][1]


# ---------------------------------------------------------------- figures


def test_the_figures_are_frozen_as_they_stood(world):
    note = write(world)
    kept = agendas.thawed(note.agenda)
    assert [f.key for f in kept.figures][:3] == ["on_time", "refusals", "own_mistakes"], "what went well stands first"
    assert all(f.words for f in kept.figures)
    assert "no doses with a set time" in kept.figures[0].words
    amended = write(world, amends=note.id)
    assert amended.agenda == note.agenda


# ---------------------------------------------------------------- signing


def test_both_sign_each_with_their_own_proof_and_words(browser, world):
    note = write(world)
    amina = browser.sign_in("amina")
    page = amina.get("/h/rowan/supervision/mine")
    assert "A talk waits for your name" in words(page)
    page = amina.get(f"/h/rowan/supervision/talks/{note.id}")
    assert "Signing does not mean that I agree with every word" in words(page)
    form = page.find(id="sign")
    page = amina.submit(form, status=422, words="I see it the same way", password="wrong")
    assert "I see it the same way" in str(page), "what was typed is kept"
    assert SupervisionSign.select().count() == 0
    page = amina.submit(page.find(id="sign"), words="I see it the same way", password=PASSWORD)
    assert "Your name stands under this talk" in words(page)
    assert "In their words: I see it the same way" in words(page)
    tolu = browser.sign_in("tolu")
    tolu.submit(tolu.get(f"/h/rowan/supervision/talks/{note.id}").find(id="sign"), password=PASSWORD)
    rows = {s.meaning: s for s in SupervisionSign.select()}
    assert rows["was_supervised"].by == world.person_id("amina")
    assert rows["supervised"].by == world.person_id("tolu")
    assert all(clock.now() - s.proven_at < dt.timedelta(minutes=1) for s in rows.values())
    again = actions.sign(by=world.actor("tolu"), talk_number=note.id, proven_at=clock.now(), words="twice")
    assert again.id == rows["supervised"].id and SupervisionSign.select().count() == 2
    assert ledger.verify() == []


def test_a_talk_is_signed_with_a_fresh_proof_alone(world):
    note = write(world)
    for proven in (clock.now() - dt.timedelta(hours=1), clock.now() + dt.timedelta(minutes=1)):
        with pytest.raises(Invalid):
            actions.sign(by=world.actor("amina"), talk_number=note.id, proven_at=proven, words="I see it so too")
    assert SupervisionSign.select().count() == 0


def test_somebody_who_had_no_part_in_a_talk_cannot_sign_it(browser, world):
    note = write(world)
    browser.sign_in("rosa").post(f"/h/rowan/supervision/talks/{note.id}/sign", {"password": PASSWORD}, status=403)
    assert SupervisionSign.select().count() == 0
    assert ledger.Refusal.select().where(ledger.Refusal.verb == "supervision.sign").count() == 1


def test_an_amended_talk_stays_to_be_read_and_is_signed_anew(browser, world):
    first = write(world)
    actions.sign(by=world.actor("amina"), talk_number=first.id, proven_at=clock.now())
    second = write(world, amends=first.id, seen=first.id, said={"rounds": "We forgot the eye drops"})
    assert queries.talks_to_sign(world.actor("amina")) == [second]
    page = browser.sign_in("amina").get(f"/h/rowan/supervision/talks/{first.id}")
    assert "This is an earlier version" in words(page) and SECRET in words(page)
    assert page.find(id="sign") is None
    with pytest.raises(Refused) as no:
        actions.sign(by=world.actor("tolu"), talk_number=first.id, proven_at=clock.now())
    assert no.value.code == "stale"
    with pytest.raises(Refused) as no:
        write(world, amends=first.id, seen=first.id)
    assert no.value.status == 409
    with pytest.raises(NotFound):
        write(world, "dee", amends=first.id)


def test_the_person_is_told_in_words_that_give_nothing_away(world):
    write(world, level="private")
    (told,) = alerts.open_for(world.actor("amina"))
    assert told.words.startswith("Tolu Bello wrote up your talk of 16") and SECRET not in told.words
    assert alerts.open_for(world.actor("dee")) == []


# ---------------------------------------------------------------- what was agreed


def test_an_action_is_closed_by_its_owner_with_words(browser, world):
    note = write(world, level="private", actions=agreed(world, "sena"))
    action = SupervisionAction.get()
    sena = browser.sign_in("sena")
    assert "Read the insulin policy" in words(sena.get("/h/rowan/supervision/mine"))
    sena.get(f"/h/rowan/supervision/talks/{note.id}", status=404)
    url = f"/h/rowan/supervision/actions/{action.id}"
    page = sena.get(url)
    assert SECRET not in words(page)
    page = sena.submit(page.find("form", action=url), status=422, how="done", words="")
    assert "Say in a few words what came of it" in words(page)
    page = sena.submit(page.find("form", action=url), how="done", words="Read and talked through")
    assert "It is closed under your name" in words(page)
    browser.sign_in("dee").get(url, status=404)
    done = dict(agreed_id=action.id, how="done", words="Read and talked through")
    actions.close(by=world.actor("sena"), **done)
    with pytest.raises(Refused) as no:
        actions.close(by=world.actor("tolu"), **(done | {"words": "Something else"}))
    assert no.value.status == 409
    with pytest.raises(Refused):
        actions.close(by=world.actor("amina"), **done)
    assert ledger.verify() == []


def test_overdue_actions_stand_on_the_decisions_of_managers_who_may_read_them(browser, world):
    write(world, level="managers", actions=agreed(world, "amina", TODAY))
    with clock.standing(clock.now() + dt.timedelta(days=2)):
        assert "Read the insulin policy" in words(browser.sign_in("rosa").get("/h/rowan/decisions"))
        assert "Read the insulin policy" not in words(browser.sign_in("quinn").get("/h/rowan/decisions"))
    assert "Read the insulin policy" not in words(browser.sign_in("rosa").get("/h/rowan/decisions"))


# ---------------------------------------------------------------- who is due


def test_supervision_counts_each_person_of_the_home_once(world):
    since = TODAY - dt.timedelta(weeks=8)
    before = queries.supervised_since(world.home().id, since)
    assert (before.done, before.of) == (0, 9)
    first = write(world)
    write(world, amends=first.id)
    write(world, person="ben", held_on=TODAY)
    write(world, "system", person="cara", held_on=since - dt.timedelta(days=1), supervisor_id=world.person_id("tolu"))
    write(world, "system", person="sena", held_on=since, supervisor_id=world.person_id("tolu"))
    assert queries.supervised_since(world.home().id, since).words == "3 of 9"
    staff.end_person(by=world.actor("rosa"), person_id=world.person_id("ben"), reason="Moved away")
    assert queries.supervised_since(world.home().id, since).words == "2 of 8"
    assert queries.supervised_since(world.home("elm").id, since).words == "0 of 0"


def test_a_talk_is_overdue_from_the_day_after_it_was_due(browser, world):
    write(world, next_on=TODAY + dt.timedelta(days=10))
    rosa = world.actor("rosa")
    assert queries.overdue(rosa) == []
    with clock.standing(clock.now() + dt.timedelta(days=10)):
        assert queries.overdue(rosa) == []
    with clock.standing(clock.now() + dt.timedelta(days=11)):
        assert [s.colleague.name for s in queries.overdue(rosa)] == ["Amina Okoro"]
        assert "Supervision is overdue" in words(browser.sign_in("rosa").get("/h/rowan/decisions"))
    with clock.standing(clock.now() + dt.timedelta(days=57)):
        assert len(queries.overdue(rosa)) == 8, "who never had one is due eight weeks after they began; Gil has gone"


def test_the_pages_of_writing_up_keep_what_was_typed(browser, world):
    tolu = browser.sign_in("tolu")
    url = f"/h/rowan/supervision/people/{world.person_id('amina')}/new"
    page = tolu.get(url)
    assert words(page.h1) == "What did you and Amina Okoro talk about?"
    form = page.find("form", action=url)
    page = tolu.submit(form, status=422, wellbeing="Tired of nights", **{"what-1": "Fewer nights"})
    assert "Tired of nights" in str(page) and "Choose who will do it" in words(page)
    owner = {"owner-1": str(world.person_id("tolu")), "due-1": "2026-12-01"}
    page = tolu.submit(page.find("form", action=url), **owner)
    assert "Put your name to it below" in words(page) and "Fewer nights" in words(page)
    assert "Next talk: Monday 11 Jan 2027" in words(page)
    amend = f"{tolu.url}/amend"
    page = tolu.submit(tolu.get(amend).find("form", action=amend), strengths="Good with Ivy")
    assert "Versions of this talk" in words(page) and "Good with Ivy" in words(page)
