"""Duties as their page shows them: a day in shifts, or a week at a glance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.errors import NotFound
from medpwa.permits import Actor, may
from medpwa.staff import queries, rules
from medpwa.staff.models import Duty
from medpwa.staff.vocabulary import DUTIES, DUTY_LOOKS, SHIFTS

WEEK = dt.timedelta(days=7)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class DutyRow:
    """Somebody's duty, in a list."""

    name: str
    initials: str
    second: str
    tone: str
    duty_words: str
    icon: str
    url: str | None


@dataclass(frozen=True)
class Shift:
    """People whose duties have the same times."""

    heading: str
    rows: list[DutyRow]
    warning: str
    on_now: bool


@dataclass(frozen=True)
class Link:
    """A way to another day."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class DayPage:
    """One day of duties."""

    sentence: str
    lead: str
    day: str
    day_words: str
    shifts: list[Shift]
    days: list[Link]
    earlier_url: str
    later_url: str
    week_url: str
    today_url: str
    people: list[tuple[int, str]]
    may_edit: bool


def day_page(who: Actor, day: dt.date) -> DayPage:
    """Who is on duty on a day, shift by shift, with the days of its week as links."""
    today = clock.local_day(clock.now(), who.zone)
    start, end = clock.day_bounds(day, who.zone)
    duties = queries.duties_between(who.home_id, start, end)
    monday = clock.monday_of(day)
    return DayPage(
        sentence=_sentence(who, day, today, duties),
        lead=_lead(who, day, today, duties),
        day=day.isoformat(),
        day_words=_long(day),
        shifts=_shifts(who, duties, start),
        days=_days(who, monday, day),
        earlier_url=_url(who, day - WEEK),
        later_url=_url(who, day + WEEK),
        week_url=f"/h/{who.home_slug}/duties/week?day={monday.isoformat()}",
        today_url=_url(who, today),
        people=people_to_choose(who),
        may_edit=may("staff.set_duty", who),
    )


def _url(who: Actor, day: dt.date) -> str:
    return f"/h/{who.home_slug}/duties?day={day.isoformat()}"


def _long(day: dt.date) -> str:
    return f"{day.strftime('%A')} {day.day}\u00a0{day.strftime('%B')}"


def _sentence(who: Actor, day: dt.date, today: dt.date, duties: list[Duty]) -> str:
    count = len({d.person_id for d in duties})
    if day != today:
        return {0: f"Nobody is on duty yet on {_long(day)}", 1: f"1 person is on duty on {_long(day)}"}.get(
            count, f"{count} people are on duty on {_long(day)}"
        )
    if not duties:
        return "No duties are recorded for today"
    now = clock.now()
    working = {d.person_id for d in duties if d.starts <= now < d.ends and d.kind != "on_call"}
    leads = [d.person_id for d in duties if d.starts <= now < d.ends and d.kind == "shift_leader"]
    on_now = "1 person is on shift now" if len(working) == 1 else f"{len(working)} people are on shift now"
    if leads:
        return f"{queries.names(set(leads))[leads[0]]} leads the shift; {on_now}"
    return f"{on_now}; nobody is down to lead"


def _lead(who: Actor, day: dt.date, today: dt.date, duties: list[Duty]) -> str:
    if duties or day != today:
        return ""
    people, _ = queries.on_shift(who.home_id)
    names = ", ".join(p.name for p in people) or "nobody at present"
    return f"Until there are, whoever was signed in within 12 hours counts as on shift: {names}."


def _days(who: Actor, monday: dt.date, chosen: dt.date) -> list[Link]:
    days = [monday + ONE_DAY * n for n in range(7)]
    return [Link(f"{d.strftime('%a')} {d.day}", _url(who, d), d == chosen) for d in days]


def _shifts(who: Actor, duties: list[Duty], day_begins: dt.datetime) -> list[Shift]:
    """On the floor by times, then on call; the leader of each shift first. A night that began the evening before and
    is over stands after the day's own shifts."""
    found, now = [], clock.now()
    people = queries.names({d.person_id for d in duties})
    for starts, ends, on_call in sorted(
        {(d.starts, d.ends, d.kind == "on_call") for d in duties},
        key=lambda k: (k[2], k[0] < day_begins and not k[0] <= now < k[1], k[0], k[1]),
    ):
        same = [d for d in duties if (d.starts, d.ends, d.kind == "on_call") == (starts, ends, on_call)]
        same.sort(key=lambda d: (d.kind != "shift_leader", people.get(d.person_id, "")))
        led = on_call or any(d.kind == "shift_leader" for d in _covering(duties, starts, ends))
        heading = f"On call, {_times(starts, ends, who)}" if on_call else _heading(starts, ends, who)
        if starts < day_begins:
            heading += f", begun on {clock.local_day(starts, who.zone).strftime('%A')}"
        warning = "" if led else "Nobody is down to lead this shift."
        found.append(Shift(heading, [_row(d, people, who) for d in same], warning, starts <= now < ends))
    return found


def _covering(duties: list[Duty], starts: dt.datetime, ends: dt.datetime) -> list[Duty]:
    return [d for d in duties if d.starts < ends and d.ends > starts and d.starts <= starts]


def _times(starts: dt.datetime, ends: dt.datetime, who: Actor) -> str:
    words = f"{clock.time_words(starts, who.zone)} to {clock.time_words(ends, who.zone)}"
    apart = clock.local_day(ends, who.zone) - clock.local_day(starts, who.zone)
    return f"{words} the next morning" if apart else words


def _heading(starts: dt.datetime, ends: dt.datetime, who: Actor) -> str:
    times = (clock.time_words(starts, who.zone), clock.time_words(ends, who.zone))
    name = next((words for words, *known in SHIFTS.values() if tuple(known) == times), "")
    return f"{name}, {_times(starts, ends, who)}" if name else _times(starts, ends, who)


