"""The refusal episodes of a home, put together from the entries, with what was done about each."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from medpwa import clock, database
from medpwa.errors import NotFound
from medpwa.mar import refusals
from medpwa.mar import words as words_of
from medpwa.mar.entries import entries_of_line
from medpwa.mar.models_after import RefusalStep
from medpwa.mar.refusal_vocabulary import EPISODE, WAITING, WHY_OPENED
from medpwa.mar.refusals import Episode, Offered
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor, may
from medpwa.remember import while_nothing_newer
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff

BACK = dt.timedelta(days=60)
SHOWN_AFTER_END = dt.timedelta(weeks=5)  # what was done about one stays to be read as long as gaps do
_HIGHEST = 2**62


@dataclass(frozen=True)
class Found:
    """An episode with its order and what was done about it, oldest step first."""

    home_id: int
    order: OrderFacts
    episode: Episode
    doses: tuple[Offered, ...]  # all that were offered in the time looked at
    steps: tuple[RefusalStep, ...]

    @property
    def state(self) -> str:
        """Where following it up stands."""
        return self.steps[-1].state if self.steps else "open"

    @property
    def waits(self) -> bool:
        """Whether somebody still has to do something: not once they take it again."""
        return self.state in WAITING and self.episode.ended_at is None


_LINES = """SELECT DISTINCT e.order_line_id FROM order_line l JOIN entry e ON e.order_line_id = l.id
    WHERE l.home_id = ? AND e.outcome IN ('refused', 'refused_destroyed') AND e.due_at >= ?"""


def episodes_of(home_id: int, at: dt.datetime) -> tuple[Found, ...]:
    """The episodes of a home over the last sixty days, the newest first; kept for the day while nothing is added."""
    since = at.replace(hour=0, minute=0, second=0, microsecond=0) - BACK
    return while_nothing_newer("episodes", (home_id, since), _FROM, lambda: _episodes_since(home_id, since))


_FROM = ("entry", "refusal_step", "order_version", "order_check")


def _episodes_since(home_id: int, since: dt.datetime) -> tuple[Found, ...]:
    lines = [line_id for (line_id,) in database.rows(_LINES, home_id, clock.micros(since))]
    newest = {o.line_id: o for o in orders.orders_of_home(home_id)}
    found = [x for line_id in lines if line_id in newest for x in _of_line(home_id, newest[line_id], since)]
    return tuple(sorted(found, key=lambda x: (x.episode.opened_at, x.episode.first_entry), reverse=True))


def _of_line(home_id: int, order: OrderFacts, since: dt.datetime) -> list[Found]:
    doses = refusals.offered(entries_of_line(order.line_id, since))
    steps: dict[int, list[RefusalStep]] = defaultdict(list)
    for step in RefusalStep.select().where(RefusalStep.order_line == order.line_id).order_by(RefusalStep.id):
        steps[step.first_entry_id].append(step)
    closed = {entry: own[-1].at for entry, own in steps.items() if own[-1].state == "closed"}
    made = refusals.episodes(doses, at_once=order.time_critical or order.high_risk, closed=closed)
    return [Found(home_id, order, e, tuple(doses), tuple(steps[e.first_entry])) for e in made]


def episode_of(by: Actor, refusal_id: int, **_: object) -> Found:
    """An episode of the actor's home by its first refused entry, else NotFound."""
    if not 0 < refusal_id < _HIGHEST:
        raise NotFound()
    at = clock.now()
    found = next((x for x in episodes_of(by.home_id, at) if x.episode.first_entry == refusal_id), None)
    if found is None:
        raise NotFound()
    return found


# ---------------------------------------------------------------- in words


@dataclass(frozen=True)
class EpisodeRow:
    """One episode as a list shows it."""

    since: dt.datetime
    title: str
    tone: str
    lead: str
    why: str
    url: str


@dataclass(frozen=True)
class RefusalsPage:
    """Every episode: those that wait, and those of the last fortnight that do not."""

    sentence: str
    waiting: tuple[EpisodeRow, ...]
    rest: tuple[EpisodeRow, ...]


def waiting(who: Actor, at: dt.datetime) -> list[EpisodeRow]:
    """What is to be followed up, the longest waiting first."""
    here = {r.id for r in residents.residents_at(who.home_id, at)}
    found = [x for x in episodes_of(who.home_id, at) if x.waits and x.order.resident_id in here]
    return [row_of(who, x) for x in reversed(found)]


