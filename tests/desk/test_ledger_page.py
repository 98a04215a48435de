"""The ledger page: what is on top, what can be asked for, how its pages follow one another, who may read it."""

import datetime as dt

import pytest

from medpwa import clock, database, ledger
from medpwa.desk import ledger_page, telling, trail
from medpwa.desk.trail import Asked
from medpwa.ledger import Line
from medpwa.mar.models import GivenReport
from medpwa.staff import actions as staff
from tests import builders
from tests.browse import words
from tests.mar.steps import bedside, later, refused

LEDGER = "/h/rowan/ledger"
HOSTILE = "<script>alert(1)</script>'\"&{{7*7}}"


@pytest.fixture
def bed(world):
    """Ivy's dose: Ben is refused, Amina gives it and tells later."""
    bed = bedside(world)
    ben = bed.open("ben")
    refused(lambda: bed.record(ben))
    bed.report(world.actor("amina"), given_at=clock.now() - dt.timedelta(minutes=75), why=HOSTILE)
    return bed


def asked(world, **more) -> Asked:
    now = clock.now()
    span = {"start": now - dt.timedelta(days=7), "end": now + dt.timedelta(days=1)} | more
    return Asked(world.home().chain_id, **span)


def marks(page) -> list[str]:
    return [words(x) for x in page.select(".trail .chip")]


# ---------------------------------------------------------------- the page


def test_the_first_line_says_what_matters_and_the_rest_follows_in_order(bed, browser):
    page = browser.sign_in("rosa").get(LEDGER)
    assert words(page.h1) == "1 refusal and 1 after-the-fact report in the last 7 days"
    first = page.select_one("section[aria-labelledby=first]")
    assert marks(first) == ["After the fact", "Refused"] or marks(first) == ["Refused", "After the fact"]
    everything = [words(x) for x in page.select("section[aria-labelledby^=day-] .trail__words")]
    assert "Rosa Quiroga: Signed in" in everything[0]
    assert sum("Tried to record a dose: refused" in x for x in everything) == 1


def test_a_refusal_says_why_and_a_report_says_how_much_later(bed, browser):
    said = words(browser.sign_in("rosa").get(LEDGER).select_one("section[aria-labelledby=first]"))
    assert "Ben Hale: Tried to record a dose: refused. They read: “" in said and "not signed off" in said
    assert "senna 7.5 mg tablet, given, due today 11:30, given today 10:25, recorded 1 hour 15 min later" in said
    assert "About Ivy Cartledge" in said


def test_what_people_wrote_is_shown_as_they_wrote_it_and_never_run(bed, browser):
    rosa = browser.sign_in("rosa")
    for url in (LEDGER, f"/h/rowan/residents/{bed.resident.id}/history/print"):
        page = rosa.get(url)
        assert HOSTILE in page.get_text() and "<script>alert" not in rosa.response.get_data(as_text=True)
        assert not [s for s in page.find_all("script") if "alert" in s.get_text()]


def test_every_line_shows_what_proves_it(bed, browser):
    page = browser.sign_in("rosa").get(f"{LEDGER}?only=refused")
    facts = {words(d.dt): words(d.dd) for d in page.select(".proof > div")}
    line = Line.get(Line.outcome == "refused")
    assert (facts["Its hash"], facts["Hash of the line before"]) == (line.hash, line.prev)
    assert facts["Line"].startswith(f"{line.seq:,} ") and facts["Verb"] == "mar.record, refused"
    assert facts["Recorded"] == "16 Nov 2026 11:40:00 GMT" and facts["Chain"] == "Not checked from this page yet"


def test_lines_lead_to_what_they_are_about(bed, browser):
    page = browser.sign_in("rosa").get(LEDGER)
    links = {a["href"] for a in page.select(".trail a")}
    assert f"/h/rowan/residents/{bed.resident.id}" in links
    assert f"/h/rowan/reports/{GivenReport.get().id}" in links
    assert f"/h/rowan/orders/{bed.order.line_id}" in links


def test_what_the_product_did_is_named_as_such(bed, browser):
    page = browser.sign_in("rosa").get(f"{LEDGER}?person=steady")
    said = [words(x) for x in page.select(".trail__words")]
    assert said and all(x.startswith("Steady, the product itself: ") for x in said)


