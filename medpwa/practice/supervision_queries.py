"""Talks as pages and actions find them. Who may read one is decided here, in the query: what a reader may not see is
not fetched, and its address answers as if it were not there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import peewee as pw

from medpwa import clock
from medpwa.errors import NotFound
from medpwa.permits import MANAGING_ROLES, Actor
from medpwa.practice import supervision_rules as rules
from medpwa.practice.models import SupervisionAction, SupervisionActionDone, SupervisionNote, SupervisionSign
from medpwa.staff import queries as staff
from medpwa.staff.models import Role
from medpwa.staff.queries import Colleague

_Later = SupervisionNote.alias()


def talk_key(note: SupervisionNote) -> int:
    """The first version of a talk: all later ones name it."""
    return note.amends_id or note.id


def _talk(note: type[SupervisionNote] | pw.ModelAlias) -> pw.Function:
    return pw.fn.COALESCE(note.amends, note.id)


def _newest_level() -> pw.Function:
    """The level of a talk's newest version: one made more private hides its earlier versions too."""
    newest = _Later.select(_Later.level).where(_talk(_Later) == _talk(SupervisionNote))
    return pw.fn.COALESCE(newest.order_by(_Later.id.desc()).limit(1), "")


def readable(who: Actor) -> pw.Expression:
    """Which versions of talks somebody may read: their own as either of the two, else by level and role."""
    here = SupervisionNote.home == who.home_id
    if who.kind == "system":
        return here
    own = (SupervisionNote.person == who.person_id) | (SupervisionNote.supervisor == who.person_id)
    levels = rules.levels_for(who.roles)
    return here & (own | (SupervisionNote.level.in_(levels) & _newest_level().in_(levels)))


def newest_only() -> pw.Expression:
    """The version of each talk that nothing was written after: a talk counts once, by the day this one names."""
    same = _talk(_Later) == _talk(SupervisionNote)
    newer = _Later.select(pw.SQL("1")).where(same & (_Later.id > SupervisionNote.id))
    return ~pw.fn.EXISTS(newer)


@dataclass(frozen=True)
class TalkFound:
    """A version of a talk, the newest one of the same talk, and its versions in order: what pages and actions are
    about."""

    home_id: int
    note: SupervisionNote
    newest: SupervisionNote
    versions: tuple[SupervisionNote, ...]

    @property
    def is_newest(self) -> bool:
        """Whether nothing was written after it."""
        return self.note.id == self.newest.id


def talk_of(by: Actor, talk_number: int, **_: object) -> TalkFound:
    """A version of a talk this person may read, else NotFound."""
    if not 0 < talk_number < staff.HIGHEST_ID:
        raise NotFound()
    note = SupervisionNote.get_or_none(readable(by) & (SupervisionNote.id == talk_number))
    if note is None:
        raise NotFound()
    same = readable(by) & (_talk(SupervisionNote) == talk_key(note))
    versions = tuple(SupervisionNote.select().where(same).order_by(SupervisionNote.id))
    return TalkFound(by.home_id, note, versions[-1], versions)


def amended_by(by: Actor, talk_number: int, **_: object) -> Colleague:
    """Whose talk it is, for its supervisor, who alone writes a later version; else NotFound."""
    found = talk_of(by, talk_number)
    if by.kind != "system" and found.note.supervisor_id != by.person_id:
        raise NotFound()
    return staff.colleague_of(by, found.note.person_id)


def signs_of(notes: Iterable[SupervisionNote]) -> dict[int, dict[str, SupervisionSign]]:
    """Who signed which version: by version, then by what the signature means."""
    found: dict[int, dict[str, SupervisionSign]] = {}
    for sign in SupervisionSign.select().where(SupervisionSign.note.in_(list(notes))):
        found.setdefault(sign.note_id, {})[sign.meaning] = sign
    return found


# ---------------------------------------------------------------- actions


@dataclass(frozen=True)
class AgreedFound:
    """An action of a talk: what it says, how it ended, and whether the reader may read the talk as well."""

    home_id: int
    action: SupervisionAction
    note: SupervisionNote
    done: SupervisionActionDone | None
    may_read: bool
    may_close: bool


def agreed_of(by: Actor, agreed_id: int, **_: object) -> AgreedFound:
    """An action whose talk this person may read, or which is theirs to do; else NotFound."""
    if not 0 < agreed_id < staff.HIGHEST_ID:
        raise NotFound()
    found = _agreed(by, SupervisionAction.id == agreed_id)
    if not found:
        raise NotFound()
    return found[0]


def agreed_in(by: Actor, notes: Iterable[SupervisionNote]) -> list[AgreedFound]:
    """The actions of some versions of talks, soonest due first."""
    return _agreed(by, SupervisionAction.note.in_([n.id for n in notes]))


def open_actions(by: Actor, owner: int | None = None) -> list[AgreedFound]:
    """Actions nobody has closed: all this person may see, or one owner's, soonest due first."""
    which = SupervisionActionDone.id.is_null()
    return _agreed(by, which & (SupervisionAction.owner == owner) if owner is not None else which)


