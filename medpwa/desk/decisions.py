"""What waits for somebody's decision, gathered from every package: riskiest first, then what has waited longest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from medpwa import clock
from medpwa.checks import queries as checks
from medpwa.competency import file
from medpwa.competency.file import SkillLine
from medpwa.desk import cover, truth
from medpwa.desk.decision import Decision
from medpwa.mar import comparing, following, glass, prn_review, refusing, reports, shift_queries
from medpwa.mar import words as words_of
from medpwa.medicines import advice, shown
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as order_rules
from medpwa.permits import Actor, may
from medpwa.practice import arranging
from medpwa.practice import audit_queries as audits
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff

# The harm that waiting can do, greatest first.
RISK = (
    "glass", "allergies", "report", "failure", "compare", "gap", "mood", "correction", "confirm", "refusal", "handover",
    "clock", "hole", "sign_off", "missed_assessment", "conclude", "order", "agreed", "review", "talk",
    "asks_assessment", "audit", "due_soon",
)  # fmt: skip


@dataclass(frozen=True)
class DecisionsPage:
    """The first page of a desk."""

    sentence: str
    lead: str
    first: Decision | None
    rest: list[Decision]
    floor_sentence: str
    floor_counts: tuple[tuple[str, str], ...]


def decisions_page(who: Actor) -> DecisionsPage:
    """Everything that waits for this person, and how the floor stands now."""
    found, board = waiting(who), checks.board(who)
    return DecisionsPage(
        sentence=_sentence(len(found)),
        lead=_lead(found, who),
        first=found[0] if found else None,
        rest=found[1:],
        floor_sentence=board.sentence,
        floor_counts=board.counts,
    )


def _sentence(count: int) -> str:
    if not count:
        return "No decision is waiting for you"
    return "1 decision is waiting for you" if count == 1 else f"{count} decisions are waiting for you"


def _lead(found: list[Decision], who: Actor) -> str:
    if not found:
        return "Gaps will stand here, and whatever else needs you, until it is done."
    overdue = [d.since for d in found if d.kind != "due_soon"] or [d.since for d in found]
    day, today = clock.local_day(min(overdue), who.zone), clock.local_day(clock.now(), who.zone)
    since = clock.day_words(day, today)
    if len(found) == 1:
        return f"It has waited since {since}."
    return f"Riskiest first. The oldest has waited since {since}."


def waiting(who: Actor, at: dt.datetime | None = None) -> list[Decision]:
    """What this person may decide on, riskiest first."""
    at = at or clock.now()
    people = {r.id: r for r in residents.residents_at(who.home_id, at)}
    found = [*_allergies(who, people), *_reports(who), *_failures(who, people, at), *_orders(who)]
    found += [*_sign_offs(who, at), *_letters(who, people, at), *_to_compare(who, at), *_handovers(who, at)]
    found += [*_refusals(who, at), *truth.waits(who, people, at)]
    found += [*_prn(who, at), *_glass(who), *_assessments(who, at), *_audits(who), *cover.waits(who, at)]
    return sorted(found, key=lambda d: (RISK.index(d.kind), d.since, d.title))


def _allergies(who: Actor, people: dict[int, ResidentCard]) -> Iterator[Decision]:
    """Residents nobody may be given anything, because nobody knows their allergies."""
    for r in people.values() if may("residents.settle_allergies", who) else ():
        if r.allergy_status == "not_recorded":
            why = "not recorded, so no medicine can be given."
            since, url = r.allergies_since or clock.now(), f"{r.url}/allergies"
            yield Decision("allergies", since, "blocked", _where(r), "Allergies", why, "Record them", url)


def _where(r: ResidentCard) -> str:
    return f"{r.name}, {r.room_words}" if r.room_words else r.name


def _reports(who: Actor) -> Iterator[Decision]:
    """Doses given and told of later, which a manager has not answered."""
    if not may("mar.close_report", who):
        return
    for row in reports.waiting(who):
        why = f"given {row.given_words}, told by {row.by}.{' It follows a refused attempt.' if row.joined else ''}"
        title = f"{row.resident or 'Somebody'}, {row.medicine}"
        yield Decision("report", row.at, "flagged", title, "Reported later", why, "Answer", row.url)


def _audits(who: Actor) -> Iterator[Decision]:
    """Quarters nobody has signed the audit of, and findings whose day has passed."""
    if not may("audits.sign", who):
        return
    for q in audits.unsigned(who):
        yield Decision("audit", q.since, "late", q.words, "Quarterly audit", "it waits to be signed.", "Read it", q.url)
    for f in audits.overdue(who):
        why = f"{f.owner} was to see to it by {f.due_words}."
        yield Decision("audit", f.since, "late", f.what, "Finding overdue", why, "See to it", f.url)


def _to_compare(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Medicines lists of those who came back from hospital or moved in, until they are compared."""
    for t in comparing.tasks(who, at) if may("absence.see", who) else ():
        yield Decision("compare", t.since, t.tone, t.title, t.lead, t.why, "Compare", t.url)


