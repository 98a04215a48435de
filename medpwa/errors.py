"""What can go wrong between a person and the record, as types a view can word.

Every message here is written for the person who reads it: what happened, what was kept, what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class NotFound(Exception):
    """It does not exist, or not for this person: the two answer alike (law 6)."""


class SignInNeeded(Exception):
    """Nobody is signed in, or the session has ended."""


class Locked(Exception):
    """The session waits for its own person's PIN or password; until then nothing is shown and nothing written."""


@dataclass
class Refused(Exception):
    """An intended act that the rules or the permits do not allow now. It leaves a `refused` ledger line.

    `code` is a stable word for measures, `words` is for the person, `status` the HTTP answer.
    """

    code: str
    words: str
    status: int = 409
    about: dict[str, int | str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.words


class NotPermitted(Refused):
    """The permits say no to this verb for this person."""

    def __init__(self, words: str = "Your role here does not include this. Nothing was changed.", about=None):
        super().__init__("not_permitted", words, 403, about or {})


@dataclass
class Invalid(Exception):
    """Input that cannot be accepted as it stands: (field id, sentence) pairs; nothing was written."""

    errors: list[tuple[str, str]]

    def __str__(self) -> str:
        return "; ".join(words for _, words in self.errors)


class BadRequest(Exception):
    """A form no page of ours could have sent (repeated keys, wrong types). Words for the person, answered 400."""
