"""The quality lead signs the competency audit of the quarter on the day before D0, with what is to be done about it."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.demo.telling import Steps, Story
from medpwa.practice import audit_actions, auditing, quarters
from medpwa.practice.audit_deeds import FindingAsked
from medpwa.practice.audit_vocabulary import TESTS
from medpwa.practice.models import AuditFinding

DAY, AT, SIGNED_BY = -1, "15:30", "S3"
# Of a test that fails: what is to be done, by whom, in how many days.
TO_DO: dict[str, tuple[str, str, int]] = {
    "gave": ("A shift does not begin without somebody signed off: the rota shows it a week ahead, and who leads rings "
             "who is on call before the round", "S2", 14),
    "evidence": ("Find the paper the oldest sign-offs rest on, or assess again", "S2", 21),
    "rounds": ("Complete the observed rounds that are missing", "S2", 28),
    "supervision": ("Book the talks of the night staff: nobody had asked them", "S1", 14),
    "reach": ("Watch a round in each part of the week before the quarter ends", "S2", 28),
}  # fmt: skip
ELSE = ("See what happened with whoever was there, and write down what changes", "S1", 14)
WORDS = (
    "Read with Helen and Priya. Ryan’s round on a day with two people ill is the one that matters most: he was sent, "
    "he did not choose it. Denise’s review was booked and fell out; nobody moved it."
)
DONE = ("reach", "Priya watches Agnieszka’s next night round; it is in the book.")


def steps(story: Story) -> Steps:
    """Signed in the afternoon, and one of the findings seen to since."""
    if story.whole:
        yield story.at(DAY, AT), lambda: _sign(story)


def _sign(story: Story) -> None:
    by, today = story.actor(SIGNED_BY), story.d0 + dt.timedelta(days=DAY)
    quarter, now = quarters.of_day(today), clock.now()
    audited = auditing.audit(by, quarter, now)
    failed = [t["key"] for t in audited.figures["tests"] if t["failed"]]
    findings = [_finding(story, key, today) for key in TESTS if key in failed]
    audit_actions.sign(
        by=by, quarter=quarter.word, words=WORDS, findings=findings, seal=audited.seal, proven_at=now
    )
    seen_to = AuditFinding.get_or_none(AuditFinding.what == TO_DO[DONE[0]][0])
    if seen_to is not None:
        audit_actions.finish(by=story.actor("S2"), finding_id=seen_to.id, words=DONE[1])


def _finding(story: Story, test: str, today: dt.date) -> FindingAsked:
    what, owner, days = TO_DO.get(test, ELSE)
    return FindingAsked(test, what, story.person[owner], today + dt.timedelta(days=days))
