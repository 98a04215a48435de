"""Pure decisions about when-required doses: what must be said of one, when its effect is looked at, and when a manager
should ask for a review. Limits are in `limits`; who may give it is judged like any dose, in `rules`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from medpwa.mar import extras
from medpwa.mar.states import DoseTimes
from medpwa.mar.vocabulary import EFFECTS, LONGEST_EXTRA, OUTCOMES, PRN_REVIEW, SHORTEST_EXTRA
from medpwa.medicines.rules import OrderFacts

PART = "given_part"
GIVEN_NOW = ("given", PART)
OUTCOMES_OF_PRN = (*GIVEN_NOW, "not_required")
SHORTEST_WHY = 5
LONGEST_TOLD = 200
KEPT = "What you chose and wrote is kept."
EFFECT_SHOWN = dt.timedelta(minutes=60)  # the lists name an effect from so long before it falls due
EFFECT_CHASED = dt.timedelta(minutes=30)  # after it fell due, the shift leader is told once
EFFECT_OPEN = dt.timedelta(hours=72)  # later nobody can say any more; it stays counted as not recorded

Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Use:
    """What somebody says of one when-required dose: which steps were tried first, why it is needed, how much."""

    steps: tuple[str, ...] = ()
    steps_why: str = ""  # why none was tried
    reason: str = ""
    amount: Decimal | None = None  # what was taken
    whole: Decimal | None = None  # what was made ready, where only part of it was taken
    part: str = ""  # why not all of it

    def extra(self) -> dict[str, Any]:
        """What is stored beside reason and amount."""
        said: dict[str, Any] = {"steps": list(self.steps)} if self.steps else {}
        said |= {"steps_why": self.steps_why} if self.steps_why else {}
        return said | ({"part": self.part} if self.part else {})


def protocol_of(o: OrderFacts) -> Mapping[str, Any]:
    """The protocol of an order; empty for one without."""
    return o.protocol or {}


def steps_of(o: OrderFacts) -> tuple[str, ...]:
    """What is tried first, without medicine."""
    return tuple(protocol_of(o).get("steps") or ())


def reasons_of(o: OrderFacts) -> tuple[str, ...]:
    """The reasons offered at the bedside."""
    return tuple(protocol_of(o).get("reasons") or ())


def amounts_of(o: OrderFacts) -> tuple[Decimal, ...]:
    """The amounts a form offers, least first: one for a fixed dose. Nothing is suggested among several."""
    if o.dose_amount is None:
        return ()
    return extras.choices_of(o.dose_amount, o.dose_most) if o.dose_most is not None else (o.dose_amount,)


def times_of(at: dt.datetime) -> DoseTimes:
    """A when-required dose is due whenever it is needed: never early, never late, never a gap."""
    return DoseTimes(at, 0, 24 * 60, at + dt.timedelta(days=2))


def use_problems(o: OrderFacts, use: Use, outcome: str = "given") -> list[Problem]:
    """What is missing or wrong in what was said of a dose, in the order of the form: (field, sentence)."""
    if outcome not in OUTCOMES_OF_PRN:
        return [("outcome", f"Choose what happened. {KEPT}")]
    if outcome == "not_required":
        return _reason_problems(use) if use.reason else []
    found = [*_step_problems(o, use), *_reason_problems(use)]
    if outcome == PART:
        return found + _part_problems(o, use)
    wrong = extras.amount_problem("given", use.amount, o.dose_amount, o.dose_most)
    return found + ([("amount", wrong)] if wrong else [])


def _part_problems(o: OrderFacts, use: Use) -> list[Problem]:
    """Less than what was made ready, and why."""
    wrong = extras.amount_problem(PART, use.amount, use.whole or o.dose_amount, use.whole or o.dose_most)
    found = [("taken", wrong)] if wrong else []
    if use.part not in dict(OUTCOMES[PART].reasons):
        found.append(("part", f"Choose why not all of it was taken. {KEPT}"))
    return found


def _step_problems(o: OrderFacts, use: Use) -> list[Problem]:
    if any(step not in steps_of(o) for step in use.steps):
        return [("steps", f"The protocol changed since this page was opened. Read it again and choose again. {KEPT}")]
    if not steps_of(o) or use.steps:
        return []
    if len(use.steps_why) > LONGEST_EXTRA:
        return [("steps_why", f"Make this shorter, at most {LONGEST_EXTRA} letters. {KEPT}")]
    if len(use.steps_why) < SHORTEST_WHY:
        return [("steps", f"Tick what was tried first, or say below why none of it could be. {KEPT}")]
    return []


def _reason_problems(use: Use) -> list[Problem]:
    if len(use.reason) < SHORTEST_EXTRA:
        return [("reason", f"Say why it is needed: choose one, or write it. {KEPT}")]
    if len(use.reason) > LONGEST_EXTRA:
        return [("reason_other", f"Make this shorter, at most {LONGEST_EXTRA} letters. {KEPT}")]
    return []


def psychotropic_key(entry_id: int) -> str:
    """Under which key managers are told of a use of a medicine that acts on mood or behaviour: once."""
    return f"psychotropic:{entry_id}"


# ---------------------------------------------------------------- the effect


def effect_due(o: OrderFacts, given_at: dt.datetime) -> dt.datetime | None:
    """When somebody should look at what a dose did, as its protocol says; None where it says nothing."""
    after = protocol_of(o).get("effect_after")
    return given_at + dt.timedelta(minutes=int(after)) if after else None


def effect_problems(effect: str, told: str, words: str) -> list[Problem]:
    """What is missing in what is said of an effect. One that did not help needs the prescriber: who was told."""
    found = []
    if effect not in EFFECTS:
        found.append(("effect", f"Choose how well it worked. {KEPT}"))
    if effect == "ineffective" and len(told) < SHORTEST_EXTRA:
        found.append(("told", f"It did not help, so the prescriber must know. Say who was told. {KEPT}"))
    found += [
        (field, f"Make this shorter, at most {LONGEST_TOLD} letters. {KEPT}")
        for field, text in (("told", told), ("words", words))
        if len(text) > LONGEST_TOLD
    ]
    return found


# ---------------------------------------------------------------- when a manager should ask for a review


@dataclass(frozen=True, slots=True)
class Trigger:
    """One reason to ask for a review: which of PRN_REVIEW, and the days it rests on."""

    kind: str
    days: tuple[dt.date, ...]
    count: int


def triggers(
    used_on: Iterable[dt.date], since: dt.date, today: dt.date, most_days: int | None = None
) -> list[Trigger]:
    """Why a when-required order should be reviewed (domain page 2.1): used on so many days running, so often in so many
    days, or not at all for so long. `used_on` holds the day of every use, one a use; `since` is the order's first day;
    `most_days` the protocol's own limit of days running, which goes before the usual figure."""
    uses = sorted(used_on)
    running, often, unused = (PRN_REVIEW[name] for name in ("running", "often", "unused"))
    found = []
    # A run counts from its own first day, also where that is longer ago than the days looked at.
    days = _latest_run(uses, since=today - dt.timedelta(days=often.days - 1))
    if len(days) >= (most_days or running.count):
        found.append(Trigger("running", days, len(days)))
    recent = [d for d in uses if today - dt.timedelta(days=often.days) < d <= today]
    if len(recent) >= often.count:
        found.append(Trigger("often", tuple(dict.fromkeys(recent)), len(recent)))
    last = uses[-1] if uses else since
    if (today - last).days >= unused.days:
        found.append(Trigger("unused", (last,), 0))
    return found


def _latest_run(days: Sequence[dt.date], since: dt.date) -> tuple[dt.date, ...]:
    """The longest run of days without one between that reaches `since` or later, the later of two equal ones."""
    best: list[dt.date] = []
    run: list[dt.date] = []
    for day in sorted(set(days)):
        run = [*run, day] if run and (day - run[-1]).days == 1 else [day]
        best = run if len(run) >= len(best) and run[-1] >= since else best
    return tuple(best)
