"""Plays one history: who is there, what is ordered, which doings come how often, and what must hold after each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from random import Random

from medpwa import clock
from medpwa.mar import given, judging, queries
from medpwa.mar.models import Entry
from medpwa.medicines import queries as orders
from medpwa.residents.queries import resident_card
from tests import builders
from tests.mar.histories import changing, correcting, doings, needed
from tests.mar.histories import orders as made
from tests.mar.histories.chart import DAY, HOUR, MINUTE, Version
from tests.mar.histories.doings import Story

Doing = Callable[[Story], object]
Kind = Callable[[dt.date, Random], dict]
STEPS = (12, 18)
STATES = {"coming", "due", "late", "gap", "given", "reported", "again", "not_given", "away"}
FIRST_YEAR = 2027
LONGEST = 90 * HOUR  # from the first to the last moment of a history


def eve(place: int) -> dt.date:
    """The day on which a history begins. Each begins after the one before, for time only goes forward: four a year, two
    of them before the nights on which the clocks change (last Sundays of March and October)."""
    year, part = FIRST_YEAR + place // 4, place % 4
    if part % 2 == 0:
        return dt.date(year, 1 + part * 3, 9)
    last = dt.date(year, 3 if part == 1 else 10, 31)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7 + 1)


# Every doing with how often it comes; a theme makes some come oftener and names what is ordered first.
DOINGS: dict[Doing, int] = {
    doings.wait: 10, doings.go_on: 12, doings.make_ready: 8, doings.send: 9, doings.give: 20, doings.give_next: 8,
    doings.send_again: 3, doings.not_given: 6, doings.report: 5, doings.stray: 3, doings.given_by_other: 5,
    doings.move: 4, changing.change: 3, changing.check: 3, changing.suspend: 2, changing.resume: 4, changing.stop: 2,
    correcting.correct: 7, correcting.answer: 5, needed.when_required: 5, doings.once_more: 2,
}  # fmt: skip


def in_hand(act: Doing) -> Doing:
    """Something that happens while a dose stands in Ready."""
    doing = partial(doings.interrupted, act=act)
    doing.__name__ = f"in hand: {act.__name__}"
    return doing


@dataclass(frozen=True)
class Theme:
    """What a history is mostly about."""

    first: tuple[Kind, ...]
    often: dict[Doing, int]
    lapses: bool = False


GOES_ON = {doings.give_next: 200, doings.move: 0, changing.stop: 0, changing.suspend: 0}
THEMES = (
    Theme((made.paracetamol, made.codamol), {doings.once_more: 80, doings.give: 40}),
    Theme((made.methotrexate,), {doings.once_more: 150}),
    Theme((made.prednisolone,), GOES_ON),
    Theme((made.amoxicillin,), GOES_ON),
    Theme((made.morphine,), {doings.give_next: 200}),
    Theme((made.senna,), {in_hand(changing.change): 60, in_hand(changing.stop): 60, changing.check: 60}),
    Theme((made.senna, made.alternate), {in_hand(changing.suspend): 80, in_hand(changing.stop): 30}),
    Theme((made.levodopa,), {in_hand(doings.move): 120, in_hand(doings.given_by_other): 20}),
    Theme((made.levodopa,), {doings.lapse_in_hand: 80, in_hand(doings.wait): 30}, lapses=True),
    Theme((made.when_required, made.codamol), {needed.when_required: 200}),
    Theme((made.paracetamol,), {correcting.correct: 150, correcting.answer: 100, doings.give_next: 80}),
)


def play(world, number: int, place: int) -> Story:
    """One history from its seed, the `place`-th of a home. What fails says the seed and what was done."""
    story = begin(world, number, place)
    weights = DOINGS | THEMES[number % len(THEMES)].often
    try:
        for _ in range(story.dice.randint(*STEPS)):
            act = story.dice.choices(list(weights), weights.values())[0]
            story.trace.append(f"{clock.local(story.at):%d %b %H:%M:%S} {act.__name__}")
            act(story)
            check(story)
        check_whole(story)
    except Exception as fault:
        fault.add_note(f"history {number} of resident {story.resident.id}:\n  " + "\n  ".join(story.trace))
        raise
    finish(story)
    return story


def begin(world, number: int, place: int) -> Story:
    """A new resident with two to four orders from today on; who may give them, and until when."""
    dice, theme = Random(number), THEMES[number % len(THEMES)]
    clock.stand_at(clock.at_local(eve(place), dt.time(dice.randint(5, 20), 15)))
    if place % 4 == 0:
        _sign_off(world, clock.now() + 360 * DAY, {"sena": SENA, "tolu": TOLU})
    at, system, day = clock.now(), world.system(), clock.local_day(clock.now())
    card = builders.resident(system, "Ivy", f"Cart{number}")
    label, _ = builders.label(world.actor("sena"), card.id)
    story = Story(world, dice, card, label.id, at, ends=at + LONGEST)
    others = [kind for kind in made.KINDS if kind not in theme.first]
    for kind in (*theme.first, *dice.sample(others, 1 if len(theme.first) > 1 else 2)):
        said = made.keyed(kind, day, dice)
        order = builders.order(system, card.id, since=at, **{f.name: getattr(said, f.name) for f in fields(said)})
        story.chart.add(Version(order.line_id, order.version_id, order.number, said, order.valid_from))
    story.focus = next(iter(story.chart.lines))
    story.chart.lapses = {"amina": _lapse(story, theme), "sena": at + 50 * DAY}
    story.chart.witnesses = {"sena", "tolu"}
    _sign_off(world, story.chart.lapses["amina"], {"amina": AMINA})
    return story


def _lapse(story: Story, theme: Theme) -> dt.datetime:
    """When Amina's sign-off ends: long after, or in the middle of the first doses."""
    soon = sorted(due for _, due in story.chart.doses(story.at + 2 * DAY) if due > story.at)
    if not (theme.lapses and soon):
        return story.at + 50 * DAY
    return soon[min(2, len(soon) - 1)] + story.dice.randint(5, 25) * MINUTE


