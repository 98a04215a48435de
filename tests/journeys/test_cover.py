"""A manager reads Tuesday night's hole in the forecast and fills it, on a phone; a carer signs a talk on theirs."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from playwright.sync_api import expect

from medpwa import clock, database, web
from medpwa.practice import supervision_actions
from medpwa.practice.supervision_rules import Agreed, Talk
from tests import builders, people
from tests.conftest import NOW, settings_for
from tests.people import PASSWORD

pytestmark = pytest.mark.journey
TUESDAY = dt.date(2026, 11, 17)


def _in_the_home(home, do) -> None:
    """Do something through the actions on the database that is being served."""
    app = web.create_app(settings_for(home.database_url, home.var))
    with clock.standing(NOW), app.app_context(), database.db.connection_context():
        do(people.World(app.config["SETTINGS"]))


def _tuesday_night(world) -> None:
    """Ivy has a dose through her feeding tube on Tuesday at nine in the evening; Amina is alone that night."""
    system, ivy = world.system(), builders.resident(world.system(), "Harold", "Nkemelu", room="4")
    once = dict(starts_on=TUESDAY, ends_on=TUESDAY)
    builders.order(system, ivy.id, "lansoprazole", route="peg", times=("21:00",), required_skills=("peg",), **once)
    builders.sign_off(system, builders.person_id("sena"), "peg", resident_id=ivy.id)
    at = lambda day, time: clock.at_local(TUESDAY + dt.timedelta(days=day), dt.time.fromisoformat(time))  # noqa: E731
    # Everybody who is needed until Tuesday evening is there.
    builders.duty(system, "tolu", "shift_leader", at(-1, "07:00"), at(-1, "21:00"))
    builders.duty(system, "gil", "floor", at(-1, "07:00"), at(-1, "21:00"))
    builders.duty(system, "tolu", "shift_leader", at(0, "07:00"), at(0, "20:45"))
    builders.duty(system, "amina", "shift_leader", at(0, "20:45"), at(1, "07:00"))


def test_a_manager_reads_tuesday_nights_hole_and_fills_it(phones, home):
    _in_the_home(home, _tuesday_night)
    phone = phones("rosa")
    phone.page.goto(home.url("decisions"))
    row = phone.page.locator("main").get_by_text("Tuesday night").first
    expect(row).to_be_visible()
    phone.check()
    phone.page.goto(home.url("coverage"))
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text(
        "Tuesday night: nobody for medicines by feeding tube (room 4, 21:00)"
    )
    phone.check()
    phone.page.get_by_role("link", name="Sena Addo").first.click()
    expect(phone.page.get_by_label("Who", exact=True)).to_contain_text("Sena Addo")
    phone.check()
    phone.page.get_by_role("button", name="Put on duty").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Tuesday night is covered")
    expect(phone.page.get_by_role("status").filter(has_text="Filled")).to_contain_text("Sena Addo is on duty")
    phone.check()
    phone.page.goto(home.url("coverage"))
    expect(phone.page.get_by_role("heading", level=1)).not_to_contain_text("Tuesday night")
    phone.check()


def test_a_carer_reads_their_talk_and_signs_it_on_their_phone(phones, home):
    def write(world) -> None:
        agreed = (Agreed("Watch two more rounds on nights", world.person_id("tolu"), TUESDAY + dt.timedelta(days=7)),)
        said = {"wellbeing": "Nights are hard just now.", "strengths": "Calm with people who refuse."}
        talk = Talk("scheduled", dt.date(2026, 11, 16), said, actions=agreed, next_on=dt.date(2027, 1, 11))
        supervision_actions.write_up(
            by=world.actor("tolu"), person_id=world.person_id("amina"), note_id=str(uuid.uuid4()), talk=talk
        )

    _in_the_home(home, write)
    phone = phones("amina")
    phone.page.goto(home.url("supervision/mine"))
    phone.check()
    phone.page.get_by_role("link", name=re.compile("^Read and sign")).first.click()
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text("Tolu Bello talked with you")
    expect(phone.page.locator("main")).to_contain_text("Signing does not mean that I agree with every word")
    phone.check()
    phone.page.get_by_label("Your own words, if you like").fill("Two nights in a row would be easier.")
    phone.page.get_by_label("Your password, to sign for it").fill(PASSWORD)
    phone.page.get_by_role("button", name="Sign", exact=True).click()
    expect(phone.page.get_by_role("status").filter(has_text="Signed")).to_be_visible()
    expect(phone.page.locator("main")).to_contain_text("In their words: Two nights in a row would be easier.")
    phone.check()
