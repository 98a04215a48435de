"""Supervision in the demo home: thirteen of sixteen had a talk in the last eight weeks; the night staff wait. Told as
they would be written: what went well first, what happened without blame, what was agreed and by whom."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from medpwa import alerts, clock
from medpwa.alerts import Acknowledgement, Alert
from medpwa.demo.medicine_line import LIVE
from medpwa.demo.telling import Steps, Story
from medpwa.permits import Actor
from medpwa.practice import supervision_actions
from medpwa.practice.models import SupervisionAction
from medpwa.practice.supervision_rules import Agreed, Talk

FROM_ABOVE = "N1"  # the nominated individual
WEEKS_BETWEEN = 7
HELD, SIGNED_AFTER = "14:20", dt.timedelta(minutes=35)


@dataclass(frozen=True)
class Held:
    """One talk: who with whom, when, what was said, what was agreed (what, by whom, due, closed with which words)."""

    person: str
    by: str
    day: int
    said: dict[str, str]
    kind: str = "scheduled"
    level: str = "file"
    next_day: int | None = None
    agreed: tuple[tuple[str, str, int, str], ...] = field(default=())
    own_words: str = ""


TALKS: tuple[Held, ...] = (
    Held("S11", "S6", -68, {
        "wellbeing": "Nights suit her; three in a row are too many.",
        "rounds": "The round at nine is long with one pair of hands until the late staff have gone.",
    }, next_day=-12),
    Held("S12", "S6", -61, {
        "wellbeing": "Content. Would like to hear more of what is decided by day.",
        "rounds": "Began to prepare for medicines by mouth.",
    }, next_day=10),
    Held("S1", FROM_ABOVE, -40, {
        "wellbeing": "The weeks since the inspection have been heavy. Helen takes two days off after the go-live.",
        "changes": "Warning notice, and the app in two weeks.",
        "strengths": "Tells staff and families plainly how things stand.",
    }, level="managers", agreed=(("Cover for Helen’s days off on call", "S2", -34, "Priya is on the list."),)),
    Held("S2", "S1", -36, {
        "wellbeing": "Well. Wants Fridays free of meetings.",
        "rounds": "Plan for the assessments: Jamal and Sophie first, whose dates passed.",
        "strengths": "People ask her to watch them, which says enough.",
    }, agreed=(("Two assessments a week until everybody who gives is in date", "S2", 14, ""),)),
    Held("S3", "S1", -29, {
        "rounds": "First month’s audit read together: 71 per cent, and which two rows are critical.",
        "concerns": "Two days a week are short for the evidence the notice asks for.",
    }, agreed=(("Third day a week until the notice is met", "S1", -20, "Agreed with Larkhill until January."),)),
    Held("S4", "S1", -26, {
        "rounds": "Hand-over in the app: shorter, and nothing is forgotten.",
        "strengths": "Caught the second dose of Frank’s apixaban being out before the evening.",
    }, agreed=(("Show the late staff how to chase a medicine out of hours", "S4", -12, "Shown to the late shift."),)),
    Held("S5", "S1", -24, {
        "wellbeing": "Better since the new baby sleeps.",
        "rounds": "Assessed again yesterday; the date will not pass unseen a second time.",
        "strengths": "Ken’s tube feeds are calm when Jamal does them.",
    }),
    Held("S14", "S2", -24, {
        "wellbeing": "Upset about the round he gave. He was the only one left and did not want Doris to wait.",
        "mistakes": "He gave the teatime round without being signed off, because nobody else could be found. "
        "Telling us was right. It was the rota that failed, and that is being changed.",
        "changes": "He will not be asked again; who leads rings Helen.",
    }, kind="reflective", level="managers",
       agreed=(("Book the medicines course, if he wants to learn it", "S14", -3, ""),),
       own_words="I should have rung. I did not know I could."),
    Held("S7", "S4", -22, {
        "rounds": "Harry’s insulin delegated to her now; she reads the meter aloud to him.",
        "strengths": "Writes down what helped Doris before anybody thinks of a tablet.",
    }),
    Held("S15", "S2", -20, {
        "wellbeing": "Shaken, and glad to be asked.",
        "mistakes": "Frank’s morning set was given to Harry, who answered to the wrong name: he hears very little. She "
        "saw it herself and said so at once. The photo was there and the room was noisy.",
        "changes": "Gives with somebody beside her for now. Her agency was told.",
    }, kind="reflective", level="managers",
       agreed=(("Three rounds beside Sophie or Carol, then decide again", "S2", 5, ""),),
       own_words="I asked his name. Next time I look at the face and the label."),
    Held("S10", "S2", -19, {
        "rounds": "Two observed rounds. Everything was met but one thing: he left before it was swallowed.",
        "strengths": "Kind, exact with labels, and asks.",
        "concerns": "Hurries when the bell rings.",
    }, kind="observation", agreed=(("The bell is answered by the floor while a round runs", "S5", -12,
                                    "A second person carries the bell in the mornings."),),
       own_words="Fair. I will stay with them."),
    Held("S8", "S1", -14, {
        "wellbeing": "Tired. Five late shifts in a row, and the bell on his belt each time.",
        "mistakes": "Margaret had two patches on, and nine doses went unsigned in two weeks, most of them at nine in "
        "the evening. He was alone on both floors for four of those rounds.",
        "changes": "His sign-offs are paused for safety. It is no punishment; pay and hours stay as they are.",
        "strengths": "Came to say so himself when he found the second patch.",
    }, kind="reflective", level="managers",
       agreed=(("Never alone on both floors at nine in the evening", "S1", -7, "The late shift has three since."),
               ("Three rounds watched, at two times of day", "S2", 4, "")),
       own_words="I was ashamed. It helps to know what happens next."),
    Held("S9", "S4", -13, {
        "rounds": "First three weeks of giving by herself; two doses late, both for Ken’s feed.",
        "strengths": "Ken asks for Grace.",
    }),
    Held("S13", "S2", -9, {
        "rounds": "First observed round passed. She knows the people better than the tablets yet.",
        "strengths": "Nobody is hurried when Chloe comes.",
    }, kind="observation", agreed=(("Learn what each tablet of the teatime round is for", "S13", 3, ""),),
       own_words="It was less frightening than I thought."),
    Held("S6", "S1", -6, {
        "rounds": "Nights since Denise’s review fell out: Agnieszka carries the controlled drugs alone.",
        "concerns": "Her own review is due in December; no third surprise.",
    }, agreed=(("Rota: two people for controlled drugs on every night", "S1", -1, ""),)),
)  # fmt: skip
# When people read what was decided about them.
READ = (("S8", -15, "12:10"), ("S15", -21, "12:10"), ("S10", -20, "12:40"))


def steps(story: Story) -> Steps:
    """Each talk held, written up and signed by both; older ones taken over; what was agreed closed where done."""
    if not story.whole:
        return
    for code, day, time in READ:
        yield story.at(day, time), lambda code=code: _read(story, code)
    for held in TALKS:
        at = story.at(held.day, HELD) if held.day >= LIVE else story.at(LIVE, "10:30")
        yield at, lambda held=held: _write(story, held)
        yield at + SIGNED_AFTER, lambda held=held: _sign(story, held)
        for number, (_, _, due, closed) in enumerate(held.agreed):
            if closed:
                yield story.at(max(due, held.day + 1, LIVE + 1), "16:40"), lambda h=held, n=number: _close(story, h, n)


def _write(story: Story, held: Held) -> None:
    day = story.d0 + dt.timedelta(days=held.day)
    agreed = tuple(
        Agreed(what, story.person[owner], story.d0 + dt.timedelta(days=due)) for what, owner, due, _ in held.agreed
    )
    next_day = held.next_day if held.next_day is not None else held.day + WEEKS_BETWEEN * 7
    next_on = story.d0 + dt.timedelta(days=next_day)
    talk = Talk(held.kind, day, held.said, held.level, next_on, agreed)
    by, about = _writer(story, held), dict(person_id=story.person[held.person], note_id=_id(story, held))
    leader = _leader(story, held) if by.kind == "system" else None
    note = supervision_actions.write_up(by=by, talk=talk, supervisor_id=leader, **about)
    story.talks[held.person, held.day] = note.id


def _id(story: Story, held: Held) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"steady:talk:{story.d0}:{held.person}:{held.day}"))


def _leader(story: Story, held: Held) -> int:
    return story.nominated if held.by == FROM_ABOVE else story.person[held.by]


def _writer(story: Story, held: Held) -> Actor:
    return story.actor(held.by) if held.day >= LIVE else story.system


def _sign(story: Story, held: Held) -> None:
    number, now = story.talks[held.person, held.day], clock.now()
    if held.day < LIVE:
        for who in (_leader(story, held), story.person[held.person]):
            supervision_actions.sign(by=story.system, talk_number=number, proven_at=now, person_id=who)
        return
    supervision_actions.sign(by=story.actor(held.by), talk_number=number, proven_at=now)
    _read(story, held.person)
    supervision_actions.sign(by=story.actor(held.person), talk_number=number, proven_at=now, words=held.own_words)


def _read(story: Story, code: str) -> None:
    """Somebody reads what was put in front of them by name."""
    by = story.actor(code)
    read = Acknowledgement.select(Acknowledgement.alert)
    mine = (Alert.home_id == story.home.id) & (Alert.to_person == by.person_id) & Alert.id.not_in(read)
    for alert in Alert.select().where(mine).order_by(Alert.id):
        alerts.acknowledge(by=by, alert_id=alert.id)


def _close(story: Story, held: Held, number: int) -> None:
    what, owner, _, closed = held.agreed[number]
    mine = (SupervisionAction.note == story.talks[held.person, held.day]) & (SupervisionAction.what == what)
    row = SupervisionAction.get(mine)
    supervision_actions.close(by=story.actor(owner), agreed_id=row.id, how="done", words=closed)
