"""What the phone's own clock said when a form was sent. It is kept beside ours and believed in nothing: order and
times are those of the server; where the two lie apart the entry says so."""

from __future__ import annotations

import contextvars
import datetime as dt
from collections.abc import Callable, Sequence

from medpwa import clock
from medpwa.mar import timing

# Asked when an entry is stored, and not before: the form of a request is read after it was found to be one.
_ask: contextvars.ContextVar[Callable[[], Sequence[str]] | None] = contextvars.ContextVar("phone clock", default=None)


def listen(ask: Callable[[], Sequence[str]] | None) -> None:
    """Where an entry of this request finds what its form says in `phone_at`; None when the request is over."""
    _ask.set(ask)


def said() -> dt.datetime | None:
    """When the phone says it is, for the entry that is being stored; None where it did not say, or not readably."""
    heard = _heard()
    return timing.phone_moment(heard[0]) if len(heard) == 1 else None


def flags(at: dt.datetime) -> list[str]:
    """What an entry received at a moment must say of the phone's clock; nothing where no clock was sent."""
    return ["clock_doubt"] if _heard() and not clock.moved() and timing.clock_doubt(said(), at) else []


def _heard() -> Sequence[str]:
    ask = _ask.get()
    return ask() if ask is not None else ()
