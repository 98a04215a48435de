"""Every skill an order can ask for: named on its form, implied by its form, and asked at the gate for each dose."""

import pytest

from medpwa.competency import actions as competency
from medpwa.competency.vocabulary import GIVING, ORDER_SKILLS, RESIDENT_SPECIFIC, SKILLS
from tests import builders
from tests.browse import words
from tests.mar.steps import bedside

NEBULISER = dict(
    medicine="salbutamol", strength="2.5 mg/2.5 mL", form="nebuliser liquid", route="inhaled", dose_amount="2.5",
    dose_unit="mL",
)  # fmt: skip


@pytest.mark.parametrize("skill", sorted(GIVING - {"oral"}))
def test_the_gate_asks_for_every_skill_an_order_names_and_takes_it_on_the_next_request(world, skill):
    bed = bedside(world, required_skills=("oral", skill))
    amina, rosa = world.person_id("amina"), world.actor("rosa")
    whose = bed.resident.id if skill in RESIDENT_SPECIFIC else None
    if skill in builders.SIGNED_OFF["amina"]:
        competency.end(by=rosa, person_id=amina, skill=skill, reason="x")
    by = bed.open("amina")
    with pytest.raises(Exception, match=r"not signed off|was ended"):
        bed.record(by)
    assert bed.entries() == []
    builders.sign_off(rosa, amina, skill, resident_id=whose)
    assert bed.record(by).claim == 1


def test_an_inhaler_sign_off_does_not_cover_a_nebuliser(world):
    bed = bedside(world, **NEBULISER, required_skills=("nebuliser",))
    with pytest.raises(Exception, match="not signed off for nebulisers"):
        bed.record(bed.open("amina"))


def test_the_order_form_offers_the_skills_of_giving_and_no_other(browser, world):
    bed = bedside(world)
    page = browser.sign_in("sena").get(f"/h/rowan/residents/{bed.resident.id}/orders/new?pattern=daily")
    offered = {i["value"] for i in page.select("input[name=skill]")}
    assert offered == set(ORDER_SKILLS) == GIVING
    assert not offered & {"audit", "assessor", "transcription", "cd_witness", "emar_use", "fridge_stock"}
    assert all(SKILLS[s] in words(page) for s in GIVING)
