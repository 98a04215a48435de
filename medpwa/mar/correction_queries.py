"""Corrections as pages show them: what an entry said, what it says now, who asked and who answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from medpwa import clock, database
from medpwa.errors import NotFound
from medpwa.ledger import HistoryLine
from medpwa.mar import correction_rules as rules
from medpwa.mar import entries, queries
from medpwa.mar import words as words_of
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.correction_vocabulary import WHYS, WRONG_PERSON
from medpwa.mar.models import Entry
from medpwa.mar.models_after import CorrectionAnswer, CorrectionRequest
from medpwa.mar.states import DoseTimes, EntryFacts
from medpwa.mar.tickets import DoseKey
from medpwa.mar.vocabulary import EXTRAS, OUTCOMES
from medpwa.medicines import queries as orders
from medpwa.medicines.amounts import amount_words
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.remember import while_nothing_newer
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.sentences import ids_of

SHOWN = 50  # answered requests on their page
BACK = dt.timedelta(days=14)  # how far back the list of a resident's entries goes at a time


# ---------------------------------------------------------------- loaders


def entry_of(by: Actor, entry_number: int, **_: object) -> Entry:
    """An entry of the actor's home by its number, else NotFound."""
    return _mine(Entry, by, entry_number)


def request_of(by: Actor, request_number: int, **_: object) -> CorrectionRequest:
    """A request for a correction in the actor's home by its number, else NotFound."""
    return _mine(CorrectionRequest, by, request_number)


def _mine(model, by: Actor, number: int):
    if not 0 < number < staff.HIGHEST_ID:
        raise NotFound()
    found = model.get_or_none((model.id == number) & (model.home == by.home_id))
    if found is None:
        raise NotFound()
    return found


def siblings(entry: Entry) -> list[EntryFacts]:
    """Every entry of the dose an entry belongs to, oldest first; for one at no set time itself and what corrects it."""
    if entry.due_at is not None:
        return entries.entries_of_dose(DoseKey(entry.order_line_id, entry.due_at))
    return entries.chain_of(entry.home_id, entry.order_line_id, entry.id)


def facts_of(entry: Entry) -> EntryFacts:
    """An entry as the rules see it, void where a correction replaced it."""
    return next(e for e in siblings(entry) if e.id == entry.id)


def correction_of(entry: Entry) -> Entry | None:
    """The entry that replaced this one, if one did."""
    return Entry.get_or_none(Entry.corrects == entry.id)


