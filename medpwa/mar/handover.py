"""What one shift hands to the next, put together from the record: nobody has to remember it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.alerts import Acknowledgement, Alert
from medpwa.mar import comparing, effects, queries, recorded, refusing
from medpwa.mar import words as words_of
from medpwa.mar.models import RoundPart
from medpwa.mar.models_after import GapReview, GapStep
from medpwa.mar.queries import DoseLine
from medpwa.mar.refusal_vocabulary import REFUSALS
from medpwa.mar.shifts import ShiftSpan
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import AWAY
from medpwa.staff import queries as staff

MOST = 200  # lines of one section


@dataclass(frozen=True)
class Section:
    """One part of a hand-over: what it is about, its lines, and what it says when there are none."""

    heading: str
    lines: tuple[str, ...]
    none: str


@dataclass(frozen=True)
class _Look:
    """What every section is made from, read once."""

    who: Actor
    span: ShiftSpan
    at: dt.datetime
    people: dict[int, ResidentCard]
    lines: list[DoseLine]

    def name(self, resident_id: int) -> str:
        person = self.people.get(resident_id)
        return f"{person.name}, {person.room_words}" if person else "Somebody who has left"

    def time(self, moment: dt.datetime) -> str:
        return clock.stamp_words(moment, self.who.zone)

    def during(self, moment: dt.datetime | None) -> bool:
        return moment is not None and self.span.start_at <= moment < self.span.end_at


def summary(who: Actor, span: ShiftSpan, at: dt.datetime) -> tuple[Section, ...]:
    """The hand-over of a shift as it stands at a moment."""
    people = {r.id: r for r in residents.residents_at(who.home_id, at, include_left=True)}
    lines = queries.lines_between(who, min(span.start_at, at - queries.LOOK_BACK), at, at)
    look = _Look(who, span, at, people, [x for x in lines if x.order.resident_id in people])
    return tuple(Section(heading, _at_most(made(look)), none) for heading, made, none in _SECTIONS)


def _at_most(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines of a section; of more than anybody reads, how many are left out is said."""
    found = tuple(lines)
    left = len(found) - MOST
    return found if left <= 0 else (*found[:MOST], f"{left} more, which are on their own pages")


def _open(look: _Look) -> Iterable[str]:
    for x in look.lines:
        if x.state.open:
            _, words = recorded.state_words(x, look.at, look.who.zone)
            critical = " Time-critical." if x.order.time_critical else ""
            yield f"{look.name(x.order.resident_id)}: {words_of.medicine(x.order)}. {words}.{critical}"


def _gaps(look: _Look) -> Iterable[str]:
    concluded = concluded_gaps(look.who.home_id, look.at - queries.LOOK_BACK)
    for x in look.lines:
        if x.state.kind == "gap" and x.due_at >= look.at - queries.LOOK_BACK and x.place not in concluded:
            yield f"{look.name(x.order.resident_id)}: {words_of.medicine(x.order)}, due {look.time(x.due_at)}"


def concluded_gaps(home_id: int, since: dt.datetime) -> set[tuple[int, dt.datetime]]:
    """The gaps of a home that somebody has looked into to the end, by order line and due time."""
    ours = (GapReview.home == home_id) & (GapReview.due_at >= since) & GapStep.conclusion.is_null(False)
    rows = GapStep.select(GapReview.order_line, GapReview.due_at).join(GapReview).where(ours)
    return {(line_id, due) for line_id, due in rows.tuples()}


def _refused(look: _Look) -> Iterable[str]:
    for x in look.lines:
        for e in x.entries:
            if e.outcome in REFUSALS and not e.void and look.during(e.at):
                why = dict(OUTCOMES[e.outcome].reasons).get(e.reason, "")
                said = f" ({why[:1].lower()}{why[1:]})" if why else ""
                what = f"{words_of.medicine(x.order)}, refused {look.time(e.at)}{said}"
                yield f"{look.name(x.order.resident_id)}: {what}"


def _episodes(look: _Look) -> Iterable[str]:
    return (f"{r.title}: {r.why} {r.lead}" for r in refusing.waiting(look.who, look.at))


def _effects(look: _Look) -> Iterable[str]:
    for g in effects.open_effects(look.who.home_id, look.at):
        given, due = look.time(g.at), look.time(g.due_at)
        yield f"{look.name(g.resident_id)}: {words_of.medicine(g.order)}, given {given}. Whether it helped: due {due}"


def _orders(look: _Look) -> Iterable[str]:
    before: dict[int, OrderFacts] = {}
    for o in orders.orders_of_home(look.who.home_id):
        if look.during(o.keyed_at):
            reason = f". {o.reason}" if o.reason else ""
            waits = ". It waits for its second check" if not (o.checked or o.stopped or words_of.covered(o)) else ""
            what = f"{_what_happened(o, before.get(o.line_id))} {look.time(o.keyed_at)}: {words_of.medicine(o)}"
            yield f"{look.name(o.resident_id)}: {what}{reason}{waits}"
        before[o.line_id] = o


