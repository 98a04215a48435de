"""Steps the tests of the round share: somebody with a dose due at 11:30, opened, made ready, recorded.

The tests' clock stands at Monday 16 November 2026, 11:40; a dose at 11:30 is an individual time, due from 10:30, late
from 12:30 and closed at 14:30.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from bs4 import BeautifulSoup, Tag

from medpwa import clock, ledger
from medpwa.errors import Refused
from medpwa.mar import actions, openings, recording, tickets
from medpwa.mar.actions import GivenFact
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry, Scan
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import actions as order_actions
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.residents.queries import ResidentCard
from tests import builders
from tests.browse import Browser, words

HOME = "/h/rowan"
HTMX = {"HX-Request": "true"}
AS_JSON = {"Accept": "application/json"}
DOCUSATE = dict(medicine="docusate sodium", strength="100 mg", form="capsule", dose_unit="capsule")
LEVODOPA = dict(medicine="co-careldopa", strength="25/100 mg", time_critical=True, window_before=30, window_after=30)


def on(words_: str, day: dt.date | None = None) -> dt.datetime:
    """A clock time of today (or a day) as an instant."""
    return clock.at_local(day or clock.local_day(clock.now()), dt.time.fromisoformat(words_))


def later(**span: float) -> dt.datetime:
    """Move the held clock on."""
    clock.stand_at(clock.now() + dt.timedelta(**span))
    return clock.now()


@dataclass
class Bedside:
    """A resident, an order of theirs and one dose of it."""

    world: object
    resident: ResidentCard
    order: OrderFacts
    key: DoseKey
    label_id: int = 0
    token: str = ""

    @property
    def url(self) -> str:
        return f"{HOME}/residents/{self.resident.id}/card"

    def open(self, who: str, how: str = "camera") -> Actor:
        """Somebody scans this person's label, without a browser."""
        by = self.world.actor(who)
        actions.scan(by=by, resident_id=self.resident.id, label_id=self.label_id, how=how)
        return by

    def ticket(self, by: Actor, at: dt.datetime | None = None, **changes: object) -> str:
        """A ready ticket as the server signs it."""
        opening = openings.identified(by, self.resident.id)
        made = tickets.Ticket(
            by.person_id,
            by.home_id,
            self.key,
            self.order.version_id,
            opening.scan_id if opening else None,
            at or clock.now(),
        )
        return tickets.issue(replace(made, **changes))

    def intent(self, by: Actor, outcome: str = "given", **changes: object) -> Intent:
        """What a phone would ask to record for this dose."""
        made = Intent(self.key, str(uuid.uuid4()), self.order.version_id, outcome)
        if outcome == "given" and "ticket" not in changes:
            made = replace(made, ticket=self.ticket(by))
        if outcome == "refused" and "reason" not in changes:
            made = replace(made, reason="did_not_want")
        if outcome == "not_available" and "extra" not in changes:
            made = replace(made, extra={"chased": "Pharmacy 11:20, comes at 14:00"})
        return replace(made, **changes)

    def record(self, by: Actor, outcome: str = "given", **changes: object) -> Entry:
        """One outcome of this dose through the action."""
        intent = self.intent(by, outcome, **changes)
        return recording.record(by=by, resident_id=self.resident.id, intent=intent)

    def fact(self, **changes: object) -> GivenFact:
        """What somebody says happened: Sena gave this dose five minutes ago."""
        values: dict = dict(
            entry_id=str(uuid.uuid4()),
            line_id=self.key.line_id,
            due_at=self.key.due_at,
            given_at=clock.now() - dt.timedelta(minutes=5),
            administered_by=builders.person_id("sena"),
            who_knew="Tolu, who stood beside her",
            why="The phone was on charge",
        )
        return GivenFact(**values | changes)

    def report(self, by: Actor, **changes: object):
        """A dose reported after it was given, through the action."""
        return actions.report_given(by=by, resident_id=self.resident.id, fact=self.fact(**changes))

    def entries(self) -> list[Entry]:
        """What is stored of this dose, oldest first."""
        mine = (Entry.order_line == self.key.line_id) & (Entry.due_at == self.key.due_at)
        return list(Entry.select().where(mine).order_by(Entry.id))


def bedside(
    world,
    *,
    due: str = "11:30",
    given: str = "Ivy",
    family: str = "Cartledge",
    place: str = "person",
    **changes: object,
) -> Bedside:
    """Somebody with one dose due. `changes` are the order's (medicine=, route=, high_risk=, …)."""
    own = {name: changes.pop(name) for name in ("unit",) if name in changes}
    card = builders.resident(world.system(), given, family, room=str(changes.pop("room", "7")), **own)
    return beside(world, card, due=due, place=place, **changes)


def beside(world, card: ResidentCard, *, due: str = "11:30", place: str = "person", **changes: object) -> Bedside:
    """A dose and a label for somebody who is there already."""
    at = on(due)
    order = builders.order(world.system(), card.id, times=changes.pop("times", (due,)), **changes)
    row, token = builders.label(world.actor("sena"), card.id, place)
    return Bedside(world, card, order, DoseKey(order.line_id, at), row.id, token)


