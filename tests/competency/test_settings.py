"""How long a sign-off counts and who needs it, as each home keeps it."""

import datetime as dt

import pytest

from medpwa import clock, ledger
from medpwa.competency import queries, setting_actions, settings
from medpwa.competency.models import SkillSetting
from medpwa.competency.vocabulary import CATALOGUE, RESIDENT_SPECIFIC, SKILLS
from medpwa.errors import Invalid, NotFound, NotPermitted
from medpwa.permits import LEADING_ROLES
from medpwa.staff.vocabulary import ROLES
from tests.browse import words
from tests.builders import resident, sign_off

PAGE = "/h/rowan/competency/settings"


def ends(world, username, skill, resident_id=None):
    grants = queries.grants_of(world.home().id, world.person_id(username))
    newest = max((g for g in grants if (g.skill, g.resident_id) == (skill, resident_id)), key=lambda g: g.id)
    return clock.local_day(newest.valid_until)


def test_the_catalogue_starts_with_a_year_and_known_roles(world):
    found = settings.settings_of(world.home().id)
    assert list(found) == list(CATALOGUE)
    assert {s.months for s in found.values()} == {12} and found["oral"].roles == LEADING_ROLES
    assert all(s.roles <= set(ROLES) for s in found.values())
    needed = settings.needed_by(world.home().id, {"carer"})
    assert needed == ("emar_use",), "nobody needs to give by being a carer: the home signs off whom it chooses"
    assert not set(settings.needed_by(world.home().id, set(ROLES))) & RESIDENT_SPECIFIC


def test_a_home_keeps_a_skill_for_fewer_months_and_new_sign_offs_follow(world):
    rosa, harold = world.actor("rosa"), resident(world.system(), "Harold", "Nkemelu").id
    before = ends(world, "amina", "oral")
    setting_actions.change(by=rosa, skill="insulin", months=6, roles=())
    setting_actions.change(by=rosa, skill="oral", months=24, roles=("carer", "senior_carer"))
    ben = world.person_id("ben")
    sign_off(rosa, ben, "oral", also=(("topical", None), ("insulin", harold)))
    assert ends(world, "ben", "insulin", harold) == dt.date(2027, 5, 16)
    assert ends(world, "ben", "topical") == dt.date(2027, 11, 16)
    assert ends(world, "ben", "oral") == dt.date(2028, 11, 16)
    assert ends(world, "amina", "oral") == before, "what was given keeps its end"
    assert "oral" in settings.needed_by(world.home().id, {"carer"})
    assert "oral" not in settings.needed_by(world.home().id, {"deputy_manager"})
    assert settings.settings_of(world.home("elm").id)["oral"].months == 12, "another home keeps its own"
    assert ledger.verify() == []


def test_saying_the_same_again_writes_nothing(world):
    rosa = world.actor("rosa")
    setting_actions.change(by=rosa, skill="oral", months=12, roles=tuple(LEADING_ROLES))
    assert SkillSetting.select().count() == 0
    setting_actions.change(by=rosa, skill="oral", months=6, roles=("carer",))
    lines = ledger.count_lines()
    setting_actions.change(by=rosa, skill="oral", months=6, roles=("carer",))
    assert (SkillSetting.select().count(), ledger.count_lines()) == (1, lines)


@pytest.mark.parametrize("username", ["amina", "sena", "tolu", "quinn", "nia"])
def test_only_managers_keep_the_skills(browser, world, username):
    with pytest.raises(NotPermitted):
        setting_actions.change(by=world.actor(username), skill="oral", months=6, roles=())
    them = browser.sign_in(username)
    them.get(PAGE, status=404)
    them.get(f"{PAGE}/change?skill=oral", status=404)
    them.post(f"{PAGE}/change", {"skill": "oral", "months": "6"}, status=403)
    assert SkillSetting.select().count() == 0


@pytest.mark.parametrize(("months", "roles"), [(0, ()), (37, ()), (12, ("emperor",))])
def test_what_cannot_be_kept_is_refused_in_words(world, months, roles):
    with pytest.raises(Invalid):
        setting_actions.change(by=world.actor("rosa"), skill="oral", months=months, roles=roles)
    with pytest.raises(NotFound):
        setting_actions.change(by=world.actor("rosa"), skill="juggling", months=12, roles=())
    assert SkillSetting.select().count() == 0


def test_a_manager_changes_a_skill_and_reads_who_changed_it(browser, world):
    rosa = browser.sign_in("rosa")
    page = rosa.get("/h/rowan/competency")
    assert page.select_one(f"a[href='{PAGE}']")
    page = rosa.get(PAGE)
    assert words(page.h1) == "Every sign-off counts for 12 months"
    assert all(name in words(page) for name in SKILLS.values())
    form = rosa.get(f"{PAGE}/change?skill=warfarin").find("form", action=f"{PAGE}/change")
    page = rosa.submit(form, months="6", roles=["team_leader"])
    assert "Warfarin is kept as you said" in words(page)
    assert words(page.h1) == "Sign-offs count for 12 months, but 1 skill counts otherwise"
    past = words(rosa.get(f"{PAGE}/change?skill=warfarin").find(class_="history"))
    assert "Counts for 6 months; needed by team leader" in past and "Rosa Quiroga" in past


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"months": ""}, "Type for how many months"),
        ({"months": "1.5"}, "as a figure"),
        ({"months": "６"}, "as a figure"),
        ({"months": "NaN"}, "as a figure"),
        ({"months": "99"}, "Choose 1 to 36"),
        ({"roles": ["emperor"]}, "from the list"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field_and_kept(browser, world, typed, says):
    rosa = browser.sign_in("rosa")
    form = rosa.get(f"{PAGE}/change?skill=oral").find("form", action=f"{PAGE}/change")
    page = rosa.submit(form, **({"months": "6", "roles": ["carer"]} | typed), status=422)
    assert says in words(page.select_one(".errors"))
    assert page.find(id="months")["value"] == typed.get("months", "6")
    rosa.get(f"{PAGE}/change?skill=juggling", status=404)
    rosa.get(f"{PAGE}/change", status=404)
    rosa.post(f"{PAGE}/change", {"skill": "juggling", "months": "6"}, status=404)
    assert SkillSetting.select().count() == 0


def test_the_second_of_two_managers_at_once_is_told(browser, world):
    rosa, dee = browser.sign_in("rosa"), browser.sign_in("dee")
    forms = [them.get(f"{PAGE}/change?skill=oral").find("form", action=f"{PAGE}/change") for them in (rosa, dee)]
    rosa.submit(forms[0], months="6")
    page = dee.submit(forms[1], months="24", status=422)
    assert "Rosa Quiroga changed this today 11:40" in words(page) and "Nothing was changed by you" in words(page)
    assert settings.settings_of(world.home().id)["oral"].months == 6
