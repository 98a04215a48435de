"""Plays one history: who is there, what is ordered, which doings come how often, and what must hold after each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

from medpwa import clock
from medpwa.mar import given, judging, queries
from medpwa.mar.models import Entry
from medpwa.medicines import queries as orders
from medpwa.residents.queries import resident_card
from tests import builders
from tests.mar.histories import changing, doings
from tests.mar.histories.chart import DAY, HOUR, MINUTE, Chart, Version
from tests.mar.histories.doings import Story
from tests.mar.histories.orders import KINDS, keyed

STEPS = (14, 22)
STATES = {"coming", "due", "late", "gap", "given", "reported", "again", "not_given", "away"}
# Ordinary nights, then those on which the clocks change; time only goes forward from one history to the next.
EVES = (dt.date(2026, 11, 19), dt.date(2027, 1, 3), dt.date(2027, 3, 27), dt.date(2027, 5, 31), dt.date(2027, 10, 30))
DOINGS = (
    (doings.wait, 12), (doings.go_on, 14), (doings.make_ready, 12), (doings.send, 12), (doings.give, 22),
    (doings.send_again, 2), (doings.not_given, 6), (doings.report, 5), (doings.stray, 5), (doings.given_by_other, 2),
    (doings.move, 5), (changing.change, 5), (changing.check, 4), (changing.suspend, 3), (changing.resume, 4),
    (changing.stop, 3),
)  # fmt: skip


def play(world, number: int, of: int) -> Story:
    """One history from its seed. What fails says the seed and what was done."""
    story = begin(world, number, of)
    acts, weights = zip(*DOINGS, strict=True)
    try:
        for _ in range(story.dice.randint(*STEPS)):
            act = story.dice.choices(acts, weights)[0]
            story.trace.append(f"{clock.local(story.at):%d %b %H:%M:%S} {act.__name__}")
            act(story)
            check(story)
        check_whole(story)
    except Exception as fault:
        fault.add_note(f"history {number} of resident {story.resident.id}:\n  " + "\n  ".join(story.trace))
        raise
    finish(story)
    return story


def begin(world, number: int, of: int) -> Story:
    """A new resident with two or three orders from today on; who may give them, and until when."""
    dice = Random(number)
    eve = EVES[min(number % of * len(EVES) // of, len(EVES) - 1)]
    clock.stand_at(max(clock.now(), clock.at_local(eve, dt.time(dice.randint(5, 20), 15))))
    at, system = clock.now(), world.system()
    chart = Chart(lapses=_sign_offs(world, dice), witnesses={"sena", "tolu"})
    card = builders.resident(system, "Ivy", f"Cart{number}")
    story = Story(world, dice, card, builders.label(world.actor("sena"), card.id)[0].id, at, chart=chart)
    kinds = dice.sample(KINDS, dice.choice((2, 3)))
    if any(kind.__name__ == "paracetamol" for kind in kinds) and dice.random() < 0.5:
        kinds.append(next(k for k in KINDS if k.__name__ == "codamol"))
    day = clock.local_day(at)
    for kind in dict.fromkeys(kinds):
        said = keyed(kind, day, dice)
        made = builders.order(system, card.id, since=at, **_fields(said))
        chart.add(Version(made.line_id, made.version_id, made.number, said, made.valid_from))
    story.focus = next(iter(chart.lines))
    return story


def _fields(said) -> dict[str, object]:
    return {name: getattr(said, name) for name in said.__dataclass_fields__}


def _sign_offs(world, dice: Random) -> dict[str, dt.datetime]:
    """Amina's may lapse within the history; Sena's and Tolu's last; Ben has none."""
    at = clock.now()
    far = at + 60 * DAY
    lapse = at + dice.choice((2, 6, 14, 30)) * HOUR + dice.randint(0, 59) * MINUTE if dice.random() < 0.4 else far
    skills = {"amina": ("oral", "controlled"), "sena": ("oral", "controlled", "transcription"),
              "tolu": ("oral", "cd_witness", "transcription")}  # fmt: skip
    ends = {"amina": lapse}
    for who, named in skills.items():
        for skill in named:
            until = ends.get(who, far)
            builders.sign_off(world.system(), world.person_id(who), skill, valid_from=at, valid_until=until)
    return {"amina": lapse, "sena": far}


# ---------------------------------------------------------------- what must hold


def check(story: Story) -> None:
    """After every step: each planned dose is there once, in the one state the model says, now and later; totals are
    the sum of the entries that stand; nobody was given past a limit on the intended path."""
    at = story.at
    for moment in (at, at + story.dice.randint(1, 600) * MINUTE, at + story.dice.randint(1, 40) * 30 * MINUTE):
        _states(story, moment)
    _totals(story)
    _intended(story)


def _states(story: Story, moment: dt.datetime) -> None:
    by, until = story.world.actor("sena"), moment + 6 * HOUR
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
    at, by = story.at, story.world.actor("sena")
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
    claims = Counter((t.line, t.due) for t in story.chart.told if t.intended and t.taken)
    assert max(claims.values(), default=0) <= 1, "two live gives of one dose"


def check_whole(story: Story) -> None:
    """At the end: what is stored is what was acknowledged, no more and no less; every reading of the past agrees."""
    rows = {r.id: (r.order_line_id, r.due_at, r.outcome, r.given_at) for r in _rows(story)}
    assert rows == {t.row: (t.line, t.due, t.outcome, t.given_at) for t in story.chart.told}
    by, at = story.world.actor("sena"), story.at
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
