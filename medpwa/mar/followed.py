"""What ledger lines of absences, refusals and hand-overs say, from the rows they stand for."""

from __future__ import annotations

from medpwa import clock
from medpwa.ledger import HistoryLine
from medpwa.mar import comparing, refusing
from medpwa.mar import words as words_of
from medpwa.mar.away_vocabulary import DIRECTIONS
from medpwa.mar.models_after import AbsenceItem, Reconciliation, RefusalStep, ShiftHandover, ShiftSetting
from medpwa.medicines import queries as orders
from medpwa.medicines.rules import number_words
from medpwa.permits import Actor
from medpwa.staff.sentences import Details, ids_of


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """What each line's rows say."""
    found: Details = {}
    items = list(AbsenceItem.select().where(AbsenceItem.id.in_(ids_of(lines, "absence_item"))))
    named = {o.line_id: words_of.medicine(o) for o in orders.orders_of_home(who.home_id)} if items else {}
    for item in items:
        what = named.get(item.order_line_id, "a medicine")
        words = f"{number_words(item.amount)} of {what} {DIRECTIONS[item.direction]}"
        found["absence_item", item.id] = f"{words} ({item.note})" if item.note else words
    for step in Reconciliation.select().where(Reconciliation.id.in_(ids_of(lines, "reconciliation"))):
        found["reconciliation", step.id] = comparing.step_words(step)
    for step in RefusalStep.select().where(RefusalStep.id.in_(ids_of(lines, "refusal_step"))):
        found["refusal_step", step.id] = refusing.step_words(step)
    for row in ShiftHandover.select().where(ShiftHandover.id.in_(ids_of(lines, "shift_handover"))):
        when = f"{row.shift_name}, {clock.moment_words(row.shift_start, who.zone)}"
        told = f"{len(row.told)} told"
        found["shift_handover", row.id] = ". ".join(w for w in (when, told, row.note) if w)
    for s in ShiftSetting.select().where(ShiftSetting.id.in_(ids_of(lines, "shift_setting"))):
        found["shift_setting", s.id] = f"{s.name}, {'taken away' if s.retired else s.starts}"
    return found
