"""Pages of an absence: medicines counted out and in, comparing the list after a return, and the lists that wait."""

from __future__ import annotations

import re
from decimal import Decimal

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.mar import (
    absence,
    absence_actions,
    comparing,
    list_watch,  # noqa: F401 its repeating job registers
)
from medpwa.mar.away_rules import Compared, Count
from medpwa.mar.away_vocabulary import CAME, COMPARING
from medpwa.mar.views import pages
from medpwa.pages import once, telling, told
from medpwa.permits import Actor, demand
from medpwa.residents import queries as residents
from medpwa.residents import record
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff

_RESIDENT = "/h/<home>/residents/<int:resident_id>"
_COMPARED = ("first_source", "second_source", "discrepancies", "resolved")
_AMOUNT = re.compile(r"\d{1,5}([.,]\d{1,2})?", re.ASCII)


# ---------------------------------------------------------------- medicines that go along


@pages.get(f"{_RESIDENT}/away/medicines", permit="absence.see", about=residents.resident_of)
def away_medicines(who, about, resident_id):
    """What goes with somebody and comes back, and what fell due while they were away."""
    g.subject = f"resident:{resident_id}"
    return _medicines_page(who, about, [], {})


@pages.post(f"{_RESIDENT}/away/medicines", permit="absence.count", about=residents.resident_of)
def count_medicines(who, about, resident_id):
    """Keep what was counted."""
    typed = {name: once(name) for name in request.form if name.startswith(("amount_", "note_"))}
    direction = once("direction")
    try:
        counts = _counts(typed)
        new = absence_actions.count_medicines(by=who, resident_id=resident_id, direction=direction, counts=counts)
    except Invalid as no:
        demand("absence.count", who, about)
        return _medicines_page(who, about, no.errors, typed | {"direction": direction}), 422
    return redirect(telling(f"{about.url}/away/medicines", saved="counted" if new else "nothing"), 303)


def _counts(typed: dict[str, str]) -> tuple[Count, ...]:
    """The lines of the form with a count. A note without one is a fault: it would be lost."""
    found, faults = [], []
    for name, text in typed.items():
        kind, _, number = name.partition("_")
        if kind != "amount" or not (number.isascii() and number.isdigit() and len(number) < 16):
            continue
        note = typed.get(f"note_{number}", "")
        if text and not _AMOUNT.fullmatch(text):
            faults.append((name, "Give the count in figures, for example 7 or 2.5. Leave it empty if none went."))
        elif text:
            found.append(Count(int(number), Decimal(text.replace(",", ".")), note))
        elif note:
            faults.append((name, "Give the count the note is about."))
    if faults or not found:
        raise Invalid(faults or [(None, "Nothing was counted. Give the count of at least one medicine.")])
    return tuple(found)


def _medicines_page(who: Actor, about: ResidentCard, errors: list, typed: dict[str, str]):
    saved = told("saved")
    said = "The counts are saved." if saved == "counted" else record.saved_words(about, saved)
    return render_template(
        "mar/away_medicines.html",
        resident=about,
        page=absence.absence_page(who, about, clock.now()),
        sentence=record.sentence(about),
        saved=said,
        errors=errors,
        error=dict(reversed(errors)),
        typed=typed,
    )


# ---------------------------------------------------------------- comparing the list


@pages.get(f"{_RESIDENT}/reconcile", permit="absence.see", about=residents.resident_of)
def reconcile(who, about, resident_id):
    """Compare somebody's medicines list with two sources after they came back or moved in."""
    g.subject = f"resident:{resident_id}"
    return _reconcile_page(who, about, [], None)


@pages.post(f"{_RESIDENT}/reconcile", permit="reconcile.record", about=residents.resident_of)
def record_comparison(who, about, resident_id):
    """Keep a step of the comparison."""
    typed = {name: once(name) for name in _COMPARED} | {"seen": once("seen")}
    step = Compared(once("state"), *(typed[name] for name in _COMPARED))
    seen = int(typed["seen"]) if typed["seen"].isascii() and typed["seen"].isdigit() and len(typed["seen"]) < 16 else 0
    try:
        absence_actions.compare(by=who, resident_id=resident_id, seen=seen, step=step)
    except Invalid as no:
        return _reconcile_page(who, about, no.errors, typed), 422
    except Refused as no:
        if no.code != "stale":
            raise
        return _reconcile_page(who, about, [], typed, stale=no.words), 409
    return redirect(telling(f"{about.url}/reconcile", saved="1"), 303)


def _reconcile_page(who: Actor, about: ResidentCard, errors: list, typed: dict[str, str] | None, stale: str = ""):
    at = clock.now()
    found = comparing.newest_of(who.home_id, about.id)
    last = found.steps[-1] if found and found.steps else None
    stored = {name: getattr(last, name) if last else "" for name in _COMPARED} | {"seen": str(last.id if last else 0)}
    if stale:
        typed = typed | {"seen": stored["seen"]}
    names = staff.names({s.by for s in found.steps}) if found else {}
    return render_template(
        "mar/reconcile.html",
        resident=about,
        found=found,
        came=f"{CAME[found.arrival.came]}, {clock.moment_words(found.arrival.at, who.zone)}" if found else "",
        words=comparing.card_words(who.home_id, about.id, at),
        took=clock.span_words(found.took) if found and found.took is not None else "",
        state=COMPARING[found.state] if found else ("", "plain"),
        steps=[_step_row(s, names, who.zone) for s in reversed(found.steps)] if found else [],
        saved=bool(told("saved")),
        typed=typed or stored,
        errors=errors,
        error=dict(reversed(errors)),
        stale=stale,
    )


def _step_row(step: comparing.Step, names: dict[int, str], zone: str) -> dict[str, str]:
    return {
        "at_words": clock.moment_words(step.at, zone),
        "who": names.get(step.by, "somebody"),
        "words": comparing.step_words(step),
        "tone": COMPARING[step.state][1],
    }


@pages.get("/h/<home>/reconciliations", permit="absence.see")
def reconciliations(who):
    """Medicines lists that wait to be compared, and how long it took."""
    return render_template("mar/reconciliations.html", page=comparing.comparing_page(who, clock.now()))
