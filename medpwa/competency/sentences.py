"""What each verb of sign-off is called in a person's history, and what its rows say."""

from __future__ import annotations

from medpwa import clock
from medpwa.competency import queries
from medpwa.competency.models import Grant
from medpwa.competency.rules import date_words
from medpwa.competency.vocabulary import MAY_GIVE, STATES
from medpwa.ledger import HistoryLine
from medpwa.permits import Actor
from medpwa.staff.sentences import Details, ids_of

SENTENCES: dict[str, str] = {
    "competency.grant": "Sign-off",
    "competency.suspend": "Sign-off paused",
    "competency.end": "Sign-off ended",
}
TONES: dict[str, str] = {"competency.grant": "given", "competency.suspend": "blocked", "competency.end": "blocked"}


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """Each version in words: the skill, the state, its days and the reason."""
    ids = ids_of(lines, "skill_grant")
    return {("skill_grant", row.id): _words(row, who) for row in Grant.select().where(Grant.id.in_(ids))}


def _words(row: Grant, who: Actor) -> str:
    now = clock.now()
    start = date_words(row.valid_from, now, who.zone)
    words = f"{queries.label_of(who.home_id, row.skill, row.resident_id)}, {STATES[row.state].lower()} from {start}"
    if row.state in MAY_GIVE and row.valid_until is not None:
        words += f" until {date_words(row.valid_until, now, who.zone)}"
    return f"{words}. {row.reason}" if row.reason else words
