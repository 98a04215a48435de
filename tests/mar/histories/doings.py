"""What people do in a history, each through the real action, and what the model says must come of it.

Intent may be refused, and then for a reason the model has too; whatever it has no reason against must be stored. A fact
is never refused.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from medpwa import clock
from medpwa.errors import Refused
from medpwa.mar import actions, recording
from medpwa.mar.actions import GivenFact
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry
from medpwa.mar.tickets import DoseKey
from medpwa.mar.witness_rules import Witnessed
from medpwa.permits import Actor
from medpwa.residents import actions as residents
from medpwa.residents.queries import ResidentCard
from tests.mar.histories.chart import DAY, HOUR, MINUTE, Chart, Dose, Tap, Told
from tests.mar.steps import Bedside

OPEN = ("due", "late", "again")
GONE = {"stopped", "changed", "on_hold"}  # why a dose a card showed cannot be found any more
SAID = {
    "refused": dict(reason="not_said"),
    "asleep": {},
    "not_available": dict(reason="damaged", extra={"chased": "Pharmacy, comes at 14:00"}),
    "other": dict(note="Spilled all over the table"),
}


@dataclass
class Story:
    """One history while it is played."""

    world: object
    dice: Random
    resident: ResidentCard
    label_id: int
    begins: dt.datetime
    ends: dt.datetime
    focus: int = 0  # the line it is mostly about
    chart: Chart = field(default_factory=Chart)
    taps: list[Tap] = field(default_factory=list)
    sent: list[tuple[str, Intent, int]] = field(default_factory=list)
    asked: list = field(default_factory=list)  # corrections that wait for their answer
    reached: Counter[str] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def at(self) -> dt.datetime:
        return clock.now()

    def doses(self, since: dt.timedelta, until: dt.timedelta) -> list[Dose]:
        """Planned doses around now, in order of time."""
        low, found = self.at - since, self.chart.doses(self.at + until).values()
        return sorted((d for d in found if d.due >= low), key=lambda d: (d.due, d.line))

    def a_dose(self, since: dt.timedelta = 5 * HOUR, until: dt.timedelta = 2 * HOUR) -> Dose | None:
        """One of them, mostly one that is open, and mostly of the line this history is about."""
        found = self.doses(since, until)
        if not found:
            return None
        open_ = [d for d in found if self.chart.state(d, self.at) in OPEN]
        pool = open_ if open_ and self.dice.random() < 0.8 else found
        mine = [d for d in pool if d.line == self.focus]
        return self.dice.choice(mine if mine and self.dice.random() < 0.6 else pool)

    def open_doses(self) -> list[Dose]:
        """Those somebody still has to do something about."""
        return [d for d in self.doses(5 * HOUR, 2 * HOUR) if self.chart.state(d, self.at) in OPEN]

    def coming(self) -> list[Dose]:
        """Doses that fall due until this history ends."""
        return [d for d in self.doses(0 * HOUR, self.ends - self.at) if d.due > self.at]

    def bed(self, dose: Dose | Tap) -> Bedside:
        """The dose as the steps of the round's tests take it."""
        facts = _Seen(dose.line, dose.version.version_id)
        return Bedside(self.world, self.resident, facts, DoseKey(dose.line, dose.due), self.label_id)

    def actor(self, who: str) -> Actor:
        """Somebody of the home by user name; nobody's role changes within a history."""
        if who not in self.actors:
            self.actors[who] = self.world.actor(who)
        return self.actors[who]

    def person(self, who: str) -> int:
        return self.actor(who).person_id

    def note(self, *rare: str) -> None:
        """A rare thing was reached."""
        self.reached.update(rare)

    def keep(self, **told: object) -> Told:
        """An entry that must be stored."""
        made = Told(**{"at": self.at} | told)
        self.chart.told.append(made)
        return made


@dataclass(frozen=True)
class _Seen:
    """The two numbers of an order that a card in hand carries."""

    line_id: int
    version_id: int


# ---------------------------------------------------------------- time


def wait(story: Story) -> None:
    """Time goes on, from the same moment to some hours."""
    minutes = story.dice.choice((0, 0.5, 1, 5, 9, 20, 31, 45, 61, 130, 200))
    clock.stand_at(story.at + minutes * MINUTE)


