"""What the ledger's verbs about orders say to a person who reads a history: verb -> sentence.

`{what}` is filled in by `history.py` from the records of the line; a refused attempt says `REFUSED` and why.
"""

SENTENCES: dict[str, str] = {
    "orders.add": "Keyed: {what}",
    "orders.import": "Taken over: {what}",
    "orders.change": "Changed {what}",
    "orders.stop": "Stopped. {what}",
    "orders.suspend": "Put on hold {what}",
    "orders.resume": "Goes on as it was. {what}",
    "orders.strike": "Entered in error. {what}",
    "orders.check": "Keyed again by a second person: {what}",
    "orders.advise": "Keyed a dose by letter: {what}",
    "orders.check_advice": "Keyed a letter again: {what}",
}
REFUSED: dict[str, str] = {
    "orders.add": "Tried to add an order",
    "orders.import": "Tried to take over an order",
    "orders.change": "Tried to change the order",
    "orders.stop": "Tried to stop the order",
    "orders.suspend": "Tried to put the order on hold",
    "orders.resume": "Tried to let the order go on",
    "orders.strike": "Tried to mark the order as entered in error",
    "orders.check": "Tried to check the order",
    "orders.advise": "Tried to key a dose by letter",
    "orders.check_advice": "Tried to key a letter again",
}
TONES: dict[str, str] = {
    "orders.stop": "not_given",
    "orders.suspend": "away",
    "orders.resume": "given",
    "orders.strike": "not_given",
    "orders.check": "given",
}
