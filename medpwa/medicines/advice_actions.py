"""The verbs of doses by letter: key one, key it again. It gives nothing before two people keyed it the same."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, Refused
from medpwa.medicines import advice, advice_deeds, advice_rules, agreement, insists, queries
from medpwa.medicines.advice_rules import AdviceFacts, AdviceKeyed
from medpwa.medicines.queries import Order
from medpwa.permits import Actor


@action("orders.advise", about=advice.advisable)
def advise(*, by: Actor, about: Order, advised_id: int, keyed: AdviceKeyed, source: str) -> Done:
    """Key what a letter says of an order's dose. It waits for its second check, and holds up older letters for the same
    days until then."""
    where = insists.where_of(about)
    insists.must_be_trained(by, where)
    insists.must_run(about, where)
    source = " ".join(source.split())
    _fit([*advice_rules.problems(keyed, _today(by)), *advice_rules.source_problems(source)])
    _must_be_new(by, about, keyed, where)
    row, said = advice_deeds.add_advice(by, about, keyed, source)
    return Done(row, [said])


@action("orders.check_advice", about=advice.letter_of)
def check_advice(*, by: Actor, about: AdviceFacts, advice_id: int, keyed: AdviceKeyed) -> Done:
    """Compare a second person's keying of a letter with the first. Either way the check is kept; only one that agrees
    lets the letter hold."""
    order = queries.order_of(by, about.line_id)
    where = insists.where_of(order) | {"advice": about.id}
    if about.keyed_by == by.person_id:
        raise Refused("same_person", another_checks(by.home_id, about), about=where)
    insists.must_be_trained(by, where)
    insists.must_run(order, where)
    if about.checked:
        raise Refused("checked_already", "This letter has been checked already. Nothing was changed.", about=where)
    _fit(advice_rules.problems(keyed, _today(by)))
    differing = agreement.differences(about, keyed, advice_rules.COMPARED)
    row, said = advice_deeds.check_advice(by, order, about, differing)
    return Done(row, [said])


def another_checks(home_id: int, letter: AdviceFacts) -> str:
    """What somebody who keyed a letter reads when they would check it."""
    who = queries.trained_words(home_id, without=letter.keyed_by)
    return f"You keyed this letter yourself, so somebody else must key it too. {who} It stays waiting."


def _today(by: Actor) -> dt.date:
    return clock.local_day(clock.now(), by.zone)


def _fit(found: list[advice_rules.Problem]) -> None:
    if found:
        raise Invalid(found)


def _must_be_new(by: Actor, order: Order, keyed: AdviceKeyed, where: dict[str, int | str]) -> None:
    """The same letter twice is a double tap, or two people keying it at once, neither of them as its check."""
    newest = next(iter(advice.of_line(by.home_id, order.line_id)[::-1]), None)
    if newest is not None and not agreement.differences(newest, keyed, advice_rules.COMPARED):
        words = f"The same letter is here already, since {clock.moment_words(newest.keyed_at, by.zone)}."
        raise Refused("already_there", f"{words} Nothing was added.", about=where)
