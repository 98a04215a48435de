"""What the pages of cover show: sentences for holes, who could fill them, and the way to do it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency.vocabulary import IN_A_SENTENCE
from medpwa.errors import NotFound
from medpwa.permits import Actor, may
from medpwa.practice import coverage_rules as rules
from medpwa.practice.coverage import Forecast, forecast
from medpwa.practice.coverage_rules import Hole, Part
from medpwa.practice.coverage_vocabulary import NO_SECOND, NOBODY_HERE, PARTS, ROOMS_NAMED, TONES
from medpwa.practice.filling_rules import Lapse, work_for
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff
from medpwa.staff.vocabulary import ON_CALL, SHIFTS

BY_MOUTH, MOST_SAID = "oral", 2  # of the holes of a part, in its sentence
COULD_COME = "Who could come is in date then, not on duty and not over 12 hours."
SHIFT_BEFORE = dt.timedelta(hours=1)  # a shift is proposed by its name where it begins with the part of the day


@dataclass(frozen=True)
class HoleRow:
    """One hole in words."""

    kind: str
    tone: str
    words: str
    brief: str  # without rooms and times
    doses: list[str]
    could: list[tuple[str, str]]  # name, address of the form with them chosen
    on_call: str
    nobody_free: bool


@dataclass(frozen=True)
class PartCard:
    """A part of a day with its holes."""

    title: str
    url: str
    sentence: str
    since: dt.datetime
    rows: list[HoleRow]

    @property
    def due(self) -> list[HoleRow]:
        """The holes a dose falls into by the clock."""
        return [r for r in self.rows if r.doses]

    @property
    def beside(self) -> str:
        """What may be needed in this part and nobody could do, in one line."""
        return "; ".join(r.brief for r in self.rows if not r.doses)


@dataclass(frozen=True)
class NeededCard:
    """Something that may be needed and that nobody could do, with every part of the week it is missing in, said once:
    by day, each part with its address."""

    title: str
    count: int
    days: list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class CoverPage:
    """Seven days ahead: the doses nobody can give, part by part, then what may be needed."""

    sentence: str
    lead: str
    cards: list[PartCard]
    needed: list[NeededCard]
    lapses: list[str]
    duties_url: str
    import_url: str | None
    known: bool


@dataclass(frozen=True)
class PartFound:
    """A part of a day in the forecast's span: what the page that fills it is about."""

    home_id: int
    part: Part
    holes: tuple[Hole, ...]


@dataclass(frozen=True)
class PartPage:
    """One part of a day: what is missing, or that nothing is."""

    sentence: str
    lead: str
    card: PartCard | None
    on_floor: list[str]
    on_call: list[str]
    values: dict[str, str]
    url: str
    day_url: str
    may_fill: bool


def base(who: Actor) -> str:
    """Where the pages of cover stand."""
    return f"/h/{who.home_slug}/coverage"


def cover_page(who: Actor) -> CoverPage:
    """The next seven days of the home."""
    found = forecast(who)
    cards = cards_of(who, found)
    return CoverPage(
        sentence=_sentence(found, cards),
        lead=_lead(who, found),
        cards=[card for card in cards if card.due],
        needed=needed_cards(who, found),
        lapses=[_lapse(who, x) for x in found.lapses],
        duties_url=f"/h/{who.home_slug}/duties/week",
        import_url=f"/h/{who.home_slug}/duties/import" if may("staff.import_duties", who) else None,
        known=found.any_duties,
    )


def _sentence(found: Forecast, cards: list[PartCard]) -> str:
    if not found.any_duties:
        return "No duties are recorded for the next seven days"
    if not cards:
        return "Somebody can give every dose of the next seven days"
    due = [card for card in cards if card.due]
    if not due:
        return "Somebody can give every dose that falls due, but not all that may be needed"
    more = len(due) - 1
    return f"{due[0].sentence}; {more} more after that" if more else due[0].sentence


def _lead(who: Actor, found: Forecast) -> str:
    if not found.any_duties:
        return "Type the duties, or bring them in from a file, and this page says where somebody is missing."
    counted = f"{found.doses:,} doses fall due until {clock.stamp_words(found.end, who.zone)}."
    if found.known_until < found.end:
        until = clock.stamp_words(found.known_until, who.zone)
        return f"Duties are recorded until {until}; nothing is said of the time after."
    return f"{counted} {COULD_COME}" if any(found.could.values()) else counted


def _lapse(who: Actor, lapse: Lapse) -> str:
    name = staff.names({lapse.person_id}).get(lapse.person_id, "Somebody")
    what = IN_A_SENTENCE.get(lapse.skill, lapse.skill)
    return f"{name}’s sign-off for {what} ends {clock.stamp_words(lapse.until, who.zone)}, before their last duty here."


