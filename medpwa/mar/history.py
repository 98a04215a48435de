"""The round's lines of the ledger in words: scans, doses, refused attempts, reports, changed rounds."""

from __future__ import annotations

from medpwa.ledger import HistoryLine, Refusal
from medpwa.mar import words as words_of
from medpwa.mar.models import Entry, RoundPart, RoundSetting
from medpwa.mar.sentences import SENTENCES
from medpwa.mar.vocabulary import OUTCOMES
from medpwa.medicines import queries as orders
from medpwa.permits import Actor, may
from medpwa.staff.sentences import Details, Told, ids_of, lines_about, told

TONES: dict[str, str] = {"mar.record": "given", "mar.report_given": "flagged"}


def history_of(who: Actor, subject: str) -> list[Told]:
    """The latest lines of the round about a resident (`resident:5`) or the home (`home:1`), newest first; nothing for
    people who may not read histories."""
    if not may("history.see", who):
        return []
    return told(who, lines_about(who.chain_id, subject, SENTENCES), SENTENCES, _details, TONES)


def _details(lines: list[HistoryLine], who: Actor) -> Details:
    """What each line's row says."""
    found: dict[tuple[str, int], str] = {}
    versions = {o.version_id: o for o in orders.orders_of_home(who.home_id)}
    for entry in Entry.select().where(Entry.id.in_(ids_of(lines, "entry"))):
        order = versions.get(entry.order_version_id)
        what = words_of.medicine(order) if order else "a medicine"
        found["entry", entry.id] = f"{what}, {OUTCOMES[entry.outcome].word.lower()}"
    for refusal in Refusal.select().where(Refusal.id.in_(ids_of(lines, "refusal"))):
        found["refusal", refusal.id] = refusal.words
    for part in RoundPart.select().where(RoundPart.id.in_(ids_of(lines, "round_part"))):
        found["round_part", part.id] = ". ".join(w for w in (part.round_name, part.note) if w)
    for r in RoundSetting.select().where(RoundSetting.id.in_(ids_of(lines, "round_setting"))):
        ended = "taken away" if r.retired else f"{r.starts}, closes after {r.close_minutes} minutes"
        found["round_setting", r.id] = f"{r.name}, {ended}"
    return found
