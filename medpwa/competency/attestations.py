"""Delegated tasks of a person, as a registered professional attested them: how each stands, in words."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import attestation_rules, papers, queries, rules
from medpwa.competency.attestation_deeds import attested_by_words
from medpwa.competency.attestation_vocabulary import CONSENTS, REGISTERS, WITHDREW
from medpwa.competency.models import Attestation, AttestationEnd, Grant
from medpwa.competency.vocabulary import MAY_GIVE
from medpwa.errors import NotFound
from medpwa.permits import Actor, may
from medpwa.staff import queries as staff
from medpwa.staff.queries import HIGHEST_ID


@dataclass(frozen=True)
class AttestationFacts:
    """An attestation, and whom its page concerns: what a permit asks about."""

    row: Attestation
    home_id: int
    person_id: int

    @property
    def people(self) -> frozenset[int]:
        """Who may read it besides those who lead: the person it is about."""
        return frozenset({self.person_id})


@dataclass(frozen=True)
class AttestationLine:
    """One attestation as a list shows it."""

    url: str
    label: str  # insulin for whom
    attested_by: str
    tone: str
    chip: str
    icon: str
    when: str
    stands: bool


@dataclass(frozen=True)
class AttestationPage:
    """One attestation, whole."""

    line: AttestationLine
    name: str
    rows: list[dict[str, str]]
    signature_path: str
    statement: str
    paper_url: str
    paper_words: str
    ended_words: str
    withdraw_url: str
    back: str


def attestation_of(by: Actor, attestation_id: int, **_: object) -> AttestationFacts:
    """An attestation of the actor's home, else NotFound."""
    row = None
    if 0 < attestation_id < HIGHEST_ID:
        row = Attestation.get_or_none((Attestation.id == attestation_id) & (Attestation.home == by.home_id))
    if row is None:
        raise NotFound()
    return AttestationFacts(row, by.home_id, row.person_id)


def of_person(home_id: int, person_id: int) -> list[Attestation]:
    """Everything attested for a person in a home, newest first."""
    mine = (Attestation.home == home_id) & (Attestation.person == person_id)
    return list(Attestation.select().where(mine).order_by(Attestation.id.desc()))


def end_of(attestation_id: int) -> AttestationEnd | None:
    """How an attestation was withdrawn; None while it was not."""
    return AttestationEnd.get_or_none(AttestationEnd.attestation == attestation_id)


def attested_by(home_id: int, attestation_id: int) -> str:
    """Who attested what a sign-off rests on, in words for any page that shows it; empty for another home's."""
    row = Attestation.get_or_none((Attestation.id == attestation_id) & (Attestation.home == home_id))
    return "" if row is None else attested_by_words(row.professional, row.register, row.register_number)


def decides(row: Attestation) -> bool:
    """Whether the newest sign-off of this task rests on this attestation or on none: withdrawing it then ends it."""
    newest = (
        Grant.select(Grant.evidence)
        .where(
            (Grant.home == row.home_id)
            & (Grant.person == row.person_id)
            & (Grant.skill == row.skill)
            & (Grant.resident == row.resident_id)
        )
        .order_by(Grant.valid_from.desc(), Grant.id.desc())
        .first()
    )
    resting_on = (newest.evidence or {}).get("attestation", row.id) if newest is not None else None
    return resting_on == row.id


# ---------------------------------------------------------------- pages


def lines_of(who: Actor, person_id: int) -> list[AttestationLine]:
    """Every attestation of a person as a list shows it."""
    return [_line(who, row) for row in of_person(who.home_id, person_id)]


def _line(who: Actor, row: Attestation) -> AttestationLine:
    tone, chip, icon = _stands(who, row)
    until = rules.date_words(clock.at_local(row.review_on, clock.dt.time(), who.zone), clock.now(), who.zone)
    return AttestationLine(
        url=f"/h/{who.home_slug}/competency/attestations/{row.id}",
        label=queries.label_of(who.home_id, row.skill, row.resident_id),
        attested_by=attested_by_words(row.professional, row.register, row.register_number),
        tone=tone,
        chip=chip,
        icon=icon,
        when=f"review by {until}",
        stands=chip == "In force",
    )


def _stands(who: Actor, row: Attestation) -> tuple[str, str, str]:
    """Tone, words and picture of how an attestation stands now."""
    now = clock.now()
    if end_of(row.id) is not None:
        return "blocked", "Withdrawn", "shield-ban"
    if clock.local_day(now, who.zone) >= row.review_on:
        return "blocked", "Lapsed at its review", "shield-ban"
    if not decides(row):
        return "plain", "Replaced by a later one", "history"
    state = rules.state_of(
        queries.grants_of(who.home_id, row.person_id), row.skill, row.resident_id, now, who.zone
    ).state
    if state in MAY_GIVE:
        return "given", "In force", "circle-check"
    return "blocked", "Paused" if state == "suspended" else "Ended", "shield-ban"


def page_of(who: Actor, facts: AttestationFacts) -> AttestationPage:
    """One attestation with everything it says."""
    row, line = facts.row, _line(who, facts.row)
    end, paper = end_of(row.id), papers.facts_of(who.home_id, row.letter_id)
    signature = row.signature or {}
    may_end = end is None and may("competency.withdraw", who, facts)
    return AttestationPage(
        line=line,
        name=staff.names({row.person_id}).get(row.person_id, ""),
        rows=_rows(row),
        signature_path=attestation_rules.path_of(signature.get("strokes", [])),
        statement=signature.get("statement", ""),
        paper_url=f"/h/{who.home_slug}/papers/{paper.id}" if paper else "",
        paper_words=paper.words if paper else "",
        ended_words=_ended_words(who, end) if end else "",
        withdraw_url=f"{line.url}/withdraw" if may_end else "",
        back=f"/h/{who.home_slug}/competency/{row.person_id}/delegated" if may("competency.see", who) else "/me",
    )


def _rows(row: Attestation) -> list[dict[str, str]]:
    task, _, plan = row.task.partition("\nWritten plan: ")
    said = (
        ("Professional", f"{row.professional}, {row.register} {row.register_number}"),
        ("Register", REGISTERS[row.register][0]),
        ("Organisation", row.organisation),
        ("How to reach them", row.contact),
        ("What is delegated", task),
        ("Written plan", plan),
        ("Consent", CONSENTS[row.consent]),
        ("Assessed on", clock.date_words(row.assessed_on)),
        ("Review by", f"{clock.date_words(row.review_on)}; it no longer counts from that day"),
        ("Stop and call when", row.stop_conditions),
    )
    return [{"label": label, "value": value} for label, value in said if value]


def _ended_words(who: Actor, end: AttestationEnd) -> str:
    when = clock.moment_words(end.at, who.zone)
    return f"Withdrawn {when} by {WITHDREW[end.withdrawn_by]}: {end.reason}"
