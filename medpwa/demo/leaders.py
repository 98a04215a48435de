"""What those who lead do on the days that are played forward: the rota a week ahead, sign-offs renewed before they end,
alerts read, reports of doses already given closed, an order that waits put off. What a user decided stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from medpwa import alerts, clock
from medpwa.alerts import Acknowledgement, Alert
from medpwa.competency import actions as competency
from medpwa.competency import queries as sign_offs
from medpwa.competency.vocabulary import RESIDENT_SPECIFIC
from medpwa.demo import delegated, team
from medpwa.demo.floor import BELL, STOOD_IN, Floor
from medpwa.demo.telling import WAITING_SOURCE
from medpwa.demo.told import draw
from medpwa.mar import actions as mar
from medpwa.mar import confirmation_actions, confirmations
from medpwa.mar.models import Entry, GivenReport, GivenReportClosing
from medpwa.medicines import actions as orders
from medpwa.medicines import advice, advice_actions, keying
from medpwa.medicines import queries as medicines
from medpwa.medicines.advice_rules import AdviceKeyed
from medpwa.permits import Actor, may
from medpwa.staff import actions as staff_actions
from medpwa.staff import queries as staff
from medpwa.staff.models import Duty

AHEAD = 7  # days of the rota that stand entered
RENEWED_BEFORE = dt.timedelta(days=7)
DELEGATED_FOR = dt.timedelta(days=182)  # as the nurse signs off for one person
CLOSED_AFTER = dt.timedelta(hours=18)
FOUND = "Talked it through with them: the count agreed, nobody came to harm, and the phone now stays with the round."
CLINIC, INR_AGAIN, KEYERS = "Letter of the anticoagulant clinic", dt.timedelta(days=7), ("S4", "S2", "S5", "S1", "S6")
LOOKED_AT = "Asked whoever gave it, and the count agrees."
KEYED_BY, PUT_OFF = "S4", "The surgery asked to begin it later; it still waits for its second check"
OWN_ALERTS = ("late:", "given:", "refusal:")


# ---------------------------------------------------------------- the rota


def plan(floor: Floor, day: dt.date) -> None:
    """Enter the duties that begin on a day. A duty that was ever entered is left as it was moved or taken away since,
    and nobody is put where they have another duty, or on any once they have left."""
    home = floor.home
    start, end = clock.day_bounds(day, home.zone)
    rows = Duty.select().where((Duty.home == home) & (Duty.starts >= start) & (Duty.starts < end))
    ever = {(d.person_id, d.kind, d.starts) for d in rows}
    standing = staff.duties_between(home.id, start, end + dt.timedelta(days=1))
    for duty in team.duties(day):
        person_id = floor.person.get(duty.staff)
        begins = clock.at_local(day, duty.start, home.zone)
        ends = clock.at_local(day + dt.timedelta(days=int(duty.ends_next_day)), duty.end, home.zone)
        busy = any(d.person_id == person_id and d.starts < ends and d.ends > begins for d in standing)
        if (person_id, duty.kind, begins) in ever or busy or floor.actor(person_id) is None:
            continue
        staff_actions.set_duty(by=staff.system(home), person_id=person_id, kind=duty.kind, starts=begins, ends=ends)
    floor.look_again()


# ---------------------------------------------------------------- sign-offs


def renew(floor: Floor) -> None:
    """A manager renews what ends within a week, of those who were signed off when the home was made. Who was not
    (Denise, Mark, Nadia, Chloe, …) stays as they are, and so does every sign-off a user decided on."""
    now, due = clock.now(), defaultdict(list)
    for g in team.GRANTS:
        person_id = floor.person.get(g.staff)
        if person_id is None or g.state != "competent" or not g.covers(0):
            continue
        resident_id = next((i for i, code in floor.code.items() if g.resident and code == g.resident), None)
        if (g.resident is None or resident_id is not None) and _ends(floor, person_id, g.skill, resident_id, now):
            due[person_id, g.skill in RESIDENT_SPECIFIC].append((g.skill, resident_id))
    for (person_id, attested), keys in due.items():
        by = _manager(floor, without=person_id)
        if by is None or floor.actor(person_id) is None:
            continue
        if attested:
            today, review = clock.local_day(now), clock.local_day(now + DELEGATED_FOR)
            for skill, resident_id in keys:
                delegated.attest(by, person_id, skill, resident_id, today, review)
            continue
        (skill, resident_id), *also = keys
        about = dict(person_id=person_id, skill=skill, resident_id=resident_id, also=tuple(also))
        competency.grant(by=by, **about, reason=team.ANNUAL)


def _ends(floor: Floor, person_id: int, skill: str, resident_id: int | None, now: dt.datetime) -> bool:
    """Whether a sign-off has ended by its date, or will within the week; of the demo's own alone."""
    mine = sign_offs.grants_of(floor.home.id, person_id)
    same = [g for g in mine if (g.skill, g.resident_id) == (skill, resident_id)]
    last = max(same, key=lambda g: (g.valid_from, g.id), default=None)
    if last is None or last.state != "competent" or last.valid_until is None or last.reason not in _OWN_WORDS:
        return False
    return last.valid_until - now <= RENEWED_BEFORE


_OWN_WORDS = frozenset(g.reason for g in team.GRANTS) | delegated.OWN_WORDS


def _manager(floor: Floor, without: int | None = None) -> Actor | None:
    """The registered manager, else the deputy."""
    found = (floor.actor(floor.person.get(code)) for code in ("S1", "S2"))
    return next((a for a in found if a and a.person_id != without and may("competency.grant", a)), None)


