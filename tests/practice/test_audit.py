"""The quarterly audit: what it counts, who signs it, and that what was signed stays as it was.

The tests' clock stands on Monday 16 November 2026; the quarter runs from October, with a clock change in it.
"""

import datetime as dt
import threading

import pytest

from medpwa import clock, database, ledger
from medpwa.competency import rules
from medpwa.competency.deeds import set_states
from medpwa.competency.models import BreakGlass, BreakGlassSeen, Grant
from medpwa.competency.rules import GrantFact
from medpwa.database import writing
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar.models import Entry
from medpwa.practice import audit_actions as actions
from medpwa.practice import audit_queries as queries
from medpwa.practice import auditing, gives, instrument, quarters
from medpwa.practice.audit_deeds import FindingAsked
from medpwa.practice.audit_vocabulary import TESTS
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    AuditFinding,
    AuditFindingDone,
    CompetencyAudit,
    Instrument,
    Observation,
    ObservationResult,
    ObservationSign,
    SupervisionNote,
)
from medpwa.practice.quarters import Quarter
from tests.browse import words
from tests.builders import order, resident, sign_off
from tests.practice import steps
from tests.practice.giving import ago, corrected, give, kept

Q4 = Quarter(2026, 4)
AUDITS = "/h/rowan/audits/competency"


@pytest.fixture
def senna(world):
    by = world.actor("rosa")
    return order(by, resident(by).id, since=ago(60))


def audited(world, quarter=Q4):
    return auditing.audit(world.actor("rosa"), quarter, clock.now())


def answer(found, key):
    test = next(t for t in found.figures["tests"] if t["key"] == key)
    return test["failed"], test["of"]


def exceptions(found, key):
    return [e for e in found.exceptions if e["test"] == key]


def findings(world, found, owner="dee"):
    due = clock.local_day(clock.now()) + dt.timedelta(days=10)
    failed = [t["key"] for t in found.figures["tests"] if t["failed"]]
    return tuple(FindingAsked(key, TESTS[key].finding, world.person_id(owner), due) for key in failed)


def sign(world, username="quinn", **changes):
    found = audited(world)
    values = dict(quarter=Q4.word, seal=found.seal, findings=findings(world, found), proven_at=clock.now()) | changes
    return actions.sign(by=world.actor(username), **values)


# ---------------------------------------------------------------- quarters


@pytest.mark.parametrize(
    ("word", "first", "last", "hours"),
    [
        ("2026-Q1", "2026-01-01 00:00", "2026-03-31 22:59", 90 * 24 - 1),
        ("2026-Q2", "2026-03-31 23:00", "2026-06-30 22:59", 91 * 24),
        ("2026-Q4", "2026-09-30 23:00", "2026-12-31 23:59", 92 * 24 + 1),
    ],
)
def test_a_quarter_runs_from_midnight_to_midnight_of_the_home(word, first, last, hours):
    start, end = quarters.parse(word).bounds("Europe/London")
    assert start == dt.datetime.fromisoformat(first).replace(tzinfo=dt.UTC)
    assert end - dt.timedelta(minutes=1) == dt.datetime.fromisoformat(last).replace(tzinfo=dt.UTC)
    assert (end - start) == dt.timedelta(hours=hours)


def test_quarters_follow_each_other_without_a_hole():
    q = Quarter(2025, 1)
    for _ in range(12):
        assert q.following.before == q and q.bounds("Europe/London")[1] == q.following.bounds("Europe/London")[0]
        assert quarters.of_day(q.first) == quarters.of_day(q.last) == quarters.parse(q.word) == q
        q = q.following
    assert [quarters.parse(w) for w in ("2026-Q5", "26-Q1", "2026-Q1x", "", "1999-Q1")] == [None] * 5


def test_a_dose_at_the_first_and_the_last_moment_of_a_quarter_belongs_to_one(world, senna):
    by, amina = world.actor("rosa"), world.person_id("amina")
    first = clock.at_local(dt.date(2026, 10, 1), dt.time())
    give(by, senna, amina, first - dt.timedelta(microseconds=1))
    give(by, senna, amina, first)
    assert [audited(world, q).figures["doses"] for q in (Q4.before, Q4)] == [1, 1]