def test_people_are_named_as_they_were_then(bed, world, browser):
    ben = world.person_id("ben")
    later(hours=1)
    called = dict(given_name="Ben", family_name="Newname", agency=False, bank=False)
    staff.change_person(by=world.actor("rosa"), person_id=ben, **called)
    page = browser.sign_in("rosa").get(f"{LEDGER}?person={ben}")
    said = [words(x) for x in page.select(".trail__words")]
    assert said and all(x.startswith("Ben Hale: ") for x in said)
    assert "Recorded by Ben Newname." in words(page)


# ---------------------------------------------------------------- asking


def test_the_lines_of_a_person_a_resident_and_a_kind_can_be_asked_for(bed, world, browser):
    rosa = browser.sign_in("rosa")
    other = builders.resident(world.system(), "Bert", "Olney", room="8")
    ben = world.person_id("ben")
    assert "Bert Olney" not in words(rosa.get(f"{LEDGER}?about=resident-{bed.resident.id}").select_one("main").ol)
    page = rosa.get(f"{LEDGER}?about=resident-{other.id}")
    assert {words(a) for a in page.select(".trail__about")} and all(
        words(a).startswith("About Bert Olney") for a in page.select(".trail__about")
    )
    assert {words(x).split(":")[0] for x in rosa.get(f"{LEDGER}?person={ben}").select(".trail__words")} == {"Ben Hale"}
    said = [words(x) for x in rosa.get(f"{LEDGER}?what=orders").select("section[aria-labelledby^=day] .trail__words")]
    assert said and all("Taken over" in x for x in said)
    assert set(marks(rosa.get(f"{LEDGER}?only=refused"))) == {"Refused"}
    assert set(marks(rosa.get(f"{LEDGER}?only=after"))) == {"After the fact"}
    both = rosa.get(f"{LEDGER}?only=refused&what=orders")
    assert marks(both) == [] and "Nothing was recorded" in words(both)


def test_days_are_whole_days_of_the_home_and_both_ends_count(world, browser):
    rosa = browser.sign_in("rosa")
    assert "in the last 7 days" in words(rosa.get(f"{LEDGER}?from=2026-11-10&to=2026-11-16").h1)
    page = rosa.get(f"{LEDGER}?from=2026-11-16&to=2026-11-16")
    assert words(page.h1).endswith("today") and page.select(".trail__line")
    page = rosa.get(f"{LEDGER}?from=2026-11-01&to=2026-11-15")
    assert words(page.h1).endswith("from 1 Nov 2026 to 15 Nov 2026")
    assert "Nothing was recorded from 1 Nov 2026 to 15 Nov 2026" in words(page)


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("from=yesterday", "from", "This is not a day"),
        ("to=2026-02-30", "to", "This is not a day"),
        ("from=0001-01-01", "from", "This is not a day"),
        ("from=2026-11-16&to=2026-11-01", "from", "comes after the last"),
        ("from=2024-01-01&to=2026-11-16", "from", "1,051 days"),
        ("person=abc", "person", "Choose a person"),
        ("about=resident-x", "about", "Choose somebody"),
        ("what=everything", "what", "Choose what was done"),
        ("only=%3Cb%3E", "only", "Choose all lines"),
    ],
)
def test_nonsense_is_answered_at_its_field_and_what_was_typed_stays(world, browser, query, field, said):
    page = browser.sign_in("rosa").get(f"{LEDGER}?{query}", status=422)
    link = page.select_one(f".errors a[href='#{field}']")
    assert link is not None and said in words(link)
    if field in ("from", "to"):
        assert page.select_one(f"#{field}")["value"] in query


def test_an_address_none_of_our_pages_has_is_refused(world, browser):
    rosa = browser.sign_in("rosa")
    for query in ("before=1", "before=a-b", "from=2026-11-01&from=2026-11-02", "before=" + "9" * 40 + "-1"):
        rosa.get(f"{LEDGER}?{query}", status=400)