# ---------------------------------------------------------------- holes in words


def cards_of(who: Actor, found: Forecast) -> list[PartCard]:
    """The holes, part of day by part of day."""
    rooms = _rooms(who, found)
    by_part: dict[Part, list[Hole]] = {}
    for hole in found.holes:
        by_part.setdefault(hole.part, []).append(hole)
    return [_card(who, found, part, holes, rooms) for part, holes in by_part.items()]


def _rooms(who: Actor, found: Forecast) -> dict[int, tuple[str, str]]:
    return {r.id: (r.name, r.room_words) for r in residents.residents_at(who.home_id, found.start)}


def _card(who: Actor, found: Forecast, part: Part, holes: list[Hole], rooms: dict) -> PartCard:
    rows = [_row(who, found, h, rooms) for h in holes]
    title = part_words(part)
    url = f"{base(who)}/{part.key}"
    return PartCard(title, url, f"{title}: {_said(rows)}", min(h.since for h in holes), rows)


def _said(rows: list[HoleRow]) -> str:
    """The first holes of a part. Beside a dose nobody can give, of what may be needed only the second person is said:
    the rest stands further down."""
    due = [r for r in rows if r.doses]
    second = [r.brief for r in rows if r.kind == NO_SECOND and not r.doses]
    if due:
        return ", ".join(([r.words for r in due] + second)[:MOST_SAID])
    more = len(rows) - 1
    return f"{rows[0].brief} if it is needed{f', and {more} more' if more else ''}"


def needed_cards(who: Actor, found: Forecast) -> list[NeededCard]:
    """What may be needed and nobody could do: each said once, however many parts of the week it is missing in."""
    rooms = _rooms(who, found)
    alike: dict[tuple, list[Hole]] = {}
    for hole in found.holes:
        if not hole.doses:
            alike.setdefault((hole.kind, hole.skills, hole.resident_id), []).append(hole)
    return [_needed_card(who, holes, rooms) for holes in alike.values()]


def _needed_card(who: Actor, holes: list[Hole], rooms: dict) -> NeededCard:
    brief = _brief(holes[0], rooms)
    days: dict[str, list[tuple[str, str]]] = {}
    for hole in holes:
        links = days.setdefault(hole.part.day.strftime("%A"), [])
        links.append((_from(who, hole), f"{base(who)}/{hole.part.key}"))
    return NeededCard(f"{brief[:1].upper()}{brief[1:]}", len(holes), list(days.items()))


def _from(who: Actor, hole: Hole) -> str:
    """`night`, or `night from 21:30` where somebody can at its beginning."""
    late = hole.since > hole.part.starts
    return f"{hole.part.name} from {clock.time_words(hole.since, who.zone)}" if late else hole.part.name


def part_words(part: Part) -> str:
    """`Tuesday night`; the date stands on the page that fills it."""
    return f"{part.day.strftime('%A')} {part.name}"


def _row(who: Actor, found: Forecast, hole: Hole, rooms: dict) -> HoleRow:
    could, call = found.could[hole], found.on_call[hole]
    return HoleRow(
        kind=hole.kind,
        tone=TONES[hole.kind],
        words=hole_words(who, hole, rooms),
        brief=_brief(hole, rooms),
        doses=[_dose(who, at, resident_id, rooms) for at, resident_id in hole.doses],
        could=[(w.name, f"{base(who)}/{hole.part.key}?person={w.person_id}#add") for w in could],
        on_call=", ".join(w.name for w in call),
        nobody_free=not could and not call,
    )


def hole_words(who: Actor, hole: Hole, rooms: dict) -> str:
    """`nobody for insulin (room 4, 21:00)`; without a dose, from when on and for whom."""
    if hole.kind == NOBODY_HERE:
        count = len(hole.doses)
        return f"nobody is on duty for {count} dose{'' if count == 1 else 's'} ({_where(who, hole, rooms)})"
    head = _brief(hole, rooms)
    if hole.doses:
        return f"{head} ({_where(who, hole, rooms)})"
    return f"{head} if it is needed (from {clock.time_words(hole.since, who.zone)})"


def _brief(hole: Hole, rooms: dict) -> str:
    """What is missing, and for whom where a sign-off is for one resident and no dose with its room follows."""
    if hole.kind == NO_SECOND:
        return "no second person for controlled drugs"
    whose = f" for {rooms[hole.resident_id][0]}" if hole.resident_id in rooms and not hole.doses else ""
    return f"nobody for {_what(hole, rooms)}{whose}"


def _what(hole: Hole, rooms: dict) -> str:
    """What nobody can do. Beside another skill, medicines by mouth go without saying: where nobody may give those, it
    is a hole of its own."""
    asked = [s for s in hole.skills if s != BY_MOUTH] or list(hole.skills)
    named = [IN_A_SENTENCE.get(s, s) for s in asked] or ["medicines"]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]} together"


