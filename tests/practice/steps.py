"""Steps the tests of practice share: an assessment begun, its parts kept, rounds watched, marked, ended and signed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from medpwa import clock
from medpwa.competency import queries as competency
from medpwa.competency.vocabulary import SKILLS
from medpwa.mar import actions as mar
from medpwa.mar import openings, recording, tickets
from medpwa.mar.intents import Intent
from medpwa.mar.tickets import DoseKey
from medpwa.permits import Actor
from medpwa.practice import assessing_actions, assessments, drafts, observing_actions
from medpwa.practice.models import Assessment, Observation, ObservationResult
from tests import builders


def trained(world, *usernames: str) -> None:
    """These people are signed off as assessors, where the catalogue knows that skill."""
    for username in usernames if assessments.ASSESSOR in SKILLS else ():
        builders.sign_off(world.system(), world.person_id(username), assessments.ASSESSOR)


def new_id() -> str:
    return str(uuid.uuid4())


def begin(by: Actor, person_id: int, kind: str = "initial", skills: tuple[str, ...] = ("oral",), **kw) -> Assessment:
    """An assessment of somebody begins."""
    kw.setdefault("assessment_id", new_id())
    return assessing_actions.start(by=by, person_id=person_id, kind=kind, skills=skills, **kw)


def template(by: Actor):
    """The home's template in force."""
    return assessments.template_of(by.home_id)


def answer(by: Actor, row: Assessment, part: str = "knowledge", wrong: int = 0, **kw) -> None:
    """The questions of a part answered, all well but some."""
    asked = len(getattr(template(by), "knowledge" if part == "knowledge" else "scenarios"))
    said = [n >= wrong for n in range(asked)]
    kw.setdefault("part_id", new_id())
    assessing_actions.add_answers(by=by, assessment_number=row.id, part=part, answers=said, **kw)


def shadow(by: Actor, row: Assessment, round_name: str = "Morning", days_ago: int = 0, **kw) -> None:
    """A round shadowed."""
    day = clock.local_day(clock.now(), by.zone) - dt.timedelta(days=days_ago)
    kw.setdefault("part_id", new_id())
    assessing_actions.add_shadow(by=by, assessment_number=row.id, on_day=day, round_name=round_name, **kw)


def reflect(person: Actor, row: Assessment, words: str = "I will look at the fridge more often") -> None:
    """The person's own words."""
    assessing_actions.reflect(by=person, own_assessment=row.id, part_id=new_id(), words=words)


def prepared(by: Actor, person_id: int, skills: tuple[str, ...] = ("oral",)) -> Assessment:
    """A first assessment ready for its observed rounds."""
    row = begin(by, person_id, skills=skills)
    answer(by, row)
    shadow(by, row, days_ago=2)
    shadow(by, row, days_ago=1)
    answer(by, row, "scenario")
    return row


def watch(by: Actor, row: Assessment, round_name: str = "Lunch", **kw) -> Observation:
    """Begin to watch a round."""
    kw.setdefault("observation_id", new_id())
    return observing_actions.observe(by=by, assessment_number=row.id, round_name=round_name, **kw)


def mark_all(by: Actor, seen: Observation, value: str = "met", but: Mapping[str, str] | None = None) -> None:
    """Every item marked alike, some otherwise."""
    for item in template(by).items:
        assert drafts.mark(seen.id, item.key, (but or {}).get(item.key, value))


_RUNS = {"Teatime": dt.time(16, 30), "Night": dt.time(20, 30)}


class Doses:
    """Medicines of one resident due now, one by one, that a test has somebody record."""

    def __init__(self, world, count: int = 4) -> None:
        self.world, system = world, world.system()
        self.resident = builders.resident(system, "Harold", "Nkemelu", room="4")
        names = ("omeprazole", "senna", "amlodipine", "furosemide", "simvastatin", "metformin")
        often = dict(times=("11:30", "17:00", "21:00"))
        self.orders = [builders.order(system, self.resident.id, names[n], **often) for n in range(count)]
        self.label, _ = builders.label(world.actor("sena"), self.resident.id)
        self.left = {time: list(self.orders) for time in often["times"]}

    def next(self):
        """The next order with a dose at this time of day, and that dose."""
        hour = clock.local(clock.now()).hour
        due = "11:30" if hour < 14 else "17:00" if hour < 19 else "21:00"
        at = clock.at_local(clock.local_day(clock.now()), dt.time.fromisoformat(due))
        order = self.left[due].pop(0)
        return order, DoseKey(order.line_id, at)

    def open(self, by: Actor) -> None:
        """Scan the person."""
        mar.scan(by=by, resident_id=self.resident.id, label_id=self.label.id, how="camera")

    def refuse(self, by: Actor):
        """The next dose offered and not wanted: anybody of the care team may say so."""
        order, key = self.next()
        intent = Intent(key, new_id(), order.version_id, "refused", reason="did_not_want")
        self.open(by)
        return recording.record(by=by, resident_id=self.resident.id, intent=intent)

    def give(self, by: Actor):
        """The next dose given: only with a valid sign-off."""
        order, key = self.next()
        self.open(by)
        opening = openings.identified(by, self.resident.id)
        made = tickets.Ticket(
            by.person_id, by.home_id, key, order.version_id, opening.scan_id, clock.now()
        )
        text = tickets.issue(made)
        intent = Intent(key, tickets.entry_id(text), order.version_id, "given", ticket=text)
        return recording.record(by=by, resident_id=self.resident.id, intent=intent)


def finish(by: Actor, seen: Observation) -> ObservationResult:
    """End a round that was watched to its end."""
    return observing_actions.finish(by=by, observation_number=seen.id)


def sign(by: Actor, seen: Observation, meaning: str = "observed", **kw):
    """One of the two signs."""
    kw.setdefault("proven_at", clock.now())
    return observing_actions.sign(by=by, observation_number=seen.id, meaning=meaning, **kw)


def passed_round(by: Actor, person: Actor, row: Assessment, doses: Doses, round_name: str, **marks: str) -> Observation:
    """A round watched, one dose recorded in it, everything met, both names under it. Teatime and Night move the clock
    on."""
    then = clock.at_local(clock.local_day(clock.now()), _RUNS.get(round_name, dt.time()))
    if clock.now() < then:
        clock.stand_at(then)
    seen = watch(by, row, round_name)
    doses.refuse(person)
    mark_all(by, seen)
    finish(by, seen)
    sign(by, seen)
    sign(person, seen, "was_observed", words="Calmer than I thought")
    return seen


def complete(by: Actor, person: Actor, doses: Doses, skills: tuple[str, ...] = ("oral",)) -> Assessment:
    """A first assessment that lacks nothing but the judgement."""
    row = prepared(by, person.person_id, skills)
    for name in ("Lunch", "Teatime", "Night"):
        passed_round(by, person, row, doses, name)
    return row


def conclude(by: Actor, row: Assessment, outcome: str = "competent", words: str = "", **kw):
    """The judgement."""
    kw.setdefault("proven_at", clock.now())
    return assessing_actions.conclude(by=by, assessment_number=row.id, outcome=outcome, words=words, **kw)


def state(world, username: str, skill: str = "oral"):
    """How a skill of somebody stands now."""
    return assessments.stands(world.home().id, world.person_id(username), (skill, None))


def may(world, username: str, skill: str = "oral") -> bool:
    """Whether the gate lets somebody give."""
    return competency.sign_off(world.home().id, world.person_id(username), [skill], None).allowed
