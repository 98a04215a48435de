"""Pages of the round and the card. Scanning's own pages and the reports are in the files beside, imported at the end so
that they register on the same blueprint."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

import peewee as pw
from flask import g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from medpwa import clock
from medpwa.errors import BadRequest, Invalid, NotFound, Refused
from medpwa.mar import (
    actions,
    card,
    helping,
    judging,
    now,
    openings,
    outcome_forms,
    prn,
    proofs,
    queries,
    recorded,
    recording,
    rules,
    tickets,
)
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry
from medpwa.mar.outcome_forms import dose_key, form_uuid, number
from medpwa.mar.vocabulary import NO_SCAN_REASONS
from medpwa.pages import Pages, is_fragment, once, several, telling, told
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff import sessions

pages = Pages("mar", __name__)
MOST_LINES = 60


# ---------------------------------------------------------------- the round


@pages.get("/h/<home>/round", permit="round.see")
def round_page(who):
    """What is due now, overdue, coming, done and away."""
    _leave_card()
    unit = request.args.get("unit", "")[:60]
    units = _units(who)
    unit = unit if unit in units else ""
    listed, ended = now.now_list(who, unit), told("ended") == "1"
    shown = dict(now=listed, units=units, unit=unit, parts=_parts(units, unit))
    return render_template("mar/round.html", **shown, ended=ended, errors=[], note="")


@pages.get("/h/<home>/round/list", permit="round.see", poll=True)
def round_list(who):
    """The list alone, for the page to refresh itself."""
    unit = request.args.get("unit", "")[:60]
    return render_template("mar/_round.html", now=now.now_list(who, unit), unit=unit, units=_units(who))


def _units(who) -> list[str]:
    return list(staff.home_by_slug(who.home_slug).units)


def _parts(units: list[str], chosen: str) -> list[dict[str, object]]:
    """The whole home and each of its units, as the links that choose between them."""
    whole = {"label": "Whole home", "url": "?", "current": not chosen}
    return [whole, *({"label": u, "url": f"?{urlencode({'unit': u})}", "current": u == chosen} for u in units)]


def _leave_card() -> None:
    if session.row is not None and session.row.card_resident is not None and request.method == "GET":
        sessions.card_closed(session.row_id)


@pages.post("/h/<home>/round/end", permit="round.end_part")
def end_part(who):
    """End one's part of the round, with a hand-over note."""
    listed, note = now.now_list(who), once("note")
    try:
        actions.end_part(by=who, span=listed.span, still_open=list(listed.still_open), note=note)
    except Invalid as wrong:
        kept, parts = {"errors": wrong.errors, "note": note}, _parts(_units(who), "")
        shown = dict(now=listed, units=_units(who), unit="", ended=False, parts=parts)
        return render_template("mar/round.html", **shown, **kept), 422
    return redirect(telling(f"/h/{who.home_slug}/round", ended=1), 303)


# ---------------------------------------------------------------- the card


@pages.get("/h/<home>/residents/<int:resident_id>/card", permit="mar.card", about=residents.resident_of)
def card_page(who, about, resident_id):
    """A resident's card: what is due, what stands in the way, what was recorded."""
    g.subject = f"resident:{resident_id}"
    made = card.card_for(who, about)
    _stand_open(made)
    return shown_card(who, made, told=_told(who), saved=prn.saved_words(who, told("prn")))


def _told(who) -> str:
    """What the page before this one did, in words of ours, and only where this session did it."""
    asked = told("asked")
    if asked.isascii() and asked.isdigit() and len(asked) < 16:
        name = _colleague(who, int(asked))
        return f"Asked: {name} has an alert now." if name else "Asked: everybody who gives medicines has an alert now."
    if told("noted"):
        return "Saved as a dose given earlier, with the time and the reason you gave."
    if told("reported"):
        return "Reported. The shift leader has an alert now, and a manager follows it up."
    return "Told: those who look after labels have an alert now." if told("told") else ""


def _colleague(who, person_id: int) -> str:
    """A colleague's name; empty for anybody else: an address must not name people of other homes."""
    try:
        return staff.colleague_of(who, person_id).name
    except NotFound:
        return ""


def _stand_open(made: card.Card) -> None:
    """Note that this card stands open, so that a scan of somebody else stops."""
    if session.row is not None and made.opened:
        sessions.card_opened(session.row, made.resident.id)


def shown_card(
    who: Actor,
    made: card.Card,
    *,
    status: int = 200,
    problems: Iterable[tuple[str, str]] = (),
    typed: Mapping[str, object] | None = None,
    shown: Collection[str] = frozenset(),
    **said: str,
) -> tuple[str, int]:
    """The card as a page or a fragment; `said` are the sentences above it: alarm, told, saved. `shown` are the marks of
    lines that stand on the phone: of one that would be drawn just so, only its place is sent."""
    name = "mar/_card.html" if is_fragment() else "mar/card.html"
    page = render_template(
        name,
        card=made,
        **said,
        asked=_asked(who, made),
        problems=list(problems),
        typed=typed or {},
        shown=shown,
        problem=dict(problems).get,
        options=outcome_forms.options,
        no_scan_reasons=NO_SCAN_REASONS,
    )
    return page, status


