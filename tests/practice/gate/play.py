"""Plays one history of the gate: decisions about people, the clock, and doses several people try to give."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from medpwa import clock
from medpwa.competency import actions as competency
from medpwa.errors import Refused
from medpwa.mar import actions as mar
from medpwa.mar import glass_actions, openings, queries, recording, tickets
from medpwa.mar.actions import GivenFact
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry
from medpwa.mar.witness_rules import Witnessed
from medpwa.staff import actions as staff
from tests import builders
from tests.mar.histories.play import eve
from tests.practice.gate.oracle import Oracle

A_TICK = dt.timedelta(microseconds=1)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
SKILLS = ("oral", "drops", "warfarin", "insulin")
EVEN = tuple(f"{h:02}:00" for h in range(0, 24, 2))
ODD = tuple(f"{h:02}:00" for h in range(1, 24, 2))
ROUNDS = (("Early", 6, 30), ("Morning", 8, 0), ("Lunch", 12, 30), ("Teatime", 17, 0), ("Night", 21, 0))
LEARNS = ("learning", "shadowing", "assessing", "development_needed", "supervised_only", "reassessment",
          "not_competent")  # fmt: skip
WHY = "Nobody signed off could come, whom we rang"


@dataclass
class Story:
    """A home's people, two residents with three orders each, and what the oracle knows."""

    world: object
    dice: Random
    oracle: Oracle
    people: list[str]
    ids: dict[str, int]
    beds: list = field(default_factory=list)  # (resident card, label id, order)
    moments: list[dt.datetime] = field(default_factory=list)  # ends worth standing at
    known: dict[int, int] = field(default_factory=dict)  # by entry, how many decisions had been made by then
    reached: Counter = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)

    def person(self) -> str:
        return self.dice.choice(self.people)

    def key_of(self, skill: str) -> int | None:
        return self.dice.choice(self.beds)[0].id if skill == "insulin" else None


def staff_of(world, number: int) -> list[str]:
    """Four carers nobody has decided anything about yet."""
    names = [f"carer{number}x{n}" for n in range(4)]
    for n, name in enumerate(names):
        staff.add_person(
            by=world.system(), username=name, given_name="Carer", family_name=f"Number{n}", role="carer",
            password_hash="x",
        )  # fmt: skip
    return names


def begin(world, oracle: Oracle, number: int, place: int) -> Story:
    """Two new residents and four carers on the eve of a day; four a year, two of them before the clocks change."""
    clock.stand_at(clock.at_local(eve(place), dt.time(6, 15)))
    people = staff_of(world, number)
    story = Story(world, Random(number), oracle, people, {p: world.person_id(p) for p in people})
    for given in ("Ada", "Bert"):
        card = builders.resident(world.system(), given, f"Gate{number}")
        label, _ = builders.label(world.actor("sena"), card.id)
        for medicine, changes in (
            ("senna", dict(times=EVEN)),
            ("warfarin", dict(times=ODD, strength="1 mg", required_skills=("oral", "warfarin"))),
            ("insulin", dict(times=EVEN, strength="100 mg", required_skills=("oral", "insulin"))),
        ):
            story.beds.append((card, label.id, builders.order(world.system(), card.id, medicine=medicine, **changes)))
    _signed_off(story, people[0], days=1)
    _signed_off(story, people[1], days=story.dice.choice((2, 30)))
    return story


def _signed_off(s: Story, who: str, days: int) -> None:
    """Somebody holds everything, insulin for the first resident alone, until a midnight in the home."""
    at = clock.now()
    end = clock.at_local(clock.local_day(at) + dt.timedelta(days=days), dt.time(0))
    for skill in SKILLS:
        _state(s, who, skill, s.beds[0][0].id if skill == "insulin" else None, "competent", at, end)
    s.moments.append(end)


# ---------------------------------------------------------------- decisions


def grant(s: Story) -> None:
    """Signed off now, or from a later day; until a midnight in the home, near or far."""
    who, skill, at = s.person(), s.dice.choice(SKILLS), clock.now()
    day, later = clock.local_day(at), s.dice.random() < 0.2
    start = clock.at_local(day + dt.timedelta(days=1), dt.time(0)) if later else at
    end = clock.at_local(day + dt.timedelta(days=s.dice.choice((1, 1, 2, 30)) + later), dt.time(0))
    _state(s, who, skill, s.key_of(skill), "competent", start, end)
    s.moments += [end, *([start] if later else [])]
    s.reached["a sign-off from a later day"] += later


