"""Reading what people type about an order. Every value ends up as what it means, or as a sentence beside its field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from medpwa.errors import Invalid
from medpwa.medicines import keying, rules, writing
from medpwa.medicines.keying import Keyed, OrderDetails, Problem
from medpwa.medicines.rules import OrderFacts
from medpwa.medicines.vocabulary import EXACT_TIMES, FORMS, INSTRUCTIONS, QUICK_TIMES, ROUTE_SKILL, ROUTES, UNITS
from medpwa.pages import once, several

# What the second person keys again; the whole form has more.
KEYED_TEXTS = (
    "medicine", "strength", "form", "route", "site", "dose_amount", "dose_unit", "quick_times", "starts_on", "ends_on",
)  # fmt: skip
TEXTS = (
    *KEYED_TEXTS, "other_instructions", "indication", "window_before", "window_after", "prescriber", "source",
    "allergy_answer", "reason",
)  # fmt: skip
LISTS = ("time", "instruction", "flag", "skill")
MOST_OF_A_LIST = 40
LEAST_TIME_ROWS = 6
FLAGS: dict[str, str] = {
    "time_critical": "Time-critical: giving it late could harm",
    "high_risk": "High-risk: always given one by one",
    "controlled": "Controlled drug",
}
# The choices of both forms, as (value, words) or (value, words, hint).
CHOICES: dict[str, list[tuple[str, ...]]] = {
    "forms": list(FORMS.items()),
    "routes": list(ROUTES.items()),
    "units": [(unit, several) for unit, (_, several) in UNITS.items()],
    "quick_times": [
        *((key, said, ", ".join(times)) for key, (said, times) in QUICK_TIMES.items()),
        (EXACT_TIMES, "Other times", "typed below"),
    ],
}
# Where a problem of the details shows in the form.
_SHOWN_AT = {"times": "quick_times", "instructions": "other_instructions", "required_skills": "skill"}

_AMOUNT = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[ /.-]([0-9]{1,2})[ /.-]([0-9]{4})")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?")


@dataclass(frozen=True)
class Typed:
    """An order form as typed: single fields and fields that come several times."""

    texts: dict[str, str]
    lists: dict[str, tuple[str, ...]]

    @classmethod
    def sent(cls, texts: Iterable[str] = TEXTS, lists: Iterable[str] = LISTS) -> Typed:
        """As the form was sent."""
        return cls(
            {name: once(name) for name in texts},
            {name: tuple(value for value in several(name)[:MOST_OF_A_LIST] if value) for name in lists},
        )

    @classmethod
    def empty(cls, today: dt.date) -> Typed:
        """A form nobody has filled in: only what is the same for most orders stands there."""
        texts = dict.fromkeys(TEXTS, "") | {"window_before": "60", "window_after": "60", "starts_on": today.isoformat()}
        return cls(texts, {name: () for name in LISTS})

    @classmethod
    def blind(cls) -> Typed:
        """The second person's form: everything empty."""
        return cls(dict.fromkeys(KEYED_TEXTS, ""), {"time": ()})

    @classmethod
    def of(cls, o: OrderFacts) -> Typed:
        """The form as it stands for an order."""
        offered = {text.casefold(): text for text in INSTRUCTIONS}
        ticked = tuple(offered[i.casefold()] for i in o.instructions if i.casefold() in offered)
        others = [i for i in o.instructions if i.casefold() not in offered]
        plain = {name: str(getattr(o, name)) for name in TEXTS if hasattr(o, name)}
        worked_out = {
            "dose_amount": rules.number_words(o.dose_amount),
            "quick_times": EXACT_TIMES,
            "other_instructions": "\n".join(others),
            "ends_on": o.ends_on.isoformat() if o.ends_on else "",
            "reason": "",
        }
        flags = tuple(name for name in FLAGS if getattr(o, name))
        return cls(
            plain | worked_out, {"time": o.times, "instruction": ticked, "flag": flags, "skill": o.required_skills}
        )

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def time_rows(self) -> tuple[str, ...]:
        """The times as typed, with empty rows up to six."""
        times = self.lists["time"]
        return times + ("",) * (LEAST_TIME_ROWS - len(times))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Everything typed, to be carried through the page that shows it back."""
        yield from self.texts.items()
        for name, values in self.lists.items():
            yield from ((name, value) for value in values)


# ---------------------------------------------------------------- what it means


def details_of(typed: Typed) -> OrderDetails:
    """The order somebody typed. Raises Invalid with a sentence for every field that cannot stand."""
    found: list[Problem] = []
    instructions = (*typed.lists["instruction"], *typed["other_instructions"].splitlines())
    details = keying.with_mass(
        keying.tidied(
            OrderDetails(
                **_keyed(typed, found),
                instructions=tuple(dict.fromkeys(instructions)),
                indication=typed["indication"],
                window_before=_minutes("window_before", typed, found),
                window_after=_minutes("window_after", typed, found),
                **{name: name in typed.lists["flag"] for name in FLAGS},
                required_skills=_skills(typed),
                prescriber=typed["prescriber"],
                source=typed["source"],
                allergy_answer=typed["allergy_answer"],
            )
        )
    )
    _raise_if_any(found, keying.problems(details))
    return details


def keyed_of(typed: Typed) -> Keyed:
    """What the second person typed. Raises Invalid likewise."""
    found: list[Problem] = []
    values = _keyed(typed, found)
    texts = {name: " ".join(values[name].split()) for name in ("medicine", "strength", "site")}
    keyed = Keyed(**{**values, **texts})
    _raise_if_any(found, keying.keyed_problems(keyed))
    return keyed


def _keyed(typed: Typed, found: list[Problem]) -> dict:
    """The fields both people key."""
    return {
        "medicine": typed["medicine"],
        "strength": typed["strength"],
        "form": typed["form"],
        "route": typed["route"],
        "site": typed["site"],
        "dose_amount": _amount(typed["dose_amount"], found),
        "dose_unit": typed["dose_unit"],
        "times": times_of(typed),
        "starts_on": _day("starts_on", typed["starts_on"], found),
        "ends_on": _day("ends_on", typed["ends_on"], found),
    }


def _raise_if_any(parsing: list[Problem], judged: list[Problem]) -> None:
    """What could not be read speaks first: a field it names needs no second complaint."""
    named = {field for field, _ in parsing}
    found = [*parsing, *(p for p in judged if p[0] not in named)]
    if found:
        raise Invalid(in_form_order(found))


def in_form_order(found: Iterable[Problem]) -> list[Problem]:
    """Problems at the ids of the form's fields, as they come down the page."""
    order = {name: place for place, name in enumerate((*TEXTS[:8], "starts_on", "ends_on", "skill", *TEXTS[10:]))}
    shown = [(_SHOWN_AT.get(field, field), words) for field, words in found]
    return sorted(shown, key=lambda p: order.get(p[0], 99))


