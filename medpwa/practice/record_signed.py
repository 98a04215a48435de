"""What was decided about somebody: sign-offs, pauses, a professional's attestation, exceptions for one round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import peewee as pw

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency.attestation_vocabulary import WITHDREW
from medpwa.competency.models import Attestation, AttestationEnd, BreakGlass, BreakGlassSeen
from medpwa.competency.vocabulary import MAY_GIVE, SKILLS, STATES
from medpwa.permits import Actor
from medpwa.practice import gives
from medpwa.practice.evidence import Papers
from medpwa.practice.giving_rules import Dated
from medpwa.practice.record_event import Event, skill_key
from medpwa.staff import queries as staff

TAKEN_AWAY = frozenset({"suspended", "ended", "not_competent"})


def events(who: Actor, person_id: int) -> Iterator[Event]:
    """Everything that was decided about somebody in this home."""
    papers = Papers(who.home_id, who.zone)
    for same in _decisions(gives.dated_grants(who.home_id).get(person_id, ())):
        yield _granted(who, same, papers)
    yield from _attested(who, person_id)
    yield from _exceptions(who, person_id)


def _decisions(grants: Iterable[Dated]) -> Iterable[list[Dated]]:
    """What was decided together about several skills, as one; each in the order it was written."""
    found: dict[tuple, list[Dated]] = {}
    for g in grants:
        f = g.fact
        alike = (g.recorded_at, g.by, f.state, f.valid_from, f.valid_until, f.reason, str(g.evidence))
        found.setdefault(alike, []).append(g)
    return found.values()


def _label(who: Actor, same: list[Dated]) -> str:
    """The skills of a decision: `Medicines by mouth, patches`."""
    first, *others = (competency.label_of(who.home_id, g.fact.skill, g.fact.resident_id) for g in same)
    return ", ".join([first, *(f"{label[0].lower()}{label[1:]}" for label in others)])


def _granted(who: Actor, same: list[Dated], papers: Papers) -> Event:
    grant, fact = same[0], same[0].fact
    words = f"{_label(who, same)}: {STATES.get(fact.state, fact.state).lower()}"
    if fact.state in MAY_GIVE and fact.valid_until is not None:
        words += f" until {_day(who, fact.valid_until)}"
    rests = papers.rests(grant)
    entered = _entered(who, grant)
    detail = [fact.reason, rests.words if rests.found else "", entered]
    return Event(
        kind="suspensions" if fact.state in TAKEN_AWAY else "sign_offs",
        at=fact.valid_from,
        words=words,
        detail=". ".join(d.rstrip(".") for d in detail if d),
        by=rests.assessor,
        tone="blocked" if fact.state in TAKEN_AWAY else "given" if fact.state in MAY_GIVE else "due",
        skills=frozenset(skill_key(g.fact.skill, g.fact.resident_id) for g in same),
        day_only=clock.day_bounds(clock.local_day(fact.valid_from, who.zone), who.zone)[0] == fact.valid_from,
    )


def _entered(who: Actor, grant: Dated) -> str:
    """When it was entered, where that was not the day it began."""
    began, entered = (clock.local_day(at, who.zone) for at in (grant.fact.valid_from, grant.recorded_at))
    return "" if began == entered else f"Entered {clock.date_words(entered)}"


def _day(who: Actor, at) -> str:
    return clock.date_words(clock.local_day(at, who.zone))


def _attested(who: Actor, person_id: int) -> Iterator[Event]:
    mine = (Attestation.home == who.home_id) & (Attestation.person == person_id)
    for a in Attestation.select(Attestation).where(mine):
        key = frozenset({skill_key(a.skill, a.resident_id)})
        label = competency.label_of(who.home_id, a.skill, a.resident_id)
        words = f"{label}: attested by {a.professional}, {a.register} {a.register_number}"
        detail = f"{a.organisation}. {a.task}. Review by {clock.date_words(a.review_on)}"
        yield Event("sign_offs", a.at, words, detail, "", "given", key)
    ended = AttestationEnd.select(AttestationEnd, Attestation).join(Attestation).where(mine)
    for e in ended:
        label = competency.label_of(who.home_id, e.attestation.skill, e.attestation.resident_id)
        key = frozenset({skill_key(e.attestation.skill, e.attestation.resident_id)})
        yield Event(
            kind="suspensions",
            at=e.at,
            words=f"{label}: the delegation was withdrawn",
            detail=e.reason,
            by=WITHDREW[e.withdrawn_by],
            tone="blocked",
            skills=key,
        )


def _exceptions(who: Actor, person_id: int) -> Iterator[Event]:
    rows = (
        BreakGlass.select(BreakGlass, BreakGlassSeen.words.alias("answer"))
        .join(BreakGlassSeen, pw.JOIN.LEFT_OUTER)
        .where((BreakGlass.home == who.home_id) & (BreakGlass.person == person_id))
        .objects()
    )
    names = staff.names({b.by for b in rows})
    for b in rows:
        seen = "Not yet looked at by a manager" if b.answer is None else f"Looked at: {b.answer or 'seen'}"
        words = f"Was let give medicines for the {b.round_name} round without a sign-off"
        yield Event(
            "exceptions", b.starts_at, words, f"{b.reason}. {seen}", names.get(b.by, "somebody"), "flagged",
            frozenset(SKILLS),
        )  # fmt: skip