def _asked(who, made: card.Card) -> list[helping.Asked]:
    """Help already asked for, where every line waits for somebody else."""
    return helping.asked(who, [dose_key(x.key) for x in made.now]) if made.unskilled else []


@pages.post("/h/<home>/residents/<int:resident_id>/card/open", permit="mar.open_without_scan")
def open_without_scan(who, resident_id):
    """Open the card without a code, with the reason."""
    try:
        actions.open_without_scan(by=who, resident_id=resident_id, reason=once("reason"), note=once("note")[:200])
    except Invalid as wrong:
        made = card.card_for(who, residents.resident_of(who, resident_id))
        return shown_card(who, made, status=422, problems=wrong.errors, typed=request.form)
    return redirect(f"/h/{who.home_slug}/residents/{resident_id}/card", 303)


# ---------------------------------------------------------------- ready


@pages.post(
    "/h/<home>/residents/<int:resident_id>/card/ready", permit="mar.ready", about=residents.resident_of, writes=False
)
def ready(who, about, resident_id):
    """Labels checked, medicine potted: the lines come back with signed tickets. Nothing is recorded by it."""
    keys = [dose_key(k) for k in several("dose")]
    versions = [number(v) for v in several("version")]
    if not 0 < len(keys) <= MOST_LINES or len(versions) != len(keys):
        raise BadRequest("The form does not say which medicines. Nothing was made ready. Open the card again.")
    issued, notes = [], {}
    opening, kept = openings.identified(who, resident_id), several("keep")[:MOST_LINES]
    for key, version in zip(keys, versions, strict=True):
        beside = proofs.beside_for(who, key, kept)
        ticket = _ready_ticket(who, about, key, version, opening, beside)
        if ticket is not None:
            issued.append(ticket)
            continue
        refused = _refused_ready(who, resident_id, key, version, beside)
        if refused is not None and refused.code == "not_signed_off" and len(keys) == 1:
            return redirect_or_go(f"/h/{who.home_slug}/residents/{resident_id}/help/{key}")
        notes[str(key)] = refused.words if refused else ""
    made = card.card_for(who, about, kept=[*kept, *issued], notes=notes)
    if issued:  # a refused request changes nothing
        _note_ready(made)
    shown = {x.key for x in (*made.now, *made.gaps, *made.missed_away)}
    lost = dict.fromkeys(words for key, words in notes.items() if words and key not in shown)  # lines that are gone
    return shown_card(who, made, status=200 if issued else 409, alarm=" ".join(lost))


def _ready_ticket(who, about, key: tickets.DoseKey, version: int, opening, beside) -> str | None:
    """The signed ticket of a line whose label was checked against the order as the card showed it; None where the rules
    say no."""
    at = clock.now()
    try:
        dose = judging.dose_of(who, about, key)
    except Refused:
        return None
    state = judging.state_of(who, about, dose, queries.entries_of_dose(key), at)
    facts = judging.give_facts(
        who, about, dose, state, at, seen_version=version, opened=opening is not None, beside=beside
    )
    if not rules.judge_give(facts, at).allowed:
        return None
    scan_id = opening.scan_id if opening else None
    return tickets.issue(tickets.Ticket(who.person_id, who.home_id, key, dose.order.version_id, scan_id, at))


def _refused_ready(who, resident_id: int, key: tickets.DoseKey, version_id: int, beside) -> Refused | None:
    """Keep the refused attempt in the ledger; its words come back."""
    try:
        recording.refuse_ready(by=who, resident_id=resident_id, key=key, version_id=version_id, beside=beside)
    except Refused as no:
        return no
    return None


def redirect_or_go(url: str):
    """Send a page, or htmx, somewhere else."""
    if not is_fragment():
        return redirect(url, 303)
    return "", 200, {"HX-Redirect": url}


# ---------------------------------------------------------------- outcomes


@pages.post("/h/<home>/residents/<int:resident_id>/card/outcome", permit="mar.record")
def outcome(who, resident_id):
    """Record one outcome of one dose."""
    kept = several("keep")[:MOST_LINES]
    try:
        intent = outcome_forms.intent(who)
        stored = recording.record(by=who, resident_id=resident_id, intent=intent)
    except Invalid as wrong:
        return _open_form(who, residents.resident_of(who, resident_id), kept, wrong.errors, 422)
    except Refused as no:
        return refused_outcome(who, resident_id, intent, no, kept)
    return after_recording(who, resident_id, kept, [stored])


@pages.post(
    "/h/<home>/residents/<int:resident_id>/card/more", permit="mar.record", about=residents.resident_of, writes=False
)
def more(who, about, resident_id):
    """Every outcome of one dose on its line, where the card shows the common ones. Nothing is recorded by it."""
    kept, key = several("keep")[:MOST_LINES], dose_key(once("dose"))
    try:
        judging.dose_of(who, about, key)
    except Refused as no:
        made = card.card_for(who, about, kept=kept, notes={str(key): no.words})
        return shown_card(who, made, status=409, alarm=no.words)
    return _open_form(who, about, kept, [], 200, full=True)


