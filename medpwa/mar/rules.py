"""Pure decisions about a dose: its state, and whether it may be given or recorded. Rounds and closes are in `rounds`.

Facts come in as frozen dataclasses, verdicts go out; nothing here asks the time or the database.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.mar.limits import LimitFacts, on_advice, passed, stops
from medpwa.mar.states import DoseState, DoseTimes
from medpwa.mar.vocabulary import LONGEST_NOTE, LONGEST_WHO_KNEW, SHORTEST_WHY
from medpwa.medicines import schedules
from medpwa.medicines.rules import OrderFacts
from medpwa.residents.vocabulary import AWAY, LEFT

SCAN_LASTS = dt.timedelta(minutes=20)  # decision 9
SAME_SCAN = dt.timedelta(seconds=5)  # house page 3.2
SAME_HELP = dt.timedelta(minutes=5)  # the same asked again is the same request
JOIN_WITHIN = dt.timedelta(minutes=60)  # house page 4
REPORTS_BACK, REPORTS_AHEAD = dt.timedelta(hours=48), dt.timedelta(hours=4)  # due times a report may name
RECORDED_LATE_UNTIL = dt.timedelta(hours=24)  # later, only a manager's gap review decides (domain page 1.6)


def help_alert(by: int | None, dose: object, kind: str) -> str:
    """How the key of the alert begins that a request for help raises."""
    return f"help:{by}:{dose}:{kind}:"


# ---------------------------------------------------------------- may it be given, recorded


@dataclass(frozen=True, slots=True)
class Identified:
    """How the person in front of the carer was identified: the newest opening by this person in this session."""

    scan_id: int | None = None
    how: str = ""
    place: str = ""
    at: dt.datetime | None = None

    def flags(self, at: dt.datetime) -> list[str]:
        """What an entry resting on it must say."""
        if self.scan_id is None or self.how == "no_scan":
            return ["no_scan"]
        found = ["typed"] if self.how == "typed" else []
        if self.place != "person":
            found.append("not_with_person")
        if self.at is not None and at - self.at > SCAN_LASTS:
            found.append("scan_expired")
        return found


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why not: a stable code and a sentence for the person."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class GiveFacts:
    """Everything the question "may this be given now" depends on."""

    state: DoseState
    times: DoseTimes
    medicine: str
    called: str  # the resident, as they like to be called
    given_by: str = ""
    zone: str = clock.DEFAULT_ZONE
    in_force: bool = True
    same_version: bool = True  # the one the card showed
    superseded: bool = False  # a newer version began after this dose fell due, and did not say: give it as before
    what_changed: str = ""  # field by field, for somebody who may read it
    on_hold: bool = False
    by_visitor: bool = False  # only ever given by a visiting nurse
    checked: bool = True
    allergy_status: str = "none"
    allergy_clash: str = ""
    whereabouts: str = "home"
    gone: str = ""  # where they went, in words, when the card in hand is older than that news
    skilled: bool = True
    skill_words: tuple[str, ...] = ()
    leave: str = ""  # what lets somebody give who is not signed off: supervised, break_glass
    beside_no: Reason | None = None  # why who was proven to stand beside them does not count
    opened: bool = True
    letter_code: str = ""  # why the letters of a dose by written advice stand in the way
    letter_words: str = ""
    ask: str = ""  # somebody must be asked before it is given: its next INR is overdue
    limits: LimitFacts | None = None  # None: no limit can stand in the way


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it: with every reason why not, the weightiest first, and what the entry must be flagged with."""

    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.reasons

    @property
    def first(self) -> Reason:
        return self.reasons[0]

    @property
    def waits_for_skill(self) -> bool:
        """Somebody signed off is what it waits for, beside them or in their place."""
        return bool(self.reasons) and self.first.code in WAITS_FOR_SKILL


WAITS_FOR_SKILL = frozenset(
    {"not_signed_off", "own_supervisor", "not_beside_either", "supervisor_gone", "supervisor_not_signed_off",
     "supervisor_too_old"}
)  # fmt: skip