# ---------------------------------------------------------------- what it counts


def slow_count(home_id, start, end):
    """The same question the slow way: every entry of the home, one by one, with the rule asked for each skill."""
    rows = list(Entry.select().where(Entry.home == home_id).order_by(Entry.id))
    replaced = {e.corrects_id for e in rows}
    by_id = {e.id: e for e in rows}
    found = []
    for e in rows:
        if e.id in replaced or e.outcome not in ("given", "given_part", "self_taken", "made_available"):
            continue
        if not start <= e.given_at < end:
            continue
        root = e
        while root.corrects_id:
            root = by_id[root.corrects_id]
        giver = e.administered_by or e.by
        stored = Grant.select().where((Grant.home == home_id) & (Grant.person == giver))
        facts = [
            GrantFact(g.skill, g.resident_id, g.state, g.valid_from, g.valid_until, g.id, g.reason)
            for g in stored
            if g.by is None or g.at <= g.valid_from or g.at <= root.at
        ]
        asked = e.order_version.required_skills
        if not rules.signed_off(facts, asked, e.resident_id, e.given_at).allowed:
            found.append((e.id, e.supervised_by is not None or root.supervised_by is not None))
    return found


def test_the_figures_of_audit_table_and_doses_agree_with_a_slow_count(browser, world):
    by, home = world.actor("rosa"), world.home()
    people = [world.person_id(n) for n in ("amina", "ben", "cara", "sena", "tolu", "gil")]
    ivy, harold = resident(by), resident(by, "Harold", "Nkemelu")
    asked = [
        order(by, ivy.id, since=ago(60)),
        order(by, harold.id, "insulin", required_skills=("oral", "insulin"), since=ago(60)),
        order(by, harold.id, "aspirin", required_skills=("oral", "topical"), since=ago(60)),
    ]
    system, tolu = world.system(), world.person_id("tolu")
    sign_off(system, tolu, "insulin", resident_id=harold.id, valid_from=ago(30), valid_until=ago(5))
    sign_off(by, world.person_id("gil"), "topical", valid_from=ago(20), reason="Entered late")
    noon = ago(9, "12:00")
    kept(by, Grant, person=world.person_id("sena"), home=home.id, skill="oral", state="suspended", valid_from=noon,
         at=noon, by=by.person_id, reason="A pause")  # fmt: skip
    made = []
    for n in range(180):
        at = ago(40) + dt.timedelta(hours=5 * n, minutes=n)
        if at > clock.now():
            break
        extra = {}
        if n % 17 == 3:
            extra = dict(supervised_by=tolu, supervised_at=at) if people[n % 6] != tolu else {}
        if n % 13 == 5:
            extra = dict(after_the_fact=True, claim=None)
        made.append(give(by, asked[n % 3], people[n % 6], at, **extra))
    for e in made[::9]:
        moved = e.given_at - dt.timedelta(days=3)
        claim = dict(claim=None, after_the_fact=True) if e.after_the_fact else {}
        corrected(by, e, tolu, clock.now(), given_at=moved, **claim)
    start, end = Q4.bounds(by.zone)
    slow = slow_count(home.id, start, end)
    fast = gives.gives_between(home.id, start, end)
    alone_beside = {j.give.id for j in fast.not_in_date if j.way == "beside_not_in_date"}
    assert {j.give.id for j in fast.supervised} | alone_beside == {n for n, beside in slow if beside}
    assert {j.give.id for j in fast.not_in_date} - alone_beside == {n for n, beside in slow if not beside}
    assert len(fast.not_in_date) > 20 and fast.supervised and any(j.lacked[0].entered_after for j in fast.not_in_date)
    found = audited(world)
    assert answer(found, "gave")[0] == len(fast.not_in_date) == found.figures["not_in_date"]
    assert sum(n for _, n, _, _ in found.figures["by_period"]) == found.figures["doses"] == fast.total
    assert sum(out for _, _, out, _ in found.figures["by_period"]) == len(fast.not_in_date)
    rosa = browser.sign_in("rosa")
    said = f"{len(fast.not_in_date)} of {fast.total:,} doses in October to December 2026 were given by somebody"
    assert words(rosa.get("/h/rowan/competency/doses?span=2026-Q4").h1).startswith(said)
    assert words(rosa.get(f"{AUDITS}/2026-Q4").h1).startswith(said)
    table = rosa.get("/h/rowan/competency?span=2026-Q4")
    figures = {words(f.dt): words(f.select_one(".figure__value")) for f in table.select(".figure")}
    key = "Doses given by somebody not signed off, in October to December 2026"
    assert figures[key] == f"{len(fast.not_in_date)} of {fast.total}"
    able, gave = fast.never_out_of_date
    assert words(table.h1).startswith(f"{len(able)} of {len(gave)} people who gave medicines")
    paused = [j for j in fast.not_in_date if any(x.state == "suspended" for x in j.lacked)]
    assert answer(found, "paused")[0] == len(paused) > 0


