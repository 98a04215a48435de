"""How the ledger's lines of practice read in a history."""

SENTENCES: dict[str, str] = {
    # training and inductions
    "training.settings": "The courses this home asks for were changed",
    "training.record": "A certificate was kept",
    "induction.record": "Agency or bank staff were shown the home's ways",
}
REFUSED: dict[str, str] = {
    # training and inductions
    "training.settings": "Tried to change the courses this home asks for",
    "training.record": "Tried to keep a certificate",
    "induction.record": "Tried to record an induction",
}
