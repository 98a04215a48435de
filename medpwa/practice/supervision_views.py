"""Pages of supervision: the team's talks, a person's own, one talk to read and sign, one action to close."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.pages import once, telling, told
from medpwa.permits import Actor
from medpwa.practice import supervision_actions as actions
from medpwa.practice import supervision_agenda as agendas
from medpwa.practice import supervision_forms as forms
from medpwa.practice import supervision_pages as shown
from medpwa.practice import supervision_queries as queries
from medpwa.practice import supervision_rules as rules
from medpwa.practice.supervision_queries import AgreedFound, TalkFound
from medpwa.practice.supervision_vocabulary import HOW, KINDS, LEVELS, PARTS
from medpwa.practice.views import pages
from medpwa.staff import queries as staff
from medpwa.staff import roster, stepup
from medpwa.staff import typed as typed_in
from medpwa.staff.forms import Typed, ask
from medpwa.staff.queries import Colleague


@pages.get("/h/<home>/supervision", permit="supervision.list")
def supervision(who):
    """Who is due for a talk, and what was agreed and is open."""
    return render_template("practice/supervision.html", page=shown.team_page(who))


@pages.get("/h/<home>/supervision/mine", permit="supervision.see")
def own_supervision(who):
    """One's own talks: to read, to sign, and what one promised."""
    page = shown.person_page(who, staff.colleague_of(who, who.person_id or 0))
    return render_template("practice/supervision_person.html", page=page, back_url="")


@pages.get("/h/<home>/supervision/people/<int:person_id>", permit="supervision.list", about=staff.colleague_of)
def supervision_of(who, about, person_id):
    """One person's talks, as far as this reader may see them."""
    g.subject = f"person:{person_id}"
    page = shown.person_page(who, about)
    return render_template("practice/supervision_person.html", page=page, back_url=shown.base(who))


# ---------------------------------------------------------------- writing up


@pages.get(
    "/h/<home>/supervision/people/<int:person_id>/new", permit="supervision.record", about=staff.colleague_of
)
def new_talk(who, about, person_id):
    """The form for a talk, the person's own figures above it."""
    g.subject = f"person:{person_id}"
    return _form(who, about, forms.fresh(clock.local_day(clock.now(), who.zone)))


@pages.post(
    "/h/<home>/supervision/people/<int:person_id>/new", permit="supervision.record", about=staff.colleague_of
)
def write_up(who, about, person_id):
    """Keep a talk."""
    ask(actions.write_up, who, about, person_id=person_id)
    return _keep(who, about, None)


@pages.get(
    "/h/<home>/supervision/talks/<int:talk_number>/amend", permit="supervision.record", about=queries.amended_by
)
def amend_page(who, about, talk_number):
    """The form for a later version of a talk; what stands stays to be read."""
    g.subject = f"person:{about.person_id}"
    return _form(who, about, forms.of_note(queries.talk_of(who, talk_number).newest), talk_number)


@pages.post(
    "/h/<home>/supervision/talks/<int:talk_number>/amend", permit="supervision.record", about=queries.amended_by
)
def amend(who, about, talk_number):
    """Keep a later version of a talk."""
    ask(actions.write_up, who, about, person_id=about.person_id)
    return _keep(who, about, talk_number)


def _keep(who: Actor, about: Colleague, amends: int | None):
    form = Typed()
    try:
        talk = forms.read(form, roster.people_to_choose(who))
        made = actions.write_up(
            by=who,
            person_id=about.person_id,
            note_id=form["note_id"],
            talk=talk,
            amends=amends,
            seen=typed_in.number(form["seen"]) or 0 if amends is not None else None,
            as_of=forms.moment(form["as_of"]),
        )
    except Invalid as no:
        form.errors = no.errors
        return _form(who, about, form, amends), 422
    except Refused as no:
        if no.code != "stale":
            raise
        return _form(who, about, form, amends, stale=no.words), 409
    return redirect(telling(f"{shown.base(who)}/talks/{made.id}", kept=1), 303)