def test_everybody_who_gave_is_in_it_whatever_the_duty_list_says_and_leavers_too(world, senna):
    from medpwa.staff import actions as staff

    by = world.actor("rosa")
    give(by, senna, world.person_id("amina"), ago(2))
    staff.end_person(by=by, person_id=world.person_id("amina"), reason="Left")
    found = audited(world)
    assert (found.figures["people"], found.figures["in_date"]) == (1, 1)
    assert answer(found, "supervision") == (0, 0), "somebody who left is owed no talk"


def assessment(world, person, assessor, at, rounds, needed=None):
    by = world.actor("rosa")
    body = instrument.first()
    body["needs"]["initial"]["rounds"] = body["needs"]["initial"]["rounds"] if needed is None else needed
    tool = kept(by, Instrument, home=by.home_id, name=f"T{person}{at}", number=1, body=body, valid_from=at, at=at)
    who, other = world.person_id(person), world.person_id(assessor)
    made = kept(by, Assessment, home=by.home_id, assessment_id=f"a{person}{at}", person=who, kind="initial",
                skills=[["oral", None]], instrument=tool, assessor=other, at=at, by=other)  # fmt: skip
    for n in range(rounds):
        seen = kept(by, Observation, assessment=made, observation_id=f"o{person}{at}{n}", round_name="Morning",
                    begun_at=at, assessor=other, at=at, by=other)  # fmt: skip
        result = kept(by, ObservationResult, observation=seen, ended_at=at, marks={}, comments={}, doses=[],
                      passed=True, at=at, by=other)  # fmt: skip
        for meaning, signer in (("observed", other), ("was_observed", who)):
            kept(by, ObservationSign, result=result, meaning=meaning, proven_at=at, at=at, by=signer)
    kept(by, AssessmentOutcome, assessment=made, outcome="competent", proven_at=at, at=at, by=other)
    span = dict(valid_from=at, valid_until=at + dt.timedelta(days=365))
    with writing(by.chain_id), clock.standing(at):
        said = set_states(by, who, [("oral", None)], "competent", **span, reason="", evidence={"assessment": made.id})
        ledger.append(by.chain_id, by, [said])
    return made


def test_sign_offs_are_held_against_assessor_rounds_and_what_was_kept(world, senna):
    by = world.actor("rosa")
    assessment(world, "ben", "cara", ago(0, "07:00"), 2)  # Cara ended yesterday; two of three rounds
    assessment(world, "sena", "tolu", ago(0, "07:01"), 3)
    for person, time in (("ben", "08:00"), ("sena", "08:05"), ("amina", "08:10")):
        give(by, senna, world.person_id(person), ago(0, time))
    found = audited(world)
    assert answer(found, "gave") == (0, 3)
    assert answer(found, "assessor") == (1, 2) and "Ben Hale" in exceptions(found, "assessor")[0]["words"]
    assert answer(found, "rounds") == (1, 2) and "2 of 3 rounds" in exceptions(found, "rounds")[0]["detail"]
    assert answer(found, "evidence") == (1, 3) and "Amina Okoro" in exceptions(found, "evidence")[0]["words"]
    assert len(found.figures["sample"]) == 3


