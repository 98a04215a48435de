"""Plays the demo home's tables through the real actions, in the order of time, with the clock standing where it was.

Nothing here writes a table by itself: a fault in an action stops the demo as it would stop a person.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from medpwa import alerts, clock
from medpwa.competency import actions as competency
from medpwa.demo import floor, handing, pattern, people, portraits, prescriptions, team
from medpwa.errors import Refused
from medpwa.mar import actions as mar
from medpwa.mar import queries as mar_queries
from medpwa.mar import recording, tickets, watch
from medpwa.mar.actions import GivenFact
from medpwa.mar.intents import Intent
from medpwa.mar.tickets import DoseKey, Ticket
from medpwa.medicines import actions as medicines
from medpwa.medicines.keying import OrderDetails
from medpwa.medicines.models import OrderVersion
from medpwa.permits import Actor
from medpwa.residents import actions as residents
from medpwa.residents import label_actions, photos
from medpwa.residents.details import AllergyItem, ResidentDetails
from medpwa.staff import actions as staff
from medpwa.staff import founding, queries, signin
from medpwa.staff.models import Home, Provider

PROVIDER, HOME, SLUG = "Larkhill Care Ltd (demo)", "Rowanbank House", "rowanbank"
LIVE_FROM, TOLD_FROM, DUTIES_AHEAD = -31, prescriptions.TOLD_FROM, 8
WAITING_SOURCE = "Letter from the surgery, in the folder"  # of the order that waits for its second check
ROUNDS = (("Early", "06:30"), ("Morning", "08:00"), ("Lunch", "12:30"), ("Teatime", "17:00"), ("Night", "21:00"))


@dataclass
class Story:
    """What the story knows as it goes: ids by the tables' codes."""

    d0: dt.date
    now: dt.datetime
    say: Callable[[str], None]
    home: Home | None = None
    person: dict[str, int] = field(default_factory=dict)
    resident: dict[str, int] = field(default_factory=dict)
    label: dict[tuple[str, str], int] = field(default_factory=dict)
    order: dict[int, OrderVersion] = field(default_factory=dict)
    unreported: tuple | None = None  # the gap somebody reported afterwards

    def at(self, day: int, time: str) -> dt.datetime:
        """The instant of a local time on a day counted from D0."""
        return clock.local_to_instant(people.moment(self.d0, day, time))

    def actor(self, code: str) -> Actor:
        """A member of the team as they are at the story's time."""
        found = queries.actor(self.person[code], SLUG)
        assert found is not None, f"{code} holds no role here at {clock.now()}"
        return found

    @property
    def system(self) -> Actor:
        return queries.system(self.home)


Event = tuple[dt.datetime, int, Callable[[], None]]