def _form(who: Actor, about: Colleague, form: Typed, amends: int | None = None, stale: str = ""):
    url = f"{shown.base(who)}/talks/{amends}" if amends else f"{shown.base(who)}/people/{about.person_id}"
    agenda = _agenda(who, about.person_id, form, amends)
    return render_template(
        "practice/supervision_talk_form.html",
        name=about.name,
        form=form,
        amends=amends,
        stale=stale,
        action=f"{url}/amend" if amends else f"{url}/new",
        back_url=url,
        figures=shown.grouped(agenda),
        figures_words=shown.figures_words(agenda, who.zone),
        kinds=[(k, word, hint) for k, (word, hint) in KINDS.items()],
        levels=[(k, word, hint) for k, (word, hint, _) in LEVELS.items()],
        parts=list(PARTS.items()),
        rows=forms.ROWS,
        owners=roster.people_to_choose(who),
        works_here=bool(about.roles),
    )


def _agenda(who: Actor, person_id: int, form: Typed, amends: int | None) -> agendas.Agenda:
    """The figures as they were counted when the form was opened; a later version keeps those of the first."""
    if amends is not None:
        return agendas.thawed(queries.talk_of(who, amends).note.agenda)
    now = clock.now()
    as_of = min(forms.moment(form["as_of"]) or now, now)
    since = rules.looked_back_to(clock.local_day(as_of, who.zone), queries.last_held(who.home_id, person_id))
    return agendas.agenda_of(who, person_id, since, as_of)


# ---------------------------------------------------------------- reading and signing


@pages.get("/h/<home>/supervision/talks/<int:talk_number>", permit="supervision.see", about=queries.talk_of)
def talk(who, about, talk_number):
    """One version of a talk."""
    return _talk(who, about, Typed(), kept=bool(told("kept")), signed=bool(told("signed")))


def _talk(who: Actor, about: TalkFound, form: Typed, *, kept: bool = False, signed: bool = False, stale: str = ""):
    g.subject = f"person:{about.note.person_id}"
    page = shown.talk_page(who, about)
    said = dict(page=page, form=form, kept=kept, signed=signed, stale=stale, prove=stepup.asks())
    return render_template("practice/supervision_talk.html", **said)


@pages.post("/h/<home>/supervision/talks/<int:talk_number>/sign", permit="supervision.sign", about=queries.talk_of)
def sign_talk(who, about, talk_number):
    """One of the two puts their name to it, after proving who they are."""
    form = Typed(words=once("words"))
    try:
        if who.person_id not in (about.note.person_id, about.note.supervisor_id):
            raise _not_theirs(who, talk_number)
        actions.sign(by=who, talk_number=talk_number, words=form["words"], proven_at=stepup.prove())
    except Invalid as no:
        form.errors = no.errors
        return _talk(who, about, form), 422
    except Refused as no:
        if no.code != "stale":
            raise
        return _talk(who, queries.talk_of(who, talk_number), form, stale=no.words), 409
    return redirect(telling(f"{shown.base(who)}/talks/{talk_number}", signed=1), 303)


def _not_theirs(who: Actor, talk_number: int) -> Exception:
    """The refusal of somebody who had no part in the talk, kept in the ledger, before any proof is asked for."""
    try:
        actions.sign(by=who, talk_number=talk_number, proven_at=clock.now())
    except Refused as no:
        return no
    return NotFound()


# ---------------------------------------------------------------- actions


@pages.get("/h/<home>/supervision/actions/<int:agreed_id>", permit="supervision.act", about=queries.agreed_of)
def agreed(who, about, agreed_id):
    """Something agreed in a talk, and the form that closes it."""
    return _agreed(who, about, Typed(), saved=bool(told("saved")))


def _agreed(who: Actor, about: AgreedFound, form: Typed, *, saved: bool = False, stale: str = ""):
    g.subject = f"person:{about.note.person_id}"
    page = shown.agreed_page(who, about)
    return render_template(
        "practice/supervision_action.html", page=page, form=form, ways=list(HOW.items()), saved=saved, stale=stale
    )


@pages.post("/h/<home>/supervision/actions/<int:agreed_id>", permit="supervision.act", about=queries.agreed_of)
def close_agreed(who, about, agreed_id):
    """Close an action: done, or not needed any more."""
    form = Typed(how=once("how"), words=once("words"))
    try:
        actions.close(by=who, agreed_id=agreed_id, how=form["how"], words=form["words"])
    except Invalid as no:
        form.errors = no.errors
        return _agreed(who, about, form), 422
    except Refused as no:
        if no.code != "stale":
            raise
        return _agreed(who, queries.agreed_of(who, agreed_id), form, stale=no.words), 409
    return redirect(telling(f"{shown.base(who)}/actions/{agreed_id}", saved=1), 303)
