"""What is known of a dose, in words: its state as a chip says it, its stored outcome as the card shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from medpwa import clock
from medpwa.components import plain
from medpwa.mar import rules, timing
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry
from medpwa.mar.queries import DoseLine
from medpwa.mar.states import EntryFacts
from medpwa.mar.vocabulary import FLAGS, HOW_SOMEBODY_WORKED, OUTCOMES
from medpwa.medicines.rules import OrderFacts

TAKEN_WORDS: dict[str, str] = {"mouth": "Taken", "peg": "Given", "eye": "Given", "skin": "Applied", "inhaled": "Taken"}


@plain
@dataclass(frozen=True)
class RecordedLine:
    """An outcome that is stored, as the card shows it."""

    medicine: str
    how: str
    tone: str
    icon: str
    words: str
    detail: str
    flags: tuple[str, ...] = ()
    by: str = ""
    follow: str = ""  # what somebody does next
    key: str = ""
    correct_url: str = ""


def recorded_line(x: DoseLine, by: str, zone: str, *, how: bool, correct_url: str = "") -> RecordedLine:
    """The stored outcome of a dose that was due, in words: `entry_line` with how late it was or was recorded."""
    entry = x.state.entry
    word = TAKEN_WORDS.get(x.order.route, "Given") if entry.outcome == "given" else OUTCOMES[entry.outcome].word
    detail = [*words_of.detail(entry, x.order), rules.late_words(x.state, x.dose.times)]
    if timing.recorded_late(entry.given_at, entry.at):
        apart = timing.apart_words(entry.given_at, entry.at, zone, seen_from=entry.at)
        detail.append(f"{apart[:1].upper()}{apart[1:]}")
    directions, key = words_of.how(x.order), str(x.dose.key)
    line = entry_line(entry, x.order, by, zone, how=how, directions=directions, word=word, detail=detail)
    return replace(line, key=key, correct_url=correct_url)


def entry_line(
    entry: EntryFacts | Entry,
    order: OrderFacts,
    by: str,
    zone: str,
    *,
    how: bool,
    directions: str,
    word: str,
    detail: Iterable[str],
) -> RecordedLine:
    """A stored outcome in words: what, when it was saved, by whom, what is noted of the dose and (`how`) of how it was
    recorded."""
    outcome, saved = OUTCOMES[entry.outcome], clock.time_words(entry.given_at or entry.at, zone)
    return RecordedLine(
        medicine=words_of.medicine(order),
        how=directions,
        tone="flagged" if entry.after_the_fact else outcome.tone,
        icon="flag" if entry.after_the_fact else outcome.icon,
        words=f"Reported given {saved}" if entry.after_the_fact else f"{word} {saved}, saved",
        detail=". ".join(d for d in detail if d),
        flags=tuple(
            FLAGS[f] for f in entry.flags if f in FLAGS and f != "late" and (how or f not in HOW_SOMEBODY_WORKED)
        ),
        by=by,
        follow=outcome.follow,
    )


def saved_words(stored: Sequence[Entry], zone: str) -> str:
    """What was just stored, from the stored rows: the words a carer looks for after the tap. Empty when nothing was."""
    if not stored:
        return ""
    when = clock.time_words(max(e.at for e in stored), zone)
    if len(stored) > 1:
        return f"Saved {when}: {len(stored)} medicines"
    outcome = OUTCOMES[stored[0].outcome]
    said = f"Saved {when}: {outcome.word.lower()}"
    return f"{said}. {outcome.follow}" if outcome.follow else said


def state_words(x: DoseLine, at: dt.datetime, zone: str) -> tuple[str, str]:
    """Tone and words of a dose's state, as a chip says it."""
    due, state = clock.time_words(x.due_at, zone), x.state
    if state.kind == "late":
        return "late", f"{clock.span_words(state.late_by)} late"
    if state.kind == "again":
        outcome = OUTCOMES[state.entry.outcome]
        when = clock.time_words(state.entry.at, zone)
        why = ". ".join(w for w in (words_of.why(state.entry), words_of.asked(state.entry)) if w)
        said = f"{outcome.word} {when}{f' ({why[:1].lower()}{why[1:]})' if why else ''}, saved"
        return "not_given", f"{said}. Try again from {clock.time_words(state.again_from, zone)}"
    if state.kind == "gap":
        return "missed", f"Gap {clock.moment_words(x.due_at, zone, seen_from=at)}"
    if state.kind == "coming":
        return "coming", f"Next {clock.moment_words(x.due_at, zone, seen_from=at).removeprefix('today').strip()}"
    if state.kind in ("given", "reported") and state.entry:
        word = OUTCOMES[state.entry.outcome].word
        return OUTCOMES[state.entry.outcome].tone, f"{word} {clock.time_words(state.entry.given_at, zone)}"
    if state.kind == "not_given" and state.entry:
        return "not_given", f"{OUTCOMES[state.entry.outcome].word} {clock.time_words(state.entry.at, zone)}"
    if state.kind == "away":
        return "away", words_of.AWAY_WHERE.get(state.where, "Away")
    return "due", f"Due {due}"
