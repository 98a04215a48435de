"""Tables of orders: the line, its versions, the second check."""

from __future__ import annotations

import peewee as pw

from medpwa.database import AmountField, DayField, InstantField, JsonField, Record, Versioned
from medpwa.residents.models import Resident
from medpwa.staff.models import Home


class OrderLine(Record):
    """One prescribed line of a resident, the same over all its versions. A dose is (order line, due instant)."""

    home = pw.ForeignKeyField(Home)
    resident = pw.ForeignKeyField(Resident)
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class OrderVersion(Versioned):
    """What an order says from a moment on. Stopping is a version too, with `stopped`."""

    line = pw.ForeignKeyField(OrderLine)
    number = pw.IntegerField()
    valid_from = InstantField()
    stopped = pw.BooleanField(default=False)
    medicine = pw.TextField()  # generic name, lower case
    strength = pw.TextField(default="")
    form = pw.TextField()
    dose_amount = AmountField()
    dose_unit = pw.TextField()
    dose_text = pw.TextField(default="")  # the same dose in mass, e.g. "750 mg"
    route = pw.TextField()
    site = pw.TextField(default="")  # e.g. "both eyes"
    times = JsonField()  # ["08:00", "17:00"] clock times in the home
    starts_on = DayField()
    ends_on = DayField(null=True)  # last day with a dose
    instructions = JsonField()  # ["with food", …]
    indication = pw.TextField(default="")
    window_before = pw.IntegerField(default=60)  # minutes
    window_after = pw.IntegerField(default=60)
    time_critical = pw.BooleanField(default=False)
    high_risk = pw.BooleanField(default=False)
    controlled = pw.BooleanField(default=False)
    required_skills = JsonField()
    prescriber = pw.TextField(default="")
    source = pw.TextField(default="")
    allergy_answer = pw.TextField(default="")  # who answered an allergy match, and what
    hand_keyed = pw.BooleanField(default=True)
    reason = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("line", "number"), True), (("line", "valid_from"), False))
        constraints = [pw.Check("window_before >= 0"), pw.Check("window_after >= 0")]


class OrderCheck(Record):
    """A second person's check of one version: they keyed it again without seeing the first."""

    version = pw.ForeignKeyField(OrderVersion)
    agrees = pw.BooleanField()
    differences = JsonField()  # names of the fields that differ
    at = InstantField()
    by = pw.BigIntegerField()
