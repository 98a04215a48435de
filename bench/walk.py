"""A round walked on both servers, in short blocks by turns, so that what else the machine does meets both alike."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import asking, ceiling, client, home, serving
from bench.asking import Steps
from bench.client import Asked, Run
from bench.place import Place
from bench.serving import Served

ALONE, TOGETHER = 1, 8
ALONE_BEDS = 20  # residents recorded one request at a time; the rest eight at a time
BLOCK_BEDS = 4
KINDS = ("record", "board", "round", "card")
READS = 96  # of each page, eight at a time, in a block


@dataclass
class Seen:
    """Pairs of blocks, (ceiling, product), by what was asked and how many at once; faults; memory."""

    pairs: dict[tuple[str, int], list[tuple[Run, Run]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    sent: int = 0
    stored: int = 0
    weights: list[tuple[serving.Weight, serving.Weight]] = field(default_factory=list)

    def keep(self, kinds: Sequence[str], at_once: int, bare: Run, ours: Run) -> None:
        """Keep a pair of blocks under each kind of request in it."""
        for kind in kinds:
            self.pairs.setdefault((kind, at_once), []).append((bare, ours))
        self.faults += [f"ceiling: {f}" for f in bare.faults] + [f"product: {f}" for f in ours.faults]


def walk(place: Place, folder: Path, turn: int, seen: Seen) -> None:
    """One round: some residents one request at a time, the others by eight carers at once; every dose is counted."""
    carers = place.at_bedsides(turn)
    before = place.count()
    plain = serving.plain(_ceiling_environment(folder), folder)
    with plain as bare, serving.product(place.environment(turn), folder) as ours:
        theirs = asking.of_ceiling(place.beds, turn)
        mine = asking.of_product(client.Connection(ours.port), carers)
        _alone(bare.port, ours.port, theirs, mine, seen)
        _together(bare, ours, theirs, mine, seen)
        weights = serving.weigh(bare), serving.weigh(ours)
    if weights[0] and weights[1]:
        seen.weights.append(weights)
    seen.sent += len(mine.record)
    seen.stored += place.count() - before


def _ceiling_environment(folder: Path) -> dict[str, str]:
    return {ceiling.FILE: str(folder / "ceiling.db"), ceiling.DAY: home.TODAY.isoformat()}


def _alone(bare: int, ours: int, theirs: Steps, mine: Steps, seen: Seen) -> None:
    """One client: after every recorded dose the board, the round and another card, so that no page is asked for twice
    with nothing changed between."""
    blocks = zip(turns(theirs, 0, ALONE_BEDS), turns(mine, 0, ALONE_BEDS), strict=True)
    for their_block, my_block in blocks:
        seen.keep(KINDS, ALONE, client.one_by_one(bare, their_block), client.one_by_one(ours, my_block))



def turns(steps: Steps, first: int, last: int) -> list[list[Asked]]:
    """Blocks of requests for some residents, each dose followed by the three pages."""
    blocks = []
    for begin in range(first, last, BLOCK_BEDS):
        block: list[Asked] = []
        for number in range(begin * home.ORDERS, min(begin + BLOCK_BEDS, last) * home.ORDERS):
            reads = (s[(number * 7 + 31) % len(s)] for s in (steps.board, steps.round, steps.card))
            block += [steps.record[number], *reads]
        blocks.append(block)
    return blocks


def _together(bare: Served, ours: Served, theirs: Steps, mine: Steps, seen: Seen) -> None:
    """Eight clients: each records its own residents; then each page by eight at once."""
    for begin in range(ALONE_BEDS, home.RESIDENTS, TOGETHER):
        beds = range(begin, min(begin + TOGETHER, home.RESIDENTS))
        pair = [_at_once(where, [_of_bed(s, bed) for bed in beds]) for where, s in ((bare, theirs), (ours, mine))]
        seen.keep(["record"], TOGETHER, *pair)
        for kind in ("card", "board", "round"):
            pair = [_at_once(where, _reads(s, kind)) for where, s in ((bare, theirs), (ours, mine))]
            seen.keep([kind], TOGETHER, *pair)


def _at_once(server: Served, queues: list[list[Asked]]) -> Run:
    before = serving.processor(server)
    run = client.at_once(server.port, queues)
    run.cpu = serving.processor(server) - before
    return run


def _of_bed(steps: Steps, bed: int) -> list[Asked]:
    return steps.record[bed * home.ORDERS : (bed + 1) * home.ORDERS]


def _reads(steps: Steps, kind: str) -> list[list[Asked]]:
    asked = list(itertools.islice(itertools.cycle(getattr(steps, kind)), READS))
    return [asked[n::TOGETHER] for n in range(TOGETHER)]
