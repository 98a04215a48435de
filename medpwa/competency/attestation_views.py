"""Pages of delegated tasks: the list of one person, the form a professional signs, one attestation, its end."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.competency import attestation_actions, attestation_forms, attestations, forms
from medpwa.competency.attestation_vocabulary import CONSENTS, REGISTERS, WITHDRAWN_BY
from medpwa.competency.views import pages
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC, SKILLS
from medpwa.errors import Invalid
from medpwa.pages import telling, told
from medpwa.permits import Actor, may
from medpwa.staff import queries as staff
from medpwa.staff.forms import Typed, ask
from medpwa.staff.queries import Colleague

_PERSON = "/h/<home>/competency/<int:person_id>"
_ONE = "/h/<home>/competency/attestations/<int:attestation_id>"


@pages.get(f"{_PERSON}/delegated", permit="competency.see", about=staff.colleague_of)
def delegated(who, about, person_id):
    """What was delegated to one person, and by whom."""
    g.subject = f"person:{person_id}"
    lines = attestations.lines_of(who, person_id)
    return render_template(
        "competency/delegated.html",
        sentence=_sentence(about.name, lines),
        lines=lines,
        attest_url=_url(who, about, "attest") if may("competency.attest", who, about) and about.roles else "",
        back=f"/h/{who.home_slug}/competency/{person_id}",
        name=about.name,
    )


def _sentence(name: str, lines: list[attestations.AttestationLine]) -> str:
    standing = [line.label for line in lines if line.stands]
    if not standing:
        return f"Nothing is delegated to {name} now"
    what = "1 task is" if len(standing) == 1 else f"{len(standing)} tasks are"
    return f"{what} delegated to {name}"


def _url(who: Actor, about: Colleague, way: str) -> str:
    return f"/h/{who.home_slug}/competency/{about.person_id}/{way}"


# ---------------------------------------------------------------- a professional attests


@pages.get(f"{_PERSON}/attest", permit="competency.attest", about=staff.colleague_of)
def attest_page(who, about, person_id):
    """The form a registered professional fills in and signs on a manager's screen."""
    return _attest_page(who, about, Typed(assessed_on=clock.local_day(clock.now(), who.zone).isoformat()))


def _attest_page(who: Actor, about: Colleague, form: Typed):
    return render_template(
        "competency/attest.html",
        name=about.name,
        form=form,
        url=_url(who, about, "attest"),
        back=_url(who, about, "delegated"),
        skills=[(s, SKILLS[s]) for s in SKILLS if s in RESIDENT_SPECIFIC],
        residents=forms.residents_to_choose(who),
        registers=[(key, f"{key}, {name}") for key, (name, _, _) in REGISTERS.items()],
        number_hint="; ".join(f"{key}: {form}, such as {eg}" for key, (_, form, eg) in REGISTERS.items()),
        consents=list(CONSENTS.items()),
        today=clock.local_day(clock.now(), who.zone).isoformat(),
    )


@pages.post(f"{_PERSON}/attest", permit="competency.attest", about=staff.colleague_of)
def attest(who, about, person_id):
    """Keep what a professional attests; the task may be done from now on."""
    ask(attestation_actions.attest, who, about, person_id=person_id, said=None)
    form = Typed()
    try:
        said = attestation_forms.read_attestation(form, who, person_id)
        row = attestation_actions.attest(by=who, person_id=person_id, said=said)
    except Invalid as fault:
        form.errors = fault.errors
        return _attest_page(who, about, form), 422
    return redirect(telling(f"/h/{who.home_slug}/competency/attestations/{row.id}", saved="attested"), 303)


# ---------------------------------------------------------------- one attestation


@pages.get(_ONE, permit="papers.see", about=attestations.attestation_of)
def attestation(who, about, attestation_id):
    """One attestation, with its signature and letter."""
    g.subject = f"person:{about.person_id}"
    page = attestations.page_of(who, about)
    return render_template("competency/attestation.html", page=page, saved=told("saved"))


@pages.get(f"{_ONE}/withdraw", permit="competency.withdraw", about=attestations.attestation_of)
def withdraw_page(who, about, attestation_id):
    """The form that ends a delegation."""
    return _withdraw_page(who, about, Typed())


def _withdraw_page(who: Actor, about: attestations.AttestationFacts, form: Typed):
    return render_template(
        "competency/withdraw.html",
        page=attestations.page_of(who, about),
        form=form,
        own=about.person_id == who.person_id,
        sides=list(WITHDRAWN_BY.items()),
    )


@pages.post(f"{_ONE}/withdraw", permit="competency.withdraw", about=attestations.attestation_of)
def withdraw(who, about, attestation_id):
    """End a delegation; it bites on the person's next request."""
    ask(attestation_actions.withdraw, who, about, attestation_id=attestation_id, withdrawn_by="", reason="")
    form = Typed()
    try:
        side, reason = attestation_forms.read_withdrawal(form, own=about.person_id == who.person_id)
        attestation_actions.withdraw(by=who, attestation_id=attestation_id, withdrawn_by=side, reason=reason)
    except Invalid as fault:
        form.errors = fault.errors
        return _withdraw_page(who, about, form), 422
    return redirect(telling(f"/h/{who.home_slug}/competency/attestations/{attestation_id}", saved="withdrawn"), 303)
