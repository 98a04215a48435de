"""What the pages of supervision show, as words and addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa import clock
from medpwa.permits import Actor, may
from medpwa.practice import supervision_agenda as agendas
from medpwa.practice import supervision_queries as queries
from medpwa.practice import supervision_rules as rules
from medpwa.practice.models import SupervisionNote, SupervisionSign
from medpwa.practice.supervision_agenda import Agenda, Figure
from medpwa.practice.supervision_queries import AgreedFound, TalkFound
from medpwa.practice.supervision_vocabulary import HOW_SAID, KINDS, LEVELS, MEANINGS, PARTS, SIGNED_AS
from medpwa.staff import queries as staff
from medpwa.staff.queries import Colleague


@dataclass(frozen=True)
class Row:
    """A line of a list: who or what, how it stands, where it leads."""

    tone: str
    title: str
    lead: str
    why: str
    action: str
    url: str


@dataclass(frozen=True)
class TeamPage:
    """Who is due for supervision, and what was agreed and is open."""

    sentence: str
    lead: str
    overdue: list[Row]
    coming: list[Row]
    actions: list[Row]


def base(who: Actor) -> str:
    """Where the pages of supervision stand."""
    return f"/h/{who.home_slug}/supervision"


def team_page(who: Actor) -> TeamPage:
    """The whole team: overdue first, then by the day the next talk is due."""
    today = clock.local_day(clock.now(), who.zone)
    held = queries.supervised_since(who.home_id, today - rules.UNTIL_NEXT)
    rows = [(s, _person_row(who, s, today)) for s in queries.standings(who)]
    late = [row for s, row in rows if s.due_on < today]
    actions = [a for a in queries.open_actions(who) if a.may_read]
    return TeamPage(
        sentence=f"{held.done} of {held.of} people had a talk in the last 8 weeks",
        lead=_team_lead(len(late)),
        overdue=late,
        coming=[row for s, row in rows if s.due_on >= today],
        actions=[action_row(who, a, today) for a in actions],
    )


def _team_lead(late: int) -> str:
    if not late:
        return "Nobody’s talk is overdue."
    return "1 person’s talk is overdue." if late == 1 else f"{late} people’s talks are overdue."


def _person_row(who: Actor, s: queries.Standing, today: dt.date) -> Row:
    late = s.due_on < today
    last = f"last held {_day(s.held_on, today)}" if s.held_on else "none is recorded yet"
    lead = f"Was due {_day(s.due_on, today)}" if late else f"Due {_day(s.due_on, today)}"
    name = f"{s.colleague.name}, {staff.role_words(s.colleague.roles).lower()}"
    url = f"{base(who)}/people/{s.colleague.person_id}"
    return Row("late" if late else "coming", name, lead, f"{last}.", "Open", url)


def _day(day: dt.date, today: dt.date) -> str:
    return clock.day_words(day, today)


def action_row(who: Actor, found: AgreedFound, today: dt.date) -> Row:
    """An open action, red once its day has passed."""
    names = staff.names({found.action.owner_id, found.note.person_id})
    late = found.action.due_on < today
    lead = f"Was due {_day(found.action.due_on, today)}" if late else f"Due {_day(found.action.due_on, today)}"
    why = f"{names[found.action.owner_id]}, from the talk with {names[found.note.person_id]}."
    url = f"{base(who)}/actions/{found.action.id}"
    return Row("late" if late else "due", found.action.what, lead, why, "Close", url)


# ---------------------------------------------------------------- one person


@dataclass(frozen=True)
class PersonPage:
    """A person's talks as this reader may see them."""

    sentence: str
    lead: str
    talks: list[Row]
    actions: list[Row]
    to_sign: list[Row]
    new_url: str | None


def person_page(who: Actor, colleague: Colleague) -> PersonPage:
    """Somebody's talks: newest first, with what is open."""
    today, own = clock.local_day(clock.now(), who.zone), colleague.person_id == who.person_id
    notes = queries.talks_about(who, colleague.person_id)
    standing = next((s for s in queries.standings(who) if s.colleague.person_id == colleague.person_id), None)
    open_here = [a for a in queries.open_actions(who) if _about(a, colleague.person_id, own)]
    waiting = queries.talks_to_sign(who) if own else []
    return PersonPage(
        sentence=_person_sentence(colleague, standing, today, own),
        lead=_person_lead(len(waiting), own),
        talks=[talk_row(who, n, today) for n in notes],
        actions=[action_row(who, a, today) for a in open_here],
        to_sign=[_sign_row(who, n, today) for n in waiting],
        new_url=_new_url(who, colleague),
    )


