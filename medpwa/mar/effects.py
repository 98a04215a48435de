"""What a when-required dose did: which effects are still to be looked at, what was seen, and how many were recorded.

When an effect falls due is worked out from the protocol the dose was given under; nothing of it is stored. Its absence
is counted: `effects_recorded`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from medpwa import clock, database
from medpwa.errors import NotFound
from medpwa.mar import prn_rules
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.mar.models_after import PrnEffect
from medpwa.mar.vocabulary import EFFECTS, GIVES
from medpwa.medicines import queries as orders
from medpwa.medicines.amounts import amount_words
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.remember import once_a_look
from medpwa.residents.queries import ResidentCard, resident_card, residents_at
from medpwa.staff.queries import HIGHEST_ID

# A dose that a correction replaced or struck out has no effect to look at; gives alone have a time.
_GIVEN = f"""SELECT e.id, e.order_version_id, e.resident_id, e.given_at, e.amount, e.reason,
        (SELECT p.id FROM prn_effect p WHERE p.entry_id = e.id ORDER BY p.id DESC LIMIT 1)
    FROM entry e WHERE e.order_line_id IN (%s) AND e.outcome IN ({", ".join(f"'{o}'" for o in GIVES)})
    AND e.given_at > ? AND e.given_at <= ? AND NOT EXISTS (SELECT 1 FROM entry c WHERE c.corrects_id = e.id)
    ORDER BY e.given_at, e.id"""


@dataclass(frozen=True, slots=True)
class Given:
    """A when-required dose that was given, under which order; `effect` is the newest word on what it did."""

    entry: int
    order: OrderFacts
    resident_id: int
    at: dt.datetime
    amount: Decimal | None
    reason: str
    effect: int | None

    @property
    def due_at(self) -> dt.datetime | None:
        """When its effect is looked at."""
        return prn_rules.effect_due(self.order, self.at)


@dataclass(frozen=True)
class EffectRow:
    """One effect to ask about, as a list says it."""

    entry: int
    resident_id: int
    url: str
    words: str  # "Ask Margaret whether the paracetamol 500 mg tablet helped"
    person: str  # "Margaret Ellison, Room 1"
    due_words: str  # "due today 09:10"
    given_words: str
    tone: str  # coming, due, late
    state: str  # "Due 09:10", "Overdue since 09:10"

    @property
    def overdue(self) -> bool:
        """Whether it should have been looked at by now."""
        return self.tone == "late"


def given_between(home_id: int, start: dt.datetime, end: dt.datetime) -> list[Given]:
    """Every when-required dose of a home given after `start`, to `end`, oldest first: one look-up by order line."""
    versions = {o.version_id: o for o in orders.orders_of_home(home_id) if o.kind == "prn"}
    lines = tuple(sorted({o.line_id for o in versions.values()}))
    rows = _rows(lines, clock.micros(start), clock.micros(end)) if lines else ()
    return [_given(row, versions[row[1]]) for row in rows if row[1] in versions]


@once_a_look("entry", "prn_effect")
def _rows(lines: tuple[int, ...], start: int, end: int) -> tuple[tuple, ...]:
    return tuple(database.rows(_GIVEN % ", ".join("?" * len(lines)), *lines, start, end))


def _given(row: tuple, order: OrderFacts) -> Given:
    amount = None if row[4] is None else Decimal(row[4])
    return Given(row[0], order, row[2], clock.from_micros(row[3]), amount, row[5], row[6])


# ---------------------------------------------------------------- what is still to be looked at


def open_effects(home_id: int, at: dt.datetime) -> list[Given]:
    """Doses whose effect nobody has recorded, and of which somebody can still say: by when it is due."""
    longest = max((_after(o) for o in orders.orders_of_home(home_id) if o.kind == "prn"), default=dt.timedelta())
    found = given_between(home_id, at - longest - prn_rules.EFFECT_OPEN, at)
    waiting = [g for g in found if g.effect is None and g.due_at and at < g.due_at + prn_rules.EFFECT_OPEN]
    return sorted(waiting, key=lambda g: (g.due_at, g.entry))


def _after(o: OrderFacts) -> dt.timedelta:
    due = prn_rules.effect_due(o, clock.EPOCH)
    return due - clock.EPOCH if due else dt.timedelta()


def rows_for(
    who: Actor, at: dt.datetime, *, people: Iterable[ResidentCard] | None = None, soon: bool = True
) -> tuple[EffectRow, ...]:
    """Effects due, overdue and (`soon`) coming within the hour, those due first at the top. `people` narrows the list
    to some of the home."""
    found = open_effects(who.home_id, at)
    if not found:
        return ()
    cards = {r.id: r for r in (people if people is not None else residents_at(who.home_id, at))}
    ahead = prn_rules.EFFECT_SHOWN if soon else dt.timedelta()
    return tuple(
        _row(who, cards[g.resident_id], g, at)
        for g in found
        if g.resident_id in cards and g.due_at is not None and g.due_at <= at + ahead
    )


def _row(who: Actor, r: ResidentCard, g: Given, at: dt.datetime) -> EffectRow:
    due = clock.moment_words(g.due_at, who.zone, seen_from=at)
    tone = "coming" if at < g.due_at else "late" if at >= g.due_at + prn_rules.EFFECT_CHASED else "due"
    state = {"coming": f"At {due}", "due": f"Due {due}", "late": f"Overdue since {due}"}[tone]
    when = clock.moment_words(g.at, who.zone, seen_from=at)
    return EffectRow(
        entry=g.entry,
        resident_id=r.id,
        url=f"/h/{who.home_slug}/effects/{g.entry}",
        words=f"Ask {r.called} whether the {words_of.medicine(g.order)} helped",
        person=f"{r.name}, {r.room_words}" if r.room_words else r.name,
        due_words=f"due {due}",
        given_words=f"{_amount(g)} given {when}{f', {_low(g.reason)}' if g.reason else ''}",
        tone=tone,
        state=state,
    )


def _amount(g: Given) -> str:
    return amount_words(g.amount, g.order.dose_unit) if g.amount is not None else words_of.amount(g.order)


def _low(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


# ---------------------------------------------------------------- one of them


def entry_of(by: Actor, entry_id: int, **_: object) -> Entry:
    """The loader of a when-required dose that was given here and stands, else NotFound."""
    if not 0 < entry_id < HIGHEST_ID:
        raise NotFound()
    found = Entry.get_or_none((Entry.id == entry_id) & (Entry.home == by.home_id))
    if found is None or found.outcome not in GIVES or order_of(by, found).kind != "prn":
        raise NotFound()
    if Entry.select(Entry.id).where(Entry.corrects == found.id).exists():
        raise NotFound()
    return found


def order_of(by: Actor, entry: Entry) -> OrderFacts:
    """The version of the order an entry was given under."""
    return orders.version_of(by, entry.order_version_id)


def newest_effect(entry: Entry) -> PrnEffect | None:
    """The newest word on what a dose did: the one that holds."""
    return PrnEffect.select().where(PrnEffect.entry == entry).order_by(PrnEffect.id.desc()).first()


def words_by_entry(entry_ids: Iterable[int]) -> dict[int, str]:
    """What each of these doses did, as it was seen: `helped: sleeps`. One question for all."""
    found = {}
    ids = list(entry_ids)
    for start in range(0, len(ids), 500):
        some = PrnEffect.select().where(PrnEffect.entry.in_(ids[start : start + 500])).order_by(PrnEffect.id)
        found |= {row.entry_id: effect_words(row) for row in some}
    return found


def effect_words(row: PrnEffect) -> str:
    """One effect in words: what it did, what was seen, who was told."""
    told = f"told: {row.told}" if row.told else ""
    return ". ".join(w for w in (EFFECTS[row.effect].said, row.words, told) if w)


@dataclass(frozen=True)
class EffectPage:
    """The page on which somebody says what a dose did."""

    entry: int
    resident: ResidentCard
    medicine: str
    given_words: str
    due_words: str
    stored_words: str
    prescriber_when: str


def page_for(who: Actor, entry: Entry) -> EffectPage:
    """What the page of one dose shows."""
    order, r = order_of(who, entry), resident_card(who.home_id, entry.resident_id)
    amount = amount_words(entry.amount, order.dose_unit) if entry.amount is not None else words_of.amount(order)
    due, newest = prn_rules.effect_due(order, entry.given_at), newest_effect(entry)
    why = f", {_low(entry.reason)}" if entry.reason else ""
    return EffectPage(
        entry=entry.id,
        resident=r,
        medicine=words_of.medicine(order),
        given_words=f"{amount} {clock.moment_words(entry.given_at, who.zone)}{why}",
        due_words=clock.moment_words(due, who.zone) if due else "",
        stored_words=f"{effect_words(newest)}, {clock.moment_words(newest.at, who.zone)}" if newest else "",
        prescriber_when=str(prn_rules.protocol_of(order).get("prescriber_when", "")),
    )


# ---------------------------------------------------------------- the measure


def effects_recorded(home_id: int, start: dt.datetime, end: dt.datetime, at: dt.datetime) -> tuple[int, int]:
    """Of the when-required doses given after `start`, to `end`, whose effect had fallen due by `at`: of how many the
    effect was recorded, and how many they are. A dose whose protocol asks for none is left out."""
    due = [g for g in given_between(home_id, start, end) if g.due_at is not None and (g.due_at <= at or g.effect)]
    return sum(1 for g in due if g.effect is not None), len(due)
