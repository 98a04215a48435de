"""How the ledger's lines of practice read in a history."""

SENTENCES: dict[str, str] = {}
REFUSED: dict[str, str] = {}
