"""The letters a home prints beside the words of outcomes: a display map, never a value. Kept in versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.mar.models_after import OutcomeLetters
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.remember import once_a_look

LONGEST = 2
DEFAULTS: Mapping[str, str] = {name: o.letter for name, o in OUTCOMES.items() if o.letter}


@dataclass(frozen=True)
class Letter:
    """One line of the legend."""

    outcome: str
    letter: str
    word: str


def letters_of(home_id: int, at: dt.datetime | None = None) -> Mapping[str, str]:
    """The letter of every outcome as the home shows it at a moment (now); one it never chose is the default."""
    own = [row for row in _rows(home_id) if row.valid_from <= (at or clock.now())]
    return {**DEFAULTS, **(own[-1].letters if own else {})}


@once_a_look("outcome_letters")
def _rows(home_id: int) -> tuple[OutcomeLetters, ...]:
    mine = OutcomeLetters.select().where(OutcomeLetters.home == home_id)
    return tuple(mine.order_by(OutcomeLetters.valid_from, OutcomeLetters.id))


def legend(home_id: int, at: dt.datetime | None = None) -> tuple[Letter, ...]:
    """Every letter with its words, in the order of the table of outcomes: it stands on everything that is printed."""
    letters = letters_of(home_id, at)
    return tuple(Letter(name, letters[name], OUTCOMES[name].word) for name in DEFAULTS)


def lettered(home_id: int, outcome: str, words: str) -> str:
    """Words of an outcome with its letter before them, as on paper: `R  Refused 08:05`. Never the letter alone."""
    letter = letters_of(home_id).get(outcome, "")
    return f"{letter}\u2002{words}" if letter else words


def problems(letters: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with a chosen map: (field, sentence) pairs. Each once, one or two characters, none missing."""
    found, seen = [], {}
    for name in DEFAULTS:
        letter, word = letters.get(name, ""), OUTCOMES[name].word
        if not 1 <= len(letter) <= LONGEST or not letter.isprintable() or letter != letter.strip():
            found.append((name, f"Give “{word}” one or two letters. Nothing was changed; what you typed is kept."))
        elif letter.casefold() in seen:
            other = OUTCOMES[seen[letter.casefold()]].word
            found.append((name, f"“{letter}” stands for “{other}” already. Each may stand once. All is kept as typed."))
        seen.setdefault(letter.casefold(), name)
    return found
