"""Runs of refusals: when one is followed up, what ends it, what is said about it and by whom."""

from __future__ import annotations

import datetime as dt

import pytest

from medpwa import alerts, clock, ledger
from medpwa.desk import decisions
from medpwa.errors import Invalid, NotFound, NotPermitted
from medpwa.mar import recording, refusal_actions, refusal_watch, refusals, refusing
from medpwa.mar.models_after import RefusalStep
from medpwa.mar.refusal_vocabulary import EPISODE, EPISODE_STEPS
from medpwa.mar.refusals import FollowUp
from medpwa.mar.states import EntryFacts
from medpwa.mar.tickets import DoseKey
from tests import builders
from tests.browse import words
from tests.mar.steps import LEVODOPA, Bedside, bedside, counts, later, on, refused

DAY = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)


def entry(n: int, hours: float, outcome: str, *, by: int = 1, minutes: float = 5, void: bool = False) -> EntryFacts:
    due, at = DAY + dt.timedelta(hours=hours), DAY + dt.timedelta(hours=hours, minutes=minutes)
    given = at if outcome == "given" else None
    return EntryFacts(n, str(n), 1, due, outcome, "", "", given, at, by, False, void=void, administered_by=by)


def walked(*said: tuple, at_once: bool = False, closed=None) -> list[tuple]:
    """(first entry, why, doses refused, ended) of the episodes in some (hours, outcome)."""
    entries = [entry(n, hours, outcome) for n, (hours, outcome) in enumerate(said, 1)]
    found = refusals.episodes(refusals.offered(entries), at_once=at_once, closed=closed)
    return [(e.first_entry, e.why, len(e.doses), e.ended_at is not None) for e in found]


R, G, A = "refused", "given", "asleep"


@pytest.mark.parametrize(
    "said, expected",
    [
        ([(0, R), (4, R)], []),
        ([(0, R), (4, R), (8, R)], [(1, "running", 3, False)]),
        ([(0, R), (4, R), (8, "refused_destroyed")], [(1, "running", 3, False)]),
        ([(0, R), (24, R)], [(1, "hours", 2, False)]),
        ([(0, R), (23, R)], []),
        ([(0, R), (4, R), (8, G), (12, R), (16, R)], []),
        ([(0, R), (4, R), (8, R), (12, R), (16, G)], [(1, "running", 4, True)]),
        ([(0, R), (4, A), (8, R), (12, R)], [(1, "running", 3, False)]),
        ([(0, R), (0, R), (0, R)], []),  # offered three times, refused once
        ([(0, R), (0, G), (4, R), (8, R)], []),  # taken when it was offered again
        (
            [(0, R), (4, G), (24, R), (28, G), (48, R), (52, G), (72, R), (76, G), (96, R)],
            [(1, "week", 5, False)],
        ),
        (
            [(0, R), (4, R), (8, R), (12, G), (16, R), (20, R), (24, R)],
            [(1, "running", 3, True), (5, "running", 3, False)],
        ),
    ],
)
def test_a_run_is_followed_up_by_the_providers_limits_and_a_give_ends_it(said, expected):
    assert walked(*said) == expected


def test_one_refusal_of_a_time_critical_medicine_is_enough():
    assert walked((0, R), at_once=True) == [(1, "at_once", 1, False)]
    assert walked((0, R), (4, G), (8, R), at_once=True) == [(1, "at_once", 1, True), (3, "at_once", 1, False)]


def test_a_corrected_entry_counts_for_nothing():
    entries = [entry(1, 0, R, void=True), entry(2, 4, R), entry(3, 8, R)]
    assert refusals.episodes(refusals.offered(entries), at_once=False) == []


def test_what_is_refused_after_it_was_closed_begins_anew():
    said = ((0, R), (4, R), (8, R), (12, R), (16, R), (20, R))
    closed = {1: DAY + dt.timedelta(hours=9)}
    assert walked(*said, closed=closed) == [(1, "running", 3, False), (4, "running", 3, False)]


