"""The verbs of putting an entry right. Each reads the entry again inside the transaction: of two corrections of one
entry at once exactly one stands, and the other is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.ledger import Pending, line
from medpwa.mar import corrected_give, second_deeds, timing
from medpwa.mar import correction_deeds as deeds
from medpwa.mar import correction_queries as queries
from medpwa.mar import correction_rules as rules
from medpwa.mar import words as words_of
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.correction_vocabulary import LONGEST_WORDS, WHYS
from medpwa.mar.models import Entry
from medpwa.mar.models_after import CorrectionAnswer, CorrectionRequest
from medpwa.mar.vocabulary import OWN_GIVES
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import lock_rules
from medpwa.staff import queries as staff

AHEAD = dt.timedelta(days=1)  # a dose may be recorded before it falls due
STEP_UP = "Type your PIN or password first, so that it is certain who does this. Nothing was changed yet."


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody says is wrong with an entry."""

    request_id: str
    why: str
    wanted: Wanted
    words: str = ""
    wrong_person: str = ""

    def same_as(self, stored: CorrectionRequest, entry_number: int, by: int | None) -> bool:
        """Whether a stored request says exactly this."""
        mine = (entry_number, by, self.why, self.wanted.stored(), self.words, self.wrong_person or None)
        said = (stored.entry_id, stored.by, stored.reason, stored.wanted, stored.words, stored.wrong_person_given)
        return mine == said


@action("mar.correct", about=queries.entry_of)
def correct(
    *, by: Actor, about: Entry, entry_number: int, asked: Correction, proven_at: dt.datetime | None = None
) -> Done:
    """Put one's own entry right within ten minutes; later, or another's, ask for it: the entry then stands and counts
    until a senior answers. `proven_at` is when this person typed their PIN or password."""
    stored = CorrectionRequest.get_or_none(CorrectionRequest.request_id == asked.request_id)
    if stored is not None:
        return Done(_asked_before(by, stored, entry_number, asked), replay=True)
    at, facts = clock.now(), queries.facts_of(about)
    _demand_standing(by, about, at)
    problems = rules.problems(facts, asked.why, asked.words, asked.wrong_person, asked.wanted, at)
    if problems:
        raise Invalid(problems)
    if not lock_rules.stepped_up(proven_at, at):
        raise _refused("step_up", STEP_UP, about)
    request = deeds.ask(
        by,
        about,
        request_id=asked.request_id,
        wanted=asked.wanted,
        reason=asked.why,
        words=asked.words,
        wrong_person=asked.wrong_person,
    )
    told = _wrong_person_alert(by, about, request)
    if rules.at_once(about.by, about.at, by.person_id, at):
        return Done(request, [*_replaced(by, about, request, "mar.correct"), *told])
    said = line("mar.correct", f"resident:{about.resident_id}", request, entry=about.id)
    return Done(request, [said, *_waiting_alert(by, about, request), *told])


@action("mar.answer_correction", about=queries.request_of)
def answer(
    *,
    by: Actor,
    about: CorrectionRequest,
    request_number: int,
    approved: bool,
    words: str = "",
    proven_at: dt.datetime | None = None,
) -> Done:
    """A senior, neither who asked nor who recorded the entry, answers a request. A yes stores the entry that replaces;
    a no leaves the entry as it is, with the reason."""
    stored = CorrectionAnswer.get_or_none(CorrectionAnswer.request == about)
    if stored is not None:
        return Done(_answered_before(by, stored, approved), replay=True)
    entry, at = about.entry, clock.now()
    why_not = queries.may_not_answer(by, about, entry)
    if why_not:
        raise _refused("own_entry", f"{why_not} Nothing was changed.", entry)
    if len(words) > LONGEST_WORDS:
        raise Invalid([("words", f"Make this shorter, at most {LONGEST_WORDS} letters. What you wrote is kept.")])
    if not approved and len(words) < 5:
        raise Invalid([("words", "Say in a few words why it stays as it is. Nothing is answered yet.")])
    if not lock_rules.stepped_up(proven_at, at):
        raise _refused("step_up", STEP_UP, entry)
    if not approved:
        row = deeds.answer(by, about, None, words)
        said = line("mar.answer_correction", f"resident:{entry.resident_id}", row, request=about.id)
        return Done(row, [said, *_answered_alert(by, entry, about, "stays as it is")])
    _demand_standing(by, entry, at, but=about.id)
    lines = _replaced(by, entry, about, "mar.answer_correction", words)
    return Done(None, [*lines, *_answered_alert(by, entry, about, "was corrected")])


# ---------------------------------------------------------------- what both do


def _refused(code: str, words: str, entry: Entry) -> Refused:
    return Refused(code, words, about={"subject": f"resident:{entry.resident_id}", "entry": entry.id})


def _demand_standing(by: Actor, entry: Entry, at: dt.datetime, but: int | None = None) -> None:
    """The entry must stand, and no other request may wait beside it: two answers to one entry would contradict."""
    later = queries.correction_of(entry)
    if later is not None:
        who = staff.names({later.by}).get(later.by, "somebody")
        when = clock.moment_words(later.at, by.zone, seen_from=at)
        words = (
            f"{who} corrected this entry {when}, so what you sent was not kept. It now says: "
            f"{queries.says(later, by.zone)}. Open it again; if that is wrong, correct that one."
        )
        raise _refused("corrected_meanwhile", words, entry)
    asked = queries.open_requests(by.home_id).get(entry.id)
    if asked is not None and asked.id != but:
        who = staff.names({asked.by}).get(asked.by, "somebody")
        words = (
            f"{who} asked for a correction of this entry {clock.moment_words(asked.at, by.zone, seen_from=at)} "
            f"({WHYS[asked.reason].short}); it waits for its answer. Nothing was added. Tell whoever answers it what "
            "you know."
        )
        raise _refused("asked_already", words, entry)


