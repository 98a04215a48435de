"""How the ledger's lines of practice read in a history."""

SENTENCES: dict[str, str] = {
    # supervision
    "supervision.record": "A supervision talk was written up",
    "supervision.sign": "Signed a supervision talk",
    "supervision.act": "Closed something agreed in a supervision talk",
}
REFUSED: dict[str, str] = {
    # supervision
    "supervision.record": "Tried to write up a supervision talk",
    "supervision.sign": "Tried to sign a supervision talk",
    "supervision.act": "Tried to close something agreed in a supervision talk",
}
