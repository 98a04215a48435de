"""The file of one person: what stands in it, who reads which talk, and what it hands to other programs."""

import csv
import datetime as dt
import io
import json

import pytest

from medpwa import clock
from medpwa.competency import actions
from medpwa.competency.models import BreakGlass, EvidenceFile
from medpwa.errors import NotPermitted
from medpwa.practice import instrument, record, supervision_queries
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    Booking,
    Certificate,
    Course,
    Instrument,
    Observation,
    ObservationResult,
    SupervisionNote,
)
from tests.browse import words
from tests.builders import order, resident, sign_off
from tests.practice.giving import ago, give, kept

TABLE = "/h/rowan/competency"


def url_of(world, username):
    return f"{TABLE}/{world.person_id(username)}/record"


def lines_of(page):
    return [words(li) for li in page.select("ol.timeline > li")]


@pytest.fixture
def ben(world):
    """Ben with one of everything a file can hold."""
    by, today = world.actor("rosa"), clock.local_day(clock.now())
    ben, sena = world.person_id("ben"), world.person_id("sena")
    common = dict(home=by.home_id, person=ben, at=ago(3), by=by.person_id)
    kept(by, Course, home=by.home_id, code="mca", name="Capacity and consent", months=36, roles=["carer"],
         valid_from=ago(90), at=ago(90), by=by.person_id)  # fmt: skip
    kept(by, Certificate, certificate_id="c1", course="mca", taken_on=today - dt.timedelta(days=9), **common)
    kept(by, Booking, booking_id="b1", skill="oral", kind="initial", assessor=sena, round_name="Morning",
         on_day=today + dt.timedelta(days=2), **common)  # fmt: skip
    tool = kept(by, Instrument, home=by.home_id, name="Giving", number=1, body=instrument.first(), valid_from=ago(90),
                at=ago(90))  # fmt: skip
    made = kept(by, Assessment, assessment_id="a1", kind="initial", skills=[["oral", None]], instrument=tool,
                assessor=sena, **common)  # fmt: skip
    seen = kept(by, Observation, assessment=made, observation_id="o1", round_name="Morning", begun_at=ago(2),
                assessor=sena, at=ago(2), by=sena)  # fmt: skip
    kept(by, ObservationResult, observation=seen, ended_at=ago(2, "08:40"), marks={}, comments={}, doses=[1, 2],
         passed=True, at=ago(2, "08:41"), by=sena)  # fmt: skip
    kept(by, AssessmentOutcome, assessment=made, outcome="competent", proven_at=ago(1), at=ago(1), by=sena)
    paper = kept(by, EvidenceFile, home=by.home_id, name="Agency profile", kind="pdf", size=4, sha256="x",
                 content=b"%PDF", at=ago(1), by=by.person_id)  # fmt: skip
    kept(by, BreakGlass, home=by.home_id, person=ben, round_name="Lunch", starts_at=ago(1, "12:30"),
         ends_at=ago(1, "15:30"), reason="Two people ill", at=ago(1, "12:20"), by=by.person_id)  # fmt: skip
    for level in ("file", "managers", "private"):
        kept(by, SupervisionNote, note_id=level, supervisor=world.person_id("tolu"), kind="scheduled",
             held_on=today - dt.timedelta(days=6), agenda={}, said={"strengths": f"Words for {level}"}, level=level,
             **common)  # fmt: skip
    sign_off(by, ben, "oral", reason="Plan done")
    return made, paper


def test_one_line_of_time_holds_everything_newest_first(browser, world, ben):
    actions.suspend(by=world.actor("rosa"), person_id=world.person_id("ben"), skill="oral", reason="A talk first")
    page = browser.sign_in("rosa").get(url_of(world, "ben"))
    said = lines_of(page)
    wanted = (
        "First assessment: Medicines by mouth, Morning round Arranged",
        "Medicines by mouth: paused A talk first",
        "Medicines by mouth: signed off until",
        "Was let give medicines for the Lunch round without a sign-off Two people ill. Not yet looked at by a manager",
        "First assessment: competent",
        "Observed Morning round: passed 2 doses seen, not yet signed by both",
        "First assessment begun: Medicines by mouth",
        "Supervision Supervision What they do well: Words for file",
        "Certificate: Capacity and consent",
    )
    places = [next(n for n, line in enumerate(said) if want in line) for want in wanted]
    assert places[0] == 0 and places == sorted(places)


