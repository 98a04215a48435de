"""The skill catalogue and the states a sign-off can be in.

The catalogue follows domain page 5.2. One skill covers tablets and liquids by mouth (an order of either asks for the
same observed round), and one covers writing and checking records.
"""

from __future__ import annotations

from typing import NamedTuple

_LEADING = ("senior_carer", "team_leader", "deputy_manager", "registered_manager")
_TEAM_LEADING = ("team_leader", "deputy_manager", "registered_manager")
_MANAGING = ("deputy_manager", "registered_manager")
_CARE = ("carer", *_LEADING)


class Skill(NamedTuple):
    """One skill: its name, how it is called inside a sentence, a narrow column head, the roles that need it unless a
    home says otherwise, and what it is for: `give` a technique of giving, `watch`, `write` or `look after`."""

    name: str
    sentence: str
    short: str
    roles: tuple[str, ...] = ()
    kind: str = "give"


CATALOGUE: dict[str, Skill] = {
    "oral": Skill("Medicines by mouth", "medicines by mouth", "By mouth", _LEADING),
    "topical": Skill("Creams and ointments", "creams and ointments", "Creams", _LEADING),
    "patch": Skill("Patches", "patches", "Patches"),
    "drops": Skill("Eye, ear and nose drops", "eye, ear and nose drops", "Drops", _LEADING),
    "inhaler": Skill("Inhalers", "inhalers", "Inhalers", _LEADING),
    "nebuliser": Skill("Nebulisers", "nebulisers", "Nebulisers"),
    "oxygen": Skill("Oxygen", "oxygen", "Oxygen"),
    "controlled": Skill("Controlled drugs", "controlled drugs", "Controlled drugs", _TEAM_LEADING),
    "cd_witness": Skill(
        "Witness for controlled drugs", "witnessing controlled drugs", "Witness", _TEAM_LEADING, "watch"
    ),
    "insulin": Skill("Insulin", "insulin", "Insulin"),
    "blood_glucose": Skill("Blood glucose checks", "blood glucose checks", "Glucose"),
    "peg": Skill("Medicines by feeding tube", "medicines by feeding tube", "Feeding tube"),
    "buccal_midazolam": Skill("Rescue midazolam", "rescue midazolam", "Rescue midazolam"),
    "suppository": Skill("Suppositories and enemas", "suppositories and enemas", "Suppositories"),
    "sc_other": Skill("Injections under the skin", "injections under the skin", "Injections"),
    "catheter_meds": Skill("Medicines into a catheter", "medicines into a catheter", "Catheter"),
    "thickener": Skill("Thickened drinks", "thickened drinks", "Thickener"),
    "prn_psychotropic": Skill(
        "When-required calming medicines", "when-required calming medicines", "When-required calming"
    ),
    "warfarin": Skill("Warfarin", "warfarin", "Warfarin"),
    "homely_remedy": Skill("Homely remedies", "homely remedies", "Homely remedies"),
    "covert": Skill("Medicines given covertly", "medicines given covertly", "Covert"),
    "transcription": Skill(
        "Writing and checking medicine records", "writing and checking medicine records", "Records", _TEAM_LEADING,
        "write",
    ),
    "ordering_receipt": Skill(
        "Ordering and receiving medicines", "ordering and receiving medicines", "Ordering", _TEAM_LEADING, "look after"
    ),
    "disposal": Skill("Returning and disposal", "returning and disposal", "Disposal", _TEAM_LEADING, "look after"),
    "fridge_stock": Skill("Fridge and stock checks", "fridge and stock checks", "Fridge", _TEAM_LEADING, "look after"),
    "self_admin_assess": Skill(
        "Assessing who can take their own", "assessing who can take their own medicines", "Own medicines", (), "watch"
    ),
    "emar_use": Skill("Using this app", "using this app", "This app", _CARE, "write"),
    "audit": Skill("Medicines audits", "medicines audits", "Audits", ("quality_lead",), "watch"),
    "assessor": Skill("Assessing colleagues", "assessing colleagues", "Assessor", _MANAGING, "watch"),
}  # fmt: skip
SKILLS: dict[str, str] = {key: skill.name for key, skill in CATALOGUE.items()}
# How a skill is called inside a sentence: "your sign-off for …".
IN_A_SENTENCE: dict[str, str] = {key: skill.sentence for key, skill in CATALOGUE.items()}
# A narrow column head for the table of people and skills.
SHORT: dict[str, str] = {key: skill.short for key, skill in CATALOGUE.items()}
# Delegated for one named person; competence does not carry over to another resident.
RESIDENT_SPECIFIC = frozenset({"insulin", "peg", "buccal_midazolam"})
# Skills of giving, which an order may ask for; the others are of writing, watching and looking after.
GIVING = frozenset(key for key, skill in CATALOGUE.items() if skill.kind == "give")
ORDER_SKILLS: dict[str, str] = {key: name for key, name in SKILLS.items() if key in GIVING}
# What a file names when it is missing, of somebody who gives other kinds: the rest is asked for by few orders.
OFTEN_ASKED = ("oral", "topical", "patch", "drops", "inhaler", "controlled", "prn_psychotropic", "warfarin")

MONTHS = 12  # of validity unless a home says otherwise: competency is reviewed yearly (NICE SC1)
FEWEST_MONTHS, MOST_MONTHS = 1, 36

STATES: dict[str, str] = {
    "not_required": "Not needed",
    "not_started": "Not yet started",
    "learning": "Learning",
    "knowledge_passed": "Course passed",
    "shadowing": "Shadowing",
    "assessing": "Being observed",
    "competent": "Signed off",
    "due": "Due",
    "due_soon": "Due soon",
    "expired": "Out of date",
    "development_needed": "More practice first",
    "not_competent": "Not ready yet",
    "supervised_only": "Only when supervised",
    "suspended": "Paused",
    "reassessment": "Being watched again",
    "ended": "Ended",
}
# What nobody writes down: who somebody is and the clock make it (competency/states.py).
DERIVED = frozenset({"not_required", "due", "due_soon", "expired"})
MAY_GIVE = frozenset({"competent"})