def refusals_page(who: Actor, at: dt.datetime) -> RefusalsPage:
    """The list of a home."""
    here = {r.id for r in residents.residents_at(who.home_id, at)}
    own = [x for x in episodes_of(who.home_id, at) if x.order.resident_id in here]
    rest = [x for x in own if not x.waits and _last(x) > at - SHOWN_AFTER_END]
    rows = waiting(who, at)
    return RefusalsPage(_sentence(len(rows)), tuple(rows), tuple(row_of(who, x) for x in rest))


def _last(x: Found) -> dt.datetime:
    moments = [x.episode.doses[-1].refused_at, x.episode.ended_at, *(s.at for s in x.steps)]
    return max(m for m in moments if m is not None)


def _sentence(count: int) -> str:
    if not count:
        return "No refusal waits to be followed up"
    return f"{count} {'run of refusals is' if count == 1 else 'runs of refusals are'} to be followed up"


def row_of(who: Actor, x: Found) -> EpisodeRow:
    """One episode in words."""
    person = residents.resident_card(who.home_id, x.order.resident_id)
    words, tone = EPISODE[x.state]
    if x.episode.ended_at is not None and x.state in WAITING:
        words, tone = "Taken again", "given"
    count = len(x.episode.doses)
    since = clock.moment_words(x.episode.doses[0].refused_at, who.zone)
    return EpisodeRow(
        since=x.episode.opened_at,
        title=f"{person.name if person else 'Somebody'}, {words_of.medicine(x.order)}",
        tone=tone,
        lead=words,
        why=f"{count} {'dose' if count == 1 else 'doses'} refused since {since}.",
        url=f"/h/{who.home_slug}/refusals/{x.episode.first_entry}",
    )


@dataclass(frozen=True)
class EpisodePage:
    """One episode as its page shows it."""

    resident_id: int
    name: str
    called: str
    medicine: str
    title: str
    opened: str
    state: tuple[str, str]
    ended: str
    doses: tuple[str, ...]
    times: tuple[tuple[str, str], ...]
    approach: str  # for managers alone; empty for everybody else
    steps: tuple[dict[str, str], ...]
    seen: int
    card_url: str
    order_url: str


def episode_page(who: Actor, x: Found) -> EpisodePage:
    """One episode: what was refused when, what shows by time of day, what was done about it."""
    person = residents.resident_card(who.home_id, x.order.resident_id)
    names = staff.names({s.by for s in x.steps})
    row = row_of(who, x)
    ended = x.episode.ended_at
    return EpisodePage(
        resident_id=x.order.resident_id,
        name=person.name,
        called=person.called,
        medicine=words_of.medicine(x.order),
        title=f"{person.called} has refused {words_of.medicine(x.order)}: {row.why}",
        opened=f"{WHY_OPENED[x.episode.why]}. Followed up since {clock.moment_words(x.episode.opened_at, who.zone)}.",
        state=(row.tone, row.lead),
        ended=f"Taken again {clock.moment_words(ended, who.zone)}." if ended and x.episode.why != "week" else "",
        doses=tuple(_dose_words(d, who.zone) for d in reversed(x.episode.doses)),
        times=tuple(
            (time, f"{no} of {of} refused") for time, no, of in refusals.by_time_of_day(x.doses, who.zone)
        ),
        approach=_approach(x) if may("competency.grant", who) else "",
        steps=tuple(_step_row(s, names, who.zone) for s in reversed(x.steps)),
        seen=x.steps[-1].id if x.steps else 0,
        card_url=f"{person.url}/card",
        order_url=f"/h/{who.home_slug}/orders/{x.order.line_id}",
    )


def _dose_words(d: Offered, zone: str) -> str:
    return f"Due {clock.moment_words(d.due_at, zone)}, refused {clock.time_words(d.refused_at, zone)}"


def _approach(x: Found) -> str:
    if refusals.with_one_carer_only(x.doses):
        return "Refused with one carer only: yes. Others gave it, so it may be about the approach or the moment. Ask."
    return "Refused with one carer only: no."


def _step_row(s: RefusalStep, names: dict[int, str], zone: str) -> dict[str, str]:
    return {
        "at_words": clock.moment_words(s.at, zone),
        "who": names.get(s.by, "somebody"),
        "words": step_words(s),
        "tone": EPISODE[s.state][1],
    }


def step_words(s: RefusalStep) -> str:
    """A step as a history says it."""
    said = f"{EPISODE[s.state][0]}: {s.contacted}" if s.contacted else EPISODE[s.state][0]
    return ". ".join(w.rstrip(".") for w in (said, s.words) if w)