def _what_happened(o: OrderFacts, before: OrderFacts | None) -> str:
    if before is None:
        return "New"
    if o.in_error:
        return "Entered in error"
    if o.stopped:
        return "Stopped"
    if o.suspended:
        return "Suspended"
    return "Started again" if before.suspended else "Changed"


def _alarms(look: _Look) -> Iterable[str]:
    ours = (Alert.home_id == look.who.home_id) & (Alert.at >= look.span.start_at) & (Alert.at < look.span.end_at)
    alarms = list(Alert.select().where(ours & (Alert.to_verb != "work.see_failures")).order_by(Alert.at).limit(MOST))
    seen = Acknowledgement.select().where(Acknowledgement.alert.in_(alarms)).order_by(Acknowledgement.id)
    first: dict[int, Acknowledgement] = {}
    for a in seen:
        first.setdefault(a.alert_id, a)
    names = staff.names({a.by for a in first.values()})
    said: dict[str, list[Alert]] = {}
    for alarm in alarms:  # one alarm may have gone to several people in the same words
        said.setdefault(alarm.words, []).append(alarm)
    for words, same in said.items():
        acks = [first[a.id] for a in same if a.id in first]
        ack = min(acks, key=lambda a: a.id) if acks else None
        who = f"{names.get(ack.by, 'Somebody')} took it on {look.time(ack.at)}" if ack else "Nobody has taken it on yet"
        yield f"{look.time(same[0].at)}: {words} {who}."


def _away(look: _Look) -> Iterable[str]:
    stays = residents.stays_of_home(look.who.home_id)
    for r in look.people.values():
        if r.whereabouts in AWAY:
            note = f". {r.whereabouts_note}" if r.whereabouts_note else ""
            back = f". Expected back {look.time(r.expected_back)}" if r.expected_back else ""
            yield f"{r.name}: {r.whereabouts_words}{note}{back}"
        else:
            yield from _came_back(look, r, stays.get(r.id, ()))


def _came_back(look: _Look, r: ResidentCard, line) -> Iterable[str]:
    for before, stay in zip(line, line[1:], strict=False):
        if look.during(stay.valid_from) and before.state in AWAY and stay.state == "home":
            yield f"{r.name}: back {look.time(stay.valid_from)}"
        elif look.during(stay.valid_from) and stay.state not in ("home", *AWAY):
            yield f"{r.name}: {r.whereabouts_words}"


def _to_compare(look: _Look) -> Iterable[str]:
    return (f"{t.title}: {t.lead[:1].lower()}{t.lead[1:]}, {t.why}" for t in comparing.tasks(look.who, look.at))


def _parts(look: _Look) -> Iterable[str]:
    during = (RoundPart.at >= look.span.start_at) & (RoundPart.at < look.span.end_at)
    ours = (RoundPart.home == look.who.home_id) & during
    rows = list(RoundPart.select().where(ours).order_by(RoundPart.id))
    names = staff.names({row.by for row in rows})
    for row in rows:
        left = f"{len(row.still_open)} left open" if row.still_open else "nothing left open"
        note = f". {row.note}" if row.note else ""
        yield f"{row.round_name} round, {names.get(row.by, 'somebody')} {look.time(row.at)}: {left}{note}"


_SECTIONS: tuple[tuple[str, Callable[[_Look], Iterable[str]], str], ...] = (
    ("Doses still open", _open, "No dose is open."),
    ("Doses without a record, not settled yet", _gaps, "No gap of the last 24 hours is open."),
    ("Refused in this shift", _refused, "Nothing was refused."),
    ("Refusals to follow up", _episodes, "No refusal waits to be followed up."),
    ("When-required doses whose effect is not recorded", _effects, "No effect is outstanding."),
    ("Orders that began, changed or ended", _orders, "No order changed."),
    ("Alarms, and who took them on", _alarms, "There was no alarm."),
    ("Away, and back", _away, "Everybody is in the home."),
    ("Medicines lists to compare", _to_compare, "No list waits."),
    ("Ended parts of rounds", _parts, "Nobody ended a part of a round with a note."),
)


# ---------------------------------------------------------------- who can be told


def next_people(who: Actor, span: ShiftSpan) -> tuple[list[tuple[int, str]], str]:
    """Who takes over, with how we know: those whose duty covers the first minutes of the next shift; where no duties
    are recorded, everybody who works here."""
    begins = span.end_at
    duties = staff.duties_between(who.home_id, begins, begins + dt.timedelta(minutes=15))
    found = {d.person_id for d in duties if d.ends > begins + dt.timedelta(minutes=45)} - {who.person_id}
    names = staff.names(found)
    if names:
        return sorted(names.items(), key=lambda p: p[1]), "From the duties of the next shift."
    everybody = [(c.person_id, c.name) for c in staff.colleagues(who.home_id) if c.roles]
    return (
        sorted(((i, n) for i, n in everybody if i != who.person_id), key=lambda p: p[1]),
        "No duties are recorded for the next shift, so everybody who works here is listed.",
    )
