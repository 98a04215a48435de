"""A database with a home and its history, in a folder that goes away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import client, history, home
from bench.home import Bed, Carer
from medpwa import clock, database, ledger
from medpwa.config import Settings
from medpwa.mar.models import Entry

SECRET = "only-for-the-bench-on-loopback-in-a-folder-that-goes-away"


@dataclass
class Place:
    """Where one product under measurement keeps its records."""

    folder: Path
    days: int
    name: str = "home"
    entries: int = 0
    beds: list[Bed] = field(default_factory=list)
    carers: list[int] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}-{self.days}.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    @property
    def settings(self) -> Settings:
        """What the product is told, for an application in this process."""
        return Settings(
            mode="demo",
            secret_key=SECRET,
            database_url=self.url,
            trusted_hosts=(client.HOST,),
            public_url=f"http://{client.HOST}",
            label_key_file=self.folder / "label.key",
            var=self.folder,
        )

    def environment(self, turn: int) -> dict[str, str]:
        """The same for a server, with its clock at a round of the measured day."""
        return {
            "MEDPWA_MODE": "demo",
            "MEDPWA_CLOCK": clock.local(home.round_at(turn)).strftime("%Y-%m-%dT%H:%M"),
            "MEDPWA_VAR": str(self.folder),
            "DATABASE_URL": self.url,
            "SECRET_KEY": SECRET,
            "TRUSTED_HOSTS": client.HOST,
            "PUBLIC_URL": f"http://{client.HOST}",
        }

    @contextmanager
    def open(self) -> Iterator[None]:
        """This process works on the database; nothing of it stays open afterwards."""
        database.open_database(self.url)
        try:
            yield
        finally:
            database.close_all()

    def build(self) -> Place:
        """Make the database: migrations, home, labels, history."""
        database.migrate(self.url)
        with self.open():
            system, self.beds, self.carers = home.build(self.days, self.settings)
            self.entries = history.load(system, self.beds, self.carers, self.days)
        return self

    def copy(self, name: str) -> Place:
        """The same home in a file of its own."""
        other = Place(self.folder, self.days, name, self.entries, self.beds, self.carers)
        shutil.copy(self.file, other.file)
        return other

    def at_bedsides(self, turn: int) -> list[Carer]:
        """A signed-in carer before every resident, at the start of a round."""
        with self.open(), clock.standing(home.round_at(turn)):
            return home.sign_in(self.beds, self.carers)

    def count(self) -> int:
        """How many entries are stored."""
        with self.open():
            return Entry.select().count()

    def faults(self) -> list[ledger.Fault]:
        """What does not add up in its trail."""
        with self.open():
            return ledger.verify()
