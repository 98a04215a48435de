"""Tables of phones and boards: what is enrolled, codes to enrol by, PINs, who signed in where, one-use sign-in links.

All are working tables. Their changes leave ledger lines, which name them by number and never hold a code or a PIN."""

from __future__ import annotations

import peewee as pw

from medpwa.database import InstantField, Working
from medpwa.staff.models import Home, Person


class Device(Working):
    """A phone or a wall board of a home. Only the SHA-256 of its cookie is kept; a lost one is refused at once."""

    home = pw.ForeignKeyField(Home)
    name = pw.TextField()
    kind = pw.TextField(constraints=[pw.Check("kind IN ('phone', 'board')")])
    token_hash = pw.TextField(unique=True)
    user_agent = pw.TextField(default="")
    enrolled_at = InstantField()
    invited_by = pw.BigIntegerField()  # who showed the code
    last_seen = InstantField(null=True)
    lost_at = InstantField(null=True)
    lost_by = pw.BigIntegerField(null=True)


class DeviceCode(Working):
    """A code that enrols one phone or board within ten minutes. Only its SHA-256 is kept."""

    home = pw.ForeignKeyField(Home)
    name = pw.TextField()
    kind = pw.TextField(constraints=[pw.Check("kind IN ('phone', 'board')")])
    code_hash = pw.TextField(unique=True)
    made_at = InstantField()
    made_by = pw.BigIntegerField()
    used_at = InstantField(null=True)
    device = pw.ForeignKeyField(Device, null=True)


class Pin(Working):
    """A person's PIN (Argon2id): one for all the phones on which they have used their password."""

    person = pw.ForeignKeyField(Person, unique=True)
    hash = pw.TextField()
    at = InstantField()


class DevicePerson(Working):
    """Somebody who has used their password on a phone, and how many wrong PINs were typed for them there since."""

    device = pw.ForeignKeyField(Device)
    person = pw.ForeignKeyField(Person)
    password_at = InstantField()
    last_used = InstantField()
    wrong = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("device", "person"), True),)


class SignInLink(Working):
    """A link that lets one person choose a new password, once, within ten minutes. Only its SHA-256 is kept."""

    home = pw.ForeignKeyField(Home)
    person = pw.ForeignKeyField(Person)
    token_hash = pw.TextField(unique=True)
    made_at = InstantField()
    made_by = pw.BigIntegerField()
    used_at = InstantField(null=True)
