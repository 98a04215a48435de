"""What the pages of orders say: their sentences, rows, cards and facts, in words and addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.medicines import advice, queries, rules
from medpwa.medicines.order_facts import FLAG_WORDS
from medpwa.medicines.order_facts import check_url as check_url
from medpwa.medicines.order_facts import order_url as order_url
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.residents.queries import ResidentCard, residents_at
from medpwa.staff import queries as staff
from medpwa.summary import Fact

RUNNING = ("active", "awaiting_check", "suspended")
STATE_TONES: dict[str, tuple[str, str | None]] = {
    "awaiting_check": ("due", "clipboard-check"),
    "active": ("given", None),
    "suspended": ("away", "circle-minus"),
    "stopped": ("not_given", None),
    "finished": ("coming", "circle-check"),
    "in_error": ("not_given", "x"),
}

@dataclass(frozen=True)
class Chip:
    """A state in a word."""

    tone: str
    words: str
    icon: str | None = None


@dataclass(frozen=True)
class Task:
    """An order that waits for its second check."""

    title: str
    lead: str
    why: str
    action: str
    url: str


@dataclass(frozen=True)
class Row:
    """One person and how many medicines they have."""

    card: ResidentCard
    url: str
    second: str
    chip: Chip | None = None


@dataclass(frozen=True)
class OrderCard:
    """One order on the page of a person's medicines. A covered one says only that it waits."""

    title: str
    directions: str
    facts: tuple[Fact, ...]
    chips: tuple[Chip, ...]
    url: str
    covered: bool = False


# ---------------------------------------------------------------- everybody's medicines


def orders_page(who: Actor) -> dict:
    """Orders waiting for their second check, then everybody with how much they take."""
    at = clock.now()
    people = {card.id: card for card in residents_at(who.home_id, at)}
    newest = [o for o in queries.latest_versions(queries.orders_of_home(who.home_id)) if o.resident_id in people]
    own = _by_line(queries.orders_of_home(who.home_id))
    running = [o for o in newest if rules.shown_state(o, own[o.line_id], at, who.zone) in RUNNING]
    held = [o for o in running if rules.hold_is_over(o, at)]
    waiting = sorted((o for o in running if not o.checked), key=lambda o: o.keyed_at)
    names = staff.names({o.keyed_by for o in waiting if o.keyed_by})
    letters = [need for need in advice.needs(who, at) if need.order.resident_id in people]
    return {
        "sentence": _waiting_sentence(len(waiting), bool(running)),
        "tasks": [
            *(_held_task(who, o, people[o.resident_id]) for o in held),
            *(_task(who, o, people[o.resident_id], names) for o in waiting),
            *(_letter_task(need, people[need.order.resident_id]) for need in letters),
        ],
        "rows": [_person_row(who, card, [o for o in running if o.resident_id == card.id]) for card in people.values()],
    }


def _waiting_sentence(waiting: int, any_at_all: bool) -> str:
    if waiting:
        return f"{waiting} order{' waits' if waiting == 1 else 's wait'} for a second check"
    return "Every medicine here has had its second check" if any_at_all else "No medicines are prescribed here yet"


def _task(who: Actor, o: OrderFacts, card: ResidentCard, names: dict[int, str]) -> Task:
    mine = o.keyed_by == who.person_id
    checks = may("orders.check", who) and not mine
    return Task(
        title=f"{card.name}, {card.room_words}",
        lead="To check" if checks else "Waiting",
        why=f"{keyed_words(who, o, names)} From: {o.source}",
        action="Check" if checks else "Open",
        url=check_url(who, o) if checks else order_url(who, o),
    )


def _letter_task(need: advice.Need, card: ResidentCard) -> Task:
    """A dose by letter that somebody has to see to."""
    return Task(f"{card.name}, {card.room_words}", need.lead, need.why, need.action, need.url)


def _held_task(who: Actor, o: OrderFacts, card: ResidentCard) -> Task:
    """An order on hold whose time is over: somebody decides, the product does not."""
    return Task(
        title=f"{card.name}, {card.room_words}",
        lead="On hold, and its time is over",
        why=f"{rules.medicine_words(o)}: {hold_words(o, who.zone)} Let it go on, or stop it.",
        action="Decide",
        url=order_url(who, o),
    )


def keyed_words(who: Actor, o: OrderFacts, names: dict[int, str]) -> str:
    """Who keyed it and when."""
    what = "a new medicine" if o.number == 1 else "a change"
    name = "you" if o.keyed_by == who.person_id else names.get(o.keyed_by, "somebody who left")
    return f"{what}, keyed by {name} {clock.moment_words(o.keyed_at, who.zone)}."


