"""Somebody the tests of orders write orders for."""

import pytest

from medpwa.residents.queries import ResidentCard
from tests import builders


@pytest.fixture
def ivy(world) -> ResidentCard:
    """A resident without any order."""
    return builders.resident(world.system())


@pytest.fixture
def base(ivy) -> str:
    """The address of her orders."""
    return f"/h/rowan/residents/{ivy.id}/orders"
