"""The only writers of gap reviews; they run inside an open transaction and return what they wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from medpwa import clock
from medpwa.mar.models_after import GapReview, GapStep
from medpwa.mar.tickets import DoseKey
from medpwa.permits import Actor


def take_up(by: Actor, key: DoseKey, found_in: str) -> GapReview:
    """Open the review of a gap: the first person to act does."""
    return GapReview.create(
        home=by.home_id,
        order_line=key.line_id,
        due_at=key.due_at,
        found_in=found_in,
        at=clock.now(),
        by=by.person_id,
    )


def add_step(
    by: Actor,
    review_id: int,
    said: Mapping[str, str],
    *,
    advice_at: dt.datetime | None = None,
    conclusion: str | None = None,
    confidence: str | None = None,
) -> GapStep:
    """What was found out, or what it came to."""
    return GapStep.create(
        review=review_id,
        staff_asked=said.get("staff_asked", ""),
        resident_effect=said.get("resident_effect", ""),
        advice_from=said.get("advice_from", ""),
        advice=said.get("advice", ""),
        advice_at=advice_at,
        evidence=said.get("evidence", ""),
        conclusion=conclusion,
        confidence=confidence,
        at=clock.now(),
        by=by.person_id,
    )
