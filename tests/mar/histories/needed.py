"""When-required doses in a history."""

from __future__ import annotations

import uuid
from decimal import Decimal

from medpwa import clock
from medpwa.errors import Refused
from medpwa.mar import openings, prn_actions, tickets
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_rules import Use
from tests.mar.histories.chart import HOUR, MINUTE, Version
from tests.mar.histories.doings import Story, open_card

RARE = {code: f"a when-required dose refused by {code}" for code in ("interval", "maximum")}


def when_required(story: Story) -> None:
    """Somebody needs a when-required medicine, now or some hours on."""
    lines = [own[-1] for own in story.chart.lines.values() if own[-1].kind == "prn"]
    if not lines:
        return
    clock.stand_at(story.at + story.dice.choice((0, 0, 7, 90, 200, 239, 240, 241)) * MINUTE)
    who, now = story.dice.choice(("amina", "amina", "amina", "sena", "ben")), story.dice.choice(lines)
    open_card(story, who)
    intent = _intent(story, who, now, Decimal(story.dice.choice((1, 2))))
    against = _against(story, who, now, intent.use.amount)
    try:
        row = prn_actions.record(by=story.actor(who), resident_id=story.resident.id, intent=intent)
    except Refused as no:
        assert no.code in against, f"refused for {no.code} ({no.words}), which the model has not: {sorted(against)}"
        story.note(*([RARE[no.code]] if no.code in RARE else []))
        return
    assert not against, f"stored against {sorted(against)}"
    story.keep(row=row.id, line=now.line_id, due=None, version=now, outcome="given", by=who, given_at=story.at,
               amount=intent.use.amount, intended=True)  # fmt: skip
    story.note("a when-required dose given")


def _intent(story: Story, who: str, now: Version, amount: Decimal) -> PrnIntent:
    by = story.actor(who)
    scan_id, key = openings.identified(by, story.resident.id).scan_id, tickets.prn_key(now.line_id)
    made = tickets.Ticket(by.person_id, by.home_id, key, now.version_id, scan_id, story.at)
    use = Use(steps=("A warm pack",), reason="Back pain", amount=amount)
    return PrnIntent(now.line_id, now.version_id, str(uuid.uuid4()), "given", use, ticket=tickets.issue(made))


def _against(story: Story, who: str, now: Version, amount: Decimal) -> set[str]:
    """Every reason why it must be refused now."""
    reasons = {
        "stopped": now.stopped or now.suspended,
        "on_hold": now.suspended,
        "unchecked": not now.checked,
        "not_signed_off": not story.chart.skilled(who, story.at),
        "scan_first": story.at - story.chart.opened[who] >= 72 * HOUR,
    }
    found = {code for code, stands in reasons.items() if stands}
    return found | story.chart.breached(now, amount, story.at)
