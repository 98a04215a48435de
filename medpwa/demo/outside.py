"""Nadia comes from an agency: shown the home in the morning, with her agency's paper, watched on her first round."""

from __future__ import annotations

import datetime as dt
import uuid

from medpwa.demo import paper
from medpwa.demo.telling import Steps, Story
from medpwa.practice import induction_actions
from medpwa.practice.induction_rules import Shown
from medpwa.practice.induction_vocabulary import FROM_A_PAPER, ITEMS

WHO, DAY, AT, SHOWN_BY = "S15", -22, "07:05", "S2"
AGENCY, CONTACT = "Brightwell Care Staffing", "01632 960 162, day and night"
ASSESSED, PAPER_ENDS = -327, 38  # the agency's own assessment was ten months old on D0


def steps(story: Story) -> Steps:
    """Her first morning."""
    if story.whole:
        yield story.at(DAY, AT), lambda: _induct(story)


def _induct(story: Story) -> None:
    by, person_id = story.actor(SHOWN_BY), story.person[WHO]
    seen = story.d0 + dt.timedelta(days=ASSESSED)
    lines = ("Nadia Karim, senior carer", f"Medicines competency assessed on {seen:%d.%m.%Y}",
             "By mouth, creams, patches, drops, inhalers", "Identity and right to work seen")  # fmt: skip
    kept = paper.keep(by, person_id, "Agency profile", AGENCY, lines)
    said = Shown(
        induction_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:induction:{story.d0}:{WHO}")),
        agency=AGENCY,
        agency_contact=CONTACT,
        paper_id=kept,
        paper_expires_on=story.d0 + dt.timedelta(days=PAPER_ENDS),
        items=frozenset(ITEMS),
        skills=FROM_A_PAPER,
        assessor_id=by.person_id,
        on_day=story.d0 + dt.timedelta(days=DAY),
        round_name="Morning",
    )
    induction_actions.record(by=by, person_id=person_id, said=said)