def learn(s: Story) -> None:
    """Somebody stands somewhere on the way, or was decided against."""
    skill = s.dice.choice(SKILLS)
    _state(s, s.person(), skill, s.key_of(skill), s.dice.choice(LEARNS), clock.now(), None)


def _state(s: Story, who: str, skill: str, resident: int | None, state: str, start, end) -> None:
    from medpwa import database, ledger
    from medpwa.competency import deeds

    by = s.world.actor("rosa")
    with database.writing(by.chain_id):
        key = [(skill, resident)]
        line = deeds.set_states(by, s.ids[who], key, state, valid_from=start, valid_until=end, reason="as decided")
        ledger.append(by.chain_id, by, [line])
    s.oracle.decide(s.ids[who], skill, resident, state, start, end)


def take_away(s: Story, who: str | None = None) -> None:
    """Paused or ended, where there is something to take away."""
    who, skill, word = who or s.person(), s.dice.choice(SKILLS), s.dice.choice(("suspend", "end"))
    resident = s.key_of(skill)
    if s.oracle.state(s.ids[who], skill, resident or 0, clock.now()) not in ("competent", "supervised_only"):
        return
    act = competency.suspend if word == "suspend" else competency.end
    act(by=s.world.actor("rosa"), person_id=s.ids[who], skill=skill, resident_id=resident, reason="A mistake")
    s.oracle.take_away(s.ids[who], skill, resident, "suspended" if word == "suspend" else "ended", clock.now())


def excepted(s: Story) -> None:
    """A manager allows somebody one round; refused exactly where the oracle says so."""
    from tests.practice.gate.oracle import Round

    who, at = s.person(), clock.now()
    day = clock.local_day(at)
    spans = [(n, clock.at_local(day + dt.timedelta(days=d), dt.time(h, m))) for d in (-1, 0, 1) for n, h, m in ROUNDS]
    open_ = [(n, start) for n, start in spans if at < start + 3 * HOUR and start <= at + 12 * HOUR]
    name, start = s.dice.choice([x for x in open_ if x[1] <= at] or open_)
    if any((r.person, r.name, r.start) == (s.ids[who], name, start) for r in s.oracle.rounds):
        return
    may = s.oracle.may_be_excepted(s.ids[who], SKILLS, at)
    try:
        row = glass_actions.break_glass(
            by=s.world.actor("dee"), person_id=s.ids[who], round_name=name, starts_at=start, reason=WHY, proven_at=at
        )
    except Refused as no:
        assert not may and no.code in ("glass_paused", "glass_decided"), f"an exception refused: {no.code}"
        s.reached["an exception refused to somebody decided about"] += 1
        return
    assert may, "an exception was made for somebody whom it is not open to"
    s.oracle.rounds.append(Round(s.ids[who], name, start, start + 3 * HOUR, at, row.id))
    s.moments.append(start + 3 * HOUR)
    s.reached["an exception made"] += 1


# ---------------------------------------------------------------- the clock


def wait(s: Story) -> None:
    """Time goes on: minutes, hours, or up to the very end of something."""
    ahead = sorted(m for m in s.moments if clock.now() < m <= clock.now() + 24 * HOUR)
    if ahead and s.dice.random() < 0.5:
        clock.stand_at(ahead[0] - A_TICK)
    else:
        clock.stand_at(clock.now() + s.dice.choice((2 * MINUTE, 12 * MINUTE, HOUR, 2 * HOUR, 5 * HOUR)))


# ---------------------------------------------------------------- doses


def open_dose(s: Story):
    """A dose somebody could give now, if they may: not recorded, in its window."""
    for card, label_id, order in s.dice.sample(s.beds, len(s.beds)):
        at = clock.now()
        for x in queries.lines_between(s.world.actor("rosa"), at - 3 * HOUR, at + 2 * HOUR, at, card.id):
            if x.order.line_id == order.line_id and x.state.kind in ("due", "late") and not x.entries:
                return card, label_id, x
    return None


