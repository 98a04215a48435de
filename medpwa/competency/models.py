"""Tables of sign-offs: how each skill stands, who attested it, what a home asks for, and the glass that was broken."""

from __future__ import annotations

import peewee as pw

from medpwa.database import DayField, InstantField, JsonField, Record, Versioned
from medpwa.residents.models import Resident
from medpwa.staff.models import Home, Person


class Grant(Versioned):
    """The state of one skill of one person in one home, from and until; for some skills for one resident only.

    The latest row by valid-from, then by id, for (person, home, skill, resident) is in force.
    """

    person = pw.ForeignKeyField(Person)
    home = pw.ForeignKeyField(Home)
    skill = pw.TextField()
    resident = pw.ForeignKeyField(Resident, null=True)
    state = pw.TextField(
        constraints=[
            pw.Check(
                "state IN ('not_started', 'learning', 'knowledge_passed', 'shadowing', 'assessing', 'competent', "
                "'development_needed', 'not_competent', 'supervised_only', 'suspended', 'reassessment', 'ended')"
            )
        ]
    )
    valid_from = InstantField()
    valid_until = InstantField(null=True)
    reason = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)
    evidence = JsonField(null=True)  # what it rests on: {"assessment": 3}, {"attestation": 2}, {"evidence_file": 5}

    class Meta:
        table_name = "skill_grant"
        indexes = ((("home", "person", "skill", "valid_from"), False),)


class EvidenceFile(Record):
    """A paper somebody showed: a certificate, an agency's profile, a professional's letter. Judged by its content."""

    home = pw.ForeignKeyField(Home)
    name = pw.TextField()  # as the person called it
    kind = pw.TextField(constraints=[pw.Check("kind IN ('pdf', 'jpeg', 'png', 'webp')")])
    size = pw.IntegerField()
    sha256 = pw.TextField()
    content = pw.BlobField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class Attestation(Record):
    """A registered professional delegates a task to one person for one resident, and signs on a manager's screen."""

    home = pw.ForeignKeyField(Home)
    person = pw.ForeignKeyField(Person)
    resident = pw.ForeignKeyField(Resident)
    skill = pw.TextField()
    professional = pw.TextField()  # name
    register = pw.TextField(constraints=[pw.Check("register IN ('NMC', 'HCPC', 'GMC', 'GPhC')")])
    register_number = pw.TextField()
    organisation = pw.TextField()
    contact = pw.TextField()
    task = pw.TextField()  # what is delegated, and the written plan it follows
    consent = pw.TextField(constraints=[pw.Check("consent IN ('consents', 'best_interests')")])
    stop_conditions = pw.TextField()
    assessed_on = DayField()
    review_on = DayField()
    signature = JsonField()  # the drawn strokes, as points
    letter = pw.ForeignKeyField(EvidenceFile, null=True)
    at = InstantField()
    by = pw.BigIntegerField(null=True)  # the manager on whose screen it was signed

    class Meta:
        indexes = ((("home", "person"), False),)


class AttestationEnd(Record):
    """A delegation is withdrawn: by the professional, the person, the resident or the home."""

    attestation = pw.ForeignKeyField(Attestation, unique=True)
    withdrawn_by = pw.TextField()
    reason = pw.TextField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class SkillSetting(Versioned):
    """How a home keeps a skill from a moment on: months until it lapses, and the roles that need it."""

    home = pw.ForeignKeyField(Home)
    skill = pw.TextField()
    months = pw.IntegerField(constraints=[pw.Check("months BETWEEN 1 AND 36")])
    roles = JsonField()  # roles that need it
    valid_from = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "skill", "valid_from"), False),)


class BreakGlass(Record):
    """Somebody not signed off was let give medicines for one round, by somebody allowed to decide that, and why."""

    home = pw.ForeignKeyField(Home)
    person = pw.ForeignKeyField(Person)
    round_name = pw.TextField()
    starts_at = InstantField()
    ends_at = InstantField()
    reason = pw.TextField()
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("home", "person", "starts_at"), False),)
        constraints = [pw.Check("starts_at < ends_at"), pw.Check('person_id <> "by"')]


class BreakGlassSeen(Record):
    """The manager on call, or another manager, has seen it and says what was done."""

    break_glass = pw.ForeignKeyField(BreakGlass, unique=True)
    words = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()