def go_on(story: Story) -> None:
    """To about the time of a dose to come, mostly of the line this history is about."""
    coming = story.coming()
    mine = [d for d in coming if d.line == story.focus]
    if coming:
        dose = (mine if mine and story.dice.random() < 0.7 else coming)[0]
        aimed = dose.due + story.dice.choice((-75, -60, -20, 0, 0, 3, 20, 61, 100)) * MINUTE
        if story.dice.random() < 0.1:
            aimed = dose.close
        clock.stand_at(max(story.at, aimed))


def to_an_open_dose(story: Story) -> None:
    """Where none is open, to the next that falls due."""
    coming = story.coming()
    if coming and not story.open_doses():
        clock.stand_at(max(story.at, coming[0].due + story.dice.choice((-20, 0, 20)) * MINUTE))


# ---------------------------------------------------------------- giving


def open_card(story: Story, who: str) -> None:
    """Somebody scans the resident's label."""
    before = story.chart.opened.get(who)
    actions.scan(by=story.actor(who), resident_id=story.resident.id, label_id=story.label_id, how="camera")
    if before is None or story.at - before >= dt.timedelta(seconds=5):
        story.chart.opened[who] = story.at


def make_ready(story: Story, dose: Dose | None = None, who: str | None = None) -> Tap | None:
    """A dose is made ready by somebody; nothing is sent yet."""
    dose = dose or story.a_dose()
    if dose is None:
        return None
    who = who or story.dice.choice(("amina", "amina", "amina", "amina", "amina", "sena", "sena", "ben"))
    open_card(story, who)
    tap = Tap(who, dose.line, dose.due, dose.version, story.at)
    changes: dict[str, object] = {}
    if dose.version.controlled:
        tap.witness = _witness(story, who)
        if tap.witness:
            changes["witness"] = Witnessed(story.person(tap.witness[0]), tap.witness[1])
    outcome = "given"
    if dose.version.dose_amount == 2 and not dose.version.schedule and story.dice.random() < 0.15:
        outcome, tap.amount = "given_part", Decimal(1)
        changes |= dict(reason="spilled", amount=tap.amount, ticket=story.bed(dose).ticket(story.actor(who)))
    tap.intent = story.bed(dose).intent(story.actor(who), outcome, **changes)
    tap.before = (story.chart.where(story.at), story.chart.skilled(who, story.at))
    story.taps.append(tap)
    return tap


def _witness(story: Story, giver: str) -> tuple[str, dt.datetime] | None:
    who = story.dice.choice(("sena", "tolu", "tolu", "tolu", giver, "ben", None))
    return (who, story.at) if who else None


def send(story: Story) -> None:
    """One of the doses made ready is tapped as taken, mostly the newest."""
    if story.taps:
        newest = story.dice.random() < 0.7
        record(story, story.taps.pop(-1 if newest else story.dice.randrange(len(story.taps))))


def give(story: Story) -> None:
    """Made ready and tapped at once."""
    if story.dice.random() < 0.7:
        to_an_open_dose(story)
    tap = make_ready(story)
    if tap is not None:
        story.taps.remove(tap)
        record(story, tap)


def give_next(story: Story) -> None:
    """The next dose to come of the line this history is about, at about its time."""
    coming = [d for d in story.coming() if d.line == story.focus]
    if coming:
        clock.stand_at(max(story.at, coming[0].due + story.dice.choice((-20, 0, 3, 25)) * MINUTE))
        tap = make_ready(story, coming[0])
        story.taps.remove(tap)
        record(story, tap)


def interrupted(story: Story, act: Callable[[Story], object]) -> None:
    """Between Ready and Taken something else happens."""
    to_an_open_dose(story)
    open_ = story.open_doses()
    tap = make_ready(story, story.dice.choice(open_)) if open_ else None
    if tap is not None:
        clock.stand_at(story.at + story.dice.randint(1, 9) * MINUTE)
        act(story)
        if tap in story.taps:
            story.taps.remove(tap)
            record(story, tap)


