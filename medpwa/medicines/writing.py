"""Pure rules of writing about medicines: spellings that have been misread with harm, and the arithmetic that says a
dose in mass. Arithmetic as prescribed, never advice.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from medpwa.medicines import rules

# Writing that has been misread with harm; safe prescribing spells it out. Each with what to write instead.
_LETTERS = r"(?<![a-z])(?:{})(?![a-z])"  # letters that stand alone, also straight after a number
_UNSAFE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (
            _LETTERS.format("mcg|ug") + r"|[µμ]\s?g",
            "Write “micrograms” in full: short forms are misread as milligrams.",
        ),
        (r"\d\s?ng(?![a-z])|nanog(?![a-z])", "Write “nanograms” in full: the short form is misread."),
        (_LETTERS.format(r"i\.?u"), "Write “units” in full: “IU” is misread as 10."),
        (_LETTERS.format("u"), "Write “units” in full: “u” is misread as a nought."),
        (r"\d\.\d*0(?!\d)", "Leave out a nought at the end after the point, for example 5 and not 5.0."),
        (r"(?<!\d)\.\d", "Write a nought before the point, for example 0.5 and not .5."),
        (r"as\s+directed|" + _LETTERS.format(r"m\.?d\.?u"), "“As directed” tells a carer nothing. Write what to do."),
        (
            r"(?:when|as)\s+(?:required|needed)|" + _LETTERS.format(r"p\.?r\.?n"),
            "That tells a carer nothing. A medicine for when it is needed has a pattern and a protocol of its own: "
            "choose “Only when needed”.",
        ),
        (_LETTERS.format("[bt]ds?|qds|[bt]id|qid|nocte|mane"), "Give the times instead of short forms."),
    )
)


def unsafe_writing(text: str) -> list[str]:
    """Sentences about writing that is refused in a text, with what to write instead."""
    return [words for pattern, words in _UNSAFE if pattern.search(text)]


_NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,4})?"
_STRENGTH = re.compile(
    rf"(?P<mass>{_NUMBER})\s*(?P<unit>mg|g|micrograms?|nanograms?)(?P<by_volume>\s*/\s*(?P<volume>{_NUMBER})?\s*mL)?",
    re.IGNORECASE,
)


def dose_in_mass(amount: Decimal | None, unit: str, strength: str) -> str:
    """The dose in mass where strength and amount say it: 2 capsules of 375 mg are `750 mg`; 10 mL of 250 mg/5 mL are
    `500 mg`. Empty where they do not, for one tablet, whose strength says it already, and for liquids in grams, which
    are prescribed by volume."""
    found = _STRENGTH.fullmatch(strength.strip())
    if found is None or amount is None or not 0 < amount <= 10_000:
        return ""
    if found["by_volume"]:
        known = unit == "mL" and found["unit"] != "g"
    else:
        known = unit in ("tablet", "capsule") and amount != 1
    volume = Decimal(found["volume"] or 1)
    return _mass_words(Decimal(found["mass"]) * amount / volume, found["unit"]) if known and volume else ""


_MG = {"mg": Decimal(1), "g": Decimal(1000), "microgram": Decimal("0.001"), "nanogram": Decimal("0.000001")}


@lru_cache(4_096)
def mass_in_unit(strength: str, unit: str) -> Decimal | None:
    """How many mg of a medicine one dose unit holds, where its strength says it: 500 in a tablet of 500 mg, 50 in a mL
    of 250 mg/5 mL. None where it does not, as for `25/100 mg` or for drops."""
    found = _STRENGTH.fullmatch(strength.strip())
    if unit == "mg":
        return Decimal(1)
    if found is None:
        return None
    by_volume = bool(found["by_volume"])
    if by_volume != (unit == "mL") or unit not in ("tablet", "capsule", "puff", "spray", "sachet", "mL"):
        return None
    volume = Decimal(found["volume"] or 1)
    mass = Decimal(found["mass"]) * _MG[found["unit"].lower().removesuffix("s")]
    return mass / volume if volume and mass else None


def _mass_words(mass: Decimal, unit: str) -> str:
    if mass != round(mass, 3):
        return ""
    singular = unit.removesuffix("s")
    return f"{rules.number_words(mass)} {singular if mass == 1 or not singular.endswith('gram') else singular + 's'}"
