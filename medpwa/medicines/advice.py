"""Read-only answers about doses by written advice: what holds on a day, and the letters of an order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from medpwa import clock
from medpwa.errors import NotFound
from medpwa.medicines import advice_rules, queries, rules, schedules
from medpwa.medicines.advice_rules import AdviceFacts, Standing
from medpwa.medicines.models import DoseAdvice, DoseAdviceCheck, OrderLine
from medpwa.medicines.queries import Order
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.remember import home_stamp, once_a_look, remembered
from medpwa.staff import queries as staff

_STAMP = """SELECT
    (SELECT max(a.id) FROM dose_advice a WHERE a.line_id IN (SELECT id FROM order_line WHERE home_id = ?)),
    (SELECT max(c.id) FROM dose_advice_check c WHERE c.advice_id IN
        (SELECT a.id FROM dose_advice a JOIN order_line l ON l.id = a.line_id WHERE l.home_id = ?))"""


@once_a_look("dose_advice", "dose_advice_check")
def of_home(home_id: int) -> Mapping[int, tuple[AdviceFacts, ...]]:
    """Every letter of a home by order line, oldest first; kept until one is keyed or checked."""
    now = home_stamp(("dose_advice", "dose_advice_check"), _STAMP, home_id, home_id)
    return remembered("advice", home_id, now, lambda: _assemble(home_id))


def _assemble(home_id: int) -> dict[int, tuple[AdviceFacts, ...]]:
    mine = DoseAdvice.line.in_(OrderLine.select(OrderLine.id).where(OrderLine.home == home_id))
    checks = DoseAdviceCheck.select().join(DoseAdvice).where(mine & DoseAdviceCheck.agrees)
    agreed = {check.advice_id: check.by for check in checks}
    found: dict[int, list[AdviceFacts]] = {}
    for row in DoseAdvice.select().where(mine).order_by(DoseAdvice.id):
        found.setdefault(row.line_id, []).append(_facts(row, agreed))
    return {line_id: tuple(letters) for line_id, letters in found.items()}


def _facts(row: DoseAdvice, agreed: Mapping[int, int]) -> AdviceFacts:
    return AdviceFacts(
        id=row.id,
        line_id=row.line_id,
        first_day=row.first_day,
        last_day=row.last_day,
        amount=row.amount,
        inr=row.inr,
        inr_on=row.inr_on,
        next_inr_on=row.next_inr_on,
        source=row.source,
        keyed_at=row.at,
        keyed_by=row.by,
        checked=row.id in agreed,
        checked_by=agreed.get(row.id),
    )


def of_line(home_id: int, line_id: int) -> tuple[AdviceFacts, ...]:
    """The letters of an order line, oldest first."""
    return of_home(home_id).get(line_id, ())


def standing(order: OrderFacts, day: dt.date) -> Standing | None:
    """What an order's letters say of a day; None for an order that says its own dose. Asks the database nothing for
    these."""
    if not schedules.by_advice(order):
        return None
    return advice_rules.standing(of_line(order.home_id, order.line_id), day)


def advice_for(order: OrderFacts, day: dt.date) -> Decimal | None:
    """The dose of a day by the newest checked letter, in the order's unit; None where there is none to give by."""
    found = standing(order, day)
    return found.amount if found is not None else None


def amount_of(order: OrderFacts, day: dt.date) -> Decimal | None:
    """How much one dose of a day is, by the order or by its letter."""
    return advice_for(order, day) if schedules.by_advice(order) else schedules.amount_on(order, day)


def stands_in_the_way(order: OrderFacts, day: dt.date) -> tuple[str, str]:
    """Why the dose of a day cannot be given by its letters, as a code and a sentence; empty when it can."""
    found = standing(order, day)
    if found is None or not found.why_not_code:
        return "", ""
    who = queries.trained_words(order.home_id, without=found.waiting.keyed_by) if found.waiting else ""
    return found.why_not_code, advice_rules.why_not(found, order.prescriber, who)


# ---------------------------------------------------------------- loaders


def advisable(by: Actor, advised_id: int, **_: object) -> Order:
    """An order of the actor's home whose doses come by letter, else NotFound."""
    order = queries.order_of(by, advised_id)
    if not schedules.by_advice(order.latest):
        raise NotFound()
    return order


def letter_of(by: Actor, advice_id: int, **_: object) -> AdviceFacts:
    """One letter of the actor's home, else NotFound."""
    for letters in of_home(by.home_id).values():
        for letter in letters:
            if letter.id == advice_id:
                return letter
    raise NotFound()


# ---------------------------------------------------------------- the order's page


@dataclass(frozen=True)
class LetterWords:
    """One letter as the order's page lists it."""

    title: str
    detail: str
    state: str
    tone: str
    check_url: str = ""


def of_order_page(who: Actor, order: Order) -> dict | None:
    """What the page of an order by advice shows beside the order: today's dose, the letters; None for other orders."""
    o = order.latest
    if not schedules.by_advice(o) or rules.covered_for(o, who.person_id):
        return None
    today, letters = clock.local_day(clock.now(), who.zone), of_line(who.home_id, o.line_id)
    now = advice_rules.standing(letters, today)
    people = staff.names({p for a in letters for p in (a.keyed_by, a.checked_by) if p})
    running = not rules.ended(o)
    return {
        "sentence": _today_words(o, now),
        "why": stands_in_the_way(o, today)[1] or advice_rules.ask_words(now, today),
        "tone": "blocked" if now.why_not_code or now.ask else "given",
        "add_url": f"{_order_url(who, o)}/advice/new" if running and may("orders.advise", who) else "",
        "letters": [_letter_words(who, o, a, people, now) for a in reversed(letters)],
        "inrs": inr_rows(letters),
    }