def test_people_of_another_home_are_not_there(world, browser):
    elm = builders.resident(world.system("elm"), "Ada", "Stone")
    rosa = browser.sign_in("rosa")
    nobody = [f"about=resident-{elm.id}", "about=resident-987654", f"person={world.person_id('nell')}", "person=987654"]
    nobody += [f"about=person-{world.person_id('nell')}", "person=99999999999999999"]
    for query in nobody:
        rosa.get(f"{LEDGER}?{query}", status=404)
        rosa.get(f"{LEDGER}/access?{query}", status=404)
    rosa.get(f"/h/rowan/residents/{elm.id}/history/print", status=404)
    browser.sign_in("nell").get(LEDGER, status=404)


def test_carers_and_those_who_lead_the_floor_do_not_see_the_ledger(world, bed, browser):
    for name in ("amina", "ben", "sena", "tolu"):
        carer = browser.sign_in(name)
        for path in ("", "/access", "/check"):
            carer.get(LEDGER + path, status=404)
        carer.get(f"/h/rowan/residents/{bed.resident.id}/history/print", status=404)
        assert "Ledger" not in words(carer.get("/h/rowan/more"))
    quinn = browser.sign_in("quinn")
    assert "Who opened what" not in words(quinn.get(LEDGER))
    quinn.get(f"{LEDGER}/access", status=404)
    assert "Ledger" in words(quinn.get("/h/rowan/more"))


def test_a_resident_and_a_colleague_lead_to_what_was_recorded(world, bed, browser):
    rosa = browser.sign_in("rosa")
    for url in (f"/h/rowan/residents/{bed.resident.id}", f"/h/rowan/staff/{world.person_id('ben')}"):
        ways = [a["href"] for a in rosa.get(url).select("main a") if "/ledger" in a["href"] or "/history/" in a["href"]]
        assert len(ways) >= 2
        for way in ways:
            rosa.get(way)
    assert "/ledger" not in str(browser.sign_in("sena").get(f"/h/rowan/residents/{bed.resident.id}").select_one("main"))


# ---------------------------------------------------------------- pages that follow one another


def test_lines_of_one_instant_come_once_each_over_the_pages(world):
    """The clock stands still while the world is built: all its lines share one instant."""
    whole, _ = trail.lines(asked(world), most=10_000)
    assert len({x.at for x in whole}) == 1
    assert len(whole) == Line.select().where(Line.chain == world.home().chain_id).count()
    seen, before = [], None
    while True:
        page, before = trail.lines(asked(world), before, most=7)
        seen += [x.seq for x in page]
        if before is None:
            break
    assert seen == sorted((x.seq for x in whole), reverse=True)


def test_a_page_that_is_just_full_is_the_last(world):
    whole, _ = trail.lines(asked(world), most=10_000)
    page, following = trail.lines(asked(world), most=len(whole))
    assert len(page) == len(whole) and following is None
    _, following = trail.lines(asked(world), most=len(whole) - 1)
    assert following is not None


def test_a_line_recorded_meanwhile_moves_nothing_to_another_page(world):
    page, before = trail.lines(asked(world), most=5)
    later(minutes=1)
    builders.resident(world.system(), "Bert", "Olney")
    following, _ = trail.lines(asked(world), before, most=5)
    assert following[0].seq == page[-1].seq - 1


def test_a_kind_of_several_verbs_is_one_list_in_order_of_time(world, bed):
    assert {g: telling.verbs_of(g)[:1] for g in telling.GROUP_WORDS if not telling.verbs_of(g)} == {}, "it asks for all"
    for group in telling.GROUP_WORDS:
        one, _ = trail.lines(asked(world, group=group), most=10_000)
        all_of_it, _ = trail.lines(asked(world), most=10_000)
        assert [x.seq for x in one] == [x.seq for x in all_of_it if x.verb in telling.verbs_of(group)]


def test_the_next_page_is_asked_for_by_a_link_and_the_top_is_not_repeated(world, bed, browser, monkeypatch):
    monkeypatch.setattr(trail, "PAGE", 10)
    rosa = browser.sign_in("rosa")
    page = rosa.get(LEDGER)
    older = page.select_one(".trail__older a")
    assert len(page.select("section[aria-labelledby^=day] .trail__line")) == trail.PAGE
    page = rosa.get(older["href"])
    assert page.select_one("#first") is None and page.select(".trail__line")