def _refusals(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Runs of refusals nobody has followed up to the end."""
    for row in refusing.waiting(who, at) if may("refusal.see", who) else ():
        yield Decision("refusal", row.since, row.tone, row.title, row.lead, row.why, "Follow up", row.url)


def _handovers(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Shifts that ended over an hour ago and that nobody handed over."""
    for s in shift_queries.missing(who, at) if may("handover.record", who) else ():
        ended = clock.moment_words(s.end_at, who.zone, seen_from=at)
        title, url = f"{s.name} shift", f"/h/{who.home_slug}/hand-over?start={clock.micros(s.start_at)}"
        why = f"it ended {ended}; nobody recorded what was handed over, and to whom."
        yield Decision("handover", s.end_at, "late", title, "No hand-over", why, "Hand over", url)


def _failures(who: Actor, people: dict[int, ResidentCard], at: dt.datetime) -> Iterator[Decision]:
    """Medicines that were not there, doses known to be missed and visits that did not happen, until they are given."""
    if not may("mar.close_report", who):
        return
    in_words = {o.version_id: words_of.medicine(o) for o in orders.orders_of_home(who.home_id)}
    for entry in following.standing_failures(who.home_id, at):
        r = people.get(entry.resident_id)
        if r is not None:
            due = clock.moment_words(entry.due_at, who.zone, seen_from=at) if entry.due_at else ""
            why = f"due {due}. {following.failure_words(entry)}."
            title = f"{r.name}, {in_words.get(entry.order_version_id, 'a medicine')}"
            yield Decision("failure", entry.at, "missed", title, "Not given", why, "Chase it", f"{r.url}/card")


def _glass(who: Actor) -> Iterator[Decision]:
    """Exceptions for one round which nobody who answers for the home has answered."""
    for g in glass.lines(who) if may("glass.answer", who) else ():
        if g.may_answer:
            why = f"{g.when}. {g.by}. {g.doses}."
            yield Decision("glass", g.since, "flagged", g.title, "Gives without being signed off", why, "Answer", g.url)


def _prn(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Uses of medicines that act on mood or behaviour which no manager has noted, and when-required medicines that
    should be reviewed."""
    if not may("prn.note", who):
        return
    url = f"/h/{who.home_slug}/prn"
    for n in prn_review.to_note(who, at):
        yield Decision("mood", n.at, "flagged", n.person, "Acts on mood or behaviour", f"{n.words}.", "Note it", url)
    for r in prn_review.to_review(who, at):
        why = f"{r.why[0][0].lower()}: {r.why[0][1]}."
        yield Decision("review", r.since, "due", f"{r.person}, {r.medicine}", "To review", why, "See the uses", url)


def _assessments(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Booked assessments that did not take place, people who ask for one, and those complete but for the judgement."""
    if not may("assess.book", who):
        return
    for kind, since, row in arranging.waits(who, at):
        yield Decision(kind, since, row.tone, row.title, row.lead, row.why, row.action, row.url, row.icon)


def _orders(who: Actor) -> Iterator[Decision]:
    """Orders that wait for this person's second check, and those on hold whose time is over."""
    if not may("orders.check", who):
        return
    at = clock.now()
    newest = orders.latest_versions(orders.orders_of_home(who.home_id))
    keyed = {shown.check_url(who, o): o.keyed_at for o in newest}
    held = {shown.order_url(who, o): order_rules.held_until(o) for o in newest if order_rules.hold_is_over(o, at)}
    for task in shown.orders_page(who)["tasks"]:
        if task.url in keyed or task.url in held:
            since, tone = keyed.get(task.url) or held.get(task.url) or at, "late" if task.url in held else "due"
            yield Decision(
                "order", since, tone, task.title, task.lead, task.why, task.action, task.url, "clipboard-check"
            )


def _letters(who: Actor, people: dict[int, ResidentCard], at: dt.datetime) -> Iterator[Decision]:
    """Doses by letter without a written dose, and letters for this person's second keying."""
    for need in advice.needs(who, at):
        r = people.get(need.order.resident_id)
        if r is not None:
            tone = "blocked" if need.blocked else "due"
            yield Decision("order", need.since, tone, _where(r), need.lead, need.why, need.action, need.url)


def _sign_offs(who: Actor, at: dt.datetime) -> Iterator[Decision]:
    """Colleagues whose sign-off has ended, is paused or ends soon."""
    if not may("competency.grant", who):
        return
    for colleague in staff.colleagues(who.home_id):
        if colleague.roles and colleague.person_id != who.person_id:
            lines = file.lines_of(who.home_id, colleague.person_id, who.zone, at)
            stopped = [line for line in lines if line.tone == "blocked"]
            soon = [line for line in lines if line.tone == "late"]
            if stopped or soon:
                yield _sign_off(who, colleague, stopped or soon, at, stopped=bool(stopped))


def _sign_off(who: Actor, colleague, lines: list[SkillLine], at: dt.datetime, *, stopped: bool) -> Decision:
    kinds = f"{lines[0].label.lower()}{f' and {len(lines) - 1} more' if len(lines) > 1 else ''}"
    return Decision(
        kind="sign_off" if stopped else "due_soon",
        since=lines[0].waits_since or at,
        tone="blocked" if stopped else "late",
        title=f"{colleague.name}, {staff.role_words(colleague.roles).lower()}",
        lead=lines[0].chip,
        why=f"{kinds}, {lines[0].when}.",
        action="Open the file",
        url=f"/h/{who.home_slug}/competency/{colleague.person_id}",
    )
