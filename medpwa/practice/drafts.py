"""What an assessor has marked so far on a round: kept with every tap, in the database and nowhere else."""

from __future__ import annotations

from medpwa import clock
from medpwa.database import noting
from medpwa.practice.models import ObservationDraft, ObservationResult


def draft_of(observation_id: int) -> ObservationDraft:
    """The marks and comments as they stand."""
    return ObservationDraft.get(ObservationDraft.observation == observation_id)


def mark(observation_id: int, item: str, value: str) -> bool:
    """Keep one mark; False where the round has ended meanwhile, and then nothing is kept."""
    return _keep(observation_id, "marks", item, value)


def comment(observation_id: int, domain: str, words: str) -> bool:
    """Keep what is written about a part; False where the round has ended meanwhile, and then nothing is kept."""
    return _keep(observation_id, "comments", domain, words)


def _keep(observation_id: int, where: str, key: str, value: str) -> bool:
    """The row is written before it is read, so that two taps at once, in whatever process, come one after the other."""
    mine = ObservationDraft.observation == observation_id
    with noting():
        ObservationDraft.update(touched_at=clock.now()).where(mine).execute()
        if ObservationResult.select().where(ObservationResult.observation == observation_id).exists():
            return False
        kept = getattr(ObservationDraft.get(mine), where)
        ObservationDraft.update(**{where: {**kept, key: value}}).where(mine).execute()
    return True
