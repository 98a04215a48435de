"""Pages on which somebody says what a when-required dose did."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.mar import effects, prn_actions
from medpwa.mar.views import pages
from medpwa.mar.vocabulary import EFFECTS
from medpwa.pages import once, telling, told


@pages.get("/h/<home>/effects", permit="round.see")
def effects_list(who):
    """Every when-required dose of which somebody should say now what it did."""
    return render_template("mar/effects.html", rows=effects.rows_for(who, clock.now()), saved=told("saved") == "1")


@pages.get("/h/<home>/effects/<int:entry_id>", permit="round.see", about=effects.entry_of)
def effect_page(who, about, entry_id):
    """What one dose did."""
    g.subject = f"resident:{about.resident_id}"
    return _page(who, about, {}, [], 200)


@pages.post("/h/<home>/effects/<int:entry_id>", permit="prn.effect")
def effect_record(who, entry_id):
    """Keep what somebody saw."""
    effect, told_whom, words = once("effect"), once("told"), once("words")
    try:
        prn_actions.record_effect(by=who, entry_id=entry_id, effect=effect, told=told_whom, words=words)
    except Invalid as wrong:
        return _page(who, effects.entry_of(who, entry_id), request.form, wrong.errors, 422)
    return redirect(telling(f"/h/{who.home_slug}/effects", saved=1), 303)


def _page(who, entry, typed, errors, status: int):
    page = effects.page_for(who, entry)
    choices = [(name, effect.word) for name, effect in EFFECTS.items()]
    return render_template("mar/effect.html", page=page, choices=choices, typed=typed, errors=errors), status