@pytest.mark.parametrize(
    ("username", "sees"),
    [("rosa", {"file", "managers", "private"}), ("dee", {"file", "managers"}),
     ("tolu", {"file", "managers", "private"}), ("sena", {"file"}), ("quinn", {"file"})],
)  # fmt: skip
def test_a_talk_is_read_by_those_its_level_names_and_its_two_people(browser, world, ben, username, sees):
    them = browser.sign_in(username)
    for path in ("", "/print", ".csv", ".json"):
        answer = them.client.get(f"{url_of(world, 'ben')}{path}", headers={"Host": "localhost"}).get_data(as_text=True)
        assert {level for level in ("file", "managers", "private") if f"Words for {level}" in answer} == sees


def test_somebody_reads_their_own_file_with_talks_for_two(browser, world, ben):
    page = browser.sign_in("ben").get("/h/rowan/my-record")
    assert all(f"Words for {level}" in words(page) for level in ("file", "managers", "private"))
    browser.sign_in("ben").get(url_of(world, "ben"), status=404)


def test_a_talk_that_was_amended_is_read_by_the_level_of_its_newest_version(browser, world, ben):
    by = world.actor("rosa")
    first = SupervisionNote.get(SupervisionNote.note_id == "file")
    kept(by, SupervisionNote, home=by.home_id, person=first.person, supervisor=first.supervisor, kind="scheduled",
         held_on=first.held_on, agenda={}, said={"strengths": "Said anew"}, level="private", amends=first,
         note_id="again", at=clock.now(), by=by.person_id)  # fmt: skip
    said = words(browser.sign_in("dee").get(url_of(world, "ben")))
    assert "Said anew" not in said and "Words for file" not in said
    assert "Said anew" in words(browser.sign_in("rosa").get(url_of(world, "ben")))


def test_the_file_and_the_talks_page_let_the_same_people_read_the_same_versions(browser, world, ben):
    """Three versions of one talk: the middle one was open to many, the newest is for two and the registered manager."""
    by = world.actor("rosa")
    first = SupervisionNote.get(SupervisionNote.note_id == "file")
    for number, level in ((2, "file"), (3, "private")):
        kept(by, SupervisionNote, home=by.home_id, person=first.person, supervisor=first.supervisor, kind="scheduled",
             held_on=first.held_on, agenda={}, said={"concerns": f"Version {number}"}, level=level, amends=first,
             note_id=f"version-{number}", at=clock.now(), by=by.person_id)  # fmt: skip
    for username in ("sena", "quinn", "dee", "rosa", "tolu"):
        who = world.actor(username)
        file = " ".join(e.detail for e in record.events(who, world.person_id("ben")) if e.kind == "supervision")
        theirs = [n.said for n in supervision_queries.talks_about(who, world.person_id("ben"))]
        read = {text for said in theirs for text in said.values()}
        assert {text for text in ("Version 2", "Version 3") if text in file} == read & {"Version 2", "Version 3"}
        assert ("Version 3" in file) == (username in ("rosa", "tolu")) and "Version 2" not in file, username


