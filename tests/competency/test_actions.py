"""Granting, pausing and ending a skill, and who on shift can help."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.competency import actions, queries
from medpwa.competency.models import Grant
from medpwa.database import noting
from medpwa.errors import Invalid, NotFound, NotPermitted
from medpwa.staff import actions as staff
from medpwa.staff.models import Session
from tests import builders
from tests.builders import duty, sign_off

DAY = dt.timedelta(days=1)


@pytest.fixture
def home(world):
    return world.home()


def may(world, username, skill="oral", resident=None):
    return queries.sign_off(world.home().id, world.person_id(username), [skill], resident).allowed


@pytest.fixture
def harold(world):
    return builders.resident(world.system(), "Harold", "Nkemelu").id


def test_the_world_is_as_the_tests_know_it(world):
    assert [u for u in ("amina", "ben", "cara", "sena", "tolu", "dee", "rosa", "quinn", "gil") if may(world, u)] == [
        "amina", "sena", "tolu", "dee", "rosa", "gil",
    ]  # fmt: skip
    assert may(world, "tolu", "transcription") and not may(world, "amina", "transcription")
    assert not may(world, "tolu", "peg")


def test_a_manager_signs_somebody_off_and_it_counts_at_once(world):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    sign_off(rosa, ben, "oral", reason="3 of 3 rounds observed")
    assert may(world, "ben")
    row = Grant.select().order_by(Grant.id.desc()).first()
    assert (row.state, row.by, row.valid_from) == ("competent", rosa.person_id, clock.now())
    assert clock.local_day(row.valid_until, rosa.zone) == dt.date(2027, 11, 16)
    assert ledger.verify() == []
    line = ledger.history(rosa.chain_id, f"person:{ben}")[0]
    assert (line.verb, line.about) == ("competency.grant", {"skills": [["oral", None]], "state": "competent"})


@pytest.mark.parametrize("username", ["amina", "sena", "tolu", "quinn", "nia"])
@pytest.mark.parametrize("act", [actions.grant, actions.suspend, actions.end])
def test_only_managers_decide_and_a_refused_attempt_is_kept(world, username, act):
    before, rows = ledger.count_lines(), Grant.select().count()
    with pytest.raises(NotPermitted):
        act(by=world.actor(username), person_id=world.person_id("gil"), skill="oral", reason="x")
    assert (ledger.count_lines(), Grant.select().count()) == (before + 1, rows)
    assert ledger.Line.select().order_by(ledger.Line.id.desc()).first().outcome == "refused"


@pytest.mark.parametrize("act", [actions.grant, actions.suspend, actions.end])
def test_nobody_decides_about_themselves(world, act):
    with pytest.raises(NotPermitted):
        act(by=world.actor("rosa"), person_id=world.person_id("rosa"), skill="oral", reason="x")
    sign_off(world.actor("dee"), world.person_id("rosa"), "patch")
    assert may(world, "rosa", "patch")


def test_a_manager_of_another_provider_finds_nobody_here(world):
    with pytest.raises(NotFound):
        sign_off(world.actor("nell"), world.person_id("ben"), "oral")
    with pytest.raises(NotFound):
        sign_off(world.actor("rosa"), world.person_id("nell"), "oral")


def test_a_pause_stops_somebody_at_once_and_rounds_watched_again_bring_them_back(world):
    rosa, amina = world.actor("rosa"), world.person_id("amina")
    actions.suspend(by=rosa, person_id=amina, skill="oral", reason="A dose was missed; we look into it together")
    verdict = queries.sign_off(world.home().id, amina, ["oral", "topical"], None)
    assert [m.skill for m in verdict.missing] == ["oral"]
    assert "paused since 16 Nov" in verdict.words.replace("\u00a0", " ")
    clock.stand_at(clock.now() + DAY)
    with pytest.raises(Invalid, match="Begin watching their rounds again first"):
        sign_off(rosa, amina, "oral", reason="She says she is fine")
    sign_off(rosa, amina, "oral", state="reassessment", reason="Three rounds agreed")
    assert not may(world, "amina")
    sign_off(rosa, amina, "oral", reason="Watched again")
    assert may(world, "amina")
    assert ledger.verify() == []


def test_a_pause_also_stops_a_sign_off_that_was_to_begin_later(world):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    sign_off(rosa, ben, "oral", state="supervised_only")
    sign_off(rosa, ben, "oral", valid_from=clock.now() + 3 * DAY)
    actions.suspend(by=rosa, person_id=ben, skill="oral", reason="x")
    clock.stand_at(clock.now() + 4 * DAY)
    assert not may(world, "ben")
    assert ledger.verify() == []


def test_an_end_is_final_until_a_new_sign_off(world):
    rosa, amina = world.actor("rosa"), world.person_id("amina")
    actions.suspend(by=rosa, person_id=amina, skill="oral", reason="x")
    actions.end(by=rosa, person_id=amina, skill="oral", reason="Does not give any more")
    assert not may(world, "amina")
    for act in (actions.end, actions.suspend):
        with pytest.raises(Invalid, match="There is no sign-off to"):
            act(by=rosa, person_id=amina, skill="oral", reason="again")


def test_several_skills_are_decided_together_or_not_at_all(world):
    rosa, ben, amina = world.actor("rosa"), world.person_id("ben"), world.person_id("amina")
    sign_off(rosa, ben, "oral", also=(("topical", None), ("oral", None), ("patch", None)))
    assert all(may(world, "ben", s) for s in ("oral", "topical", "patch"))
    rows = Grant.select().count()
    with pytest.raises(Invalid):
        sign_off(rosa, ben, "drops", also=(("insulin", None),))
    with pytest.raises(Invalid):
        actions.suspend(by=rosa, person_id=amina, skill="oral", also=(("warfarin", None),), reason="x")
    assert Grant.select().count() == rows
    actions.suspend(by=rosa, person_id=amina, skill="oral", also=(("topical", None),), reason="x")
    assert not may(world, "amina") and not may(world, "amina", "topical") and may(world, "amina", "drops")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (dict(skill="juggling"), "Choose a skill"),
        (dict(skill="insulin"), "for one resident"),
        (dict(state="suspended"), "Choose how the skill stands"),
        (dict(state=""), "Choose how the skill stands"),
        (dict(reason="x" * 2001), "at most 2000"),
        (dict(valid_from=-32), "at most 31 days back"),
        (dict(valid_from=-2), "Say why"),
        (dict(valid_from=400), "at most a year ahead"),
        (dict(valid_until=0), "must come after the start"),
        (dict(valid_until=-5), "must come after the start"),
        (dict(valid_until=1200), "at most 3 years"),
    ],
)
def test_what_cannot_be_is_refused_in_words(world, values, words):
    now = clock.now()
    for name in ("valid_from", "valid_until"):
        if name in values:
            values = values | {name: now + values[name] * DAY}
    rows = Grant.select().count()
    with pytest.raises(Invalid, match=words):
        sign_off(world.actor("rosa"), world.person_id("ben"), **({"skill": "oral"} | values))
    assert Grant.select().count() == rows


def test_a_sign_off_may_be_entered_late_with_a_reason_and_begin_later(world):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    now = clock.now()
    sign_off(rosa, ben, "oral", valid_from=now - 5 * DAY, reason="Seen on the 11th, entered today")
    assert may(world, "ben")
    sign_off(rosa, ben, "topical", valid_from=now + DAY)
    assert not may(world, "ben", "topical")
    clock.stand_at(now + DAY)
    assert may(world, "ben", "topical")


def test_a_back_dated_sign_off_cannot_slip_under_a_later_decision(world):
    rosa, amina = world.actor("rosa"), world.person_id("amina")
    actions.suspend(by=rosa, person_id=amina, skill="oral", reason="x")
    clock.stand_at(clock.now() + DAY)
    with pytest.raises(Invalid, match="A later decision stands since"):
        sign_off(rosa, amina, "oral", valid_from=clock.now() - 3 * DAY, reason="late")
    assert not may(world, "amina")


def test_a_sign_off_ends_by_itself_at_its_day(world):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    sign_off(rosa, ben, "oral", valid_until=clock.at_local(dt.date(2026, 11, 20), dt.time()))
    clock.stand_at(clock.local_to_instant(dt.datetime(2026, 11, 19, 23, 59, 59)))
    assert may(world, "ben")
    clock.stand_at(clock.local_to_instant(dt.datetime(2026, 11, 20)))
    assert not may(world, "ben")


def test_somebody_who_left_cannot_be_signed_off(world):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    staff.end_person(by=rosa, person_id=ben, reason="Left")
    with pytest.raises(Invalid, match="no role here now"):
        sign_off(rosa, ben, "oral")


def test_a_delegated_skill_is_for_one_resident_of_this_home(world, harold):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    sign_off(rosa, ben, "insulin", resident_id=harold)
    assert may(world, "ben", "insulin", harold)
    assert not may(world, "ben", "insulin", harold + 1) and not may(world, "ben", "insulin")
    with pytest.raises(NotFound):
        sign_off(rosa, ben, "insulin", resident_id=harold + 100_000)


# ---------------------------------------------------------------- who can help


def test_who_can_help_names_those_on_shift_who_are_signed_off_leader_first(world, home):
    system, now = world.system(), clock.now()
    for username, kind in [("amina", "floor"), ("ben", "floor"), ("cara", "floor"), ("sena", "floor")]:
        duty(system, username, kind, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    duty(system, "tolu", "shift_leader", now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    duty(system, "rosa", "on_call", now - dt.timedelta(hours=4), now + dt.timedelta(hours=20))
    helpers, how_known = queries.who_can(home.id, ["oral"], None)
    assert [h.name for h in helpers] == ["Tolu Bello", "Amina Okoro", "Sena Addo", "Rosa Quiroga"]
    assert [h.name for h in helpers if h.on_call] == ["Rosa Quiroga"], "at home: to be rung"
    assert helpers[0].role_words == "Team leader" and how_known == "from today's recorded duties"
    helpers, _ = queries.who_can(home.id, ["oral"], None, without=world.person_id("amina"))
    assert "Amina Okoro" not in [h.name for h in helpers]
    helpers, _ = queries.who_can(home.id, ["oral", "transcription"], None)
    assert [h.name for h in helpers] == ["Tolu Bello", "Sena Addo", "Rosa Quiroga"]
    assert queries.who_can(home.id, ["insulin"], None)[0] == []


def test_somebody_with_two_duties_is_named_once_and_those_who_do_not_give_never(world, home):
    system, now = world.system(), clock.now()
    for kind in ("floor", "on_call"):
        duty(system, "sena", kind, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    duty(system, "quinn", "floor", now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    sign_off(system, world.person_id("quinn"), "oral")
    (sena,) = queries.who_can(home.id, ["oral"], None)[0]
    assert sena.name == "Sena Addo" and not sena.on_call, "who is on the floor too is there"


def test_those_on_call_come_last_even_where_they_lead(world, home):
    system, now = world.system(), clock.now()
    duty(system, "rosa", "on_call", now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    duty(system, "amina", "floor", now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    helpers, _ = queries.who_can(home.id, ["oral"], None)
    assert [(h.name, h.on_call) for h in helpers] == [("Amina Okoro", False), ("Rosa Quiroga", True)]


def test_without_duties_those_who_signed_in_count_and_the_words_say_so(browser, world, home):
    with noting():
        Session.update(ended_at=clock.now()).execute()
    browser.sign_in("sena")
    helpers, how_known = queries.who_can(home.id, ["oral"], None)
    assert [h.name for h in helpers] == ["Sena Addo"]
    assert "no duties are recorded" in how_known
    clock.stand_at(clock.now() + dt.timedelta(hours=12, seconds=1))
    assert queries.who_can(home.id, ["oral"], None)[0] == []


def test_a_pause_takes_a_helper_off_the_list_at_once(world, home):
    now = clock.now()
    duty(world.system(), "amina", "floor", now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    assert queries.who_can(home.id, ["oral"], None)[0]
    actions.suspend(by=world.actor("rosa"), person_id=world.person_id("amina"), skill="oral", reason="x")
    assert queries.who_can(home.id, ["oral"], None)[0] == []


def test_what_runs_out_soon_is_listed_soonest_first(world, home):
    rosa = world.actor("rosa")
    sign_off(rosa, world.person_id("ben"), "oral", valid_until=clock.now() + 20 * DAY)
    sign_off(rosa, world.person_id("ben"), "topical", valid_until=clock.now() + 10 * DAY)
    sign_off(rosa, world.person_id("ben"), "patch", valid_until=clock.now() + 70 * DAY)
    soon = queries.expiring(home.id)
    assert [(e.name, e.skill) for e in soon] == [("Ben Hale", "topical"), ("Ben Hale", "oral")]