def house(world) -> dict[str, Bedside]:
    """Lunch time at Rowan Court: somebody overdue, due, done, away, with a gap, and somebody with nothing."""
    clock.stand_at(on("12:40"))
    people = {
        "Ada": bedside(world, given="Ada", family="Able", room="1", due="11:30"),  # late since 12:30
        "Bea": bedside(world, given="Bea", family="Bond", room="2", due="12:00", **LEVODOPA),  # time-critical, late
        "Cyn": bedside(world, given="Cyn", family="Cole", room="3", due="12:30"),  # due in the lunch round
        "Dot": bedside(world, given="Dot", family="Dunn", room="8", unit="First floor", due="12:30"),
        "Eve": bedside(world, given="Eve", family="Eden", room="5", due="12:30"),
        "Fay": bedside(world, given="Fay", family="Ford", room="6", due="08:00"),  # a gap: nothing was recorded
        "Gus": bedside(world, given="Gus", family="Gray", room="7", due="16:00"),  # coming
    }
    beside(world, people["Cyn"].resident, due="12:30", **DOCUSATE)
    return people


def two(world) -> tuple[Bedside, Bedside]:
    """Ivy and Bert, each with a dose due."""
    return bedside(world), bedside(world, given="Bert", family="Olney", room="8")


# ---------------------------------------------------------------- in a browser


def scan(browser: Browser, bed: Bedside) -> BeautifulSoup:
    """The phone's own camera opens the card."""
    return browser.get(f"/r/{bed.token}")


def ask(browser: Browser, token: str, status: int = 200, **headers: str) -> dict:
    """What the in-app scanner is told about a code."""
    browser.get(f"/r/{token}", status=status, lint=False, **(AS_JSON | headers))
    return json.loads(browser.response.get_data(as_text=True))


def dock(browser: Browser) -> Tag | None:
    """The form under the thumb."""
    return browser.page.select_one("#dock form")


def make_ready(browser: Browser, **how: object) -> BeautifulSoup:
    """Tap Ready in the dock."""
    form = dock(browser)
    assert form is not None and form["action"].endswith("/card/ready"), words(browser.page)[-400:]
    return browser.submit(form, **how)


def take(browser: Browser, **how: object) -> BeautifulSoup:
    """Tap the dock's Taken."""
    form = dock(browser)
    assert form is not None and form["action"].endswith(("/card/outcome", "/card/taken")), words(browser.page)[-400:]
    return browser.submit(form, **how)


def line_form(browser: Browser, bed: Bedside, *, given: bool) -> Tag:
    """The outcome form of one dose on the card: Taken, or Not taken."""
    forms = browser.page.select(f"#dose-{bed.key} form[action$='/card/outcome']")
    for form in forms:
        if bool(form.select_one("input[name=outcome]")) == given:
            return form
    raise AssertionError(f"no such form: {words(browser.page)[-400:]}")


def pairs(form: Tag) -> list[tuple[str, str]]:
    """The fields of a form as they stand, without the page's token."""
    from tests.browse import form_values

    return [(n, v) for n, v in form_values(form) if n != "csrf_token"]


# ---------------------------------------------------------------- what was written


def counts() -> dict[str, int]:
    """How many rows every insert-only table holds."""
    return {m._meta.table_name: m.select().count() for m in ledger.insert_only_models()}


def refusals() -> list[tuple[str, str, int | None]]:
    """(verb, code, who) of every refusal, oldest first."""
    return [(r.verb, r.code, r.by_person) for r in ledger.Refusal.select().order_by(ledger.Refusal.id)]


def last_line() -> ledger.Line:
    return ledger.Line.select().order_by(ledger.Line.id.desc()).first()


def newest_scan() -> Scan:
    return Scan.select().order_by(Scan.id.desc()).first()


def refused(act: Callable[[], object]) -> Refused:
    """The refusal an act meets, with its record and its line in the chain."""
    with pytest.raises(Refused) as no:
        act()
    line, row = last_line(), ledger.Refusal.select().order_by(ledger.Refusal.id.desc()).first()
    assert (line.outcome, line.rows[0][1]) == ("refused", row.id), "a refusal without its ledger line"
    assert (row.code, row.words) == (no.value.code, no.value.words)
    assert ledger.verify() == []
    return no.value


# ---------------------------------------------------------------- orders


def change(order, by, **changes):
    """The next version of an order, from now on."""
    return order_actions.change_order(
        by=by,
        line_id=order.line_id,
        version_id=order.version_id,
        details=builders.order_details(times=("11:30",), **changes),
        reason="Dr Banerjee by phone",
    )


def stop(order, by) -> None:
    """Stop an order now."""
    why = "Dr Banerjee stopped it"
    order_actions.stop_order(by=by, line_id=order.line_id, version_id=order.version_id, reason=why)


# ---------------------------------------------------------------- the other home


def elm(world) -> tuple[ResidentCard, OrderFacts]:
    """Somebody who lives at Elm House, with a dose due at 11:30: nothing of theirs exists at Rowan Court."""
    system = world.system("elm")
    card = builders.resident(system, "Ada", "Stone")
    return card, builders.order(system, card.id, times=("11:30",))


def elm_entry(world) -> str:
    """The entry_id of an entry of Elm House, recorded by Ella, who works there."""
    card, order = elm(world)
    builders.staff.add_person(
        by=world.system("elm"),
        username="ella",
        given_name="Ella",
        family_name="Reed",
        role="carer",
        agency=False,
        password_hash="x",
    )
    intent = Intent(
        DoseKey(order.line_id, on("11:30")), str(uuid.uuid4()), order.version_id, "refused", reason="not_said"
    )
    by = world.actor("ella", "elm")
    return recording.record(by=by, resident_id=card.id, intent=intent).entry_id


def elm_token(world) -> str:
    """A live label of somebody at Elm House."""
    card, _ = elm(world)
    builders.staff.add_person(
        by=world.system("elm"),
        username="edith",
        given_name="Edith",
        family_name="Marlow",
        role="team_leader",
        password_hash="x",
    )
    return builders.label(world.actor("edith", "elm"), card.id)[1]
