"""The table of people and skills: its cells, its figures, its filters, and what it hands to other programs."""

import csv
import datetime as dt
import io

import pytest

from medpwa import clock
from medpwa.competency import actions
from medpwa.competency.models import SkillSetting
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC, SKILLS
from medpwa.practice import gives, matrix, spans
from medpwa.practice.models import Booking, Certificate, Course
from tests.browse import words
from tests.builders import order, resident, sign_off
from tests.practice.giving import ago, corrected, give, kept

TABLE = "/h/rowan/competency"


def rows_of(page):
    return {words(tr.th): [words(td) for td in tr.find_all("td")] for tr in page.select("table.matrix tbody tr")}


def heads_of(page):
    return [words(th) for th in page.select("table.matrix thead th")][1:]


def figures_of(page):
    return {words(f.dt): words(f.select_one(".figure__value")) for f in page.select(".figure")}


# ---------------------------------------------------------------- cells


def test_without_a_dose_the_table_says_first_how_many_are_in_date_and_who_is_not(browser, world):
    page = browser.sign_in("rosa").get(TABLE)
    assert words(page.h1) == "6 of 7 people who give medicines are in date"
    assert words(page.select_one(".lead")) == "Cara’s sign-off has ended. A month ago it was all 7."
    rows = rows_of(page)
    assert rows["Cara Lund Carer"][0] == "Out of date 15 Nov"
    assert rows["Amina Okoro Carer"][0] == "In date to 30 Apr"
    assert rows["Ben Hale Carer"][0] == "Not needed"
    assert list(rows)[0].startswith("Rosa Quiroga") and "agency" in list(rows)[-1]


def test_every_state_has_its_own_cell(browser, world):
    rosa, ben = world.actor("rosa"), world.person_id("ben")
    sign_off(rosa, ben, "oral", state="assessing", reason="1 of 3 observed rounds passed")
    sign_off(rosa, ben, "topical", state="knowledge_passed", reason="none of 3 observed yet")
    sign_off(rosa, ben, "patch", state="supervised_only")
    sign_off(rosa, ben, "drops", state="not_started")
    sign_off(rosa, ben, "inhaler", valid_until=clock.now() + dt.timedelta(days=18))
    sign_off(rosa, ben, "warfarin", valid_until=clock.now() + dt.timedelta(days=50))
    actions.suspend(by=rosa, person_id=world.person_id("sena"), skill="oral", reason="2 of 3 rounds passed since")
    page = browser.sign_in("tolu").get(TABLE)
    rows, place = rows_of(page), heads_of(page).index("Warfarin")
    assert rows["Ben Hale Carer"][:5] == [
        "Observed 1 of 3", "Shadowing 0 of 3", "Supervised only", "Not yet started", "Due soon 4 Dec",
    ]  # fmt: skip
    assert rows["Ben Hale Carer"][place] == "Due 5 Jan"
    assert rows["Sena Addo Senior carer"][0] == "Paused 2 of 3 done"
    assert "Sena is paused" in words(page.select_one(".lead"))


def book(world, username, skill, days, **changes):
    by = world.actor("rosa")
    day = clock.local_day(clock.now()) + dt.timedelta(days=days)
    values = dict(booking_id=f"b{username}{skill}", person=world.person_id(username), skill=skill, kind="initial",
                  assessor=by.person_id, on_day=day, round_name="Morning", home=by.home_id, at=clock.now(),
                  by=by.person_id)  # fmt: skip
    return kept(by, Booking, **values | changes)


def test_a_booking_is_blue_and_one_that_was_missed_stands_out(browser, world):
    book(world, "cara", "oral", 4)
    book(world, "cara", "topical", -3)
    book(world, "amina", "oral", 4)
    page = browser.sign_in("rosa").get(TABLE)
    rows = rows_of(page)
    ended = "out of date 15 Nov"
    assert rows["Cara Lund Carer"][:2] == [f"Booked 20 Nov, {ended}", f"Missed booked 13 Nov, {ended}"]
    assert rows["Amina Okoro Carer"][0] == "In date to 30 Apr", "a booking far ahead of the end hides nothing"
    assert words(page.h1).startswith("6 of 7"), "who is booked is not in date for it"
    assert page.select_one("a.cell.tone-booked")


