"""A resident's card as words and addresses: what may be given now, what stands in the way, what was recorded."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from medpwa import clock
from medpwa.competency import glass_queries
from medpwa.competency import queries as competency
from medpwa.competency.glass_queries import Glass
from medpwa.components import plain
from medpwa.mar import beside as beside_of
from medpwa.mar import (
    company,
    comparing,
    given,
    judging,
    letters,
    limits,
    openings,
    prn,
    proofs,
    queries,
    recorded,
    rules,
    states,
    tickets,
    witness_rules,
)  # fmt: skip
from medpwa.mar import words as words_of
from medpwa.mar.queries import DoseLine
from medpwa.mar.witness_rules import Witnessed
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines.shown import hold_words
from medpwa.permits import Actor, may
from medpwa.remember import remembered
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import AWAY

AHEAD = dt.timedelta(hours=14)


@plain
@dataclass(frozen=True)
class CardLine:
    """One dose on the card."""

    key: str
    html_id: str
    medicine: str
    how: str  # "1 tablet, by mouth. With food."
    due_words: str
    tone: str
    state_words: str
    last_given: str
    next_due: str
    version_id: int
    entry_id: str
    taken_words: str = "Taken"
    allowed: bool = False
    ready: bool = False
    ticket: str = ""
    bulk: bool = False
    one_by_one: str = ""  # why it is not in the bulk
    why_not: str = ""
    why_code: str = ""
    time_critical: bool = False
    next_allowed: str = ""  # where an interval, a maximum or a guard holds it back until then
    note: str = ""  # a failed attempt on this line, in words
    not_given_allowed: bool = False
    kind: str = "regular"
    asleep: str = ""  # the order's rule: wake, never
    asleep_words: str = ""
    amounts: tuple[tuple[str, str], ...] = ()  # what may be chosen where the amount varies: figure and words
    amounts_words: str = ""  # which of them when, as prescribed
    witness: bool = False  # a second person must see it given
    ask: str = ""  # whom to ask before it is given, and why: the form needs their name
    may_beside: bool = False  # not signed off; open with somebody signed off beside them
    leave: str = ""  # what lets somebody give who is not signed off, in words
    leave_kind: str = ""  # supervised, break_glass
    needs_another: bool = False  # what stands in the way is that this person is not signed off
    said: CardLine | None = None  # the same without what belongs to one answer: entry id, ready, ticket, note


@plain
@dataclass(frozen=True)
class LaterLine:
    """A dose still to come, as the card lists it."""

    medicine: str
    how: str
    tone: str
    state_words: str


@plain
@dataclass(frozen=True)
class HeldLine:
    """A medicine on hold: since when, and who decided it, why and until when."""

    medicine: str
    words: str
    over: bool  # the time somebody set has passed: it waits for a decision


@dataclass(frozen=True)
class Card:
    """Everything the card shows."""

    resident: ResidentCard
    now: tuple[CardLine, ...]
    recorded: tuple[recorded.RecordedLine, ...]
    gaps: tuple[CardLine, ...]
    later: tuple[LaterLine, ...]
    opened: bool
    opened_words: str
    at_words: str
    no_orders: bool
    blocked_words: str = ""
    compare_words: str = ""  # their medicines list waits to be compared since they came back
    missed_away: tuple[CardLine, ...] = ()  # fell due while away, and the round is still open
    beside: Mapping[str, beside_of.Beside] = field(default_factory=dict)
    prn: tuple[prn.PrnLine, ...] = ()
    prn_recorded: tuple[recorded.RecordedLine, ...] = ()
    held: tuple[HeldLine, ...] = ()
    proofs: tuple[str, ...] = ()  # who stands beside the giver, as every form of this answer carries it along
    glass_words: str = ""  # the exception under which some line may be given
    glass_reason: str = ""

    @cached_property
    def ready(self) -> tuple[CardLine, ...]:
        """Lines made ready, which wait for their outcome."""
        return tuple(x for x in self.now if x.ready)

    @cached_property
    def preparable(self) -> tuple[CardLine, ...]:
        """Lines the one tap makes ready."""
        return tuple(x for x in self.now if x.allowed and not x.ready)

    @cached_property
    def bulk(self) -> tuple[CardLine, ...]:
        """Lines the one tap records as taken."""
        return tuple(x for x in self.ready if x.bulk)

    def kept_beside(self, line: CardLine) -> list[str]:
        """What a line's form carries along: who stands beside the giver, and the tickets of the other lines made
        ready, also of those that wait for somebody to stand beside again."""
        return [*self.proofs, *(x.ticket for x in self.now if x.ticket and x.key != line.key)]

    @property
    def unskilled(self) -> bool:
        """Every line waits for somebody signed off."""
        return bool(self.now) and all(x.needs_another for x in self.now)


def card_for(
    who: Actor,
    resident: ResidentCard,
    *,
    at: dt.datetime | None = None,
    kept: Iterable[str] = (),
    notes: dict[str, str] | None = None,
) -> Card:
    """The card of a resident for one person now. `kept` are the ready tickets a form carried along; `notes` are words
    to show on a line by its key."""
    at = at or clock.now()
    lines = queries.lines_between(who, at - queries.LOOK_BACK, at + AHEAD, at, resident.id)
    opening, kept = openings.identified(who, resident.id), tuple(kept)
    ready, stood = _ready_by_key(who, kept, at), proofs.texts_of(who, resident.id, kept, at)
    make = _Maker(who, resident, at, opening is not None, ready, notes or {}, stood)
    current = [x for x in lines if x.state.open]
    gaps = [x for x in lines if x.state.kind == "gap"]
    missed = [x for x in lines if _fell_due_away(x, resident, at)]
    make.learn(current + gaps + missed)
    recent = [y for x in reversed(lines) if _recent(x, at) for y in _each_give(x)]
    said_by = company.names_of(who.home_id, [x.state.entry for x in recent])
    now = tuple(make.line(x) for x in sorted(current, key=_urgency))
    return Card(
        resident=resident,
        now=now,
        recorded=tuple(make.recorded(x, said_by(x.state.entry)) for x in recent),
        gaps=tuple(make.line(x) for x in gaps),
        later=make.later(tuple(x for x in lines if x.state.kind == "coming")),
        opened=opening is not None,
        opened_words=_opened_words(opening, who.zone),
        at_words=clock.time_words(at, who.zone),
        no_orders=all(o.stopped for o in medicines.in_force(make.orders, at)),
        blocked_words=_blocked(resident),
        compare_words=comparing.card_words(who.home_id, resident.id, at),
        missed_away=tuple(make.line(x) for x in missed),
        beside=beside_of.of(who, lines, at),
        prn=prn.lines_for(who, resident, at),
        prn_recorded=prn.recorded_for(who, resident, at),
        held=make.held(),
        proofs=stood,
        **company.glass_on_card(who, at, any(x.leave_kind == "break_glass" for x in now)),
    )


def _each_give(x: DoseLine) -> list[DoseLine]:
    """A dose as often as it stands as given: two gives of one dose are shown as two until one is struck out."""
    gives = states.gives(x.entries)
    return [x] if len(gives) < 2 else [x._replace(state=states.given_state(x.dose.times, e)) for e in gives]


def _urgency(x: DoseLine) -> tuple:
    return (x.state.kind == "again", not x.order.time_critical, x.due_at, x.order.line_id)


def _fell_due_away(x: DoseLine, resident: ResidentCard, at: dt.datetime) -> bool:
    """A dose of a round still open that fell due while somebody was away who is back now."""
    return bool(x.state.where) and resident.whereabouts == "home" and x.due_at <= at < x.dose.times.close_at


def _recent(x: DoseLine, at: dt.datetime) -> bool:
    """What stands under "Recorded": outcomes of the doses of the last hours."""
    return x.state.entry is not None and not x.state.open and at - x.due_at < dt.timedelta(hours=12)


def _ready_by_key(who: Actor, kept: Iterable[str], at: dt.datetime) -> dict[str, tuple[str, tickets.Ticket]]:
    found = {}
    for text in kept:
        ticket = tickets.read(text)
        if ticket is not None and ticket.fits(who.person_id, who.home_id, ticket.key, at):
            found[str(ticket.key)] = (text, ticket)
    return found


def _opened_words(opening: rules.Identified | None, zone: str) -> str:
    if opening is None or opening.at is None:
        return ""
    when = clock.time_words(opening.at, zone)
    how = {"scanner": "Scanned", "camera": "Scanned", "typed": "Code typed", "no_scan": "Opened without a scan"}
    return f"{how[opening.how]} {when}"


def _blocked(resident: ResidentCard) -> str:
    if resident.allergy_status == "not_recorded":
        return f"{resident.called}’s allergies are not recorded, so nothing can be given yet. Settle them first."
    return ""


ASLEEP_WORDS: dict[str, str] = {"wake": "If asleep, wake them for it.", "never": "If asleep, do not wake them."}


class _Maker:
    """Turns dose lines into words. What it says of a line is kept until one of the things it was said from changes: a
    form that records one line draws the others as they were."""

    def __init__(self, who, resident, at, opened, ready, notes, stood=()) -> None:
        self.who, self.resident, self.at, self.opened, self.stood = who, resident, at, opened, stood
        # Who is away may be given something by whoever scanned them since that was said: which scan it was matters.
        self.seen = openings.identified(who, resident.id) if resident.whereabouts in AWAY else None
        self.ready, self.notes = ready, notes
        self.orders = orders.orders_of_resident(who.home_id, resident.id)
        self.gives = given.gives_of(who, resident.id, at)
        self.counted = given.counting(who.home_id, resident.id).lines
        self.last: dict[int, dt.datetime] = {}
        self.following: dict[int, dt.datetime | None] = {}

    def learn(self, lines: list[DoseLine]) -> None:
        """Look up what all lines need at once."""
        self.last = queries.last_given(sorted({x.order.line_id for x in lines}))
        dues = queries.dues_around(self.who, self.resident.id, self.at)
        for x in lines:
            line_id, after = x.order.line_id, max(self.at, x.due_at)
            if line_id not in self.following:
                soon = next((due for due in dues.get(line_id, ()) if due > after), None)
                self.following[line_id] = soon or self._next_due(line_id, after)

    def _next_due(self, line_id: int, after: dt.datetime) -> dt.datetime | None:
        own = [o for o in self.orders if o.line_id == line_id]
        return medicines.next_due(own, after, self.who.zone)

    def line(self, x: DoseLine) -> CardLine:
        """A line as it stands, with what belongs to this one answer: its form's id, its ticket, a failed attempt."""
        key, line_id = str(x.dose.key), x.order.line_id
        place = (self.who.home_id, self.who.person_id, key)
        grants = competency.grants_of(self.who.home_id, self.who.person_id)
        moment = states.moment_of(self.at)
        basis = (moment, x, self.resident, self.orders, grants, self.opened, self.seen)
        gives = self.gives if line_id in self.counted else ()  # no other line looks at them
        basis += (self.last.get(line_id), self.following.get(line_id), gives, letters.basis(x.order))
        basis += (self._glasses(x),)
        beside = proofs.beside_for(self.who, x.dose.key, self.stood, self.at) if self.stood else None
        if beside is None:
            said = remembered("card line", place, basis, lambda: self._said(x, key), most=3_000)
        else:  # whether they may stand there rests on more than this line is kept by
            said = self._said(x, key, beside)
        ticket, prepared = self.ready.get(key, ("", None))
        fresh = prepared is not None and prepared.version_id == said.version_id and (said.allowed or said.may_beside)
        entry_id = tickets.entry_id(ticket) if fresh else str(uuid.uuid4())
        if fresh and any(e.entry_id == entry_id for e in x.entries):  # spent: a form that stayed may still carry it
            fresh, entry_id = False, str(uuid.uuid4())
        note, ticket = self.notes.get(key, ""), ticket if fresh else ""
        ready = fresh and said.allowed
        return replace(said, entry_id=entry_id, ready=ready, ticket=ticket, note=note, said=said)

    def _glasses(self, x: DoseLine) -> tuple[Glass, ...]:
        """The exceptions that may let this person give; nothing is read for somebody who is signed off."""
        skills, home_id, person_id = x.order.required_skills, self.who.home_id, self.who.person_id
        if competency.sign_off(home_id, person_id, skills, self.resident.id, self.at).allowed:
            return ()
        return glass_queries.standing(home_id, person_id, self.at)

    def _said(self, x: DoseLine, key: str, beside: Witnessed | None = None) -> CardLine:
        order = x.order
        facts = judging.give_facts(
            self.who, self.resident, x.dose, x.state, self.at, opened=self.opened, beside=beside
        )
        leave = judging.leave_for(self.who, x.dose, self.at, beside)[1]
        verdict = rules.judge_give(facts, self.at)
        tone, words = recorded.state_words(x, self.at, self.who.zone)
        alone = rules.alone_words(order)
        return CardLine(
            key=key,
            html_id=f"dose-{key}",
            medicine=words_of.medicine(order),
            how=letters.how_due(order, x.due_at, self.who.zone),
            due_words=clock.moment_words(x.due_at, self.who.zone, seen_from=self.at),
            tone=tone,
            state_words=words,
            last_given=self._moment(self.last.get(order.line_id)) or "not yet",
            next_allowed=self._moment(limits.held_until(facts.limits, self.at)),
            next_due=self._moment(self.following.get(order.line_id)) or "none",
            version_id=order.version_id,
            entry_id="",
            taken_words=recorded.TAKEN_WORDS.get(order.route, "Given"),
            allowed=verdict.allowed,
            bulk=not alone,
            one_by_one=alone,
            why_not="" if verdict.allowed else verdict.first.words,
            why_code="" if verdict.allowed else verdict.first.code,
            time_critical=order.time_critical,
            not_given_allowed=rules.judge_not_given(facts, self.at).allowed,
            kind=order.kind,
            asleep=order.asleep,
            asleep_words=ASLEEP_WORDS.get(order.asleep, ""),
            amounts=letters.amounts_due(order, x.due_at, self.who.zone),
            amounts_words="" if words_of.covered(order) else order.dose_choice,
            witness=witness_rules.needed(order),
            ask=facts.ask,
            may_beside=leave.may_beside and not leave.how and verdict.waits_for_skill and self.opened,
            leave=company.leave_words(leave, self.who.zone),
            leave_kind=leave.how,
            needs_another=verdict.waits_for_skill,
        )

    def _moment(self, when: dt.datetime | None) -> str:
        return clock.moment_words(when, self.who.zone, seen_from=self.at) if when else ""

    def later(self, lines: tuple[DoseLine, ...]) -> tuple[LaterLine, ...]:
        """What is still to come, in short."""
        basis = (states.moment_of(self.at), lines, tuple(letters.basis(x.order) for x in lines))
        return remembered("later", (self.who.home_id, self.resident.id), basis, lambda: tuple(map(self._later, lines)))

    def held(self) -> tuple[HeldLine, ...]:
        """Medicines on hold now: they are not given, and they are not gone."""
        basis = (states.moment_of(self.at), self.orders)
        return remembered("held", (self.who.home_id, self.resident.id), basis, lambda: tuple(self._held()))

    def _held(self) -> Iterable[HeldLine]:
        today = clock.local_day(self.at, self.who.zone)
        standing = medicines.in_force(self.orders, self.at)
        held = (o for o in standing if medicines.state(o, self.at, self.who.zone) == "suspended")
        for o in sorted((o for o in held if o.ends_on is None or o.ends_on >= today), key=lambda o: o.line_id):
            words = f"On hold since {self._moment(o.valid_from)}, {hold_words(o, self.who.zone)}"
            yield HeldLine(words_of.medicine(o), words, medicines.hold_is_over(o, self.at))

    def _later(self, x: DoseLine) -> LaterLine:
        how = letters.how_due(x.order, x.due_at, self.who.zone)
        return LaterLine(words_of.medicine(x.order), how, *recorded.state_words(x, self.at, self.who.zone))

    def recorded(self, x: DoseLine, by: str) -> recorded.RecordedLine:
        """An outcome that is stored, with the name of whoever gave it."""
        how = x.state.entry.by == self.who.person_id or may("ledger.see", self.who)
        number, right = x.state.entry.id, may("mar.correct", self.who)
        place = (self.who.home_id, x.dose.key, number, how, right)
        url = f"/h/{self.who.home_slug}/entries/{number}/correct" if right else ""
        make = partial(recorded.recorded_line, x, by, self.who.zone, how=how, correct_url=url)
        return remembered("recorded line", place, (x, by), make, most=3_000)
