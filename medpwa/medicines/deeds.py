"""The only writers of the order tables; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from medpwa import clock
from medpwa.ledger import Pending, line
from medpwa.medicines.keying import OrderDetails, details_of
from medpwa.medicines.models import OrderCheck, OrderLine, OrderVersion
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor

LATER = (
    "schedule", "total_doses", "dose_choice", "min_interval", "guard_days", "food", "asleep", "time_class",
    "psychotropic", "witness", "protocol", "earlier", "advice",
)  # fmt: skip


def subject(resident_id: int) -> str:
    """Whose history a line about an order joins: the resident's."""
    return f"resident:{resident_id}"


def add_order(
    by: Actor,
    resident_id: int,
    details: OrderDetails,
    *,
    hand_keyed: bool,
    verb: str,
    valid_from: dt.datetime | None = None,
) -> tuple[OrderVersion, Pending]:
    """A new order line with its first version, in force from now unless said otherwise."""
    at = clock.now()
    order = OrderLine.create(home=by.home_id, resident=resident_id, at=at, by=by.person_id)
    version = _version(by, order.id, 1, valid_from or at, asdict(details), hand_keyed=hand_keyed)
    return version, line(verb, subject(resident_id), order, version, order=order.id, version=version.id)


def change_order(by: Actor, latest: OrderFacts, details: OrderDetails, reason: str) -> tuple[OrderVersion, Pending]:
    """The next version of an order; the one before ends where it begins."""
    version = _next(by, latest, asdict(details), hand_keyed=True, reason=reason)
    return version, _said("orders.change", latest, version)


def stop_order(by: Actor, latest: OrderFacts, reason: str, ending: str = "stopped") -> tuple[OrderVersion, Pending]:
    """A version that says the same and stops the line: nothing falls due from now on."""
    version = _next(by, latest, _same(latest), hand_keyed=False, reason=reason, stopped=True, ending=ending)
    return version, _said("orders.stop", latest, version)


def strike_order(by: Actor, latest: OrderFacts, reason: str) -> tuple[OrderVersion, Pending]:
    """A version that says the line never was an order. It ends it as a stop does."""
    version = _next(by, latest, _same(latest), hand_keyed=False, reason=reason, stopped=True, in_error=True)
    return version, _said("orders.strike", latest, version)


def suspend_order(
    by: Actor, latest: OrderFacts, reason: str, decided_by: str, until: dt.datetime | None
) -> tuple[OrderVersion, Pending]:
    """A version that says the same and is on hold: nothing falls due while it stands. Who decided it and until when
    stand where an order keeps whose word it rests on."""
    decided = {"decided_by": decided_by} | ({"until": until.isoformat()} if until else {})
    values = _same(latest) | {"advice": decided}
    version = _next(by, latest, values, hand_keyed=False, reason=reason, suspended=True)
    return version, _said("orders.suspend", latest, version)


def resume_order(
    by: Actor, latest: OrderFacts, before: OrderFacts, reason: str
) -> tuple[OrderVersion, Pending]:
    """A version that says what was checked before the hold: nothing else changes, so nobody keys it again."""
    version = _next(by, latest, _same(before), hand_keyed=False, reason=reason)
    return version, _said("orders.resume", latest, version)


def _same(o: OrderFacts) -> dict[str, Any]:
    """What a version says, for the next one; what it said about doses before it is its own."""
    return asdict(details_of(o)) | {"earlier": ""}


def check_order(by: Actor, version: OrderFacts, differing: tuple[str, ...]) -> tuple[OrderCheck, Pending]:
    """A second person's keying, whether it agreed or not."""
    row = OrderCheck.create(
        version=version.version_id,
        agrees=not differing,
        differences=list(differing),
        at=clock.now(),
        by=by.person_id,
    )
    about = {"order": version.line_id, "version": version.version_id, "agrees": row.agrees}
    return row, line("orders.check", subject(version.resident_id), row, **about)


def _next(by: Actor, latest: OrderFacts, values: dict[str, Any], **more: Any) -> OrderVersion:
    # A clock that stepped back must not make two versions overlap.
    start = max(clock.now(), latest.valid_from)
    return _version(by, latest.line_id, latest.number + 1, start, values, **more)


def _version(
    by: Actor, line_id: int, number: int, valid_from: dt.datetime, values: dict[str, Any], **more: Any
) -> OrderVersion:
    return OrderVersion.create(
        **{**_kept(values), **more},
        line=line_id,
        number=number,
        valid_from=valid_from,
        at=clock.now(),
        by=by.person_id,
    )


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """Details as columns take them. The plain case of what came later stays empty, as it is in older rows."""
    lists = {field: list(values[field]) for field in ("times", "instructions", "required_skills")}
    plain = {field: values[field] or None for field in LATER}
    kind = None if values["kind"] == "regular" else values["kind"]
    return {**values, **lists, **plain, "kind": kind, "ingredients": _ingredients(values["ingredients"])}


def _ingredients(held: Iterable[dict[str, Any]]) -> list[dict[str, str | None]] | None:
    return [{name: None if v is None else str(v) for name, v in one.items()} for one in held] or None


def _said(verb: str, latest: OrderFacts, version: OrderVersion) -> Pending:
    return line(verb, subject(latest.resident_id), version, order=latest.line_id, version=version.id)
