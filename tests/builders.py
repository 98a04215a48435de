"""Things a test needs to exist, made through the real actions. Each package adds its own as it is built."""

from __future__ import annotations

from medpwa.permits import Actor


def sign_offs(system: Actor) -> None:
    """Who is signed off for what, in the template world."""


def rounds(system: Actor) -> None:
    """The rounds of Rowan Court, in the template world."""
