"""An exception for one round (break-glass): by a manager, for a named person and round, with a reason; never quiet."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.alerts import Acknowledgement, Alert
from medpwa.checks import queries as checks
from medpwa.competency import actions as competency
from medpwa.competency import gate_rules, glass_queries
from medpwa.competency.models import BreakGlass, BreakGlassSeen, Grant
from medpwa.desk import decisions
from medpwa.errors import Invalid, NotFound, NotPermitted
from medpwa.mar import glass, glass_actions, glass_rules, glass_watch
from medpwa.mar.correction_rules import Wanted
from medpwa.staff import actions as staff_actions
from tests import builders
from tests.browse import Browser, words
from tests.mar import prn_steps
from tests.mar.steps import HOME, bedside, beside, counts, elm, later, make_ready, on, refused, scan, take
from tests.mar.test_beside import corrected, sena, stand
from tests.people import PASSWORD

WHY = "Both seniors are ill, the agency cannot come before two"


@pytest.fixture
def bed(world):
    """A capsule of the lunch round, due at 12:30, at 12:40."""
    clock.stand_at(on("12:40"))
    return bedside(world, due="12:30")


def allow(
    world, who: str = "ben", by: str = "rosa", name: str = "Lunch", starts: str = "12:30", **changes
) -> BreakGlass:
    """A manager lets somebody give for one round."""
    said = dict(reason=WHY, proven_at=clock.now()) | changes
    return glass_actions.break_glass(
        by=world.actor(by), person_id=world.person_id(who), round_name=name, starts_at=on(starts), **said
    )


def alarms() -> list[Alert]:
    return [a for a in Alert.select().order_by(Alert.id) if a.key.startswith("glass:")]


# ---------------------------------------------------------------- the table


def test_every_state_a_sign_off_can_be_stored_in_stands_in_the_table():
    check = Grant.state.constraints[0].sql
    stored = {word for word in check.replace("(", " ").replace(")", " ").replace(",", " ").split() if word[0] == "'"}
    assert {w.strip("'") for w in stored} | {gate_rules.EXPIRED} == set(gate_rules.GATE)
    for state, gate in gate_rules.GATE.items():
        assert gate.why and gate.alone == (state == "competent") and not (gate.alone and (gate.beside or gate.glass))
        assert gate.beside or not gate.glass, "an exception never opens what company does not"


@pytest.mark.parametrize("state", [s for s in gate_rules.GATE if s not in ("competent", gate_rules.EXPIRED)])
def test_an_exception_opens_what_nobody_has_decided_and_nothing_else(world, bed, state):
    stand(world, "ben", "oral", state)
    stand(world, "ben", "topical", "not_started")
    by = bed.open("ben")
    if gate_rules.GATE[state].glass:
        allow(world)
        assert "break_glass" in bed.record(by).flags
        return
    no = refused(lambda: allow(world))
    assert no.code == ("glass_paused" if state == "suspended" else "glass_decided")
    stand(world, "ben", "oral", "learning")
    assert refused(lambda: allow(world)).code == "glass_decided", "to begin again does not undo what was decided"


@pytest.mark.parametrize(
    "state", [s for s, g in gate_rules.GATE.items() if not (g.alone or g.glass) and s != gate_rules.EXPIRED]
)
def test_what_is_decided_after_an_exception_bites_at_once_and_stays(world, bed, state):
    by = bed.open("ben")
    allow(world)
    for then in (state, "learning", "assessing"):
        stand(world, "ben", "oral", then)
        assert refused(lambda: bed.record(by)).code == "not_signed_off"


# ---------------------------------------------------------------- making one


def test_the_named_persons_next_dose_of_that_round_goes_through_and_says_so(world, bed):
    by = bed.open("ben")
    assert refused(lambda: bed.record(by)).code == "not_signed_off"
    row = allow(world)
    stored = bed.record(by)
    assert (stored.break_glass_id, stored.supervised_by) == (row.id, None) and "break_glass" in stored.flags
    other = world.actor("cara")
    second = beside(world, bed.resident, due="12:30", medicine="macrogol")
    second.open("cara")
    assert refused(lambda: second.record(other)).code == "not_signed_off", "for one named person"
    assert [e.id for e in glass.supervised.doses_under(world.home().id, first(world))] == [stored.id]
    assert ledger.verify() == []


def test_it_ends_when_the_round_closes_in_the_middle_of_a_request_too(world, bed):
    late = beside(world, bed.resident, due="15:00", medicine="macrogol")
    row, by = allow(world), bed.open("ben")
    assert row.ends_at == on("15:30")
    clock.stand_at(on("15:30") - dt.timedelta(microseconds=1))
    ticket = late.ticket(by)
    assert late.record(by, ticket=ticket).break_glass_id == row.id, "a dose of no round, while this one runs"
    again = beside(world, bed.resident, due="15:00", medicine="docusate sodium")
    ready = again.ticket(by)
    clock.stand_at(on("15:30"))
    assert refused(lambda: again.record(by, ticket=ready)).code == "not_signed_off"


def test_it_begins_with_its_round_and_opens_no_dose_of_another(world):
    clock.stand_at(on("16:10"))
    tea, by = bedside(world, due="17:00", window_before=60), world.actor("ben")
    tea.open("ben")
    allow(world, name="Teatime", starts="17:00")
    assert refused(lambda: tea.record(by)).code == "not_signed_off"
    clock.stand_at(on("17:00"))
    assert "break_glass" in tea.record(by).flags
    night = beside(world, tea.resident, due="21:00", medicine="macrogol")
    clock.stand_at(on("19:59"))
    assert refused(lambda: night.record(by)).code in ("not_due", "not_signed_off")


def test_delegated_skills_and_witnessing_are_never_opened(world, bed):
    insulin = beside(world, bed.resident, due="12:30", medicine="insulin glargine", required_skills=("oral", "insulin"))
    morphine = beside(world, bed.resident, due="12:30", medicine="morphine", required_skills=("oral", "controlled"),
                      controlled=True)
    by = bed.open("ben")
    allow(world)
    assert refused(lambda: insulin.record(by)).code == "not_signed_off"
    assert refused(lambda: morphine.record(by)).code == "witness_first"
    builders.sign_off(world.system(), world.person_id("amina"), "controlled")
    giver = morphine.open("amina")
    no = refused(lambda: morphine.record(giver, witness=sena(world, person_id=by.person_id)))
    assert no.code == "witness_not_signed_off", "who gives by an exception witnesses nothing by it"


def test_it_is_refused_for_whom_it_is_not_meant(world, bed):
    person = world.person_id
    assert refused(lambda: allow(world, who="quinn")).code == "glass_gone"
    builders.sign_off(world.system(), person("amina"), "oral")
    competency.suspend(by=world.actor("rosa"), person_id=person("amina"), skill="oral", reason="A mistake")
    assert refused(lambda: allow(world, who="amina")).code == "glass_paused"
    staff_actions.end_person(by=world.actor("rosa"), person_id=person("gil"), reason="left")
    assert refused(lambda: allow(world, who="gil")).code == "glass_gone"
    for by in ("amina", "sena", "tolu", "quinn"):
        with pytest.raises(NotPermitted):
            allow(world, by=by)
    with pytest.raises(NotPermitted):
        allow(world, who="rosa")
    with pytest.raises(NotFound):
        allow(world, who="nell")


def test_somebody_whose_sign_off_ran_out_is_not_let_give_by_an_exception(world, bed):
    """The night senior of the demo home: blocked, and an exception opens nothing of it."""
    by = bed.open("cara")
    assert refused(lambda: allow(world, who="cara")).code == "glass_decided"
    assert refused(lambda: bed.record(by)).code == "not_signed_off"
    for skill in gate_rules.OPENED_BY_GLASS:
        stand(world, "ben", skill, "competent")
    assert refused(lambda: allow(world, who="ben")).code == "glass_opens_nothing"


def test_it_takes_a_round_of_this_shift_a_reason_and_a_fresh_proof(world, bed):
    for changes, field in (
        (dict(name="Lunch", starts="12:00"), "round"), (dict(name="Morning", starts="08:00"), "round"),
        (dict(name="Nonsense", starts="12:30"), "round"), (dict(reason="short"), "reason"),
        (dict(reason="x" * 1_001), "reason"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            allow(world, **changes)
        assert wrong.value.errors[0][0] == field
    for proven in (None, clock.now() - dt.timedelta(minutes=11)):
        assert refused(lambda p=proven: allow(world, proven_at=p)).code == "step_up"
    assert BreakGlass.select().count() == 0


def test_the_same_again_is_the_same_and_another_for_the_round_is_refused(world, bed):
    row, before = allow(world), counts()
    assert allow(world).id == row.id and counts() == before
    assert refused(lambda: allow(world, by="dee")).code == "glass_broken"


def test_a_refusal_corrected_to_a_give_is_not_put_under_an_exception_afterwards(world, bed):
    allow(world)
    by = bed.open("ben")
    given = corrected(by, bed.record(by, "refused"), "mis_tap", Wanted("given", given_at=clock.now()))
    assert "not_signed_off" in given.flags and "break_glass" not in given.flags and given.break_glass_id is None


def test_a_give_under_an_exception_keeps_it_when_its_time_is_put_right(world, bed):
    found = allow(world)
    by = bed.open("ben")
    row = bed.record(by)
    moved = corrected(by, row, "wrong_time", Wanted("given", given_at=clock.now() - dt.timedelta(minutes=2)))
    assert moved.break_glass_id == found.id and "break_glass" in moved.flags and "not_signed_off" not in moved.flags


def test_a_suspension_after_it_bites_at_once(world, bed):
    by = bed.open("ben")
    allow(world)
    stand(world, "ben", "drops", "suspended")
    assert refused(lambda: bed.record(by)).code == "not_signed_off"


def test_when_required_doses_go_under_it_and_a_supervisor_is_named_before_it(world, bed):
    pain = prn_steps.prn(world)
    by, row = pain.open("ben"), allow(world)
    assert pain.give(by).break_glass_id == row.id
    other = prn_steps.prn(world, "Olive", "Moss")
    other.open("ben")
    both = other.give(by, beside=sena(world))
    assert (both.supervised_by, both.break_glass_id) == (world.person_id("sena"), None)


# ---------------------------------------------------------------- never quiet


def test_the_manager_on_call_is_told_at_once_and_everybody_after_them_until_it_is_answered(world, bed):
    builders.duty(world.system(), "dee", "on_call", on("08:00"), on("20:00"))
    home, row = world.home(), allow(world)
    (first_alarm,) = alarms()
    assert first_alarm.to_person == world.person_id("dee") and "Ben Hale may give" in first_alarm.words
    assert WHY in first_alarm.words and "Rosa Quiroga allowed it" in first_alarm.words
    later(minutes=14)
    assert glass_watch.look(home) == 0
    later(minutes=1)
    assert glass_watch.look(home) == 1
    assert alarms()[-1].to_person is None and "Nobody has said yet" in alarms()[-1].words
    later(hours=1)
    assert glass_watch.look(home) == 0, "one that nobody read stands; it is not piled up"
    from medpwa import alerts

    alerts.acknowledge(by=world.actor("dee"), alert_id=alarms()[-1].id)
    assert glass_watch.look(home) == 1, "read is not answered"
    glass_actions.answer_glass(by=world.actor("dee"), glass_id=row.id, words="Rang the bank; Amina comes at four")
    later(hours=2)
    assert glass_watch.look(home) == 0 and len(alarms()) == 3
    assert {a.id for a in alarms()} <= {a.alert_id for a in Acknowledgement.select()}


def test_without_anybody_on_call_all_who_answer_for_the_home_are_told_but_who_made_it(world, bed):
    from medpwa import alerts

    allow(world)
    (alarm,) = alarms()
    assert alarm.to_person is None
    told = {who for who in ("rosa", "dee", "quinn", "tolu", "ben") if alerts.is_for(alarm, world.actor(who))}
    assert told == {"dee", "quinn"}


def test_an_answer_is_somebody_elses_in_words_and_once(world, bed):
    row = allow(world, who="ben")
    answer = lambda who, said="Booked the assessment": glass_actions.answer_glass(  # noqa: E731
        by=world.actor(who), glass_id=row.id, words=said
    )
    assert refused(lambda: answer("rosa")).code == "own_glass"
    with pytest.raises(NotPermitted):
        answer("tolu")
    for said in ("", "ok", "x" * 1_001):
        with pytest.raises(Invalid):
            answer("dee", said)
    assert answer("dee").id == answer("dee").id
    assert refused(lambda: answer("quinn")).code == "answered" and BreakGlassSeen.select().count() == 1


def test_it_stands_on_the_floor_and_in_the_decisions_until_answered(world, bed):
    row = allow(world)
    (said,) = checks.board(world.actor("tolu")).glass
    assert "Ben Hale gives in the Lunch round until 15:30 without being signed off, allowed by Rosa Quiroga" in said[0]
    waits = [d for d in decisions.waiting(world.actor("dee")) if d.kind == "glass"]
    assert [d.title for d in waits] == ["Ben Hale, Lunch round"]
    assert decisions.waiting(world.actor("dee"))[0] == waits[0]
    assert not [d for d in decisions.waiting(world.actor("rosa")) if d.kind == "glass"], "not who made it"
    glass_actions.answer_glass(by=world.actor("dee"), glass_id=row.id, words="Rang the bank")
    assert not [d for d in decisions.waiting(world.actor("dee")) if d.kind == "glass"]
    clock.stand_at(on("15:30"))
    assert checks.board(world.actor("tolu")).glass == ()


def test_the_audit_reads_every_one_with_its_answer(world, bed):
    row, home_id = allow(world), world.home().id
    start = clock.now() - dt.timedelta(days=1)
    (fact,) = glass_queries.glass_broken(home_id, start, clock.now() + dt.timedelta(days=1))
    assert (fact.id, fact.reason, fact.seen_at) == (row.id, WHY, None)
    glass_actions.answer_glass(by=world.actor("dee"), glass_id=row.id, words="Rang the bank")
    assert first(world).seen_words == "Rang the bank" and first(world).seen_by == world.person_id("dee")
    assert glass_queries.glass_broken(home_id, start, clock.now()) == [], "up to, and not with, the end"
    assert glass_queries.glass_broken(world.home("elm").id, start, clock.now() + dt.timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("told", "since", "read", "due"),
    [(0, None, False, 0), (1, 14, True, None), (1, 15, False, 1), (2, 60, False, None), (2, 15, True, 2)],
)
def test_when_it_is_told_again(told, since, read, due):
    at = clock.EPOCH + dt.timedelta(days=1)
    newest = None if since is None else at - dt.timedelta(minutes=since)
    assert glass_rules.next_telling(told, newest, read, at) == due


def first(world):
    return glass_queries.glasses_of(world.home().id)[0]


# ---------------------------------------------------------------- in the browser


def test_a_manager_allows_a_round_and_the_carers_open_card_says_so_before_and_after(browser, world, bed):
    phone, desk = browser.sign_in("ben"), Browser(browser.app).sign_in("rosa")
    scan(phone, bed)
    phone.get(f"{HOME}/residents/{bed.resident.id}/help/{bed.key}")
    assert "Nobody can come?" in words(phone.page) and "Rosa Quiroga" in words(phone.page)
    desk.get(f"{HOME}/break-glass/allow")
    assert "Cara Lund" in words(desk.page.select_one("main details")), "for whom it is not open, and why"
    fields = dict(person=str(world.person_id("ben")), reason=WHY)
    form = desk.page.find("form", action=f"{HOME}/break-glass/allow")
    desk.submit(form, **fields, password="not it at all", status=422)
    assert BreakGlass.select().count() == 0 and WHY in words(desk.page)
    desk.submit(desk.page.find("form", action=f"{HOME}/break-glass/allow"), password=PASSWORD)
    assert "Ben Hale, Lunch round" in words(desk.page.h1) and "Allowed. It counts" in words(desk.page)
    phone.get(bed.url)
    said = words(phone.page)
    assert "You are not signed off" in said and f"Why: {WHY}" in said
    assert "allows you to give in the Lunch round" in said
    make_ready(phone)
    take(phone)
    assert "Ben Hale, not signed off, allowed by Rosa Quiroga" in words(phone.page)
    assert "given by somebody not signed off, allowed for one round" in words(phone.page)
    desk.get(f"{HOME}/break-glass")
    assert "1 person may give" in words(desk.page.h1) and "1 dose given under it" in words(desk.page)
    dee = Browser(browser.app).sign_in("dee")
    dee.get(f"{HOME}/break-glass/{first(world).id}")
    form = next(f for f in dee.page.select("form") if f["action"].endswith("/answer"))
    dee.submit(form, words="", status=422)
    form = next(f for f in dee.page.select("form") if f["action"].endswith("/answer"))
    dee.submit(form, words="Rang the bank for tonight")
    assert "Rang the bank for tonight" in words(dee.page) and "Kept." in words(dee.page) and ledger.verify() == []


def test_another_homes_exceptions_and_people_do_not_exist(browser, world, bed):
    elm(world)
    nell = Browser(browser.app).sign_in("nell")
    row = allow(world)
    nell.get(f"/h/far/break-glass/{row.id}", status=404, lint=False)
    nell.post(f"/h/far/break-glass/{row.id}/answer", {"words": "Seen and noted"}, status=404)
    rosa = Browser(browser.app).sign_in("rosa")
    form = rosa.get(f"{HOME}/break-glass/allow").find("form", action=f"{HOME}/break-glass/allow")
    rosa.submit(form, person=str(world.person_id("nell")), reason=WHY, password=PASSWORD, status=404)
    for nonsense in ("", "x-Lunch", "99999999999999999999-Lunch", "9999999999999999-Lunch"):
        form = {"person": str(world.person_id("ben")), "round": nonsense, "reason": WHY, "password": PASSWORD}
        rosa.post(f"{HOME}/break-glass/allow", form, status=422)
    assert BreakGlass.select().count() == 1


def test_the_form_names_what_medicines_here_ask_for_and_begins_with_whom_it_helps_and_who_is_on_duty(world, bed):
    hour = dt.timedelta(hours=1)
    builders.duty(world.system(), "tolu", "floor", clock.now() - hour, clock.now() + 8 * hour)
    shown = [said for _, *said in glass.form_for(world.actor("rosa")).people]
    assert shown[0] == ["Ben Hale, carer", "medicines by mouth"], "not nebulisers or catheters nobody here has"
    assert shown[1] == ["Tolu Bello, team leader, on duty now", glass.NOTHING_MORE]
    assert {opens for _, opens in shown[1:]} == {glass.NOTHING_MORE}, "signed off for what is asked for here"
