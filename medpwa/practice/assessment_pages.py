"""Assessments as pages show them: words and addresses, nothing to work out in a template."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from medpwa import clock
from medpwa.permits import Actor, may
from medpwa.practice import assessing_rules as rules
from medpwa.practice import assessments, bookings, doses_seen
from medpwa.practice.assessing_vocabulary import KIND_WORDS, MARKS, OUTCOME_TONES, OUTCOMES, PARTS
from medpwa.practice.assessments import Assessed, Observed, RoundFact
from medpwa.practice.instrument_rules import Domain, Template
from medpwa.staff import queries as staff

# ---------------------------------------------------------------- one assessment


@dataclass(frozen=True)
class PartLine:
    """One part of an assessment as a list shows it."""

    title: str
    words: str
    tone: str
    chip: str
    url: str
    action: str


@dataclass(frozen=True)
class RoundLine:
    """One observed round."""

    title: str
    words: str
    tone: str
    chip: str
    url: str
    reading: str


@dataclass(frozen=True)
class AssessmentPage:
    """One assessment with what is still missing."""

    sentence: str
    lead: str
    base: str
    file_url: str
    segments: list[str]
    progress: str
    parts: list[PartLine]
    rounds: list[RoundLine]
    missing: list[str]
    watching_url: str
    why_not_observe: str
    outcome: RoundLine | None
    own_words: list[str]
    may_change: bool
    may_decide: bool
    round_now: str
    rounds_running: list[tuple[str, str]] = field(default_factory=list)


def assessment(who: Actor, a: Assessed) -> AssessmentPage:
    """An assessment as the assessor and the managers read it."""
    seen, base = a.seen(), f"/h/{who.home_slug}/assessments/{a.id}"
    counted, needed = len(seen.counted), a.needs.rounds
    no = assessments.why_not_assessor(who.home_id, who.person_id, a.person_id, a.keys)
    no = no or rules.why_not_observe(a.needs, seen)
    open_ = a.outcome is None
    return AssessmentPage(
        sentence=_assessment_sentence(a, counted),
        lead=f"{KIND_WORDS[a.kind]}, {a.in_a_sentence}. Begun {clock.moment_words(a.row.at, who.zone)}.",
        base=base,
        file_url=f"/h/{who.home_slug}/competency/{a.person_id}",
        segments=["given"] * min(counted, needed) + ["coming"] * max(0, needed - counted),
        progress=f"{counted} of {needed} observed rounds passed",
        parts=_parts(a, base, who),
        rounds=[_round_line(who, a, r) for r in a.rounds],
        missing=rules.missing(a.template, a.needs, seen) if open_ else [],
        watching_url=f"/h/{who.home_slug}/observations/{a.watching.observation_id}" if a.watching else "",
        why_not_observe=no.words if no is not None else "",
        outcome=outcome_line(who, a),
        own_words=own_words(a),
        may_change=open_ and may("assess.observe", who),
        may_decide=open_ and may("assess.conclude", who) and who.person_id != a.person_id,
        round_now=bookings.round_running(who),
        rounds_running=[(name, name) for name in bookings.rounds_running(who)],
    )


def _assessment_sentence(a: Assessed, counted: int) -> str:
    if a.outcome is not None:
        return f"{a.name}’s assessment has ended"
    if a.watching is not None:
        return f"{a.name} is being watched now"
    return f"{a.name} has passed {counted or 'none'} of {a.needs.rounds} observed rounds"


def _parts(a: Assessed, base: str, who: Actor) -> list[PartLine]:
    found = []
    if a.needs.knowledge:
        found.append(_answers(a, "knowledge", f"{base}/knowledge", who))
    if a.needs.shadows:
        done = [p for p in a.parts if p.part == "shadow"]
        said = "; ".join(f"{p.round_name}, {clock.date_words(p.on_day)}" for p in done)
        enough = len(done) >= a.needs.shadows
        chip = f"{len(done)} of {a.needs.shadows}"
        tone = "given" if enough else "coming"
        found.append(PartLine("Shadowed rounds", said, tone, chip, f"{base}/shadow", "Add one"))
    if a.needs.scenarios:
        found.append(_answers(a, "scenario", f"{base}/scenario", who))
    return found


def _answers(a: Assessed, part: str, url: str, who: Actor) -> PartLine:
    done = [p for p in a.parts if p.part == part]
    if not done:
        return PartLine(PARTS[part], "", "coming", "Not yet", url, "Go through them")
    last = done[-1]
    words = f"{last.score} of {last.out_of}, {clock.moment_words(last.at, who.zone)}"
    words += f". {last.words}" if last.words else ""
    tone, chip = ("given", "Passed") if last.passed else ("late", "Not passed yet")
    return PartLine(PARTS[part], words, tone, chip, url, "Go through them again")


def own_words(a: Assessed) -> list[str]:
    """What the person assessed said themselves, oldest first."""
    said = [p.words for p in a.parts if p.part == "reflection"]
    signed = [r.signs["was_observed"].words for r in a.rounds if "was_observed" in r.signs]
    return said + [words for words in signed if words]


def _round_line(who: Actor, a: Assessed, r: RoundFact) -> RoundLine:
    watcher = staff.names({r.assessor_id}).get(r.assessor_id, "Somebody")
    title = f"{r.name}, {clock.moment_words(r.begun_at, who.zone)}"
    url = f"/h/{who.home_slug}/observations/{r.observation_id}"
    tone, chip, reading = round_state(a, r)
    return RoundLine(title, f"Watched by {watcher}", tone, chip, url, reading)


def round_state(a: Assessed, r: RoundFact) -> tuple[str, str, str]:
    """A round's tone, chip and the sentence behind it."""
    if r.result is None:
        return "due", "Being watched now", ""
    count = doses_seen.counted(r.result.doses)
    if r.result.abandoned:
        return "plain", "Ended early", f"It counts as none: {r.result.abandoned}"
    no = rules.round_passes(a.template, r.result.marks, len(r.result.doses))
    if no is not None:
        return "late", "Not passed", f"{no.words} {count}."
    if not r.signed:
        who = {"observed": "the assessor", "was_observed": a.name}
        lacking = [words for meaning, words in who.items() if meaning not in r.signs]
        return "waiting", "To be signed", f"By {' and '.join(lacking)}. {count}."
    return "given", "Passed", f"{count}. Both signed."


