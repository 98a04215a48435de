"""What the record page of one resident says: its sentence, its facts in words, where to go from here."""

from __future__ import annotations

from medpwa import clock
from medpwa.permits import Actor, may
from medpwa.residents import labels
from medpwa.residents.details import FIELD_WORDS
from medpwa.residents.queries import ResidentCard
from medpwa.summary import Fact

SAVED: dict[str, str] = {
    "added": "{called}'s record is saved. Next: print a label, and have somebody enter the medicines.",
    "details": "The changes to {called}'s details are saved.",
    "nothing": "Nothing was different, so nothing was changed.",
    "allergies": "{called}'s allergies are saved. Everybody sees them from now on.",
    "moved": "Saved: {where}.",
    "earlier": "Saved as an earlier time. What was recorded after it still stands: {where}.",
    "same_minute": "Saved: {where}. They came back at the minute they left, so no absence is counted: doses of that "
    "time are asked for as always. If the time was wrong, say again when they left, then when they came back.",
    "photo": "The new photo is saved.",
}


def record_page(who: Actor, card: ResidentCard, saved: str) -> dict:
    """Everything the record template needs beside the card and its history."""
    live = labels.labels_of([card.id], live=True) if may("labels.see", who) else []
    return {
        "sentence": sentence(card),
        "saved": saved_words(card, saved),
        "facts": _facts(who, card),
        "allergy_note": _allergy_note(card, who.zone),
        "similar_words": similar_words(card),
        "label_words": label_words(len(live)),
        "can": {verb: may(verb, who) for verb in ("residents.change", "residents.settle_allergies", "residents.move")}
        | {"photo": may("residents.photo", who), "labels": may("labels.see", who), "orders": may("orders.see", who)},
        "people_url": f"/h/{who.home_slug}/residents",
        "ledger_ways": ledger_ways(who, card.id),
    }


def ledger_ways(who: Actor, resident_id: int) -> list[tuple[str, str, str]]:
    """For managers: what was recorded about this resident, on screen and on paper, and who opened it (words, address,
    icon)."""
    base, about = f"/h/{who.home_slug}", f"about=resident-{resident_id}"
    ways = []
    if may("ledger.see", who):
        ways.append(("What has been recorded", f"{base}/ledger?{about}", "history"))
        ways.append(("History on paper", f"{base}/residents/{resident_id}/history/print", "printer"))
    if may("ledger.see_access", who):
        ways.append(("Who opened this", f"{base}/ledger/access?{about}", "users"))
    return ways


def sentence(card: ResidentCard) -> str:
    """The first line of the record: where somebody is."""
    since = card.whereabouts_words
    if card.whereabouts == "home":
        return f"{card.called} is in the home, {_inside(card.room_words)}"
    if card.has_left:
        return f"{card.called} {since[0].lower()}{since[1:]}"
    return f"{card.called} has been {since[0].lower()}{since[1:]}"


def _inside(room: str) -> str:
    return room[0].lower() + room[1:] if room.startswith("No") else room


def saved_words(card: ResidentCard, saved: str) -> str:
    """What was just saved, when the page is the answer to a form; only sentences of ours, never the address's text."""
    words = SAVED.get(saved, "")
    return words.format(called=card.called, where=sentence(card))


def similar_words(card: ResidentCard) -> str:
    """Who else has a name like this one."""
    if not card.similar:
        return ""
    others = " and ".join(card.similar)
    return f"{others} {'lives' if len(card.similar) == 1 else 'live'} here too. Check the photo and the date of birth."


def label_words(count: int) -> str:
    """How many labels are in use."""
    return "No label in use" if not count else f"{count} label{'' if count == 1 else 's'} in use"


def _facts(who: Actor, card: ResidentCard) -> list[Fact]:
    rows = [
        ("Called", card.preferred_name),
        ("Date of birth", card.born_words.removeprefix("Born ")),
        ("NHS number", card.nhs_words or "Not recorded"),
        ("Room", f"{card.room_words}{', ' + card.unit if card.unit else ''}"),
        ("GP", card.gp or "Not recorded"),
        ("Drinks", card.fluid_words or "No level recorded"),
        ("Food", card.food_words or "No level recorded"),
        ("Weight", f"{card.weight_kg}\u00a0kg" if card.weight_kg is not None else "Not recorded"),
    ]
    facts = [Fact(label, value) for label, value in rows if value]
    move = f"{card.url}/away" if may("residents.move", who) else None
    return [*facts, Fact("Where they are", _where(who, card), move)]


def _where(who: Actor, card: ResidentCard) -> str:
    words = card.whereabouts_words
    if card.whereabouts == "home":
        words += f" since {clock.moment_words(card.whereabouts_since, who.zone)}"
    if card.expected_back is not None:
        words += f", expected back {clock.moment_words(card.expected_back, who.zone)}"
    return f"{words}. {card.whereabouts_note}" if card.whereabouts_note else words


def _allergy_note(card: ResidentCard, zone: str) -> str:
    if card.allergies_since is None or card.allergy_status == "not_recorded":
        return ""
    return f"Recorded {clock.moment_words(card.allergies_since, zone)}"


def differences(card: ResidentCard, typed: dict[str, str], stored: dict[str, str]) -> list[Fact]:
    """Where a typed form differs from what is recorded now, field by field."""
    return [
        Fact(FIELD_WORDS[name], stored[name] or "nothing")
        for name in FIELD_WORDS
        if name in typed and typed[name] != stored[name]
    ]
