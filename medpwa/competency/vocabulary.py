"""The skill catalogue and the states a sign-off can be in."""

SKILLS: dict[str, str] = {
    "oral": "Medicines by mouth",
    "topical": "Creams and ointments",
    "patch": "Patches",
    "drops": "Eye, ear and nose drops",
    "inhaler": "Inhalers",
    "controlled": "Controlled drugs",
    "cd_witness": "Witness for controlled drugs",
    "insulin": "Insulin",
    "peg": "Medicines by feeding tube",
    "buccal_midazolam": "Rescue midazolam",
    "prn_psychotropic": "When-required calming medicines",
    "warfarin": "Warfarin",
    "transcription": "Writing and checking medicine records",
}
# Delegated for one named person; competence does not carry over to another resident.
RESIDENT_SPECIFIC = frozenset({"insulin", "peg", "buccal_midazolam"})

STATES: dict[str, str] = {
    "not_started": "Not yet started",
    "knowledge_passed": "Shadowing",
    "assessing": "Being observed",
    "competent": "Signed off",
    "supervised_only": "Only when supervised",
    "suspended": "Paused",
    "ended": "Ended",
}
MAY_GIVE = frozenset({"competent"})