def test_a_skill_a_role_needs_and_somebody_never_had_is_red_and_counts(browser, world):
    by = world.actor("rosa")
    kept(by, SkillSetting, home=by.home_id, skill="warfarin", months=12, roles=["senior_carer"],
         valid_from=clock.now(), at=clock.now(), by=by.person_id)  # fmt: skip
    page = browser.sign_in("rosa").get(TABLE)
    place = heads_of(page).index("Warfarin")
    rows = rows_of(page)
    assert rows["Sena Addo Senior carer"][place] == "Missing needed"
    assert rows["Amina Okoro Carer"][place] == "Not needed"
    foot = [words(td) for td in page.select("table.matrix tfoot td")]
    assert foot[place] == "0 of 1" and foot[0] == "6 of 7"


def test_courses_are_columns_with_their_own_ends(browser, world):
    by, today = world.actor("rosa"), clock.local_day(clock.now())
    kept(by, Course, home=by.home_id, code="awareness", name="Medicines awareness", months=12, roles=["carer"],
         valid_from=ago(200), at=ago(200), by=by.person_id)  # fmt: skip
    for n, (username, days, ends) in enumerate(
        (("amina", 30, None), ("ben", 400, None), ("cara", 340, None), ("sena", 10, 20))
    ):
        ends_on = None if ends is None else today + dt.timedelta(days=ends)
        kept(by, Certificate, home=by.home_id, certificate_id=f"c{n}", person=world.person_id(username),
             course="awareness", taken_on=today - dt.timedelta(days=days), expires_on=ends_on, at=clock.now(),
             by=by.person_id)  # fmt: skip
    page = browser.sign_in("rosa").get(f"{TABLE}?group=courses")
    assert heads_of(page) == ["Medicines awareness"]
    rows = {name.split()[0]: cells[0] for name, cells in rows_of(page).items()}
    assert rows["Amina"] == "In date to 17 Oct" and rows["Ben"] == "Expired 12 Oct"
    assert rows["Cara"] == "Due soon 11 Dec"
    assert rows["Sena"] == "In date to 6 Dec", "no role of hers asks for it, so nothing is due"
    assert rows["Gil"] == "Missing needed" and rows["Rosa"] == "Not needed"


# ---------------------------------------------------------------- doses


@pytest.fixture
def senna(world):
    """An order by mouth of somebody."""
    by = world.actor("rosa")
    return order(by, resident(by).id, since=ago(80))


def test_the_headline_is_of_those_who_gave_by_the_record_and_not_by_the_duty_list(browser, world, senna):
    by = world.actor("rosa")
    for username, days in (("amina", 1), ("amina", 2), ("cara", 3), ("cara", 0), ("sena", 1)):
        give(by, senna, world.person_id(username), ago(days, "08:00" if username != "sena" else "09:00"))
    give(by, senna, world.person_id("cara"), clock.now())
    rosa = browser.sign_in("rosa")
    page = rosa.get(TABLE)
    assert words(page.h1) == "2 of 3 people who gave medicines in the last 30 days were in date for every dose"
    assert "6 of 7 people who give medicines are in date." in words(page.select_one(".lead"))
    shown = figures_of(page)
    assert shown["People in date for every dose they gave, in the last 30 days"] == "2 of 3 (66.7 %)"
    assert shown["Doses given by somebody not signed off, in the last 30 days"] == "2 of 6"
    assert shown["In date now, of those expected to give"] == "6 of 7 (85.7 %)"
    assert rosa.get(f"{TABLE}?span=2026-Q3").h1.text.startswith("6 of 7"), "nobody gave a dose in that quarter"


def test_each_exception_opens_the_entries_it_is_made_of(browser, world, senna):
    by = world.actor("rosa")
    give(by, senna, world.person_id("ben"), ago(2), after_the_fact=True, claim=None, by=world.person_id("sena"))
    give(by, senna, world.person_id("ben"), ago(1), supervised_by=world.person_id("sena"), supervised_at=ago(1))
    give(by, senna, world.person_id("amina"), ago(1, "09:00"))
    rosa = browser.sign_in("rosa")
    page = rosa.get(rosa.get(TABLE).select_one(".figure a")["href"])
    assert words(page.h1) == "1 of 3 doses in the last 30 days was given by somebody not signed off"
    said = [words(li) for li in page.select("main ul.rows > li")]
    assert "Reported after it was given" in said[0] and "Recorded by Sena Addo" in said[0]
    assert "Medicines by mouth: not yet started" in said[0] and "Given by Ben Hale" in said[0]
    assert "Under supervision" in said[1] and "Sena Addo stood beside" in said[1]
    entry = page.select_one("main ul.rows a.row__name")["href"]
    assert "Ivy Cartledge" in words(rosa.get(entry))
    only = rosa.get(f"{TABLE}/doses?only=supervised")
    assert len(only.select("main ul.rows > li")) == 1