def test_a_template_that_asks_for_fewer_rounds_is_met_by_them(world, senna):
    assessment(world, "ben", "tolu", ago(0, "07:00"), 1, needed=1)
    give(world.actor("rosa"), senna, world.person_id("ben"), ago(0, "08:00"))
    assert answer(audited(world), "rounds") == (0, 1)


def test_a_yearly_assessment_as_the_product_holds_it_is_whole_with_its_one_round(world, senna):
    """The audit asks each kind of assessment for what its own template asks for."""
    steps.trained(world, "dee")
    dee, amina = world.actor("dee"), world.actor("amina")
    row, doses = steps.begin(dee, amina.person_id, "annual"), steps.Doses(world, 1)
    steps.answer(dee, row)
    steps.answer(dee, row, "scenario")
    steps.passed_round(dee, amina, row, doses, "Lunch")
    steps.conclude(dee, row)
    clock.stand_at(clock.now() + dt.timedelta(minutes=5))
    give(dee, senna, amina.person_id, clock.now())
    clock.stand_at(clock.now() + dt.timedelta(minutes=5))
    found = audited(world)
    assert answer(found, "rounds") == (0, 1) and answer(found, "assessor") == (0, 1)
    assert "1 of 1 observed rounds signed by both" in found.figures["sample"][0][1]


def test_agency_exceptions_talks_and_parts_of_the_week_are_asked_about(world, senna):
    from medpwa.competency.models import EvidenceFile
    from medpwa.practice.models import Induction

    by, today = world.actor("rosa"), clock.local_day(clock.now())
    gil = world.person_id("gil")
    give(by, senna, gil, ago(1, "08:00"))  # a Sunday
    give(by, senna, world.person_id("amina"), ago(3, "22:00"))
    found = audited(world)
    assert answer(found, "agency") == (1, 1) and "No induction" in exceptions(found, "agency")[0]["detail"]
    assert answer(found, "reach") == (2, 2), "a night and a weekend without an observed round"
    paper = kept(by, EvidenceFile, home=by.home_id, name="Profile", kind="pdf", size=4, sha256="x", content=b"%PDF",
                 at=ago(5), by=by.person_id)  # fmt: skip
    kept(by, Induction, home=by.home_id, induction_id="i0", person=gil, items={"keys": True}, paper=paper,
         paper_expires_on=today - dt.timedelta(days=1), at=ago(6), by=by.person_id)  # fmt: skip
    assert answer(audited(world), "agency") == (1, 1), "a paper counts up to its day and not on it, as its page says"
    kept(by, Induction, home=by.home_id, induction_id="i1", person=gil, items={"keys": True}, paper=paper,
         paper_expires_on=today + dt.timedelta(days=9), at=ago(5), by=by.person_id)  # fmt: skip
    assert answer(audited(world), "agency") == (0, 1)
    glass = kept(by, BreakGlass, home=by.home_id, person=world.person_id("ben"), round_name="Lunch",
                 starts_at=ago(2), ends_at=ago(2, "12:00"), reason="Two ill", at=ago(2), by=by.person_id)  # fmt: skip
    assert answer(audited(world), "glass") == (1, 1)
    kept(by, BreakGlassSeen, break_glass=glass, words="Rota changed", at=ago(1), by=world.person_id("dee"))
    assert answer(audited(world), "glass") == (0, 1)


