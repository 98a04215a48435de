"""The first act of all: a provider and a home come to be, with their chains. There is nobody before it who could act
and no chain to write to, so this one place opens the record door itself."""

from __future__ import annotations

from medpwa import clock, ledger
from medpwa.database import writing
from medpwa.ledger import Chain, line
from medpwa.permits import Actor
from medpwa.staff import deeds
from medpwa.staff.models import Home, Person, Provider

FOUNDING_LOCK = -1
FOUNDER = Actor(kind="system", name="Steady", short_name="Steady")


def found_provider(name: str) -> Provider:
    """A provider with its chain."""
    with writing(FOUNDING_LOCK):
        chain = Chain.create(kind="provider", name=name)
        provider = Provider.create(name=name, chain=chain)
        ledger.append(chain.id, FOUNDER, [line("home.open", f"provider:{provider.id}", provider)])
    return provider


def found_home(provider: Provider, name: str, slug: str, units: list[str], zone: str = clock.DEFAULT_ZONE) -> Home:
    """A home of a provider with its chain."""
    with writing(FOUNDING_LOCK):
        chain = Chain.create(kind="home", name=name)
        home = Home.create(provider=provider, chain=chain, name=name, slug=slug, zone=zone, units=units)
        ledger.append(chain.id, FOUNDER, [line("home.open", f"home:{home.id}", home)])
    return home


def add_to_provider(
    provider: Provider, *, username: str, given_name: str, family_name: str, role: str, password_hash: str
) -> Person:
    """Somebody at provider level (the nominated individual), written to the provider's chain."""
    by = Actor(kind="system", name="Steady", provider_id=provider.id, chain_id=provider.chain_id)
    with writing(provider.chain_id):
        person, said = deeds.add_person(by, username=username, given_name=given_name, family_name=family_name)
        role_said = deeds.set_role(by, person.id, None, role)
        pass_said = deeds.set_password(by, person.id, password_hash, must_change=False, verb="staff.set_password")
        ledger.append(provider.chain_id, by, [said, role_said, pass_said])
    return person