def test_a_weeks_episode_ends_after_a_week_without_a_refusal():
    said = [(24 * n + k, o) for n in range(5) for k, o in ((0, R), (4, G))]
    assert walked(*said, (24 * 13, R)) == [(1, "week", 5, True)]


def test_the_time_of_day_is_said_and_one_carer_only_is_yes_or_no():
    entries = [entry(1, 0, R, by=7), entry(2, 13, G, by=8), entry(3, 24, R, by=7), entry(4, 37, G, by=8)]
    doses = refusals.offered(entries)
    assert refusals.by_time_of_day(doses, "Europe/London") == [("08:00", 2, 2), ("21:00", 0, 2)]
    assert not refusals.with_one_carer_only(doses), "two refusals say nothing"
    doses = refusals.offered([*entries, entry(5, 48, R, by=7)])
    assert refusals.with_one_carer_only(doses)
    assert not refusals.with_one_carer_only(refusals.offered([*entries, entry(5, 48, R, by=8)]))
    nobody_else = [e for e in entries if e.by == 7]
    assert not refusals.with_one_carer_only(refusals.offered([*nobody_else, entry(5, 48, R, by=7)]))


@pytest.mark.parametrize("before", EPISODE)
def test_a_step_follows_from_the_one_before_and_says_what_came_of_it(before):
    for state in EPISODE:
        good = FollowUp(state, "Dr Banerjee, 12:10", "She dislikes the taste; syrup instead")
        fits = state in EPISODE_STEPS[before]
        assert (refusals.follow_up_faults(before, good) == []) is fits
    if before == "open":
        faults = refusals.follow_up_faults(before, FollowUp("prescriber_contacted"))
        assert [field for field, _ in faults] == ["contacted", "words"]


def test_every_episode_can_be_closed_and_a_closed_one_stays_closed():
    reached, edge = {"open"}, ["open"]
    while edge:
        for state in EPISODE_STEPS[edge.pop()]:
            if state not in reached:
                reached.add(state)
                edge.append(state)
    assert reached == set(EPISODE) == set(EPISODE_STEPS) and EPISODE_STEPS["closed"] == ()


# ---------------------------------------------------------------- in a home


@pytest.fixture
def refusing_levodopa(world) -> Bedside:
    bed = bedside(world, **LEVODOPA)
    bed.record(bed.open("amina"), "refused")
    return bed


def found_of(world):
    return refusing.episodes_of(world.home().id, clock.now())


def step(world, found, state: str, who: str = "sena", seen: int = 0, contacted: str = ""):
    said = FollowUp(state, contacted, "Syrup is tried now")
    first = found.episode.first_entry
    return refusal_actions.follow_up(by=world.actor(who), refusal_id=first, seen=seen, step=said)


def test_the_shift_leader_is_told_once_and_it_waits_among_the_decisions(world, refusing_levodopa):
    builders.duty(world.system(), "tolu", "shift_leader", on("07:00"), on("14:30"))
    assert refusal_watch.look(world.home()) == 1 and refusal_watch.look(world.home()) == 0
    (alert,) = alerts.Alert.select().where(alerts.Alert.key.startswith("refusal:"))
    assert alert.to_person == builders.person_id("tolu") and "Ivy Cartledge, co-careldopa" in alert.words
    (waiting,) = [d for d in decisions.waiting(world.actor("tolu")) if d.kind == "refusal"]
    assert waiting.lead == "Prescriber not asked yet" and "1 dose refused since" in waiting.why
    assert ledger.verify() == []


def test_a_later_give_ends_it(world, refusing_levodopa):
    bed = refusing_levodopa
    later(minutes=20)
    bed.record(bed.open("amina"))
    assert found_of(world) == (), "offered again and taken: it was not refused"
    assert [d for d in decisions.waiting(world.actor("tolu")) if d.kind == "refusal"] == []


