"""Pages of putting an entry right: the form, the requests that wait, and the answer to one."""

from __future__ import annotations

import uuid

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import BadRequest, Invalid, NotPermitted, Refused
from medpwa.mar import correction_actions as actions
from medpwa.mar import correction_forms as forms
from medpwa.mar import correction_queries as queries
from medpwa.mar import correction_rules as rules
from medpwa.mar import moments, phone_clock
from medpwa.mar import words as words_of
from medpwa.mar.correction_vocabulary import AMOUNT, TIME, WHYS, WRONG_PERSON
from medpwa.mar.views import pages
from medpwa.mar.vocabulary import GIVES, OUTCOMES
from medpwa.medicines.amounts import units_words
from medpwa.pages import once, telling, told
from medpwa.permits import may
from medpwa.residents import queries as residents
from medpwa.staff import stepup
from medpwa.staff import typed as typed_in


@pages.before_request
def _listen_to_the_phone() -> None:
    """Forms of the round carry the phone's clock; it is read when an entry is stored."""
    phone_clock.listen((lambda: request.form.getlist("phone_at")) if request.method == "POST" else None)


@pages.teardown_request
def _stop_listening(fault: BaseException | None) -> None:
    phone_clock.listen(None)


# ---------------------------------------------------------------- the form


@pages.get("/h/<home>/entries/<int:entry_number>/correct", permit="mar.correct", about=queries.entry_of)
def correct_page(who, about, entry_number):
    """First what is wrong with an entry, then what it should say."""
    g.subject = f"resident:{about.resident_id}"
    facts = queries.facts_of(about)
    why, to = forms.chosen(facts)
    typed = {"entry_id": str(uuid.uuid4()), "why": why, "to": to, **_as_it_is(who, facts, why)}
    typed["reason"] = facts.extra.get("part", facts.reason) if to == facts.outcome else ""
    asked = bool(request.args.get("why"))
    errors = [] if not asked or to else [("to" if why else "why", _choose(why, facts))]
    return _form(who, about, facts, typed, errors, 422 if errors else 200)


def _choose(why: str, facts) -> str:
    if request.args.get("why") in WHYS and not why:
        return f"“{WHYS[request.args['why']].word}” does not fit an entry that says “{OUTCOMES[facts.outcome].word}”."
    return "Choose what it should say instead." if why else "Choose what is wrong with the entry."


def _as_it_is(who, facts, why: str) -> dict[str, str]:
    """What the form holds at first: what the entry says."""
    at = moments.typed_words(facts.given_at or clock.now(), who.zone)
    amount = f"{facts.amount.normalize():f}" if facts.amount is not None and WHYS.get(why) and why != "mis_tap" else ""
    return {"day": at["day"], "time": at["time"] if facts.given_at else "", "which": at["which"], "amount": amount}


def _form(who, entry, facts, typed, errors, status=200):
    resident, order = residents.resident_of(who, entry.resident_id), queries.order_of(who, entry)
    why, to = typed.get("why", ""), typed.get("to", "")
    own = rules.at_once(entry.by, entry.at, who.person_id, clock.now())
    page = render_template(
        "mar/correct.html",
        resident=resident,
        entry=entry,
        medicine=words_of.medicine(order),
        unit=units_words(order.dose_unit),
        says=queries.says(facts, who.zone, order),
        due_words=f"due {clock.moment_words(entry.due_at, who.zone)}" if entry.due_at else "at no set time",
        later=_later(who, entry),
        asked=queries.open_requests(who.home_id).get(entry.id),
        own=own,
        typed=typed,
        errors=errors,
        whys=[(code, w.word, w.hint) for code, w in WHYS.items() if rules.outcomes_for(code, facts.outcome)],
        outcomes=[(o, OUTCOMES[o].word if o != "struck" else "Nothing: strike it out") for o in _any(facts)],
        why_word=WHYS[why].word if why in WHYS else "",
        becomes=_becomes(to),
        reasons=list(OUTCOMES[to].reasons) if to in OUTCOMES else [],
        times=to in GIVES,
        amounts=to in GIVES and why in WHYS and (WHYS[why].says != TIME),
        amount_needed=to == "given_part" or (why in WHYS and WHYS[why].says == AMOUNT),
        extras=forms.extras(to) if to in OUTCOMES else [],
        twice=moments.TWICE if moments.came_twice(who, typed.get("day", ""), typed.get("time", "")) else [],
        wrong_person=list(WRONG_PERSON.items()) if why == "wrong_resident" else [],
        choosing=to not in OUTCOMES,
        note_needed=to in OUTCOMES and OUTCOMES[to].note_needed,
        prove=stepup.asks(),
    )
    return page, status


def _any(facts) -> tuple[str, ...]:
    return rules.outcomes_for("mis_tap", facts.outcome)


def _becomes(to: str) -> str:
    if to not in OUTCOMES:
        return ""
    if to == "struck":
        return "It is struck out. It stays to be read, with a line through it, and counts for nothing."
    return f"It becomes “{OUTCOMES[to].word}”. What it says now stays to be read, with a line through it."


