"""The verbs of supervision: write up a talk or a later version of it, sign it, close what was agreed."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.permits import Actor
from medpwa.practice import supervision_agenda as agendas
from medpwa.practice import supervision_deeds as deeds
from medpwa.practice import supervision_queries as queries
from medpwa.practice import supervision_rules as rules
from medpwa.practice.models import SupervisionNote, SupervisionSign
from medpwa.practice.supervision_queries import AgreedFound, TalkFound
from medpwa.practice.supervision_rules import Talk
from medpwa.practice.supervision_vocabulary import MOST_WORDS
from medpwa.staff import lock_rules
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague

STALE = "Too long ago: type your PIN or password again to sign. Nothing was signed; what you wrote is kept."
FIGURES_KEEP = dt.timedelta(hours=12)  # a form may stay open that long with the figures it showed


@action("supervision.record", about=staff.colleague_of)
def write_up(
    *,
    by: Actor,
    about: Colleague,
    person_id: int,
    note_id: str,
    talk: Talk,
    supervisor_id: int | None = None,
    amends: int | None = None,
    seen: int | None = None,
    as_of: dt.datetime | None = None,
) -> Done:
    """Keep a talk with this person, their own figures frozen into it as the supervisor saw them (`as_of`).

    With `amends` it is a later version of that talk, which keeps the figures of the first; `seen` is the version the
    form was filled in from, and another one since is a conflict (409). Only the product itself names the supervisor,
    and may tell of any past day. The same `note_id` twice is the same talk.
    """
    stored = SupervisionNote.get_or_none(SupervisionNote.note_id == note_id)
    if stored is not None:
        return Done(_replayed(by, person_id, stored), replay=True)
    first = _amended(by, person_id, amends, seen)
    supervisor = _supervisor(by, about, supervisor_id, first)
    if faults := rules.talk_faults(talk, _around(by, about, talk.held_on)):
        raise Invalid(faults)
    frozen = first.agenda if first else _agenda(by, person_id, talk.held_on, as_of)
    note, lines = deeds.write(
        by,
        note_id=note_id,
        person_id=person_id,
        supervisor_id=supervisor,
        talk=talk,
        agenda=frozen,
        amends=first.id if first else None,
    )
    if by.kind != "system" and about.roles:
        day = clock.date_words(talk.held_on)
        what = "changed what stands about" if first else "wrote up"
        lines += deeds.tell(by, note, f"{by.name} {what} your talk of {day}. Read it and put your name to it.")
    return Done(note, lines)


def _replayed(by: Actor, person_id: int, stored: SupervisionNote) -> SupervisionNote:
    if (stored.home_id, stored.person_id, stored.by) != (by.home_id, person_id, by.person_id):
        raise NotFound()
    return stored


def _amended(by: Actor, person_id: int, amends: int | None, seen: int | None) -> SupervisionNote | None:
    """The first version of the talk that is amended; None for a new talk."""
    if amends is None:
        return None
    found = queries.talk_of(by, amends)
    if found.note.person_id != person_id:
        raise NotFound()
    if seen is not None and found.newest.id != seen:
        words = "This talk was changed since you opened the form. Nothing was saved yet; what you typed is kept below. "
        raise Refused("stale", words + "Read what stands now first.", 409, {"subject": deeds.subject(person_id)})
    return SupervisionNote.get_by_id(queries.talk_key(found.note))


def _supervisor(by: Actor, about: Colleague, supervisor_id: int | None, first: SupervisionNote | None) -> int:
    """Who led the talk: whoever writes it up. A later version is written by the same person alone."""
    who = first.supervisor_id if first and by.kind == "system" else supervisor_id
    who = by.person_id if by.kind != "system" else who
    if who is None or who == about.person_id or (first is not None and first.supervisor_id != who):
        raise NotFound()
    staff.colleague_of(by, who)
    return who


def _around(by: Actor, about: Colleague, held_on: dt.date) -> rules.Around:
    evening = clock.day_bounds(held_on, by.zone)[1] - dt.timedelta(microseconds=1)
    then = staff.roles_of(about.person_id, by.home_id, evening)
    then |= staff.roles_of(about.person_id, by.home_id, clock.day_bounds(held_on, by.zone)[0])
    today = clock.local_day(clock.now(), by.zone)
    return rules.Around(
        today=today,
        any_past=by.kind == "system",
        owners=frozenset(c.person_id for c in staff.colleagues(by.home_id) if c.roles),
        worked_then=bool(then) or (held_on == today and bool(about.roles)) or by.kind == "system",
        works_now=bool(about.roles),
    )


def _agenda(by: Actor, person_id: int, held_on: dt.date, as_of: dt.datetime | None) -> dict:
    """The figures as the form showed them; of a past day as they stood at its end."""
    now = clock.now()
    shown = as_of if as_of is not None and now - FIGURES_KEEP <= as_of <= now else now
    until = min(shown, clock.day_bounds(held_on, by.zone)[1])
    since = rules.looked_back_to(held_on, queries.last_held(by.home_id, person_id))
    return agendas.agenda_of(by, person_id, since, until).frozen()


@action("supervision.sign", about=queries.talk_of)
def sign(
    *,
    by: Actor,
    about: TalkFound,
    talk_number: int,
    proven_at: dt.datetime,
    words: str = "",
    person_id: int | None = None,
) -> Done:
    """One of the two puts their name to the newest version of a talk, with their own words beside it. Only the product
    itself signs for somebody (`person_id`): the demo's thirty days."""
    who = person_id if by.kind == "system" else by.person_id
    meaning = {about.note.supervisor_id: "supervised", about.note.person_id: "was_supervised"}.get(who)
    where = {"subject": deeds.subject(about.note.person_id)}
    if meaning is None:
        raise Refused("not_theirs", "Only the two who talked sign this. Nothing was signed.", 403, where)
    mine = (SupervisionSign.note == about.note) & (SupervisionSign.by == who)
    if (stored := SupervisionSign.get_or_none(mine)) is not None:
        return Done(stored, replay=True)
    if not about.is_newest:
        said = "There is a newer version of this talk. Nothing was signed; read that one and sign it."
        raise Refused("stale", said, 409, where)
    if len(words) > MOST_WORDS:
        too_long = f"Use at most {MOST_WORDS:,} characters; this has {len(words):,}. Nothing was signed."
        raise Invalid([("words", too_long)])
    if by.kind != "system" and not lock_rules.stepped_up(proven_at, clock.now()):
        raise Invalid([(None, STALE)])
    row, said_line = deeds.sign(about.note, who, meaning=meaning, words=words, proven_at=proven_at)
    return Done(row, [said_line])


@action("supervision.act", about=queries.agreed_of)
def close(*, by: Actor, about: AgreedFound, agreed_id: int, how: str, words: str, person_id: int | None = None) -> Done:
    """Close an action that was agreed: done, or let go, with a few words. By its owner, by who led the talk, or by a
    manager who may read it. Closed twice alike is the same; otherwise a conflict (409) says who was first."""
    who = person_id if by.kind == "system" else by.person_id
    where = {"subject": deeds.subject(about.note.person_id)}
    if not about.may_close or who is None:
        not_theirs = "Its owner, who led the talk or a manager closes this. Nothing was changed."
        raise Refused("not_theirs", not_theirs, 403, where)
    if about.done is not None:
        if (about.done.by, about.done.how, about.done.words) == (who, how, words):
            return Done(about.done, replay=True)
        first = staff.names({about.done.by}).get(about.done.by, "Somebody")
        raise Refused("stale", f"{first} closed this already. What they wrote stands; yours was not saved.", 409, where)
    if faults := rules.closing_faults(how, words):
        raise Invalid(faults)
    row, said = deeds.close(about.action, who, about.note.person_id, how=how, words=words)
    return Done(row, [said])
