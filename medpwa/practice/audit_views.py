"""Pages of the quarterly audit: the quarters, one as the record reads now, one as it was signed."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.pages import once, telling, told
from medpwa.permits import may
from medpwa.practice import audit_actions as actions
from medpwa.practice import audit_forms as forms
from medpwa.practice import audit_queries as queries
from medpwa.practice.audit_vocabulary import NOT_YET, TESTS
from medpwa.practice.views import pages
from medpwa.staff import stepup, typed
from medpwa.staff.forms import Typed, ask


@pages.get("/h/<home>/audits/competency", permit="audits.see")
def audits(who):
    """The quarters with what was signed, and the findings that are open."""
    g.subject = f"home:{who.home_id}"
    rows, open_ones = queries.quarters_page(who), queries.open_findings(who)
    return render_template("practice/audits.html", rows=rows, findings=open_ones)


@pages.get("/h/<home>/audits/competency/<quarter>", permit="audits.see", about=queries.quarter_of)
def audit(who, about, quarter):
    """One quarter as the record reads now, with the form that signs it."""
    g.subject = f"home:{who.home_id}"
    return _audit(who, about, Typed())


def _audit(who, quarter, form, *, status=200, errors=()):
    page, standing = queries.live_page(who, quarter), queries.standing(who.home_id, quarter)
    amending = standing is not None and (request.method == "POST" or request.args.get("amend") == "1")
    failed = [t for t in page.tests if t.tone == "blocked"]
    if request.method == "GET":
        for t in failed:
            form.values[f"what-{t.key}"] = TESTS[t.key].finding
            form.values[f"due-{t.key}"] = queries.proposed_due(who).isoformat()
    shown = render_template(
        "practice/audit.html",
        page=page,
        form=form,
        errors=[*form.listed(), *errors],
        failed=failed,
        owners=[(str(number), words) for number, words in queries.owners(who.home_id).items()],
        standing=standing,
        standing_words=queries.signed_words(who, standing) if standing else "",
        amending=amending,
        may_sign=may("audits.sign", who) and page.sample is not None and _has_doses(page),
        base=queries.base(who),
        prove=stepup.asks(),
        not_yet=NOT_YET,
    )
    return shown, status


def _has_doses(page) -> bool:
    return not page.sentence.startswith("No dose")


@pages.post("/h/<home>/audits/competency/<quarter>/sign", permit="audits.sign")
def sign_audit(who, quarter):
    """Sign the audit of a quarter as it was read, which freezes it."""
    about = queries.begun_quarter(who, quarter)
    ask(actions.sign, who, quarter=quarter)
    form = Typed()
    live = queries.live_page(who, about)
    words = forms.read_words(form)
    failed = [t.key for t in live.tests if t.tone == "blocked"]
    findings = forms.read_findings(form, failed, queries.owners(who.home_id))
    amends = typed.number(once("amends")) if once("amends") else None
    form.values["amends"] = once("amends")
    try:
        form.demand_none()
        row = actions.sign(
            by=who, quarter=quarter, words=words, findings=findings, seal=once("seal"), amends=amends,
            proven_at=stepup.prove(),
        )  # fmt: skip
    except Invalid as wrong:
        form.errors = [e for e in wrong.errors if e[0]]
        return _audit(who, about, form, status=422, errors=[e for e in wrong.errors if not e[0]])
    except Refused as no:
        if no.status == 403:
            raise
        return _audit(who, about, form, status=no.status, errors=[(None, no.words)])
    return redirect(telling(f"{queries.base(who)}/signed/{row.id}", kept=1), 303)


@pages.get("/h/<home>/audits/competency/signed/<int:audit_id>", permit="audits.see", about=queries.audit_of)
def signed_audit(who, about, audit_id):
    """An audit as it was signed, what the same question is answered today, and what became of its findings."""
    return _signed(who, about, "practice/audit_signed.html", kept=bool(told("kept")))


@pages.get("/h/<home>/audits/competency/signed/<int:audit_id>/print", permit="audits.see", about=queries.audit_of)
def signed_audit_on_paper(who, about, audit_id):
    """The same on paper."""
    printed = f"Printed {clock.exact_words(clock.now(), who.zone)} by {who.name}"
    return _signed(who, about, "practice/audit_print.html", printed=printed)


def _signed(who, about, template, *, errors=(), values=None, status=200, **more):
    g.subject = f"home:{who.home_id}"
    shown = render_template(
        template,
        signed=queries.signed_page(who, about),
        base=queries.base(who),
        number=about.id,
        may_act=may("audits.act", who),
        errors=list(errors),
        values=values or {},
        not_yet=NOT_YET,
        **more,
    )
    return shown, status


@pages.post("/h/<home>/audits/competency/findings/<int:finding_id>/done", permit="audits.act", about=queries.finding_of)
def finish_finding(who, about, finding_id):
    """Say how a finding was seen to."""
    field, words = f"words-{finding_id}", once(f"words-{finding_id}")
    try:
        actions.finish(by=who, finding_id=finding_id, words=words)
    except Invalid as wrong:
        said = [(field, w) for _, w in wrong.errors]
        return _signed(who, about.audit, "practice/audit_signed.html", errors=said, values={field: words}, status=422)
    except Refused as no:
        if no.status == 403:
            raise
        return _signed(who, about.audit, "practice/audit_signed.html", errors=[(None, no.words)], status=no.status)
    return redirect(telling(f"{queries.base(who)}/signed/{about.audit_id}", done=1), 303)
