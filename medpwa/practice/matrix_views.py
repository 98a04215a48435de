"""Pages of the table of people and skills: on a screen, on paper, for another program; the doses behind a figure."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, g, render_template, request

from medpwa import clock
from medpwa.errors import BadRequest
from medpwa.permits import Actor
from medpwa.practice import doses, matrix, matrix_export, spans
from medpwa.practice.matrix import GROUPS, KINDS, Asked
from medpwa.practice.views import pages
from medpwa.security import PAPER_POLICY
from medpwa.staff.vocabulary import ROLES


@pages.get("/h/<home>/competency", permit="competency.see")
def table(who):
    """Who is in date for what."""
    return _table(who, "practice/matrix.html")


@pages.get("/h/<home>/competency/print", permit="competency.see")
def table_on_paper(who):
    """The same on paper."""
    return _table(who, "practice/matrix_print.html")


@pages.get("/h/<home>/competency/table.csv", permit="competency.see")
def table_as_csv(who):
    """The same for another program: a line a cell."""
    body = matrix_export.as_csv(who, matrix.matrix_page(who, _asked(who)))
    return attachment(body, f"sign-offs-{clock.local_day(clock.now(), who.zone)}.csv", "text/csv")


def attachment(body: str, name: str, kind: str) -> Response:
    """A file to keep; nothing in it is ever run or shown as a page."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    headers["Content-Security-Policy"] = PAPER_POLICY
    return Response(body, headers=headers, content_type=f"{kind}; charset=utf-8")


def _table(who, template: str):
    asked = _asked(who)
    query = _query(asked)
    base = f"/h/{who.home_slug}/competency"
    return render_template(
        template,
        page=matrix.matrix_page(who, asked),
        q=asked,
        base=base,
        query=f"?{query}" if query else "",
        spans=spans.choices(clock.local_day(clock.now(), who.zone)),
        roles=list(ROLES.items()),
        groups=list(GROUPS.items()),
        kinds=list(KINDS.items()),
        printed=f"Printed {clock.exact_words(clock.now(), who.zone)} by {who.name}",
    )


def _asked(who) -> Asked:
    """What the address asks for. A word that is not one of ours is an address that is not ours."""
    get = request.args.get
    role, group, kind, only = get("role", ""), get("group", ""), get("kind", ""), get("only", "")
    span = span_asked(who)
    known = ((role, ROLES), (group, GROUPS), (kind, KINDS), (only, ("exceptions",)))
    if any(word and word not in words for word, words in known):
        raise BadRequest("This address is not one of ours. Open the table of sign-offs again.")
    return Asked(span, role, group, kind, bool(only))


def span_asked(who: Actor) -> spans.Span:
    """The days an address asks for; a word that is none of ours is an address that is not ours."""
    key = request.args.get("span", "") or spans.USUAL
    span = spans.span_of(key, clock.local_day(clock.now(), who.zone), who.zone)
    if span is None:
        raise BadRequest("This address is not one of ours. Open the table of sign-offs again.")
    return span


def _query(asked: Asked) -> str:
    span = "" if asked.span.key == spans.USUAL else asked.span.key
    values = dict(span=span, role=asked.role, group=asked.group, kind=asked.kind)
    values["only"] = "exceptions" if asked.exceptions else ""
    return urlencode({name: value for name, value in values.items() if value})


@pages.get("/h/<home>/competency/doses", permit="competency.see")
def doses_behind(who):
    """The doses given by somebody not signed off, and those given under supervision."""
    g.subject = f"home:{who.home_id}"
    page = doses.doses_page(who, span_asked(who), request.args.get("only", ""), request.args.get("skill", ""))
    if page is None:
        raise BadRequest("This address is not one of ours. Open the table of sign-offs again.")
    return render_template("practice/doses.html", page=page)
