"""How the ledger's lines of practice read in a history."""

from __future__ import annotations

from medpwa.ledger import HistoryLine
from medpwa.permits import Actor
from medpwa.practice import assessing_history, audit_sentences, training
from medpwa.staff.sentences import Details, why_refused

SENTENCES: dict[str, str] = {
    # assessments
    "assess.ask": "Asked to be assessed",
    "assess.book": "Assessment arranged",
    "assess.begin": "Assessment begun",
    "assess.observe": "Assessment",
    "assess.sign": "Assessment, in their own name",
    "assess.conclude": "Assessment ended",
    "assess.settings": "Assessment template",
    # the quarterly audit
    "audits.sign": "Signed the quarterly audit of who gives medicines",
    "audits.act": "Said how a finding of the quarterly audit was seen to",
    # training and inductions
    "training.settings": "The courses this home asks for were changed",
    "training.record": "A certificate was kept",
    "induction.record": "Agency or bank staff were shown the home's ways",
    # supervision
    "supervision.record": "A supervision talk was written up",
    "supervision.sign": "Signed a supervision talk",
    "supervision.act": "Closed something agreed in a supervision talk",
}
REFUSED: dict[str, str] = {
    # assessments
    "assess.ask": "Tried to ask to be assessed",
    "assess.book": "Tried to arrange an assessment",
    "assess.begin": "Tried to begin an assessment",
    "assess.observe": "Tried to add to an assessment",
    "assess.sign": "Tried to sign an observed round",
    "assess.conclude": "Tried to end an assessment",
    "assess.settings": "Tried to change the assessment template",
    # the quarterly audit
    "audits.sign": "Tried to sign the quarterly audit",
    "audits.act": "Tried to say that a finding of the quarterly audit was seen to",
    # training and inductions
    "training.settings": "Tried to change the courses this home asks for",
    "training.record": "Tried to keep a certificate",
    "induction.record": "Tried to record an induction",
    # supervision
    "supervision.record": "Tried to write up a supervision talk",
    "supervision.sign": "Tried to sign a supervision talk",
    "supervision.act": "Tried to close something agreed in a supervision talk",
}
TONES: dict[str, str] = {"assess.conclude": "info"}


def details(lines: list[HistoryLine], who: Actor) -> Details:
    """What each line's rows say, in words, under (table, id)."""
    found = why_refused(lines)
    for told in (assessing_history.details, audit_sentences.details, training.told_of):
        found |= told(lines, who)
    return found
