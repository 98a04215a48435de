"""What the ledger's verbs about residents say to a person who reads a history: verb -> sentence.

`{what}` is filled in by `history.py` from the records of the line; a refused attempt says `REFUSED` and why.
"""

SENTENCES: dict[str, str] = {
    "residents.add": "Record begun: {what}",
    "residents.change": "Changed {what}",
    "residents.settle_allergies": "Allergies: {what}",
    "residents.move": "{what}",
    "residents.photo": "New photo, taken on {what}",
    "labels.make": "Label made: {what}",
    "labels.make_missing": "Labels made: {what}",
    "labels.revoke": "Label revoked: {what}",
    "labels.revoke_all": "All labels revoked: {what}",
}
REFUSED: dict[str, str] = {
    "residents.add": "Tried to begin a record",
    "residents.change": "Tried to change details",
    "residents.settle_allergies": "Tried to settle allergies",
    "residents.move": "Tried to change where they are",
    "residents.photo": "Tried to change the photo",
    "labels.make": "Tried to make a label",
    "labels.make_missing": "Tried to make labels",
    "labels.revoke": "Tried to revoke a label",
    "labels.revoke_all": "Tried to revoke all labels",
}
TONES: dict[str, str] = {
    "residents.settle_allergies": "blocked",
    "residents.move": "away",
    "labels.revoke": "not_given",
    "labels.revoke_all": "not_given",
}
