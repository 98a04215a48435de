"""The model: what a resident's chart must say, kept by the test beside the product. It shares no rule with it: due
times are walked minute by minute, rounds reckoned in minutes of the day, totals summed from the test's own list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from medpwa.medicines.keying import OrderDetails
from tests.medicines.test_doses_of_kinds import slow_line

HERE = ZoneInfo("Europe/London")
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
ROUNDS = (6 * 60 + 30, 8 * 60, 12 * 60 + 30, 17 * 60, 21 * 60)  # of tests/builders.py, in minutes of the day
TAKEN = {"given", "given_part", "given_by_other"}
OFFERED_AGAIN = {"refused", "asleep"}


@dataclass
class Version:
    """One version of an order as the test asked for it."""

    line_id: int
    version_id: int
    number: int
    said: OrderDetails
    valid_from: dt.datetime
    valid_to: dt.datetime | None = None
    stopped: bool = False
    suspended: bool = False
    in_error: bool = False
    checked: bool = True

    def __getattr__(self, name: str):
        return getattr(self.said, name)

    @property
    def stepped(self) -> bool:
        return (self.said.schedule or {}).get("kind") == "stepped"

    def amount(self, day: dt.date) -> Decimal:
        """How much one dose is on a day, step by step; the most of it where nobody said how much."""
        if not self.stepped:
            return self.said.dose_most or self.said.dose_amount
        first = self.said.starts_on
        for step in self.said.schedule["steps"]:
            if step["days"] is None or day < first + step["days"] * DAY:
                return Decimal(step["amount"])
            first += step["days"] * DAY
        return Decimal()

    def names(self) -> set[str]:
        """What it counts as."""
        return {self.said.medicine, *(i.name for i in self.said.ingredients)}

    def runs(self, at: dt.datetime) -> bool:
        """Whether its limits hold at a moment."""
        day = at.astimezone(HERE).date()
        over = self.said.ends_on is not None and day > self.said.ends_on
        return not (self.stopped or self.suspended or self.in_error or over) and self.checked and self.starts_on <= day


@dataclass
class Told:
    """One stored entry."""

    row: int
    line: int
    due: dt.datetime | None
    version: Version
    outcome: str
    at: dt.datetime
    by: str
    given_at: dt.datetime | None = None
    amount: Decimal | None = None
    after: bool = False  # reported after the fact
    intended: bool = False  # recorded on the intended path, where a limit must have stopped it
    dead: bool = False  # a correction replaced it
    corrects: int | None = None

    @property
    def took(self) -> Decimal:
        """How much was taken."""
        if self.amount is not None:
            return self.amount
        return self.version.amount((self.due or self.given_at).astimezone(HERE).date())

    @property
    def taken(self) -> bool:
        return self.outcome in TAKEN and not self.dead


@dataclass(frozen=True)
class Dose:
    """One planned dose with its clock."""

    line: int
    due: dt.datetime
    version: Version
    opens: dt.datetime
    late_from: dt.datetime
    close: dt.datetime


@dataclass
class Chart:
    """Everything the test knows of one resident."""

    lines: dict[int, list[Version]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    stays: list[tuple[dt.datetime, str]] = field(default_factory=list)  # in order of their beginning
    keyed: dt.datetime | None = None  # when the newest of them was said
    opened: dict[str, dt.datetime] = field(default_factory=dict)
    lapses: dict[str, dt.datetime] = field(default_factory=dict)
    witnesses: set[str] = field(default_factory=set)

    # ------------------------------------------------------------ orders and doses

    def now(self, line: int) -> Version:
        """The newest version of a line."""
        return self.lines[line][-1]

    def add(self, version: Version) -> Version:
        """The next version of a line, from its beginning on."""
        own = self.lines.setdefault(version.line_id, [])
        if own:
            own[-1].valid_to = version.valid_from
        own.append(version)
        return version

    def doses(self, until: dt.datetime) -> dict[tuple[int, dt.datetime], Dose]:
        """Every dose due before a moment."""
        found = {}
        for line, versions in self.lines.items():
            walked = slow_line(versions, (until + 2 * DAY).astimezone(HERE).date())
            dues = sorted(due for due, *_ in walked)
            by_id = {v.version_id: v for v in versions}
            for due, _, version_id in walked:
                if due < until:
                    later = next((d for d in dues if d > due), None)
                    found[line, due] = _dose(line, due, by_id[version_id], later)
        return found

    def where(self, at: dt.datetime) -> str:
        """Where the resident was at a moment."""
        return next((state for since, state in reversed(self.stays) if since <= at), "home")

    # ------------------------------------------------------------ states

    def state(self, dose: Dose, at: dt.datetime) -> str:
        """The one state of a dose."""
        mine = [t for t in self.told if (t.line, t.due) == (dose.line, dose.due) and not t.dead]
        taken = [t for t in mine if t.taken]
        if taken:
            return "reported" if all(t.after for t in taken) else "given"
        rest = [t for t in mine if t.outcome != "struck"]
        if rest:
            again = sum(t.outcome in OFFERED_AGAIN for t in rest)
            return "again" if rest[-1].outcome in OFFERED_AGAIN and again < 3 and at < dose.close else "not_given"
        if self.where(dose.due) != "home":
            return "away"
        if at < dose.opens:
            return "coming"
        if at >= dose.close:
            return "gap"
        return "late" if at > dose.late_from else "due"

    # ------------------------------------------------------------ limits

    def shared(self, v: Version) -> list[Told]:
        """What was taken of a version's line or of anything with an ingredient in common, oldest first."""
        found = [t for t in self.told if t.taken and (t.line == v.line_id or t.version.names() & v.names())]
        return sorted(found, key=lambda t: t.given_at)

    def total(self, v: Version, ingredient: str | None, at: dt.datetime) -> Decimal:
        """What was taken in the 24 hours before a moment: of the line in its units, or of an ingredient in mg."""
        recent = [t for t in self.told if t.taken and t.given_at <= at < to_the_minute(t.given_at + DAY)]
        if ingredient is None:
            return sum((t.took for t in recent if t.line == v.line_id), Decimal())
        masses = [(t.took, i.mass) for t in recent for i in t.version.ingredients if i.name == ingredient]
        return sum((amount * mass for amount, mass in masses), Decimal())

    def most(self, v: Version, ingredient: str, at: dt.datetime) -> Decimal | None:
        """The strictest limit that any running order sets for an ingredient."""
        holding = [v, *(own[-1] for own in self.lines.values() if own[-1].runs(at))]
        said = [i.most_24h for o in holding for i in o.ingredients if i.name == ingredient and i.most_24h is not None]
        return min(said, default=None)

    def breached(self, v: Version, amount: Decimal, at: dt.datetime) -> set[str]:
        """Which limits a give now would break."""
        found = set()
        last = next((t.given_at for t in reversed(self.shared(v)) if t.given_at <= at), None)
        if last and v.min_interval and at < to_the_minute(last + v.min_interval * MINUTE):
            found.add("interval")
        running = [v, *(own[-1] for own in self.lines.values() if own[-1].runs(at))]
        days = max(o.guard_days or 0 for o in running if o.line_id == v.line_id or o.names() & v.names())
        if last and days:
            there = last.astimezone(HERE)
            again = (there.replace(tzinfo=None) + days * DAY).replace(tzinfo=HERE)
            found |= {"guard"} if at < to_the_minute(again.astimezone(dt.UTC)) else set()
        if v.most_24h is not None and self.total(v, None, at) + amount > v.most_24h:
            found.add("maximum")
        for i in v.ingredients:
            most = self.most(v, i.name, at)
            if most is not None and self.total(v, i.name, at) + amount * i.mass > most:
                found.add("maximum")
        return found

    # ------------------------------------------------------------ who may

    def skilled(self, who: str, at: dt.datetime) -> bool:
        """Whether somebody is signed off for what is given here."""
        return who in self.lapses and at < self.lapses[who]

    def against_giving(self, dose: Dose, tap: Tap, at: dt.datetime) -> set[str]:
        """Every reason why this give must be refused; empty when it must be stored."""
        now, found = self.now(dose.line), set()
        if self.state(dose, at) in ("given", "reported"):
            found.add("already_given")
        if now.stopped:
            found.add("stopped")
        elif now.suspended:
            found.add("on_hold")
        if any(v.said.earlier != "give" for v in self.lines[dose.line][dose.version.number :]):
            found.add("superseded")
        if tap.version is not dose.version:
            found.add("changed")
        if not dose.version.checked:
            found.add("unchecked")
        opened = self.opened.get(tap.who)
        if opened is None or at - opened >= 3 * DAY:
            found.add("scan_first")
        if self.where(at) != "home" and opened is not None and opened < self.keyed:
            found.add("away")
        found |= self.breached(dose.version, tap.amount or dose.version.amount(at.astimezone(HERE).date()), at)
        if at < dose.opens:
            found.add("not_due")
        if at >= dose.close:
            found.add("closed")
        if not self.skilled(tap.who, at):
            found.add("not_signed_off")
        if at - tap.ready > 30 * MINUTE or tap.version is not dose.version:
            found.add("not_ready")
        return found or self._against_witness(dose, tap, at)

    def _against_witness(self, dose: Dose, tap: Tap, at: dt.datetime) -> set[str]:
        if not dose.version.controlled:
            return set()
        if tap.witness is None:
            return {"witness_first"}
        who, seen = tap.witness
        reasons = {
            "own_witness": who == tap.who,
            "witness_not_signed_off": who not in self.witnesses,
            "witness_too_old": at - seen > 10 * MINUTE,
            "changed": dose.version.valid_from > seen,
        }
        return {code for code, stands in reasons.items() if stands}

    def against_not_giving(self, dose: Dose, at: dt.datetime) -> set[str]:
        """Why another outcome must be refused."""
        state = self.state(dose, at)
        reasons = {
            "already_given": state in ("given", "reported"),
            "stopped": self.now(dose.line).stopped,
            "too_old": at - dose.due > DAY,
            "not_due": at < dose.opens,
        }
        return {code for code, stands in reasons.items() if stands}


@dataclass
class Tap:
    """A dose made ready by somebody, with what their card showed."""

    who: str
    line: int
    due: dt.datetime
    version: Version
    ready: dt.datetime
    intent: object = None
    amount: Decimal | None = None
    witness: tuple[str, dt.datetime] | None = None
    before: tuple = ()  # what was true when it was made ready: the version's number, where the resident was


def to_the_minute(at: dt.datetime) -> dt.datetime:
    """The first full minute that is not before a moment."""
    rest = at - at.replace(second=0, microsecond=0)
    return at if not rest else at - rest + MINUTE


def _dose(line: int, due: dt.datetime, version: Version, later: dt.datetime | None) -> Dose:
    here = due.astimezone(HERE)
    into = [here.hour * 60 + here.minute - start for start in ROUNDS]
    inside = next((n for n in into if 0 <= n < 60), None)
    close = due + 180 * MINUTE - (inside or 0) * MINUTE
    if later is not None:
        close = min(close, later)
    opens, late_from = due - version.window_before * MINUTE, due + version.window_after * MINUTE
    return Dose(line, due, version, opens, late_from, close)
