"""A home made on another weekday, with a change of the clocks inside its thirty days: no figures here, but every slot
is in one state and the records hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from medpwa import clock, database, ledger, web
from medpwa.demo import story
from medpwa.mar import queries as mar_queries
from medpwa.staff.models import Home
from tests.conftest import settings_for
from tests.demo.conftest import A_DAY, tell
from tests.demo.test_thirty import kind

SPRING = clock.local_to_instant(dt.datetime(2027, 4, 15, 9, 20))  # a Thursday; the clocks went forward on day -18


def test_another_weekday_with_the_clocks_gone_forward_keeps_every_slot_in_one_state(tmp_path, var):
    path = tmp_path / "spring.db"
    tell(path, var, SPRING, -20)
    with clock.standing(SPRING):
        app = web.create_app(settings_for(f"sqlite:///{path}", tmp_path))
        with app.app_context(), database.db.connection_context():
            home = Home.get(Home.slug == story.SLUG)
            start = clock.local_day(SPRING) - 20 * A_DAY
            for n in range(20):
                first, end = clock.day_bounds(start + n * A_DAY)
                lines = mar_queries.lines_between(home, first, end, SPRING)
                count = Counter(map(kind, lines))
                assert len({line.place for line in lines}) == len(lines) == sum(count.values())
                assert not set(count) & {"due", "again", "coming"} and len(lines) >= 56
                assert all(line.due_at <= line.state.entry.given_at for line in lines if line.state.kind == "given")
            assert ledger.verify() == []
    database.close_all()