def judge_give(f: GiveFacts, at: dt.datetime) -> Verdict:
    """Whether an intended give may go ahead. The questions are asked in the order of the harm they prevent."""
    order = (_left, _already, _gone, _in_force, _on_hold, _visitor, _changed, _unchecked)
    questions = (*order, _allergies, _clash, _letter, _limits, _when, _skill, _opening)
    reasons = tuple(r for r in (ask(f, at) for ask in questions) if r is not None)
    flags = []
    if at > f.times.on_time_until:
        flags.append("late")
    if f.whereabouts in AWAY:
        flags.append("recorded_away")
    if f.ask:
        flags.append("inr_overdue")
    if f.limits is not None and on_advice(f.limits.order) and passed(f.limits, at):
        flags.append("on_advice")
    if f.leave and not f.skilled:
        flags.append(f.leave)
    return Verdict(reasons, tuple(flags))


def judge_not_given(f: GiveFacts, at: dt.datetime) -> Verdict:
    """Whether a not-given outcome may be recorded. It needs no sign-off and no scan: saying why is never held up."""
    questions = (_already, _in_force, _too_old, _not_before)
    reasons = tuple(r for r in (ask(f, at) for ask in questions) if r is not None)
    return Verdict(reasons, ("after_close",) if at >= f.times.close_at else ())


