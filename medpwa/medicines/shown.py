"""What the pages of orders say: their sentences, rows, cards and facts, in words and addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.medicines import queries, rules
from medpwa.medicines.models import OrderCheck
from medpwa.medicines.queries import Order
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.residents.queries import ResidentCard, residents_at
from medpwa.staff import queries as staff

STATE_TONES: dict[str, tuple[str, str | None]] = {
    "awaiting_check": ("due", "clipboard-check"),
    "active": ("given", None),
    "stopped": ("not_given", None),
    "finished": ("coming", "circle-check"),
}
FLAG_WORDS: dict[str, str] = {
    "time_critical": "Time-critical",
    "high_risk": "High-risk",
    "controlled": "Controlled drug",
}


@dataclass(frozen=True)
class Chip:
    """A state in a word."""

    tone: str
    words: str
    icon: str | None = None


@dataclass(frozen=True)
class Fact:
    """One row of a summary list."""

    label: str
    value: str
    url: str | None = None
    action: str | None = None


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
    running = [o for o in newest if rules.state(o, at, who.zone) in ("active", "awaiting_check")]
    waiting = sorted((o for o in running if not o.checked), key=lambda o: o.keyed_at)
    names = staff.names({o.keyed_by for o in waiting if o.keyed_by})
    return {
        "sentence": _waiting_sentence(len(waiting), bool(running)),
        "tasks": [_task(who, o, people[o.resident_id], names) for o in waiting],
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
    by_state: dict[str, list[OrderFacts]] = {state: [] for state in STATE_TONES}
    for o in newest:
        by_state[rules.state(o, at, who.zone)].append(o)
    cards = {s: [order_card(who, o, own, at) for o in found] for s, found in by_state.items()}
    return {
        "sentence": _resident_sentence(card, len(cards["active"]), len(cards["awaiting_check"])),
        "active": cards["active"],
        "waiting": cards["awaiting_check"],
        "ended": cards["stopped"] + cards["finished"],
        "ended_words": f"Stopped and finished ({len(cards['stopped']) + len(cards['finished'])})",
        "can_add": may("orders.add", who) and not card.has_left,
    }


def _resident_sentence(card: ResidentCard, active: int, waiting: int) -> str:
    if not active and not waiting:
        return "No medicines are prescribed here"
    checks = f"{waiting} wait{'s' if waiting == 1 else ''} for a second check"
    if not active:
        return f"{card.called} has no checked medicines, and {checks}"
    return f"{card.called} takes {counted(active)}" + (f", and {checks}" if waiting else "")


def order_card(who: Actor, o: OrderFacts, own: Iterable[OrderFacts], at: dt.datetime) -> OrderCard:
    """One order as a card. `own` holds the versions of its line."""
    url = order_url(who, o)
    state = rules.state(o, at, who.zone)
    if rules.covered_for(o, who.person_id):
        names = staff.names({o.keyed_by} if o.keyed_by else set())
        title = "A new medicine" if o.number == 1 else "A changed medicine"
        words = f"{keyed_words(who, o, names).partition(', ')[2].capitalize()} From: {o.source}"
        return OrderCard(title, words, (), (state_chip(state),), url, covered=True)
    following = rules.next_due([v for v in own if v.line_id == o.line_id], at, who.zone)
    facts = [Fact("For", o.indication)] if o.indication else []
    if state in ("active", "awaiting_check"):
        facts.append(Fact("Next due", clock.moment_words(following, who.zone) if following else "No more doses"))
    flags = [
        Chip("late" if name == "time_critical" else "flagged", w) for name, w in FLAG_WORDS.items() if getattr(o, name)
    ]
    chips = flags if state == "active" else [state_chip(state), *flags]
    return OrderCard(rules.medicine_words(o), rules.directions(o), tuple(facts), tuple(chips), url)


def state_chip(state: str) -> Chip:
    """The state of an order as a chip."""
    tone, icon = STATE_TONES[state]
    return Chip(tone, rules.ORDER_STATES[state], icon)


# ---------------------------------------------------------------- one order


def order_page(who: Actor, order: Order, card: ResidentCard, saved: str = "") -> dict:
    """One order: what it says now, what it said before, and what can be done."""
    at, o = clock.now(), order.latest
    state, covered = rules.state(o, at, who.zone), rules.covered_for(o, who.person_id)
    running = state in ("active", "awaiting_check")
    return {
        "sentence": _order_sentence(who, o, card, state, covered),
        "saved": _saved_words(who, o, saved),
        "chip_now": state_chip(state),
        "covered": covered,
        "directions": "" if covered else rules.directions(o),
        "facts": [] if covered else facts_of(who, o, order.versions),
        "keyed": _provenance(who, o, order),
        "earlier": _earlier(who, order),
        "check_url": check_url(who, o) if covered and may("orders.check", who) else None,
        "edit_url": f"{order_url(who, o)}/edit" if running and not covered and may("orders.change", who) else None,
        "stop_url": f"{order_url(who, o)}/stop" if running and may("orders.stop", who) else None,
    }


def _order_sentence(who: Actor, o: OrderFacts, card: ResidentCard, state: str, covered: bool) -> str:
    if covered:
        return f"{'A new order' if o.number == 1 else 'A changed order'} for {card.called} waits for its second check"
    name = rules.medicine_words(o)
    if state == "stopped":
        return f"{name} was stopped {clock.moment_words(o.valid_from, who.zone)}"
    if state == "finished":
        return f"{name} finished on {clock.date_words(o.ends_on)}"
    return f"{name} {'is active' if state == 'active' else 'waits for its second check'}"


def _saved_words(who: Actor, o: OrderFacts, saved: str) -> tuple[str, str] | None:
    """What was just saved, when the page answers a form; only sentences of ours, never the address's text."""
    if saved in ("added", "changed") and not o.checked:
        check = queries.trained_words(who.home_id, without=o.keyed_by)
        return "Saved. It waits for its second check.", f"Nobody can give it before. {check}"
    return {
        "checked": ("Both keyed the same: active.", "It is on the round from its next dose on."),
        "stopped": ("Stopped.", "No dose falls due any more. What was given before stays on record."),
    }.get(saved)


