"""What each verb of this package is called in a person's history, and the details that go with a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from medpwa import clock
from medpwa.ledger import HistoryLine, Line, Refusal
from medpwa.permits import Actor
from medpwa.staff import queries
from medpwa.staff.device_models import Device
from medpwa.staff.models import Duty, PersonVersion, Role
from medpwa.staff.vocabulary import ALL_ROLES, DEVICE_KINDS, DUTIES, LOCKED_HOW, OPENED_HOW

SENTENCES: dict[str, str] = {
    "home.open": "The home was set up",
    "staff.add": "A new colleague was added",
    "staff.change": "Details changed",
    "staff.set_role": "A role was given",
    "staff.end": "Access here was ended",
    "staff.set_duty": "Duty",
    "staff.import_duties": "Duties were brought in from a file",
    "staff.set_password": "A new first password was given",
    "staff.change_own_password": "Chose a new password",
    "staff.end_session": "A sign-in was ended from another screen",
    "session.start": "Signed in",
    "session.end": "Signed out",
    "session.lock": "Their screen locked",
    "session.unlock": "Went on after a lock",
    "session.switch": "Handed the phone to somebody else",
    "pin.set": "Chose a PIN for the phones",
    "pin.clear": "Forgot their PIN: it stopped working on every phone",
    "pin.tried": "Five wrong PINs were typed for them",
    "staff.show_link": "A link to choose a new password was shown",
    "staff.use_link": "Chose a new password by the link they were shown",
    "device.invite": "Showed a code to enrol a phone or wall board",
    "device.enrol": "A phone or wall board was enrolled",
    "device.replace": "A phone or wall board was enrolled anew",
    "device.lose": "A phone or wall board was marked as lost",
}
REFUSED: dict[str, str] = {
    "staff.add": "Tried to add somebody to the team",
    "staff.change": "Tried to change details",
    "staff.set_role": "Tried to give a role",
    "staff.end": "Tried to end access here",
    "staff.set_duty": "Tried to set a duty",
    "staff.import_duties": "Tried to bring in duties from a file",
    "staff.set_password": "Tried to give a new first password",
    "staff.change_own_password": "Tried to choose a new password",
    "staff.end_session": "Tried to end a sign-in",
    "session.start": "Tried to sign in",
    "session.end": "Tried to sign out",
    "session.lock": "Tried to lock their screen",
    "session.unlock": "Tried to go on after a lock",
    "session.switch": "Tried to hand the phone to somebody else",
    "pin.set": "Tried to choose a PIN for the phones",
    "pin.clear": "Tried to have a forgotten PIN cleared",
    "pin.tried": "Tried to note five wrong PINs",
    "staff.show_link": "Tried to show a link to choose a new password",
    "staff.use_link": "Tried to choose a new password by a link",
    "device.invite": "Tried to show a code to enrol a phone or wall board",
    "device.enrol": "Tried to enrol a phone or wall board",
    "device.replace": "Tried to enrol a phone or wall board anew",
    "device.lose": "Tried to mark a phone or wall board as lost",
}
TONES: dict[str, str] = {"staff.add": "given", "staff.end": "missed"}
# Sign-ins have a list of their own; among the history they would bury everything else.
LEFT_OUT = frozenset({"session.start", "session.end", "session.lock", "session.unlock", "session.switch"})
SHOWN = 40


@dataclass(frozen=True)
class Told:
    """One line of a history as the component shows it."""

    at_words: str
    who: str
    words: str
    tone: str = "plain"
    struck: bool = False


Details = Mapping[tuple[str, int | str], str]


class Whole(str):
    """A detail that is its line's whole sentence, with nothing to be said before it."""


def lines_about(chain_id: int, subject: str, verbs: Iterable[str]) -> list[HistoryLine]:
    """The newest lines about one subject with one of these verbs; a person's sign-ins would otherwise bury the rest."""
    found = (
        Line.select()
        .where((Line.chain == chain_id) & (Line.subject == subject) & Line.verb.in_(list(verbs)))
        .order_by(Line.at.desc(), Line.seq.desc())
        .limit(SHOWN)
    )
    return [HistoryLine(x.at, x.verb, x.outcome, x.by_kind, x.by_person, x.about, x.rows) for x in found]


