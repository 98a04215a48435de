"""Invented states for the component page: what each component is shown with. Nobody in them exists."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa.mar.beside import Beside
from medpwa.mar.card import CardLine, LaterLine
from medpwa.mar.recorded import RecordedLine

MEDICINE = "fluticasone furoate / umeclidinium / vilanterol 92/55/22 micrograms dry powder inhaler"
BY_MOUTH = "1 tablet, by mouth. With food."
HOUR_LATE = "1\u00a0hour 4\u00a0min late"


@dataclass(frozen=True)
class DoseSpecimen:
    """A dose card in one state, with the words that name the state."""

    state: str
    line: CardLine
    wrong: dict[str, object] | None = None
    may_record: bool = True


def _line(key: str, **differs: object) -> CardLine:
    same: dict[str, object] = {
        "key": key,
        "html_id": f"dose-{key}",
        "medicine": "metformin 500\u00a0mg tablet",
        "how": BY_MOUTH,
        "due_words": "today 08:00",
        "tone": "due",
        "state_words": "Due 08:00",
        "last_given": "yesterday 17:05",
        "next_due": "today 17:00",
        "version_id": 1,
        "entry_id": "",
        "allowed": True,
        "not_given_allowed": True,
    }
    return CardLine(**{**same, **differs})  # type: ignore[arg-type]


_BLOCKED = "You are not signed off for medicines by mouth yet: you are being observed, 1 of 3 rounds."
_GIVEN = "Already given 08:04 by Ada Example. Do not give it again."
_WRONG: dict[str, object] = {"plain": False, "full": False, "why": "", "note": "", "amount": "", "values": {}}
_WRONG |= {"errors": [], "problems": {"why": "Choose what happened."}}  # the summary stands once on the page, as itself
_WHOLE = _WRONG | {"full": True, "why": "dropped", "problems": {"dropped-quantity": "Write how many, in figures."}}
_AMOUNTS = (("1", "1 tablet"), ("2", "2 tablets"))


def offered() -> dict[str, object]:
    """Outcomes as the form of a dose offers them: two common ones, one rarer, one other way it was taken."""
    refused = ("refused", "Refused", (("did_not_want", "Did not want it"), ("not_said", "Did not say")), (), "")
    away = ("other", "Another reason (write it below)", (), (), "")
    dropped = ("dropped", "Dropped or spoiled", (), (("dropped-quantity", "How many", "In figures", ()),), "Prepare it")
    part = ("given_part", "Part given", (), (("given_part-amount", "How much", "For example 0.5", ()),), "")
    return {"common": (refused, away), "rarer": (dropped,), "other": (part,)}

_UNSIGNED = {"allowed": False, "why_code": "not_signed_off", "needs_another": True, "why_not": _BLOCKED}


def doses() -> list[DoseSpecimen]:
    """Every state a dose on the card can stand in."""
    late = {"tone": "late", "state_words": HOUR_LATE, "time_critical": True}
    again = "Refused 08:05 (did not want it), saved. Try again from 08:35"
    return [
        DoseSpecimen("due", _line("due")),
        DoseSpecimen("ready", _line("ready", ready=True)),
        DoseSpecimen(
            "ready, one by one", _line("one", ready=True, one_by_one="High-risk medicine: record it by itself")
        ),
        DoseSpecimen(
            "late and time-critical, a long name", _line("late", medicine=MEDICINE, taken_words="Taken", **late)
        ),
        DoseSpecimen("to try again", _line("again", tone="not_given", state_words=again)),
        DoseSpecimen("not signed off", _line("unsigned", **_UNSIGNED)),
        DoseSpecimen("not signed off, may with somebody beside them", _line("beside", may_beside=True, **_UNSIGNED)),
        DoseSpecimen(
            "somebody stands beside them",
            _line("supervised", leave_kind="supervised", leave="A colleague stands beside you, proven 08:02"),
        ),
        DoseSpecimen(
            "under an exception for a round",
            _line("glass", leave_kind="break_glass", leave="Not signed off: allowed until 11:00"),
        ),
        DoseSpecimen(
            "cannot be given",
            _line("given", allowed=False, not_given_allowed=False, why_code="already_given", why_not=_GIVEN),
        ),
        DoseSpecimen(
            "closed without a record",
            _line(
                "gap",
                tone="missed",
                state_words="Gap yesterday 21:00",
                allowed=False,
                not_given_allowed=False,
                why_code="closed",
                why_not="The round has closed. If it was given, report it.",
            ),
        ),
        DoseSpecimen("refused by the record", _line("refused", note=_GIVEN)),
        DoseSpecimen("why not, with an error", _line("wrong", ready=True), wrong=_WRONG),
        DoseSpecimen("every outcome, with an error", _line("whole", ready=True), wrong=_WHOLE),
        DoseSpecimen("ready, the amount varies", _line("varies", ready=True, amounts=_AMOUNTS,
                     amounts_words="2 if the pulse is over 80")),
        DoseSpecimen("ready, with a witness", _line("seen", ready=True, witness=True)),
        DoseSpecimen("a rule for sleepers", _line("wake", asleep_words="If asleep, wake them for it.")),
        DoseSpecimen("to look at only", _line("looked"), may_record=False),
    ]


def recorded() -> list[RecordedLine]:
    """Stored outcomes: given, not given with a reason, reported later."""
    medicine, how = "furosemide 40\u00a0mg tablet", BY_MOUTH
    flags = ("reported after it was given",)
    return [
        RecordedLine(
            medicine,
            how,
            "given",
            "circle-check",
            "Taken 08:04, saved",
            "",
            (),
            "Ada Example",
            correct_url="/components",
        ),
        RecordedLine(medicine, how, "not_given", "moon", "Asleep 21:12, saved", "Snoring", (), "Ada Example"),
        RecordedLine(medicine, how, "flagged", "flag", "Reported given 08:20", "", flags, "Bo Example"),
        RecordedLine(medicine, how, "not_given", "package-x", "Dropped or spoiled 08:05, saved",
                     "How many were spoiled: 1", (), "Ada Example", "Prepare another."),
    ]


def besides() -> list[Beside]:
    """What stands beside a dose: struck out and asked for, a gap that is looked into, an outcome that may be wrong."""
    struck = (("Given 08:04, Ada Example", "Struck out today 08:10 by Ada Example: mis-tap"),)
    said = "Bo Example says this is wrong (wrong dose), today 08:30. It stands until it is answered."
    asked = ((said, "/components"),)
    return [
        Beside(struck=struck, asked=asked),
        Beside(gap_words="Being looked into", gap_url="/components"),
        Beside(correct_url="/components"),
    ]


def coming() -> list[LaterLine]:
    """Doses still to come."""
    return [
        LaterLine("senna 7.5\u00a0mg tablet", "2 tablets, by mouth.", "coming", "Next 21:00"),
        LaterLine(MEDICINE, "1 puff, breathed in.", "coming", "Next tomorrow 08:00"),
    ]