# ---------------------------------------------------------------- what waits


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits for its answer."""

    id: int
    entry_id: int
    reason: str
    by: int
    at: dt.datetime


_OPEN = """SELECT r.id, r.entry_id, r.reason, r."by", r.at FROM correction_request r WHERE r.home_id = ?
    AND NOT EXISTS (SELECT 1 FROM correction_answer a WHERE a.request_id = r.id) ORDER BY r.id"""


def open_requests(home_id: int) -> Mapping[int, Asked]:
    """Requests that wait for an answer, by the number of their entry, oldest first."""
    tables = ("correction_request", "correction_answer")
    return while_nothing_newer("open corrections", home_id, tables, lambda: _open(home_id))


def _open(home_id: int) -> dict[int, Asked]:
    rows = database.rows(_OPEN, home_id)
    return {r[1]: Asked(r[0], r[1], r[2], r[3], clock.from_micros(r[4])) for r in rows}


# ---------------------------------------------------------------- words


def says(entry: EntryFacts | Entry | Wanted, zone: str, order: OrderFacts | None = None) -> str:
    """What an entry says in one line: the outcome with what belongs to it, and when it was given."""
    outcome = OUTCOMES[entry.outcome]
    if entry.outcome == "struck":
        return "Struck out: it counts for nothing"
    when = f" {clock.moment_words(entry.given_at, zone)}" if entry.given_at else ""
    amount = amount_words(entry.amount, order.dose_unit if order else "").strip() if entry.amount else ""
    said = [f"{outcome.word}{when}", amount, words_of.why(entry), words_of.tried_first(entry), entry.given_by or ""]
    said += [dict(EXTRAS[n].choices).get(v, v) for n, v in (entry.extra or {}).items() if n in EXTRAS]
    return ", ".join(w for w in said if w) + (f". {entry.note}" if entry.note else "")


@dataclass(frozen=True)
class Entryline:
    """One entry of the list a correction begins from."""

    medicine: str
    due_words: str
    words: str
    by: str
    url: str
    struck: bool
    asked_url: str


@dataclass(frozen=True)
class CorrectionPage:
    """One request with everything that is said of it."""

    id: int
    url: str
    resident: str
    resident_url: str
    called: str
    medicine: str
    due_words: str
    was: str
    was_by: str
    becomes: str
    why: str
    words: str
    wrong_person: str
    wrong_person_given: bool
    asked_by: str
    asked_words: str
    open: bool
    approved: bool
    answered_words: str
    answer: str
    may_not: str
    strikes: bool


def page_of(who: Actor, request: CorrectionRequest) -> CorrectionPage:
    """A request, what the entry said and would say, and whether this person may answer."""
    return pages_of(who, [request])[0]


def pages_of(who: Actor, requests: Sequence[CorrectionRequest]) -> list[CorrectionPage]:
    """Requests of the home in words, with what each needs looked up once for all of them."""
    answers = {a.request_id: a for a in CorrectionAnswer.select().where(CorrectionAnswer.request.in_(list(requests)))}
    wanted = [r.entry_id for r in requests] + [a.replaced_by_id for a in answers.values() if a.replaced_by_id]
    found = {e.id: e for e in Entry.select().where(Entry.id.in_(wanted))}
    people = {r.by for r in requests} | {e.by for e in found.values()} | {a.by for a in answers.values()}
    named = staff.names(people | {e.administered_by for e in found.values() if e.administered_by})
    return [_page(who, r, found, answers.get(r.id), named) for r in requests]


def _page(
    who: Actor, request: CorrectionRequest, found: Mapping[int, Entry], answer, named: Mapping[int, str]
) -> CorrectionPage:
    entry = found[request.entry_id]
    now = found[answer.replaced_by_id] if answer and answer.replaced_by_id else None  # what is stored, once it is
    resident = residents.resident_card(who.home_id, entry.resident_id)
    order, wanted = orders.version_of(who, entry.order_version_id), rules.wanted_of(request.wanted)
    given, recorded = named.get(entry.administered_by or 0, ""), named.get(entry.by, "somebody")
    by = f"Given by {given}, recorded by {recorded}" if given and given != recorded else f"Recorded by {recorded}"
    return CorrectionPage(
        id=request.id,
        url=f"/h/{who.home_slug}/corrections/{request.id}",
        resident=resident.name if resident else "",
        resident_url=f"/h/{who.home_slug}/residents/{entry.resident_id}",
        called=resident.called if resident else "",
        medicine=words_of.medicine(order),
        due_words=f"due {clock.moment_words(entry.due_at, who.zone)}" if entry.due_at else "at no set time",
        was=says(entry, who.zone, order),
        was_by=f"{by}, {clock.moment_words(entry.at, who.zone)}",
        becomes=says(now or wanted, who.zone, order),
        why=WHYS[request.reason].word,
        words=request.words,
        wrong_person=WRONG_PERSON.get(request.wrong_person_given or "", ""),
        wrong_person_given=request.wrong_person_given in ("yes", "not_known"),
        asked_by=named.get(request.by, "somebody"),
        asked_words=_by_whom(who, request, named),
        open=answer is None,
        approved=bool(answer and answer.approved),
        answered_words=_by_whom(who, answer, named) if answer else "",
        answer=answer.words if answer else "",
        may_not=_may_not(who, request, entry),
        strikes=wanted.outcome == "struck",
    )


def _by_whom(who: Actor, row, named: Mapping[int, str]) -> str:
    return f"{named.get(row.by, 'Somebody')}, {clock.moment_words(row.at, who.zone)}"


def stood_by(entry: Entry) -> tuple[int | None, int | None]:
    """Who stands on an entry beside its giver: the witness, and who stood beside somebody not signed off."""
    return entry.witnessed_by, entry.supervised_by


def _may_not(who: Actor, request: CorrectionRequest, entry: Entry) -> str:
    if not may("mar.answer_correction", who):
        return "A senior, a team leader or a manager answers it."
    return may_not_answer(who, request, entry)


def may_not_answer(who: Actor, request: CorrectionRequest, entry: Entry) -> str:
    """Why somebody with the right to answer cannot answer this request; empty when they can."""
    parts = dict(asked_by=request.by, recorded_by=entry.by, given_by=entry.administered_by)
    return rules.may_not_answer(who.person_id, **parts, beside=stood_by(entry))


@dataclass(frozen=True)
class CorrectionsPage:
    """Requests that wait, oldest first, and the newest that were answered."""

    waiting: tuple[CorrectionPage, ...]
    answered: tuple[CorrectionPage, ...]


def corrections_page(who: Actor) -> CorrectionsPage:
    """The page of corrections; a fixed number of queries."""
    waiting = [a.id for a in open_requests(who.home_id).values()]
    mine = CorrectionRequest.select().where(CorrectionRequest.home == who.home_id)
    open_now = list(mine.where(CorrectionRequest.id.in_(waiting)).order_by(CorrectionRequest.id))
    rest = mine.where(CorrectionRequest.id.not_in(waiting)) if waiting else mine
    done = list(rest.order_by(CorrectionRequest.id.desc()).limit(SHOWN))
    return CorrectionsPage(tuple(pages_of(who, open_now)), tuple(pages_of(who, done)))


def entries_page(who: Actor, resident_id: int, end: dt.datetime) -> list[Entryline]:
    """A resident's entries of the two weeks before a moment, newest first, each with the way to put it right."""
    by_dose, loose = entries.entries_of_resident(who.home_id, resident_id, end - BACK, end)
    found = sorted([e for own in by_dose.values() for e in own] + list(loose), key=lambda e: -e.id)
    versions = {o.line_id: o for o in orders.orders_of_resident(who.home_id, resident_id)}
    named, asked = staff.names({e.by for e in found}), open_requests(who.home_id)
    return [_entry_line(who, e, versions.get(e.line_id), named, asked.get(e.id)) for e in found]


