"""What the rows behind a line about an assessment say, for histories."""

from __future__ import annotations

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.ledger import HistoryLine
from medpwa.permits import Actor
from medpwa.practice.assessing_vocabulary import KIND_WORDS, OUTCOMES, PARTS
from medpwa.practice.models import (
    Assessment,
    AssessmentOutcome,
    AssessmentPart,
    AssessmentRequest,
    Booking,
    BookingEnd,
    Instrument,
    Observation,
    ObservationResult,
    ObservationSign,
)
from medpwa.staff import queries as staff
from medpwa.staff.sentences import Details, ids_of

_HOW = {"held": "it took place", "missed": "it was missed", "cancelled": "cancelled", "moved": "moved to another day"}
_SIGNED = {"observed": "as the one who watched", "was_observed": "as the one who was watched"}


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """What each row says, in words, under (table, id)."""
    found: dict[tuple[str, int | str], str] = {}
    for model, words in _WORDS:
        table = model._meta.table_name
        for row in model.select().where(model.id.in_(ids_of(lines, table))):
            found[table, row.id] = words(row, who)
    return found


def _booking(row: Booking, who: Actor) -> str:
    name = staff.names({row.assessor_id}).get(row.assessor_id, "somebody")
    when = clock.date_words(row.on_day)
    return f"{SKILLS.get(row.skill, row.skill)}, {when}, {row.round_name}, with {name}"


def _end(row: BookingEnd, who: Actor) -> str:
    when = clock.date_words(row.booking.on_day)
    return f"the booking of {when}: {_HOW[row.how]}" + (f". {row.words}" if row.words else "")


def _part(row: AssessmentPart, who: Actor) -> str:
    if row.out_of:
        return f"{PARTS[row.part]}, {row.score} of {row.out_of}, {'passed' if row.passed else 'not passed yet'}"
    where = f", {row.round_name}, {clock.date_words(row.on_day)}" if row.on_day else ""
    return f"{PARTS[row.part]}{where}"


def _result(row: ObservationResult, who: Actor) -> str:
    if row.abandoned:
        return f"ended early, counts as no round: {row.abandoned}"
    count = f"{len(row.doses)} {'dose' if len(row.doses) == 1 else 'doses'} seen"
    return f"watched to its end, {count}, {'passed' if row.passed else 'not passed'}"


def _outcome(row: AssessmentOutcome, who: Actor) -> str:
    until = f", until {clock.date_words(clock.local_day(row.valid_until, who.zone))}" if row.valid_until else ""
    return OUTCOMES[row.outcome][0] + until + (f". {row.words}" if row.words else "")


_WORDS = (
    (AssessmentRequest, lambda row, who: SKILLS.get(row.skill, row.skill)),
    (Booking, _booking),
    (BookingEnd, _end),
    (Instrument, lambda row, who: f"version {row.number}"),
    (Assessment, lambda row, who: f"{KIND_WORDS[row.kind]}: {', '.join(SKILLS.get(s, s) for s, _ in row.skills)}"),
    (AssessmentPart, _part),
    (Observation, lambda row, who: f"begins to watch the {row.round_name} round"),
    (ObservationResult, _result),
    (ObservationSign, lambda row, who: _SIGNED[row.meaning]),
    (AssessmentOutcome, _outcome),
)
