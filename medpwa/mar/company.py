"""Who stands on an entry beside its giver, in words: the witness, who stood beside somebody not signed off, who allowed
an exception. One place, so that card, print, history and lists say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Protocol

from medpwa import clock
from medpwa.competency import glass_queries
from medpwa.competency.glass_queries import Glass
from medpwa.mar.leave import Leave
from medpwa.permits import Actor
from medpwa.staff import queries as staff


class Given(Protocol):
    """What an entry says of people, stored or as the rules see it."""

    by: int
    administered_by: int | None
    witnessed_by: int | None
    supervised_by: int | None
    given_by: str | None


def words(called: Callable[[int], str], entry: Given, allowed_by: int | None) -> str:
    """Who else stands on an entry, to follow the giver's name: `, supervised by Sena Addo, witnessed by Tolu Bello`.
    `called` says a name by its id."""
    said = [f"supervised by {called(entry.supervised_by)}"] if entry.supervised_by else []
    said += [f"not signed off, allowed by {called(allowed_by)}"] if allowed_by else []
    said += [f"witnessed by {called(entry.witnessed_by)}"] if entry.witnessed_by else []
    return "".join(f", {one}" for one in said)


def glass_id(entry: Given) -> int | None:
    """The exception an entry was given under."""
    return entry.glass_id if hasattr(entry, "glass_id") else entry.break_glass_id


def allowed_by(home_id: int, entries: Iterable[Given]) -> dict[int, int]:
    """Who made the exceptions these entries were given under, by the exception; nothing is read where there is none."""
    wanted = {number for e in entries if (number := glass_id(e))}
    return {g.id: g.by for g in glass_queries.glasses_of(home_id) if g.id in wanted} if wanted else {}


def people_of(home_id: int, entries: list[Given]) -> set[int]:
    """Everybody who stands on these entries beside their givers, to look up their names at once."""
    beside = {i for e in entries for i in (e.witnessed_by, e.supervised_by) if i}
    return beside | set(allowed_by(home_id, entries).values())


def names_of(home_id: int, entries: list[Given]) -> Callable[[Given], str]:
    """Who gave each of these, who stood beside, who allowed it and who saw it given, as one line of names; one look-up
    for all."""
    allowed = allowed_by(home_id, entries)
    wanted = {i for e in entries for i in (_giver(e), e.witnessed_by, e.supervised_by) if i} | set(allowed.values())
    names = staff.names(wanted)

    def called(person_id: int) -> str:
        return names.get(person_id, "somebody")

    def line(entry: Given) -> str:
        name = called(_giver(entry))
        return f"Recorded by {name}" if entry.given_by else name + words(called, entry, allowed.get(glass_id(entry)))

    return line


def _giver(entry: Given) -> int:
    return entry.administered_by or entry.by


# ---------------------------------------------------------------- before it is given


def leave_words(leave: Leave, zone: str) -> str:
    """What lets somebody give who is not signed off, as the line says it before they do."""
    if leave.beside is not None:
        name = staff.names({leave.beside.person_id}).get(leave.beside.person_id, "Somebody")
        return f"{name} stands beside you, proven {clock.time_words(leave.beside.at, zone)}"
    if leave.glass is not None:
        return f"Not signed off: allowed until {clock.time_words(leave.glass.ends_at, zone)}"
    return ""


def glass_words(glass: Glass, zone: str) -> str:
    """What somebody reads on the card before they give under an exception."""
    who, until = staff.names({glass.by}).get(glass.by, "A manager"), clock.time_words(glass.ends_at, zone)
    return (
        f"{who} allows you to give in the {glass.round_name} round until {until}, though you are not signed off. Each "
        "dose you record says so."
    )


def glass_on_card(who: Actor, at: dt.datetime, used: bool) -> dict[str, str]:
    """The exception's words for the top of a card on which some line may be given under it."""
    if not used:
        return {}
    found = glass_queries.standing(who.home_id, who.person_id, at)[:1]
    return {"glass_words": glass_words(found[0], who.zone), "glass_reason": found[0].reason} if found else {}
