"""Pages of shifts: handing over, what was handed over, and when shifts start."""

from __future__ import annotations

import datetime as dt

from flask import redirect, render_template, request

from medpwa import clock
from medpwa.errors import BadRequest, Invalid
from medpwa.mar import handover, handover_actions, history, shift_queries
from medpwa.mar.models_after import ShiftHandover
from medpwa.mar.shifts import ShiftSpan
from medpwa.mar.views import pages
from medpwa.pages import once, several, telling, told
from medpwa.permits import Actor
from medpwa.staff import queries as staff

MOST_TOLD = 100


@pages.get("/h/<home>/hand-over", permit="handover.see")
def hand_over(who):
    """What the shift now ending hands to the next, and earlier hand-overs."""
    start = _moment(request.args.get("start", ""))
    span = shift_queries.span_to_hand_over(who, clock.now(), start)
    return _handover_page(who, span, [], {})


@pages.post("/h/<home>/hand-over", permit="handover.record")
def record_handover(who):
    """Keep the hand-over: what stood open, who was told, a note."""
    start, note, ids = _moment(once("start")), once("note"), several("told")[:MOST_TOLD]
    if start is None or not all(i.isascii() and i.isdigit() and len(i) < 16 for i in ids):
        raise BadRequest("The form is not one of ours. Nothing was handed over. Open the hand-over again.")
    try:
        row = handover_actions.hand_over(by=who, start=start, told=tuple(map(int, ids)), note=note)
    except Invalid as no:
        span = shift_queries.span_to_hand_over(who, clock.now(), start)
        return _handover_page(who, span, no.errors, {"note": note, "told": ids}), 422
    return redirect(telling(f"/h/{who.home_slug}/hand-over/{row.id}", saved="1"), 303)


def _moment(text: str) -> dt.datetime | None:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return clock.from_micros(int(text))


def _handover_page(who: Actor, span: ShiftSpan | None, errors: list, typed: dict):
    at = clock.now()
    people, how = handover.next_people(who, span) if span else ([], "")
    done = shift_queries.earlier(who.home_id)
    names = staff.names({row.by for row in done})
    return render_template(
        "mar/handover.html",
        span=span,
        start=clock.micros(span.start_at) if span else "",
        sentence=_sentence(who, span, at),
        sections=handover.summary(who, span, at) if span else (),
        people=people,
        how=how,
        done_already=[_row(who, row, names) for row in done if span and row.shift_start == span.start_at],
        earlier=[_row(who, row, names) for row in done],
        missing=[
            {"words": span_words(who, s), "url": f"/h/{who.home_slug}/hand-over?start={clock.micros(s.start_at)}"}
            for s in shift_queries.missing(who, at)
            if span is None or s.start_at != span.start_at
        ],
        typed=typed,
        errors=errors,
        error=dict(reversed(errors)),
    )


def _sentence(who: Actor, span: ShiftSpan | None, at: dt.datetime) -> str:
    if span is None:
        return "No shifts are set for this home"
    ended = span.end_at <= at
    return f"The {span.name.lower()} shift {'ended' if ended else 'ends'} at {clock.time_words(span.end_at, who.zone)}"


def span_words(who: Actor, span: ShiftSpan) -> str:
    """A shift by name and day: `Late shift of Mon 16 Nov 14:00`."""
    return f"{span.name} shift of {clock.stamp_words(span.start_at, who.zone)}"


def _row(who: Actor, row: ShiftHandover, names: dict[int, str]) -> dict[str, str]:
    return {
        "words": f"{row.shift_name} shift of {clock.stamp_words(row.shift_start, who.zone)}",
        "by": f"{names.get(row.by, 'Somebody')}, {clock.moment_words(row.at, who.zone)}",
        "url": f"/h/{who.home_slug}/hand-over/{row.id}",
    }


@pages.get("/h/<home>/hand-over/<int:handover_id>", permit="handover.see", about=shift_queries.handover_of)
def one_handover(who, about, handover_id):
    """One hand-over as it stood, to read or to print."""
    names = staff.names({about.by, *about.told})
    return render_template(
        "mar/handover_one.html",
        words=f"{about.shift_name} shift of {clock.stamp_words(about.shift_start, who.zone)}",
        by=names.get(about.by, "Somebody"),
        at_words=clock.exact_words(about.at, who.zone),
        told=", ".join(sorted(names.get(i, "somebody") for i in about.told)),
        note=about.note,
        sections=about.summary,
        saved=bool(told("saved")),
    )


# ---------------------------------------------------------------- when shifts start


@pages.get("/h/<home>/shifts", permit="shift.settings")
def shift_settings(who):
    """The shifts of the home."""
    return _settings_page(who, [], {})


@pages.post("/h/<home>/shifts", permit="shift.settings")
def set_shift(who):
    """Add, move or retire a shift from now on."""
    name, starts = once("name")[:60], once("starts")[:10]
    try:
        handover_actions.set_shift(by=who, name=name, starts=starts, retired=once("retired") == "yes")
    except Invalid as no:
        return _settings_page(who, no.errors, {"name": name, "starts": starts}), 422
    return redirect(f"/h/{who.home_slug}/shifts", 303)


def _settings_page(who: Actor, errors: list, typed: dict[str, str]):
    set_now = shift_queries.shift_settings(who.home_id)
    return render_template(
        "mar/shifts.html",
        shifts=[(f.name, f.starts.strftime("%H:%M")) for f in set_now],
        errors=errors,
        error=dict(reversed(errors)),
        typed=typed,
        history_lines=history.history_of(who, f"home:{who.home_id}", history.SETTINGS),
    )