def told(
    who: Actor,
    lines: Iterable[HistoryLine],
    sentences: Mapping[str, str],
    details: Callable[[list[HistoryLine], Actor], Details],
    tones: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> list[Told]:
    """History lines in words, newest first; verbs without a sentence here belong to another page."""
    mine = [line for line in lines if line.verb in sentences]
    names = queries.names({line.by_person for line in mine if line.by_person})
    more = details(mine, who)
    return [
        Told(
            clock.moment_words(line.at, who.zone),
            names.get(line.by_person or 0, "the app itself" if line.by_kind == "system" else "somebody"),
            line_words(line, sentences, more, refused or REFUSED),
            (tones or {}).get(line.verb, "plain"),
        )
        for line in mine
    ]


def line_words(line: HistoryLine, sentences: Mapping[str, str], more: Details, refused: Mapping[str, str]) -> str:
    """What one line says: its sentence, what its rows say, and what stands in the line itself. A refused attempt says
    that it was tried, never that it was done, and why the answer was no."""
    found = dict.fromkeys(more[table, row] for table, row, _ in line.rows if more.get((table, row)))
    if line.outcome != "refused":
        whole = next((w for w in found if isinstance(w, Whole)), None)
        if whole:
            return str(whole)
        told_by_itself = ", ".join(more[key] for key in _told_by_itself(line) if more.get(key))
        found |= {told_by_itself: None} if told_by_itself else {}
        return ": ".join(w for w in (sentences[line.verb], ". ".join(w.rstrip(".") for w in found)) if w)
    attempt = refused.get(line.verb) or f"Tried: {sentences[line.verb][0].lower()}{sentences[line.verb][1:]}"
    return refused_words(attempt, " ".join(found))


def _told_by_itself(line: HistoryLine) -> list[tuple[str, int | str]]:
    """The keys under which details answer for what a line says without a row, e.g. which phone."""
    return [(f"{line.verb} {name}", value) for name, value in line.about.items() if isinstance(value, int | str)]


def refused_words(attempt: str, why: str) -> str:
    """A refused attempt with what the person read then, in quotes: its "today" is the day of the attempt."""
    return f"{attempt}: refused. They read: “{why}”" if why else f"{attempt}: refused."


def why_refused(lines: Iterable[HistoryLine]) -> dict[tuple[str, int], str]:
    """The reasons some refused lines were given, in the words the person read."""
    wanted = ids_of((line for line in lines if line.outcome == "refused"), "refusal")
    rows = Refusal.select(Refusal.id, Refusal.words).where(Refusal.id.in_(wanted)).tuples() if wanted else ()
    return {("refusal", number): words for number, words in rows}


def ids_of(lines: Iterable[HistoryLine], table: str) -> list[int]:
    """The rows of one table that some lines stand for."""
    return [row for line in lines for name, row, _ in line.rows if name == table]


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """What the rows of this package's lines say, in words."""
    found = why_refused(lines)
    for role in Role.select().where(Role.id.in_(ids_of(lines, "role"))):
        found["role", role.id] = _role_words(role, who)
    for version in PersonVersion.select().where(PersonVersion.id.in_(ids_of(lines, "person_version"))):
        kind = " (agency)" if version.agency else " (bank)" if version.bank else ""
        found["person_version", version.id] = f"{version.given_name} {version.family_name}{kind}"
    for duty in Duty.select().where(Duty.id.in_(ids_of(lines, "duty"))):
        found["duty", duty.id] = _duty_words(duty, who)
    return found | _phones_and_locks([line for line in lines if line.outcome != "refused"], who)


def _phones_and_locks(lines: list[HistoryLine], who: Actor) -> dict[tuple[str, int | str], str]:
    """Which phone or board a line is about, and why a screen locked or what opened it."""
    ids = {line.about["device"] for line in lines if "device" in line.about}
    named = {d.id: d for d in Device.select().where((Device.home == who.home_id) & Device.id.in_(ids))} if ids else {}
    found: dict[tuple[str, int | str], str] = {}
    for verb, about in ((line.verb, line.about) for line in lines):
        device = named.get(about.get("device"))
        if device is not None:
            on = "on " if verb.startswith(("session.", "pin.")) else ""
            found[f"{verb} device", device.id] = f"{on}the {DEVICE_KINDS[device.kind][0].lower()} “{device.name}”"
        if verb == "device.invite" and "name" in about:
            kind = DEVICE_KINDS[about["kind"]][0].lower()
            found["device.invite name", about["name"]] = f"the {kind} “{about['name']}”"
        if verb in _HOW and "how" in about:
            found[f"{verb} how", about["how"]] = _HOW[verb].get(about["how"], "")
    return found


_HOW = {"session.lock": LOCKED_HOW, "session.unlock": OPENED_HOW}


def _role_words(role: Role, who: Actor) -> str:
    words = ALL_ROLES.get(role.role, "")
    if words and role.valid_until:
        words += f", {until_words(role.valid_until, who.zone)}"
    return ". ".join(w for w in (words, role.reason) if w)


def _duty_words(duty: Duty, who: Actor) -> str:
    day = clock.day_words(clock.local_day(duty.starts, who.zone), clock.local_day(clock.now(), who.zone))
    times = f"{clock.time_words(duty.starts, who.zone)} to {clock.time_words(duty.ends, who.zone)}"
    words = f"{DUTIES[duty.kind].lower()}, {day} {times}"
    return f"{words}, taken off the list" if duty.withdrawn else words


def until_words(end: dt.datetime, zone: str) -> str:
    """The last day of something that ends at a midnight: `until the end of 20 Nov 2026`."""
    last = clock.local_day(end - dt.timedelta(microseconds=1), zone)
    today = clock.local_day(clock.now(), zone)
    return f"until tonight, {clock.date_words(last)}" if last == today else f"until {clock.date_words(last)}"
