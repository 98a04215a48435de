"""An order in facts: everything it says beside its directions, and where its pages are."""

from __future__ import annotations

from collections.abc import Iterable

from medpwa import clock
from medpwa.medicines import changes, rules, schedules
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import PROTOCOL, TIME_CLASSES
from medpwa.permits import Actor
from medpwa.summary import Fact

FLAG_WORDS: dict[str, str] = {
    "time_critical": "Time-critical",
    "high_risk": "High-risk",
    "controlled": "Controlled drug",
    "psychotropic": "Acts on mood or behaviour",
    "witness": "A second person watches it given",
}


def facts_of(who: Actor, o: OrderFacts, versions: Iterable[OrderFacts] = ()) -> list[Fact]:
    """Everything an order says beside its directions, also of details not saved yet."""
    flags = rules.listed([words.lower() for name, words in FLAG_WORDS.items() if getattr(o, name)])
    following = rules.next_due(versions, clock.now(), who.zone)
    rows = [
        ("For", o.indication),
        ("Next due", clock.moment_words(following, who.zone) if following else ""),
        ("First day", clock.date_words(o.starts_on) if o.kind != "once" else ""),
        ("Last day", _last_words(o)),
        ("On time", _time_words(o)),
        ("Limits", limit_words(o)),
        ("Counted as", changes.held_words(o)),
        ("Handled as", flags[:1].upper() + flags[1:]),
        ("Needs sign-off for", rules.skill_words(o)),
        ("Prescribed by", o.prescriber),
        ("On the advice of", changes.advice_words(o.advice, who.zone)),
        ("From", o.source),
        ("About the allergy", o.allergy_answer),
    ]
    return [Fact(label, value) for label, value in rows if value]


def _last_words(o: OrderFacts) -> str:
    if o.kind == "once":
        return ""
    if o.ends_on:
        return clock.date_words(o.ends_on)
    return f"With the last of {o.total_doses} doses" if o.total_doses else "No end set"


def _time_words(o: OrderFacts) -> str:
    if o.kind == "prn":
        return ""
    said = f"from {o.window_before}\u00a0min before to {o.window_after}\u00a0min after"
    chosen = TIME_CLASSES.get(o.time_class)
    return f"{said} ({chosen.label[:1].lower()}{chosen.label[1:]})" if chosen else said


def limit_words(o: OrderFacts) -> str:
    """The limits of an order in a sentence; a when-required one says two of them in its directions already."""
    said = []
    if o.min_interval:
        said.append(f"at least {changes.span_words(o.min_interval)} between doses")
    if o.most_24h:
        said.append(f"at most {rules.amount_words(o.most_24h, o.dose_unit)} in 24 hours")
    if guard := schedules.guard_of(o.medicine, o.guard_days):
        said.append(f"no second dose within {guard}\u00a0day{'' if guard == 1 else 's'}")
    words = rules.listed(said) if said else ""
    return words[:1].upper() + words[1:]


def protocol_of(o: OrderFacts) -> list[Fact]:
    """The protocol of a when-required medicine, part by part; what it does not say is left out."""
    said = o.protocol or {}
    parts = ((name, part) for name, part in PROTOCOL.items() if name in said)
    return [Fact(part.label, _upper(changes.part_words(name, said[name]))) for name, part in parts]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def order_url(who: Actor, o: OrderFacts) -> str:
    """An order's page."""
    return f"/h/{who.home_slug}/orders/{o.line_id}"


def check_url(who: Actor, o: OrderFacts) -> str:
    """Where a version is keyed again."""
    return f"/h/{who.home_slug}/orders/versions/{o.version_id}/check"
