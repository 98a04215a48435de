"""Words for people who work in a home: roles and duties, and what each is called on a screen."""

ROLES: dict[str, str] = {
    "carer": "Carer",
    "senior_carer": "Senior carer",
    "team_leader": "Team leader",
    "deputy_manager": "Deputy manager",
    "registered_manager": "Registered manager",
    "quality_lead": "Quality lead",
}
PROVIDER_ROLES: dict[str, str] = {"nominated_individual": "Nominated individual"}
ALL_ROLES = ROLES | PROVIDER_ROLES

DUTIES: dict[str, str] = {
    "floor": "On the floor",
    "shift_leader": "Shift leader",
    "on_call": "On call",
}
