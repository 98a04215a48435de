"""The only writers of corrections; they run inside an open transaction and return their ledger lines."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from medpwa import clock
from medpwa.mar import phone_clock
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.models import Entry
from medpwa.mar.models_after import CorrectionAnswer, CorrectionRequest
from medpwa.mar.vocabulary import GIVES, OWN_GIVES
from medpwa.permits import Actor

_OURS = uuid.UUID("5f0cbb4c-91c2-4d0f-8a6e-2b0a4c8c6d11")  # entries of corrections are named after their request


def ask(
    by: Actor, entry: Entry, *, request_id: str, wanted: Wanted, reason: str, words: str, wrong_person: str
) -> CorrectionRequest:
    """Keep that somebody says an entry is wrong, and what it should say."""
    return CorrectionRequest.create(
        home=by.home_id,
        entry=entry,
        request_id=request_id,
        wanted=wanted.stored(),
        reason=reason,
        words=words,
        wrong_person_given=wrong_person or None,
        at=clock.now(),
        by=by.person_id,
    )


def replace(
    by: Actor,
    request: CorrectionRequest,
    wanted: Wanted,
    *,
    claim: int | None,
    after_the_fact: bool,
    flags: Sequence[str],
) -> Entry:
    """The entry that replaces the one a request is about. It belongs to the same dose; the original is not touched."""
    old, given, own = request.entry, wanted.outcome in GIVES, wanted.outcome in OWN_GIVES
    seen = given and old.witnessed_by is not None
    beside = own and old.supervised_by is not None
    at = clock.now()
    return Entry.create(
        entry_id=str(uuid.uuid5(_OURS, request.request_id)),
        home=by.home_id,
        resident=old.resident_id,
        order_line=old.order_line_id,
        order_version=old.order_version_id,
        due_at=old.due_at,
        outcome=wanted.outcome,
        reason=wanted.reason,
        note=wanted.note,
        given_at=wanted.given_at if given else None,
        prepared_at=old.prepared_at if given else None,
        at=at,
        scan=old.scan_id,
        by=by.person_id,
        administered_by=(old.administered_by or old.by) if own else None,
        claim=claim,
        after_the_fact=after_the_fact,
        corrects=old,
        correction_reason=request.reason,
        flags=[*flags, *phone_clock.flags(at)],
        session=by.session_id,
        amount=wanted.amount,
        given_by=wanted.given_by or None,
        extra=dict(wanted.extra) or None,
        phone_at=phone_clock.said(),
        witnessed_by=old.witnessed_by if seen else None,
        witnessed_at=old.witnessed_at if seen else None,
        witness_needed=old.witness_needed if seen else None,
        supervised_by=old.supervised_by if beside else None,
        supervised_at=old.supervised_at if beside else None,
        break_glass=old.break_glass_id if own else None,
    )


def answer(by: Actor, request: CorrectionRequest, replaced_by: Entry | None, words: str) -> CorrectionAnswer:
    """The answer to a request: with the entry that replaces, or a no."""
    return CorrectionAnswer.create(
        request=request,
        approved=replaced_by is not None,
        replaced_by=replaced_by,
        words=words,
        at=clock.now(),
        by=by.person_id,
    )
