"""Answers compared: what differs from one to the next although they say the same is taken out."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

_NOISE = (
    (re.compile(r'(name="csrf-token" content=")[\w=-]+'), r"\1token"),
    (re.compile(r'(name="csrf_token" value=")[\w=-]+'), r"\1token"),
    # The number a form gives what it makes, so that a second tap makes nothing twice.
    (re.compile(r'(<input type="hidden" name="\w+_id" value=")[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'), r"\1number"),
    (re.compile(r"(reference )[0-9a-f]{12}"), r"\1number"),
)


def plain(answer: TestResponse) -> str:
    """The body as a person sees it: form tokens, masked anew each time, and a fault's reference left out."""
    body = answer.get_data(as_text=True)
    for pattern, instead in _NOISE:
        body = pattern.sub(instead, body)
    return body
