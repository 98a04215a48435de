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
    """What an order says from a moment on. Stopping, suspending and resuming are versions too. Columns that came later
    are empty in older rows: an empty one means the plain case (a regular order at daily times, without limits)."""

    line = pw.ForeignKeyField(OrderLine)
    number = pw.IntegerField()
    valid_from = InstantField()
    stopped = pw.BooleanField(default=False)
    medicine = pw.TextField()  # generic name, lower case
    strength = pw.TextField(default="")
    form = pw.TextField()
    dose_amount = AmountField(null=True)  # empty where each day's dose comes from written advice (warfarin)
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
    kind = pw.TextField(null=True)  # prn, once; empty: regular
    schedule = JsonField(null=True)  # empty: every day at `times`
    total_doses = pw.IntegerField(null=True)  # a course ends with its last dose
    dose_most = AmountField(null=True)  # the upper end of "1 or 2 tablets"
    dose_choice = pw.TextField(null=True)  # which dose when
    min_interval = pw.IntegerField(null=True)  # minutes since the last actual dose
    most_24h = AmountField(null=True)  # in dose units, in any 24 hours
    ingredients = JsonField(null=True)  # [{"name": …, "mass": mg in one dose unit, "most_24h": mg or null}, …]
    guard_days = pw.IntegerField(null=True)  # no second dose within so many days
    food = pw.TextField(null=True)
    asleep = pw.TextField(null=True)
    time_class = pw.TextField(null=True)
    psychotropic = pw.BooleanField(null=True)
    witness = pw.BooleanField(null=True)  # a second person sees it given
    protocol = JsonField(null=True)  # of a when-required medicine
    suspended = pw.BooleanField(null=True)
    in_error = pw.BooleanField(null=True)  # entered in error: never was an order
    ending = pw.TextField(null=True)  # why a stopped line ended
    earlier = pw.TextField(null=True)  # doses due before this version and still open: give as before, or hold
    advice = JsonField(null=True)  # whose advice a one-off order past a limit rests on
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("line", "number"), True), (("line", "valid_from"), False))
        constraints = [
            pw.Check("window_before >= 0"),
            pw.Check("window_after >= 0"),
            pw.Check("kind IS NULL OR kind IN ('prn', 'once')"),
            pw.Check("earlier IS NULL OR earlier IN ('give', 'hold')"),
            pw.Check("total_doses IS NULL OR total_doses > 0"),
            pw.Check("min_interval IS NULL OR min_interval > 0"),
            pw.Check("guard_days IS NULL OR guard_days > 0"),
        ]


class OrderCheck(Record):
    """A second person's check of one version: they keyed it again without seeing the first."""

    version = pw.ForeignKeyField(OrderVersion)
    agrees = pw.BooleanField()
    differences = JsonField()  # names of the fields that differ
    at = InstantField()
    by = pw.BigIntegerField()


class DoseAdvice(Record):
    """A dose by written advice, from a day to a day (warfarin by its INR letter). The newest checked row for a day
    holds; it gives nothing before a second person keyed it the same."""

    line = pw.ForeignKeyField(OrderLine, index=False)
    first_day = DayField()
    last_day = DayField(null=True)
    amount = AmountField()  # in the order's dose unit; 0 is "none on these days"
    inr = AmountField(null=True)
    inr_on = DayField(null=True)
    next_inr_on = DayField(null=True)
    source = pw.TextField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("line", "first_day"), False),)
        constraints = [pw.Check("last_day IS NULL OR last_day >= first_day")]


class DoseAdviceCheck(Record):
    """A second person's keying of the same letter."""

    advice = pw.ForeignKeyField(DoseAdvice)
    agrees = pw.BooleanField()
    differences = JsonField()
    at = InstantField()
    by = pw.BigIntegerField()
