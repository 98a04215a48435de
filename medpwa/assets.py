"""Where static files are served from. `tools/assets.py` builds them into var/assets/<hash>/; without a build (unit
tests) the sources are served as they are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from medpwa.config import ROOT


@lru_cache(maxsize=1)
def _current() -> str | None:
    pointer = ROOT / "var" / "assets" / "current"
    name = pointer.read_text().strip() if pointer.exists() else ""
    return name if name and (ROOT / "var" / "assets" / name).is_dir() else None


def is_built() -> bool:
    """Whether a build is there: its addresses hold its hash, so they may be kept for ever."""
    return _current() is not None


def root() -> Path:
    """The folder to serve."""
    return ROOT / "var" / "assets" / _current() if is_built() else ROOT / "static"  # type: ignore[operator]


def version() -> str:
    """The build's hash, or `source`."""
    return _current() or "source"


def base_url() -> str:
    """The address prefix of every static file; it changes with the content."""
    return f"/static/{version()}/"
