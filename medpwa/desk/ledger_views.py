"""Pages of the ledger: what was recorded, who opened what, whether the chain holds, one resident's history on paper."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.desk import access, chain_checks, check_actions, forms, ledger_page, printout, telling, trail
from medpwa.desk.forms import Question
from medpwa.desk.views import pages
from medpwa.mar import outcome_letters
from medpwa.permits import may
from medpwa.residents import queries as residents


@pages.get("/h/<home>/ledger", permit="ledger.see")
def ledger(who):
    """What was recorded: refusals and after-the-fact reports first, then everything, newest first."""
    asked = forms.question(who)
    _leave_a_line(asked)
    page = ledger_page.ledger_page(
        who, asked.asked(who), asked.span.words, asked.before, chain_checks.checked_words(who)
    )
    return _answer("desk/ledger.html", who, asked, f"/h/{who.home_slug}/ledger", page=page, **_choices())


def _choices() -> dict:
    return {"groups": list(telling.GROUP_WORDS.items()), "only": list(trail.ONLY.items())}


def _leave_a_line(asked: Question) -> None:
    """Reading what is kept about somebody is itself an opening about them."""
    if asked.subject:
        g.subject = asked.subject


def _answer(template: str, who, asked: Question, base: str, following: str = "", **more):
    """A page of lines with its form; 422 where the question made no sense."""
    shown = render_template(
        template,
        q=asked,
        base=base,
        link=lambda **changes: _link(base, asked, changes),
        people=forms.people(who, asked.person),
        abouts=forms.abouts(who, asked.subject),
        may_see_access=may("ledger.see_access", who),
        filtered=any(asked.typed[name] for name in ("person", "about", "what", "only")),
        other_days=bool(request.args.get("from") or request.args.get("to")),
        **more,
    )
    return (shown, 422) if asked.errors else shown


def _link(base: str, asked: Question, changes: dict[str, str]) -> str:
    """The same question with something changed; a new question begins at the newest line."""
    values = {**asked.typed, "before": "", **changes}
    return f"{base}?{urlencode({name: value for name, value in values.items() if value})}"


@pages.get("/h/<home>/ledger/access", permit="ledger.see_access")
def openings(who):
    """Who opened which page about whom."""
    asked = forms.question(who)
    _leave_a_line(asked)
    wanted = access.AccessAsked(who.home_id, asked.span.start, asked.span.end, asked.person, asked.subject)
    found, following = access.openings(wanted, asked.before)
    return _answer(
        "desk/access.html",
        who,
        asked,
        f"/h/{who.home_slug}/ledger/access",
        days=access.access_days(who, found),
        sentence=access.sentence(len(found), following is not None or asked.before is not None, asked.span.words),
        kept=access.kept_words(who),
        following=f"{following[0]}-{following[1]}" if following else "",
    )


# ---------------------------------------------------------------- whether the chain holds


@pages.get("/h/<home>/ledger/check", permit="ledger.see")
def checks(who):
    """What the checks of the chain found, and the button for another."""
    return _checks(who)


@pages.get("/h/<home>/ledger/check/progress", permit="ledger.see", poll=True)
def check_progress(who):
    """How far a check is, for the page that shows it."""
    return _checks(who, "desk/_check.html")


def _checks(who, template: str = "desk/check.html"):
    running = chain_checks.under_way(who.home_id)
    page = chain_checks.check_page(who, running)
    return render_template(template, page=page, base=f"/h/{who.home_slug}/ledger/check")


@pages.post("/h/<home>/ledger/check", permit="ledger.check")
def check(who):
    """Ask for the chain to be checked now; the answer is the page that shows how far it is."""
    check_actions.check_chain(by=who)
    return redirect(f"/h/{who.home_slug}/ledger/check", 303)


# ---------------------------------------------------------------- on paper


@pages.get("/h/<home>/residents/<int:resident_id>/history/print", permit="ledger.see", about=residents.resident_of)
def print_history(who, about, resident_id):
    """One resident's history on paper, for somebody who never saw the product."""
    g.subject = f"resident:{resident_id}"
    asked = forms.question(who, days=28, longest=forms.LONGEST_PRINT)
    sheet = printout.history_sheet(who, about, asked.span, clock.now())
    legend = outcome_letters.legend(who.home_id)
    shown = render_template("desk/history_print.html", q=asked, sheet=sheet, resident=about, legend=legend)
    return (shown, 422) if asked.errors else shown