def lapse_in_hand(story: Story) -> None:
    """Amina makes a dose ready while she is signed off for it, and taps when she no longer is."""
    left = story.chart.lapses["amina"] - story.at
    if dt.timedelta() < left < 3 * DAY:
        clock.stand_at(story.at + max(left - 10 * MINUTE, dt.timedelta()))
        open_ = story.open_doses()
        tap = make_ready(story, story.dice.choice(open_), "amina") if open_ else None
        clock.stand_at(story.chart.lapses["amina"] + MINUTE)
        if tap is not None:
            story.taps.remove(tap)
            record(story, tap)


def once_more(story: Story) -> None:
    """A dose given at no set time is told, then the next one is tried."""
    stray(story)
    give_next(story)


def record(story: Story, tap: Tap) -> None:
    """The tap arrives. The model says beforehand whether it must be stored."""
    dose = story.chart.doses(story.at + 2 * DAY).get((tap.line, tap.due))
    against = story.chart.against_giving(dose, tap, story.at) if dose else GONE
    by = story.actor(tap.who)
    try:
        row = recording.record(by=by, resident_id=story.resident.id, intent=tap.intent)
    except Refused as no:
        assert no.code in against, f"refused for {no.code} ({no.words}), which the model has not: {sorted(against)}"
        assert len(no.words) > 20
        story.trace[-1] += f": refused, {no.code}"
        _note_refusal(story, tap, no.code)
        return
    assert not against, f"stored against {sorted(against)}"
    assert row.given_at == story.at and row.claim and not row.after_the_fact
    assert not {"interval_breach", "maximum_breach", "guard_breach"} & set(row.flags)
    story.keep(row=row.id, line=tap.line, due=tap.due, version=tap.version, outcome=row.outcome, by=tap.who,
               given_at=story.at, amount=tap.amount, intended=True)  # fmt: skip
    story.sent.append((tap.who, tap.intent, row.id))
    _note_give(story, dose, row)


def _note_refusal(story: Story, tap: Tap, code: str) -> None:
    now, (was_at, was_skilled) = story.chart.now(tap.line), tap.before
    if code in ("interval", "maximum", "guard"):
        story.note(f"an early attempt refused by {code}")
    if code == "own_witness":
        story.note("a witness who is the giver refused")
    if code == "not_signed_off" and was_skilled:
        story.note("a sign-off lapsed between Ready and Taken")
    if code == "away" and was_at == "home":
        story.note("an absence between Ready and Taken")
    if code in GONE | {"superseded"} and now is not tap.version:
        what = "stopped" if now.stopped else "suspended" if now.suspended else "changed"
        story.note(f"an order {what} with its card open")


def _note_give(story: Story, dose: Dose, row: Entry) -> None:
    if dose.version.controlled:
        story.note("a witnessed give")
    if row.amount is not None:
        story.note("a part dose")
    said = dose.version.said
    given = [t for t in story.chart.told if t.line == dose.line and t.taken and t.due]
    if dose.version.stepped and len({t.version.amount(t.due.date()) for t in given}) > 1:
        story.note("gives on both sides of a change of step")
    if said.total_doses and not [d for d in story.chart.doses(dose.due + 9 * DAY).values()
                                 if d.line == dose.line and d.due > dose.due]:  # fmt: skip
        story.note("the last dose of a course given")


def send_again(story: Story) -> None:
    """A form that was sent before arrives once more: it answers what is stored."""
    for who, intent, row_id in story.sent[-1:]:
        try:
            again = recording.record(by=story.actor(who), resident_id=story.resident.id, intent=replace(intent))
        except Refused as no:
            corrected = Entry.select().where(Entry.corrects == row_id).exists()
            assert no.code == "corrected_since" and corrected, "told only where somebody corrected it meanwhile"
            continue
        assert again.id == row_id
        story.note("a form sent again")


