"""Ending an order, putting it on hold and letting it go on: each says who decided it and why."""

from __future__ import annotations

import datetime as dt

from flask import redirect, render_template

from medpwa import clock
from medpwa.errors import Invalid, Refused
from medpwa.medicines import actions, order_facts, queries, rules, shown
from medpwa.medicines import typed as read
from medpwa.medicines.bounds import is_clock_time
from medpwa.medicines.queries import Order
from medpwa.medicines.views import card_of, pages, version_seen
from medpwa.medicines.vocabulary import ENDINGS
from medpwa.pages import once, telling
from medpwa.permits import Actor, demand

STOP, HOLD, RESUME = (f"/h/<home>/orders/<int:line_id>/{what}" for what in ("stop", "hold", "resume"))

# ---------------------------------------------------------------- stop


@pages.get(STOP, permit="orders.stop", about=queries.order_of)
def stopping(who, about, line_id):
    """Say why, then stop it. An order that is stopped already shows its page."""
    if rules.ended(about.latest):
        return redirect(shown.order_url(who, about.latest))
    return _stop_page(who, about, about.latest.version_id, {"ending": "stopped"}, [])


@pages.post(STOP, permit="orders.stop", about=queries.order_of)
def stop(who, about, line_id):
    """Stop an order from now on."""
    typed, seen = {"reason": once("reason"), "ending": once("ending") or "stopped"}, version_seen()
    try:
        actions.stop_order(by=who, line_id=line_id, version_id=seen, **typed)
    except Invalid as no:
        return _stop_page(who, about, seen, typed, no.errors), 422
    except Refused as no:
        if no.code != "stale_version":
            raise
        now = queries.order_of(who, line_id)
        return _stop_page(who, now, now.latest.version_id, typed, [(None, no.words)]), 409
    return redirect(telling(shown.order_url(who, about.latest), saved="stopped"), 303)


def _stop_page(who: Actor, order: Order, seen: int, typed: dict[str, str], errors: list):
    return _page("medicines/stop.html", who, order, seen, typed, errors, endings=list(ENDINGS.items()))


# ---------------------------------------------------------------- on hold


@pages.get(HOLD, permit="orders.suspend", about=queries.order_of)
def holding(who, about, line_id):
    """Say who decided it, why and until when, then put it on hold."""
    if rules.state(about.latest, clock.now(), who.zone) != "active":
        return redirect(shown.order_url(who, about.latest))
    return _hold_page(who, about, about.latest.version_id, {}, [])


@pages.post(HOLD, permit="orders.suspend", about=queries.order_of)
def hold(who, about, line_id):
    """Put an order on hold from now on."""
    typed = {name: once(name) for name in ("decided_by", "reason", "until_day", "until_time")}
    seen = version_seen()
    try:
        until = _until(typed, who.zone)
        said = {name: typed[name] for name in ("decided_by", "reason")}
        actions.suspend_order(by=who, line_id=line_id, version_id=seen, until=until, **said)
    except Invalid as no:
        demand("orders.suspend", who, about)
        return _hold_page(who, about, seen, typed, no.errors), 422
    except Refused as no:
        now = queries.order_of(who, line_id)
        if no.code != "stale_version" or rules.state(now.latest, clock.now(), who.zone) != "active":
            raise
        return _hold_page(who, now, now.latest.version_id, typed, [(None, no.words)]), 409
    return redirect(telling(shown.order_url(who, about.latest), saved="held"), 303)


def _until(typed: dict[str, str], zone: str) -> dt.datetime | None:
    """Until when, where something was typed: a day alone means its beginning."""
    if not typed["until_day"] and not typed["until_time"]:
        return None
    found: list[read.Problem] = []
    day, time = read.day("until_day", typed["until_day"], found), read.clock_time(typed["until_time"] or "00:00")
    if not found and (day is None or not is_clock_time(time) or not 2000 <= day.year <= 2100):
        found.append(("until_day", "Give the day and the time, like 08:00, or leave both empty."))
    if found or day is None:
        raise Invalid(found)
    return clock.at_local(day, dt.time.fromisoformat(time), zone)


def _hold_page(who: Actor, order: Order, seen: int, typed: dict[str, str], errors: list):
    return _page("medicines/hold.html", who, order, seen, typed, errors)


# ---------------------------------------------------------------- and on again


@pages.get(RESUME, permit="orders.resume", about=queries.order_of)
def resuming(who, about, line_id):
    """Say why it goes on, then let it."""
    if not about.latest.suspended:
        return redirect(shown.order_url(who, about.latest))
    return _resume_page(who, about, about.latest.version_id, {}, [])


@pages.post(RESUME, permit="orders.resume", about=queries.order_of)
def resume(who, about, line_id):
    """Let an order go on as it was."""
    typed, seen = {"reason": once("reason")}, version_seen()
    try:
        actions.resume_order(by=who, line_id=line_id, version_id=seen, reason=typed["reason"])
    except Invalid as no:
        return _resume_page(who, about, seen, typed, no.errors), 422
    except Refused as no:
        now = queries.order_of(who, line_id)
        if no.code not in ("stale_version", "allergy") or not now.latest.suspended:
            raise
        return _resume_page(who, now, now.latest.version_id, typed, [(None, no.words)]), no.status
    return redirect(telling(shown.order_url(who, about.latest), saved="resumed"), 303)


def _resume_page(who: Actor, order: Order, seen: int, typed: dict[str, str], errors: list):
    held = shown.hold_words(order.latest, who.zone) if order.latest.suspended else ""
    return _page("medicines/resume.html", who, order, seen, typed, errors, held=f"On hold {held}" if held else "")


# ---------------------------------------------------------------- all


def _page(template: str, who: Actor, order: Order, seen: int, typed: dict[str, str], errors: list, **words: object):
    """A page about one order; of one that waits for somebody else's check it says nothing of what was keyed."""
    card = card_of(who, order.resident_id)
    o, covered = order.latest, rules.covered_for(order.latest, who.person_id)
    hidden = f"this {'order' if o.number == 1 else 'changed order'} for {card.called}"
    return render_template(
        template,
        card=card,
        name=hidden if covered else rules.medicine_words(o),
        directions="" if covered else rules.directions(o),
        facts=[] if covered else order_facts.facts_of(who, o, order.versions)[:2],
        version_id=seen,
        typed=typed,
        errors=errors,
        error=dict(errors),
        back_url=shown.order_url(who, o),
        **words,
    )