def _entry_line(who: Actor, e: EntryFacts, order, named: Mapping[int, str], asked: Asked | None) -> Entryline:
    return Entryline(
        medicine=words_of.medicine(order) if order else "A medicine no longer on record",
        due_words=f"due {clock.moment_words(e.due_at, who.zone)}" if e.due_at else "at no set time",
        words=says(e, who.zone, order),
        by=f"{named.get(e.by, 'somebody')}, {clock.moment_words(e.at, who.zone)}",
        url=f"/h/{who.home_slug}/entries/{e.id}/correct",
        struck=e.void,
        asked_url=f"/h/{who.home_slug}/corrections/{asked.id}" if asked else "",
    )


def struck_words(own: Iterable[EntryFacts], named: Mapping[int, str], zone: str, at: dt.datetime) -> tuple:
    """Entries of a dose that were corrected, oldest first: (what it said, by whom and why it was struck through)."""
    own = list(own)
    by_original = {e.corrects: e for e in own if e.corrects is not None}
    return tuple(_struck(e, by_original[e.id], named, zone, at) for e in own if e.void and e.id in by_original)


def _struck(e: EntryFacts, c: EntryFacts, named: Mapping[int, str], zone: str, at: dt.datetime) -> tuple[str, str]:
    outcome, when = OUTCOMES[e.outcome].word, clock.time_words(e.given_at or e.at, zone)
    who = named.get(e.administered_by or e.by, "somebody")
    what = "Struck out" if c.outcome == "struck" else "Corrected"
    said = clock.moment_words(c.at, zone, seen_from=at)
    why = WHYS[c.correction_reason].short if c.correction_reason in WHYS else c.correction_reason
    return f"{outcome} {when}, {who}", f"{what} {said} by {named.get(c.by, 'somebody')}: {why}"


def people_of(own: Iterable[EntryFacts]) -> set[int]:
    """Everybody named where the corrections of a dose are shown."""
    return {p for e in own if e.void or e.corrects for p in (e.administered_by or e.by, e.by)}


# ---------------------------------------------------------------- the ledger's lines


def details(lines: list[HistoryLine], who: Actor) -> dict[tuple[str, int | str], str]:
    """What the rows of corrections say in a history."""
    ids = lambda table: ids_of(lines, table)  # noqa: E731
    found: dict[tuple[str, int | str], str] = {}
    for r in CorrectionRequest.select(CorrectionRequest, Entry).join(Entry).where(
        CorrectionRequest.id.in_(ids("correction_request"))
    ):
        before, after = says(r.entry, who.zone), says(rules.wanted_of(r.wanted), who.zone)
        person = WRONG_PERSON.get(r.wrong_person_given or "", "")
        said = [WHYS[r.reason].word, r.words, f"given to somebody else: {person}" if person else ""]
        found["correction_request", r.id] = f"“{before}” to “{after}” ({'; '.join(w for w in said if w)})"
    for a in CorrectionAnswer.select().where(CorrectionAnswer.id.in_(ids("correction_answer"))):
        found["correction_answer", a.id] = a.words
    return found


def order_of(by: Actor, entry: Entry) -> OrderFacts:
    """The order version an entry was recorded under."""
    return orders.version_of(by, entry.order_version_id)


def times_of(by: Actor, entry: Entry) -> DoseTimes | None:
    """The clock of an entry's dose; None where it has no due time or the plan no longer has it."""
    if entry.due_at is None:
        return None
    try:
        return queries.dose_of(by, DoseKey(entry.order_line_id, entry.due_at)).times
    except NotFound:
        return None