def test_an_episode_goes_its_way_and_two_people_do_not_overwrite_each_other(world, refusing_levodopa):
    (found,) = found_of(world)
    with pytest.raises(Invalid):
        step(world, found, "closed")
    row = step(world, found, "prescriber_contacted", contacted="Dr Banerjee, 12:10")
    before = counts()
    step(world, found, "prescriber_contacted", contacted="Dr Banerjee, 12:10")
    assert counts() == before
    assert refused(lambda: step(world, found, "plan_changed", who="tolu")).code == "stale"
    later(minutes=5)
    row = step(world, found, "accepted_decision", seen=row.id, who="tolu")
    assert not found_of(world)[0].waits
    step(world, found, "closed", seen=row.id)
    assert [s.state for s in RefusalStep.select().order_by(RefusalStep.id)] == [
        "prescriber_contacted", "accepted_decision", "closed",
    ]  # fmt: skip
    assert ledger.verify() == []


def test_who_may_follow_it_up(world, refusing_levodopa):
    (found,) = found_of(world)
    for who in ("amina", "quinn"):
        with pytest.raises(NotPermitted):
            step(world, found, "prescriber_contacted", who=who, contacted="Dr B")
    with pytest.raises(NotFound):
        refusing.episode_of(world.actor("nell"), found.episode.first_entry)


def test_the_list_and_the_page_say_what_was_refused_when_and_what_is_next(world, refusing_levodopa, browser):
    sena = browser.sign_in("sena")
    page = sena.get("/h/rowan/refusals")
    assert page.h1.get_text() == "1 run of refusals is to be followed up"
    (found,) = found_of(world)
    page = sena.get(f"/h/rowan/refusals/{found.episode.first_entry}")
    said = words(page)
    assert "Ivy has refused co-careldopa" in said and "11:30 1 of 1 refused" in said
    assert "Nothing is hidden in food or drink" in said and "one carer" not in said
    form = page.select_one("form[action*='/refusals/']")
    page = sena.submit(form, status=422, words="Asked")
    assert page.select_one("#contacted-error") and page.select_one("#words").get_text().strip() == "Asked"
    form = page.select_one("form[action*='/refusals/']")
    page = sena.submit(form, contacted="Dr Banerjee, 12:10", words="Try it with yoghurt, at her wish")
    assert "Prescriber asked: Dr Banerjee, 12:10" in words(page) and len(page.select("input[name=state]")) == 3
    assert "one carer only: no" in words(browser.sign_in("rosa").get(f"/h/rowan/refusals/{found.episode.first_entry}"))
    said = words(browser.sign_in("rosa").get(f"/h/rowan/ledger?about=resident-{refusing_levodopa.resident.id}"))
    assert "Followed up a run of refusals" in said
    sena.get(f"/h/rowan/refusals/{found.episode.first_entry + 9}", status=404)
    browser.sign_in("amina").get("/h/rowan/refusals", status=404)


def test_a_stale_form_keeps_what_was_typed(world, refusing_levodopa, browser):
    (found,) = found_of(world)
    tolu = browser.sign_in("tolu")
    form = tolu.get(f"/h/rowan/refusals/{found.episode.first_entry}").select_one("form[action*='/refusals/']")
    step(world, found, "prescriber_contacted", contacted="Dr Banerjee, 12:10")
    page = tolu.submit(form, status=409, contacted="111, 12:20", words="They ring back at one")
    assert "They ring back at one" in page.select_one("#words").get_text() and "Somebody else saved" in words(page)


def test_three_days_of_refusing_an_ordinary_medicine(world):
    """Once a day: after the second day nothing was taken for 24 hours."""
    bed = bedside(world)
    for day in range(3):
        key = DoseKey(bed.order.line_id, on("11:30"))
        if day:
            assert key.due_at > bed.key.due_at
        bed.key = key
        by = bed.open("amina")
        recording.record(by=by, resident_id=bed.resident.id, intent=bed.intent(by, "refused"))
        assert len(found_of(world)) == (1 if day else 0)
        later(days=1)
    (found,) = found_of(world)
    assert found.episode.why == "hours" and len(found.episode.doses) == 3
