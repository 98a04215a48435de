"""Pages of cover: seven days ahead, and the part of a day that has a hole, where it is filled."""

from __future__ import annotations

from flask import redirect, render_template, request

from medpwa.errors import Invalid
from medpwa.pages import telling, told
from medpwa.practice import coverage_pages as shown
from medpwa.practice.views import pages
from medpwa.staff import actions, duty_views, forms, queries, roster
from medpwa.staff.forms import Typed, ask
from medpwa.staff.vocabulary import DUTIES


@pages.get("/h/<home>/coverage", permit="coverage.see")
def coverage(who):
    """Where somebody is missing in the next seven days."""
    return render_template("practice/coverage.html", page=shown.cover_page(who))


@pages.get("/h/<home>/coverage/<part_key>", permit="coverage.see", about=shown.part_found)
def coverage_part(who, about, part_key):
    """One part of a day: what is missing, who could come, and the form that puts them on duty."""
    return _part(who, about, None, filled=told("filled"))


def _part(who, about: shown.PartFound, form: Typed | None, filled: str = ""):
    page = shown.part_page(who, about, request.args.get("person", "")[:9])
    return render_template(
        "practice/coverage_part.html",
        page=page,
        form=form or Typed(**page.values),
        people=roster.people_to_choose(who),
        shifts=duty_views.shift_options(),
        kinds=list(DUTIES.items()),
        filled=filled,
    )


@pages.post("/h/<home>/coverage/<part_key>", permit="staff.set_duty", about=shown.part_found)
def fill(who, about, part_key):
    """Put somebody on duty; the page says whether that closed the hole."""
    ask(actions.set_duty, who, about, person_id=who.person_id)
    form = Typed()
    try:
        person = forms.duty_person(form, [pid for pid, _ in roster.people_to_choose(who)])
        kind, times = forms.duty_kind(form), forms.duty_times(form, who)
        form.demand_none()
        actions.set_duty(by=who, person_id=person, starts=times[0], ends=times[1], kind=kind)
    except Invalid as fault:
        form.errors = fault.errors
        return _part(who, about, form), 422
    name = queries.names({person}).get(person, "Somebody")
    return redirect(telling(f"{shown.base(who)}/{part_key}", filled=name), 303)
