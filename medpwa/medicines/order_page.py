"""What the page of one order says: what it says now, what it said before, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa import clock
from medpwa.medicines import changes, queries, rules
from medpwa.medicines.models import OrderCheck
from medpwa.medicines.order_facts import check_url, facts_of, order_url, protocol_of
from medpwa.medicines.queries import Order
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.shown import RUNNING, hold_words, state_chip
from medpwa.medicines.vocabulary import ENDINGS
from medpwa.permits import Actor, may
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff


@dataclass(frozen=True)
class Struck:
    """A version that no longer holds, struck through: what it said, until when, why it ended, by whom."""

    until: str
    words: str
    why: str
    changed: tuple[tuple[str, str, str], ...]



def order_page(who: Actor, order: Order, card: ResidentCard, saved: str = "") -> dict:
    """One order: what it says now, what it said before, and what can be done."""
    at, o = clock.now(), order.latest
    state, covered = rules.state(o, at, who.zone), rules.covered_for(o, who.person_id)
    running, shown = state in RUNNING, rules.shown_state(o, order.versions, at, who.zone)
    return {
        "sentence": _order_sentence(who, o, card, shown, covered),
        "saved": _saved_words(who, o, saved),
        "chip_now": state_chip(shown),
        "covered": covered,
        "directions": "" if covered else rules.directions(o),
        "facts": [] if covered else facts_of(who, o, order.versions),
        "protocol": [] if covered else protocol_of(o),
        "keyed": _provenance(who, o, order),
        "earlier": _earlier(who, order),
        "check_url": check_url(who, o) if covered and may("orders.check", who) else None,
        "edit_url": f"{order_url(who, o)}/edit" if running and not covered and may("orders.change", who) else None,
        "stop_url": f"{order_url(who, o)}/stop" if running and may("orders.stop", who) else None,
        "hold_url": f"{order_url(who, o)}/hold" if state == "active" and may("orders.suspend", who) else None,
        "resume_url": f"{order_url(who, o)}/resume" if state == "suspended" and may("orders.resume", who) else None,
        "strike_url": f"{order_url(who, o)}/strike" if may("orders.strike", who) and not o.in_error else None,
    }


def _order_sentence(who: Actor, o: OrderFacts, card: ResidentCard, state: str, covered: bool) -> str:
    if covered:
        return f"{'A new order' if o.number == 1 else 'A changed order'} for {card.called} waits for its second check"
    name = rules.medicine_words(o)
    if state == "in_error":
        return f"{name} was entered in error"
    if state == "stopped":
        return f"{name} was stopped {clock.moment_words(o.valid_from, who.zone)}"
    if state == "suspended":
        return f"{name} is on hold"
    if state == "finished":
        return f"{name} finished" + (f" on {clock.date_words(o.ends_on)}" if o.ends_on else "")
    return f"{name} {'is active' if state == 'active' else 'waits for its second check'}"


def _saved_words(who: Actor, o: OrderFacts, saved: str) -> tuple[str, str] | None:
    """What was just saved, when the page answers a form; only sentences of ours, never the address's text."""
    if saved in ("added", "changed") and not o.checked:
        check = queries.trained_words(who.home_id, without=o.keyed_by)
        return "Saved. It waits for its second check.", f"Nobody can give it before. {check}"
    where = "It can be given when it is needed." if o.kind == "prn" else "It is on the round from its next dose on."
    return {
        "letter": ("The letter is saved.", "Nobody can give by it before a second person has keyed it the same."),
        "letter_checked": ("Both keyed the letter the same.", "Its dose holds on the days it names."),
        "checked": ("Both keyed the same: active.", f"You read the rest against the paper. {where}"),
        "held": ("On hold.", "No dose falls due until somebody lets it go on."),
        "resumed": ("It goes on as it was.", "Its doses fall due again from now on."),
        "struck": ("Entered in error.", "Nothing was ever recorded of it. It stays here to be read."),
        "stopped": ("Stopped.", "No dose falls due any more. What was given before stays on record."),
    }.get(saved)


def _provenance(who: Actor, o: OrderFacts, order: Order) -> str:
    """Who keyed what stands now and who checked it, in a sentence."""
    checked_by = _checked_by(o)
    names = staff.names({p for p in (o.keyed_by, checked_by) if p})
    who_did = names.get(o.keyed_by, "Steady")
    if o.in_error:
        return f"Marked as entered in error by {who_did}. Reason: {o.reason}"
    if o.suspended:
        return f"Put on hold by {who_did}, {hold_words(o, who.zone)}"
    if not o.hand_keyed and not o.stopped and o.number > 1:
        return f"{who_did} let it go on {clock.moment_words(o.keyed_at, who.zone)}. Reason: {o.reason}"
    if not o.hand_keyed and not o.stopped:
        return f"Taken over from another system {clock.moment_words(o.keyed_at, who.zone)}."
    if o.stopped:
        ending = f" {ENDINGS[o.ending]}." if o.ending in ENDINGS else ""
        return f"Stopped by {who_did}.{ending} Reason: {o.reason}"
    words = f"{'Keyed' if o.number == 1 else 'Changed'} by {names.get(o.keyed_by, 'somebody')} "
    words += f"{clock.moment_words(o.keyed_at, who.zone)}."
    return f"{words} Checked by {names[checked_by]}." if checked_by in names else words


def _checked_by(o: OrderFacts) -> int | None:
    found = OrderCheck.select(OrderCheck.by).where((OrderCheck.version == o.version_id) & OrderCheck.agrees).tuples()
    return next((by for (by,) in found), None)


def _earlier(who: Actor, order: Order) -> list[Struck]:
    """What the order said before, newest first: struck through, with when, why and by whom it ended, and what changed.
    What somebody must not read yet is left out, and so is how it differs."""
    pairs = list(zip(order.versions, order.versions[1:], strict=False))
    names = staff.names({after.keyed_by for _, after in pairs if after.keyed_by})
    return [
        Struck(
            f"Until {clock.moment_words(after.valid_from, who.zone)}",
            f"{rules.medicine_words(before)}. {rules.directions(before)}",
            _why(after, names, covered=order.covers(after, who.person_id)),
            () if order.covers(after, who.person_id) else tuple(changes.changes_between(before, after)),
        )
        for before, after in reversed(pairs)
        if not order.covers(before, who.person_id)
    ]


def _why(after: OrderFacts, names: dict[int, str], *, covered: bool) -> str:
    """Why a version ended and who ended it; the reason of a change that waits is covered like the change."""
    by = names.get(after.keyed_by, "Steady")
    return f"Changed by {by}" if covered else f"{by}: {after.reason}"
