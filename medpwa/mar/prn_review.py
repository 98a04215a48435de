"""When-required medicines of a home for its managers: uses of medicines that act on mood or behaviour which none of
them has noted yet, orders that should be reviewed and why, uses of the last two weeks, and of how many the effect was
recorded. By medicine and person who lives here, never by colleague."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from medpwa import clock
from medpwa.alerts import Acknowledgement, Alert
from medpwa.mar import effects, prn, prn_rules
from medpwa.mar import words as words_of
from medpwa.mar.effects import Given
from medpwa.mar.prn_rules import Trigger, psychotropic_key
from medpwa.mar.vocabulary import PRN_REVIEW
from medpwa.medicines import queries as orders
from medpwa.medicines import rules as medicines
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard, residents_at

LOOKED_BACK = dt.timedelta(days=61)
RECENT = dt.timedelta(days=14)
WEEKS = 4


@dataclass(frozen=True)
class ToNote:
    """One use a manager has not noted yet."""

    entry: int
    person: str
    words: str
    effect: str
    url: str
    at: dt.datetime


@dataclass(frozen=True)
class ToReview:
    """One order to be reviewed, with every reason and the days it rests on."""

    line_id: int
    person: str
    medicine: str
    url: str
    why: tuple[tuple[str, str], ...]  # (reason, days)
    review: str  # the protocol's own words
    duration: str
    since: dt.datetime


@dataclass(frozen=True)
class Used:
    """How often one order was used in the last two weeks."""

    person: str
    medicine: str
    url: str
    uses: int
    days: int
    last: str
    asked: str  # "3 of 4 effects recorded"


@dataclass(frozen=True)
class Week:
    """Of how many doses of a week the effect was recorded."""

    words: str
    recorded: int
    total: int
    share: str


@dataclass(frozen=True)
class ReviewPage:
    """Everything the managers' page shows."""

    sentence: str
    to_note: tuple[ToNote, ...]
    to_review: tuple[ToReview, ...]
    used: tuple[Used, ...]
    weeks: tuple[Week, ...]
    defaults: tuple[str, ...]


def page_for(who: Actor, at: dt.datetime | None = None) -> ReviewPage:
    """The page as it stands."""
    at = at or clock.now()
    people = {r.id: r for r in residents_at(who.home_id, at, include_left=True)}
    gives = effects.given_between(who.home_id, at - LOOKED_BACK, at)
    noted, reviewed = to_note(who, at), to_review(who, at)
    return ReviewPage(
        sentence=_sentence(len(noted), len(reviewed)),
        to_note=tuple(noted),
        to_review=tuple(reviewed),
        used=tuple(_used(who, people, gives, at)),
        weeks=tuple(_weeks(who, at)),
        defaults=tuple(f"{r.words}: {_default(name)}" for name, r in PRN_REVIEW.items()),
    )


def _default(name: str) -> str:
    r = PRN_REVIEW[name]
    return {
        "running": f"from {r.count} days running, unless the protocol sets its own",
        "often": f"from {r.count} doses in {r.days} days",
        "unused": f"none in {r.days} days",
    }[name]


def _sentence(noted: int, reviewed: int) -> str:
    if noted:
        return "1 use waits for a manager to note it" if noted == 1 else f"{noted} uses wait for a manager to note them"
    if reviewed:
        return "1 when-required medicine should be reviewed" if reviewed == 1 else (
            f"{reviewed} when-required medicines should be reviewed"
        )
    return "No when-required medicine needs a manager"


# ---------------------------------------------------------------- uses to note


def to_note(who: Actor, at: dt.datetime) -> list[ToNote]:
    """Uses of medicines that act on mood or behaviour which no manager has noted, oldest first, however old."""
    people = {r.id: r for r in residents_at(who.home_id, at, include_left=True)}
    gives = {g.entry: g for g in effects.given_between(who.home_id, at - LOOKED_BACK, at) if g.order.psychotropic}
    keys = {psychotropic_key(entry): entry for entry in gives}
    alerts = {a.id: keys[a.key] for a in Alert.select(Alert.id, Alert.key).where(Alert.key.in_(list(keys)))}
    seen = {a.alert_id for a in Acknowledgement.select().where(Acknowledgement.alert.in_(list(alerts)))}
    waiting = sorted(entry for alert, entry in alerts.items() if alert not in seen)
    said = effects.words_by_entry(waiting)
    return [_note(who, people, gives[entry], said.get(entry, ""), at) for entry in waiting]


