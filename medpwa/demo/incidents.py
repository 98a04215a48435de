"""What the demo home's sections 11.3 and 11.4 say happened on a day counted from D0, dose by dose.

Codes I01 … are the incidents of 11.4; what they led to beside the medicines record waits for the incidents' own forms.
"""

from __future__ import annotations

import datetime as dt

from medpwa.demo.people import BY_CODE, whereabouts
from medpwa.demo.prescriptions import NOON, OM, ORDERS, TEA, Due
from medpwa.demo.told import Told, draw
from medpwa.demo.walk import reached

GAP = Told()
STOOD_IN, STOOD_IN_REPORTS = "S14", "S2"  # Ryan Park, not signed off, and who found out
STOOD_IN_ON = (-25, TEA)
_AT_HAND_OVER = 150  # minutes after due: when it was found and reported

_RESTOCK = "Pharmacy rung; the surgery had not sent the prescription"


def _out(chased: str, note: str = "", reason: str = "out_of_stock") -> Told:
    return Told("not_available", reason=reason, note=note, extra=(("chased", chased),))


_FIXED: dict[tuple[str, str, int, str], Told] = {
    ("R10", "apixaban", -28, TEA): GAP,  # I01
    ("R10", "apixaban", -27, TEA): _out(_RESTOCK, "Nobody tried the out-of-hours pharmacy"),  # I02
    ("R10", "apixaban", -26, OM): _out("Pharmacy rung 08:20, comes at 14:00"),
    **{("R07", "fluticasone furoate / umeclidinium / vilanterol", day, OM): _out(_RESTOCK) for day in (-20, -19, -18)},
    ("R11", "chloramphenicol", -11, "07:00"): _out(  # I10
        "Pharmacist on call: not to be used, new bottle here for 09:00", "Fridge was 9.6 °C overnight", "damaged"),
    ("R07", "carbocisteine", -5, NOON): _out(  # I17
        "Pharmacy rung 12:50, delivers in time for 21:00", "None left in the trolley"),
    ("R01", "co-careldopa", -4, "11:00"): Told(  # I15
        "given", 65, note="Fire drill: given as soon as everybody was back inside"),
    ("R04", "hydroxocobalamin", -4, "10:00"): Told(
        "visit_missed", 110, extra=(("rebook", "Community nurses rung 11:40: Sr J. Reid comes on Tuesday at 10:00"),)),
    ("R11", "senna", -1, "21:00"): GAP,
}
# I04: somebody else was given Frank's morning set; he had his own two hours late, on the GP's word.
MIXED_UP = ("R10", -21, OM)
_LATE_SET = "Given late on Dr Banerjee's word, after his set had gone to somebody else by mistake"
# Doris turned her face away from all three on these mornings, before anybody asked whether she still can decide.
DORIS_REFUSED = (-29, -27, -26)
DORIS_LINES = ("memantine", "sertraline", "amlodipine")
LACTULOSE_REFUSED = (-22, -16)  # from that morning to that teatime: 14 doses running


def happened(due: Due, d0: dt.date) -> Told | None:
    """What is told of a dose because the story says so; None for every other dose."""
    order, day, time = ORDERS[due.order], (due.at.date() - d0).days, f"{due.at:%H:%M}"
    if not -31 <= day < 0:
        return None
    here = whereabouts(BY_CODE[due.resident], due.at, d0)
    if here is not None and here.kind == "hospital":
        return Told(where="hospital")
    if here is not None and here.kind == "leave":
        return Told("away", reached(due, d0), reason="leave", note=here.note,
                    extra=(("back", "At 21:30, with his day's tablets in a labelled box"),))
    fixed = _FIXED.get((due.resident, order.medicine, day, time))
    if fixed is not None:
        return fixed if fixed.minutes or fixed.outcome is None else _at(fixed, reached(due, d0))
    return _by_rule(due, d0, day, time)


def _by_rule(due: Due, d0: dt.date, day: int, time: str) -> Told | None:
    medicine, minutes = ORDERS[due.order].medicine, reached(due, d0)
    if (due.resident, day, time) == MIXED_UP:
        return Told("given", 120 + minutes, note=_LATE_SET)
    if (day, time) == STOOD_IN_ON and due.resident in stood_in_for():
        return Told("given", minutes, given_by=STOOD_IN, by=STOOD_IN_REPORTS, reported=_AT_HAND_OVER - minutes)
    if due.resident == "R03" and medicine in DORIS_LINES and day in DORIS_REFUSED:
        return Told("refused", minutes, reason="did_not_want", note="Turned her face away, lips closed")
    if medicine == "lactulose" and LACTULOSE_REFUSED[0] <= day <= LACTULOSE_REFUSED[1]:
        return Told("refused", minutes, reason=draw("words", due).choice(("did_not_want", "dislikes")))
    return None


def stood_in_for() -> tuple[str, ...]:
    """The six people Ryan gave their teatime medicines to (I03)."""
    return ("R01", "R03", "R04", "R05", "R06", "R10")


def _at(told: Told, minutes: int) -> Told:
    return Told(told.outcome, minutes, reason=told.reason, note=told.note, extra=told.extra)