def _agreed(by: Actor, which: pw.Expression) -> list[AgreedFound]:
    visible = SupervisionNote.select(SupervisionNote.id).where(readable(by))
    rows = (
        SupervisionAction.select(SupervisionAction, SupervisionNote, SupervisionActionDone)
        .join(SupervisionNote)
        .switch(SupervisionAction)
        .join(SupervisionActionDone, pw.JOIN.LEFT_OUTER)
        .where(which & (SupervisionNote.home == by.home_id))
        .where(SupervisionNote.id.in_(visible) | (SupervisionAction.owner == by.person_id))
        .order_by(SupervisionAction.due_on, SupervisionAction.id)
    )
    found = list(rows)
    theirs = visible.where(SupervisionNote.id.in_([a.note_id for a in found]))
    read = {n for (n,) in theirs.tuples()} if found else set()
    return [_found(by, action, action.note_id in read) for action in found]


def _found(by: Actor, action: SupervisionAction, may_read: bool) -> AgreedFound:
    note = action.note
    closes = by.kind == "system" or by.person_id in (action.owner_id, note.supervisor_id)
    closes = closes or (may_read and bool(by.roles & MANAGING_ROLES))
    done = getattr(action, "supervisionactiondone", None)
    return AgreedFound(by.home_id, action, note, done if done and done.id else None, may_read, closes)


def overdue_actions(by: Actor, at: dt.datetime | None = None) -> list[AgreedFound]:
    """Open actions past their day which this person owns or, as a manager, sees to."""
    today = clock.local_day(at or clock.now(), by.zone)
    manages = bool(by.roles & MANAGING_ROLES)
    past = [a for a in open_actions(by) if a.action.due_on < today]
    return [a for a in past if a.action.owner_id == by.person_id or (manages and a.may_read)]


# ---------------------------------------------------------------- who is due


@dataclass(frozen=True)
class Standing:
    """When somebody's supervision is due, from talks of every level: that one was held is no secret, what was said
    is."""

    colleague: Colleague
    held_on: dt.date | None
    due_on: dt.date


def standings(who: Actor) -> list[Standing]:
    """Everybody who works in the home now, longest due first."""
    newest = _newest_talks(who.home_id)
    first = Role.select(Role.person, pw.fn.MIN(Role.valid_from)).where(Role.home == who.home_id)
    begun = dict(first.group_by(Role.person).tuples())
    found = []
    for colleague in staff.colleagues(who.home_id):
        if colleague.roles:
            held_on, next_on = newest.get(colleague.person_id, (None, None))
            began_on = clock.local_day(begun[colleague.person_id], who.zone)
            found.append(Standing(colleague, held_on, rules.due_on(began_on, held_on, next_on)))
    return sorted(found, key=lambda s: (s.due_on, s.colleague.name))


def _newest_talks(home_id: int) -> dict[int, tuple[dt.date, dt.date | None]]:
    """The newest talk of each person: its day, and the day of the next."""
    columns = (SupervisionNote.person, SupervisionNote.held_on, SupervisionNote.next_on)
    rows = SupervisionNote.select(*columns).where((SupervisionNote.home == home_id) & newest_only())
    found: dict[int, tuple[dt.date, dt.date | None]] = {}
    for person_id, held_on, next_on in rows.order_by(SupervisionNote.held_on, SupervisionNote.id).tuples():
        found[person_id] = (held_on, next_on)
    return found


def last_held(home_id: int, person_id: int) -> dt.date | None:
    """The day of somebody's newest talk."""
    return _newest_talks(home_id).get(person_id, (None, None))[0]


def overdue(who: Actor, at: dt.datetime | None = None) -> list[Standing]:
    """People whose supervision was due before today."""
    today = clock.local_day(at or clock.now(), who.zone)
    return [s for s in standings(who) if s.due_on < today]


@dataclass(frozen=True)
class Supervised:
    """How many of those who work here had a talk since a day, and who had none."""

    done: int
    of: int
    without: tuple[str, ...]

    @property
    def words(self) -> str:
        """`13 of 16`."""
        return f"{self.done} of {self.of}"


def supervised_since(home_id: int, since: dt.date) -> Supervised:
    """Of everybody who holds a role in the home now, how many had a talk on or after a day. A talk counts once, by the
    day its newest version names."""
    mine = (SupervisionNote.home == home_id) & (SupervisionNote.held_on >= since) & newest_only()
    had = {p for (p,) in SupervisionNote.select(SupervisionNote.person).where(mine).distinct().tuples()}
    people = [c for c in staff.colleagues(home_id) if c.roles]
    without = tuple(c.name for c in people if c.person_id not in had)
    return Supervised(len(people) - len(without), len(people), without)


def talks_about(who: Actor, person_id: int) -> list[SupervisionNote]:
    """The newest version of every talk of somebody which this person may read, newest day first."""
    mine = readable(who) & newest_only() & (SupervisionNote.person == person_id)
    newest_first = (SupervisionNote.held_on.desc(), SupervisionNote.id.desc())
    return list(SupervisionNote.select().where(mine).order_by(*newest_first))


def talks_to_sign(who: Actor) -> list[SupervisionNote]:
    """Newest versions of talks that wait for this person's name, oldest first."""
    mine = (SupervisionNote.person == who.person_id) | (SupervisionNote.supervisor == who.person_id)
    signed = SupervisionSign.select(SupervisionSign.note).where(SupervisionSign.by == who.person_id)
    rows = SupervisionNote.select().where((SupervisionNote.home == who.home_id) & mine & newest_only())
    return list(rows.where(SupervisionNote.id.not_in(signed)).order_by(SupervisionNote.held_on, SupervisionNote.id))
