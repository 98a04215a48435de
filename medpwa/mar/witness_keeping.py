"""What a giver said of a dose before they asked a colleague to see it given, on that colleague's own phone. The request
has no place for it; it stays in the giver's own session, on the server, until they record the dose or the session ends.
Where it is gone, it is asked for again: nothing rests on it before it is recorded and judged."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import session

from medpwa.mar.models_after import WitnessRequest
from medpwa.mar.prn_intents import PrnIntent
from medpwa.mar.prn_rules import Use

_NAME = "asked_to_see"
MOST = 4  # requests of one giver that may stand at one time; each holds ten minutes


def keep(request: WitnessRequest, said: Mapping[str, Any]) -> None:
    """Keep what was said with a request; the oldest goes where there are many."""
    before = {n: v for n, v in dict(session.get(_NAME) or {}).items() if n != str(request.id)}
    session[_NAME] = dict([*before.items()][-(MOST - 1) :]) | {str(request.id): dict(said)}


def keep_prn(request: WitnessRequest, intent: PrnIntent) -> None:
    """The same for a when-required dose: why, what was tried first, how much of it, the note, and the version read."""
    use = intent.use
    said = {"steps": list(use.steps), "steps_why": use.steps_why, "reason": use.reason, "outcome": intent.outcome}
    part = {"part": use.part, "whole": None if use.whole is None else str(use.whole)}
    keep(request, {**said, **part, "note": intent.note, "version": intent.version_id})


def kept(request: WitnessRequest) -> dict[str, Any]:
    """What was said with a request; empty where it is not known here any more."""
    return dict((session.get(_NAME) or {}).get(str(request.id)) or {})


def kept_prn(request: WitnessRequest) -> PrnIntent | None:
    """A when-required dose as it was chosen before the colleague was asked; None where it is not known here."""
    said = kept(request)
    if "version" not in said:
        return None
    whole = None if said["whole"] is None else Decimal(said["whole"])
    steps = tuple(said["steps"])
    use = Use(steps, said["steps_why"], said["reason"], request.amount, whole=whole, part=said["part"])
    return PrnIntent(
        line_id=request.order_line_id,
        version_id=said["version"],
        entry_id=request.entry_id,
        outcome=said["outcome"],
        use=use,
        note=said["note"],
        request_id=request.id,
    )
