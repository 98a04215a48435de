"""Alerts stand in the app until a named person has read them."""

import datetime as dt

import pytest

from medpwa import alerts, clock, ledger, permits
from medpwa.action import ACTIONS, Done, action
from medpwa.alerts import Acknowledgement, Alert
from medpwa.errors import NotFound
from medpwa.ledger import Line
from tests.browse import Browser
from tests.house.answers import plain


@pytest.fixture
def warn(world, monkeypatch):
    """Raise an alert in a home, as a deed of some action would."""
    monkeypatch.setitem(permits.PERMITS, "test.warn", (permits.is_system,))

    @action("test.warn")
    def run(*, by, **said) -> Done:
        lines = alerts.raise_alert(home_id=by.home_id, subject="resident:1", url=f"/h/{by.home_slug}/round", **said)
        return Done(len(lines), lines, replay=not lines)

    ACTIONS.pop("test.warn")  # for good: undoing a removal would put it back

    def raised(slug: str = "rowan", key: str = "late:1", **said) -> Alert:
        run(by=world.system(slug), key=key, **{"words": "Levodopa is late for Room 1.", "to_verb": "staff.see"} | said)
        return Alert.get(Alert.key == key)

    return raised


def seen(world, username: str, slug: str | None = None) -> list[str]:
    return [a.words for a in alerts.open_for(world.actor(username, slug))]


def test_an_alert_reaches_whoever_holds_its_verb_here_and_nobody_else(world, warn):
    warn()
    for name in ("sena", "tolu", "dee", "rosa", "quinn", "nia"):
        assert seen(world, name) == ["Levodopa is late for Room 1."], name
    for name in ("amina", "ben", "gil", "nell"):
        assert seen(world, name) == [], name
    assert seen(world, "nia", "elm") == []


def test_an_alert_to_one_person_reaches_that_person_alone(world, warn):
    warn(to_person=world.person_id("ben"))
    assert seen(world, "ben") == ["Levodopa is late for Room 1."]
    assert seen(world, "rosa") == []


def test_one_event_raises_one_alert(world, warn):
    lines = Line.select().count()
    warn()
    warn(words="The same thing again.")
    assert seen(world, "tolu") == ["Levodopa is late for Room 1."]
    assert Line.select().count() == lines + 1
    assert ledger.verify() == []


def test_the_newest_stands_first_and_says_when(world, warn):
    warn()
    clock.stand_at(clock.now() + dt.timedelta(hours=2))
    warn(key="late:2", words="Macrogol is late for Room 2.")
    found = alerts.open_for(world.actor("tolu"))
    assert [a.words for a in found] == ["Macrogol is late for Room 2.", "Levodopa is late for Room 1."]
    assert [a.at_words.replace("\u00a0", " ") for a in found] == ["today 13:40", "today 11:40"]


def test_an_alert_stands_until_a_named_person_acknowledges_it(world, warn, app):
    alert = warn()
    tolu = Browser(app).sign_in("tolu")
    clock.stand_at(clock.now() + dt.timedelta(hours=1))
    tolu.post(f"/h/rowan/alerts/{alert.id}/acknowledge", {"back": "/h/rowan/more"}, status=303, follow=False)
    assert tolu.response.headers["Location"] == "/h/rowan/more"
    row = Acknowledgement.get()
    assert (row.alert_id, row.by, row.at) == (alert.id, world.person_id("tolu"), clock.now())
    assert seen(world, "tolu") == seen(world, "rosa") == []
    last = Line.select().order_by(Line.id.desc()).first()
    assert (last.verb, last.subject, last.by_person) == ("alerts.acknowledge", "resident:1", row.by)
    assert ledger.verify() == []


def test_a_second_tap_answers_what_is_stored_and_writes_nothing(world, warn):
    alert, tolu = warn(), world.actor("tolu")
    first = alerts.acknowledge(by=tolu, alert_id=alert.id)
    lines = Line.select().count()
    clock.stand_at(clock.now() + dt.timedelta(minutes=5))
    again = alerts.acknowledge(by=tolu, alert_id=alert.id)
    assert (again.id, again.at) == (first.id, first.at)
    assert Line.select().count() == lines


def test_a_second_person_may_say_they_read_it_too(world, warn):
    alert = warn()
    alerts.acknowledge(by=world.actor("tolu"), alert_id=alert.id)
    alerts.acknowledge(by=world.actor("rosa"), alert_id=alert.id)
    assert Acknowledgement.select().count() == 2


def test_the_way_back_after_reading_stays_in_this_home(world, warn, app):
    tolu, alert = Browser(app).sign_in("tolu"), warn()
    for back in ("https://evil.example/", "//evil.example", "/h/elm/", "javascript:alert(1)", ""):
        tolu.post(f"/h/rowan/alerts/{alert.id}/acknowledge", {"back": back}, status=303, follow=False)
        assert tolu.response.headers["Location"] == "/h/rowan/"


def test_another_homes_alert_and_one_for_somebody_else_answer_like_none_at_all(world, warn, app):
    theirs, private = warn("far", key="far:1"), warn(key="p", to_person=world.person_id("ben"))
    elm = warn("elm", key="elm:1")
    tolu = Browser(app).sign_in("tolu")
    bodies = set()
    for alert_id in (theirs.id, private.id, elm.id, 999_999):
        tolu.post(f"/h/rowan/alerts/{alert_id}/acknowledge", status=404)
        bodies.add(plain(tolu.response))
    assert len(bodies) == 1
    assert Acknowledgement.select().count() == 0
    with pytest.raises(NotFound):
        alerts.acknowledge(by=world.actor("rosa"), alert_id=private.id)


def test_an_old_alert_is_looked_up_in_the_history_and_no_longer_pushed_at_people(world, warn):
    warn()
    clock.stand_at(clock.now() + alerts.OPEN_FOR + dt.timedelta(seconds=1))
    assert seen(world, "tolu") == []
    assert Alert.select().count() == 1


def test_many_alerts_for_others_do_not_hide_ones_own(world, warn):
    warn(key="mine", to_person=world.person_id("ben"))
    for n in range(25):
        clock.stand_at(clock.now() + dt.timedelta(seconds=1))
        warn(key=f"other{n}", to_person=world.person_id("sena"))
    assert seen(world, "ben") == ["Levodopa is late for Room 1."]
    assert len(seen(world, "sena")) == alerts.MOST_SHOWN