def test_a_talk_in_the_last_eight_weeks_is_enough_and_nobody_new_is_overdue(world, senna):
    by, today = world.actor("rosa"), clock.local_day(clock.now())
    amina = world.person_id("amina")
    give(by, senna, amina, ago(1))
    clock.stand_at(clock.now() + dt.timedelta(hours=1))
    assert answer(audited(world), "supervision") == (0, 1), "she began here today"
    from medpwa.staff.models import Role

    kept(by, Role, home=by.home_id, person=amina, role="carer", valid_from=ago(300), at=ago(300), by=by.person_id)
    found = audited(world)
    assert answer(found, "supervision") == (1, 1) and exceptions(found, "supervision")[0]["words"] == "Amina Okoro"
    note = dict(home=by.home_id, person=amina, supervisor=by.person_id, kind="scheduled", agenda={}, said={},
                level="private", at=clock.now(), by=by.person_id)  # fmt: skip
    kept(by, SupervisionNote, note_id="n1", held_on=today - dt.timedelta(days=57), **note)
    assert answer(audited(world), "supervision")[0] == 1
    kept(by, SupervisionNote, note_id="n2", held_on=today - dt.timedelta(days=56), **note)
    assert answer(audited(world), "supervision")[0] == 0
    first = SupervisionNote.get(SupervisionNote.note_id == "n2")
    kept(by, SupervisionNote, note_id="n3", held_on=today - dt.timedelta(days=59), amends=first, **note)
    assert answer(audited(world), "supervision")[0] == 1, "its newest version says which day it was"


def test_no_exception_of_a_dose_names_who_gave_it(world, senna):
    give(world.actor("rosa"), senna, world.person_id("ben"), ago(1), after_the_fact=True, claim=None)
    found = audited(world)
    told = exceptions(found, "gave")[0]
    assert "Ben" not in f"{told['words']}{told['detail']}" and "person" not in told


# ---------------------------------------------------------------- signing


def test_a_signed_audit_is_frozen_with_its_findings_and_stays_when_the_record_moves_on(browser, world, senna):
    by = world.actor("rosa")
    late = give(by, senna, world.person_id("ben"), ago(1), after_the_fact=True, claim=None)
    give(by, senna, world.person_id("amina"), ago(1, "09:00"))
    row = sign(world, words="Read with the team")
    assert row.figures["not_in_date"] == 1 and row.quarter == "2026-Q4"
    assert {f.about["test"] for f in AuditFinding.select()} == {"gave", "evidence", "reach"}, "yesterday was a Sunday"
    quinn = browser.sign_in("quinn")
    page = quinn.get(f"{AUDITS}/signed/{row.id}")
    assert words(page.h1).startswith("1 of 2 doses in October to December 2026 was given by somebody not signed off")
    assert "is answered the same" in words(page)
    corrected(by, late, by.person_id, clock.now(), outcome="struck", given_at=None, administered_by=None, claim=None)
    page = quinn.get(f"{AUDITS}/signed/{row.id}")
    assert words(page.h1).startswith("1 of 2 doses"), "the signed figures stay"
    assert "Doses given by somebody not signed off: 1 when signed, 0 today" in words(page)
    assert words(quinn.get(f"{AUDITS}/2026-Q4").h1).startswith("None of 1 doses")
    assert "Met: no exception in 1 " in words(quinn.get(f"{AUDITS}/2026-Q4")), "never `met: 0 of 1`"
    assert ledger.verify() == []


def test_a_dose_given_after_signing_is_no_difference(world, senna):
    by = world.actor("rosa")
    give(by, senna, world.person_id("amina"), ago(1))
    row = sign(world)
    clock.stand_at(clock.now() + dt.timedelta(hours=2))
    give(by, senna, world.person_id("ben"), clock.now(), after_the_fact=True, claim=None)
    assert queries.differences(world.actor("rosa"), row) == []


def test_of_two_who_sign_one_is_kept_and_the_other_is_told(world, senna):
    give(world.actor("rosa"), senna, world.person_id("amina"), ago(1))
    first = sign(world, "quinn")
    with pytest.raises(Refused, match="Quinn Abbot signed the audit of this quarter today"):
        sign(world, "rosa")
    assert sign(world, "quinn").id == first.id, "the same form sent again"
    assert CompetencyAudit.select().count() == 1
    assert ledger.verify() == []


def test_two_who_sign_at_the_same_moment_make_one_audit(app, world, senna):
    give(world.actor("rosa"), senna, world.person_id("amina"), ago(1))
    found = audited(world)
    wanted = findings(world, found)
    ready, said = threading.Barrier(2), []

    def one(username):
        with app.app_context(), database.db.connection_context():
            by = world.actor(username)
            ready.wait()
            try:
                actions.sign(by=by, quarter=Q4.word, seal=found.seal, findings=wanted, proven_at=clock.now())
                said.append("signed")
            except Refused as no:
                said.append(no.code)

    threads = [threading.Thread(target=one, args=(name,)) for name in ("quinn", "rosa")]
    for t in threads:
        t.start()
    for t in threads:
        t.join(30)
    assert sorted(said) == ["signed", "signed_meanwhile"]
    assert CompetencyAudit.select().count() == 1 and ledger.verify() == []


