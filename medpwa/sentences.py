"""How the ledger's lines of the shared modules read in a history; every package has a table of its own."""

SENTENCES: dict[str, str] = {
    "alerts.raise": "Raised an alert",
    "alerts.acknowledge": "Read an alert",
    "notes.seal": "Sealed the list of who read what",
    "notes.let_go": "Let go of lists of who read what, past their keeping time",
}