def _later(who, entry) -> str:
    """What an entry that was corrected says now; empty for one that stands."""
    later = queries.correction_of(entry)
    return queries.says(later, who.zone, queries.order_of(who, later)) if later is not None else ""


@pages.post("/h/<home>/entries/<int:entry_number>/correct", permit="mar.correct")
def correct(who, entry_number):
    """Keep a correction, or the request for one."""
    about = queries.entry_of(who, entry_number)
    facts = queries.facts_of(about)
    asked, unread = forms.read(who, facts)
    try:
        if not may("mar.correct", who):
            raise NotPermitted()
        forms.demand([*unread, *_beside(facts, asked, unread)])
        proven = stepup.prove()
        made = actions.correct(by=who, entry_number=entry_number, asked=asked, proven_at=proven)
    except Invalid as wrong:
        return _form(who, about, facts, request.form.to_dict(), wrong.errors, 422)
    except Refused as no:
        if no.status == 403:
            raise
        return _form(who, about, facts, request.form.to_dict(), [(None, no.words)], no.status)
    return redirect(telling(f"/h/{who.home_slug}/corrections/{made.id}", kept=1), 303)


def _beside(facts, asked, unread) -> list[tuple[str, str]]:
    """What else is wrong with a form, said at once; a field that could not be read has its sentence already."""
    fields = {name for name, _ in unread}
    found = rules.problems(facts, asked.why, asked.words, asked.wrong_person, asked.wanted, clock.now())
    if fields & {"day", "time", "which"}:
        fields |= {"time"}
    return [(name, words) for name, words in found if name not in fields]


# ---------------------------------------------------------------- requests and answers


@pages.get("/h/<home>/corrections", permit="mar.see_corrections")
def corrections(who):
    """Corrections that wait for an answer, and the newest that were made."""
    return render_template("mar/corrections.html", page=queries.corrections_page(who))


@pages.get("/h/<home>/corrections/<int:request_number>", permit="mar.see_correction", about=queries.request_of)
def correction(who, about, request_number):
    """One correction: what the entry said, what it says or would say, and the answer or the form for it."""
    g.subject = f"resident:{about.entry.resident_id}"
    return _correction(who, about, [], {}, kept=bool(told("kept")))


def _correction(who, about, errors, typed, status=200, kept=False):
    shown = queries.page_of(who, about)
    others = _others(who, about) if shown.wrong_person_given else []
    said = dict(c=shown, others=others, errors=errors, typed=typed, kept=kept, prove=stepup.asks())
    return render_template("mar/correction.html", **said), status


def _others(who, about) -> list[dict[str, str]]:
    """Everybody else who lives here, with the way to report the dose on their card."""
    found = residents.residents_at(who.home_id)
    others = [r for r in found if r.id != about.entry.resident_id]
    named = [(f"{r.name}, {r.room_words}" if r.room_words else r.name, f"{r.url}/given-already") for r in others]
    return [{"label": name, "url": url, "icon": "flag"} for name, url in named]


@pages.post("/h/<home>/corrections/<int:request_number>/answer", permit="mar.answer_correction")
def answer(who, request_number):
    """Approve a correction, or leave the entry as it is with the reason."""
    about = queries.request_of(who, request_number)
    chosen, words = once("answer"), once("words")
    try:
        if not may("mar.answer_correction", who):
            raise NotPermitted()
        if chosen not in ("yes", "no"):
            raise Invalid([("answer", "Choose whether the entry is corrected. Nothing is answered yet.")])
        proven = stepup.prove()
        yes = chosen == "yes"
        actions.answer(by=who, request_number=request_number, approved=yes, words=words, proven_at=proven)
    except Invalid as wrong:
        return _correction(who, about, wrong.errors, request.form.to_dict(), 422)
    except Refused as no:
        if no.status == 403:
            raise
        return _correction(who, about, [(None, no.words)], request.form.to_dict(), no.status)
    return redirect(f"/h/{who.home_slug}/corrections/{request_number}", 303)


@pages.get("/h/<home>/residents/<int:resident_id>/entries", permit="mar.correct", about=residents.resident_of)
def entries_to_correct(who, about, resident_id):
    """A resident's entries of two weeks, newest first, each with the way to put it right; older ones a page back."""
    g.subject = f"resident:{resident_id}"
    asked = request.args.get("until", "")
    until = typed_in.day(asked) if asked else None
    if asked and until is None:
        raise BadRequest("This address is not one of ours. Open the entries again.")
    end = clock.day_bounds(until, who.zone)[1] if until else clock.now() + actions.AHEAD
    said = dict(older=clock.local_day(end - queries.BACK, who.zone).isoformat(), older_shown=until is not None)
    lines = queries.entries_page(who, resident_id, end)
    return render_template("mar/correct_which.html", resident=about, lines=lines, **said)