def not_given(story: Story) -> None:
    """Another outcome of a dose, needing neither a scan nor a sign-off."""
    dose = story.a_dose(since=26 * HOUR, until=3 * HOUR)
    if dose is None:
        return
    outcome, who = story.dice.choice(tuple(SAID)), story.dice.choice(("amina", "ben", "sena"))
    against = story.chart.against_not_giving(dose, story.at)
    by = story.actor(who)
    intent = story.bed(dose).intent(by, outcome, **SAID[outcome])
    try:
        row = recording.record(by=by, resident_id=story.resident.id, intent=intent)
    except Refused as no:
        assert no.code in against, f"refused for {no.code}, which the model has not: {sorted(against)}"
        return
    assert not against, f"stored against {sorted(against)}"
    story.keep(row=row.id, line=dose.line, due=dose.due, version=dose.version, outcome=outcome, by=who)
    story.sent.append((who, intent, row.id))
    story.note("a dose not given")


# ---------------------------------------------------------------- facts


def report(story: Story) -> None:
    """Somebody says that a dose was given already: never refused, even where one was recorded."""
    dose = story.a_dose(since=40 * HOUR, until=3 * HOUR)
    if dose is None or dose.due > story.at + 3 * HOUR:
        return
    early = min(story.at, dose.due + story.dice.choice((-30, 0, 10, 90)) * MINUTE)
    _report(story, dose.line, dose.due, early)


def stray(story: Story) -> None:
    """A dose given at no set time is told."""
    line = story.focus if story.dice.random() < 0.7 else story.dice.choice(list(story.chart.lines))
    _report(story, line, None, story.at - story.dice.choice((0, 20, 90, 300)) * MINUTE)


def _report(story: Story, line: int, due: dt.datetime | None, given_at: dt.datetime) -> None:
    given_at = max(given_at, story.chart.lines[line][0].valid_from)
    fact = GivenFact(str(uuid.uuid4()), line, due, given_at, story.person("amina"), "Tolu, beside her",
                     "The phone was on charge")  # fmt: skip
    twice, who = _stands(story, line, due), story.dice.choice(("tolu", "amina"))
    actions.report_given(by=story.actor(who), resident_id=story.resident.id, fact=fact)
    row = Entry.get(Entry.entry_id == fact.entry_id)
    version = next(v for v in reversed(story.chart.lines[line]) if v.valid_from <= given_at)
    assert (row.due_at, row.order_version_id, row.after_the_fact) == (due, version.version_id, True)
    assert ("second_give" in row.flags) == twice
    story.keep(row=row.id, line=line, due=due, version=version, outcome="given", by=who, given_at=given_at,
               after=True)  # fmt: skip
    story.note("a reported dose", *(["two gives of one dose"] if twice else []))


def given_by_other(story: Story) -> None:
    """Somebody who is not of the home gave a dose: a fact as well."""
    dose = story.a_dose()
    if dose is None:
        return
    by = story.actor("tolu")
    twice = _stands(story, dose.line, dose.due)
    intent = story.bed(dose).intent(by, "given_by_other", given_by="Sr J. Reid, community nurse")
    row = recording.record(by=by, resident_id=story.resident.id, intent=intent)
    assert ("second_give" in row.flags) == twice
    story.keep(row=row.id, line=dose.line, due=dose.due, version=dose.version, outcome="given_by_other", by="tolu",
               given_at=story.at)  # fmt: skip
    story.note("a dose given by somebody else", *(["two gives of one dose"] if twice else []))


def _stands(story: Story, line: int, due: dt.datetime | None) -> bool:
    """Whether a give of this dose stands already."""
    return due is not None and any(t.taken and (t.line, t.due) == (line, due) for t in story.chart.told)


# ---------------------------------------------------------------- where the resident is


def move(story: Story) -> None:
    """The resident leaves or comes back, now or some minutes ago."""
    here, since = story.chart.where(story.at), story.chart.stays[-1][0] if story.chart.stays else story.begins
    state = story.dice.choice(("hospital", "leave")) if here == "home" else "home"
    began = max(story.at - story.dice.choice((0, 0, 10, 45)) * MINUTE, since + MINUTE)
    if began > story.at:
        return
    open_ = story.open_doses()
    residents.move_resident(by=story.actor("tolu"), resident_id=story.resident.id, state=state,
                            valid_from=began, note="The ward rang")  # fmt: skip
    story.chart.stays.append((began, state))
    story.chart.keyed = story.at
    if open_ and state != "home":
        story.note("an absence mid-round")
    if state == "home":
        story.note("a return")
