"""Reading orders stays cheap: no table is walked to find out whether anything changed."""

import re

from medpwa import database
from medpwa.medicines import actions, queries
from tests.builders import hand_keyed_order, order, order_details, resident


def test_asking_whether_orders_changed_walks_no_table(world):
    """SQLite says how it would run the query; PostgreSQL's small tables would be walked whatever the indexes."""
    if not database.is_sqlite():
        return
    plan = database.db.execute_sql("EXPLAIN QUERY PLAN " + queries._STAMP, (1, 1)).fetchall()
    steps = [row[3] for row in plan]
    assert steps and not [s for s in steps if re.match(r"SCAN (?!CONSTANT)", s)], steps


def test_the_versions_of_a_line_follow_one_another(world):
    tolu, ivy = world.actor("tolu"), resident(world.system())
    first = order(tolu, ivy.id)
    hand_keyed_order(tolu, ivy.id, medicine="docusate sodium", strength="100 mg")
    seen = dict(by=tolu, line_id=first.line_id)
    changed = actions.change_order(
        **seen, version_id=first.version_id, details=order_details(dose_amount=2), reason="Dr Banerjee"
    )
    actions.stop_order(**seen, version_id=changed.id, reason="Enough")
    mine = queries.order_of(tolu, first.line_id).versions
    assert [o.number for o in mine] == [1, 2, 3] and mine[-1].stopped and mine[-1].valid_to is None
    assert [o.valid_to for o in mine[:-1]] == [o.valid_from for o in mine[1:]]
    assert len(queries.latest_versions(queries.orders_of_home(tolu.home_id))) == 2
