"""The orders a history is played with, by name, as they are keyed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.rules import Ingredient
from tests import builders
from tests.mar import prn_steps

PARACETAMOL = Ingredient("paracetamol", Decimal(500), Decimal(4000))
BY_MOUTH = ("oral",)
HOURS = ("01:30", "06:45", "09:00", "12:30", "18:00", "21:00")


def senna(day: dt.date, dice: Random) -> dict:
    """Every day at one to three hours, the night's change of the clocks among them."""
    return dict(medicine="senna", times=tuple(sorted(dice.sample(HOURS, dice.randint(1, 3)))))


def levodopa(day: dt.date, dice: Random) -> dict:
    """Narrow windows, doses close to each other."""
    times = tuple(sorted(dice.sample(("00:30", "01:30", "03:00", "06:45", "10:00", "14:00"), 3)))
    return dict(medicine="co-careldopa", times=times, window_before=30, window_after=30, time_critical=True)


def paracetamol(day: dt.date, dice: Random) -> dict:
    """Four hours apart at least, with a maximum of its own and one of its ingredient."""
    often = dice.choice((2, 3, 4))
    return dict(
        medicine="paracetamol", strength="500 mg", times=("08:00", "12:30", "17:00", "21:30")[:often],
        dose_amount=2, min_interval=240, most_24h=Decimal(2 * often), ingredients=(PARACETAMOL,),
    )  # fmt: skip


def codamol(day: dt.date, dice: Random) -> dict:
    """The same ingredient in another product."""
    held = (Ingredient("codeine", Decimal(8)), Ingredient("paracetamol", Decimal(500), Decimal(3000)))
    return dict(medicine="co-codamol", strength="8/500", times=("09:30", "14:00", "22:00"), dose_amount=2,
                ingredients=held)  # fmt: skip


def methotrexate(day: dt.date, dice: Random) -> dict:
    """Once a week, and no second dose within six days."""
    weekday = (day + dt.timedelta(days=dice.randint(0, 2))).weekday()
    return dict(medicine="methotrexate", strength="2.5 mg", times=("18:00",), dose_amount=4, guard_days=6,
                schedule={"kind": "weekdays", "days": [weekday]}, high_risk=True)  # fmt: skip


def prednisolone(day: dt.date, dice: Random) -> dict:
    """A taper: a day of six, one of four, then two."""
    steps = [{"days": 1, "amount": "6"}, {"days": 1, "amount": "4"}, {"days": None, "amount": "2"}]
    steps = [{**step, "times": [dice.choice(("08:00", "09:00"))]} for step in steps]
    return dict(medicine="prednisolone", strength="5 mg", times=("08:00",), dose_amount=6,
                schedule={"kind": "stepped", "steps": steps})  # fmt: skip


def amoxicillin(day: dt.date, dice: Random) -> dict:
    """A course of three to five doses."""
    return dict(medicine="amoxicillin", form="capsule", dose_unit="capsule", times=("08:00", "20:00"),
                total_doses=dice.randint(3, 5))  # fmt: skip


def alternate(day: dt.date, dice: Random) -> dict:
    """Every other day from an anchor."""
    anchor = (day - dt.timedelta(days=dice.randint(0, 9))).isoformat()
    return dict(medicine="furosemide", times=("08:00", "14:00"),
                schedule={"kind": "every_n_days", "n": 2, "anchor": anchor})  # fmt: skip


def when_required(day: dt.date, dice: Random) -> dict:
    """One or two tablets when required, four hours apart, with the ingredient of two of the others."""
    return prn_steps.PARACETAMOL | dict(most_24h=Decimal(dice.choice((4, 8))))


def morphine(day: dt.date, dice: Random) -> dict:
    """A controlled drug: a second person sees it given."""
    return dict(medicine="morphine sulfate", strength="10 mg", times=("08:00", "20:00"), controlled=True,
                required_skills=("oral", "controlled"))  # fmt: skip


KINDS = (senna, levodopa, paracetamol, codamol, methotrexate, prednisolone, amoxicillin, alternate, morphine,
         when_required)


def keyed(kind, day: dt.date, dice: Random) -> OrderDetails:
    """What is keyed of a kind of order that begins on a day."""
    said = {"starts_on": day, "form": "tablet", "dose_unit": "tablet", "required_skills": BY_MOUTH} | kind(day, dice)
    return builders.order_details(**said)
