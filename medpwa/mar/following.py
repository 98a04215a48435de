"""What somebody must follow up: who is told at once when it is recorded, and what of it still stands."""

from __future__ import annotations

import datetime as dt

from medpwa import alerts, clock, database
from medpwa.ledger import Pending
from medpwa.mar import deeds, extras, given, limits
from medpwa.mar import words as words_of
from medpwa.mar.models import GIVES, Entry
from medpwa.mar.queries import DueDose
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines import queries as orders
from medpwa.medicines.vocabulary import BY_VISITOR
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
        broken = {"second_give", *limits.BREACHES.values()}.intersection(entry.flags)
        ours = dose.order.route not in BY_VISITOR or bool(broken)
        return _by_other(by, whose, entry) if ours else ""
    if outcome.failure or entry.outcome == "visit_missed":
        due = clock.moment_words(dose.times.due_at, by.zone, seen_from=entry.at)
        why = dict(outcome.reasons).get(entry.reason, "")
        said = ". ".join(w for w in (why, extras.words(entry.outcome, entry.extra or {}), entry.note) if w)
        return f"{whose}, due {due}: {outcome.word.lower()}. {said}."
    if entry.outcome == "given_part" and dose.order.time_critical:
        return f"Only part of {whose} was taken, and it is time-critical."
    return ""


def _by_other(by: Actor, whose: str, entry: Entry) -> str:
    """Who gives an injection comes from outside; every other order is the home's own to give, so it is asked about."""
    when = clock.stamp_words(entry.given_at, by.zone)
    visit = entry.order_version.route in BY_VISITOR
    told = f"{by.name} recorded that {whose} was given by {entry.given_by}, {when}."
    told += "" if visit else " It was ours to give."
    told += given.breach_words(entry.flags)
    twice = " A give was recorded already: it may have been given twice. Make sure they are safe."
    return told + (twice if "second_give" in entry.flags else " Find out how that came about.")


# ---------------------------------------------------------------- what still stands

FOLLOWED_FOR = dt.timedelta(days=28)  # one cycle of medicines; older ones are in the record and the audits
FAILURES = tuple(name for name, o in OUTCOMES.items() if o.failure) + ("visit_missed",)
# One seek a line and kind: the newest failure, unless the line was given since, a correction replaced the entry, or a
# team leader has looked at it.
_STANDING = f"""SELECT max(e.id) FROM entry e WHERE e.order_line_id = l.id AND e.outcome = ? AND e.at > ?
    AND NOT EXISTS (SELECT 1 FROM entry g WHERE g.order_line_id = l.id AND g.outcome IN {GIVES} AND g.given_at > e.at)
    AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)
    AND NOT EXISTS (SELECT 1 FROM entry_confirmation k WHERE k.entry_id = e.id)"""


def standing_failures(home_id: int, at: dt.datetime) -> list[Entry]:
    """Failures of the last 28 days that still wait for somebody, oldest first: of each order the newest of a kind,
    until the medicine is given again, the order stops or somebody looked at it."""
    going = sorted({o.line_id for o in orders.latest_versions(orders.orders_of_home(home_id)) if not o.stopped})
    if not going:
        return []
    marks = ", ".join("?" * len(going))
    since, found = clock.micros(at - FOLLOWED_FOR), []
    for outcome in FAILURES:
        rows = database.rows(f"SELECT ({_STANDING}) FROM order_line l WHERE l.id IN ({marks})", outcome, since, *going)
        found += [row[0] for row in rows if row[0] is not None]
    return list(Entry.select().where(Entry.id.in_(found)).order_by(Entry.at))


def failure_words(entry: Entry) -> str:
    """A failure with all that was said of it: reason, who was asked, what was booked again, note."""
    outcome = OUTCOMES[entry.outcome]
    return ". ".join([outcome.word, *words_of.detail(entry, None)])
