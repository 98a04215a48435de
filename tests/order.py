"""In which order workers side by side take the tests, so that no worker is alone with a long file at the end.

Each worker is given an equal, unbroken stretch of the list, and whoever is done takes over from the end of another's.
So each stretch begins with long files, the longest first; their tests stay together, for they share what they built.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# By the clock on two idle cores, the longest first. One that is not named only comes later than it might.
LONG = (
    "tests/journeys/test_every_page.py",
    "tests/house/test_permit_matrix.py",
    "tests/attack/test_attack.py",
    "tests/faults/test_starts.py",
    "tests/faults/test_kills.py",
    "tests/core/test_server.py",
    "tests/demo/test_thirty.py",
    "tests/demo/test_onward.py",
    "tests/demo/test_spring.py",
    "tests/journeys/test_stories.py",
    "tests/journeys/test_recording_client.py",
    "tests/journeys/test_phones.py",
)


def side_by_side(tests: list[T], workers: int, file_of: Callable[[T], str]) -> list[T]:
    """The same tests, with the long files dealt to the beginnings of as many equal stretches as there are workers."""
    by_file = {name: [t for t in tests if file_of(t) == name] for name in LONG}
    others = iter([t for t in tests if file_of(t) not in by_file])
    heads = [[t for name in LONG[n::workers] for t in by_file[name]] for n in range(workers)]
    found: list[T] = []
    for n, head in enumerate(heads):
        found += head
        end = len(tests) * (n + 1) // workers
        found += islice(others, max(0, end - len(found)))
    return [*found, *others]