def _asked_before(by: Actor, stored: CorrectionRequest, entry_number: int, asked: Correction) -> CorrectionRequest:
    if stored.home_id != by.home_id:
        raise NotFound()
    if asked.same_as(stored, entry_number, by.person_id):
        return stored
    words = "This form was used before, with something else in it. That is stored; nothing new was kept. Open it again."
    raise _refused("used_before", words, stored.entry)


def _answered_before(by: Actor, stored: CorrectionAnswer, approved: bool) -> CorrectionAnswer:
    if (stored.by, stored.approved) == (by.person_id, approved):
        return stored
    who = staff.names({stored.by}).get(stored.by, "somebody")
    what = "approved" if stored.approved else "turned down"
    words = f"{who} {what} it {clock.moment_words(stored.at, by.zone)}. That stands; nothing was added."
    raise _refused("answered", words, stored.request.entry)


def _replaced(by: Actor, old: Entry, request: CorrectionRequest, verb: str, words: str = "") -> list[Pending]:
    """Store the entry that replaces, and the answer that names it. A give that would be the second live one of its dose
    is kept as a fact told later, with the alarm of two gives."""
    wanted, own = rules.wanted_of(request.wanted), queries.siblings(old)
    given, others = wanted.outcome in OWN_GIVES, rules.other_gives(own, old.id)
    # What was told after the fact stays so; and where another give of ours stands, this one cannot be the live one.
    beside = any(not e.after_the_fact and e.outcome in OWN_GIVES for e in others)
    after = wanted.given_at is not None and (old.after_the_fact or (given and beside))
    times = queries.times_of(by, old)
    late = times is not None and timing.given_late(wanted.given_at, times.on_time_until)
    judged = corrected_give.flags(by, old, wanted)
    new = deeds.replace(
        by,
        request,
        wanted,
        claim=rules.claim_of(own, old.id) if given and old.due_at is not None and not after else None,
        after_the_fact=after,
        flags=rules.flags_of(old.flags, wanted, late, bool(others), after, judged),
    )
    row = deeds.answer(by, request, new, words)
    rows = (request, new, row) if verb == "mar.correct" else (new, row)
    said = line(verb, f"resident:{old.resident_id}", *rows, entry=old.id, order_line=old.order_line_id)
    counts_twice = wanted.given_at is not None and old.due_at is not None
    two = second_deeds.tell(by, new, others) if counts_twice else []
    return [said, *two, *corrected_give.told(by, old, new)]


# ---------------------------------------------------------------- who is told


def _wrong_person_alert(by: Actor, entry: Entry, request: CorrectionRequest) -> list[Pending]:
    """It was, or may have been, given to the wrong person: those who lead and manage are told at once."""
    if request.wrong_person_given not in ("yes", "not_known"):
        return []
    resident = residents.resident_card(by.home_id, entry.resident_id)
    what = words_of.medicine(queries.order_of(by, entry))
    was = "was" if request.wrong_person_given == "yes" else "may have been"
    words = (
        f"{by.name} recorded {what} on {resident.name}’s card by mistake, and it {was} given to somebody else. "
        "Find out who had it, see how they are, ask the pharmacist, GP or 111 now, and report it on that person’s card."
    )
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"wrong-person:{request.request_id}",
        words=words,
        url=f"/h/{by.home_slug}/corrections/{request.id}",
        to_verb="mar.see_reports",
        subject=f"resident:{entry.resident_id}",
        raised_by=by.person_id,
    )


def _waiting_alert(by: Actor, entry: Entry, request: CorrectionRequest) -> list[Pending]:
    resident = residents.resident_card(by.home_id, entry.resident_id)
    what = words_of.medicine(queries.order_of(by, entry))
    words = (
        f"{by.name} asks to correct an entry of {resident.name}’s {what} ({WHYS[request.reason].short}). It stands "
        "until it is answered."
    )
    return alerts.raise_alert(
        home_id=by.home_id,
        key=f"correction:{request.request_id}",
        words=words,
        url=f"/h/{by.home_slug}/corrections/{request.id}",
        to_verb="mar.answer_correction",
        subject=f"resident:{entry.resident_id}",
        raised_by=by.person_id,
    )


def _answered_alert(by: Actor, entry: Entry, request: CorrectionRequest, came_to: str) -> list[Pending]:
    """Whoever asked, and whoever recorded the entry, are told what came of it."""
    resident = residents.resident_card(by.home_id, entry.resident_id)
    what = words_of.medicine(queries.order_of(by, entry))
    found: list[Pending] = []
    for person in {request.by, entry.by} - {by.person_id}:
        found += alerts.raise_alert(
            home_id=by.home_id,
            key=f"answered:{request.request_id}:{person}",
            words=f"The entry of {resident.name}’s {what} {came_to}, {by.name} says.",
            url=f"/h/{by.home_slug}/corrections/{request.id}",
            to_verb="mar.see_correction",
            to_person=person,
            subject=f"resident:{entry.resident_id}",
        )
    return found
