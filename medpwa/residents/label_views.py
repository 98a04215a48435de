"""Pages of labels: somebody's labels, choosing what to print, the prints themselves and the picture of a code."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, render_template, request

from medpwa.errors import Invalid, NotFound, Refused
from medpwa.pages import once, several, telling, told
from medpwa.permits import Actor, demand
from medpwa.residents import codes, forms, label_actions, label_pages, labels, queries
from medpwa.residents.views import pages
from medpwa.residents.vocabulary import LABEL_END_REASONS, LABEL_PLACES

_LABELS = "/h/<home>/residents/<int:resident_id>/labels"


# ---------------------------------------------------------------- one person's labels


@pages.get(_LABELS, permit="labels.see", about=queries.resident_of)
def resident_labels(who, about, resident_id):
    """One person's labels: where they are, who made them, which were revoked."""
    g.subject = f"resident:{resident_id}"
    return _labels_page(who, about, [])


@pages.post(_LABELS, permit="labels.make", about=queries.resident_of)
def make_label(who, about, resident_id):
    """Make one more label."""
    try:
        row = label_actions.make_label(by=who, resident_id=resident_id, place=once("place"))
    except Invalid as no:
        return _labels_page(who, about, no.errors), 422
    except Refused as no:
        return _labels_page(who, about, [(None, no.words)]), no.status
    return redirect(telling(f"{about.url}/labels", made=row.id), 303)


@pages.post("/h/<home>/labels/<int:label_id>/revoke", permit="labels.revoke", about=labels.label_of)
def revoke_label(who, about, label_id):
    """End one label."""
    card = queries.resident_of(who, about.resident_id)
    try:
        label_actions.revoke_label(by=who, label_id=label_id, reason=forms.end_reason())
    except Invalid as no:
        errors = [(f"reason-{label_id}", words) for _, words in no.errors]
        return _labels_page(who, card, errors, open_label=label_id), 422
    return redirect(telling(f"{card.url}/labels", revoked=1), 303)


@pages.post(f"{_LABELS}/revoke-all", permit="labels.revoke_all", about=queries.resident_of)
def revoke_all_labels(who, about, resident_id):
    """End every label of a person."""
    try:
        ended = label_actions.revoke_all_labels(by=who, resident_id=resident_id, reason=forms.end_reason())
    except Invalid as no:
        return _labels_page(who, about, [("reason-all", words) for _, words in no.errors], open_label="all"), 422
    return redirect(telling(f"{about.url}/labels", revoked=ended), 303)


def _labels_page(who: Actor, card: queries.ResidentCard, errors: list, *, open_label: int | str | None = None):
    demand("labels.see", who, card)  # a form with faults never reached the action that asks
    return render_template(
        "residents/labels.html",
        card=card,
        errors=errors,
        error=dict(reversed(errors)),
        open_label=open_label,
        typed_reason=once("reason"),
        typed_other=once("other_reason"),
        places=list(LABEL_PLACES.items()),
        reasons=list(LABEL_END_REASONS.items()),
        **label_pages.of_resident(who, card, made=told("made"), ended=told("revoked")),
    )


# ---------------------------------------------------------------- choose and print


@pages.get("/h/<home>/labels", permit="labels.print")
def choose(who):
    """Choose people and places; what has no label yet gets one when it is printed."""
    return _choose_page(who, request.args.get("pick", ""), [])


@pages.post("/h/<home>/labels", permit="labels.make_missing")
def print_chosen(who):
    """Make the labels that are missing and go on to the sheet or the cards."""
    people, places = several("people"), several("places")
    start, kind = once("start", "1"), once("kind", "sheet")
    faults = label_pages.print_faults(people, places, start, kind)
    if faults:
        return _choose_page(who, "", faults, people=people, places=places, start=start, kind=kind), 422
    ids = label_actions.make_missing_labels(by=who, wanted=label_pages.chosen(people, places))
    return redirect(label_pages.print_url(who, kind, ids, int(start)), 303)


def _choose_page(who: Actor, pick: str, errors: list, **typed):
    demand("labels.print", who)  # as above
    page = label_pages.choosing(who, pick, **typed)
    page["code_sheet"] = not current_app.config["SETTINGS"].production
    return render_template("residents/choose_labels.html", errors=errors, error=dict(reversed(errors)), **page)


@pages.get("/h/<home>/labels/sheet", permit="labels.print")
def sheet(who):
    """A4 sticker stock, 21 to a sheet: first name, room and code, nothing else about the person."""
    tags = label_pages.tags(who, request.args.getlist("label"))
    start = label_pages.start_of(request.args.get("start", "1"))
    sheets = label_pages.sheets([None] * (start - 1) + tags, label_pages.STICKERS)
    return render_template("residents/sheet.html", tags=tags, sheets=sheets, back=f"/h/{who.home_slug}/labels")


@pages.get("/h/<home>/labels/cards", permit="labels.print")
def cards(who):
    """Single cards to cut out, ten to a page."""
    tags = label_pages.tags(who, request.args.getlist("label"))
    sheets = label_pages.sheets(tags, label_pages.CARDS)
    return render_template("residents/cards.html", tags=tags, sheets=sheets, back=f"/h/{who.home_slug}/labels")


@pages.get("/h/<home>/codes", permit="labels.code_sheet")
def code_sheet(who):
    """Everybody's code on one page, for practice. A real home has none: a sheet of codes at the trolley is how scanning
    is got round."""
    if current_app.config["SETTINGS"].production:
        raise NotFound()
    tags = label_pages.practice_tags(who)
    sheets = label_pages.sheets(tags, label_pages.CARDS)
    return render_template("residents/codes.html", tags=tags, sheets=sheets, back=f"/h/{who.home_slug}/labels")


@pages.get("/h/<home>/labels/<int:label_id>/code.svg", permit="labels.print", about=labels.label_of, poll=True)
def code_picture(who, about, label_id):
    """The picture of a label's code. Never kept by the browser: whoever has it can print the label."""
    row = next((x for x in labels.labels_of([about.resident_id], live=True) if x.id == label_id), None)
    if row is None:
        raise NotFound()
    return Response(codes.code_svg(codes.label_url(row)), mimetype="image/svg+xml")
