"""What the ledger's lines about doses by letter say in a history."""

from __future__ import annotations

from medpwa.ledger import Line
from medpwa.medicines import advice, queries, rules
from medpwa.medicines.models import DoseAdviceCheck
from medpwa.medicines.sentences import SENTENCES
from medpwa.permits import Actor

VERBS = frozenset({"orders.advise", "orders.check_advice"})
COVERED = "what it says stays covered until a second person has keyed it too."


def said(by: Actor, x: Line, named: bool) -> tuple[str, str]:
    """One line in words with its tone. `named` puts the medicine first, for lists of several orders."""
    letter = advice.letter_of(by, x.about["advice"])
    order = queries.order_of(by, letter.line_id).latest
    front = f"{rules.medicine_words(order)}: " if named else ""
    if x.verb == "orders.advise":
        what = COVERED if advice.covered(letter, by.person_id) else f"{advice.said_words(order, letter)}."
        return front + SENTENCES[x.verb].format(what=what), "plain"
    check = DoseAdviceCheck.get_by_id(next(row_id for name, row_id, _ in x.rows if name == "dose_advice_check"))
    if check.agrees:
        return front + SENTENCES[x.verb].format(what="the same, so it holds."), "given"
    return front + SENTENCES[x.verb].format(what=f"{rules.listed(check.differences)} differed."), "plain"
