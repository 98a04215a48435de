"""What the ledger's verbs about orders say to a person who reads a history: verb -> sentence.

`{what}` is filled in by `history.py` from the records of the line; a refused attempt says `REFUSED` and why.
"""

SENTENCES: dict[str, str] = {
    "orders.add": "Keyed: {what}",
    "orders.import": "Taken over: {what}",
    "orders.change": "Changed {what}",
    "orders.stop": "Stopped. {what}",
    "orders.check": "Keyed again by a second person: {what}",
}
REFUSED: dict[str, str] = {
    "orders.add": "Tried to add an order",
    "orders.import": "Tried to take over an order",
    "orders.change": "Tried to change the order",
    "orders.stop": "Tried to stop the order",
    "orders.check": "Tried to check the order",
}
TONES: dict[str, str] = {"orders.stop": "not_given", "orders.check": "given"}

# What a change calls each field.
FIELD_WORDS: dict[str, str] = {
    "medicine": "medicine",
    "strength": "strength",
    "form": "form",
    "dose_amount": "dose",
    "dose_unit": "unit",
    "route": "route",
    "site": "place on the body",
    "times": "times",
    "starts_on": "first day",
    "ends_on": "last day",
    "instructions": "instructions",
    "indication": "what it is for",
    "window_before": "minutes allowed before",
    "window_after": "minutes allowed after",
    "time_critical": "time-critical",
    "high_risk": "high-risk",
    "controlled": "controlled drug",
    "required_skills": "sign-offs needed",
    "prescriber": "prescriber",
    "source": "source",
    "allergy_answer": "answer about the allergy",
}
