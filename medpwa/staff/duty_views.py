"""Pages of duties: one day to edit, one week to read, one duty to move or take away."""

from __future__ import annotations

import datetime as dt

from flask import redirect, render_template, request

from medpwa import clock
from medpwa.errors import Invalid
from medpwa.permits import may
from medpwa.staff import actions, forms, queries, roster, typed
from medpwa.staff.forms import Typed, ask
from medpwa.staff.roster import DutyFound
from medpwa.staff.views import pages
from medpwa.staff.vocabulary import DUTIES, SHIFTS


def shift_options() -> list[tuple[str, str]]:
    """The shifts a duty form offers, by name and hours."""
    named = [(key, f"{words}, {start} to {end}") for key, (words, start, end) in SHIFTS.items()]
    return [*named, ("other", "Other times")]


def _asked_day(who) -> dt.date:
    """The day in the address, or today for none and for nonsense."""
    return typed.day(request.args.get("day", "")) or clock.local_day(clock.now(), who.zone)


@pages.get("/h/<home>/duties", permit="staff.see_duties")
def duties(who):
    """Who is on duty on a day: on the floor, leading, on call."""
    return _day_page(who, _asked_day(who))


def _day_page(who, day: dt.date, form: Typed | None = None):
    page = roster.day_page(who, day)
    form = form or Typed(day=page.day, duty="floor", shift="")
    return render_template(
        "staff/duties.html", page=page, form=form, shifts=shift_options(), kinds=list(DUTIES.items())
    )


@pages.get("/h/<home>/duties/week", permit="staff.see_duties")
def duties_week(who):
    """Seven days at a glance."""
    return render_template("staff/duties_week.html", page=roster.week_page(who, _asked_day(who)))


@pages.post("/h/<home>/duties", permit="staff.set_duty")
def add_duty(who):
    """Put somebody on duty."""
    if not may("staff.set_duty", who):
        ask(actions.set_duty, who, person_id=who.person_id)
    form = Typed()
    try:
        made = _save(form, who)
    except Invalid as fault:
        form.errors = fault.errors
        return _day_page(who, typed.day(form["day"]) or clock.local_day(clock.now(), who.zone), form), 422
    return redirect(f"/h/{who.home_slug}/duties?day={clock.local_day(made.starts, who.zone)}", 303)


def _save(form: Typed, who, duty_key: str = ""):
    """Read a duty form and store it. Raises Invalid with every fault at once."""
    person = forms.duty_person(form, [pid for pid, _ in roster.people_to_choose(who)])
    kind = forms.duty_kind(form)
    times = forms.duty_times(form, who)
    form.demand_none()
    starts, ends = times
    return actions.set_duty(by=who, person_id=person, starts=starts, ends=ends, kind=kind, duty_key=duty_key)


@pages.get("/h/<home>/duties/<duty_key>", permit="staff.set_duty", about=roster.duty_of)
def duty(who, about, duty_key):
    """One duty, to move, to give to somebody else or to take away."""
    return _duty_page(who, about, Typed(**about.values))


def _duty_page(who, about: DutyFound, form: Typed):
    return render_template(
        "staff/duty.html",
        duty=about,
        form=form,
        people=roster.people_to_choose(who),
        shifts=shift_options(),
        kinds=list(DUTIES.items()),
        base=f"/h/{who.home_slug}/duties/{about.duty_key}",
    )


@pages.post("/h/<home>/duties/<duty_key>", permit="staff.set_duty", about=roster.duty_of)
def move_duty(who, about, duty_key):
    """Replace a duty by another; what stood before stays in the history."""
    ask(actions.set_duty, who, about, person_id=about.person_id)
    form = Typed()
    try:
        made = _save(form, who, about.duty_key)
    except Invalid as fault:
        form.errors = fault.errors
        return _duty_page(who, about, form), 422
    return redirect(f"/h/{who.home_slug}/duties?day={clock.local_day(made.starts, who.zone)}", 303)


@pages.post("/h/<home>/duties/<duty_key>/withdraw", permit="staff.set_duty", about=roster.duty_of)
def withdraw_duty(who, about, duty_key):
    """Take a duty off the list."""
    ask(actions.set_duty, who, about, person_id=about.person_id)
    stands = queries.duty_by_key(who.home_id, about.duty_key)
    actions.set_duty(
        by=who,
        person_id=stands.person_id,
        starts=stands.starts,
        ends=stands.ends,
        kind=stands.kind,
        duty_key=stands.duty_key,
        withdrawn=True,
    )
    return redirect(about.day_url, 303)