def outcome_line(who: Actor, a: Assessed) -> RoundLine | None:
    """How it ended, and who decided."""
    done = a.outcome
    if done is None:
        return None
    by = staff.names({done.by}).get(done.by, "somebody")
    until = f" until {clock.date_words(clock.local_day(done.valid_until, who.zone))}" if done.valid_until else ""
    when = f"{by}, {clock.moment_words(done.at, who.zone)}"
    return RoundLine(OUTCOMES[done.outcome][0] + until, when, OUTCOME_TONES[done.outcome], "", "", done.words)


# ---------------------------------------------------------------- one round


@dataclass(frozen=True)
class ItemLine:
    """One item with its mark."""

    key: str
    anchor: str
    words: str
    critical: bool
    mark: str
    mark_words: str


@dataclass(frozen=True)
class DomainLine:
    """One part of the instrument with its marks and its comment."""

    key: str
    number: int
    title: str
    items: list[ItemLine]
    comment: str
    count: str
    tone: str
    open: bool = False


def domains(
    template: Template, marks: Mapping[str, str], comments: Mapping[str, str], opened: Container[str] = ()
) -> list[DomainLine]:
    """Every part with its items as they are marked; those asked for are open."""
    return [domain_line(d, marks, comments, d.key in opened) for d in template.domains]


def first_to_mark(template: Template, marks: Mapping[str, str]) -> str:
    """The first part with anything unmarked."""
    return next((d.key for d in template.domains if any(i.key not in marks for i in d.items)), "")


def domain_line(d: Domain, marks: Mapping[str, str], comments: Mapping[str, str], opened: bool) -> DomainLine:
    """One part as it stands."""
    items = [
        ItemLine(i.key, i.anchor, i.words, i.critical, mark, MARKS.get(mark, ("", ""))[1])
        for i, mark in ((i, marks.get(i.key, "")) for i in d.items)
    ]
    done, bad = sum(1 for i in items if i.mark), sum(1 for i in items if i.mark == "not_met")
    count = f"{done} of {len(items)} marked" + (f", {bad} not met" if bad else "")
    tone = "late" if bad else "given" if done == len(items) else "coming"
    return DomainLine(d.key, d.number, d.title, items, comments.get(d.key, ""), count, tone, opened)


def signatures(who: Actor, o: Observed) -> list[str]:
    """Who put their name to a round, and when, in sentences."""
    meaning = {"observed": "watched", "was_observed": "was watched"}
    names = staff.names({s.by for s in o.fact.signs.values()})
    return [
        f"{names.get(s.by, 'Somebody')}, who {meaning[m]}, signed {clock.moment_words(s.at, who.zone)}"
        + (f": “{s.words}”" if s.words else ".")
        for m, s in sorted(o.fact.signs.items(), key=lambda pair: pair[1].id)
    ]
