"""The quality lead signs the competency audit of the quarter twice in these days: in the middle, with what is to be
done, and again on the day before D0, when that has been seen to."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.demo.telling import Steps, Story
from medpwa.practice import audit_actions, audit_queries, auditing, quarters
from medpwa.practice.audit_deeds import FindingAsked
from medpwa.practice.audit_vocabulary import TESTS
from medpwa.practice.models import AuditFinding

SIGNED_BY, SEEN_TO_BY = "S3", "S2"
FIRST, SEEN_TO, AGAIN = (-15, "15:30"), (-2, "15:05"), (-1, "15:30")
WORDS = {
    FIRST: "Read with Helen and Priya. Ryan’s round matters most: two people were ill, he was asked, and did not want "
           "anybody to wait. Nobody had rung Helen.",
    AGAIN: "Read again after four weeks. The rota has been looked at a week ahead since, and nobody gave without a "
           "sign-off since Ryan’s round. Denise’s review was booked and fell out; nobody moved it.",
}  # fmt: skip
# What is to be done about a test that fails: at first, and where it was said before; by whom, in how many days.
TO_DO: dict[str, tuple[str, str, str, int]] = {
    "gave": (
        "Nobody is asked to give without a sign-off: who leads looks at the rota a week ahead and rings who is on call",
        "Keep looking a week ahead, and read the refused attempts each Monday",
        "S2", 14,
    ),
}  # fmt: skip
ELSE = ("See what happened with whoever was there, and write down what changes", "See it through", "S1", 14)
DONE = "The forecast is read on Mondays and Thursdays. Two holes were filled since, and Helen was rung once."


def steps(story: Story) -> Steps:
    """Signed, what it found seen to, and signed again."""
    if story.whole:
        yield story.at(*FIRST), lambda: _sign(story, FIRST)
        yield story.at(*SEEN_TO), lambda: _see_to(story)
        yield story.at(*AGAIN), lambda: _sign(story, AGAIN)


def _sign(story: Story, when: tuple[int, str]) -> None:
    by, today, now = story.actor(SIGNED_BY), story.d0 + dt.timedelta(days=when[0]), clock.now()
    quarter = quarters.of_day(today)
    audited, before = auditing.audit(by, quarter, now), audit_queries.standing(by.home_id, quarter)
    failed = [t["key"] for t in audited.figures["tests"] if t["failed"]]
    findings = [_finding(story, key, today, again=before is not None) for key in TESTS if key in failed]
    audit_actions.sign(
        by=by, quarter=quarter.word, words=WORDS[when], findings=findings, seal=audited.seal, proven_at=now,
        amends=before.id if before is not None else None,
    )  # fmt: skip


def _finding(story: Story, test: str, today: dt.date, *, again: bool) -> FindingAsked:
    first, later, owner, days = TO_DO.get(test, ELSE)
    return FindingAsked(test, later if again else first, story.person[owner], today + dt.timedelta(days=days))


def _see_to(story: Story) -> None:
    for finding in AuditFinding.select().order_by(AuditFinding.id):
        audit_actions.finish(by=story.actor(SEEN_TO_BY), finding_id=finding.id, words=DONE)
