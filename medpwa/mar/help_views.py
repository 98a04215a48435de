"""When somebody is not signed off for a dose: why, who on shift can give it, what they can do themselves."""

from __future__ import annotations

from flask import g, redirect, render_template

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.errors import NotFound
from medpwa.mar import asking, card, glass, helping, judging, openings, tickets
from medpwa.mar import words as words_of
from medpwa.mar.outcome_forms import dose_key, number
from medpwa.mar.queries import DueDose
from medpwa.mar.views import pages
from medpwa.pages import once, telling
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff


@pages.get("/h/<home>/residents/<int:resident_id>/help/<key>", permit="mar.card", about=residents.resident_of)
def help_page(who, about, resident_id, key):
    """Someone else needs to give this: why, who can, and what is open to this person instead."""
    g.subject = f"resident:{resident_id}"
    found = tickets.parse_key(key)
    if found is None:
        raise NotFound()
    dose = judging.dose_of(who, about, found)
    sign_off, leave = judging.leave_for(who, dose, clock.now())
    helpers, how_known = competency.who_can(who.home_id, dose.order.required_skills, resident_id, without=who.person_id)
    leader = staff.shift_leader(who.home_id)
    made = card.card_for(who, about)
    return render_template(
        "mar/help.html",
        resident=about,
        medicine=words_of.medicine(dose.order),
        due_words=clock.moment_words(dose.times.due_at, who.zone),
        critical=_critical_words(dose, who.zone) if dose.order.time_critical else "",
        why=[m.words for m in sign_off.missing],
        allowed=sign_off.allowed or bool(leave.how),
        leave=leave.how,
        may_beside=leave.may_beside and openings.identified(who, resident_id) is not None,
        deciders=glass.deciders(who),
        helpers=[h for h in helpers if not h.on_call],
        on_call=[h for h in helpers if h.on_call],
        how_known=how_known,
        leader=leader,
        can_do=[x for x in made.now if x.allowed],
        key=str(found),
        asked=helping.asked(who, [found]),
        card_url=f"/h/{who.home_slug}/residents/{resident_id}/card",
    )


def _critical_words(dose: DueDose, zone: str) -> str:
    """How a time-critical dose stands against its window."""
    at = clock.now()
    if at <= dose.times.on_time_until:
        return f"It is time-critical: on time until {clock.time_words(dose.times.on_time_until, zone)}."
    return f"It is time-critical and {clock.span_words(at - dose.times.due_at)} late."


@pages.post("/h/<home>/residents/<int:resident_id>/help", permit="mar.ask_help")
def ask(who, resident_id):
    """Ask a colleague to give it, or the shift leader to supervise."""
    person = once("person")
    asked = asking.ask_help(
        by=who,
        resident_id=resident_id,
        key=dose_key(once("dose")),
        kind=once("kind"),
        person_id=number(person) if person else None,
    )
    return redirect(
        telling(f"/h/{who.home_slug}/residents/{resident_id}/card", asked=asked.person_id if asked else 0), 303
    )
