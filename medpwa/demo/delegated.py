"""Tasks a registered professional delegated for one resident, attested on a manager's screen. Names are invented."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from medpwa.competency import attestation_actions
from medpwa.competency.attestation_deeds import attested_by_words
from medpwa.competency.attestation_rules import Attested
from medpwa.demo import paper
from medpwa.permits import Actor


class Professional(NamedTuple):
    """Who delegates a task, and what they say about it."""

    name: str
    number: str
    organisation: str
    contact: str
    task: str
    plan: str
    consent: str
    stop: str
    strokes: tuple[tuple[tuple[int, int], ...], ...]


_SIGNED = (
    ((90, 250), (120, 110), (150, 250), (190, 180), (230, 250), (300, 170), (340, 240), (420, 190)),
    ((430, 120), (470, 260), (520, 160), (590, 250), (680, 200)),
)
BY_SKILL: dict[str, Professional] = {
    "insulin": Professional(
        "Joan Reid", "08J4417E", "Westmere Community Nursing", "01632 960 144, every day until 22:00",
        "Insulin glargine by pen at 21:00, blood glucose measured first",
        "Diabetes plan, in Harry’s care folder", "consents",
        "Below 4.0 or above 20, he does not eat, or the pen does not work: give nothing and ring", _SIGNED,
    ),
    "peg": Professional(
        "Paul Okafor", "11C2093B", "Westmere Enteral Feeding Team", "01632 960 187, weekdays until 18:00",
        "Medicines through the feeding tube, flushed before, between and after",
        "Feeding plan, in Ken’s care folder", "best_interests",
        "The tube does not flush, has moved, or he coughs or is sick: stop and ring", _SIGNED,
    ),
    "buccal_midazolam": Professional(
        "Ingrid Lowe", "14F7702A", "Epilepsy Nurse Service", "01632 960 131, weekdays until 17:00; else 111",
        "Midazolam into the cheek for a seizure of more than five minutes",
        "Rescue plan, in Ken’s care folder and on the inside of his door", "best_interests",
        "Not stopped five minutes later, or a second seizure: call 999 and stay", _SIGNED,
    ),
}  # fmt: skip

# How the sign-offs that rest on them are worded.
OWN_WORDS = frozenset(attested_by_words(who.name, "NMC", who.number) for who in BY_SKILL.values())


def attest(
    by: Actor, person_id: int, skill: str, resident_id: int, assessed_on: dt.date, review_on: dt.date, letter: str = ""
) -> None:
    """Have the professional of a skill attest it for somebody, with their letter where one is named."""
    who = BY_SKILL[skill]
    kept = paper.keep(by, person_id, "Letter of delegation", who.organisation, _letter(who, letter)) if letter else None
    said = Attested(
        skill=skill,
        resident_id=resident_id,
        professional=who.name,
        register="NMC",
        register_number=who.number,
        organisation=who.organisation,
        contact=who.contact,
        task=who.task,
        plan=who.plan,
        consent=who.consent,
        stop_conditions=who.stop,
        assessed_on=assessed_on,
        review_on=review_on,
        accepted=True,
        strokes=who.strokes,
        paper_id=kept,
    )
    attestation_actions.attest(by=by, person_id=person_id, said=said)


def _letter(who: Professional, to: str) -> tuple[str, ...]:
    return (f"Delegated to {to}", who.task, f"Stop when: {who.stop}", f"{who.name}, NMC {who.number}")