def facts_of(who: Actor, o: OrderFacts, versions: Iterable[OrderFacts] = ()) -> list[Fact]:
    """Everything an order says beside its directions, also of details not saved yet."""
    flags = rules.listed([words.lower() for name, words in FLAG_WORDS.items() if getattr(o, name)])
    following = rules.next_due(versions, clock.now(), who.zone)
    rows = [
        ("For", o.indication),
        ("Next due", clock.moment_words(following, who.zone) if following else ""),
        ("First day", clock.date_words(o.starts_on)),
        ("Last day", clock.date_words(o.ends_on) if o.ends_on else "No end set"),
        ("On time", f"from {o.window_before}\u00a0min before to {o.window_after}\u00a0min after"),
        ("Handled as", flags[:1].upper() + flags[1:]),
        ("Needs sign-off for", rules.skill_words(o)),
        ("Prescribed by", o.prescriber),
        ("From", o.source),
        ("About the allergy", o.allergy_answer),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _provenance(who: Actor, o: OrderFacts, order: Order) -> str:
    """Who keyed what stands now and who checked it, in a sentence."""
    checked_by = _checked_by(o)
    names = staff.names({p for p in (o.keyed_by, checked_by) if p})
    if not o.hand_keyed and not o.stopped:
        return f"Taken over from another system {clock.moment_words(o.keyed_at, who.zone)}."
    if o.stopped:
        return f"Stopped by {names.get(o.keyed_by, 'Steady')}. Reason: {o.reason}"
    words = f"{'Keyed' if o.number == 1 else 'Changed'} by {names.get(o.keyed_by, 'somebody')} "
    words += f"{clock.moment_words(o.keyed_at, who.zone)}."
    return f"{words} Checked by {names[checked_by]}." if checked_by in names else words


def _checked_by(o: OrderFacts) -> int | None:
    found = OrderCheck.select(OrderCheck.by).where((OrderCheck.version == o.version_id) & OrderCheck.agrees).tuples()
    return next((by for (by,) in found), None)


def _earlier(who: Actor, order: Order) -> list[Fact]:
    """What the order said before, newest first."""
    return [
        Fact(f"Until {clock.moment_words(o.valid_to, who.zone)}", f"{rules.medicine_words(o)}. {rules.directions(o)}")
        for o in reversed(order.versions[:-1])
        if o.valid_to is not None and not order.covers(o, who.person_id)
    ]


# ---------------------------------------------------------------- addresses


def order_url(who: Actor, o: OrderFacts) -> str:
    """An order's page."""
    return f"/h/{who.home_slug}/orders/{o.line_id}"


def check_url(who: Actor, o: OrderFacts) -> str:
    """Where a version is keyed again."""
    return f"/h/{who.home_slug}/orders/versions/{o.version_id}/check"
