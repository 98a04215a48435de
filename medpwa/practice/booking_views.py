"""Pages of arranging: gaps and lapses ahead in one list, a booking, and its change."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.errors import Invalid, Refused
from medpwa.pages import once, telling, told
from medpwa.permits import may
from medpwa.practice import arranging as arranging_of
from medpwa.practice import assessments, booking_actions, bookings
from medpwa.practice.assessing_vocabulary import KINDS
from medpwa.practice.views import pages
from medpwa.staff import queries as staff
from medpwa.staff import typed as typed_in
from medpwa.staff.forms import Typed, ask

SAID = {"booked": "Booked.", "moved": "Moved.", "cancelled": "Taken back. The reason is kept.", "settled": "Kept."}


@pages.get("/h/<home>/assessments", permit="assess.see")
def arranging(who):
    """Gaps and lapses ahead, bookings, what was missed, who asked, what is under way."""
    page = arranging_of.arranging_page(who)
    return render_template("practice/arranging.html", page=page, said=SAID.get(told("said")))


# ---------------------------------------------------------------- book


@pages.get("/h/<home>/assessments/book/<int:person_id>", permit="assess.book", about=staff.colleague_of)
def book_page(who, about, person_id):
    """The form to arrange an assessment of somebody."""
    skill, today = request.args.get("skill", ""), clock.local_day(clock.now(), who.zone)
    form = Typed(skill=skill if skill in SKILLS else "", kind=_kind_for(who, person_id, skill))
    form.values |= {"on_day": today.isoformat(), "round": "", "booking_id": str(uuid.uuid4())}
    form.values["request"] = next(
        (str(r.id) for r in bookings.waiting_of(who.home_id, person_id) if r.skill == skill), ""
    )
    return _book_page(who, about, form)


def _kind_for(who, person_id: int, skill: str) -> str:
    """The kind the skill's own state suggests; nothing where it suggests none."""
    if skill not in SKILLS:
        return ""
    stands = assessments.stands(who.home_id, person_id, (skill, None))
    ran_out = stands.state == "expired" or (stands.state == "ended" and stands.until is not None)
    if stands.state == "competent" or ran_out:
        return "annual"
    return "return" if stands.state in ("suspended", "ended", "supervised_only", "reassessment") else "initial"


def _book_page(who, about, form: Typed, status: int = 200):
    keys = [(form["skill"], None)] if form["skill"] in assessments.assessable() else []
    return render_template(
        "practice/book.html",
        name=about.name,
        url=f"/h/{who.home_slug}/assessments/book/{about.person_id}",
        back=f"/h/{who.home_slug}/assessments",
        form=form,
        skills=[(s, SKILLS[s]) for s in assessments.assessable()],
        kinds=[(kind, *words) for kind, words in KINDS.items()],
        assessors=[(str(n), words) for n, words in assessments.assessors(who.home_id, about.person_id, keys)],
        rounds=[(name, name) for name in bookings.round_names(who.home_id)],
    ), status


@pages.post("/h/<home>/assessments/book/<int:person_id>", permit="assess.book", about=staff.colleague_of)
def book(who, about, person_id):
    """Arrange it."""
    ask(booking_actions.book, who, about, person_id=person_id)
    form = Typed()
    try:
        wanted = _read_book(form)
        booking_actions.book(by=who, person_id=person_id, **wanted)
    except Invalid as fault:
        form.errors = fault.errors
        return _book_page(who, about, form, 422)
    except Refused as no:
        if no.status == 403:
            raise
        form.errors = [(None, no.words)]
        return _book_page(who, about, form, no.status)
    return redirect(telling(f"/h/{who.home_slug}/assessments", said="booked"), 303)


def _read_book(form: Typed) -> dict:
    skill = form.choice("skill", assessments.assessable(), "Choose the skill. Nothing was booked.")
    kind = form.choice("kind", KINDS, "Choose what kind of assessment it is. Nothing was booked.")
    where = _read_where(form)
    note = form.text("note", longest=booking_actions.LONGEST_NOTE)
    asked = form.values["request"] = once("request")[:20]
    form.demand_none()
    return dict(skill=skill, kind=kind, note=note, request_number=typed_in.number(asked), **where)


def _read_where(form: Typed) -> dict:
    """When, on which round and by whom, and the form's own id."""
    on_day = form.day("on_day", "Choose the day. Nothing was booked.")
    round_name = form.text("round", "Choose the round. Nothing was booked.", 80)
    assessor = form.text("assessor", "Choose who assesses. Nothing was booked.", 20)
    booking_id = form.values["booking_id"] = once("booking_id")[:60]
    if not booking_id:
        form.fault("on_day", "This page is too old. Open it again. Nothing was booked.")
    return dict(
        on_day=on_day, round_name=round_name, assessor_id=typed_in.number(assessor) or 0, booking_id=booking_id
    )


# ---------------------------------------------------------------- one booking


@pages.get("/h/<home>/bookings/<int:booking_number>", permit="assess.see", about=bookings.booking_of)
def booking(who, about, booking_number):
    """One booking: what was arranged, and the forms to move or take it back."""
    return _booking_page(who, about, Typed(booking_id=str(uuid.uuid4())), "")


def _booking_page(who, about, form: Typed, which: str, status: int = 200):
    keys = [(about.row.skill, None)]
    return render_template(
        "practice/booking.html",
        page=arranging_of.booking_page(who, about),
        may_change=about.end is None and may("assess.book", who, about),
        form=form,
        which=which,
        assessors=[(str(n), words) for n, words in assessments.assessors(who.home_id, about.person_id, keys)],
        rounds=[(name, name) for name in bookings.round_names(who.home_id)],
        on_day=form["on_day"] or about.row.on_day.isoformat(),
        round_name=form["round"] or about.row.round_name,
        assessor=form["assessor"] or str(about.row.assessor_id),
    ), status


@pages.post("/h/<home>/bookings/<int:booking_number>/move", permit="assess.book", about=bookings.booking_of)
def move_booking(who, about, booking_number):
    """Arrange it anew, with the reason."""
    ask(booking_actions.move, who, about, booking_number=booking_number)

    def move(form: Typed) -> None:
        where = _read_where(form)
        words = form.text("words", "Say why it is moved. Nothing was changed.", booking_actions.LONGEST_NOTE)
        form.demand_none()
        booking_actions.move(by=who, booking_number=booking_number, words=words, **where)

    return _change(who, about, move, "moved")


@pages.post("/h/<home>/bookings/<int:booking_number>/cancel", permit="assess.book", about=bookings.booking_of)
def cancel_booking(who, about, booking_number):
    """Take it back, with the reason."""
    ask(booking_actions.cancel, who, about, booking_number=booking_number)

    def cancel(form: Typed) -> None:
        words = form.text("words", longest=booking_actions.LONGEST_NOTE)
        form.demand_none()
        booking_actions.cancel(by=who, booking_number=booking_number, words=words)

    return _change(who, about, cancel, "cancelled")


def _change(who, about, act, said: str):
    form = Typed()
    try:
        act(form)
    except Invalid as fault:
        form.errors, status = fault.errors, 422
    except Refused as no:
        if no.status == 403:
            raise
        form.errors, status = [(None, no.words)], no.status
    else:
        return redirect(telling(f"/h/{who.home_slug}/assessments", said=said), 303)
    form.values.setdefault("booking_id", str(uuid.uuid4()))
    return _booking_page(who, bookings.booking_of(who, about.id), form, said, status)
