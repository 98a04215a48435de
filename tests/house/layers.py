"""Which layer every file of a package stands on. A file named by a domain word is listed here when it is made; all
others say it by the last word of their name (`report_views.py` is a view)."""

from __future__ import annotations

from tests.house.source import Module

# Lowest first. Imports inside a package go to the same or a lower layer, never up.
LAYERS = ("vocabulary", "rules", "models", "queries", "actions", "views")
SAME = {"deeds": "queries", "forms": "views", "sentences": "queries"}

DOMAIN_WORDS: dict[str, str] = {
    # what is typed at the door and on forms, without knowing Flask
    "staff/typed": "rules",
    "staff/duty_lines": "rules",
    "residents/details": "rules",
    "residents/photos": "queries",
    "medicines/keying": "rules",
    "medicines/agreement": "rules",
    "medicines/bounds": "rules",
    "medicines/protocol": "rules",
    "medicines/changes": "rules",
    "medicines/typed": "views",
    "medicines/form_choices": "views",
    "medicines/order_typed": "views",
    "medicines/advice": "queries",
    "medicines/advice_history": "queries",
    "medicines/amounts": "rules",
    "medicines/due": "rules",
    "medicines/guard": "rules",
    "medicines/recurrence": "rules",
    "medicines/schedules": "rules",
    "mar/refusals": "rules",
    "mar/rounds": "rules",
    "mar/shifts": "rules",
    "mar/states": "rules",
    "mar/limits": "rules",
    "mar/timing": "rules",
    "medicines/writing": "rules",
    # answers assembled for one screen, or read by several
    "staff/devices": "queries",
    "staff/person": "queries",
    "staff/roster": "queries",
    "staff/team": "queries",
    "residents/codes": "queries",
    "residents/history": "queries",
    "residents/label_pages": "queries",
    "residents/labels": "queries",
    "residents/lists": "queries",
    "residents/record": "queries",
    "competency/file": "queries",
    "competency/matrix": "queries",
    "medicines/history": "queries",
    "medicines/preview": "queries",
    "medicines/shown": "queries",
    "medicines/order_facts": "queries",
    "medicines/order_page": "queries",
    "medicines/insists": "queries",
    "mar/absence": "queries",
    "mar/card": "queries",
    "mar/comparing": "queries",
    "mar/followed": "queries",
    "mar/handover": "queries",
    "mar/entries": "queries",
    "mar/given": "queries",
    "mar/given_facts": "queries",
    "mar/prn": "queries",
    "mar/prn_review": "queries",
    "mar/effects": "queries",
    "mar/prn_watch": "actions",
    "mar/helping": "queries",
    "mar/missing": "queries",
    "mar/history": "queries",
    "mar/judging": "queries",
    "mar/lateness": "queries",
    "mar/now": "queries",
    "mar/refusing": "queries",
    "mar/reports": "queries",
    "mar/beside": "queries",
    "mar/confirmations": "queries",
    "mar/phone_clock": "queries",
    "mar/measures": "queries",
    "mar/tickets": "queries",
    "mar/letters": "queries",
    "mar/outcome_letters": "queries",
    "mar/words": "queries",
    "mar/recorded": "queries",
    "mar/extras": "rules",
    "mar/witnesses": "queries",
    "mar/intents": "queries",
    "mar/following": "queries",
    "mar/recording": "actions",
    "mar/models_after": "models",
    "practice/coverage": "queries",
    "practice/coverage_pages": "queries",
    "practice/supervision_agenda": "queries",
    "practice/supervision_pages": "queries",
    "checks/needs": "queries",
    "checks/wall": "queries",
    "desk/access": "queries",
    "desk/chain_checks": "queries",
    "desk/ledger_page": "queries",
    "desk/printed_doses": "queries",
    "desk/printout": "queries",
    "desk/telling": "queries",
    "desk/trail": "queries",
    "desk/cover": "queries",
    "desk/truth": "queries",
    # writers of working rows beside the deeds
    "staff/sessions": "queries",
    # verbs
    "staff/founding": "actions",
    "mar/watch": "actions",
    "mar/list_watch": "actions",
    "mar/refusal_watch": "actions",
    "mar/gap_watch": "actions",
    "mar/asking": "actions",
    "mar/order_ending": "actions",
    "mar/stops": "actions",
    "staff/watch": "actions",
    # what stands around a request
    "staff/lock": "views",
    "staff/phone": "views",
    "staff/pins": "views",
    "staff/signin": "views",
    "mar/scanning": "views",
    "mar/moments": "views",
    "staff/stepup": "views",
    "desk/decisions": "queries",
    "desk/menu": "views",
    "desk/specimens": "queries",
}
# The shared modules that know the packages: they put the application together.
ASSEMBLY = frozenset({"web", "cli", "models", "server", "serving", "notes_seal"})


def key(module: Module) -> str:
    """How a file is named in the table above."""
    return f"{module.package}/{module.stem}"


def layer(module: Module) -> str | None:
    """The layer a package's file stands on; None where nobody said."""
    if key(module) in DOMAIN_WORDS:
        return DOMAIN_WORDS[key(module)]
    word = module.stem.rpartition("_")[2]
    word = SAME.get(word, word)
    return word if word in LAYERS else None
