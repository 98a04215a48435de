"""Reporting a dose already given, and a manager's answer to it. A fact is kept whatever the rules say."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import BadRequest, Invalid, NotFound, NotPermitted
from medpwa.mar import actions, gap_queries, history, moments, queries, rules, tickets
from medpwa.mar import reports as reports_of
from medpwa.mar import words as words_of
from medpwa.mar.actions import GivenFact
from medpwa.mar.models import GivenReport
from medpwa.mar.outcome_forms import form_uuid
from medpwa.mar.queries import DoseLine
from medpwa.mar.reports import ReportRow
from medpwa.mar.views import pages
from medpwa.medicines import queries as orders
from medpwa.pages import once, telling
from medpwa.permits import Actor, may
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff


def _choices(who: Actor, resident: ResidentCard) -> list[tuple[str, str]]:
    """Doses one may report: due ones without a stored give, then those with one (a second give is a fact too), then
    every line at no set time. (value, words)"""
    at = clock.now()
    lines = queries.lines_between(who, at - rules.REPORTS_BACK, at + rules.REPORTS_AHEAD, at, resident.id)
    lines = sorted(reversed(lines), key=lambda x: (x.state.kind in ("given", "reported"), x.due_at > at))
    found = [(str(x.dose.key), _dose_words(who, x)) for x in [*_asked_for(who, resident, lines), *lines]]
    versions = {o.line_id: o for o in orders.orders_of_resident(who.home_id, resident.id)}
    return found + [
        (f"line-{o.line_id}", f"{words_of.medicine(o)}, at another time") for o in versions.values()
    ]


def _asked_for(who: Actor, resident: ResidentCard, lines: list[DoseLine]) -> list[DoseLine]:
    """The dose of an older gap that is being looked into, where the address names it."""
    try:
        gap = gap_queries.gap_of(who, request.values.get("dose", "")[:60])
    except NotFound:
        return []
    known = gap.line.order.resident_id == resident.id and gap.review is not None
    return [gap.line] if known and gap.key not in {x.dose.key for x in lines} else []


def _dose_words(who: Actor, x: DoseLine) -> str:
    words = f"{words_of.medicine(x.order)}, due {clock.moment_words(x.due_at, who.zone)}"
    if x.state.kind not in ("given", "reported"):
        return words
    return f"{words} (recorded as given {clock.time_words(x.state.entry.given_at, who.zone)})"


@pages.get(
    "/h/<home>/residents/<int:resident_id>/given-already", permit="mar.report_given", about=residents.resident_of
)
def report_page(who, about, resident_id):
    """Report a dose that was given outside the record."""
    g.subject = f"resident:{resident_id}"
    return _report_form(who, about, [], {"entry_id": str(uuid.uuid4()), "dose": request.args.get("dose", "")[:60]})


def _report_form(who, about, errors, said, status=200):
    at = clock.now()
    page = render_template(
        "mar/given_already.html",
        resident=about,
        choices=_choices(who, about),
        people=[(c.person_id, c.name) for c in staff.colleagues(who.home_id)],
        errors=errors,
        typed=said,
        today=clock.local_day(at, who.zone).isoformat(),
        twice=moments.TWICE if moments.came_twice(who, said.get("day", ""), said.get("time", "")) else [],
    )
    return page, status


@pages.post("/h/<home>/residents/<int:resident_id>/given-already", permit="mar.report_given")
def report(who, resident_id):
    """Keep the fact, tell the shift leader, open it for a manager."""
    about = residents.resident_of(who, resident_id)
    try:
        fact = _fact(who)
        made = actions.report_given(by=who, resident_id=resident_id, fact=fact)
    except Invalid as wrong:
        if not may("mar.report_given", who):
            raise NotPermitted() from None
        return _report_form(who, about, wrong.errors, request.form.to_dict(), 422)
    said = {"reported": made.id} if isinstance(made, GivenReport) else {"noted": made.id}
    return redirect(telling(f"/h/{who.home_slug}/residents/{resident_id}/card", **said), 303)


def _fact(who: Actor) -> GivenFact:
    """The fact a form states; raises Invalid with everything that is missing."""
    problems: list[tuple[str, str]] = []
    line_id, due_at = _dose(once("dose"), problems)
    given_at = moments.given_at(who, problems)
    person = once("administered_by")
    if not (person.isascii() and person.isdigit() and len(person) < 16):
        problems.append(("administered_by", "Say who gave it. What you wrote is kept."))
    knew, why = once("who_knew"), once("why")
    entry_id = form_uuid(once("entry_id"))
    if not problems and given_at is not None and line_id is not None:
        return GivenFact(entry_id, line_id, due_at, given_at, int(person), knew, why)
    more = rules.fact_problems(given_at or clock.EPOCH, knew, why, clock.now(), more=False)
    raise Invalid([*problems, *more])


def _dose(text: str, problems: list[tuple[str, str]]) -> tuple[int | None, dt.datetime | None]:
    key = tickets.parse_key(text)
    if key is not None:
        return key.line_id, key.due_at
    number = text.removeprefix("line-")
    if text.startswith("line-") and number.isascii() and number.isdigit() and len(number) < 16:
        return int(number), None
    problems.append(("dose", "Choose which dose it was."))
    return None, None


# ---------------------------------------------------------------- the reports, for those who follow them up


def _row(who: Actor, report_id: int) -> ReportRow:
    return reports_of.rows_of(who, [report_id])[0]


@pages.get("/h/<home>/reports", permit="mar.see_reports")
def reports(who):
    """Doses reported after they were given, open ones first, closed ones a page at a time."""
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 18):
        raise BadRequest("This address is not one of ours. Open the reports again.")
    page = reports_of.reports_page(who, int(before) if before else None)
    return render_template("mar/reports.html", page=page, before_given=bool(before))


@pages.get("/h/<home>/reports/<int:report_id>", permit="mar.see_reports", about=actions.report_of)
def report_detail(who, about, report_id):
    """One report, with a manager's answer or the form for it."""
    past = history.history_of(who, f"resident:{about.entry.resident_id}")
    own = about.entry.administered_by == who.person_id
    said = dict(report=_row(who, about.id), own=own, errors=[], typed="", history_lines=past)
    return render_template("mar/report.html", **said)


@pages.post("/h/<home>/reports/<int:report_id>/close", permit="mar.close_report")
def close_report(who, report_id):
    """A manager says what was found and done."""
    words = once("words")[:4000]
    try:
        actions.close_report(by=who, report_id=report_id, words=words)
    except Invalid as wrong:
        row = _row(who, actions.report_of(who, report_id).id)
        return render_template("mar/report.html", report=row, errors=wrong.errors, typed=words), 422
    return redirect(f"/h/{who.home_slug}/reports/{report_id}", 303)
