"""The record door. `@action` runs, in this order and in one transaction: the facts about who acts, the permit, the
deed, the ledger line. A refusal falls back to a savepoint and leaves its own line; nothing else is kept."""

from __future__ import annotations

import contextvars
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from medpwa import database, ledger, permits
from medpwa.errors import NotFound, NotPermitted, Refused, SignInNeeded
from medpwa.permits import Actor

ACTIONS: dict[str, Callable[..., Any]] = {}
# Set whenever a verb was demanded; the page wrapper uses it to catch a POST that forgot to ask.
demanded: contextvars.ContextVar[bool] = contextvars.ContextVar("demanded", default=False)


class SilentAction(RuntimeError):
    """An action wrote and said nothing: the trail refuses to be silent."""


@dataclass(frozen=True)
class Done:
    """What an action's body hands back: the value for the caller and its lines.

    `replay` marks the answer to a repeated request, which writes nothing.
    """

    value: Any
    lines: list[ledger.Pending] = field(default_factory=list)
    replay: bool = False


def action(verb: str, *, about: Callable[..., Any] | None = None, subject: str = "home"):
    """Make a function a verb of the record.

    The function takes `by` (the actor with facts read inside the transaction) and keywords, and returns `Done`.
    `about(by, **keywords)` loads what it is about, or raises NotFound; the permit's predicates see it and the function
    receives it as `about`. `subject` names the history a refusal joins when the refusal itself names none.
    """
    permits.PERMITS[verb]  # an undeclared verb fails at import

    def wrap(fn: Callable[..., Done]) -> Callable[..., Any]:
        @functools.wraps(fn)
        def run(*, by: Actor, **kw: Any) -> Any:
            chain_id = by.chain_id
            if chain_id is None:
                raise SignInNeeded()
            demanded.set(True)
            refusal: Refused | None = None
            value: Any = None
            with database.writing(chain_id):
                try:
                    with database.savepoint():
                        value = _perform(fn, verb, about, by, kw)
                except Refused as no:
                    refusal = no
                    where = str(no.about.get("subject", subject))
                    rest = {k: v for k, v in no.about.items() if k != "subject"}
                    ledger.refuse(chain_id, by, verb, no, where, rest)
            if refusal is not None:
                raise refusal
            return value

        run.verb = verb  # type: ignore[attr-defined]
        ACTIONS[verb] = run
        return run

    return wrap


def refuse(verb: str, *, by: Actor) -> NoReturn:
    """Turn somebody away before an action runs and keep the attempt: what a page does whose permit says no."""
    if by.chain_id is None:
        raise SignInNeeded()
    no = NotPermitted()
    with database.writing(by.chain_id):
        ledger.refuse(by.chain_id, by, verb, no, "home", {})
    raise no


def _perform(fn: Callable[..., Done], verb: str, about: Callable[..., Any] | None, by: Actor, kw: dict) -> Any:
    who = by.again() if by.again else by
    if who is None:
        raise SignInNeeded()
    subject = about(who, **kw) if about else None
    if subject is not None and getattr(subject, "home_id", who.home_id) != who.home_id:
        raise NotFound()
    permits.demand(verb, who, subject)
    done = fn(by=who, about=subject, **kw) if about else fn(by=who, **kw)
    if done.replay:
        return done.value
    if not done.lines:
        raise SilentAction(f"{verb} returned no ledger line")
    ledger.append(who.chain_id, who, done.lines)
    return done.value
