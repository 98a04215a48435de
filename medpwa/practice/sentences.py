"""How the ledger's lines of practice read in a history."""

SENTENCES: dict[str, str] = {
    # the quarterly audit
    "audits.sign": "Signed the quarterly audit of who gives medicines",
    "audits.act": "Said how a finding of the quarterly audit was seen to",
}
REFUSED: dict[str, str] = {
    # the quarterly audit
    "audits.sign": "Tried to sign the quarterly audit",
    "audits.act": "Tried to say that a finding of the quarterly audit was seen to",
}
