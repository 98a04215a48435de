"""The list of what was recorded late, for those who confirm it."""

from __future__ import annotations

from flask import redirect, render_template

from medpwa.errors import Invalid, NotPermitted, Refused
from medpwa.mar import confirmation_actions as actions
from medpwa.mar import confirmations as queries
from medpwa.mar.views import pages
from medpwa.pages import once, telling, told
from medpwa.permits import may


@pages.get("/h/<home>/confirmations", permit="mar.see_confirmations")
def confirmations(who):
    """Doses told over an hour later, oldest first, each with the form for what was found."""
    return _list(who, [], 0, "", kept=bool(told("kept")))


def _list(who, errors, number, typed, status=200, kept=False):
    shown = dict(page=queries.page(who), errors=errors, number=number, typed=typed, kept=kept)
    return render_template("mar/confirmations.html", **shown), status


@pages.post("/h/<home>/confirmations/<int:entry_number>", permit="mar.confirm")
def confirm(who, entry_number):
    """Say what was found about one of them."""
    queries.entry_of(who, entry_number)
    words = once("words")
    try:
        if not may("mar.confirm", who):
            raise NotPermitted()
        actions.confirm(by=who, entry_number=entry_number, words=words)
    except Invalid as wrong:
        errors = [(f"{name}-{entry_number}", said) for name, said in wrong.errors]
        return _list(who, errors, entry_number, words, 422)
    except Refused as no:
        if no.status == 403:
            raise
        return _list(who, [(None, no.words)], entry_number, words, no.status)
    return redirect(telling(f"/h/{who.home_slug}/confirmations", kept=1), 303)