def _left(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if f.whereabouts not in LEFT:
        return None
    return Reason("left", f"{f.called} no longer lives here. Nothing was recorded. Tell the shift leader.")


def _gone(f: GiveFacts, at: dt.datetime) -> Reason | None:
    """Somebody said that the resident left after this card was opened. Who scans them again has them in front of them;
    what was given before they left is a fact to report."""
    if not f.gone:
        return None
    return Reason("away", f"{f.gone} Nothing was recorded. If {f.called} is in front of you, scan the code again. If "
                  "it was given before they left, report it as a dose already given.")


def _already(f: GiveFacts, at: dt.datetime) -> Reason | None:
    entry = f.state.entry
    if f.state.kind not in ("given", "reported") or entry is None or entry.given_at is None:
        return None
    when, who = clock.moment_words(entry.given_at, f.zone, seen_from=at), f.given_by or "a colleague"
    if f.state.kind == "reported":
        return Reason("already_given", f"Already reported as given {when} by {who}. Do not give it again.")
    return Reason("already_given", f"Already given {when} by {who}. Do not give it again. If that is wrong, tell the "
                  "shift leader so that it can be corrected.")


def _in_force(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if f.in_force:
        return None
    return _stopped(f.medicine)


def _stopped(medicine: str) -> Reason:
    return Reason("stopped", f"{medicine} has been stopped or has ended. Do not give it.")


def no_longer_due(medicine: str, *, stopped: bool, held: bool = False, what_changed: str = "") -> Reason:
    """Why a dose a card showed cannot be found any more: its order was stopped, is on hold or has other times now."""
    if stopped:
        return _stopped(medicine)
    if held:
        return _held(medicine)
    return Reason("changed", _and(f"This order changed since the card was opened, and the dose is not due any more: "
                  f"{medicine}. Read the card again first.", what_changed))


def _and(words: str, what_changed: str) -> str:
    return f"{words} What changed: {what_changed}." if what_changed else words


def _held(medicine: str) -> Reason:
    return Reason("on_hold", f"{medicine} is on hold. Do not give it. Its page says who decided that, why and until "
                  "when; the shift leader can tell you more.")


def _on_hold(f: GiveFacts, at: dt.datetime) -> Reason | None:
    return _held(f.medicine) if f.on_hold else None


def _visitor(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if not f.by_visitor:
        return None
    return Reason("by_visitor", f"A visiting nurse gives {f.medicine}; nobody of the home does. When it was given, "
                  "record who gave it.")


def _changed(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if not f.same_version:
        words = f"This order changed since the card was opened: {f.medicine}. Read it again first."
        return Reason("changed", _and(words, f.what_changed))
    if not f.superseded:
        return None
    words = (f"The order for {f.medicine} changed after this dose fell due. Do not give it before the shift leader has "
             "said what applies now. If it is not given, say why here.")
    return Reason("superseded", _and(words, f.what_changed))


def _unchecked(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if f.checked:
        return None
    return Reason("unchecked", "It waits for its second check by another person, so it cannot be given yet.")


def _allergies(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if f.allergy_status != "not_recorded":
        return None
    return Reason("allergies", f"{f.called}’s allergies are not recorded. Settle that first; a senior or a team "
                  "leader can do it.")


def _clash(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if not f.allergy_clash:
        return None
    return Reason("allergy_clash", f"An allergy to {f.allergy_clash} was recorded after this order began. Do not give "
                  "it. Tell the shift leader, who asks the prescriber.")


def _letter(f: GiveFacts, at: dt.datetime) -> Reason | None:
    return Reason(f.letter_code, f.letter_words) if f.letter_code else None


def is_early(given_at: dt.datetime, due_at: dt.datetime, window_before: int) -> bool:
    """Whether a dose was given before its window (domain page 1.7: of levodopa early counts as late does). An intended
    give never is: it is refused until the window opens."""
    return given_at < due_at - dt.timedelta(minutes=window_before)


def _limits(f: GiveFacts, at: dt.datetime) -> Reason | None:
    found = stops(f.limits, at) if f.limits is not None else ()
    return Reason(found[0].code, found[0].words) if found else None


def _when(f: GiveFacts, at: dt.datetime) -> Reason | None:
    """By its clock, not by its state: a dose of somebody who is away is none that is coming, and is early all the
    same."""
    if at < f.times.opens_at:
        words = clock.moment_words(f.times.opens_at, f.zone, seen_from=at)
        return Reason("not_due", f"It is not due yet. It can be made ready from {words}.")
    if at >= f.times.close_at:
        return Reason("closed", "Its time has passed. Do not give it now without advice. Tell the shift leader; if it "
                      "was given already, report that.")
    return None


def _skill(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if f.skilled or f.leave:
        return None
    return f.beside_no or Reason("not_signed_off", " ".join(f.skill_words) or "You are not signed off for this yet.")


def _opening(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if f.opened:
        return None
    return Reason("scan_first", f"Scan {f.called}’s code first, so that the record shows who it was.")


def _too_old(f: GiveFacts, at: dt.datetime) -> Reason | None:
    if at - f.times.due_at <= RECORDED_LATE_UNTIL:
        return None
    return Reason("too_old", "It was due over 24 hours ago. A manager reviews it as a gap; tell them what you know.")


def _not_before(f: GiveFacts, at: dt.datetime) -> Reason | None:
    return _when(f, at) if at < f.times.opens_at else None


def one_by_one(*, controlled: bool, high_risk: bool, witness: bool = False, variable: bool = False) -> str:
    """Why a line is never in the bulk: controlled, witnessed, variable and high-risk medicines go one at a time (bar
    page 1)."""
    if controlled:
        return "Controlled drug: record it by itself"
    if witness:
        return "A second person must see it given: record it by itself"
    if variable:
        return "The amount varies: record it by itself"
    return "High-risk medicine: record it by itself" if high_risk else ""


def alone_words(order: OrderFacts) -> str:
    """The same of an order; empty where it may go with the others."""
    variable = order.dose_most is not None or schedules.by_advice(order)
    return one_by_one(
        controlled=order.controlled, high_risk=order.high_risk, witness=order.witness, variable=variable
    )


def fact_problems(
    given_at: dt.datetime, who_knew: str, why: str, at: dt.datetime, *, more: bool = True
) -> list[tuple[str, str]]:
    """What a report of a dose already given still lacks: (field, sentence) pairs. Any past time will do: a fact is kept
    however late it is told; only what has not happened yet is none. `more` where it is told late, or by another."""
    problems = []
    if given_at > at:
        problems.append(("time", "That time is still to come. Give the time it was given. What you wrote is kept."))
    if not (2 if more else 0) <= len(who_knew) <= LONGEST_WHO_KNEW:
        problems.append(("who_knew", "It is told late, after its round closed or by somebody else, or needs a second "
                         "look. Say who knew that it was given, e.g. “Tolu, who was in the room”, in at most "
                         f"{LONGEST_WHO_KNEW} letters."))
    if not SHORTEST_WHY <= len(why) <= LONGEST_NOTE:
        problems.append(("why", "Say in a few words why it was not recorded then, in at most "
                         f"{LONGEST_NOTE:,} letters. Nobody is blamed for telling."))
    return problems


def late_words(state: DoseState, times: DoseTimes) -> str:
    """Lateness as the house says it: from the due time, with what is past the window; empty when on time."""
    if not state.late_by:
        return ""
    past = max(0, int((state.late_by - dt.timedelta(minutes=times.window_after)).total_seconds() // 60))
    return f"{clock.span_words(state.late_by)} after due ({past} past its window)"