def _about(found: AgreedFound, person_id: int, own: bool) -> bool:
    if own:
        return person_id in (found.action.owner_id, found.note.person_id)
    return found.may_read and found.note.person_id == person_id


def _new_url(who: Actor, colleague: Colleague) -> str | None:
    return f"{base(who)}/people/{colleague.person_id}/new" if may("supervision.record", who, colleague) else None


def _person_sentence(colleague: Colleague, standing, today: dt.date, own: bool) -> str:
    whose = "Your" if own else f"{colleague.name}’s"
    if standing is None:
        return f"{colleague.name} does not work here any more"
    if standing.due_on < today:
        return f"{whose} next talk was due {_day(standing.due_on, today)}"
    return f"{whose} next talk is due {_day(standing.due_on, today)}"


def _person_lead(waiting: int, own: bool) -> str:
    if waiting:
        return "A talk waits for your name." if waiting == 1 else f"{waiting} talks wait for your name."
    return "What you talked about, in both your words. You see all of it." if own else ""


def talk_row(who: Actor, note: SupervisionNote, today: dt.date) -> Row:
    """A talk in a list: when, what kind, who led it, who signed."""
    signs = queries.signs_of([note]).get(note.id, {})
    led = staff.names({note.supervisor_id}).get(note.supervisor_id, "Somebody")
    tone, lead = ("given", "Signed by both") if len(signs) == 2 else ("waiting", "Waits for " + _waits_for(note, signs))
    title = f"{KINDS[note.kind][0]}, {clock.date_words(note.held_on)}"
    return Row(tone, title, lead, f"led by {led}. {LEVELS[note.level][0]}.", "Read", f"{base(who)}/talks/{note.id}")


def _waits_for(note: SupervisionNote, signs: dict[str, SupervisionSign]) -> str:
    if not signs:
        return "both names"
    who = note.person_id if "supervised" in signs else note.supervisor_id
    return f"{staff.names({who}).get(who, 'somebody')}’s name"


def _sign_row(who: Actor, note: SupervisionNote, today: dt.date) -> Row:
    other = note.supervisor_id if note.person_id == who.person_id else note.person_id
    why = f"{KINDS[note.kind][0].lower()} with {staff.names({other}).get(other, 'somebody')}."
    url = f"{base(who)}/talks/{note.id}"
    return Row("waiting", f"Talk of {clock.date_words(note.held_on)}", "Waits for your name", why, "Read and sign", url)


# ---------------------------------------------------------------- one talk


@dataclass(frozen=True)
class SignLine:
    """A name under a talk, or the one that is missing."""

    name: str
    words: str
    own_words: str
    signed: bool


@dataclass(frozen=True)
class Version:
    """Another version of the same talk."""

    words: str
    url: str
    current: bool


@dataclass(frozen=True)
class TalkPage:
    """A version of a talk."""

    sentence: str
    lead: str
    figures: list[tuple[str, list[Figure]]]
    figures_words: str
    said: list[tuple[str, str]]
    actions: list[Row]
    closed: list[Row]
    signs: list[SignLine]
    sign_url: str | None
    meaning: str
    asks_words: bool
    amend_url: str | None
    versions: list[Version]
    older: bool
    newest_url: str
    next_words: str
    level_words: str
    back_url: str