def test_what_changed_since_it_was_read_is_not_signed(world, senna):
    by = world.actor("rosa")
    give(by, senna, world.person_id("amina"), ago(1))
    read = audited(world).seal
    give(by, senna, world.person_id("ben"), ago(1, "09:00"), after_the_fact=True, claim=None)
    with pytest.raises(Invalid, match="Something was recorded since you opened this audit"):
        sign(world, seal=read)
    assert CompetencyAudit.select().count() == 0


def test_an_amendment_is_a_new_row_that_says_what_it_amends(browser, world, senna):
    by = world.actor("rosa")
    give(by, senna, world.person_id("amina"), ago(1))
    first = sign(world)
    give(by, senna, world.person_id("tolu"), ago(1, "09:00"))
    with pytest.raises(Invalid, match="Say in a few words what this changes and why"):
        sign(world, amends=first.id, words="")
    second = sign(world, "rosa", amends=first.id, words="A dose was reported late and is counted now")
    assert second.amends_id == first.id and CompetencyAudit.get_by_id(first.id).figures["doses"] == 1
    with pytest.raises(Refused):
        sign(world, amends=first.id, words="A second amendment of the same one")
    page = browser.sign_in("rosa").get(f"{AUDITS}/signed/{first.id}")
    assert "It was amended since" in words(page)
    assert queries.standing(by.home_id, Q4).id == second.id


@pytest.mark.parametrize("proof", [None, "old", "ahead"])
def test_without_a_fresh_proof_nothing_is_signed(world, senna, proof):
    give(world.actor("rosa"), senna, world.person_id("amina"), ago(1))
    at = {None: None, "old": clock.now() - dt.timedelta(minutes=6), "ahead": clock.now() + dt.timedelta(minutes=1)}
    with pytest.raises(Refused, match="Type your PIN or password again"):
        sign(world, proven_at=at[proof])
    assert CompetencyAudit.select().count() == 0


def test_a_question_that_is_not_met_needs_a_finding_with_owner_and_day(world, senna):
    give(world.actor("rosa"), senna, world.person_id("amina"), ago(1))
    found = audited(world)
    wanted, today = findings(world, found), clock.local_day(clock.now())
    with pytest.raises(Invalid, match="Say what is to be done about it"):
        sign(world, findings=())
    for wrong in (
        dict(owner=world.person_id("amina")),
        dict(owner=world.person_id("nell")),
        dict(due_on=today - dt.timedelta(days=1)),
        dict(what="x" * 501),
    ):
        with pytest.raises(Invalid):
            sign(world, findings=(FindingAsked(**{**vars(wanted[0]), **wrong}), *wanted[1:]))
    assert CompetencyAudit.select().count() == 0


@pytest.mark.parametrize("quarter", ["2027-Q1", "2026-Q9", "now"])
def test_a_quarter_that_has_not_begun_is_not_there(browser, world, quarter):
    browser.sign_in("rosa").get(f"{AUDITS}/{quarter}", status=404)
    with pytest.raises(NotFound):
        actions.sign(by=world.actor("rosa"), quarter=quarter, proven_at=clock.now())


def test_a_quarter_without_a_dose_has_nothing_to_sign(browser, world):
    page = browser.sign_in("rosa").get(f"{AUDITS}/2026-Q3")
    assert words(page.h1) == "No dose was given in July to September 2026" and not page.select_one("form[action$=sign]")
    with pytest.raises(Invalid, match="nothing to sign"):
        actions.sign(by=world.actor("rosa"), quarter="2026-Q3", proven_at=clock.now())


# ---------------------------------------------------------------- pages


