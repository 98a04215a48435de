"""The page where managers choose the letters of the outcomes."""

from __future__ import annotations

from flask import redirect, render_template

from medpwa.errors import Invalid
from medpwa.mar import history, letter_actions, outcome_letters
from medpwa.mar.views import pages
from medpwa.pages import once, telling, told


@pages.get("/h/<home>/letters", permit="mar.set_letters")
def letters_page(who):
    """The letters in force, each with its words."""
    return _page(who, outcome_letters.letters_of(who.home_id))


def _page(who, shown, errors=(), status: int = 200):
    past = history.history_of(who, f"home:{who.home_id}", ("mar.set_letters",))
    usual = outcome_letters.DEFAULTS
    legend = outcome_letters.legend(who.home_id)
    rows = [(x.outcome, x.word, shown.get(x.outcome, ""), usual[x.outcome]) for x in legend]
    return render_template(
        "mar/letters.html",
        rows=rows,
        errors=list(errors),
        error=dict(errors).get,
        saved=told("saved") == "1",
        history_lines=past,
    ), status


@pages.post("/h/<home>/letters", permit="mar.set_letters")
def set_letters(who):
    """Choose the letters from now on."""
    chosen = {name: once(name)[:8] for name in outcome_letters.DEFAULTS}
    try:
        letter_actions.set_letters(by=who, chosen=chosen)
    except Invalid as wrong:
        return _page(who, chosen, wrong.errors, 422)
    return redirect(telling(f"/h/{who.home_slug}/letters", saved=1), 303)
