"""What each verb of sign-off is called in a person's history, and what its rows say."""

from __future__ import annotations

from collections.abc import Iterator

from medpwa import clock
from medpwa.competency import queries
from medpwa.competency.models import BreakGlass, BreakGlassSeen, EvidenceFile, Grant, SkillSetting
from medpwa.competency.rules import date_words
from medpwa.competency.vocabulary import MAY_GIVE, SKILLS, STATES
from medpwa.ledger import HistoryLine
from medpwa.permits import Actor
from medpwa.staff.sentences import Details, ids_of, why_refused
from medpwa.staff.vocabulary import ROLES

SENTENCES: dict[str, str] = {
    "competency.grant": "Sign-off",
    "competency.suspend": "Sign-off paused",
    "competency.end": "Sign-off ended",
    "competency.settings": "Changed how long a sign-off counts, or who needs it",
    "competency.remind": "Reminded of a sign-off that ends",
    "competency.attest": "A delegated task was attested",
    "competency.withdraw": "A delegated task was withdrawn",
    "papers.keep": "A paper was kept",
    "glass.break": "Allowed to give for one round without being signed off",
    "glass.answer": "Answered an exception for one round",
}
REFUSED: dict[str, str] = {
    "competency.grant": "Tried to sign somebody off",
    "competency.suspend": "Tried to pause a sign-off",
    "competency.end": "Tried to end a sign-off",
    "competency.settings": "Tried to change how long a sign-off counts, or who needs it",
    "competency.remind": "Tried to remind of a sign-off that ends",
    "competency.attest": "Tried to have a delegated task attested",
    "competency.withdraw": "Tried to withdraw a delegated task",
    "papers.keep": "Tried to keep a paper",
    "glass.break": "Tried to allow somebody to give for one round without being signed off",
    "glass.answer": "Tried to answer an exception for one round",
}
TONES: dict[str, str] = {
    "competency.grant": "given",
    "competency.suspend": "blocked",
    "competency.end": "blocked",
    "competency.attest": "given",
    "competency.withdraw": "blocked",
    "glass.break": "flagged",
}


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """What each line decided, in words, under the key of its first row: skills decided alike are named together."""
    rows = {row.id: row for row in Grant.select().where(Grant.id.in_(ids_of(lines, "skill_grant")))}
    found = why_refused(lines) | dict(_papers(lines)) | _glass(lines, who)
    for row in SkillSetting.select().where(SkillSetting.id.in_(ids_of(lines, "skill_setting"))):
        found["skill_setting", row.id] = f"{SKILLS.get(row.skill, row.skill)}; {setting_words(row)}"
    for line in lines:
        mine = [rows[number] for table, number, _ in line.rows if table == "skill_grant" and number in rows]
        if mine:
            found["skill_grant", mine[0].id] = _words(mine, who, line.verb)
    return found


def _papers(lines: list[HistoryLine]) -> Iterator[tuple[tuple[str, int], str]]:
    """What papers were called when they were kept."""
    wanted = EvidenceFile.id.in_(ids_of(lines, "evidence_file"))
    for number, name in EvidenceFile.select(EvidenceFile.id, EvidenceFile.name).where(wanted).tuples():
        yield ("evidence_file", number), name


def _glass(lines: list[HistoryLine], who: Actor) -> Details:
    """Which round an exception was for, and why; what was said in answer to one."""
    found: Details = {}
    for row in BreakGlass.select().where(BreakGlass.id.in_(ids_of(lines, "break_glass"))):
        until = clock.time_words(row.ends_at, who.zone)
        start = clock.moment_words(row.starts_at, who.zone)
        found["break_glass", row.id] = f"{row.round_name} round, {start} to {until}. {row.reason}"
    for row in BreakGlassSeen.select().where(BreakGlassSeen.id.in_(ids_of(lines, "break_glass_seen"))):
        found["break_glass_seen", row.id] = row.words
    return found


def _words(rows: list[Grant], who: Actor, verb: str) -> str:
    labels = dict.fromkeys(queries.label_of(who.home_id, row.skill, row.resident_id) for row in rows)
    first, now = rows[0], clock.now()
    words = "; ".join(labels)
    if verb in ("competency.grant", "competency.attest"):
        stands = "attested" if verb == "competency.attest" else STATES[first.state].lower()
        words += f"; {stands} from {date_words(first.valid_from, now, who.zone)}"
        if first.state in MAY_GIVE and first.valid_until is not None:
            words += f" until {date_words(first.valid_until, now, who.zone)}"
    return f"{words}. {first.reason}" if first.reason else words


def setting_words(row: SkillSetting) -> str:
    """How a home kept a skill from a moment on, in words."""
    named = [words.lower() for role, words in ROLES.items() if role in row.roles]
    needed = f"needed by {', '.join(named)}" if named else "needed by no role as such"
    return f"Counts for {row.months} {'month' if row.months == 1 else 'months'}; {needed}"