def _open_form(who, about, kept: list[str], problems: list[tuple[str, str]], status: int, *, full: bool = False):
    """The card with the form of one dose open on its line, with everything typed in it."""
    made = card.card_for(who, about, kept=[*kept, once("ready")[:600]])
    return shown_card(who, made, status=status, problems=problems, typed=outcome_forms.opened(problems, full=full))


def refused_outcome(who: Actor, resident_id: int, intent: Intent, no: Refused, kept: list[str]) -> ResponseReturnValue:
    """A refused outcome: the card again, with the words on its line."""
    if no.status == 403:
        raise no
    if no.code == "not_signed_off":
        return redirect_or_go(f"/h/{who.home_slug}/residents/{resident_id}/help/{intent.key}")
    about = residents.resident_of(who, resident_id)
    if no.code == "witness_first" and not is_fragment():
        return witness_views.ask_who(who, about, intent)
    if no.code in rules.WAITS_FOR_SKILL:  # somebody may stand beside them again: what was made ready is kept for it
        kept = [*kept, intent.ticket]
    made = card.card_for(who, about, kept=kept, notes={str(intent.key): no.words})
    return shown_card(who, made, status=409, alarm=no.words)


def after_recording(who: Actor, resident_id: int, kept: list[str], stored: list[Entry]) -> ResponseReturnValue:
    """The answer from the stored rows: the card again, or a redirect without JavaScript."""
    if not is_fragment():
        return redirect(f"/h/{who.home_slug}/residents/{resident_id}/card", 303)
    made = card.card_for(who, residents.resident_of(who, resident_id), kept=kept)
    _note_ready(made)
    shown = frozenset(request.headers.get("X-Shown", "").split(" ", MOST_LINES)[:MOST_LINES]) - {""}
    return shown_card(who, made, shown=shown, saved=recorded.saved_words(stored, who.zone))


def _note_ready(made: card.Card) -> None:
    """Note how many lines stand ready on the open card. That none does says nothing of another's card."""
    if session.row is not None and (made.ready or session.row.card_resident == made.resident.id):
        sessions.card_prepared(session.row, len(made.ready))


@pages.post("/h/<home>/residents/<int:resident_id>/card/taken", permit="mar.record")
def all_taken(who, resident_id):
    """Record all ready lines as taken, each by itself: what one refuses does not hold up the others, and a re-sent
    form finds what is stored."""
    rows = list(zip(several("dose"), several("entry_id"), several("version"), several("ready"), strict=False))
    lengths = {len(several(n)) for n in ("dose", "entry_id", "version", "ready")}
    if len(lengths) != 1 or not rows or len(rows) > MOST_LINES:
        raise BadRequest("The form is not complete. Nothing was recorded. Open the card again.")
    about = residents.resident_of(who, resident_id)
    kept = several("keep")[:MOST_LINES]
    intents = [_given(*row) for row in rows]
    intents = [replace(i, beside=proofs.beside_for(who, i.key, kept)) for i in intents]
    stored, notes = _record_each(who, resident_id, intents)
    if not notes:
        return after_recording(who, resident_id, kept, stored)
    made = card.card_for(who, about, kept=[*kept, *(i.ticket for i in intents)], notes=notes)
    if stored:
        _note_ready(made)
    saved = recorded.saved_words(stored, who.zone)
    return shown_card(who, made, status=409, alarm=" ".join(dict.fromkeys(notes.values())), saved=saved)


def _record_each(who, resident_id: int, intents: list[Intent]) -> tuple[list[Entry], dict[str, str]]:
    """Record dose by dose: what is stored, and the words on each line that is not. Once one is stored, a fault of the
    store is worded on the lines it kept from being recorded: "nothing was recorded" would be false by then."""
    stored: list[Entry] = []
    notes: dict[str, str] = {}
    for intent in intents:
        try:
            stored.append(recording.record(by=who, resident_id=resident_id, intent=intent))
        except Refused as no:
            if no.status == 403:
                raise
            notes[str(intent.key)] = no.words
        except pw.PeeweeException:
            if not stored:
                raise
            notes[str(intent.key)] = "This one could not be recorded just now. Try it again by itself."
    return stored, notes


def _given(dose: str, entry_id: str, version: str, ticket: str) -> Intent:
    return Intent(dose_key(dose), form_uuid(entry_id), number(version), "given", ticket=ticket[:600], bulk=True)


from medpwa.mar import (  # noqa: E402, F401 they add their pages to `pages`
    absence_views,
    beside_views,
    confirmation_views,
    correction_views,
    effect_views,
    gap_views,
    glass_views,
    glass_watch,
    handover_views,
    help_views,
    letter_views,
    order_ending_views,
    prn_views,
    prn_watch,
    prn_witness_views,
    refusal_views,
    report_views,
    scan_views,
    sheet_views,
    witness_views,
)