def test_a_dose_is_judged_when_it_was_given_and_a_sign_off_entered_afterwards_does_not_reach_back(world, senna):
    by, ben, home = world.actor("rosa"), world.person_id("ben"), world.home()
    give(by, senna, ben, ago(5))
    sign_off(by, ben, "oral", valid_from=ago(8), reason="The paper lay in the office")
    give(by, senna, ben, clock.now())
    found = gives.gives_between(home.id, ago(10), clock.now() + dt.timedelta(hours=1))
    assert [(j.give.given_at, j.lacked[0].entered_after) for j in found.not_in_date] == [(ago(5), True)]
    assert found.never_out_of_date == (set(), {ben})


def test_a_correction_counts_once_for_who_gave_and_not_for_who_corrected(world, senna):
    by, home = world.actor("rosa"), world.home()
    first = give(by, senna, world.person_id("cara"), ago(0, "09:00"))
    corrected(by, first, world.person_id("tolu"), ago(0, "10:00"), given_at=ago(2, "23:30"))
    struck = give(by, senna, world.person_id("ben"), ago(1))
    out = dict(outcome="struck", given_at=None, administered_by=None, claim=None)
    corrected(by, struck, by.person_id, ago(0, "10:00"), **out)
    found = gives.gives_between(home.id, ago(10), clock.now())
    assert (found.total, found.people, len(found.not_in_date)) == (1, {world.person_id("cara")}, 0)


def test_a_supervisor_who_is_not_signed_off_makes_no_supervised_dose(world, senna):
    by, home = world.actor("rosa"), world.home()
    give(by, senna, world.person_id("ben"), ago(0, "09:00"), supervised_by=world.person_id("cara"),
         supervised_at=ago(0, "09:00"))  # fmt: skip
    found = gives.gives_between(home.id, ago(1), clock.now())
    assert [j.way for j in found.not_in_date] == ["beside_not_in_date"] and not found.supervised


def test_delegated_skills_are_judged_for_the_resident_they_are_for(world):
    by, home, amina = world.actor("rosa"), world.home(), world.person_id("amina")
    ivy, harold = resident(by), resident(by, "Harold", "Nkemelu")
    insulin = dict(medicine="insulin glargine", route="mouth", required_skills=("oral", "insulin"), since=ago(20))
    own, other = order(by, ivy.id, **insulin), order(by, harold.id, **insulin)
    sign_off(world.system(), amina, "insulin", resident_id=ivy.id, valid_from=ago(19))
    give(by, own, amina, clock.now())
    give(by, other, amina, clock.now() + dt.timedelta(minutes=1))
    found = gives.gives_between(home.id, ago(1), clock.now() + dt.timedelta(hours=1))
    assert [j.give.resident_id for j in found.not_in_date] == [harold.id]


def test_what_is_delegated_is_needed_for_each_resident_by_what_was_decided_for_that_one(world):
    """Ended for one resident, it is still needed for the other; nobody's role needs either."""
    rosa, amina = world.actor("rosa"), world.person_id("amina")
    ivy, harold = resident(rosa), resident(rosa, "Harold", "Nkemelu")
    for whose in (ivy.id, harold.id):
        sign_off(world.system(), amina, "insulin", resident_id=whose, valid_from=ago(19))
    actions.end(by=rosa, person_id=amina, skill="insulin", resident_id=harold.id, reason="He does it himself now")
    today = clock.local_day(clock.now())
    page = matrix.matrix_page(rosa, matrix.Asked(spans.span_of("30", today, rosa.zone), group="delegated"))
    cells = {c.key: c.stands for c in next(r for r in page.rows if r.person_id == amina).cells}
    ours, his = cells[f"insulin:{ivy.id}"], cells[f"insulin:{harold.id}"]
    assert (ours.needed, ours.in_date, his.needed, his.state) == (True, True, False, "ended")
    assert [(c.in_date, c.needed) for c in page.columns] == [(1, 1), (0, 0)]


def test_whose_sign_off_was_ended_and_whose_role_needs_none_is_expected_no_more(browser, world):
    """The headline and the column are of the same people."""
    actions.end(by=world.actor("rosa"), person_id=world.person_id("amina"), skill="oral", reason="Moves to the kitchen")
    page = browser.sign_in("rosa").get(TABLE)
    assert words(page.h1) == "5 of 6 people who give medicines are in date"
    assert words(page.select("table.matrix tfoot td")[0]) == "5 of 6"


