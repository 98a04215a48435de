"""Who is told at once when an outcome is recorded that somebody must follow up."""

from __future__ import annotations

from medpwa import alerts, clock
from medpwa.ledger import Pending
from medpwa.mar import deeds, extras, given
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.mar.queries import DueDose
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff


def alerts_of(by: Actor, about: ResidentCard, dose: DueDose, entry: Entry) -> list[Pending]:
    """A deed: the alert an entry raises to the shift leader, if it is one that needs somebody. Of a medicine that is
    not there, one a day: the others of that day stand in the record and on the decisions page."""
    words = _words(by, about, dose, entry)
    if not words:
        return []
    leader = staff.shift_leader(by.home_id)
    day = clock.local_day(entry.at, by.zone)
    gone = entry.outcome == "not_available"
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"gone:{entry.order_line_id}:{day}" if gone else f"outcome:{entry.entry_id}",
        words=f"{words} {about.room_words}.".strip(),
        url=f"{about.url}/card",
        to_verb="mar.see_reports",
        to_person=leader.person_id if leader else None,
        subject=deeds.subject(about.id),
        raised_by=by.person_id,
    )


def _words(by: Actor, about: ResidentCard, dose: DueDose, entry: Entry) -> str:
    """What the shift leader must know of an entry; empty for one that needs nobody."""
    outcome, what = OUTCOMES[entry.outcome], words_of.medicine(dose.order)
    whose = f"{about.name}’s {what}"
    if entry.outcome == "given_by_other":
        return _by_other(by, whose, entry)
    if outcome.failure or entry.outcome == "visit_missed":
        due = clock.moment_words(dose.times.due_at, by.zone, seen_from=entry.at)
        why = dict(outcome.reasons).get(entry.reason, "")
        said = ". ".join(w for w in (why, extras.words(entry.outcome, entry.extra or {}), entry.note) if w)
        return f"{whose}, due {due}: {outcome.word.lower()}. {said}."
    if entry.outcome == "given_part" and dose.order.time_critical:
        return f"Only part of {whose} was taken, and it is time-critical."
    return ""


def _by_other(by: Actor, whose: str, entry: Entry) -> str:
    """Every order here is the home's own to give: that somebody else gave it is asked about."""
    when = clock.stamp_words(entry.given_at, by.zone)
    told = f"{by.name} recorded that {whose} was given by {entry.given_by}, {when}. It was ours to give."
    told += given.breach_words(entry.flags)
    twice = " A give was recorded already: it may have been given twice. Make sure they are safe."
    return told + (twice if "second_give" in entry.flags else " Find out how that came about.")
