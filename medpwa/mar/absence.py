"""The page of somebody's absence: what went along and came back, what fell due meanwhile, what is still unsaid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from medpwa import clock
from medpwa.mar import comparing, queries
from medpwa.mar import words as words_of
from medpwa.mar.away_rules import Absence, absences, difference_words
from medpwa.mar.models_after import AbsenceItem
from medpwa.mar.queries import DoseLine
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines import schedules
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import UNITS
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.models import Whereabouts
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import WHEREABOUTS
from medpwa.staff import queries as staff

BEFORE = dt.timedelta(hours=12)  # how far back doses without an outcome are asked about when somebody leaves


@dataclass(frozen=True)
class Counted:
    """The newest count of one medicine in one direction."""

    amount: Decimal
    note: str
    words: str  # who counted, when
    earlier: tuple[str, ...]

    @property
    def figure(self) -> str:
        """As it is typed: plain digits."""
        return medicines.number_words(self.amount)


@dataclass(frozen=True)
class AwayMedicine:
    """One medicine of somebody away: what went, what came back, what lies between."""

    line_id: int
    medicine: str
    unit: str
    out: Counted | None
    back: Counted | None
    tone: str
    words: str
    due_words: str


@dataclass(frozen=True)
class AbsencePage:
    """Everything the page of an absence shows."""

    facts: tuple[dict[str, str], ...]
    away_now: bool
    absence: Absence | None
    medicines: tuple[AwayMedicine, ...]
    unsaid: tuple[str, ...]  # due before they left, and nobody has said yet what became of it
    contradicting: tuple[str, ...]  # recorded as given while away
    due_words: str
    compare: str


def newest_absence(home_id: int, resident_id: int) -> Absence | None:
    """Somebody's present absence, else their latest; None for those who were never away."""
    found = absences(residents.stays_of(home_id, resident_id))
    return found[-1] if found else None


def absence_page(who: Actor, resident: ResidentCard, at: dt.datetime) -> AbsencePage:
    """The present absence of a resident, or the latest."""
    gone = newest_absence(who.home_id, resident.id)
    compare = comparing.card_words(who.home_id, resident.id, at)
    if gone is None:
        return AbsencePage((), False, None, (), (), (), "", compare)
    until = gone.end or at
    lines, _ = queries.past_of_resident(who, resident.id, gone.start - BEFORE, until, at)
    while_away = [x for x in lines if gone.holds(x.due_at)]
    return AbsencePage(
        facts=tuple(_facts(gone, who.zone)),
        away_now=gone.end is None,
        absence=gone,
        medicines=tuple(_medicines(who, resident, gone, while_away)),
        unsaid=tuple(_dose_words(x, who.zone) for x in lines if x.due_at < gone.start and _unsaid(x)),
        contradicting=tuple(_given_words(x, who.zone) for x in lines if _given_while(x, gone)),
        due_words=_due_words(while_away),
        compare=compare,
    )


def _facts(gone: Absence, zone: str) -> Iterable[dict[str, str]]:
    for stay in gone.stays:
        since = clock.moment_words(stay.valid_from, zone)
        value = f"From {since}. {stay.note}" if stay.note else f"From {since}"
        yield {"label": WHEREABOUTS[stay.state], "value": value}
    last = gone.stays[-1]
    if gone.end is not None:
        yield {"label": "Back in the home", "value": clock.moment_words(gone.end, zone)}
    elif last.expected_back is not None:
        yield {"label": "Expected back", "value": clock.moment_words(last.expected_back, zone)}


def _unsaid(x: DoseLine) -> bool:
    return x.state.kind in ("due", "late", "again", "gap")


def _given_while(x: DoseLine, gone: Absence) -> bool:
    entry = x.state.entry
    return entry is not None and entry.given_at is not None and gone.holds(entry.given_at)


def _dose_words(x: DoseLine, zone: str) -> str:
    return f"{words_of.medicine(x.order)}, due {clock.moment_words(x.due_at, zone)}"


