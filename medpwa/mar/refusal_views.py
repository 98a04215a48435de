"""Pages of refusals: the runs that are followed up, and each by itself."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.mar import (
    refusal_actions,
    refusal_watch,  # noqa: F401 its repeating job registers
    refusing,
)
from medpwa.mar.refusal_vocabulary import EPISODE_STEPS, STEP_WORDS
from medpwa.mar.refusals import FollowUp
from medpwa.mar.refusing import Found
from medpwa.mar.views import pages
from medpwa.pages import once, telling, told
from medpwa.permits import Actor


@pages.get("/h/<home>/refusals", permit="refusal.see")
def refusals(who):
    """Runs of refusals: those to follow up first."""
    return render_template("mar/refusals.html", page=refusing.refusals_page(who, clock.now()))


@pages.get("/h/<home>/refusals/<int:refusal_id>", permit="refusal.see", about=refusing.episode_of)
def refusal(who, about, refusal_id):
    """One run of refusals: what was refused, what shows, what was done."""
    g.subject = f"resident:{about.order.resident_id}"
    return _page(who, about, [], {})


@pages.post("/h/<home>/refusals/<int:refusal_id>", permit="refusal.step", about=refusing.episode_of)
def follow_up(who, about, refusal_id):
    """Keep what was done about it."""
    typed = {name: once(name) for name in ("state", "contacted", "words", "seen")}
    seen = int(typed["seen"]) if typed["seen"].isascii() and typed["seen"].isdigit() and len(typed["seen"]) < 16 else 0
    step = FollowUp(typed["state"], typed["contacted"], typed["words"])
    try:
        refusal_actions.follow_up(by=who, refusal_id=refusal_id, seen=seen, step=step)
    except Invalid as no:
        return _page(who, about, no.errors, typed), 422
    except Refused as no:
        if no.code != "stale":
            raise
        return _page(who, refusing.episode_of(who, refusal_id), [], typed, stale=no.words), 409
    return redirect(telling(f"/h/{who.home_slug}/refusals/{refusal_id}", saved="1"), 303)


def _page(who: Actor, about: Found, errors: list, typed: dict[str, str], stale: str = ""):
    return render_template(
        "mar/refusal.html",
        page=refusing.episode_page(who, about),
        url=f"/h/{who.home_slug}/refusals/{about.episode.first_entry}",
        ways=[(state, STEP_WORDS[state]) for state in EPISODE_STEPS[about.state]],
        asks_whom=about.state == "open",
        typed=typed,
        errors=errors,
        error=dict(reversed(errors)),
        stale=stale,
        saved=bool(told("saved")),
    )
