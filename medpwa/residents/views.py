"""Pages of residents: find somebody, their record, and the forms that change it. Labels are in label_views, the forms
for allergies, whereabouts and photos in care_views; both register below."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.pages import Pages, once, telling, told
from medpwa.permits import Actor, demand, may
from medpwa.residents import actions, forms, history, lists, queries, record
from medpwa.residents.details import Move
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import ALLERGY_STATUS, FLUID_LEVELS, FOOD_LEVELS, LONGEST_LINE

pages = Pages("residents", __name__)


@pages.get("/h/<home>/residents", permit="residents.see")
def find(who):
    """Everybody who lives here by unit, or those a search finds."""
    return render_template("residents/find.html", **lists.people_page(who, lists.searched(request.args.get("q", ""))))


@pages.get("/h/<home>/residents/<int:resident_id>", permit="residents.see", about=queries.resident_of)
def show(who, about, resident_id):
    """One resident's record: everything, and how it came to be."""
    g.subject = f"resident:{resident_id}"
    said = history.history_of(who, resident_id) if may("history.see", who) else None
    page = record.record_page(who, about, told("saved"))
    return render_template("residents/record.html", card=about, history=said, **page)


# ---------------------------------------------------------------- a new resident


@pages.get("/h/<home>/residents/new", permit="residents.add")
def new(who):
    """The form for somebody who comes to live here."""
    since = forms.in_the_form(clock.now(), who.zone)
    return _new_page(who, {"unit": "", "day": since[0], "time": since[1]}, forms.AllergyForm(), [])


@pages.post("/h/<home>/residents/new", permit="residents.add")
def add(who):
    """Begin a resident's record: details, allergies, since when they live here, and perhaps a photo."""
    typed = forms.typed_details() | {"day": once("day"), "time": once("time")}
    allergies = forms.AllergyForm.typed()
    try:
        row = actions.add_resident(by=who, **_read_new(who, typed, allergies))
    except Invalid as no:
        return _new_page(who, typed, allergies, forms.pointed(no.errors)), 422
    return redirect(telling(f"/h/{who.home_slug}/residents/{row.id}", saved="added"), 303)


def _read_new(who: Actor, typed: dict[str, str], allergies: forms.AllergyForm) -> dict:
    """Everything the form says, or all that is wrong with it at once."""
    faults, read = [], {}
    try:
        today = clock.local_day(clock.now(), who.zone)
        read["details"] = forms.read_details(typed, today, queries.units_of(who.home_id))
    except Invalid as no:
        faults += no.errors
    since = forms.moment("day", "time", who.zone, faults)
    if since is not None:
        faults += forms.details.stay_faults(Move("home", since), clock.now())
    faults += allergies.faults()
    try:
        read["photo"] = forms.uploaded_photo()
    except Invalid as no:
        faults += no.errors
    if faults:
        raise Invalid(faults)
    return read | {"status": allergies.status, "items": allergies.items, "valid_from": since}


def _new_page(who: Actor, typed: dict[str, str], allergies: forms.AllergyForm, errors: list):
    demand("residents.add", who)  # a form with faults never reached the action that asks
    return render_template(
        "residents/new.html",
        typed=typed,
        allergies=allergies,
        statuses=list(ALLERGY_STATUS.items()),
        **_form_words(who, errors),
    )


# ---------------------------------------------------------------- a change of details


@pages.get("/h/<home>/residents/<int:resident_id>/edit", permit="residents.change", about=queries.resident_of)
def edit(who, about, resident_id):
    """The form for a resident's details."""
    g.subject = f"resident:{resident_id}"
    return _edit_page(who, about, forms.details_values(about), "", [])


@pages.post("/h/<home>/residents/<int:resident_id>/edit", permit="residents.change", about=queries.resident_of)
def change(who, about, resident_id):
    """Change a resident's details. A form opened before somebody else's change comes back with what was typed."""
    typed, reason = forms.typed_details(), once("reason")
    try:
        wanted = forms.read_details(typed, clock.local_day(clock.now(), who.zone), queries.units_of(who.home_id))
        version = _version_seen()
        changed = actions.change_resident(
            by=who, resident_id=resident_id, details=wanted, version_id=version, reason=reason[: LONGEST_LINE + 1]
        )
    except Invalid as no:
        return _edit_page(who, about, typed, reason, no.errors, seen=_version_seen()), 422
    except Refused as no:
        if no.code != "stale":
            raise
        now = queries.resident_of(who, resident_id)
        return _edit_page(who, now, typed, reason, [], stale=no.words), 409
    return redirect(telling(about.url, saved="details" if changed else "nothing"), 303)


def _version_seen() -> int:
    text = once("version_id")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _edit_page(
    who: Actor,
    card: ResidentCard,
    typed: dict[str, str],
    reason: str,
    errors: list,
    *,
    seen: int | None = None,
    stale: str = "",
):
    demand("residents.change", who, card)  # a form with faults never reached the action that asks
    differs = record.differences(card, typed, forms.details_values(card)) if stale else []
    return render_template(
        "residents/edit.html",
        card=card,
        typed=typed,
        reason=reason,
        version_id=card.version_id if seen is None else seen,
        stale=stale,
        differs=differs,
        **_form_words(who, errors),
    )


def _form_words(who: Actor, errors: list) -> dict:
    """What every form about a resident needs: choices, errors by field, the way back."""
    return {
        "errors": errors,
        "error": dict(reversed(errors)),
        "units": [(u, u) for u in queries.units_of(who.home_id)],
        "fluids": list(FLUID_LEVELS.items()),
        "foods": list(FOOD_LEVELS.items()),
        "people_url": f"/h/{who.home_slug}/residents",
    }


from medpwa.residents import care_views, label_views  # noqa: E402, F401 they add their pages to `pages`
