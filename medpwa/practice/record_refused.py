"""What somebody tried and was refused, from the ledger: an early sign of a shortage, never a fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from medpwa.competency import sentences as competency
from medpwa.ledger import Line
from medpwa.mar import sentences as mar
from medpwa.medicines import sentences as medicines
from medpwa.permits import Actor
from medpwa.practice import sentences as own
from medpwa.practice.record_event import Event
from medpwa.staff.sentences import line_words, why_refused

MOST = 200
SENTENCES = {**medicines.SENTENCES, **mar.SENTENCES, **competency.SENTENCES, **own.SENTENCES}
REFUSED = {**medicines.REFUSED, **mar.REFUSED, **competency.REFUSED, **own.REFUSED}


def events(who: Actor, person_id: int, since: dt.datetime) -> Iterator[Event]:
    """The newest refused attempts of somebody since a moment, by the ledger's own index of people."""
    rows = list(
        Line.select()
        .where(
            (Line.chain == who.chain_id)
            & (Line.by_person == person_id)
            & (Line.at >= since)
            & (Line.outcome == "refused")
            & Line.verb.in_(list(SENTENCES))
        )
        .order_by(Line.at.desc(), Line.seq.desc())
        .limit(MOST)
    )
    more = why_refused(rows)
    for line in rows:
        yield Event("refused", line.at, line_words(line, SENTENCES, more, REFUSED), "", "", "flagged")