AMINA, SENA = ("oral", "controlled"), ("oral", "controlled", "transcription")
TOLU = ("cd_witness", "transcription")


def _sign_off(world, until: dt.datetime, whom: dict[str, tuple[str, ...]]) -> None:
    """Grant from now on; Ben has none."""
    for who, skills in whom.items():
        for skill in skills:
            person = world.person_id(who)
            builders.sign_off(world.system(), person, skill, valid_from=clock.now(), valid_until=until)


# ---------------------------------------------------------------- what must hold


def check(story: Story) -> None:
    """After every step: each planned dose is there once, in the one state the model says, now and later; totals are
    the sum of the entries that stand; nobody was given past a limit on the intended path."""
    at = story.at
    for moment in (at, at + story.dice.randint(1, 1200) * MINUTE):
        _states(story, moment)
    _totals(story)
    _intended(story)


def _states(story: Story, moment: dt.datetime) -> None:
    by, until = story.actor("sena"), moment + 6 * HOUR
    start = max(story.begins - HOUR, story.at - 3 * DAY)
    lines = queries.lines_between(by, start, until, moment, story.resident.id)
    shown = [((x.order.line_id, x.due_at), x.state.kind) for x in lines]
    doses = {key: dose for key, dose in story.chart.doses(until).items() if dose.due >= start}
    wanted = {key: story.chart.state(dose, moment) for key, dose in doses.items()}
    assert len(dict(shown)) == len(shown), "a dose stands there twice"
    assert dict(shown) == wanted, _difference(dict(shown), wanted)
    assert set(wanted.values()) <= STATES
    for line in lines[:: max(1, len(lines) // 2)]:
        entries = queries.entries_of_dose(line.dose.key)
        assert judging.state_of(by, story.resident, line.dose, entries, moment) == line.state
        kinds = (line.state.open, line.state.settled, line.state.kind in ("coming", "gap"))
        assert sum(kinds) == 1, "open, settled, coming or a gap: exactly one"


def _difference(shown: dict, wanted: dict) -> str:
    keys = sorted(key for key in shown.keys() | wanted.keys() if shown.get(key) != wanted.get(key))
    return "; ".join(f"line {k[0]} due {k[1]}: shown {shown.get(k)}, must be {wanted.get(k)}" for k in keys)


def _totals(story: Story) -> None:
    """Limits count what stands, all of it, and nothing that was struck out or replaced."""
    at, by = story.at, story.actor("sena")
    card = resident_card(story.resident.home_id, story.resident.id)
    for line, versions in story.chart.lines.items():
        now = versions[-1]
        found = given.limits_of(by, card, orders.version_of(by, now.version_id), at)
        for m in given.limits.measures(found) if found else ():
            assert m.taken(at) == story.chart.total(now, m.name or None, at), f"the total of {m.name or line}"
        last = max((t.given_at for t in story.chart.told if t.taken and t.line == line), default=None)
        assert queries.last_given([line]).get(line) == last


def _intended(story: Story) -> None:
    """Looking back over all that stands, no give on the intended path came within an interval or guard of an earlier
    one known then, or went over a maximum."""
    for told in (t for t in story.chart.told if t.intended and t.taken):
        earlier = [t for t in story.chart.shared(told.version) if t.at < told.at and t.given_at <= told.given_at]
        if told.version.min_interval and earlier:
            assert told.given_at - earlier[-1].given_at >= told.version.min_interval * MINUTE
    claims = Counter((t.line, t.due) for t in story.chart.told if t.intended and t.taken and t.due)
    assert max(claims.values(), default=0) <= 1, "two live gives of one dose"


def check_whole(story: Story) -> None:
    """At the end: what is stored is what was acknowledged, no more and no less; every reading of the past agrees."""
    rows = {r.id: (r.order_line_id, r.due_at, r.outcome, r.given_at) for r in _rows(story)}
    assert rows == {t.row: (t.line, t.due, t.outcome, t.given_at) for t in story.chart.told}
    by, at = story.actor("sena"), story.at
    start = story.begins - HOUR
    lines, loose = queries.past_of_resident(by, story.resident.id, start, at + MINUTE, at)
    doses = story.chart.doses(at + MINUTE)
    assert {(x.order.line_id, x.due_at): x.state.kind for x in lines} == {
        key: story.chart.state(dose, at) for key, dose in doses.items()
    }
    told = sum(len(x.entries) for x in lines) + len(loose)
    ahead = sum(1 for t in story.chart.told if t.due is not None and t.due > at)
    assert told == len(story.chart.told) - ahead, "an entry the past does not show"


def _rows(story: Story) -> list[Entry]:
    return list(Entry.select().where(Entry.resident == story.resident.id))


def finish(story: Story) -> None:
    """What the history as a whole went through."""
    first, last = clock.local(story.begins), clock.local(story.at)
    if first.utcoffset() != last.utcoffset():
        story.note("a change of the clocks")
    if any(story.begins < end < story.at for end in story.chart.lapses.values()):
        story.note("a sign-off that lapsed on the way")
    story.note("histories")
    if any(not t.dead and t.taken for t in story.chart.told):
        story.note("a give")
