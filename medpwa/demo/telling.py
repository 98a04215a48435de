"""What the demo knows while it tells its story: ids by the tables' codes, and who acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from medpwa import clock
from medpwa.demo import people
from medpwa.demo.floor import Floor
from medpwa.demo.medicine_line import LIVE, TOLD_FROM
from medpwa.demo.watched import Plan
from medpwa.medicines.models import OrderVersion
from medpwa.permits import Actor
from medpwa.staff import queries
from medpwa.staff.models import Home

PROVIDER, HOME, SLUG = "Larkhill Care Ltd (demo)", "Rowanbank House", "rowanbank"
WAITING_SOURCE = "Letter from the surgery, in the folder"  # of the order that waits for its second check
WHOLE_FROM = -30

Step = tuple[dt.datetime, Callable[[], object]]
Steps = Iterator[Step]


@dataclass
class Story:
    """One telling: the home made on D0 and lived until now, its doses told from `told_from` on."""

    d0: dt.date
    now: dt.datetime
    say: Callable[[str], None]
    told_from: int = TOLD_FROM
    home: Home | None = None
    person: dict[str, int] = field(default_factory=dict)
    nominated: int = 0  # the nominated individual's id
    resident: dict[str, int] = field(default_factory=dict)
    label: dict[tuple[str, str], int] = field(default_factory=dict)
    order: dict[int, OrderVersion] = field(default_factory=dict)  # by its place in LINES
    watching: dict[str, Plan] = field(default_factory=dict)  # whose round is observed just now
    talks: dict[tuple[str, int], int] = field(default_factory=dict)  # by whose and when
    papers: dict[str, int] = field(default_factory=dict)  # the record on paper that came with somebody
    _floor: tuple[int, Floor] | None = None

    def at(self, day: int, time: str) -> dt.datetime:
        """The instant of a local time on a day counted from D0."""
        return clock.local_to_instant(people.moment(self.d0, day, time))

    def day_of(self, at: dt.datetime) -> int:
        """The day of a local time without a zone, counted from D0."""
        return (at.date() - self.d0).days

    @property
    def whole(self) -> bool:
        """Whether all thirty days are told, and with them how people came to their sign-offs."""
        return self.told_from <= WHOLE_FROM

    @property
    def days(self) -> range:
        """The days whose doses are told, tomorrow among them for what falls due after midnight."""
        return range(max(self.told_from, LIVE), 2)

    def actor(self, code: str) -> Actor:
        """A member of the team as they are at the story's time."""
        found = queries.actor(self.person[code], SLUG)
        assert found is not None, f"{code} holds no role here at {clock.now()}"
        return found

    @property
    def system(self) -> Actor:
        return queries.system(self.home)

    @property
    def floor(self) -> Floor:
        """The home as the leaders see it, read again when somebody moved in."""
        if self._floor is None or self._floor[0] != len(self.resident):
            self._floor = len(self.resident), Floor.of(self.home)
        return self._floor[1]
