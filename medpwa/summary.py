"""What a summary list shows (`templates/_components/summary_list.html`), whichever page it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One row: what it is called, what it says and, where it can be changed, where and in which word."""

    label: str
    value: str
    url: str | None = None
    action: str | None = None