def _note(who: Actor, people: dict[int, ResidentCard], g: Given, said: str, at: dt.datetime) -> ToNote:
    amount = prn.amount_words(g.amount, g.order.dose_unit) if g.amount is not None else words_of.amount(g.order)
    when = clock.moment_words(g.at, who.zone, seen_from=at)
    return ToNote(
        entry=g.entry,
        person=_person(people.get(g.resident_id)),
        words=f"{amount} of {words_of.medicine(g.order)}, {when}: {g.reason or 'no reason recorded'}",
        effect=f"It {said}." if said else "What it did is not recorded yet.",
        url=f"/h/{who.home_slug}/effects/{g.entry}",
        at=g.at,
    )


def _person(r: ResidentCard | None) -> str:
    if r is None:
        return "Somebody not on record"
    return f"{r.name}, {r.room_words}" if r.room_words else r.name


# ---------------------------------------------------------------- orders to review


def to_review(who: Actor, at: dt.datetime) -> list[ToReview]:
    """Active when-required orders that passed one of the figures, with the days; those of one person together."""
    people = {r.id: r for r in residents_at(who.home_id, at)}
    by_line = _by_line(effects.given_between(who.home_id, at - LOOKED_BACK, at))
    standing = medicines.in_force(orders.orders_of_home(who.home_id), at)
    shown = (o for o in standing if prn.is_shown(o, at, who.zone) and not words_of.covered(o))
    mine = [o for o in shown if o.resident_id in people]
    found = (_review(who, people[o.resident_id], o, by_line.get(o.line_id, []), at) for o in mine)
    return sorted((r for r in found if r is not None), key=lambda r: (r.person, r.medicine))


def _by_line(gives: list[Given]) -> dict[int, list[Given]]:
    found: dict[int, list[Given]] = defaultdict(list)
    for g in gives:
        found[g.order.line_id].append(g)
    return found


def _review(who: Actor, r: ResidentCard, o: OrderFacts, gives: list[Given], at: dt.datetime) -> ToReview | None:
    used_on, protocol = [clock.local_day(g.at, who.zone) for g in gives], prn_rules.protocol_of(o)
    today = clock.local_day(at, who.zone)
    found = prn_rules.triggers(used_on, o.starts_on, today, protocol.get("most_days"))
    if not found:
        return None
    last = max((t.days[-1] for t in found), default=today)
    return ToReview(
        line_id=o.line_id,
        person=_person(r),
        medicine=words_of.medicine(o),
        url=f"{r.url}/prn/{o.line_id}",
        why=tuple((_why(t), _days(t, gives)) for t in found),
        review=str(protocol.get("review", "")),
        duration=str(protocol.get("duration", "")),
        since=clock.day_bounds(last, who.zone)[0],
    )


def _why(t: Trigger) -> str:
    return {
        "running": f"Used on {t.count} days running",
        "often": f"Used {t.count} times in {PRN_REVIEW['often'].days} days",
        "unused": f"Not used for {PRN_REVIEW['unused'].days} days or more",
    }[t.kind]


def _days(t: Trigger, gives: list[Given]) -> str:
    said = ", ".join(f"{d.day}\u00a0{d.strftime('%b')}" for d in t.days)
    return said if t.kind != "unused" else f"{'last used' if gives else 'never used since it began'} {said}"


# ---------------------------------------------------------------- figures


def _used(who: Actor, people: dict[int, ResidentCard], gives: list[Given], at: dt.datetime) -> Iterator[Used]:
    """By person and medicine, in the order of rooms."""
    by_line = _by_line([g for g in gives if g.at > at - RECENT])
    place = {resident_id: n for n, resident_id in enumerate(people)}
    rank = lambda own: (place.get(own[0].resident_id, len(place)), own[0].order.medicine)  # noqa: E731
    for own in sorted(by_line.values(), key=rank):
        due = [g for g in own if g.effect or (g.due_at and g.due_at <= at)]
        r, last = people.get(own[0].resident_id), own[-1]
        yield Used(
            person=_person(r),
            medicine=words_of.medicine(last.order),
            url=f"{r.url}/prn/{last.order.line_id}" if r and not r.has_left else "",
            uses=len(own),
            days=len({clock.local_day(g.at, who.zone) for g in own}),
            last=clock.moment_words(last.at, who.zone, seen_from=at),
            asked=f"{sum(1 for g in due if g.effect)} of {len(due)}",
        )


def _weeks(who: Actor, at: dt.datetime) -> Iterator[Week]:
    """The last four weeks, the newest first, each from now back."""
    for n in range(WEEKS):
        end = at - dt.timedelta(days=7 * n)
        start = end - dt.timedelta(days=7)
        recorded, total = effects.effects_recorded(who.home_id, start, end, at)
        days = (clock.local_day(start + dt.timedelta(days=1), who.zone), clock.local_day(end, who.zone))
        words = " to ".join(f"{d.day}\u00a0{d.strftime('%b')}" for d in days)
        share = f"{100 * recorded / total:.1f} %" if total else "no doses"
        yield Week(words, recorded, total, share)