def test_a_cell_of_the_table_leads_to_the_file_at_that_skill_with_who_signed_and_on_what(browser, world, ben):
    by, made = world.actor("rosa"), ben[0]
    from medpwa.competency import deeds
    from medpwa.competency.rules import a_year_later
    from medpwa.database import writing
    from medpwa.ledger import append

    with writing(by.chain_id):
        end = a_year_later(clock.now(), by.zone)
        append(by.chain_id, by, [deeds.set_states(by, world.person_id("ben"), [("topical", None)], "competent",
               valid_from=clock.now(), valid_until=end, reason="", evidence={"assessment": made.id})])  # fmt: skip
    rosa = browser.sign_in("rosa")
    row = next(tr for tr in rosa.get(TABLE).select("table.matrix tbody tr") if "Ben" in words(tr.th))
    page = rosa.get(row.select("td")[1].a["href"])
    card = words(page.select_one("article.card"))
    assert "Creams and ointments In date to 16 Nov" in card or "Creams and ointments In date Nov" in card
    assert "Signed off by Sena Addo" in card and "0 of 3 observed rounds signed by both" in card
    page = rosa.get(f"{url_of(world, 'ben')}?skill=oral")
    assert "Rests on Nothing was kept with it" in words(page.select_one("article.card"))
    assert "Booked 18 Nov 2026, with Sena Addo" in words(page.select_one("article.card"))
    course = rosa.get(f"{url_of(world, 'ben')}?skill=course:mca")
    assert "Capacity and consent In date" in words(course.select_one("article.card"))
    assert len(lines_of(course)) == 1


@pytest.mark.parametrize(("username", "offered"), [("rosa", True), ("sena", False)])
def test_who_may_pause_a_sign_off_is_led_there_from_the_file_and_from_a_cell(browser, world, username, offered):
    them, file = browser.sign_in(username), f"{TABLE}/{world.person_id('amina')}"
    for query in ("", "?skill=oral"):
        links = [a["href"] for a in them.get(f"{file}/record{query}").select("main a[href*='/pause']")]
        assert links == ([f"{file}/pause{query}"] if offered else [])


def test_nothing_is_offered_to_pause_where_nothing_stands(browser, world):
    assert not browser.sign_in("rosa").get(url_of(world, "ben")).select("main a[href*='/pause']")


def test_kinds_and_skills_narrow_the_line_and_nonsense_is_no_address(browser, world, ben):
    rosa = browser.sign_in("rosa")
    assert len(lines_of(rosa.get(f"{url_of(world, 'ben')}?kind=observations"))) == 1
    assert not [x for x in lines_of(rosa.get(f"{url_of(world, 'ben')}?skill=topical")) if "Certificate" in x]
    for query in ("kind=gossip", "skill=flying", "skill=course:none", "skill=insulin:99"):
        rosa.get(f"{url_of(world, 'ben')}?{query}", status=400)


def test_doses_are_counted_by_week_and_skill_and_refused_attempts_are_in_the_words_they_read(browser, world):
    by, amina = world.actor("rosa"), world.person_id("amina")
    senna = order(by, resident(by).id, since=ago(40))
    for days in (0, 1, 8, 9):
        give(by, senna, amina, ago(days))
    give(by, senna, world.person_id("tolu"), ago(2))
    with pytest.raises(NotPermitted):
        actions.grant(by=world.actor("amina"), person_id=world.person_id("ben"), skill="oral")
    page = browser.sign_in("rosa").get(url_of(world, "amina"))
    table = [[words(c) for c in tr.find_all(["th", "td"])] for tr in page.select("table.counts-table tr")]
    assert table == [["Week", "By mouth"], ["Week of 16 Nov 2026", "1"], ["Week of 9 Nov 2026", "1"],
                     ["Week of 2 Nov 2026", "2"]]  # fmt: skip
    refused = [line for line in lines_of(page) if "Refused attempts" in line]
    assert len(refused) == 1 and "Tried to sign somebody off: refused. They read:" in refused[0]


def test_the_file_is_handed_out_as_a_table_and_as_data(browser, world, ben):
    rosa = browser.sign_in("rosa")
    answer = rosa.client.get(f"{url_of(world, 'ben')}.csv?kind=certificates", headers={"Host": "localhost"})
    table = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert table[0] == ["When", "Kind", "What", "More", "By"] and len(table) == 2
    answer = rosa.client.get(f"{url_of(world, 'ben')}.json", headers={"Host": "localhost"})
    body = json.loads(answer.get_data(as_text=True))
    assert body["person"] == "Ben Hale" and len(body["events"]) >= 9
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("username", ["nell", "amina"])
def test_files_are_not_there_for_strangers_and_carers(browser, world, ben, username):
    them = browser.sign_in(username)
    for path in ("", "/print", ".csv", ".json"):
        them.get(f"{url_of(world, 'ben')}{path}", status=404)
