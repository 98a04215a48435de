"""What people do to orders while a history runs."""

from __future__ import annotations

from dataclasses import replace

from medpwa.medicines import actions
from medpwa.medicines import queries as orders
from tests import builders
from tests.mar.histories.chart import Version
from tests.mar.histories.doings import Story

WHY = "Dr Banerjee by phone"


def change(story: Story) -> None:
    """The next version of an order, keyed by hand: other times, another dose. It waits for its second check."""
    now = _one(story)
    if now.stopped or now.suspended or not now.checked:
        return
    said = _other(story, now)
    row = actions.change_order(by=story.actor("sena"), line_id=now.line_id, version_id=now.version_id,
                               details=said, reason=WHY)  # fmt: skip
    _next(story, now, row.id, said=said, checked=False)


def _other(story: Story, now: Version):
    dice = story.dice
    said = replace(now.said, earlier=dice.choice(("give", "hold", "")))
    if said.schedule is None and said.kind == "regular" and not said.min_interval and dice.random() < 0.6:
        hours = ("05:30", "08:00", "11:00", "13:30", "16:00", "19:00", "23:00")
        times = tuple(sorted(dice.sample(hours, 2)))
        if times != said.times:
            return replace(said, times=times)
    return replace(said, instructions=(f"Version {now.number + 1}",))


def check(story: Story) -> None:
    """A second person keys a waiting version the same."""
    waiting = [v[-1] for v in story.chart.lines.values() if not v[-1].checked and not v[-1].stopped]
    for now in waiting[:1]:
        by = story.actor("tolu")
        facts = orders.version_of(by, now.version_id)
        actions.check_order(rest="same", by=by, version_id=now.version_id, keyed=builders.keyed_again(facts))
        now.checked = True
        story.note("a change checked by a second person")


def suspend(story: Story) -> None:
    """An order is put on hold."""
    now = _one(story)
    if not (now.stopped or now.suspended) and now.checked:
        row = actions.suspend_order(by=story.actor("tolu"), line_id=now.line_id, version_id=now.version_id,
                                    reason="Low blood pressure", decided_by="Dr Banerjee")  # fmt: skip
        _next(story, now, row.id, suspended=True)


def resume(story: Story) -> None:
    """One on hold goes on."""
    held = [v[-1] for v in story.chart.lines.values() if v[-1].suspended]
    for now in held[:1]:
        row = actions.resume_order(by=story.actor("tolu"), line_id=now.line_id, version_id=now.version_id,
                                   reason=WHY)  # fmt: skip
        _next(story, now, row.id, suspended=False)
        story.note("an order resumed")


def stop(story: Story) -> None:
    """An order ends."""
    now = _one(story)
    if not now.stopped and len(story.chart.lines) > 1:
        row = actions.stop_order(by=story.actor("tolu"), line_id=now.line_id, version_id=now.version_id,
                                 reason="Dr Banerjee stopped it")  # fmt: skip
        _next(story, now, row.id, stopped=True, suspended=False)


def _one(story: Story) -> Version:
    """An order to act on: mostly one whose dose somebody has made ready, else any; not one whose course is over."""
    ready = [tap.line for tap in story.taps]
    line = story.dice.choice(ready if ready and story.dice.random() < 0.8 else list(story.chart.lines))
    return story.chart.now(line)


def _next(story: Story, now: Version, version_id: int, **changes: object) -> None:
    changes = {"said": replace(now.said, earlier="")} | changes  # who holds or stops says nothing of earlier doses
    made = replace(now, version_id=version_id, number=now.number + 1, valid_from=story.at, valid_to=None, **changes)
    story.chart.add(made)
