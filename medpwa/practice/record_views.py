"""Pages of one person's file: on a screen, on paper, for another program; and one's own."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import g, render_template, request

from medpwa import clock
from medpwa.errors import BadRequest
from medpwa.practice import record
from medpwa.practice.matrix_views import attachment
from medpwa.practice.record import RecordPage
from medpwa.practice.spreadsheet import as_csv
from medpwa.practice.views import pages
from medpwa.staff import queries as staff

HEAD = ("When", "Kind", "What", "More", "By")


@pages.get("/h/<home>/competency/<int:person_id>/record", permit="competency.see", about=staff.colleague_of)
def person_record(who, about, person_id):
    """One person's file, in one line of time."""
    return _shown(who, about, "practice/record.html")


@pages.get("/h/<home>/competency/<int:person_id>/record/print", permit="competency.see", about=staff.colleague_of)
def person_record_on_paper(who, about, person_id):
    """The same on paper."""
    return _shown(who, about, "practice/record_print.html")


@pages.get("/h/<home>/competency/<int:person_id>/record.csv", permit="competency.see", about=staff.colleague_of)
def person_record_as_csv(who, about, person_id):
    """The same as a table for another program."""
    page = _asked(who, about)
    rows = [(line.when, line.kind_words, line.words, line.detail, line.by) for line in page.lines]
    return attachment(as_csv(HEAD, rows), f"{_name(page, who)}.csv", "text/csv")


@pages.get("/h/<home>/competency/<int:person_id>/record.json", permit="competency.see", about=staff.colleague_of)
def person_record_as_json(who, about, person_id):
    """The same with its figures, for another program."""
    page = _asked(who, about)
    body = {
        "person": page.name,
        "home": who.home_name,
        "as_of": clock.now().isoformat(),
        "events": [
            dict(at=x.at.isoformat(), when=x.when, kind=x.kind, what=x.words, more=x.detail, by=x.by)
            for x in page.lines
        ],
        "doses_by_week": {
            week: dict(zip(page.doses.columns, figures, strict=True)) for week, figures in page.doses.rows
        },
    }
    return attachment(json.dumps(body, ensure_ascii=False, indent=1), f"{_name(page, who)}.json", "application/json")


@pages.get("/h/<home>/my-record", permit="competency.see_own")
def own_record(who):
    """One's own file, as those who lead read it, with the talks that are for two people alone."""
    return _shown(who, staff.colleague_of(who, who.person_id), "practice/record.html")


def _name(page: RecordPage, who) -> str:
    return f"file-{page.person_id}-{clock.local_day(clock.now(), who.zone)}"


def _asked(who, about) -> RecordPage:
    g.subject = f"person:{about.person_id}"
    page = record.record_page(who, about, request.args.get("kind", ""), request.args.get("skill", ""))
    if page is None:
        raise BadRequest("This address is not one of ours. Open the file again.")
    return page


def _shown(who, about, template: str):
    page = _asked(who, about)
    own = request.path.endswith("/my-record")
    base = f"/h/{who.home_slug}/competency/{about.person_id}"
    kind, skill = request.args.get("kind", ""), request.args.get("skill", "")
    query = urlencode({k: v for k, v in (("kind", kind), ("skill", skill)) if v})
    here = f"/h/{who.home_slug}/my-record" if own else f"{base}/record"
    return render_template(
        template,
        page=page,
        base=base,
        here=here,
        own=own,
        kind=kind,
        skill=skill,
        query=f"?{query}" if query else "",
        kinds=_tabs(page, here, kind, skill),
        printed=f"Printed {clock.exact_words(clock.now(), who.zone)} by {who.name}",
    )


def _tabs(page: RecordPage, here: str, kind: str, skill: str) -> list[dict]:
    """The kinds there are, each with its count."""
    beside = {"skill": skill} if skill else {}
    offered = [("", "Everything", sum(n for *_, n in page.kinds)), *(k for k in page.kinds if k[2])]
    return [
        dict(label=words, current=name == kind, count=count,
             url=f"{here}?{urlencode({'kind': name, **beside})}" if name or beside else here)
        for name, words, count in offered
    ]  # fmt: skip
