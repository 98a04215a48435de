"""Pages of doses without a record: the list, and one of them with what people found out."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa.errors import BadRequest, Invalid, NotPermitted, Refused
from medpwa.mar import gap_actions as actions
from medpwa.mar import (
    gap_list,
    gap_watch,  # noqa: F401 its repeating job registers
    measures,
    moments,
)
from medpwa.mar import gap_queries as queries
from medpwa.mar import gap_rules as rules
from medpwa.mar.gap_vocabulary import CONCLUSIONS, CONFIDENCE, FOUND_IN
from medpwa.mar.views import pages
from medpwa.pages import once, telling, told
from medpwa.permits import may
from medpwa.staff import typed as typed_in


@pages.get("/h/<home>/gaps", permit="gaps.see")
def gaps(who):
    """Doses without a record, riskiest and oldest first, for as long as nobody has settled them."""
    until, week = _day_asked("until"), _day_asked("week")
    weeks = measures.weeks(who) if may("mar.see_timing", who) and until is None and week is None else []
    return render_template("mar/gaps.html", page=gap_list.gaps_page(who, until, week=week), weeks=weeks)


def _day_asked(name: str):
    asked = request.args.get(name, "")
    day = typed_in.day(asked) if asked else None
    if asked and day is None:
        raise BadRequest("This address is not one of ours. Open the gaps again.")
    return day


@pages.get("/h/<home>/gaps/<gap_key>", permit="gaps.see", about=queries.gap_of)
def gap(who, about, gap_key):
    """One dose without a record: what is known, who looked into it, and the forms for it."""
    return _gap(who, about, [], {}, kept=bool(told("kept")))


def _gap(who, about, errors, typed, status=200, form="", kept=False):
    g.subject = f"resident:{about.line.order.resident_id}"
    page = render_template(
        "mar/gap.html",
        gap=queries.gap_page(who, about),
        found_in=[] if about.review else list(FOUND_IN.items()),
        conclusions=[(code, c.word, c.hint) for code, c in CONCLUSIONS.items()],
        confidence=list(CONFIDENCE.items()),
        labels=rules.LABELS,
        errors=errors,
        typed=typed,
        form=form,
        kept=kept,
    )
    return page, status


@pages.post("/h/<home>/gaps/<gap_key>", permit="gaps.review")
def look_into_gap(who, gap_key):
    """Add a step: who was asked, how the person is, what was advised."""
    about, said = queries.gap_of(who, gap_key), {name: once(name) for name in rules.WORDS_OF_A_STEP}
    problems: list[tuple[str, str]] = []
    try:
        if not may("gaps.review", who):
            raise NotPermitted()
        day, time, found_in = once("day"), once("time"), once("found_in")
        advice_at = moments.given_at(who, problems) if day or time else None
        if problems:
            raise Invalid(problems)
        actions.look_into(by=who, gap_key=gap_key, said=said, found_in=found_in, advice_at=advice_at)
    except Invalid as wrong:
        return _gap(who, about, wrong.errors, request.form.to_dict(), 422, "step")
    except Refused as no:
        return _turned_down(who, gap_key, no, "step")
    return redirect(telling(f"/h/{who.home_slug}/gaps/{gap_key}", kept=1), 303)


@pages.post("/h/<home>/gaps/<gap_key>/settle", permit="gaps.conclude")
def settle_gap(who, gap_key):
    """Settle it by what it came to."""
    about = queries.gap_of(who, gap_key)
    said = dict(conclusion=once("conclusion"), confidence=once("confidence"), evidence=once("evidence"))
    try:
        actions.conclude(by=who, gap_key=gap_key, found_in=once("found_in") or "round", **said)
    except Invalid as wrong:
        return _gap(who, about, wrong.errors, request.form.to_dict(), 422, "settle")
    except Refused as no:
        return _turned_down(who, gap_key, no, "settle")
    return redirect(telling(f"/h/{who.home_slug}/gaps/{gap_key}", kept=1), 303)


def _turned_down(who, gap_key, no: Refused, form: str):
    if no.status == 403:
        raise no
    return _gap(who, queries.gap_of(who, gap_key), [(None, no.words)], request.form.to_dict(), no.status, form)
