"""Tables of what follows an entry or a missing one: confirmations, corrections, effects, witnesses, gap reviews,
refusal episodes, absences, hand-overs."""

from __future__ import annotations

import peewee as pw

from medpwa.database import AmountField, InstantField, JsonField, Record, Versioned
from medpwa.mar.models import Entry
from medpwa.medicines.models import OrderLine
from medpwa.residents.models import Whereabouts
from medpwa.staff.models import Home

# ---------------------------------------------------------------- settings of a home


class OutcomeLetters(Versioned):
    """The letters a home prints beside the words of outcomes, from a moment on."""

    home = pw.ForeignKeyField(Home)
    letters = JsonField()  # {outcome: letter}
    valid_from = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class ShiftSetting(Versioned):
    """A shift of a home from a moment on; the latest row for (home, name) wins."""

    home = pw.ForeignKeyField(Home)
    name = pw.TextField()
    starts = pw.TextField()  # "07:00" in the home
    retired = pw.BooleanField(default=False)
    valid_from = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)


# ---------------------------------------------------------------- what follows an entry


class EntryConfirmation(Record):
    """A team leader looked at an entry that was recorded late and says what they found. It changes nothing of it."""

    entry = pw.ForeignKeyField(Entry, unique=True)
    words = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()


class CorrectionRequest(Record):
    """Somebody says an entry is wrong, and what it should say. Until it is answered the entry stands and counts."""

    home = pw.ForeignKeyField(Home)
    entry = pw.ForeignKeyField(Entry)
    request_id = pw.TextField(unique=True)
    wanted = JsonField()  # the entry as it should be; {"outcome": "struck"} takes it out
    reason = pw.TextField()
    words = pw.TextField(default="")
    wrong_person_given = pw.TextField(null=True)  # yes, no, not_known: asked when the resident was wrong
    at = InstantField()
    by = pw.BigIntegerField()


class CorrectionAnswer(Record):
    """The answer to it. An approved one comes with the entry that replaces."""

    request = pw.ForeignKeyField(CorrectionRequest, unique=True)
    approved = pw.BooleanField()
    replaced_by = pw.ForeignKeyField(Entry, null=True)
    words = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        constraints = [pw.Check("approved = (replaced_by_id IS NOT NULL)")]


class PrnEffect(Record):
    """What a when-required dose did, as somebody saw it. The newest holds."""

    entry = pw.ForeignKeyField(Entry)
    effect = pw.TextField(constraints=[pw.Check("effect IN ('effective', 'partial', 'ineffective')")])
    words = pw.TextField(default="")
    told = pw.TextField(default="")  # whom, when it did not help
    at = InstantField()
    by = pw.BigIntegerField()


class WitnessRequest(Record):
    """A giver asks a second person to see a dose given, on that person's own phone."""

    home = pw.ForeignKeyField(Home)
    entry_id = pw.TextField(unique=True)  # of the entry it is for
    order_line = pw.ForeignKeyField(OrderLine)
    due_at = InstantField(null=True)
    amount = AmountField(null=True)
    asked_person = pw.BigIntegerField()
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("home", "at"), False),)
        constraints = [pw.Check('asked_person <> "by"')]


class WitnessAct(Record):
    """That person's own answer, by their own credential at that moment."""

    request = pw.ForeignKeyField(WitnessRequest, unique=True)
    at = InstantField()
    by = pw.BigIntegerField()


# ---------------------------------------------------------------- what follows a missing entry


class GapReview(Record):
    """Somebody took up a dose without an outcome. The gap is the dose's; this is the first who acted."""

    home = pw.ForeignKeyField(Home)
    order_line = pw.ForeignKeyField(OrderLine, index=False)
    due_at = InstantField()
    found_in = pw.TextField(
        constraints=[pw.Check("found_in IN ('round', 'hand_over', 'daily_check', 'audit', 'inspection')")]
    )
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("order_line", "due_at"), True), (("home", "due_at"), False))


class GapStep(Record):
    """What was found out about a gap; the newest word in each field holds, a conclusion settles it."""

    review = pw.ForeignKeyField(GapReview)
    staff_asked = pw.TextField(default="")
    resident_effect = pw.TextField(default="")
    advice_from = pw.TextField(default="")
    advice = pw.TextField(default="")
    advice_at = InstantField(null=True)
    evidence = pw.TextField(default="")
    conclusion = pw.TextField(
        null=True,
        constraints=[pw.Check("conclusion IN ('given_unsigned', 'omitted', 'undetermined', 'not_applicable')")],
    )
    confidence = pw.TextField(null=True)
    at = InstantField()
    by = pw.BigIntegerField()


class RefusalStep(Record):
    """What was done about a run of refusals of one order, named by its first refused entry."""

    home = pw.ForeignKeyField(Home)
    order_line = pw.ForeignKeyField(OrderLine)
    first_entry = pw.ForeignKeyField(Entry)
    state = pw.TextField(
        constraints=[
            pw.Check(
                "state IN ('open', 'prescriber_contacted', 'plan_changed', 'accepted_decision', 'capacity_review', "
                "'closed')"
            )
        ]
    )
    contacted = pw.TextField(default="")
    words = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()


# ---------------------------------------------------------------- being away, and hand-over


class AbsenceItem(Record):
    """Medicine that went with somebody who left the home for a time, or came back with them."""

    whereabouts = pw.ForeignKeyField(Whereabouts)
    order_line = pw.ForeignKeyField(OrderLine)
    direction = pw.TextField(constraints=[pw.Check("direction IN ('out', 'in')")])
    amount = AmountField()
    note = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()


class Reconciliation(Record):
    """The medicines list compared on somebody's return: a step; the newest holds."""

    whereabouts = pw.ForeignKeyField(Whereabouts)  # the row that says they are back
    state = pw.TextField(constraints=[pw.Check("state IN ('in_progress', 'discrepancies', 'complete')")])
    first_source = pw.TextField(default="")
    second_source = pw.TextField(default="")
    discrepancies = pw.TextField(default="")
    resolved = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()


class ShiftHandover(Record):
    """What one shift handed to the next: what was open then, who was told, a note."""

    home = pw.ForeignKeyField(Home)
    shift_name = pw.TextField()
    shift_start = InstantField()
    summary = JsonField()  # what the page listed, in words, as it stood
    told = JsonField()  # ids of the people told
    note = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("home", "shift_start"), False),)
