"""What makes the induction of somebody from outside whole. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from medpwa.practice.induction_vocabulary import FROM_A_PAPER, ITEMS, LONGEST_LINE

Fault = tuple[str, str]


@dataclass(frozen=True)
class Shown:
    """An induction as typed: whom they come from, their paper, what they were shown, their first observed round."""

    induction_id: str
    agency: str
    agency_contact: str
    paper_id: int | None
    paper_expires_on: dt.date | None
    items: frozenset[str]
    skills: tuple[str, ...]  # what the paper says they were assessed in elsewhere
    assessor_id: int
    on_day: dt.date
    round_name: str

    @property
    def skill(self) -> str:
        """What their first round is watched for."""
        return self.skills[0] if self.skills else FROM_A_PAPER[0]


def faults(said: Shown, *, agency: bool, last_day: dt.date, today: dt.date, rounds: list[str]) -> list[Fault]:
    """Everything that is wrong with it. `last_day` is the last day of their access."""
    found: list[Fault] = []
    if agency:
        found += [(name, words) for name, words in _FROM_AGENCY.items() if not getattr(said, name)]
        if said.paper_id is None:
            found.append(("paper", "Choose the agency’s paper: who they are, and what they were assessed in."))
    elif said.paper_id is None and (said.skills or said.paper_expires_on):
        found.append(("paper", "Choose the paper it is written on, or leave the skills and its date empty."))
    for name in ("agency", "agency_contact"):
        if len(getattr(said, name)) > LONGEST_LINE:
            found.append((name, f"Use at most {LONGEST_LINE} characters. Nothing was recorded."))
    if said.paper_expires_on is not None and said.paper_expires_on <= today:
        words = "That paper has expired. Ask the agency for one in date; nothing was recorded."
        found.append(("paper_expires_on", words))
    found += _of_the_round(said, last_day, today, rounds)
    if not said.items >= set(ITEMS):
        left = len(set(ITEMS) - said.items)
        words = f"{left} {'is' if left == 1 else 'are'} not ticked. Show them first, then tick; nothing was recorded."
        found.append(("items", words))
    if not set(said.skills) <= set(FROM_A_PAPER):
        found.append(("skills", "Choose from the list. Everything else is assessed here."))
    return found


_FROM_AGENCY = {
    "agency": "Type the name of the agency.",
    "agency_contact": "Type how to reach the agency: it is told of mistakes too.",
    "paper_expires_on": "Choose the day the paper expires.",
}


def _of_the_round(said: Shown, last_day: dt.date, today: dt.date, rounds: list[str]) -> list[Fault]:
    found = []
    if not today <= said.on_day <= last_day:
        found.append(("on_day", "Choose a day from today to the last day of their access."))
    if said.round_name not in rounds:
        found.append(("round_name", "Choose the round from the list."))
    return found
