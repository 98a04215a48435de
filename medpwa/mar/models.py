"""Tables of the round: its settings, scans, entries, reports of doses already given, hand-over notes. What follows an
entry or a missing one stands in `models_after`."""

from __future__ import annotations

import peewee as pw

from medpwa.competency.models import BreakGlass
from medpwa.database import AmountField, InstantField, JsonField, Record, Versioned
from medpwa.medicines.models import OrderLine, OrderVersion
from medpwa.residents.models import Label, Resident
from medpwa.staff.models import Home

OWN_GIVES = "('given', 'given_part', 'self_taken', 'made_available')"  # by the home: one a dose
GIVES = "('given', 'given_part', 'self_taken', 'made_available', 'given_by_other')"


class RoundSetting(Versioned):
    """A round of a home from a moment on; the latest row for (home, name) wins."""

    home = pw.ForeignKeyField(Home)
    name = pw.TextField()
    starts = pw.TextField()  # "08:00" in the home
    close_minutes = pw.IntegerField(default=180)
    retired = pw.BooleanField(default=False)
    valid_from = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "name", "valid_from"), False),)


class Scan(Record):
    """A resident opened: by a label that was read or typed, or without one, with the reason."""

    home = pw.ForeignKeyField(Home, index=False)
    resident = pw.ForeignKeyField(Resident, index=False)
    label = pw.ForeignKeyField(Label, null=True)
    how = pw.TextField(constraints=[pw.Check("how IN ('scanner', 'camera', 'typed', 'no_scan')")])
    place = pw.TextField(default="")
    session = pw.BigIntegerField(null=True)
    stopped = pw.BooleanField(default=False)  # somebody else's card was open: it opened nothing
    open_resident = pw.BigIntegerField(null=True)  # whose card that was
    reason = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("by", "at"), False), (("resident", "at"), False))
        constraints = [pw.Check("(how = 'no_scan') = (label_id IS NULL)")]


class Entry(Record):
    """One MAR entry. Five clocks stay apart: due, given, scanned (its scan), saved on a device, received here."""

    entry_id = pw.TextField(unique=True)
    home = pw.ForeignKeyField(Home, index=False)
    resident = pw.ForeignKeyField(Resident, index=False)
    order_line = pw.ForeignKeyField(OrderLine, index=False)
    order_version = pw.ForeignKeyField(OrderVersion, index=False)
    due_at = InstantField(null=True)
    outcome = pw.TextField()
    reason = pw.TextField(default="")
    note = pw.TextField(default="")
    given_at = InstantField(null=True)
    prepared_at = InstantField(null=True)
    saved_at = InstantField(null=True)
    at = InstantField()  # received here
    scan = pw.ForeignKeyField(Scan, null=True, index=False)
    by = pw.BigIntegerField()
    administered_by = pw.BigIntegerField(null=True)
    claim = pw.IntegerField(null=True)
    after_the_fact = pw.BooleanField(default=False)
    corrects = pw.ForeignKeyField("self", null=True)
    flags = JsonField()
    session = pw.BigIntegerField(null=True)
    amount = AmountField(null=True)  # what was given, where it is not the order's one amount
    given_by = pw.TextField(null=True)  # name and role, where nobody of the home gave it
    extra = JsonField(null=True)  # what the outcome needs beside its reason, by name
    phone_at = InstantField(null=True)  # what the phone's clock said when it sent this
    witnessed_by = pw.BigIntegerField(null=True)
    witnessed_at = InstantField(null=True)
    witness_needed = pw.BooleanField(null=True)
    correction_reason = pw.TextField(null=True)
    supervised_by = pw.BigIntegerField(  # who stood beside a giver not signed off, proven by their own credential
        null=True,
        constraints=[
            pw.Check('supervised_by IS NULL OR (supervised_by <> "by" AND supervised_by <> administered_by)')
        ],
    )
    supervised_at = InstantField(
        null=True, constraints=[pw.Check("(supervised_by IS NULL) = (supervised_at IS NULL)")]
    )
    break_glass = pw.ForeignKeyField(BreakGlass, null=True, index=False)  # the exception it was given under

    class Meta:
        indexes = (
            (("order_line", "due_at", "claim"), True),
            (("home", "due_at"), False),
            (("resident", "due_at"), False),
            (("order_line", "outcome", "given_at"), False),
            (("resident", "given_at"), False),
        )
        constraints = [
            pw.Check(
                "outcome IN ('given', 'given_part', 'self_taken', 'made_available', 'given_by_other', 'refused', "
                "'refused_destroyed', 'vomited', 'asleep', 'away', 'unable', 'withheld_limit', 'withheld_advice', "
                "'not_available', 'not_required', 'omitted', 'dropped', 'visit_missed', 'other', 'struck')"
            ),
            pw.Check(f"(claim IS NOT NULL) = (outcome IN {OWN_GIVES} AND due_at IS NOT NULL AND NOT after_the_fact)"),
            pw.Check(f"(outcome IN {GIVES}) = (given_at IS NOT NULL)"),
            pw.Check(f"NOT after_the_fact OR outcome IN {GIVES}"),
            pw.Check("(outcome = 'given_by_other') = (given_by IS NOT NULL)"),
            pw.Check('witnessed_by IS NULL OR (witnessed_by <> "by" AND witnessed_by <> administered_by)'),
            pw.Check("(witnessed_by IS NULL) = (witnessed_at IS NULL)"),
            pw.Check("witness_needed IS NULL OR NOT witness_needed OR witnessed_by IS NOT NULL OR after_the_fact"),
            pw.Check("(corrects_id IS NULL) = (correction_reason IS NULL)"),
            pw.Check("outcome <> 'struck' OR corrects_id IS NOT NULL"),
        ]


class GivenReport(Record):
    """A dose reported after it was given outside the record: when, by whom, who knew, why. Open until a manager
    closes it."""

    entry = pw.ForeignKeyField(Entry, unique=True)
    home = pw.ForeignKeyField(Home)
    who_knew = pw.TextField()
    why = pw.TextField()
    joined_refusal = pw.BigIntegerField(null=True)
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("home", "at"), False),)


class GivenReportClosing(Record):
    """A manager's answer to such a report."""

    report = pw.ForeignKeyField(GivenReport, unique=True)
    words = pw.TextField()
    at = InstantField()
    by = pw.BigIntegerField()


class RoundPart(Record):
    """A person's part in a round ended, with what they hand over."""

    home = pw.ForeignKeyField(Home)
    round_name = pw.TextField()
    round_start = InstantField()
    still_open = JsonField()
    note = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("home", "round_start"), False),)


class HelpRequest(Record):
    """Somebody not signed off asked a colleague to give, or to supervise, a dose."""

    home = pw.ForeignKeyField(Home)
    order_line = pw.ForeignKeyField(OrderLine)
    due_at = InstantField(null=True)
    kind = pw.TextField(constraints=[pw.Check("kind IN ('give', 'supervise')")])
    asked_person = pw.BigIntegerField(null=True)
    at = InstantField()
    by = pw.BigIntegerField()
