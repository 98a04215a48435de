"""Pages that bring duties in from a file: choose it, look at what it would do, then do it."""

from __future__ import annotations

from flask import redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.pages import once, telling, told
from medpwa.permits import Actor
from medpwa.staff import duty_import_actions as actions
from medpwa.staff import duty_lines, queries
from medpwa.staff.duty_lines import FAULTS_SHOWN, MOST_BYTES, DutyLine
from medpwa.staff.forms import ask
from medpwa.staff.views import pages
from medpwa.staff.vocabulary import DUTIES

Faults = list[tuple[int, str]]


@pages.get("/h/<home>/duties/import", permit="staff.import_duties")
def import_page(who):
    """Choose a file, or paste its lines."""
    return _page(who, added=told("added"))


def _page(who: Actor, text: str = "", faults: Faults | None = None, errors=(), found=None, added: str = ""):
    names = queries.names({d.person_id for d in found.new}) if found else {}
    return render_template(
        "staff/duties_import.html",
        text=text,
        faults=(faults or [])[:FAULTS_SHOWN],
        more_faults=max(0, len(faults or []) - FAULTS_SHOWN),
        errors=list(errors),
        rows=[_row(who, d, names) for d in found.new] if found else [],
        standing=len(found.standing) if found else 0,
        looked=found is not None,
        added=added,
        url=f"/h/{who.home_slug}/duties/import",
    )


def _row(who: Actor, d: DutyLine, names: dict[int, str]) -> tuple[str, str, str]:
    hours = f"{clock.stamp_words(d.starts, who.zone)} to {clock.time_words(d.ends, who.zone)}"
    return names.get(d.person_id, "Somebody"), hours, DUTIES[d.kind]


@pages.post("/h/<home>/duties/import/look", permit="staff.import_duties", writes=False)
def look_at_duties(who):
    """What bringing in a file would add, or what is wrong with it line by line. Stores nothing."""
    text, read, refused = _read(who)
    return refused or _page(who, text, found=actions.judge(who, read.duties))


@pages.post("/h/<home>/duties/import", permit="staff.import_duties")
def import_duties(who):
    """Bring in what was looked at: all of it, or nothing."""
    ask(actions.import_duties, who)
    text, read, refused = _read(who)
    if refused:
        return refused
    try:
        count = actions.import_duties(by=who, duties=read.duties)
    except Invalid as no:
        return _page(who, text, errors=no.errors), 422
    return redirect(telling(f"/h/{who.home_slug}/duties/import", added=count), 303)


def _read(who: Actor):
    """The text sent, its duties, and the page that says what is wrong, if anything is."""
    text, errors = _text()
    if errors:
        return text, None, (_page(who, text, errors=errors), 422)
    read = duty_lines.read(text, _people(who), who.zone)
    faults = sorted([*read.faults, *actions.judge(who, read.duties).faults])
    return text, read, (_page(who, text, faults), 422) if faults else None


def _text() -> tuple[str, list[tuple[str, str]]]:
    """The lines of the file that was chosen, or those that were pasted."""
    file = request.files.get("file")
    content = file.read(MOST_BYTES + 1) if file and file.filename else b""
    text = once("lines") if not content else duty_lines.text_of(content)
    if text is None:
        unread = "That file is not text we can read. Save it as CSV and choose it again. Nothing was added."
        return "", [("file", unread)]
    if max(len(content), len(text.encode())) > MOST_BYTES:
        return "", [("file", f"That is more than {MOST_BYTES // 1024} kB. Split it in two. Nothing was added.")]
    if not text.strip():
        return "", [("file", "Choose a file, or paste its lines.")]
    return text, []


def _people(who: Actor) -> dict[str, tuple[int, ...]]:
    """Whom a name or a user name stands for, in small letters."""
    found: dict[str, tuple[int, ...]] = {}
    for c in queries.colleagues(who.home_id):
        for word in {c.name.lower(), c.facts.username.lower()} if c.roles else ():
            found[word] = (*found.get(word, ()), c.person_id)
    return found
