"""One table, one channel: an alert stays in the app until a named person acknowledges it. Push and e-mail join later.

An alert is addressed to whoever holds a permit verb in a home, or to one named person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import peewee as pw

from medpwa import clock, ledger, permits
from medpwa.action import Done, action
from medpwa.database import InstantField, JsonField, Record, fetch
from medpwa.errors import NotFound
from medpwa.permits import Actor

T = TypeVar("T")

MOST_SHOWN = 20
OPEN_FOR = dt.timedelta(days=14)  # an older alert is looked up in the ledger, not pushed at people


class Alert(Record):
    """Something somebody must know now. `key` keeps one event to one alert."""

    home_id = pw.BigIntegerField()
    at = InstantField()
    key = pw.TextField(unique=True)
    words = pw.TextField()
    url = pw.TextField()
    to_verb = pw.TextField()
    to_person = pw.BigIntegerField(null=True)
    about = JsonField()

    class Meta:
        indexes = ((("home_id", "at"), False),)


class Acknowledgement(Record):
    """A named person has read an alert."""

    alert = pw.ForeignKeyField(Alert)
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("alert", "by"), True),)


@dataclass(frozen=True)
class AlertWords:
    """An open alert as a page shows it."""

    id: int
    words: str
    at_words: str
    url: str
    ack_url: str


def raise_alert(
    *,
    home_id: int,
    key: str,
    words: str,
    url: str,
    to_verb: str,
    to_person: int | None = None,
    subject: str,
    raised_by: int | None = None,
) -> list[ledger.Pending]:
    """A deed: put an alert in front of people, inside the open transaction. A key already used raises nothing new."""
    if Alert.select(Alert.id).where(Alert.key == key).exists():
        return []
    row = Alert.create(
        home_id=home_id,
        at=clock.now(),
        key=key,
        words=words,
        url=url,
        to_verb=to_verb,
        to_person=to_person,
        about={"subject": subject} | ({"raised_by": raised_by} if raised_by else {}),
    )
    return [ledger.line("alerts.raise", subject, row)]


def raised(keys: list[str]) -> dict[str, Alert]:
    """The alerts that were raised under these keys."""
    return {a.key: a for a in Alert.select().where(Alert.key.in_(keys))} if keys else {}


def untold(found: Iterable[T], key: Callable[[T], str]) -> list[T]:
    """What nobody was told of yet, by the key its alert has or would have."""
    by_key = {key(x): x for x in found}
    told = raised(list(by_key))
    return [x for k, x in by_key.items() if k not in told]


_WAITING = """home_id = ? AND at > ? AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.alert_id = alert.id)
    ORDER BY at DESC LIMIT 500"""  # bounded; whom each is for is asked of the permits, so the page's 20 come after


def open_for(who: Actor) -> list[AlertWords]:
    """Alerts that wait for this person: theirs by name or by permit, not yet acknowledged, newest first."""
    if who.home_id is None or who.person_id is None:
        return []
    rows = fetch(Alert, _WAITING, who.home_id, clock.micros(clock.now() - OPEN_FOR))
    return [_worded(a, who) for a in rows if is_for(a, who)][:MOST_SHOWN]


def is_for(alert: Alert, who: Actor) -> bool:
    """Whether an alert was addressed to this person, by name or by what they may do. What somebody reports is for
    others to see: the reporter cannot take it off everybody's page."""
    if alert.to_person is not None:
        return alert.to_person == who.person_id
    if alert.about.get("raised_by") == who.person_id:
        return False
    return permits.may(alert.to_verb, who)


def _worded(alert: Alert, who: Actor) -> AlertWords:
    at = clock.moment_words(alert.at, who.zone)
    return AlertWords(alert.id, alert.words, at, alert.url, f"/h/{who.home_slug}/alerts/{alert.id}/acknowledge")


def acknowledge_row(by: Actor, alert: Alert) -> list[ledger.Pending]:
    """A deed: somebody has read an alert. None where they said so before."""
    mine = (Acknowledgement.alert == alert) & (Acknowledgement.by == by.person_id)
    if Acknowledgement.select().where(mine).exists():
        return []
    row = Acknowledgement.create(alert=alert, at=clock.now(), by=by.person_id)
    return [ledger.line("alerts.acknowledge", alert.about["subject"], row, alert=alert.id)]


def _alert(by: Actor, alert_id: int, **_: object) -> Alert:
    found = Alert.get_or_none((Alert.id == alert_id) & (Alert.home_id == by.home_id))
    if found is None or not is_for(found, by):
        raise NotFound()
    return found


@action("alerts.acknowledge", about=_alert)
def acknowledge(*, by: Actor, about: Alert, alert_id: int) -> Done:
    """Say "I have read it". A second tap answers what is stored."""
    stored = Acknowledgement.get_or_none((Acknowledgement.alert == about) & (Acknowledgement.by == by.person_id))
    if stored:
        return Done(stored, replay=True)
    row = Acknowledgement.create(alert=about, at=clock.now(), by=by.person_id)
    return Done(row, [ledger.line("alerts.acknowledge", about.about["subject"], row, alert=about.id)])