def _person_row(who: Actor, card: ResidentCard, running: list[OrderFacts]) -> Row:
    checked = sum(o.checked for o in running)
    waiting = len(running) - checked
    second = counted(checked) if running else "No medicines prescribed"
    chip = Chip("due", f"{waiting} to check", "clipboard-check") if waiting else None
    return Row(card, f"{card.url}/orders", second, chip)


def counted(n: int) -> str:
    """`1 medicine`, `5 medicines`."""
    return f"{n or 'No'} medicine{'' if n == 1 else 's'}"


# ---------------------------------------------------------------- one person's medicines


def resident_page(who: Actor, card: ResidentCard) -> dict:
    """What somebody takes, what waits, what has ended."""
    at = clock.now()
    own = queries.orders_of_resident(who.home_id, card.id)
    newest = sorted(queries.latest_versions(own), key=lambda o: (o.medicine.casefold(), o.line_id))
    lines = _by_line(own)
    by_state: dict[str, list[OrderFacts]] = {state: [] for state in STATE_TONES}
    for o in newest:
        by_state[rules.shown_state(o, lines[o.line_id], at, who.zone)].append(o)
    cards = {s: [order_card(who, o, own, at) for o in found] for s, found in by_state.items()}
    ended = cards["stopped"] + cards["finished"] + cards["in_error"]
    return {
        "sentence": _resident_sentence(card, *(len(cards[s]) for s in ("active", "awaiting_check", "suspended"))),
        "active": cards["active"],
        "held": cards["suspended"],
        "waiting": cards["awaiting_check"],
        "ended": ended,
        "ended_words": f"Stopped and finished ({len(ended)})",
        "can_add": may("orders.add", who) and not card.has_left,
    }


def _by_line(orders: Iterable[OrderFacts]) -> dict[int, list[OrderFacts]]:
    found: dict[int, list[OrderFacts]] = {}
    for o in orders:
        found.setdefault(o.line_id, []).append(o)
    return found


def _resident_sentence(card: ResidentCard, active: int, waiting: int, held: int) -> str:
    if not active and not waiting and not held:
        return "No medicines are prescribed here"
    also = [f"{waiting} wait{'s' if waiting == 1 else ''} for a second check"] if waiting else []
    also += [f"{held} {'is' if held == 1 else 'are'} on hold"] if held else []
    takes = f"{card.called} takes {counted(active)}" if active else f"{card.called} has no checked medicines"
    if not active and not waiting:
        takes = f"{card.called} takes nothing now"
    return ", and ".join([takes, rules.listed(also)]) if also else takes


def order_card(who: Actor, o: OrderFacts, own: Iterable[OrderFacts], at: dt.datetime) -> OrderCard:
    """One order as a card. `own` holds the versions of its line."""
    url = order_url(who, o)
    line = [v for v in own if v.line_id == o.line_id]
    state = rules.shown_state(o, line, at, who.zone)
    if rules.covered_for(o, who.person_id):
        names = staff.names({o.keyed_by} if o.keyed_by else set())
        title = "A new medicine" if o.number == 1 else "A changed medicine"
        words = f"{keyed_words(who, o, names).partition(', ')[2].capitalize()} From: {o.source}"
        return OrderCard(title, words, (), (state_chip(state),), url, covered=True)
    following = rules.next_due(line, at, who.zone)
    facts = [Fact("For", o.indication)] if o.indication and o.kind != "prn" else []
    if state == "suspended":
        facts.append(Fact("On hold", hold_words(o, who.zone)))
    if state in ("active", "awaiting_check") and o.kind != "prn":
        facts.append(Fact("Next due", clock.moment_words(following, who.zone) if following else "None left"))
    flags = [
        Chip("late" if name == "time_critical" else "flagged", w) for name, w in FLAG_WORDS.items() if getattr(o, name)
    ]
    chips = flags if state == "active" else [state_chip(state), *flags]
    return OrderCard(rules.medicine_words(o), rules.directions(o), tuple(facts), tuple(chips), url)


def hold_words(o: OrderFacts, zone: str) -> str:
    """Why an order is on hold, who decided it and until when."""
    said = o.advice or {}
    until = rules.held_until(o)
    when = f"until {clock.moment_words(until, zone)}" if until else "until somebody lets it go on"
    return f"{when}, decided by {said.get('decided_by', 'somebody')}. Reason: {o.reason.rstrip('. ')}."


def state_chip(state: str) -> Chip:
    """The state of an order as a chip."""
    tone, icon = STATE_TONES[state]
    return Chip(tone, rules.ORDER_STATES[state], icon)
