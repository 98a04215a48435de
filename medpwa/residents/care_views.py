"""Pages that change how somebody is cared for: their allergies, where they are, their photo."""

from __future__ import annotations

from flask import Response, g, redirect, render_template

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.pages import once, telling
from medpwa.permits import Actor, demand
from medpwa.residents import actions, forms, queries
from medpwa.residents.queries import ResidentCard
from medpwa.residents.views import pages
from medpwa.residents.vocabulary import ALLERGY_STATUS, AWAY, WHEREABOUTS

_RESIDENT = "/h/<home>/residents/<int:resident_id>"


# ---------------------------------------------------------------- allergies


@pages.get(f"{_RESIDENT}/allergies", permit="residents.settle_allergies", about=queries.resident_of)
def allergies(who, about, resident_id):
    """The form for what somebody is allergic to."""
    g.subject = f"resident:{resident_id}"
    return _allergies_page(who, about, forms.AllergyForm(about.allergy_status, about.allergy_items), [])


@pages.post(f"{_RESIDENT}/allergies", permit="residents.settle_allergies", about=queries.resident_of)
def settle_allergies(who, about, resident_id):
    """Settle the allergies: a recorded list, none known, or not recorded."""
    form = forms.AllergyForm.typed()
    seen = _number(once("allergies_id"))
    try:
        _stop_at(form.faults())
        changed = actions.settle_allergies(
            by=who,
            resident_id=resident_id,
            status=form.status,
            items=form.items,
            source=form.source,
            allergies_id=seen,
        )
    except Invalid as no:
        return _allergies_page(who, about, form, no.errors, seen=seen), 422
    except Refused as no:
        if no.code != "stale":
            raise
        return _allergies_page(who, queries.resident_of(who, resident_id), form, [], stale=no.words), 409
    return redirect(telling(about.url, saved="allergies" if changed else "nothing"), 303)


def _allergies_page(
    who: Actor, card: ResidentCard, form: forms.AllergyForm, errors: list, *, seen: int | None = None, stale: str = ""
):
    demand("residents.settle_allergies", who, card)  # a form with faults never reached the action that asks
    return render_template(
        "residents/allergies.html",
        card=card,
        form=form,
        statuses=list(ALLERGY_STATUS.items()),
        allergies_id=(card.allergies_id or 0) if seen is None else seen,
        stale=stale,
        errors=errors,
        error=dict(reversed(errors)),
    )


# ---------------------------------------------------------------- where they are

_MOVE_FIELDS = ("state", "day", "time", "place", "company", "back_day", "back_time", "note")
_MOVE_HINTS: dict[str, str] = {
    "home": "From then on doses are given here again",
    "hospital": "Doses that fall due meanwhile count as away; nobody taps them",
    "leave": "Out with family or friends, or on a day out; doses count as away",
    "discharged": "Moved out; no doses fall due any more",
    "died": "No doses fall due any more",
}


@pages.get(f"{_RESIDENT}/away", permit="residents.move", about=queries.resident_of)
def move(who, about, resident_id):
    """The form for where somebody is: off to hospital or on leave, and back again."""
    g.subject = f"resident:{resident_id}"
    day, time = forms.in_the_form(clock.now(), who.zone)
    back = "home" if about.whereabouts in AWAY else ""
    return _move_page(who, about, {"day": day, "time": time, "state": back}, [])


@pages.post(f"{_RESIDENT}/away", permit="residents.move", about=queries.resident_of)
def record_move(who, about, resident_id):
    """Record where somebody is, from now or from an earlier time on."""
    typed = {name: once(name) for name in _MOVE_FIELDS}
    try:
        move = forms.read_move(who.zone, clock.now())
        gone = move.state in AWAY
        actions.move_resident(
            by=who,
            resident_id=resident_id,
            state=move.state,
            valid_from=move.valid_from,
            expected_back=move.expected_back if gone else None,
            note=move.note,
            place=move.place if gone else "",
            company=move.company if gone else "",
        )
    except Invalid as no:
        return _move_page(who, about, typed, forms.pointed(no.errors)), 422
    return redirect(_after_a_move(who, about, move.state), 303)


def _after_a_move(who: Actor, before: ResidentCard, state: str) -> str:
    """To the medicines that go along or come back; to the record where nothing of that follows."""
    saved = "moved" if queries.resident_of(who, before.id).whereabouts == state else "earlier"
    if saved == "moved" and state == "home" and before.whereabouts in AWAY and not _was_away(before):
        saved = "same_minute"
    follows = state in AWAY or (state == "home" and before.whereabouts in AWAY)
    return telling(f"{before.url}/away/medicines" if follows else before.url, saved=saved)


def _was_away(before: ResidentCard) -> bool:
    """Whether what was an absence still is one: of two rows for the same minute the later one alone holds."""
    stays = queries.stays_of(before.home_id, before.id)
    return any(s.state in AWAY and s.valid_from == before.whereabouts_since for s in stays)


def _move_page(who: Actor, card: ResidentCard, typed: dict[str, str], errors: list):
    demand("residents.move", who, card)  # as above
    order = ("home", "hospital", "leave") if card.whereabouts in AWAY else ("hospital", "leave", "home")
    return render_template(
        "residents/move.html",
        card=card,
        away=card.whereabouts in AWAY,
        typed=typed,
        states=[(s, WHEREABOUTS[s], _MOVE_HINTS[s]) for s in (*order, "discharged", "died")],
        errors=errors,
        error=dict(reversed(errors)),
    )


# ---------------------------------------------------------------- photo


@pages.get(f"{_RESIDENT}/photo", permit="residents.photo", about=queries.resident_of)
def photo(who, about, resident_id):
    """The form for a new photo."""
    g.subject = f"resident:{resident_id}"
    return _photo_page(who, about, forms.in_the_form(clock.now(), who.zone)[0], [])


@pages.post(f"{_RESIDENT}/photo", permit="residents.photo", about=queries.resident_of)
def set_photo(who, about, resident_id):
    """Keep a new photo."""
    try:
        taken_on = forms.day_of(once("taken_on"))
        if taken_on is None:
            raise Invalid([("taken_on", "There is no such day. Choose it again, e.g. 16/11/2026.")])
        made = forms.uploaded_photo(needed=True)
        actions.set_photo(by=who, resident_id=resident_id, photo=made, taken_on=taken_on)
    except Invalid as no:
        return _photo_page(who, about, once("taken_on"), no.errors), 422
    return redirect(telling(about.url, saved="photo"), 303)


def _photo_page(who: Actor, card: ResidentCard, taken_on: str, errors: list):
    demand("residents.photo", who, card)  # as above
    today = clock.local_day(clock.now(), who.zone).isoformat()
    return render_template(
        "residents/photo.html",
        card=card,
        taken_on=taken_on,
        today=today,
        errors=errors,
        error=dict(reversed(errors)),
    )


@pages.get(
    f"{_RESIDENT}/photo/<any(small, large):size>/<int:photo_id>.webp",
    permit="residents.see",
    about=queries.resident_of,
    poll=True,  # a picture of a page: it neither keeps a session alive nor counts as an access of its own each time
)
def photo_file(who, about, resident_id, size, photo_id):
    """A photo. Its address names one picture that never changes, so a browser may keep it for a day and a round of
    thirty people loads thirty faces once. `private` keeps it out of shared caches; it varies by cookie, so that what
    one session loaded is not answered to the next person on the same phone."""
    answer = Response(queries.photo_file(about.id, photo_id, size), mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    answer.headers["Vary"] = "Cookie"
    return answer


def _stop_at(faults: list) -> None:
    if faults:
        raise Invalid(faults)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