def under(s: Story) -> None:
    """Somebody with an exception that runs gives under it; now and then something of theirs is paused first."""
    names, at = {i: p for p, i in s.ids.items()}, clock.now()
    running = [r.person for r in s.oracle.rounds if r.start <= at < r.end and r.person in names]
    if not running:
        return excepted(s)
    who = names[s.dice.choice(running)]
    if s.dice.random() < 0.2:
        _state(s, who, "drops", None, "suspended", at, None)
    give(s, who)


def give(s: Story, giver: str = "") -> None:
    """Somebody tries to give a dose: alone, with somebody beside them, while something changes in between."""
    found = open_dose(s)
    if found is None:
        return
    card, label_id, x = found
    order = x.order
    giver, last = giver or s.person(), clock.now() + A_TICK in s.moments
    able = [p for p in s.people if s.oracle.skilled(s.ids[p], order.required_skills, card.id, clock.now())]
    if last and able and s.dice.random() < 0.7:  # the last moment of a sign-off: somebody who still may
        giver = s.dice.choice(able)
    by = s.world.actor(giver)
    mar.scan(by=by, resident_id=card.id, label_id=label_id, how="camera")
    scan = openings.identified(by, card.id).scan_id
    ticket = tickets.Ticket(by.person_id, by.home_id, x.dose.key, order.version_id, scan, clock.now())
    beside = None if last and giver in able else _beside(s, giver, order, card.id)
    before = s.oracle.skilled(s.ids[giver], order.required_skills, card.id, clock.now())
    _meanwhile(s, giver, beside)
    if clock.now() >= x.dose.times.close_at:
        return
    text, entry_id = tickets.issue(ticket), str(uuid.uuid4())
    intent = Intent(x.dose.key, entry_id, order.version_id, "given", ticket=text, beside=beside)
    _try(s, giver, card.id, x, intent, before)


def _beside(s: Story, giver: str, order, resident: int) -> Witnessed | None:
    """Half the time somebody proves that they stand there: mostly one who may, sometimes anybody, the giver too."""
    if s.dice.random() < 0.45:
        return None
    able = [p for p in s.people if s.oracle.skilled(s.ids[p], order.required_skills, resident, clock.now())]
    other = s.dice.choice(able) if able and s.dice.random() < 0.7 else s.person()
    return Witnessed(s.ids[other], clock.now())


def _meanwhile(s: Story, giver: str, beside: Witnessed | None) -> None:
    """What may happen between Ready and Taken."""
    roll = s.dice.random()
    ends = [m for m in s.moments if clock.now() < m <= clock.now() + 20 * MINUTE]
    if ends and roll < 0.8:
        clock.stand_at(min(ends) - (A_TICK if s.dice.random() < 0.4 else 0 * A_TICK))
    elif roll < 0.2:
        clock.stand_at(clock.now() + s.dice.choice((10 * MINUTE, 10 * MINUTE + A_TICK)))
    elif roll < 0.4:
        names = {i: p for p, i in s.ids.items()}
        take_away(s, names[beside.person_id] if beside else giver)


def _try(s: Story, giver: str, resident: int, x, intent: Intent, before: bool) -> None:
    at, person, skills = clock.now(), s.ids[giver], x.order.required_skills
    alone = s.oracle.skilled(person, skills, resident, at)
    beside = intent.beside
    with_them = beside is not None and s.oracle.beside(person, beside.person_id, beside.at, skills, resident, at)
    span = (x.dose.span.name, x.dose.span.start_at) if x.dose.span else None
    glass = s.oracle.glass(person, skills, resident, span, at)
    try:
        row = recording.record(by=s.world.actor(giver), resident_id=resident, intent=intent)
    except Refused as no:
        assert not (alone or with_them or glass), f"refused ({no.code}) what is open: {alone} {with_them} {glass}"
        _note_refusal(s, no.code, at, before, person, skills, span)
        return
    assert alone or with_them or glass, "a dose was accepted without a valid skill, company or exception"
    s.known[row.id] = len(s.oracle.said)
    flags = {"supervised", "break_glass"} & set(row.flags)
    if alone:
        assert (flags, row.supervised_by, row.break_glass_id) == (set(), None, None)
        s.reached["given by somebody signed off"] += 1
        s.reached["given a moment before a sign-off ended"] += at + A_TICK in s.moments
    elif with_them:
        assert (flags, row.supervised_by, row.supervised_at) == ({"supervised"}, beside.person_id, beside.at)
        s.reached["given beside somebody signed off"] += 1
        s.reached["given beside somebody, after one's own sign-off ended"] += any(
            s.oracle.state(person, k, resident, at) == "expired" for k in skills
        )
        s.reached["insulin given beside somebody"] += "insulin" in skills
    else:
        assert (flags, row.break_glass_id) == ({"break_glass"}, glass.id)
        s.reached["given under an exception"] += 1


