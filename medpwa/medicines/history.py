"""An order's history in words: the ledger's lines about it, filled in from the versions and checks they name."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa import clock
from medpwa.ledger import Line, Refusal
from medpwa.medicines import advice_history, changes, queries, rules
from medpwa.medicines.deeds import subject
from medpwa.medicines.models import OrderCheck
from medpwa.medicines.queries import Order
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.sentences import REFUSED, SENTENCES, TONES
from medpwa.medicines.shown import hold_words
from medpwa.medicines.vocabulary import ENDINGS
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.sentences import refused_words

MOST = 60
COVERED = "what it says stays covered until a second person has keyed it too."


@dataclass(frozen=True)
class Said:
    """One line of a history, as the component shows it."""

    at_words: str
    who: str
    words: str
    tone: str
    struck: bool = False


def history_of(by: Actor, order: Order) -> list[Said]:
    """The lines about one order, newest first."""
    verbs = list(SENTENCES)
    whose = (Line.chain == by.chain_id) & (Line.subject == subject(order.resident_id)) & Line.verb.in_(verbs)
    lines = [
        x
        for x in Line.select().where(whose).order_by(Line.at.desc(), Line.seq.desc())
        if x.about.get("order") == order.line_id
    ]
    lines = lines[:MOST]
    who = staff.names({x.by_person for x in lines if x.by_person})
    said = zip(lines, words_for(by, lines), strict=True)
    return [Said(clock.moment_words(x.at, by.zone), who.get(x.by_person, "Steady"), w, tone) for x, (w, tone) in said]


def words_for(by: Actor, lines: list[Line], *, named: bool = False) -> list[tuple[str, str]]:
    """What each line about an order says, and its tone. `named` puts the medicine before what does not name it, for
    lists in which several orders stand."""
    return [_words(by, x, named) for x in lines]


def _words(by: Actor, x: Line, named: bool) -> tuple[str, str]:
    if x.outcome == "refused":
        why = Refusal.get_or_none(Refusal.id == _row(x, "refusal"))
        return refused_words(REFUSED[x.verb], why.words if why else ""), "blocked"
    if x.verb in advice_history.VERBS:
        return advice_history.said(by, x, named)
    check_row = OrderCheck.get_by_id(_row(x, "order_check")) if x.verb == "orders.check" else None
    version = queries.version_of(by, check_row.version_id if check_row else _row(x, "order_version"))
    order = queries.order_of(by, version.line_id)
    front = ""
    if named and (check_row or x.verb not in ("orders.add", "orders.import")):
        front = "A covered order: " if order.covers(version, by.person_id) else f"{rules.medicine_words(version)}: "
    words, tone = _check_said(check_row) if check_row else _order_said(by, order, x.verb, version)
    return front + words, tone


def _order_said(by: Actor, order: Order, verb: str, version: OrderFacts) -> tuple[str, str]:
    return SENTENCES[verb].format(what=_what(by, order, verb, version)), TONES.get(verb, "plain")


def _row(x: Line, table: str) -> int | None:
    return next((row_id for name, row_id, _ in x.rows if name == table), None)


def _check_said(check: OrderCheck) -> tuple[str, str]:
    if check.agrees:
        what, tone = "both the same, so the order is active.", "given"
    else:
        what, tone = f"{rules.listed(check.differences)} differed, so the order stayed waiting.", "flagged"
    return SENTENCES["orders.check"].format(what=what), tone


def _what(by: Actor, order: Order, verb: str, version: OrderFacts) -> str:
    if verb == "orders.suspend":
        return hold_words(version, by.zone)
    if verb == "orders.stop" and version.ending in ENDINGS:
        return f"{ENDINGS[version.ending]}. Reason: {version.reason}"
    if verb in ("orders.stop", "orders.resume", "orders.strike"):
        return f"Reason: {version.reason}"
    if order.covers(version, by.person_id):
        return COVERED if verb != "orders.change" else "the order: " + COVERED
    if verb == "orders.change":
        before = order.versions[order.versions.index(version) - 1]
        return f"{changes_words(before, version)}. Reason: {version.reason}"
    return f"{rules.medicine_words(version)}. {rules.directions(version)}"


def changes_words(before: OrderFacts, after: OrderFacts) -> str:
    """What differs between two versions, field by field: `dose from 1 tablet to 2 tablets; times from …`."""
    found = changes.changes_between(before, after)
    return "; ".join(f"{label[:1].lower()}{label[1:]} from {old} to {new}" for label, old, new in found)
