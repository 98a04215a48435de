"""Tables of providers, homes, people, roles, duties, passwords and sessions."""

from __future__ import annotations

import peewee as pw

from medpwa.database import InstantField, JsonField, Record, Versioned, Working
from medpwa.ledger import Chain


class Provider(Record):
    """The organisation that runs the homes."""

    name = pw.TextField()
    chain = pw.ForeignKeyField(Chain, unique=True)


class Home(Record):
    """One registered home. `slug` stands in every address of its pages."""

    provider = pw.ForeignKeyField(Provider)
    chain = pw.ForeignKeyField(Chain, unique=True)
    name = pw.TextField()
    slug = pw.TextField(unique=True)
    zone = pw.TextField()
    units = JsonField()  # ["Ground floor", "First floor"]


class Person(Record):
    """Somebody who works here. Their details are in PersonVersion."""

    provider = pw.ForeignKeyField(Provider)
    username = pw.TextField(unique=True)
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class PersonVersion(Versioned):
    """Names and flags of a person from a moment on."""

    person = pw.ForeignKeyField(Person)
    valid_from = InstantField()
    given_name = pw.TextField()
    family_name = pw.TextField()
    agency = pw.BooleanField(default=False)
    bank = pw.BooleanField(default=False)
    at = InstantField()
    by = pw.BigIntegerField(null=True)
    reason = pw.TextField(default="")

    class Meta:
        indexes = ((("person", "valid_from"), False),)


class Role(Versioned):
    """What a person is in a home, from and until; the latest row for (person, home) wins. Provider-level roles have
    no home. An empty role ends it."""

    person = pw.ForeignKeyField(Person)
    home = pw.ForeignKeyField(Home, null=True)
    role = pw.TextField()
    valid_from = InstantField()
    valid_until = InstantField(null=True)
    at = InstantField()
    by = pw.BigIntegerField(null=True)
    reason = pw.TextField(default="")

    class Meta:
        indexes = ((("person", "home", "valid_from"), False), (("home", "valid_from"), False))


class Duty(Versioned):
    """A dated duty. A later row with the same `duty_key` replaces it; `withdrawn` takes it away."""

    duty_key = pw.TextField()
    person = pw.ForeignKeyField(Person)
    home = pw.ForeignKeyField(Home)
    starts = InstantField()
    ends = InstantField()
    kind = pw.TextField(constraints=[pw.Check("kind IN ('floor', 'shift_leader', 'on_call')")])
    withdrawn = pw.BooleanField(default=False)
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "ends"), False), (("duty_key",), False))
        constraints = [pw.Check("ends > starts")]


class Password(Working):
    """A person's password hash (Argon2id). `must_change` after a manager set it."""

    person = pw.ForeignKeyField(Person, unique=True)
    hash = pw.TextField()
    must_change = pw.BooleanField(default=False)
    at = InstantField()


class Session(Working):
    """A browser's session. Only the SHA-256 of its token is kept; an ended row bites on the next request."""

    token_hash = pw.TextField(unique=True)
    csrf = pw.TextField()
    person = pw.ForeignKeyField(Person, null=True)
    started_at = InstantField()
    last_seen = InstantField()
    ended_at = InstantField(null=True)
    user_agent = pw.TextField(default="")
    card_resident = pw.BigIntegerField(null=True)  # whose card stands open, for the wrong-person stop
    card_at = InstantField(null=True)
    card_ready = pw.IntegerField(default=0)  # lines prepared on it
    data = JsonField()
    device = pw.BigIntegerField(null=True)  # the enrolled phone it was begun on; None in any other browser
    locked_at = InstantField(null=True)  # since when only its own person's PIN or password goes on with it

    class Meta:
        indexes = ((("person", "ended_at"), False), (("device", "ended_at"), False))
