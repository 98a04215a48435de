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
# How a skill is called inside a sentence: "your sign-off for …".
IN_A_SENTENCE: dict[str, str] = {
    "oral": "medicines by mouth",
    "topical": "creams and ointments",
    "patch": "patches",
    "drops": "eye, ear and nose drops",
    "inhaler": "inhalers",
    "controlled": "controlled drugs",
    "cd_witness": "witnessing controlled drugs",
    "insulin": "insulin",
    "peg": "medicines by feeding tube",
    "buccal_midazolam": "rescue midazolam",
    "prn_psychotropic": "when-required calming medicines",
    "warfarin": "warfarin",
    "transcription": "writing and checking medicine records",
}
# A narrow column head for the table of people and skills.
SHORT: dict[str, str] = {
    "oral": "By mouth",
    "topical": "Creams",
    "patch": "Patches",
    "drops": "Drops",
    "inhaler": "Inhalers",
    "controlled": "Controlled drugs",
    "cd_witness": "Witness",
    "insulin": "Insulin",
    "peg": "Feeding tube",
    "buccal_midazolam": "Rescue midazolam",
    "prn_psychotropic": "When-required calming",
    "warfarin": "Warfarin",
    "transcription": "Records",
}
# Delegated for one named person; competence does not carry over to another resident.
RESIDENT_SPECIFIC = frozenset({"insulin", "peg", "buccal_midazolam"})
# Skills of giving; the others are of writing and watching.
GIVING = frozenset(SKILLS) - {"cd_witness", "transcription"}

STATES: dict[str, str] = {
    "not_started": "Not yet started",
    "learning": "Learning",
    "knowledge_passed": "Knowledge passed",
    "shadowing": "Shadowing",
    "assessing": "Being observed",
    "reassessment": "Being observed again",
    "development_needed": "Needs more practice",
    "not_competent": "Not competent",
    "competent": "Signed off",
    "supervised_only": "Only when supervised",
    "suspended": "Paused",
    "ended": "Ended",
}
MAY_GIVE = frozenset({"competent"})
# States a manager may set with "sign off"; pausing and ending are verbs of their own.
SETTABLE = ("competent", "supervised_only", "assessing", "knowledge_passed", "not_started")
# A sign-off in one of these can be paused or ended; in the others there is nothing to take away.
STANDING = frozenset({"knowledge_passed", "assessing", "competent", "supervised_only"})