# ---------------------------------------------------------------- the order that waits


def put_off(floor: Floor, day: dt.date) -> None:
    """The order that waits for its second check begins a later day, while nobody but the play ever changed it: the
    demo has one to check, and none of its doses is missed meanwhile."""
    by = floor.actor(floor.person.get(KEYED_BY))
    if by is None or not sign_offs.sign_off(by.home_id, by.person_id, medicines.KEYING_SKILLS, None).allowed:
        return
    for order in medicines.latest_versions(medicines.orders_of_home(floor.home.id)):
        mine = [o for o in medicines.orders_of_home(floor.home.id) if o.line_id == order.line_id]
        own = all(o.hand_keyed and o.keyed_by == by.person_id for o in mine)
        waits = not order.checked and not order.stopped and order.source == WAITING_SOURCE
        if not (own and waits and {o.reason for o in mine} <= {"", PUT_OFF}) or order.starts_on >= day:
            continue
        details = replace(keying.details_of(order), starts_on=day)
        orders.change_order(by=by, line_id=order.line_id, version_id=order.version_id, details=details, reason=PUT_OFF)


# ---------------------------------------------------------------- alerts and reports


def read_alerts(floor: Floor) -> None:
    """Alerts the product itself raised, and those of reports the play made, are read by whom they are for, or by the
    shift leader, or by the manager. What a user asked for is left for whom they asked."""
    since = clock.now() - alerts.OPEN_FOR
    read = Acknowledgement.select(Acknowledgement.alert)
    waiting = Alert.select().where((Alert.home_id == floor.home.id) & (Alert.at > since) & Alert.id.not_in(read))
    for alert in waiting.order_by(Alert.id):
        by = next((a for a in _readers(floor, alert) if alerts.is_for(alert, a)), None)
        if _own(alert) and by is not None:
            alerts.acknowledge(by=by, alert_id=alert.id)


def _own(alert: Alert) -> bool:
    kind, _, what = alert.key.partition(":")
    if kind == "given":
        return Entry.select().where((Entry.entry_id == what) & Entry.session.is_null()).exists()
    return f"{kind}:" in OWN_ALERTS


def _readers(floor: Floor, alert: Alert) -> list[Actor]:
    leader = staff.shift_leader(floor.home.id)
    wanted = [alert.to_person] if alert.to_person is not None else [leader and leader.person_id, floor.person.get("S1")]
    return [a for a in map(floor.actor, wanted) if a is not None]


def close_reports(floor: Floor) -> None:
    """The manager answers the reports the play made, the morning after; a user's own wait for a user."""
    closed = GivenReportClosing.select(GivenReportClosing.report)
    old = GivenReport.at <= clock.now() - CLOSED_AFTER
    own = GivenReport.why.startswith(BELL) | GivenReport.why.startswith(STOOD_IN)
    mine = (GivenReport.home == floor.home) & Entry.session.is_null() & own
    for report in GivenReport.select().join(Entry).where(mine & old & GivenReport.id.not_in(closed)):
        by = _manager(floor, without=report.entry.administered_by)
        if by is not None:
            mar.close_report(by=by, report_id=report.id, words=FOUND)


def confirm_late(floor: Floor) -> None:
    """Whoever leads the shift, else a manager, says what they found about doses the play recorded late: somebody other
    than who gave or recorded them. What a user recorded waits for a user."""
    leader = staff.shift_leader(floor.home.id)
    looking = [floor.actor(leader.person_id if leader else None), _manager(floor)]
    for number in confirmations.waiting_ids(floor.home.id):
        entry = Entry.get_by_id(number)
        by = next((a for a in looking if a and not confirmations.may_not_confirm(a, entry)), None)
        if entry.session is None and by is not None:
            confirmation_actions.confirm(by=by, entry_number=number, words=LOOKED_AT)


# ---------------------------------------------------------------- the clinic's letters


def key_letter(floor: Floor) -> None:
    """On the day of the next INR the clinic's letter comes: one person keys it, another keys it again. The dose stays
    as it is. A line whose newest letter a user keyed, or left unchecked, waits for a user."""
    today, trained = clock.local_day(clock.now()), list(_keyers(floor))
    for order in medicines.latest_versions(medicines.orders_of_home(floor.home.id)):
        newest = next(iter(advice.of_line(floor.home.id, order.line_id)[-1:]), None)
        if newest is None or order.stopped or len(trained) < 2 or not newest.checked:
            continue
        if not newest.source.startswith(CLINIC) or newest.next_inr_on is None or newest.next_inr_on > today:
            continue
        inr = Decimal(draw("inr", today).randint(21, 29)) / 10
        keyed = AdviceKeyed(today, None, newest.amount, inr, today, today + INR_AGAIN)
        first, second = trained[:2]
        row = advice_actions.advise(by=first, advised_id=order.line_id, keyed=keyed, source=clinic_letter(today))
        advice_actions.check_advice(by=second, advice_id=row.id, keyed=keyed)


def clinic_letter(day: dt.date) -> str:
    """How a letter is named, so that a second person keys the same one."""
    return f"{CLINIC}, {clock.date_words(day)}, in Arthur’s folder"


def _keyers(floor: Floor) -> Iterator[Actor]:
    for code in KEYERS:
        actor = floor.actor(floor.person.get(code))
        if actor and sign_offs.sign_off(actor.home_id, actor.person_id, medicines.KEYING_SKILLS, None).allowed:
            yield actor