def _note_refusal(s: Story, code: str, at, before: bool, person: int, skills, span) -> None:
    s.reached[f"refused: {code}"] += 1
    s.reached["refused at the very moment of a lapse"] += before and at in s.moments
    s.reached["refused: lost between Ready and Taken"] += before
    mine = [r for r in s.oracle.rounds if r.person == person]
    s.reached["refused at the very end of an exception"] += any(at == r.end for r in mine)
    running = [r for r in mine if r.start <= at < r.end]
    s.reached["an exception opens no delegated skill"] += bool(running) and "insulin" in skills
    s.reached["an exception opens nothing of somebody paused since"] += bool(running) and s.oracle.paused(person, at)
    own = (None, *((r.name, r.start) for r in running))
    s.reached["an exception is of its own round"] += bool(running) and span not in own
    elsewhere = {r.resident for r in s.oracle.said if (r.person, r.skill, r.state) == (person, "insulin", "competent")}
    s.reached["insulin of another resident refused"] += "insulin" in skills and bool(elsewhere)


def report(s: Story) -> None:
    """A dose told later keeps its flag, whoever gave it."""
    found = open_dose(s)
    if found is None:
        return
    card, _, x = found
    giver, given_at = s.person(), clock.now() - 3 * MINUTE
    fact = GivenFact(
        entry_id=str(uuid.uuid4()), line_id=x.order.line_id, due_at=x.due_at, given_at=given_at,
        administered_by=s.ids[giver], who_knew="Carer Number1, beside them", why="The phone was on charge",
    )  # fmt: skip
    mar.report_given(by=s.world.actor(giver), resident_id=card.id, fact=fact)
    row = Entry.get(Entry.entry_id == fact.entry_id)
    skilled = s.oracle.skilled(s.ids[giver], x.order.required_skills, card.id, given_at)
    assert ("not_signed_off" in row.flags) != skilled and row.after_the_fact
    assert row.supervised_by is None and row.break_glass_id is None, "what was not proven then is not proven later"
    s.reached["a report by somebody not signed off, flagged"] += not skilled


DOINGS = {grant: 8, learn: 4, take_away: 3, excepted: 3, under: 10, wait: 12, give: 30, report: 3}


def play(world, oracle: Oracle, number: int, place: int, steps: int = 22) -> Story:
    """One history from its seed. What fails says the seed and what was done."""
    story = begin(world, oracle, number, place)
    night = clock.local(clock.now()).utcoffset()
    try:
        for _ in range(steps):
            act = story.dice.choices(list(DOINGS), DOINGS.values())[0]
            story.trace.append(f"{clock.local(clock.now()):%d %b %H:%M:%S} {act.__name__}")
            act(story)
        every_dose(story)
    except Exception as fault:
        fault.add_note(f"history {number}:\n  " + "\n  ".join(story.trace))
        raise
    story.reached["a change of the clocks"] += clock.local(clock.now()).utcoffset() != night
    return story


def every_dose(s: Story) -> None:
    """Every stored dose of these residents, judged again from the beginning by the oracle alone."""
    of = {order.line_id: (card.id, order.required_skills) for card, _, order in s.beds}
    for e in Entry.select().where(Entry.order_line.in_(list(of))):
        if e.after_the_fact:
            continue
        resident, skills = of[e.order_line_id]
        then = Oracle(s.oracle.said[: s.known[e.id]])  # a decision of the same instant that came after it says nothing
        if then.skilled(e.by, skills, resident, e.at):
            continue
        if e.supervised_by is not None:
            held = then.beside(e.by, e.supervised_by, e.supervised_at, skills, resident, e.at)
            assert held and "supervised" in e.flags
        else:
            assert e.break_glass_id is not None and "break_glass" in e.flags, "neither a skill nor a flag"