def _given_words(x: DoseLine, zone: str) -> str:
    return f"{words_of.medicine(x.order)}, recorded as given {clock.moment_words(x.state.entry.given_at, zone)}"


def _due_words(while_away: list[DoseLine]) -> str:
    """How many doses fell due while away and where; none of them is a gap."""
    away = [x for x in while_away if x.state.kind == "away"]
    if not away:
        return "No dose has fallen due while away."
    places = {"hospital": "in hospital", "leave": "on leave", "": "recorded as away by hand"}
    counts = [(sum(1 for x in away if x.state.where == w), words) for w, words in places.items()]
    split = ", ".join(f"{n} {words}" for n, words in counts if n)
    doses = "1 dose" if len(away) == 1 else f"{len(away)} doses"
    return f"{doses} fell due while away: {split}. Nobody needs to tap them."


# ---------------------------------------------------------------- what was counted


def counts_of(resident_id: int, gone: Absence) -> dict[tuple[int, str], list[AbsenceItem]]:
    """What was counted for an absence, by order line and direction, oldest first."""
    mine = (Whereabouts.resident == resident_id) & (Whereabouts.valid_from >= gone.start)
    if gone.end is not None:
        mine &= Whereabouts.valid_from < gone.end
    found: dict[tuple[int, str], list[AbsenceItem]] = {}
    for row in AbsenceItem.select().join(Whereabouts).where(mine).order_by(AbsenceItem.id):
        found.setdefault((row.order_line_id, row.direction), []).append(row)
    return found


def countable(home_id: int, resident_id: int, gone: Absence) -> list[OrderFacts]:
    """The orders whose medicine may have gone along: in force at some time of the absence, and checked."""
    own = orders.orders_of_resident(home_id, resident_id)
    then = {o.line_id: o for o in medicines.in_force(own, gone.start)}
    now = medicines.in_force(own, gone.end or clock.now())
    then |= {o.line_id: o for o in now if o.line_id not in then and not o.stopped}
    return sorted((o for o in then.values() if not o.stopped and o.checked), key=words_of.medicine)


def _medicines(who: Actor, resident: ResidentCard, gone: Absence, lines: list[DoseLine]) -> Iterable[AwayMedicine]:
    counted = counts_of(resident.id, gone)
    names = staff.names({row.by for rows in counted.values() for row in rows})
    for order in countable(who.home_id, resident.id, gone):
        out = _counted(counted.get((order.line_id, "out"), []), names, who.zone)
        back = _counted(counted.get((order.line_id, "in"), []), names, who.zone)
        own = [x for x in lines if x.order.line_id == order.line_id and x.state.kind == "away"]
        amounts = [schedules.amount_on(x.order, clock.local_day(x.due_at, who.zone)) for x in own]
        due = None if None in amounts or order.dose_most is not None else sum(amounts, Decimal())
        tone, words = difference_words(out.amount if out else None, back.amount if back else None, due)
        yield AwayMedicine(
            line_id=order.line_id,
            medicine=words_of.medicine(order),
            unit=UNITS.get(order.dose_unit, ("", order.dose_unit))[1],
            out=out,
            back=back,
            tone=tone,
            words=words,
            due_words=f"{len(own)} {'dose' if len(own) == 1 else 'doses'} fell due while away" if own else "",
        )


def _counted(rows: list[AbsenceItem], names: dict[int, str], zone: str) -> Counted | None:
    """The newest count holds; the ones before it stay to be read."""
    if not rows:
        return None
    last = rows[-1]
    said = [f"{medicines.number_words(r.amount)}, {_by(r, names, zone)}" for r in rows[:-1]]
    return Counted(last.amount, last.note, f"Counted {_by(last, names, zone)}", tuple(said))


def _by(row: AbsenceItem, names: dict[int, str], zone: str) -> str:
    return f"{clock.moment_words(row.at, zone)} by {names.get(row.by, 'somebody')}"
