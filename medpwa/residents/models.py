"""Tables of residents: details, allergies, photo, whereabouts, labels. All insert-only."""

from __future__ import annotations

import peewee as pw

from medpwa.database import AmountField, DayField, InstantField, JsonField, Record, Versioned
from medpwa.staff.models import Home


class Resident(Record):
    """Somebody who lives, or lived, in a home. Everything that can change is in a version."""

    home = pw.ForeignKeyField(Home)
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class ResidentVersion(Versioned):
    """Details of a resident from a moment on."""

    resident = pw.ForeignKeyField(Resident)
    valid_from = InstantField()
    given_name = pw.TextField()
    family_name = pw.TextField()
    preferred_name = pw.TextField(default="")
    born = DayField()
    nhs_number = pw.TextField(default="")
    room = pw.TextField(default="")
    unit = pw.TextField(default="")
    gp = pw.TextField(default="")
    likes = pw.TextField(default="")  # how they like to take their medicines
    fluid_level = pw.IntegerField(null=True)  # IDDSI 0 to 4
    food_level = pw.IntegerField(null=True)  # IDDSI 3 to 7
    weight_kg = AmountField(null=True)
    alert = pw.TextField(default="")  # what everybody giving medicine must know
    at = InstantField()
    by = pw.BigIntegerField(null=True)
    reason = pw.TextField(default="")

    class Meta:
        indexes = ((("resident", "valid_from"), False),)


class Allergies(Versioned):
    """The whole allergy statement from a moment on: recorded list, none known, or not recorded."""

    resident = pw.ForeignKeyField(Resident)
    valid_from = InstantField()
    status = pw.TextField(constraints=[pw.Check("status IN ('recorded', 'none', 'not_recorded')")])
    items = JsonField()  # [{"substance": …, "reaction": …, "severe": bool}, …]
    source = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("resident", "valid_from"), False),)


class Photo(Versioned):
    """A resident's photo, re-encoded by us without metadata, at two sizes."""

    resident = pw.ForeignKeyField(Resident)
    taken_on = DayField()
    small = pw.BlobField()  # 64 px shown, WebP, at most 4 kB
    large = pw.BlobField()  # 320 px shown, WebP
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("resident", "at"), False),)


class Whereabouts(Versioned):
    """Where a resident is from a moment on, until the next row."""

    resident = pw.ForeignKeyField(Resident)
    valid_from = InstantField()
    state = pw.TextField(constraints=[pw.Check("state IN ('home', 'hospital', 'leave', 'discharged', 'died')")])
    expected_back = InstantField(null=True)
    note = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("resident", "valid_from"), False),)


class Label(Versioned):
    """A printed code of a resident at one place. The token itself is not here: it is made from the label key and
    (uid, version) whenever it is printed; only its SHA-256 is kept."""

    resident = pw.ForeignKeyField(Resident)
    uid = pw.TextField(unique=True)
    version = pw.IntegerField(default=1)
    place = pw.TextField(constraints=[pw.Check("place IN ('person', 'door', 'folder')")])
    token_hash = pw.TextField(unique=True)
    short_code = pw.TextField(unique=True)
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class LabelEnd(Versioned):
    """A label's revocation: from then on its code opens nothing."""

    label = pw.ForeignKeyField(Label, unique=True)
    reason = pw.TextField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)
