"""The HTML of components, kept: a macro of `_components/` is a function of its arguments alone, so the same arguments
give the same HTML. A card draws the same chips, buttons and questions with every answer; they are put together once.

What depends on the request (form tokens, who is signed in) never comes from a component; a test holds them to that.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import jinja2
from jinja2.runtime import Macro

FOLDER = "_components/"
MOST = 2_000  # kept of one component
# Text that says it is HTML already (Markup) is not among them: it equals the same plain text, and is not the same.
_PLAIN = frozenset({str, int, bool, type(None)})


class Template(jinja2.Template):
    """A template whose macros, where it is a component, keep what they made."""

    def make_module(self, *args: Any, **kwargs: Any) -> Any:
        """The template's macros, as `{% from … import %}` finds them."""
        module = super().make_module(*args, **kwargs)
        if (self.name or "").startswith(FOLDER):
            for name, value in list(vars(module).items()):
                if isinstance(value, Macro):
                    setattr(module, name, KeptMacro(value))
        return module


class _Unkept(Exception):
    """An argument whose value cannot be told from its looks."""


class KeptMacro:
    """A macro that remembers what it made of plain arguments."""

    def __init__(self, macro: Macro) -> None:
        self.macro = macro
        self.kept: dict[Hashable, str] = {}

    def __call__(self, *args: Any, **named: Any) -> str:
        try:
            key = (tuple(map(_frozen, args)), tuple((name, _frozen(value)) for name, value in named.items()))
        except _Unkept:
            return self.macro(*args, **named)
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= MOST:
                self.kept.clear()
            found = self.kept[key] = self.macro(*args, **named)
        return found


def _frozen(value: Any) -> Hashable:
    """A value with its kind: 1, True and "1" are drawn differently."""
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if kind is tuple or kind is list:
        return kind, tuple(map(_frozen, value))
    if kind is dict:
        return kind, tuple((name, _frozen(inner)) for name, inner in value.items())
    raise _Unkept