def talk_page(who: Actor, found: TalkFound) -> TalkPage:
    """A talk as either of the two, or somebody who may read it, sees it."""
    note, today = found.note, clock.local_day(clock.now(), who.zone)
    names = staff.names({note.person_id, note.supervisor_id})
    agreed = queries.agreed_in(who, found.versions)
    signs = queries.signs_of([note]).get(note.id, {})
    meaning = {note.supervisor_id: "supervised", note.person_id: "was_supervised"}.get(who.person_id, "")
    signing = bool(meaning) and meaning not in signs and found.is_newest
    agenda = agendas.thawed(note.agenda)
    url = f"{base(who)}/talks/{note.id}"
    mine = note.person_id == who.person_id
    return TalkPage(
        sentence=f"{names[note.supervisor_id]} talked with {'you' if mine else names[note.person_id]} on "
        f"{clock.long_day_words(note.held_on)}",
        lead=f"{KINDS[note.kind][0]}. {KINDS[note.kind][1]}.",
        figures=grouped(agenda),
        figures_words=figures_words(agenda, who.zone),
        said=[(label, note.said[part]) for part, (label, _) in PARTS.items() if note.said.get(part)],
        actions=[action_row(who, a, today) for a in agreed if a.done is None],
        closed=[_closed_row(who, a) for a in agreed if a.done is not None],
        signs=[_sign_line(who, note, m, signs.get(m)) for m in MEANINGS],
        sign_url=f"{url}/sign" if signing else None,
        meaning=MEANINGS.get(meaning, ""),
        asks_words=meaning == "was_supervised",
        amend_url=f"{url}/amend" if found.is_newest and _amends(who, note) else None,
        versions=[_version(who, n, v, note) for n, v in enumerate(found.versions, 1)],
        older=not found.is_newest,
        newest_url=f"{base(who)}/talks/{found.newest.id}",
        next_words=f"Next talk: {clock.long_day_words(note.next_on)}" if note.next_on else "No next talk is agreed",
        level_words=f"{LEVELS[note.level][0]}: {LEVELS[note.level][1].lower()}, and the two who talked.",
        back_url=f"{base(who)}/mine" if mine else f"{base(who)}/people/{note.person_id}",
    )


def _amends(who: Actor, note: SupervisionNote) -> bool:
    return note.supervisor_id == who.person_id and may("supervision.record", who)


def grouped(agenda: Agenda) -> list[tuple[str, list[Figure]]]:
    """Figures under their headings: what went well stands first."""
    return [(words, [f for f in agenda.figures if f.group == key]) for key, words in agendas.GROUPS.items()]


def figures_words(agenda: Agenda, zone: str) -> str:
    """Over which time the figures were counted."""
    until = clock.local_day(agenda.as_of, zone)
    return f"From {clock.date_words(agenda.since)} to {clock.date_words(until)}, counted for this person alone."


def _closed_row(who: Actor, found: AgreedFound) -> Row:
    done, names = found.done, staff.names({found.done.by})
    day = clock.date_words(clock.local_day(done.at, who.zone))
    why = f"{names.get(done.by, 'somebody')}, {day}: {done.words}"
    tone = "given" if done.how == "done" else "not_given"
    return Row(tone, found.action.what, HOW_SAID[done.how], why, "Read", f"{base(who)}/actions/{found.action.id}")


def _sign_line(who: Actor, note: SupervisionNote, meaning: str, sign: SupervisionSign | None) -> SignLine:
    person_id = note.supervisor_id if meaning == "supervised" else note.person_id
    name = staff.names({person_id}).get(person_id, "Somebody")
    if sign is not None:
        at = clock.moment_words(sign.at, who.zone)
        proof = clock.time_words(sign.proven_at, who.zone)
        return SignLine(name, f"{SIGNED_AS[meaning]}, signed {at}; proved who they are at {proof}", sign.words, True)
    if not staff.roles_of(person_id, who.home_id):
        return SignLine(name, "does not work here any more and did not sign", "", False)
    return SignLine(name, f"{SIGNED_AS[meaning]}, has not signed yet", "", False)


def _version(who: Actor, number: int, version: SupervisionNote, shown: SupervisionNote) -> Version:
    at = clock.moment_words(version.at, who.zone)
    return Version(f"Version {number}, {at}", f"{base(who)}/talks/{version.id}", version.id == shown.id)


# ---------------------------------------------------------------- one action


@dataclass(frozen=True)
class AgreedPage:
    """An action with how it ended, or the form for it."""

    sentence: str
    lead: str
    what: str
    done_words: str
    may_close: bool
    url: str
    talk_url: str | None


def agreed_page(who: Actor, found: AgreedFound) -> AgreedPage:
    """An action as its owner or a reader of its talk sees it."""
    today = clock.local_day(clock.now(), who.zone)
    row = action_row(who, found, today)
    done_words = ""
    if found.done is not None:
        names = staff.names({found.done.by})
        at = clock.moment_words(found.done.at, who.zone)
        done_words = f"{HOW_SAID[found.done.how]}, {names.get(found.done.by, 'somebody')}, {at}: {found.done.words}"
    return AgreedPage(
        sentence="This is closed" if found.done else "Is this done?",
        lead=f"{row.lead}. {row.why}" if found.done is None else row.why,
        what=found.action.what,
        done_words=done_words,
        may_close=found.may_close and found.done is None,
        url=row.url,
        talk_url=f"{base(who)}/talks/{found.note.id}" if found.may_read else None,
    )