def _where(who: Actor, hole: Hole, rooms: dict) -> str:
    """Rooms by the time, the first few of them."""
    said = []
    for at, resident_id in hole.doses:
        name, room = rooms.get(resident_id, ("somebody who has left", ""))
        place = f"{room[:1].lower()}{room[1:]}" if room else name
        said.append(f"{place}, {clock.time_words(at, who.zone)}")
    said = list(dict.fromkeys(said))
    more = f" and {len(said) - ROOMS_NAMED} more" if len(said) > ROOMS_NAMED else ""
    return "; ".join(said[:ROOMS_NAMED]) + more


def _dose(who: Actor, at: dt.datetime, resident_id: int, rooms: dict) -> str:
    name, room = rooms.get(resident_id, ("Somebody", ""))
    return f"{clock.time_words(at, who.zone)}, {name}{f', {room}' if room else ''}"


# ---------------------------------------------------------------- one part of a day


def part_found(by: Actor, part_key: str, **_: object) -> PartFound:
    """A part of a day in the seven days ahead, else NotFound."""
    day_words, _, name = part_key[:40].rpartition("-")
    try:
        day = dt.date.fromisoformat(day_words)
    except ValueError:
        raise NotFound() from None
    if name not in PARTS or day_words != day.isoformat():
        raise NotFound()
    found = forecast(by)
    part = rules.part_on(day, name, by.zone)
    if part.ends <= found.start or part.starts >= found.end:
        raise NotFound()
    return PartFound(by.home_id, part, tuple(h for h in found.holes if h.part == part))


def part_page(who: Actor, about: PartFound, person: str = "") -> PartPage:
    """What is missing in a part of a day, with the form that fills it; once it is filled, the page says so."""
    found = forecast(who)
    card = next((c for c in cards_of(who, found) if c.title and c.url.endswith(f"/{about.part.key}")), None)
    title, day = part_words(about.part), clock.date_words(about.part.day)
    unknown = found.known_until <= about.part.starts
    sentence = card.sentence if card else f"{title} is covered" if not unknown else f"Nobody is down for {title} yet"
    floor, call = _there(who, about.part)
    return PartPage(
        sentence=sentence,
        lead=f"{day}. {_part_lead(card, unknown)}".strip(),
        card=card,
        on_floor=floor,
        on_call=call,
        values=_suggested(who, about, person),
        url=f"{base(who)}/{about.part.key}",
        day_url=f"/h/{who.home_slug}/duties?day={about.part.day.isoformat()}",
        may_fill=may("staff.set_duty", who),
    )


def _part_lead(card: PartCard | None, unknown: bool) -> str:
    if card:
        return COULD_COME if any(row.could for row in card.rows) else ""
    return "" if unknown else "Somebody on the floor can give every dose that falls due."


def _there(who: Actor, part: Part) -> tuple[list[str], list[str]]:
    """Who is down for it, on the floor and on call apart, with their hours."""
    duties = staff.duties_between(who.home_id, part.starts, part.ends)
    names = staff.names({d.person_id for d in duties})
    said: tuple[list[str], list[str]] = ([], [])
    for d in duties:
        hours = f"{clock.time_words(d.starts, who.zone)} to {clock.time_words(d.ends, who.zone)}"
        said[d.kind == ON_CALL].append(f"{names.get(d.person_id, 'Somebody')}, {hours}")
    return said


def _suggested(who: Actor, about: PartFound, person: str) -> dict[str, str]:
    """A duty that would fill the first hole: a shift by its name where one fits, else the hours that are missing."""
    starts, ends = work_for(about.holes[0]) if about.holes else (about.part.starts, about.part.ends)
    values = {"person": person, "duty": "floor", "day": clock.local_day(starts, who.zone).isoformat()}
    for key, (_, begins, until) in SHIFTS.items():
        span = _shift_span(about.part.day, begins, until, who.zone)
        fits = about.part.starts - SHIFT_BEFORE <= span[0] <= starts and ends <= span[1]
        if key != "day_on_call" and fits:
            return values | {"shift": key, "from": begins, "until": until}
    hours = {"from": clock.time_words(starts, who.zone), "until": clock.time_words(ends, who.zone)}
    return values | {"shift": "other"} | hours


def _shift_span(day: dt.date, begins: str, until: str, zone: str) -> tuple[dt.datetime, dt.datetime]:
    start, end = dt.time.fromisoformat(begins), dt.time.fromisoformat(until)
    last = day + dt.timedelta(days=1) if end <= start else day
    return clock.at_local(day, start, zone), clock.at_local(last, end, zone)