def test_a_quarter_that_ended_with_doses_waits_to_be_signed_and_one_without_does_not(browser, world, senna):
    quinn = browser.sign_in("quinn")
    assert words(quinn.get(AUDITS).h1) == "No quarterly audit waits to be signed"
    give(world.actor("rosa"), senna, world.person_id("amina"), clock.at_local(dt.date(2026, 9, 30), dt.time(23, 59)))
    assert words(quinn.get(AUDITS).h1) == "The audit of July to September 2026 waits to be signed"
    assert "Quarterly audit" in words(quinn.get("/h/rowan/decisions").main)


def test_a_finding_whose_day_has_passed_waits_on_the_desk_until_it_is_seen_to(browser, world, senna):
    give(world.actor("rosa"), senna, world.person_id("amina"), ago(1))
    row = sign(world)
    assert queries.overdue(world.actor("quinn")) == []
    clock.stand_at(clock.now() + dt.timedelta(days=11))
    late = queries.overdue(world.actor("quinn"))
    assert len(late) == AuditFinding.select().count() and late[0].owner == "Dee Marsh"
    for finding in AuditFinding.select():
        actions.finish(by=world.actor("dee"), finding_id=finding.id, words="Done together")
    assert queries.overdue(world.actor("quinn")) == [] and late[0].url.endswith(f"/signed/{row.id}")


def test_a_quality_lead_reads_signs_and_follows_a_finding_up(browser, world, senna):
    from tests.people import PASSWORD

    give(world.actor("rosa"), senna, world.person_id("ben"), ago(1, "08:00"), after_the_fact=True, claim=None)
    quinn = browser.sign_in("quinn")
    page = quinn.get(f"{AUDITS}/2026-Q4")
    assert "Ivy Cartledge" in words(quinn.get(page.select_one("#test-gave").find_parent("li").select_one("a")["href"]))
    form = page.find("form", action=f"{AUDITS}/2026-Q4/sign")
    typed = {f"owner-{t}": str(world.person_id("dee")) for t in ("gave", "reach")
             if form.select_one(f"[name=owner-{t}]")}  # fmt: skip
    wrong = quinn.submit(form, status=422, words="Kept words", password=PASSWORD, **{k: "" for k in typed})
    assert "Choose who sees to it" in words(wrong) and "Kept words" in words(wrong.select_one("textarea[name=words]"))
    done = quinn.submit(wrong.find("form", action=f"{AUDITS}/2026-Q4/sign"), password=PASSWORD, **typed)
    assert "Signed by Quinn Abbot on 16 Nov 2026, 11:40" in words(done) and "“Kept words”" in words(done)
    finish = done.select_one("form[action*='/findings/']")
    field = finish.textarea["name"]
    short = quinn.submit(finish, status=422, **{field: "ok"})
    finish = short.select_one("form[action*='/findings/']")
    after = quinn.submit(finish, **{field: "The rota has two givers now"})
    assert "Seen to" in words(after) and "The rota has two givers now" in words(after)
    assert AuditFindingDone.select().count() == 1
    for path in ("", "/print"):
        assert "The rota has two givers now" in words(quinn.get(f"{AUDITS}/signed/1{path}"))
    said = words(quinn.get("/h/rowan/ledger"))
    assert "Signed the quarterly audit of who gives medicines: 2026-Q4, 1 of 1 doses" in said
    assert ledger.verify() == []


@pytest.mark.parametrize("username", ["amina", "sena", "tolu", "nell"])
def test_audits_are_for_those_who_manage_and_oversee(browser, world, senna, username):
    give(world.actor("rosa"), senna, world.person_id("amina"), ago(1))
    row = sign(world)
    them = browser.sign_in(username)
    for path in ("", "/2026-Q4", f"/signed/{row.id}", f"/signed/{row.id}/print"):
        them.get(f"{AUDITS}{path}", status=404)
    finding = AuditFinding.select().first()
    status = 404 if username == "nell" else 403
    them.post(f"{AUDITS}/2026-Q4/sign", {}, status=status)
    them.post(f"{AUDITS}/findings/{finding.id}/done", {}, status=status)
    assert CompetencyAudit.select().count() == 1 and not AuditFindingDone.select().exists()
