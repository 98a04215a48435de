"""The order of tests that run side by side: none is lost, and each worker begins with long ones."""

from __future__ import annotations

import pytest

from tests import order
from tests.house.source import ROOT


def asked(names: list[str], workers: int) -> list[str]:
    return order.side_by_side(names, workers, lambda name: name.partition("::")[0])


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
@pytest.mark.parametrize("short", [0, 1, 7, 400])
def test_every_test_is_there_once_and_each_stretch_begins_with_a_long_file(workers, short):
    some = [f"tests/core/test_short.py::{n}" for n in range(short)]
    long = [f"{name}::{n}" for name in order.LONG for n in range(3)]
    found = asked(some[: short // 2] + long + some[short // 2 :], workers)
    assert sorted(found) == sorted(some + long)
    together = [found.index(f"{name}::2") - found.index(f"{name}::0") for name in order.LONG]
    assert set(together) == {2}
    if short == 400:
        starts = [found[len(found) * n // workers].partition("::")[0] for n in range(workers)]
        assert starts == list(order.LONG[:workers])


def test_the_others_keep_their_order():
    names = [f"tests/core/test_short.py::{n}" for n in range(20)]
    assert asked(names, 3) == names


def test_every_long_file_is_there():
    assert [name for name in order.LONG if not (ROOT / name).is_file()] == []
