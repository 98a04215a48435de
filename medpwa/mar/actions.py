"""The verbs of the round. Each judges again inside the transaction, by facts read there."""

from __future__ import annotations

from dataclasses import replace

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.mar import (
    deeds,
    given,
    judging,
    openings,
    psychotropic,
    queries,
    rounds,
    rules,
    second_deeds,
    states,
    timing,
)
from medpwa.mar import given_facts as facts_of
from medpwa.mar import words as words_of
from medpwa.mar.given_facts import GivenFact
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import LONGEST_NOTE, NO_SCAN_REASONS
from medpwa.medicines.keying import is_clock_time
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.models import Label
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import LEFT
from medpwa.staff import queries as staff

# ---------------------------------------------------------------- opening a resident


@action("mar.scan", about=residents.resident_of)
def scan(
    *,
    by: Actor,
    about: ResidentCard,
    resident_id: int,
    label_id: int,
    how: str,
    stopped: bool = False,
    open_resident_id: int | None = None,
    after_stop: int | None = None,
) -> Done:
    """A live label was read or typed; the same one again within five seconds is the same scan. `stopped` when somebody
    else's card stood open: it opened nothing. `after_stop` is the stopped scan that is gone on with."""
    label = Label.get_or_none((Label.id == label_id) & (Label.resident == resident_id))
    if label is None or residents.label_has_ended(label_id):
        raise NotFound()
    if about.whereabouts in LEFT:
        words = f"{about.name} no longer lives here. The label opens nothing: tell the shift leader."
        raise Refused("left", words, about={"subject": deeds.subject(resident_id)})
    if after_stop is not None:
        _demand_fresh(by, after_stop, label_id)
    before = openings.newest_scan(by, label_id)
    if before is not None and before.stopped == stopped and clock.now() - before.at < rules.SAME_SCAN:
        return Done(before, replay=True)
    row, said = deeds.open_resident(
        by,
        resident_id,
        how=how,
        label_id=label_id,
        place=label.place,
        stopped=stopped,
        open_resident_id=open_resident_id,
    )
    return Done(row, [said])


def _demand_fresh(by: Actor, stop_id: int, label_id: int) -> None:
    """A stop opens one card, once, while its scan lasts (decision 9): it must be the newest thing this session scanned,
    or what its own first tap made of it."""
    newest, at = openings.newest_scan(by, label_id), clock.now()
    stands = newest is not None and newest.id == stop_id and at - newest.at <= rules.SCAN_LASTS
    tapped_twice = newest is not None and not newest.stopped and at - newest.at < rules.SAME_SCAN
    if not (stands or tapped_twice):
        raise Refused("stale_stop", "This page is from earlier, so it opened nothing. Scan the person’s code again.")


@action("mar.open_without_scan", about=residents.resident_of)
def open_without_scan(*, by: Actor, about: ResidentCard, resident_id: int, reason: str, note: str = "") -> Done:
    """A resident opened without a code, with the reason; asked once, and every entry that rests on it says so."""
    if reason not in NO_SCAN_REASONS:
        raise Invalid([("reason", "Choose why the code was not scanned.")])
    if reason == "other" and len(note.strip()) < 5:
        raise Invalid([("note", "Say in a few words why. What you chose is kept.")])
    words = NO_SCAN_REASONS[reason] if reason != "other" else note.strip()
    before = openings.identified(by, resident_id)
    if before is not None and before.how == "no_scan" and clock.now() - before.at < rules.SAME_SCAN:
        return Done(None, replay=True)
    row, said = deeds.open_resident(by, resident_id, how="no_scan", reason=words)
    return Done(row, [said])


# ---------------------------------------------------------------- reporting a dose already given


