"""Paper for when all else fails: the round sheet, and the settings of the rounds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.mar import actions, history, letters, outcome_letters, queries, recorded
from medpwa.mar import words as words_of
from medpwa.mar.views import pages
from medpwa.pages import once
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard, residents_at

SHEET_HOURS = 24


@dataclass(frozen=True)
class SheetLine:
    """One dose on paper: what, when, what is known, and room to write."""

    due: str
    medicine: str
    how: str
    state: str
    time_critical: bool


@dataclass(frozen=True)
class SheetPerson:
    """One person on paper."""

    resident: ResidentCard
    lines: tuple[SheetLine, ...]


@pages.get("/h/<home>/round/sheet", permit="round.sheet")
def sheet(who):
    """The next 24 hours on paper, with what is recorded already; printed before a planned outage or kept by the
    trolley."""
    at = clock.now()
    people = {r.id: r for r in residents_at(who.home_id, at)}
    lines = queries.lines_between(who, at - dt.timedelta(hours=6), at + dt.timedelta(hours=SHEET_HOURS), at)
    by_person: dict[int, list[SheetLine]] = {i: [] for i in people}
    for x in lines:
        if x.order.resident_id not in by_person:
            continue
        tone, words = recorded.state_words(x, at, who.zone)
        by_person[x.order.resident_id].append(
            SheetLine(
                due=clock.moment_words(x.due_at, who.zone),
                medicine=words_of.medicine(x.order),
                how=letters.how_due(x.order, x.due_at, who.zone),
                state=_known(who, x, words) if x.state.kind not in ("coming", "due") else "",
                time_critical=x.order.time_critical,
            )
        )
    sheets = [SheetPerson(people[i], tuple(own)) for i, own in by_person.items()]
    until = clock.moment_words(at + dt.timedelta(hours=SHEET_HOURS), who.zone)
    shown = dict(at_words=clock.moment_words(at, who.zone), until=until, legend=outcome_letters.legend(who.home_id, at))
    return render_template("mar/sheet.html", sheets=sheets, **shown)


def _known(who, x: queries.DoseLine, words: str) -> str:
    """What is known of a dose, as paper says it: the home's letter before the words."""
    entry = x.state.entry
    return outcome_letters.lettered(who.home_id, entry.outcome, words) if entry is not None else words


@pages.get("/h/<home>/residents/<int:resident_id>/rounds", permit="history.see", about=residents.resident_of)
def rounds_of_resident(who, about, resident_id):
    """What happened at a resident's rounds, line by line from the ledger."""
    g.subject = f"resident:{resident_id}"
    return render_template("mar/history.html", resident=about, lines=history.history_of(who, g.subject))


@pages.get("/h/<home>/rounds", permit="round.settings")
def settings(who):
    """The rounds of the home."""
    return _settings(who, [], {})


def _settings(who, errors, typed, status=200):
    rounds = [(r.name, r.starts.strftime("%H:%M"), r.close_minutes) for r in queries.round_settings(who.home_id)]
    past = history.history_of(who, f"home:{who.home_id}", history.SETTINGS)
    return render_template("mar/rounds.html", rounds=rounds, errors=errors, typed=typed, history_lines=past), status


@pages.post("/h/<home>/rounds", permit="round.settings")
def set_round(who):
    """Add, move or retire a round from now on."""
    minutes = once("close_minutes", "180")
    try:
        actions.set_round(
            by=who,
            name=once("name")[:60],
            starts=once("starts")[:10],
            close_minutes=int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 5 else 0,
            retired=once("retired") == "yes",
        )
    except Invalid as wrong:
        return _settings(who, wrong.errors, request.form.to_dict(), 422)
    return redirect(f"/h/{who.home_slug}/rounds", 303)