def _row(duty: Duty, people: dict[int, str], who: Actor) -> DutyRow:
    name = people.get(duty.person_id, "Somebody")
    given, _, family = name.partition(" ")
    roles = queries.roles_of(duty.person_id, who.home_id)
    tone, icon = DUTY_LOOKS[duty.kind]
    return DutyRow(
        name=name,
        initials=rules.initials(given, family),
        second=queries.role_words(roles) or "Does not work here any more",
        tone=tone,
        duty_words=DUTIES[duty.kind],
        icon=icon,
        url=f"/h/{who.home_slug}/duties/{duty.duty_key}" if may("staff.set_duty", who) else None,
    )


def people_to_choose(who: Actor) -> list[tuple[int, str]]:
    """Everybody who can be put on duty, by name."""
    return sorted(
        ((c.person_id, f"{c.name}, {queries.role_words(c.roles).lower()}") for c in _working(who)), key=lambda p: p[1]
    )


def _working(who: Actor) -> Iterable[queries.Colleague]:
    return (c for c in queries.colleagues(who.home_id) if c.roles)


# ---------------------------------------------------------------- a week


@dataclass(frozen=True)
class WeekRow:
    """A day of the week page: names by shift."""

    label: str
    url: str
    today: bool
    cells: list[str]


@dataclass(frozen=True)
class WeekPage:
    """Seven days at a glance."""

    sentence: str
    columns: list[str]
    rows: list[WeekRow]
    earlier_url: str
    later_url: str
    day_url: str


_COLUMNS = (("early", "Early"), ("late", "Late"), ("night", "Night"), ("", "Other times"))


def week_page(who: Actor, day: dt.date) -> WeekPage:
    """The week a day is in. A shift stands on the day it starts."""
    monday, today = clock.monday_of(day), clock.local_day(clock.now(), who.zone)
    start, _ = clock.day_bounds(monday, who.zone)
    _, end = clock.day_bounds(monday + 6 * ONE_DAY, who.zone)
    duties = [d for d in queries.duties_between(who.home_id, start, end) if d.starts >= start]
    names = queries.names({d.person_id for d in duties})
    rows = []
    for n in range(7):
        that = monday + ONE_DAY * n
        mine = [d for d in duties if clock.local_day(d.starts, who.zone) == that]
        label = f"{that.strftime('%a')} {that.day}\u00a0{that.strftime('%b')}"
        rows.append(WeekRow(label, _url(who, that), that == today, _cells(mine, names, who)))
    unfilled = sum(1 for row in rows if not any(row.cells))
    return WeekPage(
        sentence=_week_sentence(monday, unfilled),
        columns=[words for _, words in _COLUMNS] + ["On call"],
        rows=rows,
        earlier_url=f"/h/{who.home_slug}/duties/week?day={(monday - WEEK).isoformat()}",
        later_url=f"/h/{who.home_slug}/duties/week?day={(monday + WEEK).isoformat()}",
        day_url=_url(who, today if monday <= today < monday + WEEK else monday),
    )


def _week_sentence(monday: dt.date, unfilled: int) -> str:
    week = f"the week of {monday.day}\u00a0{monday.strftime('%B')}"
    if unfilled == 7:
        return f"No duties are recorded for {week}"
    if unfilled:
        return f"{unfilled} {'day has' if unfilled == 1 else 'days have'} no duties in {week}"
    return f"Every day has duties in {week}"


def _cells(duties: list[Duty], names: dict[int, str], who: Actor) -> list[str]:
    by_column: dict[str, list[str]] = {key: [] for key, _ in (*_COLUMNS, ("on_call", ""))}
    for duty in sorted(duties, key=lambda d: (d.kind != "shift_leader", names.get(d.person_id, ""))):
        name = names.get(duty.person_id, "Somebody")
        by_column[_column(duty, who)].append(f"{name} (leads)" if duty.kind == "shift_leader" else name)
    return [", ".join(found) for found in by_column.values()]


def _column(duty: Duty, who: Actor) -> str:
    if duty.kind == "on_call":
        return "on_call"
    times = (clock.time_words(duty.starts, who.zone), clock.time_words(duty.ends, who.zone))
    return next((key for key, (_, *known) in SHIFTS.items() if tuple(known) == times and key != "day_on_call"), "")


# ---------------------------------------------------------------- one duty


@dataclass(frozen=True)
class DutyFound:
    """A duty as it stands, for its own page and actions."""

    home_id: int
    duty_key: str
    person_id: int
    name: str
    words: str
    day_url: str
    values: dict[str, str]


def duty_of(by: Actor, duty_key: str, **_: object) -> DutyFound:
    """A standing duty of the actor's home, else NotFound."""
    duty = queries.duty_by_key(by.home_id, duty_key[:64])
    if duty is None:
        raise NotFound()
    day = clock.local_day(duty.starts, by.zone)
    times = (clock.time_words(duty.starts, by.zone), clock.time_words(duty.ends, by.zone))
    shift = next((key for key, (_, *known) in SHIFTS.items() if tuple(known) == times), "other")
    name = queries.names({duty.person_id}).get(duty.person_id, "Somebody")
    return DutyFound(
        home_id=by.home_id,
        duty_key=duty.duty_key,
        person_id=duty.person_id,
        name=name,
        words=f"{_long(day)}, {_times(duty.starts, duty.ends, by)}, {DUTIES[duty.kind].lower()}",
        day_url=_url(by, day),
        values={
            "person": str(duty.person_id),
            "duty": duty.kind,
            "day": day.isoformat(),
            "shift": shift,
            "from": times[0],
            "until": times[1],
        },
    )