def times_of(typed: Typed) -> tuple[str, ...]:
    """The times typed, else those of the chosen set. What is no time stays as it is and is refused later."""
    times = tuple(_clock_time(text) for text in typed.lists["time"])
    if times:
        return times
    return QUICK_TIMES[typed["quick_times"]][1] if typed["quick_times"] in QUICK_TIMES else ()


def _clock_time(text: str) -> str:
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}" if found else text


def _amount(text: str, found: list[Problem]) -> Decimal | None:
    if not text:
        return None
    if _AMOUNT.fullmatch(text) and not writing.unsafe_writing(text):
        return Decimal(text)
    said = writing.unsafe_writing(text) if re.fullmatch(r"[0-9]*\.[0-9]+", text) else []
    words = said[0] if said else f"“{text[:20]}” is not an amount. Write it in figures, for example 1 or 2.5."
    found.append(("dose_amount", words))
    return None


def _day(field: str, text: str, found: list[Problem]) -> dt.date | None:
    if not text:
        return None
    if iso := _ISO_DAY.fullmatch(text):
        year, month, day = iso.groups()
    elif british := _DAY_FIRST.fullmatch(text):
        day, month, year = british.groups()
    else:
        year = month = day = "0"
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        found.append((field, f"“{text[:20]}” is not a day in the calendar. Write it like 16/11/2026."))
        return None


def _minutes(field: str, typed: Typed, found: list[Problem]) -> int:
    if re.fullmatch(r"[0-9]{1,4}", typed[field]):
        return int(typed[field])
    found.append((field, "Write the minutes as a figure, for example 60."))
    return 0


def _skills(typed: Typed) -> tuple[str, ...]:
    """The sign-offs chosen, and always what the route and a controlled drug need."""
    needed = [ROUTE_SKILL[typed["route"]]] if typed["route"] in ROUTE_SKILL else []
    if "controlled" in typed.lists["flag"]:
        needed.append("controlled")
    return tuple(dict.fromkeys([*needed, *typed.lists["skill"]]))