def play(now: dt.datetime, say: Callable[[str], None]) -> Story:
    """Found the home a month ago and live it until now."""
    story = Story(clock.local_day(now), now, say)
    with clock.standing(story.at(LIVE_FROM, "08:00")):
        _found(story)
        steps = itertools.chain(
            *(made(story) for made in (_grants, _residents, _orders, _duties, _doses, _today)),
            handing.of_the_week(story.home, story.d0, TOLD_FROM),
        )
        events: list[Event] = sorted(((at, n, do) for n, (at, do) in enumerate(steps)), key=lambda e: (e[0], e[1]))
        events = [e for e in events if e[0] <= now]
        for done, (at, _, do) in enumerate(events, 1):
            clock.stand_at(at)
            floor.known(story.home, clock.local_day(at))
            do()
            if done % 250 == 0 or done == len(events):
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
        )
        story.person[p.code] = row.id
    n = team.NOMINATED
    founding.add_to_provider(
        provider,
        username=n.username,
        given_name=n.given,
        family_name=n.family,
        role=n.role,
        password_hash=password_hash,
    )
    for name, starts in ROUNDS:
        closes = pattern.NIGHT_CLOSES_AFTER if starts == prescriptions.ON else pattern.CLOSES_AFTER
        mar.set_round(by=story.system, name=name, starts=starts, close_minutes=int(closes.total_seconds() // 60))


def _grants(story: Story):
    """Sign-offs in the order they were made; what was before the app went live is taken over on that day."""
    for g in sorted(team.GRANTS, key=lambda g: g.from_day):
        if g.state == "ended":
            continue  # the sign-off before it has its end date: nobody ended it by hand
        at = story.at(g.from_day, "00:00")
        yield max(at, story.at(LIVE_FROM, "09:00")), lambda g=g, at=at: _grant(story, g, at)


def _grant(story: Story, g: team.Grant, at: dt.datetime) -> None:
    about = dict(person_id=story.person[g.staff], skill=g.skill)
    about["resident_id"] = story.resident[g.resident] if g.resident else None
    if g.state == "suspended":
        competency.suspend(by=story.system, **about, reason=g.reason)
        return
    competency.grant(
        by=story.system,
        **about,
        state=g.state,
        valid_from=at,
        valid_until=story.at(g.until_day, "00:00") if g.until_day is not None and not _paused_then(g) else None,
        reason=g.reason,
    )


def _paused_then(g: team.Grant) -> bool:
    """Whether a sign-off stopped because it was paused by hand, not because its date came."""
    return any(
        (x.staff, x.skill, x.state, x.from_day) == (g.staff, g.skill, "suspended", g.until_day) for x in team.GRANTS
    )


# ---------------------------------------------------------------- residents, labels, orders


def _residents(story: Story):
    for r in people.RESIDENTS:
        first, *later = r.stays
        came = max(story.at(first.from_day, first.from_time), story.at(LIVE_FROM, "08:30"))
        yield came, lambda r=r, first=first: _move_in(story, r, first)
        if first.from_day >= LIVE_FROM:  # the others lived here before, with their lists long compared
            yield came + handing.COMPARED_IN, lambda r=r: handing.compare(story.actor("S4"), story.resident[r.code])
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


def _orders(story: Story):
    for n, o in enumerate(prescriptions.ORDERS):
        start = max(o.from_day, TOLD_FROM)
        at = story.at(start, "00:00") if start <= 0 else story.at(start, "08:00")
        came = next(r for r in people.RESIDENTS if r.code == o.resident).stays[0]
        yield max(at, story.at(came.from_day, came.from_time)), lambda n=n, o=o, at=at: _import(story, n, o, at)


def order_details(o: prescriptions.Order, d0: dt.date) -> OrderDetails:
    """An order of the table as it is keyed."""
    last = o.until_day - 1 if o.until_day is not None else None
    return OrderDetails(
        medicine=o.medicine,
        strength=o.strength,
        form=o.form,
        dose_amount=Decimal(o.dose),
        dose_unit=o.unit,
        dose_text=o.dose_mg,
        route=o.route,
        site=o.site,
        times=o.times,
        starts_on=d0 + dt.timedelta(days=o.from_day),
        ends_on=d0 + dt.timedelta(days=last) if last is not None else None,
        instructions=o.instructions,
        indication=o.indication,
        window_before=o.window_before,
        window_after=o.window_after,
        time_critical=o.time_critical,
        high_risk=o.high_risk,
        controlled=o.controlled,
        required_skills=o.skills,
        prescriber=o.prescriber,
        source=o.source,
    )


def _import(story: Story, n: int, o: prescriptions.Order, at: dt.datetime) -> None:
    story.order[n] = medicines.import_order(
        by=story.system,
        resident_id=story.resident[o.resident],
        details=order_details(o, story.d0),
        valid_from=at,
    )


def _duties(story: Story):
    """The roster of the week that was and the week to come, entered by the manager a day ahead."""
    for n in range(TOLD_FROM - 1, DUTIES_AHEAD):
        day = story.d0 + dt.timedelta(days=n)
        entered = story.at(min(n - 1, 0), "00:30")
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


# ---------------------------------------------------------------- a week of doses


def _doses(story: Story):
    """Every dose of the last seven days and today, as the pattern says it came out."""
    dues = [d for n in range(TOLD_FROM, 2) for d in prescriptions.due_on(story.d0 + dt.timedelta(days=n), story.d0)]
    now_local = clock.local(story.now)
    left = pattern.leave_open(now_local, dues, story.d0)
    gaps = []
    for due in dues:
        told = pattern.come_out(due, story.d0)
        at = clock.local_to_instant(due.at) + dt.timedelta(minutes=told.minutes)
        if at > story.now or due in left:
            continue
        if told.outcome is None:
            gaps.append(due)
            continue
        yield at, lambda due=due, told=told: _record(story, due, told)
    for due in (d for d in left if prescriptions.ORDERS[d.order].time_critical):
        past_window = dt.timedelta(minutes=prescriptions.ORDERS[due.order].window_after + 1)
        yield clock.local_to_instant(due.at) + past_window, lambda: watch.look(story.home)
    if len(gaps) > 1:  # one of the week's gaps was found to be a give nobody had recorded
        yield clock.local_to_instant(gaps[0].at) + dt.timedelta(hours=11), lambda: _report(story, gaps[0])


def _key(story: Story, due: prescriptions.Due) -> DoseKey:
    return DoseKey(story.order[due.order].line_id, clock.local_to_instant(due.at))


def _record(story: Story, due: prescriptions.Due, told: pattern.Told) -> None:
    by, key = story.actor(told.by), _key(story, due)
    if told.outcome != "away":
        _identify(story, by, due.resident, told)
    ticket = ""
    if told.outcome == "given":
        version = story.order[due.order].id
        ticket = tickets.issue(Ticket(by.person_id, by.home_id, key, version, None, clock.now()))
    recording.record(
        by=by,
        resident_id=story.resident[due.resident],
        intent=Intent(
            key=key,
            entry_id=str(uuid.uuid4()),
            version_id=story.order[due.order].id,
            outcome=told.outcome,
            reason=told.reason,
            note=told.note,
            extra=dict(told.extra),
            ticket=ticket,
        ),
    )


def _identify(story: Story, by: Actor, code: str, told: pattern.Told) -> None:
    """One opening a visit: the next medicine of the same person in the same quarter of an hour rests on it."""
    opening = mar_queries.identified(by, story.resident[code])
    if opening is not None and opening.at is not None and clock.now() - opening.at < dt.timedelta(minutes=15):
        return
    if told.label:
        mar.scan(by=by, resident_id=story.resident[code], label_id=story.label[code, told.label], how="scanner")
    else:
        mar.open_without_scan(by=by, resident_id=story.resident[code], reason=told.no_scan or "label_missing")


def _report(story: Story, due: prescriptions.Due) -> None:
    """A dose given and not recorded, reported the next morning by whoever gave it."""
    giver = pattern.who_records(due, due.at + dt.timedelta(minutes=20), story.d0) or "S7"
    fact = GivenFact(
        entry_id=str(uuid.uuid4()),
        line_id=story.order[due.order].line_id,
        due_at=clock.local_to_instant(due.at),
        given_at=clock.local_to_instant(due.at) + dt.timedelta(minutes=20),
        administered_by=story.person[giver],
        who_knew="The shift leader, at hand-over",
        why="The call bell rang while I was with them and I did not come back to the phone",
    )
    mar.report_given(by=story.actor(giver), resident_id=story.resident[due.resident], fact=fact)
    leader = story.actor("S5")
    for alert in alerts.open_for(leader):
        alerts.acknowledge(by=leader, alert_id=alert.id)


# ---------------------------------------------------------------- today


def _today(story: Story):
    """An order that waits for its second check, and somebody not signed off who was about to give."""
    yield min(story.at(0, "09:30"), story.now), lambda: _keyed_today(story)
    yield min(story.at(0, "08:20"), story.now), lambda: _attempt(story)


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


def _attempt(story: Story) -> None:
    """Chloe, who is still being observed, opened a card and tried to make a tablet ready: refused and kept."""
    for n, o in enumerate(prescriptions.ORDERS):
        if (o.resident, o.medicine) != ("R10", "apixaban"):
            continue
        due = clock.at_local(story.d0, dt.time.fromisoformat(o.times[0]))
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
