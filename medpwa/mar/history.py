"""The round's lines of the ledger in words: scans, doses, refused attempts, reports, changed rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from medpwa import clock
from medpwa.ledger import HistoryLine
from medpwa.mar import company, confirmations, correction_queries, effects, followed, gap_queries, outcome_letters
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing, RoundPart, RoundSetting, Scan
from medpwa.mar.models_after import OutcomeLetters, PrnEffect, WitnessRequest
from medpwa.mar.sentences import REFUSED, SENTENCES
from medpwa.mar.vocabulary import FLAGS, HOW_IDENTIFIED, NO_SCAN_REASONS, OUTCOMES, WHERE_LABELS_ARE
from medpwa.medicines import queries as orders
from medpwa.medicines.amounts import amount_words
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.sentences import Details, Told, Whole, ids_of, lines_about, told, why_refused

SETTINGS = ("round.settings", "shift.settings", "mar.set_letters")
TONES: dict[str, str] = {"mar.record": "given", "mar.report_given": "flagged"}


def history_of(who: Actor, subject: str, verbs: Iterable[str] = SENTENCES) -> list[Told]:
    """The latest lines of the round about a resident (`resident:5`) or the home (`home:1`), newest first, with these
    verbs alone; nothing for people who may not read histories."""
    if not may("history.see", who):
        return []
    return told(who, lines_about(who.chain_id, subject, verbs), SENTENCES, details, TONES, REFUSED)


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """What each line's row says."""
    found = why_refused(lines)
    entries = {e.id: e for e in Entry.select().where(Entry.id.in_(ids_of(lines, "entry")))}
    for entry in entries.values():
        found["entry", entry.id] = entry_words(entry, who)
    for report in GivenReport.select().where(GivenReport.id.in_(ids_of(lines, "given_report"))):
        found["given_report", report.id] = f"Who knew: {report.who_knew}. Why: {report.why}"
    for row in PrnEffect.select().where(PrnEffect.id.in_(ids_of(lines, "prn_effect"))):
        found["prn_effect", row.id] = effects.effect_words(row)
    for closing in GivenReportClosing.select().where(GivenReportClosing.id.in_(ids_of(lines, "given_report_closing"))):
        found["given_report_closing", closing.id] = closing.words
    for asked in WitnessRequest.select().where(WitnessRequest.id.in_(ids_of(lines, "witness_request"))):
        name = staff.names({asked.asked_person}).get(asked.asked_person, "somebody")
        due = f"due {clock.moment_words(asked.due_at, who.zone)}" if asked.due_at else "when required"
        found["witness_request", asked.id] = f"{name}, for the dose {due}"
    for scan in Scan.select().where(Scan.id.in_(ids_of(lines, "scan"))):
        found["scan", scan.id] = scan_words(scan)
    for part in RoundPart.select().where(RoundPart.id.in_(ids_of(lines, "round_part"))):
        found["round_part", part.id] = ". ".join(w for w in (part.round_name, part.note) if w)
    for row in OutcomeLetters.select().where(OutcomeLetters.id.in_(ids_of(lines, "outcome_letters"))):
        changed = {n: x for n, x in row.letters.items() if x != outcome_letters.DEFAULTS.get(n)}
        said = ", ".join(f"{x} for {OUTCOMES[n].word.lower()}" for n, x in changed.items())
        found["outcome_letters", row.id] = said or "the usual ones"
    for r in RoundSetting.select().where(RoundSetting.id.in_(ids_of(lines, "round_setting"))):
        ended = "taken away" if r.retired else f"{r.starts}, closes after {r.close_minutes} minutes"
        found["round_setting", r.id] = f"{r.name}, {ended}"
    found |= confirmations.details(lines, who) | correction_queries.details(lines, who)
    return found | followed.details(lines, who) | gap_queries.details(lines, who)


TOLD_LATER = dt.timedelta(minutes=5)  # from here on a line says both when a dose was given and when it was recorded


def entry_words(entry: Entry, who: Actor) -> str:
    """One entry: what, the outcome and its reason, when it was due, and when it was given where that is not when it was
    recorded."""
    order = {o.version_id: o for o in orders.orders_of_resident(who.home_id, entry.resident_id)}.get(
        entry.order_version_id
    )
    what = words_of.medicine(order) if order else "a medicine"
    if order and entry.amount is not None and not words_of.covered(order):
        what = f"{amount_words(entry.amount, order.dose_unit)} of {what}"
    due = f"due {clock.moment_words(entry.due_at, who.zone)}" if entry.due_at else "at no set time"
    people = (seen_words(entry, who), leave_words(entry, who))
    said = (what, outcome_words(entry, order), due, later_words(entry, who), *people)
    return ", ".join(w for w in said if w) + _flagged(entry)


def outcome_words(entry: words_of.Said, order: OrderFacts | None = None) -> str:
    """The outcome of an entry with all it says beside: `refused: Did not want it`."""
    word, why = OUTCOMES[entry.outcome].word.lower(), ". ".join(words_of.detail(entry, order))
    return f"{word}: {why}" if why else word


def seen_words(entry: Entry, who: Actor) -> str:
    """Who saw it given, where a second person did, and when they proved who they are."""
    if entry.witnessed_by is None:
        return ""
    name = staff.names({entry.witnessed_by}).get(entry.witnessed_by, "somebody")
    return f"witnessed by {name} {clock.time_words(entry.witnessed_at, who.zone)}"


def leave_words(entry: Entry, who: Actor) -> str:
    """Who stood beside somebody not signed off, and when they proved it; or who allowed an exception."""
    if entry.supervised_by is not None:
        name = staff.names({entry.supervised_by}).get(entry.supervised_by, "somebody")
        return f"supervised by {name} {clock.time_words(entry.supervised_at, who.zone)}"
    made_by = company.allowed_by(who.home_id, [entry]).get(entry.break_glass_id)
    return f"not signed off, allowed by {staff.names({made_by}).get(made_by, 'somebody')}" if made_by else ""


def later_words(entry: Entry, who: Actor) -> str:
    """Where a dose was recorded well after it was given: both times, and how far they lie apart."""
    if entry.given_at is None or entry.at - entry.given_at < TOLD_LATER:
        return ""
    apart = clock.span_words(entry.at - entry.given_at)
    return f"given {clock.moment_words(entry.given_at, who.zone)}, recorded {apart} later"


def _flagged(entry: Entry) -> str:
    flags = [FLAGS[f] for f in entry.flags if f in FLAGS and f != "after_the_fact"]  # its own verb says that
    return f" ({'; '.join(flags)})" if flags else ""


def scan_words(scan: Scan) -> Whole:
    """How somebody was opened, by which label or for which reason, and what came of it: a sentence of its own."""
    words = " ".join(w for w in (HOW_IDENTIFIED[scan.how], WHERE_LABELS_ARE.get(scan.place, "")) if w)
    if scan.how == "camera":
        words += ", with the phone’s own camera"
    if scan.reason:
        words += f": {NO_SCAN_REASONS.get(scan.reason, scan.reason)}"
    return Whole(f"{words}. Stopped: {_open_then(scan)} card was open" if scan.stopped else words)


def _open_then(scan: Scan) -> str:
    name = residents.name_then(scan.home_id, scan.open_resident, scan.at) if scan.open_resident else ""
    return f"{name or 'somebody else'}’s"
