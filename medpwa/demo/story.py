"""Plays the demo home's tables through the real actions, in the order of time, with the clock standing where it was.

Nothing here writes a table by itself: a fault in an action stops the demo as it would stop a person.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal

from medpwa import clock
from medpwa.demo import (
    arranged,
    assessed,
    audited,
    comings,
    doses,
    floor,
    gaps_found,
    granted,
    leaders,
    letters,
    needed,
    outside,
    people,
    portraits,
    prescriptions,
    shift_ends,
    talks,
    team,
    trained,
    walk,
    watched,
)
from medpwa.demo.charting import order_details
from medpwa.demo.medicine_line import LIVE, TOLD_FROM
from medpwa.demo.telling import HOME, PROVIDER, SLUG, WAITING_SOURCE, Steps, Story  # noqa: F401 offered here too
from medpwa.errors import Refused
from medpwa.mar import actions as mar
from medpwa.mar import recording
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import actions as medicines
from medpwa.medicines.keying import OrderDetails
from medpwa.residents import actions as residents
from medpwa.residents import label_actions, photos
from medpwa.residents.details import AllergyItem, ResidentDetails
from medpwa.staff import actions as staff
from medpwa.staff import founding, signin
from medpwa.staff.models import Provider

DUTIES_AHEAD = 8
ROUNDS = (("Early", "06:30"), ("Morning", "08:00"), ("Lunch", "12:30"), ("Teatime", "17:00"), ("Night", "21:00"))
LEADERS_LOOK = ("10:30", "16:30")

Event = tuple[dt.datetime, int, Callable[[], object]]


def play(now: dt.datetime, say: Callable[[str], None], told_from: int = TOLD_FROM) -> Story:
    """Found the home a month ago and live it until now."""
    story = Story(clock.local_day(now), now, say, told_from)
    with clock.standing(story.at(LIVE, "08:00")):
        _found(story)
        steps = itertools.chain.from_iterable(part(story) for part in PARTS)
        events: list[Event] = sorted(((at, n, do) for n, (at, do) in enumerate(steps)), key=lambda e: (e[0], e[1]))
        events = [e for e in events if e[0] <= now]
        for done, (at, _, do) in enumerate(events, 1):
            clock.stand_at(at)
            floor.known(story.home, clock.local_day(at))
            do()
            if done % 1000 == 0 or done == len(events):
                say(f"  Demo home: {done} of {len(events)} events played")
    return story


# ---------------------------------------------------------------- the home and its team


def _found(story: Story) -> None:
    provider: Provider = founding.found_provider(PROVIDER)
    story.home = founding.found_home(provider, HOME, SLUG, [people.GROUND, people.FIRST])
    password_hash = signin.hash_password(team.PASSPHRASE)
    for p in team.STAFF:
        row = staff.add_person(
            by=story.system,
            username=p.username,
            given_name=p.given,
            family_name=p.family,
            role=p.role,
            agency=p.agency,
            bank=p.bank,
            password_hash=password_hash,
            valid_until=story.at(ends, "00:00") if (ends := team.ACCESS_ENDS.get(p.code)) else None,
        )
        story.person[p.code] = row.id
    n = team.NOMINATED
    ruth = founding.add_to_provider(
        provider,
        username=n.username,
        given_name=n.given,
        family_name=n.family,
        role=n.role,
        password_hash=password_hash,
    )
    story.nominated = ruth.id
    for name, starts in ROUNDS:
        closes = walk.NIGHT_CLOSES_AFTER if starts == prescriptions.ON else walk.CLOSES_AFTER
        mar.set_round(by=story.system, name=name, starts=starts, close_minutes=int(closes.total_seconds() // 60))


# ---------------------------------------------------------------- residents, labels, orders


def _residents(story: Story) -> Steps:
    for r in people.RESIDENTS:
        first, *later = r.stays
        came = max(story.at(first.from_day, first.from_time), story.at(LIVE, "08:30"))
        yield came, lambda r=r, first=first: _move_in(story, r, first)
        for stay in later:
            yield story.at(stay.from_day, stay.from_time), lambda r=r, stay=stay: _move(story, r, stay)


def _move_in(story: Story, r: people.Resident, stay: people.Stay) -> None:
    details = ResidentDetails(
        given_name=r.given,
        family_name=r.family,
        born=people.born(r, story.d0),
        preferred_name=r.preferred if r.preferred != r.given else "",
        nhs_number=r.nhs_number,
        room=str(r.room),
        unit=r.unit,
        gp=r.gp,
        likes=r.likes,
        fluid_level=r.fluid_level,
        food_level=r.food_level,
        weight_kg=Decimal(r.weight_kg) if r.weight_kg else None,
        alert=r.alert,
    )
    row = residents.add_resident(
        by=story.system,
        details=details,
        status=r.allergy_status,
        items=tuple(AllergyItem(a.substance, a.reaction, a.severe) for a in r.allergies),
        valid_from=min(clock.now(), story.at(stay.from_day, stay.from_time)),
        note=stay.note,
        photo=photos.encode(portraits.draw(r.code)),
    )
    story.resident[r.code] = row.id
    for place in r.label_places:
        label = label_actions.make_label(by=story.actor("S4"), resident_id=row.id, place=place)
        story.label[(r.code, place)] = label.id


def _move(story: Story, r: people.Resident, stay: people.Stay) -> None:
    residents.move_resident(
        by=story.actor("S1"), resident_id=story.resident[r.code], state=stay.kind, note=stay.note
    )


def _orders(story: Story) -> Steps:
    """Every line from the day it was prescribed on; one that ended before the first day told is not on a chart."""
    for n, o in enumerate(prescriptions.LINES):
        if o.until_day is not None and o.until_day <= story.told_from:
            continue
        at = story.at(max(o.from_day if o.charted is None else o.charted, story.told_from), "00:00")
        came = next(r for r in people.RESIDENTS if r.code == o.resident).stays[0]
        first = max(at, story.at(came.from_day, came.from_time))
        yield first, lambda n=n, o=o, at=at: _import(story, n, o, at)


def _import(story: Story, n: int, o: prescriptions.Order, at: dt.datetime) -> None:
    story.order[n] = medicines.import_order(
        by=story.system,
        resident_id=story.resident[o.resident],
        details=order_details(o, story.d0),
        valid_from=at,
    )


def _duties(story: Story) -> Steps:
    """The roster of the days that were and the week to come, entered by the manager a day ahead."""
    for n in range(story.told_from - 1, DUTIES_AHEAD):
        day = story.d0 + dt.timedelta(days=n)
        entered = max(story.at(min(n - 1, 0), "00:30"), story.at(LIVE, "09:30"))
        for duty in team.duties(day):
            yield min(entered, story.now), lambda duty=duty, day=day: _put_on_duty(story, duty, day)


def _put_on_duty(story: Story, duty: team.Duty, day: dt.date) -> None:
    last = day + dt.timedelta(days=1) if duty.ends_next_day else day
    staff.set_duty(
        by=story.system,
        person_id=story.person[duty.staff],
        kind=duty.kind,
        starts=clock.at_local(day, duty.start),
        ends=clock.at_local(last, duty.end),
    )


# ---------------------------------------------------------------- today


def _leading(story: Story) -> Steps:
    """The day's reading of alerts, and the manager's answers to what was reported."""
    for day in range(story.told_from, 1):
        yield story.at(day, LEADERS_LOOK[0]), lambda: leaders.close_reports(story.floor)
        for time in LEADERS_LOOK:
            yield story.at(day, time), lambda: leaders.read_alerts(story.floor)
        yield story.at(day, LEADERS_LOOK[-1]), lambda: leaders.confirm_late(story.floor)


def _today(story: Story) -> Steps:
    """An order that waits for its second check, and somebody not signed off who was about to give."""
    yield min(story.at(0, "09:30"), story.now), lambda: _keyed_today(story)
    attempt = _on_shift_last(story)
    yield min(attempt, story.now), lambda: _attempt(story, attempt)


def _keyed_today(story: Story) -> None:
    details = OrderDetails(
        medicine="macrogol 3350",
        strength="",
        form="powder for oral solution",
        dose_amount=Decimal(1),
        dose_unit="sachet",
        route="mouth",
        times=("08:00",),
        starts_on=story.d0 + dt.timedelta(days=2),
        instructions=("Dissolve in 125 mL of water",),
        indication="constipation, in place of lactulose",
        required_skills=("oral",),
        prescriber=people.SURGERY,
        source=WAITING_SOURCE,
    )
    medicines.add_order(by=story.actor("S4"), resident_id=story.resident["R05"], details=details)


def _on_shift_last(story: Story) -> dt.datetime:
    """Shortly before the last teatime round on which Chloe was there; where no such day is told, this morning."""
    days = range(-1, max(story.told_from, -7) - 1, -1)
    late = (day for day in days if any(seen.name == "Teatime" for seen in watched.rounds_on("S13", day, story.d0)))
    day = next(late, None)
    return story.at(0, "07:56") if day is None else story.at(day, "16:56")


def _attempt(story: Story, at: dt.datetime) -> None:
    """Chloe, who is still being observed, opened a card and tried to make a tablet ready: refused and kept."""
    local = clock.local(at)
    for n, o in enumerate(prescriptions.ORDERS):
        if (o.resident, o.medicine) != ("R10", "apixaban"):
            continue
        due = clock.at_local(local.date(), dt.time.fromisoformat(o.times[int(local.hour > 12)]))
        if due - dt.timedelta(minutes=o.window_before) > clock.now():
            return
        version = story.order[n]
        key = DoseKey(version.line_id, due)
        try:
            recording.refuse_ready(
                by=story.actor("S13"), resident_id=story.resident["R10"], key=key, version_id=version.id
            )
        except Refused:
            pass  # that is the point: the attempt stays in the ledger


PARTS: tuple[Callable[[Story], Steps], ...] = (
    granted.steps, _residents, _orders, letters.steps, _duties, trained.steps, outside.steps, assessed.steps,
    doses.steps, needed.steps, gaps_found.steps, comings.steps, shift_ends.steps, _leading, talks.steps,
    arranged.steps, audited.steps, _today,
)
