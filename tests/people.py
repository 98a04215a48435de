"""The people of the tests, by name, and the homes they work in. Built through the real actions."""

from __future__ import annotations

import datetime as dt

from medpwa import clock
from medpwa.permits import Actor
from medpwa.staff import actions, founding, queries
from medpwa.staff.models import Home, Person

PASSWORD = "walnut ferry lantern seven"

# user name: given, family, role, agency, what the tests know them for
STAFF: dict[str, tuple[str, str, str, bool]] = {
    "amina": ("Amina", "Okoro", "carer", False),  # signed off
    "ben": ("Ben", "Hale", "carer", False),  # not assessed
    "cara": ("Cara", "Lund", "carer", False),  # sign-off lapsed yesterday
    "sena": ("Sena", "Addo", "senior_carer", False),
    "tolu": ("Tolu", "Bello", "team_leader", False),
    "dee": ("Dee", "Marsh", "deputy_manager", False),
    "rosa": ("Rosa", "Quiroga", "registered_manager", False),
    "quinn": ("Quinn", "Abbot", "quality_lead", False),
    "gil": ("Gil", "Frost", "carer", True),  # agency, access ends tonight
}
HOME, OTHER_HOME = "rowan", "elm"


def build() -> None:
    """Both homes and everybody in them."""
    from argon2 import PasswordHasher

    password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    provider = founding.found_provider("Larch Care")
    home = founding.found_home(provider, "Rowan Court", HOME, ["Ground floor", "First floor"])
    founding.found_home(provider, "Elm House", OTHER_HOME, ["Ground floor"])
    system = queries.system(home)
    tonight = clock.at_local(clock.local_day(clock.now()) + dt.timedelta(days=1), dt.time(0))
    for username, (given, family, role, agency) in STAFF.items():
        actions.add_person(
            by=system,
            username=username,
            given_name=given,
            family_name=family,
            role=role,
            agency=agency,
            password_hash=password_hash,
            valid_until=tonight if username == "gil" else None,
        )
    founding.add_to_provider(
        provider,
        username="nia",
        given_name="Nia",
        family_name="Vance",
        role="nominated_individual",
        password_hash=password_hash,
    )
    _build_elsewhere(password_hash)
    from tests import builders

    builders.sign_offs(system)
    builders.rounds(system)


def _build_elsewhere(password_hash: str) -> None:
    """Nell, of another provider's home: she must never get in. And a manager of Elm House."""
    stranger = founding.found_provider("Faraway Homes")
    away = founding.found_home(stranger, "Far House", "far", ["Ground floor"])
    actions.add_person(
        by=queries.system(away),
        username="nell",
        given_name="Nell",
        family_name="Stray",
        role="registered_manager",
        password_hash=password_hash,
    )


class World:
    """A test's way to people and homes by name."""

    def __init__(self, settings=None) -> None:
        self.settings = settings

    def home(self, slug: str = HOME) -> Home:
        return Home.get(Home.slug == slug)

    def person_id(self, username: str) -> int:
        return Person.get(Person.username == username).id

    def actor(self, username: str, slug: str | None = None) -> Actor:
        slug = slug or ("far" if username == "nell" else HOME)
        found = queries.actor(self.person_id(username), slug)
        assert found is not None, f"{username} holds no role at {slug} now"
        return found

    def system(self, slug: str = HOME) -> Actor:
        return queries.system(self.home(slug))
