"""How entries are put right in a history: at once by their author, later by asking a senior; corrections as well."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from medpwa import clock
from medpwa.errors import Refused
from medpwa.mar import correction_actions
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.models import Entry
from tests.mar.histories.chart import MINUTE, Told
from tests.mar.histories.doings import Story


@dataclass
class Asked:
    """A correction that waits for its answer."""

    request: int
    old: Told
    wanted: Wanted
    by: str


def correct(story: Story) -> None:
    """Somebody says that an entry is wrong, at once or some minutes later: mostly its author, mostly the newest one."""
    standing = [t for t in story.chart.told if not t.dead]
    if not standing:
        return
    old = standing[-1] if story.dice.random() < 0.7 else story.dice.choice(standing)
    if any(a.old is old for a in story.asked) and story.dice.random() < 0.8:
        answer(story)
        return
    asked = _what(story, old)
    who = old.by if story.dice.random() < 0.6 else story.dice.choice(("amina", "sena", "ben"))
    clock.stand_at(story.at + story.dice.choice((0, 0, 4, 11)) * MINUTE)
    waiting = any(a.old is old for a in story.asked)
    try:
        request = correction_actions.correct(by=story.actor(who), entry_number=old.row, asked=asked,
                                             proven_at=story.at)  # fmt: skip
    except Refused as no:
        assert waiting and no.code == "asked_already", no.code
        story.note("a second correction asked meanwhile")
        return
    assert not waiting, "two requests wait for one entry"
    if old.by == who and story.at - old.at <= 10 * MINUTE:
        _replaced(story, Asked(request.id, old, asked.wanted, who), who)
    else:
        story.asked.append(Asked(request.id, old, asked.wanted, who))


def answer(story: Story) -> None:
    """A senior who neither asked nor recorded it says yes or no."""
    if not story.asked:
        return
    asked = story.asked.pop(0)
    who = next(w for w in ("tolu", "dee", "rosa") if w not in (asked.by, asked.old.by))
    approved = story.dice.random() < 0.5
    correction_actions.answer(by=story.actor(who), request_number=asked.request, approved=approved,
                              words="Looked at together", proven_at=story.at)  # fmt: skip
    if approved:
        story.note("a correction approved by a senior")
        _replaced(story, asked, who)
    else:
        assert Entry.get_or_none(Entry.corrects == asked.old.row) is None
        story.note("a correction turned down")


def _what(story: Story, old: Told) -> Correction:
    """What is said to be wrong, as it fits the entry."""
    if old.outcome == "struck":
        choices = [("mis_tap", Wanted("refused", "not_said"))]
    elif old.outcome not in ("given", "given_part"):
        earlier = max(old.version.valid_from, story.at - 3 * MINUTE)
        choices = [("mis_tap", Wanted("given", given_at=earlier)), ("wrong_order", Wanted("struck"))]
    else:
        before = max(story.chart.lines[old.line][0].valid_from, old.given_at - story.dice.choice((7, 40)) * MINUTE)
        part = dict(reason="spilled" if old.outcome == "given_part" else "", amount=old.amount)
        half = Wanted("given_part", "spilled", given_at=old.given_at, amount=Decimal("0.5"))
        choices = [("mis_tap", Wanted("refused", "not_said")), ("duplicate", Wanted("struck")),
                   ("wrong_time", Wanted(old.outcome, given_at=before, **part)), ("wrong_dose", half)]  # fmt: skip
        if before == old.given_at or old.amount == Decimal("0.5"):
            choices = choices[:2]
    if old.outcome == "given_by_other":
        choices = [("duplicate", Wanted("struck"))]
    why, wanted = story.dice.choice(choices)
    return Correction(str(uuid.uuid4()), why, wanted)


def _replaced(story: Story, asked: Asked, by: str) -> None:
    """The entry that replaces stands in place of the old one, which counts for nothing from now on."""
    old, wanted = asked.old, asked.wanted
    row = Entry.get(Entry.corrects == old.row)
    dose = [t for t in story.chart.told if t.due and (t.line, t.due) == (old.line, old.due)]
    same = [t for t in dose if t is not old and t.taken]
    ours = any(t.outcome != "given_by_other" and not t.after for t in same)
    taken = wanted.outcome in ("given", "given_part")
    after = taken and (old.after or ours)
    assert (row.outcome, row.given_at, row.after_the_fact) == (wanted.outcome, wanted.given_at, after)
    assert row.due_at == old.due
    assert ("second_give" in row.flags) == (taken and bool(same))
    old.dead = True
    story.keep(row=row.id, line=old.line, due=old.due, version=old.version, outcome=wanted.outcome, by=by,
               given_at=wanted.given_at, amount=wanted.amount, after=after, corrects=old.row)  # fmt: skip
    story.note("a correction", *(["a correction of a correction"] if old.corrects else []))
    story.note(*(["an entry struck out"] if wanted.outcome == "struck" else []))