def _today_words(o: OrderFacts, now: Standing) -> str:
    if now.amount is None:
        return "No dose can be given by letter today"
    if now.amount == 0:
        return "No dose today, by the letter"
    return f"Today’s dose is {rules.amount_words(now.amount, o.dose_unit)}, by the letter"


def days_words(first: dt.date, last: dt.date | None) -> str:
    """`from 16 Nov 2026 on`, `16 Nov 2026 to 22 Nov 2026`, `on 16 Nov 2026`."""
    if last is None:
        return f"from {clock.date_words(first)} on"
    if last == first:
        return f"on {clock.date_words(first)}"
    return f"{clock.date_words(first)} to {clock.date_words(last)}"


def said_words(o: OrderFacts, a: AdviceFacts) -> str:
    """What a letter says: `3 mg, 16 Nov 2026 to 22 Nov 2026. INR 2.4 on …, next …`."""
    dose = "none" if a.amount == 0 else rules.amount_words(a.amount, o.dose_unit)
    said = [f"{dose}, {days_words(a.first_day, a.last_day)}"]
    if a.inr is not None and a.inr_on is not None:
        said.append(f"INR {rules.number_words(a.inr)} on {clock.date_words(a.inr_on)}")
    if a.next_inr_on is not None:
        said.append(f"next INR {clock.date_words(a.next_inr_on)}")
    return "; ".join(said)


def covered(a: AdviceFacts, person_id: int | None) -> bool:
    """Whether somebody must not read what a letter says yet: they may be the one to key it again."""
    return rules.covered_for(a, person_id)


def _letter_words(who: Actor, o: OrderFacts, a: AdviceFacts, people: Mapping[int, str], now: Standing) -> LetterWords:
    keyed = f"Keyed by {people.get(a.keyed_by, 'Steady')} {clock.moment_words(a.keyed_at, who.zone)}"
    if a.checked:
        state = "Holds today" if a == now.holds else "Checked"
        by = f", checked by {people[a.checked_by]}" if a.checked_by in people else ""
        detail = f"{keyed}{by}. From: {a.source}"
        return LetterWords(said_words(o, a), detail, state, "given" if a == now.holds else "plain")
    title = "Covered until a second person has keyed it too" if covered(a, who.person_id) else said_words(o, a)
    mine = a.keyed_by == who.person_id
    url = check_url(who, a) if may("orders.check_advice", who) and not mine else ""
    return LetterWords(title, f"{keyed}. From: {a.source}", "Waits for its second check", "due", url)


def inr_rows(letters: tuple[AdviceFacts, ...]) -> list[tuple[str, str]]:
    """Every INR of the checked letters, newest first, as (day, value)."""
    known = {a.inr_on: a.inr for a in letters if a.checked and a.inr is not None}
    return [(clock.date_words(day), rules.number_words(known[day])) for day in sorted(known, reverse=True)]


def _order_url(who: Actor, o: OrderFacts) -> str:
    return f"/h/{who.home_slug}/orders/{o.line_id}"


def check_url(who: Actor, a: AdviceFacts) -> str:
    """Where a letter is keyed again."""
    return f"/h/{who.home_slug}/orders/advice/{a.id}/check"


@dataclass(frozen=True)
class Need:
    """What somebody has to do about the letters of an order: key one again, or get one."""

    order: OrderFacts
    lead: str
    why: str
    action: str
    url: str
    since: dt.datetime
    blocked: bool


def needs(who: Actor, at: dt.datetime) -> list[Need]:
    """Letters this person can key again, and orders without a written dose for today or tomorrow."""
    if not may("orders.check_advice", who):
        return []
    latest = [o for o in queries.latest_versions(queries.orders_of_home(who.home_id)) if schedules.by_advice(o)]
    running = [o for o in latest if rules.state(o, at, who.zone) == "active"]
    return [need for o in running for need in _needs_of(who, o, at)]


def _needs_of(who: Actor, o: OrderFacts, at: dt.datetime) -> Iterator[Need]:
    today, url = clock.local_day(at, who.zone), _order_url(who, o)
    for day in (today, today + dt.timedelta(days=1)):
        found = standing(o, day)
        if found is not None and found.waiting is not None and found.waiting.keyed_by != who.person_id:
            a = found.waiting
            by = staff.names({a.keyed_by}).get(a.keyed_by, "somebody")
            why = f"keyed by {by} {clock.moment_words(a.keyed_at, who.zone)}. From: {a.source}"
            yield Need(o, "A letter to key again", why, "Key it", check_url(who, a), a.keyed_at, day == today)
            return
        if found is not None and found.why_not_code == "no_advice" and schedules.falls_on(o, day):
            when = "today" if day == today else "tomorrow"
            why = f"{rules.medicine_words(o)}: there is no written dose for {when}. Ring {o.prescriber}, do not guess."
            yield Need(o, f"No written dose for {when}", why, "Key the letter", url, at, day == today)
            return
