"""The HTML of components, kept: a macro of `_components/` is a function of its arguments alone, so the same arguments
give the same HTML. A card draws the same lines, chips and questions with every answer; they are put together once.

What belongs to one answer alone never comes from what is kept: a component leaves a hole for it, which the page fills.
A component that asks for the form token itself is not kept.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any

import jinja2
from jinja2.runtime import Macro
from markupsafe import Markup, escape

FOLDER = "_components/"
MOST = 1_000_000  # letters kept of one component: the oldest HTML makes room
KEY = 200  # letters that one kept call counts for besides its HTML, which may be empty
# Text that says it is HTML already (Markup) is not among them: it equals the same plain text, and is not the same.
_PLAIN: set[type] = {str, int, bool, type(None)}
_HOLE = f"hole-{secrets.token_hex(8)}-"  # nobody can type it


def plain(cls: type) -> type:
    """Mark a frozen dataclass of plain values (text, numbers, tuples of them): components may tell it by its looks."""
    _PLAIN.add(cls)
    return cls


class Secret(str):
    """Words shown this once, such as a first password: nothing drawn of them is kept."""


class Fixed(tuple):
    """Plain values that never change while the process runs, such as the options of a question."""


_PLAIN.add(Fixed)


def hole(name: str) -> str:
    """What stands for something of one answer alone in HTML that is kept."""
    return f"{_HOLE}{name}-"


def filled(html: Markup, **values: str) -> Markup:
    """A component's HTML with its holes filled: plain text is escaped, HTML is not."""
    said = {name: str(escape(value)) for name, value in values.items()}
    (first, *rest), said["drawn"] = _taken_apart(html)
    # Each further part begins with the name of the hole before it; a hole nobody fills stays as it is.
    pieces = (f"{said[name]}{text}" if name in said else f"{hole(name)}{text}" for name, text in rest)
    return Markup(first[1] + "".join(pieces))


def drawn(html: str) -> str:
    """A short mark of a component's HTML, whatever its holes are filled with: the same in every process of a build.
    `filled` puts it into the hole of this name, so that a page can say what it shows."""
    return _taken_apart(html)[1]


@lru_cache(maxsize=256)
def _taken_apart(html: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The text before the first hole, the name of each hole with the text after it, and the mark. Taken apart once:
    the same kept HTML is filled with every answer."""
    first, *rest = html.split(_HOLE)
    parts = ("", str(first)), *((part[: part.index("-")], str(part[part.index("-") + 1 :])) for part in rest)
    return parts, base64.urlsafe_b64encode(hashlib.sha256(repr(parts).encode()).digest()[:15]).decode()


def hidden(name: str, values: Iterable[str]) -> Markup:
    """Hidden fields of one name, one for each value."""
    named = escape(name)
    return Markup("".join(f'<input type="hidden" name="{named}" value="{escape(value)}">' for value in values))


def register(env: jinja2.Environment) -> None:
    """Let an environment keep what its components draw."""
    env.template_class = Template
    env.globals.update(hole=hole, hidden=hidden)
    env.filters.update(filled=filled, drawn=drawn, secret=Secret)


class Template(jinja2.Template):
    """A template whose macros, where it is a component, keep what they drew."""

    def make_module(self, *args: Any, **kwargs: Any) -> Any:
        """The template's macros, as `{% from … import %}` finds them."""
        module = super().make_module(*args, **kwargs)
        if (self.name or "").startswith(FOLDER) and not self._asks_for_the_token():
            for name, value in list(vars(module).items()):
                if isinstance(value, Macro):
                    setattr(module, name, KeptMacro(value))
        return module

    def _get_default_module(self, ctx: Any = None) -> Any:
        # Jinja looks at every import whether the page brought globals of its own; here none ever does.
        if self._module is None:
            self._module = self.make_module()
        return self._module

    def _asks_for_the_token(self) -> bool:
        source, _, _ = self.environment.loader.get_source(self.environment, self.name)
        return "csrf_" in source


class _Unkept(Exception):
    """An argument whose value cannot be told from its looks."""


class KeptMacro:
    """A macro that remembers what it drew of plain arguments."""

    def __init__(self, macro: Macro) -> None:
        self.macro = macro
        self.kept: dict[Hashable, str] = {}
        self.letters = 0
        self.putting = threading.Lock()

    def __call__(self, *args: Any, **named: Any) -> str:
        try:
            key = (tuple(map(_frozen, args)), tuple((name, _frozen(value)) for name, value in named.items()))
        except _Unkept:
            return self.macro(*args, **named)
        found = self.kept.get(key)
        if found is None:
            found = self.macro(*args, **named)
            self._keep(key, found)
        return found

    def _keep(self, key: Hashable, html: str) -> None:
        with self.putting:
            if key not in self.kept:  # drawn by another thread meanwhile: the same HTML
                self.kept[key] = html
                self.letters += KEY + len(html)
            while self.letters > MOST:
                self.letters -= KEY + len(self.kept.pop(next(iter(self.kept))))


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