def test_counting_stops_where_it_says_so(world, monkeypatch):
    monkeypatch.setattr(trail, "COUNTED_TO", 3)
    assert trail.count(asked(world)) == 3
    assert ledger_page.sentence({"refused": 3, "after": 0}, "today") == "Over 3 refusals today"
    assert ledger_page.sentence({"refused": 0, "after": 0}, "today") == "No refusal and no after-the-fact report today"


# ---------------------------------------------------------------- words


def test_every_verb_belongs_to_one_kind_that_can_be_asked_for(world):
    for verb in telling.all_verbs():
        assert [g for g in telling.GROUP_WORDS if verb in telling.verbs_of(g)] == [telling._group(verb)]


def test_the_ledger_has_words_for_every_sentence_of_the_product(world):
    """A package whose table of sentences the ledger does not know would show its lines without words."""
    from tests.house.test_sentences import sentences

    assert set(telling.all_verbs()) == set(sentences())


def test_every_line_of_the_world_has_words(world, bed):
    lines, _ = trail.lines(asked(world), most=10_000)
    said = telling.words_for(world.actor("rosa"), lines)
    assert {x.id for x in lines} == set(said)
    bare = [w for w, _ in said.values() if "has no words for" in w or not w.strip() or "{what}" in w]
    assert bare == []


def test_many_lines_cost_no_more_queries_than_few(world, bed, monkeypatch):
    """Names, records and reasons are looked up once for all lines: twice the lines, not twice the queries."""
    rosa, said = world.actor("rosa"), []
    run = type(database.db.obj).execute_sql
    monkeypatch.setattr(
        type(database.db.obj),
        "execute_sql",
        lambda self, sql, params=None: (said.append(sql), run(self, sql, params))[1],
    )

    def asked_for(most: int) -> int:
        lines, _ = trail.lines(asked(world, group="staff"), most=most)
        said.clear()
        telling.words_for(rosa, lines)
        return len(said)

    assert asked_for(20) == asked_for(10) > 0


# ---------------------------------------------------------------- no full scan


def plan(sql: str, values: list) -> str:
    """How the engine would find it. The tests' tables are small, so PostgreSQL is told not to scan or sort if it can
    help it: where an index fits the question it then has to show it."""
    if database.is_sqlite():
        return "\n".join(row[3] for row in database.rows(f"EXPLAIN QUERY PLAN {sql}", *values))
    for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
        database.db.execute_sql(f"SET {setting} = off")
    return "\n".join(row[0] for row in database.rows(f"EXPLAIN {sql}", *values))


QUESTIONS = [
    {},
    {"person": 7},
    {"person": 0},
    {"subject": "resident:1"},
    {"only": "refused"},
    {"only": "after"},
    {"group": "doses"},
    {"person": 7, "group": "orders"},
    {"subject": "resident:1", "person": 7},
    {"only": "refused", "subject": "resident:1"},
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@pytest.mark.parametrize("before", [None, (1_800_000_000_000_000, 50)], ids=["first page", "later page"])
def test_no_question_reads_the_whole_ledger_or_sorts_it(world, question, before):
    for walk in trail.walks(asked(world, **question)):
        said = plan(*trail.statement(asked(world, **question), walk, before, 41))
        if database.is_sqlite():
            assert "SEARCH ledger_line USING" in said and "SCAN" not in said and "TEMP B-TREE" not in said, said
        else:
            assert "Index Scan" in said and "Seq Scan" not in said and "Sort" not in said, said


def test_the_plan_would_notice(world):
    """The control: a question no index answers."""
    said = plan("SELECT id FROM ledger_line WHERE prev = ? ORDER BY hash || prev LIMIT 5", ["x"])
    assert "SCAN" in said or "Seq Scan" in said or "Sort" in said


def test_asking_writes_nothing_into_the_ledger(world, bed, browser):
    rosa = browser.sign_in("rosa")
    before = Line.select().count()
    rosa.get(LEDGER)
    rosa.get(f"{LEDGER}/access")
    assert Line.select().count() == before and ledger.verify() == []
