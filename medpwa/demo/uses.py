"""When the when-required medicines of the demo home were needed: pure, drawn from a seed and the day.

Demo home 11.3: 93 doses in thirty days, 24, 19, 20 and 30 by block, their effect recorded of 14, 14, 18 and 29. Which
medicine had how many in a block is `when_required.USES`; days, hours and amounts are drawn. Days that are played
forward go on much as block D.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

from medpwa.demo.prescriptions import LINES, ORDERS, WHEN_REQUIRED, Order
from medpwa.demo.team import holds, on_duty
from medpwa.demo.thirty import BLOCKS, Block
from medpwa.demo.told import draw
from medpwa.demo.when_required import EFFECTS_RECORDED, USES

# Hours at which each is needed. Where two people must be there, the times when one shift meets the next come first.
HOURS_OF: dict[tuple[str, str], tuple[str, ...]] = {
    ("R01", "paracetamol"): ("10:15", "13:40", "16:20", "20:10"),
    ("R03", "lorazepam"): ("10:30", "15:20", "16:40", "18:40"),
    ("R04", "glucose"): ("20:50", "11:35"),
    ("R06", "morphine sulfate"): ("14:08", "21:20", "10:50", "19:30"),
    ("R06", "mouth-care gel"): ("10:40", "13:10", "16:10", "19:10", "22:40"),
    ("R07", "salbutamol"): ("10:50", "16:05", "19:50", "23:10"),
    ("R08", "midazolam"): ("15:40",),
    ("R10", "glyceryl trinitrate"): ("10:25",),
    ("R11", "zopiclone"): ("21:24", "22:15"),
    ("R12", "lorazepam"): ("11:10", "18:50"),
}
# First and last day where the story says them, by block.
ON_DAYS: dict[tuple[str, str, str], tuple[int, int]] = {
    ("R03", "lorazepam", "B"): (-23, -20),
    ("R04", "glucose", "B"): (-19, -19),
    ("R07", "salbutamol", "B"): (-21, -18),
    ("R08", "midazolam", "C"): (-11, -11),
    ("R11", "zopiclone", "C"): (-13, -10),
    ("R12", "lorazepam", "D"): (-8, -2),
}
NOTES = {("R08", "midazolam"): "Stopped 3 minutes after it was given; GP told",
         ("R04", "glucose"): "Blood sugar 3.6, tea and toast after it"}
TOLD_OF = "Dr Banerjee rung; sees him tomorrow"
# The days that are played forward: medicine by medicine, how many of ten days have a dose.
GOES_ON: dict[tuple[str, str], int] = {
    ("R01", "paracetamol"): 6, ("R06", "morphine sulfate"): 8, ("R06", "mouth-care gel"): 9, ("R07", "salbutamol"): 3,
}


@dataclass(frozen=True)
class Needed:
    """One when-required dose: whose, which line (its place in LINES), the local time without a zone, who gave it and
    who saw it, how much, and what it did; `effect` empty where nobody recorded that."""

    resident: str
    place: int
    at: dt.datetime
    by: str
    witness: str = ""
    amount: str = ""
    reason: str = ""
    steps: tuple[str, ...] = ()
    note: str = ""
    effect: str = ""
    looked_after: int = 0  # minutes
    told: str = ""

    @property
    def order(self) -> Order:
        return LINES[self.place]


def needed_on(day: dt.date, d0: dt.date) -> list[Needed]:
    """The doses of one day, in order of time, in a home made on D0."""
    offset = (day - d0).days
    block = next((b for b in BLOCKS if offset in b.days), None)
    if block is not None:
        return [use for use in _of_block(block.name, d0) if use.at.date() == day]
    return [_with_effect(_waits(d0))] if offset == 0 else []


@lru_cache(maxsize=64)
def _of_block(name: str, d0: dt.date) -> tuple[Needed, ...]:
    place = [b.name for b in BLOCKS].index(name)
    block = BLOCKS[place]
    found = [use for n in range(len(WHEN_REQUIRED)) for use in _of_line(len(ORDERS) + n, block, place, d0)]
    found.sort(key=lambda use: (use.at, use.place))
    return tuple(_looked_at(found, EFFECTS_RECORDED[place], name))


def _of_line(place: int, block: Block, column: int, d0: dt.date) -> list[Needed]:
    order = LINES[place]
    key = (order.resident, order.medicine)
    first, last = ON_DAYS.get((*key, block.name), (block.first, block.last))
    days = draw("needed", *key, block.name).sample(range(first, last + 1), USES[key][column])
    return [_use(place, d0 + dt.timedelta(days=day), d0) for day in sorted(days)]


def _use(place: int, day: dt.date, d0: dt.date) -> Needed:
    """At the hour of the day when somebody who may give it is most likely there."""
    order, rng = LINES[place], draw("use", LINES[place].resident, LINES[place].medicine, day)
    hours = HOURS_OF[order.resident, order.medicine]
    times = [dt.datetime.combine(day, dt.time.fromisoformat(hour)) for hour in hours]
    likely = [at for at in times if all(code != "S1" for code in givers(order, at, d0)[: 1 + order.controlled])]
    at = rng.choice(likely or times) if not order.controlled else (likely or times)[0]
    able = givers(order, at, d0)
    amounts = [amount for amount in (order.dose, order.dose_most) if amount]
    steps = order.protocol.get("steps", ())
    return Needed(
        order.resident, place, at, able[0],
        witness=next((code for code in witnesses(order, at, d0) if code != able[0]), "") if order.controlled else "",
        amount=rng.choice(amounts), reason=rng.choice(order.protocol["reasons"]),
        steps=tuple(steps[: rng.randint(1, len(steps))]) if steps else (),
        note=NOTES.get((order.resident, order.medicine), ""),
    )  # fmt: skip


def givers(order: Order, at: dt.datetime, d0: dt.date) -> list[str]:
    """Who of those on duty may give it, the manager on call last."""
    return _able(order.skills, at, d0, order.resident)


def witnesses(order: Order, at: dt.datetime, d0: dt.date) -> list[str]:
    """Who of those on duty may see a controlled drug given."""
    return _able(("cd_witness",), at, d0, order.resident)


def _able(skills: tuple[str, ...], at: dt.datetime, d0: dt.date, resident: str) -> list[str]:
    day, on = (at.date() - d0).days, sorted(on_duty(at), key=lambda duty: duty.kind == "on_call")
    return [duty.staff for duty in on if all(holds(duty.staff, skill, day, resident) for skill in skills)]


def _looked_at(found: list[Needed], count: int, name: str) -> list[Needed]:
    """The same with what each did, of as many as were recorded; the newest always are."""
    rng = draw("effects", name)
    newest = found[-6:] if count >= 6 else []
    recorded = set(newest) | set(rng.sample(found[: len(found) - len(newest)], count - len(newest)))
    return [_with_effect(use) if use in recorded else use for use in found]


def _with_effect(use: Needed) -> Needed:
    rng = draw("effect", use.resident, use.place, use.at)
    effect = rng.choices(("effective", "partial", "ineffective"), (12, 4, 1))[0]
    if use.resident in ("R08", "R04"):
        effect = "effective"
    after = int(use.order.protocol["effect_after"]) + rng.randint(2, 12)
    return replace(use, effect=effect, looked_after=after, told=TOLD_OF if effect == "ineffective" else "")


def goes_on(day: dt.date) -> list[Needed]:
    """A day that is played forward: with an effect recorded of nearly all."""
    places = {(order.resident, order.medicine): len(ORDERS) + n for n, order in enumerate(WHEN_REQUIRED)}
    found = [_use(places[key], day, day) for key, often in GOES_ON.items() if _falls(key, day, often)]
    return [_with_effect(use) if draw("looked", use.place, day).random() < 0.97 else use for use in found]


def _waits(d0: dt.date) -> Needed:
    """Margaret's paracetamol of this morning: whoever opens the demo before one finds its effect due."""
    order = WHEN_REQUIRED[0]
    at = dt.datetime.combine(d0, dt.time(10, 50))
    return Needed(order.resident, len(ORDERS), at, givers(order, at, d0)[0], amount="1", reason="Back pain",
                  steps=(order.protocol["steps"][0],))


def _falls(key: tuple[str, str], day: dt.date, often: int) -> bool:
    return draw("falls", *key, day).random() < often / 10