@action("mar.report_given", about=residents.resident_of)
def report_given(*, by: Actor, about: ResidentCard, resident_id: int, fact: GivenFact) -> Done:
    """Keep a dose that was given already: a fact is never refused. By its giver within the hour, time and reason are
    enough. Else it says who knew, the shift leader is alerted at once, and only a manager can close it. Over an hour
    later it counts too, and waits for a team leader to confirm it."""
    stored = Entry.get_or_none(Entry.entry_id == fact.entry_id)
    if stored is not None:
        return Done(_reported_before(by, fact, stored), replay=True)
    version_id, order = queries.version_for_fact(by, resident_id, fact.line_id, fact.given_at)
    if not facts_of.works_here(by, fact.administered_by):
        raise Invalid([("administered_by", "Choose who gave it from the list. What you wrote is kept.")])
    fact = replace(fact, due_at=facts_of.due_as_planned(by, fact))
    joined, close = facts_of.refused_just_before(by, resident_id, clock.now()), facts_of.close_of(by, fact)
    step, own = timing.rung(fact.given_at, clock.now(), close), fact.administered_by == by.person_id
    flags = facts_of.fact_flags(by, resident_id, fact, order, joined)
    breached = given.breach_flags(by, about, order, fact.given_at, due_at=fact.due_at)
    more = timing.tells_more(step, by_the_giver=own, flags=[*flags, *breached])
    problems = rules.fact_problems(fact.given_at, fact.who_knew, fact.why, clock.now(), more=more)
    if problems:
        raise Invalid(problems)
    others = states.gives(queries.entries_of_dose(DoseKey(fact.line_id, fact.due_at))) if fact.due_at else []
    report, said = deeds.report_given(
        by,
        entry_id=fact.entry_id,
        resident_id=resident_id,
        line_id=fact.line_id,
        version_id=version_id,
        due_at=fact.due_at,
        given_at=fact.given_at,
        administered_by=fact.administered_by,
        who_knew=fact.who_knew,
        why=fact.why,
        flags=[*flags, *breached, *timing.FLAGS_OF_RUNG[step]],
        joined_refusal=joined,
        more=more,
    )
    entry = report.entry if isinstance(report, GivenReport) else report
    noted = psychotropic.listed(by, about, order, entry)
    if not more:
        return Done(report, [said, *noted])
    words = (
        f"{by.name} reports that {about.name}’s {words_of.medicine(order)} was already given "
        f"{clock.stamp_words(fact.given_at, by.zone)}. Make sure {about.called} is safe.{given.breach_words(breached)}"
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=f"given:{fact.entry_id}",
        words=words,
        url=f"/h/{by.home_slug}/reports/{report.id}",
        to_verb="mar.see_reports",
        subject=deeds.subject(resident_id),
        raised_by=by.person_id,
    )
    return Done(report, [said, *raised, *noted, *second_deeds.tell(by, entry, others)])


def _reported_before(by: Actor, fact: GivenFact, stored: Entry) -> GivenReport | Entry:
    """The stored report for a re-sent form (decision 11); anything else with its id is told what is stored."""
    if stored.home_id != by.home_id:
        raise NotFound()
    found = GivenReport.get_or_none(GivenReport.entry == stored)
    same = (stored.order_line_id, stored.given_at, stored.administered_by)
    quiet = found is None and stored.after_the_fact and stored.note == deeds.told_words(fact.why, fact.who_knew)
    if quiet and (stored.by, *same) == (by.person_id, fact.line_id, fact.given_at, fact.administered_by):
        return stored
    if found is None or stored.by != by.person_id or same != (fact.line_id, fact.given_at, fact.administered_by):
        raise judging.used_before(by, stored)
    if (found.who_knew, found.why) != (fact.who_knew, fact.why):
        raise judging.used_before(by, stored)
    return found


def report_of(by: Actor, report_id: int, **_: object) -> GivenReport:
    if not 0 < report_id < staff.HIGHEST_ID:
        raise NotFound()
    found = GivenReport.get_or_none((GivenReport.id == report_id) & (GivenReport.home == by.home_id))
    if found is None:
        raise NotFound()
    return found


@action("mar.close_report", about=report_of)
def close_report(*, by: Actor, about: GivenReport, report_id: int, words: str) -> Done:
    """A manager says what was done about it; a second answer finds the first."""
    stored = GivenReportClosing.get_or_none(GivenReportClosing.report == about)
    if stored is not None:
        return Done(stored, replay=True)
    if by.person_id == about.entry.administered_by:
        words_ = "You gave this dose, so another manager closes the report. Nothing was closed."
        raise Refused("own_report", words_, about={"subject": deeds.subject(about.entry.resident_id)})
    if len(words.strip()) < 10:
        raise Invalid([("words", "Say what you found and what was done (at least 10 letters). Nothing is closed yet.")])
    return Done(None, [deeds.close_report(by, about, about.entry.resident_id, words.strip())])


# ---------------------------------------------------------------- the round itself


@action("round.settings")
def set_round(*, by: Actor, name: str, starts: str, close_minutes: int = 180, retired: bool = False) -> Done:
    """Set, move or retire a round of the home from now on."""
    problems = []
    if not 1 <= len(name) <= 40:
        problems.append(("name", "Give the round a name of at most 40 letters."))
    if not is_clock_time(starts):
        problems.append(("starts", "Give the start as a time of day, e.g. 08:00."))
    if not 30 <= close_minutes <= 600:
        problems.append(("close_minutes", "A round closes 30 to 600 minutes after it starts."))
    if problems:
        raise Invalid(problems)
    return Done(None, [deeds.set_round(by, name, starts, close_minutes, retired=retired)])


@action("round.end_part")
def end_part(*, by: Actor, span: rounds.RoundSpan | None, still_open: list[str], note: str) -> Done:
    """End one's part of a round with what is handed over; the same again is the same. The round closes by the clock."""
    if span is None:
        raise Invalid([("note", "No round is open now, so there is no part to end. What you wrote is kept below.")])
    if len(note) > LONGEST_NOTE:
        raise Invalid([("note", f"The note is too long: at most {LONGEST_NOTE:,} letters. It is kept; shorten it.")])
    if queries.part_ended(by, span, note):
        return Done(None, replay=True)
    return Done(None, [deeds.end_part(by, span, still_open, note)])