def test_doses_of_another_home_are_not_counted(world, senna):
    give(world.actor("rosa"), senna, world.person_id("ben"), ago(1))
    assert gives.gives_between(world.home("elm").id, ago(10), clock.now()).total == 0


# ---------------------------------------------------------------- filters and files


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("role=senior_carer", ["Sena"]),
        ("kind=agency", ["Gil"]),
        ("only=exceptions&group=giving", ["Rosa", "Dee", "Tolu", "Cara"]),
        ("role=carer&kind=own", ["Amina", "Ben", "Cara"]),
        ("kind=bank", []),
    ],
)
def test_filters_are_plain_addresses_and_say_how_many_they_leave_out(browser, world, query, names):
    page = browser.sign_in("rosa").get(f"{TABLE}?{query}")
    assert [name.split()[0] for name in rows_of(page)] == names
    left = 9 - len(names)
    assert f"{left} people are left out" in words(page.main)


def test_a_group_of_skills_shows_its_columns_alone(browser, world):
    page = browser.sign_in("rosa").get(f"{TABLE}?group=others")
    assert "Records" in heads_of(page) and "By mouth" not in heads_of(page)


@pytest.mark.parametrize("query", ["span=soon", "role=king", "group=x", "kind=x", "only=x", "span=2026-Q5"])
def test_an_address_that_is_not_ours_is_said_to_be_none(browser, world, query):
    browser.sign_in("rosa").get(f"{TABLE}?{query}", status=400)


def test_the_table_file_holds_a_line_a_cell_and_no_formula(browser, world):
    from medpwa.staff import actions as staff

    staff.change_person(by=world.actor("rosa"), person_id=world.person_id("ben"), given_name="=SUM(A1)",
                        family_name="@Hale", agency=False, bank=False)  # fmt: skip
    rosa = browser.sign_in("rosa")
    answer = rosa.client.get(f"{TABLE}/table.csv", headers={"Host": "localhost"})
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    body = answer.get_data(as_text=True)
    lines = list(csv.reader(io.StringIO(body.removeprefix("\ufeff"))))
    assert lines[0][:4] == ["Person", "Role", "Agency or bank", "Skill or course"]
    assert any(line[0] == "'=SUM(A1) @Hale" for line in lines)
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]
    amina = next(line for line in lines if line[0] == "Amina Okoro" and line[3] == "By mouth")
    assert amina[4:8] == ["yes", "yes", "In date", "to 30 Apr"] and amina[9] == "2027-04-30"


def test_the_paper_says_the_same_figures(browser, world, senna):
    give(world.actor("rosa"), senna, world.person_id("cara"), clock.now())
    rosa = browser.sign_in("rosa")
    screen, paper = rosa.get(TABLE), rosa.get(f"{TABLE}/print")
    assert words(screen.h1) == words(paper.h1)
    for name, value in figures_of(screen).items():
        assert f"{name}: {value}" in words(paper)


def test_the_paper_never_sets_more_than_twelve_columns_side_by_side_and_leaves_none_out(browser, world, senna):
    rosa, system = browser.sign_in("rosa"), world.system()
    for skill in (s for s in SKILLS if s not in RESIDENT_SPECIFIC):
        sign_off(system, world.person_id("amina"), skill)
    screen, paper = rosa.get(TABLE), rosa.get(f"{TABLE}/print")
    names = heads_of(screen)
    tables = paper.select("table.sheet__table--matrix")
    assert len(tables) > 1 and [words(th) for t in tables for th in t.select("thead th")[1:]] == names
    people = [len(t.select("tbody tr")) for t in tables]
    assert all(len(t.select("thead th")) <= 13 for t in tables) and set(people) == {people[0]}
    assert all(len(t.select("tbody tr")[0].select("td")) == len(t.select("tfoot td")) for t in tables)


@pytest.mark.parametrize("username", ["amina", "ben"])
def test_carers_open_neither_the_table_nor_what_is_behind_it(browser, world, username):
    them = browser.sign_in(username)
    for path in ("", "/print", "/table.csv", "/doses"):
        them.get(f"{TABLE}{path}", status=404)


def test_the_present_state_comes_from_the_products_own_query(world):
    found = matrix.expected_here(world.home().id)
    assert len(found) == 7
    span = spans.span_of("30", clock.local_day(clock.now()), "Europe/London")
    assert span.end - span.start == dt.timedelta(days=30, hours=1), "the clocks went back in those days"
