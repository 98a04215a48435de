"""Tables of practice: how somebody comes to be signed off and stays so. Bookings, assessments and observed rounds,
courses and certificates, supervision, agency inductions, the quarterly audit."""

from __future__ import annotations

import peewee as pw

from medpwa.competency.models import EvidenceFile
from medpwa.database import DayField, InstantField, JsonField, Record, Versioned, Working
from medpwa.residents.models import Resident
from medpwa.staff.models import Home, Person

# ---------------------------------------------------------------- arranging


class AssessmentRequest(Record):
    """Somebody asks to be assessed in a skill."""

    home = pw.ForeignKeyField(Home)
    request_id = pw.TextField(unique=True)
    person = pw.ForeignKeyField(Person)
    skill = pw.TextField()
    words = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()


class Booking(Record):
    """An assessment is arranged: who, in what, by whom, on which round."""

    home = pw.ForeignKeyField(Home)
    booking_id = pw.TextField(unique=True)
    person = pw.ForeignKeyField(Person)
    skill = pw.TextField()
    resident = pw.ForeignKeyField(Resident, null=True, index=False)
    kind = pw.TextField(constraints=[pw.Check("kind IN ('initial', 'annual', 'return', 'agency')")])
    assessor = pw.ForeignKeyField(Person, index=False)
    on_day = DayField()
    round_name = pw.TextField()
    request = pw.ForeignKeyField(AssessmentRequest, null=True, index=False)
    note = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "on_day"), False),)
        constraints = [pw.Check("person_id <> assessor_id")]


class BookingEnd(Record):
    """What became of a booking. One whose day has passed without this was missed."""

    booking = pw.ForeignKeyField(Booking, unique=True)
    how = pw.TextField(constraints=[pw.Check("how IN ('held', 'missed', 'cancelled', 'moved')")])
    words = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)


# ---------------------------------------------------------------- the instrument


class Instrument(Versioned):
    """A home's assessment template from a moment on: knowledge, rounds, scenarios, domains with their items."""

    home = pw.ForeignKeyField(Home)
    name = pw.TextField()
    number = pw.IntegerField()
    body = JsonField()
    valid_from = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "name", "number"), True),)


class Assessment(Record):
    """An assessment of one person begins, by the template as it was then."""

    home = pw.ForeignKeyField(Home)
    assessment_id = pw.TextField(unique=True)
    person = pw.ForeignKeyField(Person)
    kind = pw.TextField(constraints=[pw.Check("kind IN ('initial', 'annual', 'return', 'agency')")])
    skills = JsonField()  # [[skill, resident id or null], …]
    instrument = pw.ForeignKeyField(Instrument)
    booking = pw.ForeignKeyField(Booking, null=True, index=False)
    assessor = pw.ForeignKeyField(Person, index=False)
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "person"), False),)
        constraints = [pw.Check("person_id <> assessor_id")]


class AssessmentPart(Record):
    """A part beside the observed rounds: knowledge, a shadowed round, scenario questions, the person's reflection."""

    assessment = pw.ForeignKeyField(Assessment)
    part_id = pw.TextField(unique=True)
    part = pw.TextField(constraints=[pw.Check("part IN ('knowledge', 'shadow', 'scenario', 'reflection')")])
    score = pw.IntegerField(null=True)
    out_of = pw.IntegerField(null=True)
    passed = pw.BooleanField(null=True)
    answers = JsonField()
    words = pw.TextField(default="")
    on_day = DayField(null=True)
    round_name = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        constraints = [pw.Check("score IS NULL OR (out_of > 0 AND score BETWEEN 0 AND out_of)")]


class Observation(Record):
    """An assessor begins to watch a real round: what the person records from then on belongs to it."""

    assessment = pw.ForeignKeyField(Assessment)
    observation_id = pw.TextField(unique=True)
    round_name = pw.TextField()
    begun_at = InstantField()
    assessor = pw.ForeignKeyField(Person, index=False)
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class ObservationDraft(Working):
    """What an assessor has marked so far; kept with every tap, and frozen into the result."""

    observation = pw.ForeignKeyField(Observation, unique=True)
    marks = JsonField()
    comments = JsonField()
    touched_at = InstantField()


class ObservationResult(Record):
    """An observed round as both sign it: marks, comments, the doses seen."""

    observation = pw.ForeignKeyField(Observation, unique=True)
    ended_at = InstantField()
    marks = JsonField()  # {item: met, not_met, not_seen, knowledge}
    comments = JsonField()  # {domain: words}
    doses = JsonField()  # ids of the entries seen
    passed = pw.BooleanField()
    abandoned = pw.TextField(default="")  # why it ended early; it then counts as no round
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class ObservationSign(Record):
    """One of the two puts their name to a result: what the signature means, and a fresh proof of who they are."""

    result = pw.ForeignKeyField(ObservationResult, index=False)
    meaning = pw.TextField(constraints=[pw.Check("meaning IN ('observed', 'was_observed')")])
    words = pw.TextField(default="")  # the assessed person's reflection
    proven_at = InstantField()
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("result", "meaning"), True), (("result", "by"), True))


class AssessmentOutcome(Record):
    """How an assessment ended, signed by the assessor; a sign-off that follows points here."""

    assessment = pw.ForeignKeyField(Assessment, unique=True)
    outcome = pw.TextField(
        constraints=[pw.Check("outcome IN ('competent', 'development_needed', 'not_competent', 'abandoned')")]
    )
    words = pw.TextField(default="")  # the plan, or why
    valid_until = InstantField(null=True)
    proven_at = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)


# ---------------------------------------------------------------- courses, agency


class Course(Versioned):
    """A course a home asks for from a moment on; the latest row for (home, code) wins."""

    home = pw.ForeignKeyField(Home)
    code = pw.TextField()
    name = pw.TextField()
    months = pw.IntegerField(null=True)  # until it is due again; null: once
    roles = JsonField()  # roles that need it
    retired = pw.BooleanField(default=False)
    valid_from = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "code", "valid_from"), False),)


class Certificate(Record):
    """Somebody took a course, or brought a sign-off from an agency, and this is the paper."""

    home = pw.ForeignKeyField(Home)
    certificate_id = pw.TextField(unique=True)
    person = pw.ForeignKeyField(Person)
    course = pw.TextField()  # a course's code
    taken_on = DayField()
    expires_on = DayField(null=True)
    from_whom = pw.TextField(default="")
    paper = pw.ForeignKeyField(EvidenceFile, null=True, index=False)
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "person"), False),)


class Induction(Record):
    """An agency or bank worker was shown the home's own ways, item by item, before the first round."""

    home = pw.ForeignKeyField(Home)
    induction_id = pw.TextField(unique=True)
    person = pw.ForeignKeyField(Person)
    agency = pw.TextField(default="")
    agency_contact = pw.TextField(default="")
    items = JsonField()  # {item: yes}
    paper = pw.ForeignKeyField(EvidenceFile, null=True, index=False)
    paper_expires_on = DayField(null=True)
    access_ends_at = InstantField(null=True)
    at = InstantField()
    by = pw.BigIntegerField(null=True)


# ---------------------------------------------------------------- supervision


class SupervisionNote(Record):
    """A talk between a person and who supervises them. A later version of the same talk carries `amends`."""

    home = pw.ForeignKeyField(Home)
    note_id = pw.TextField(unique=True)
    person = pw.ForeignKeyField(Person)
    supervisor = pw.ForeignKeyField(Person, index=False)
    kind = pw.TextField(
        constraints=[pw.Check("kind IN ('scheduled', 'reflective', 'observation', 'return_to_work', 'appraisal')")]
    )
    held_on = DayField()
    agenda = JsonField()  # the person's own figures as they stood
    said = JsonField()  # {part: words}
    level = pw.TextField(constraints=[pw.Check("level IN ('file', 'managers', 'private')")])
    next_on = DayField(null=True)
    amends = pw.ForeignKeyField("self", null=True)
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "person", "held_on"), False),)
        constraints = [pw.Check("person_id <> supervisor_id")]


class SupervisionAction(Record):
    """Something agreed in a talk: what, by whom, until when."""

    note = pw.ForeignKeyField(SupervisionNote)
    what = pw.TextField()
    owner = pw.ForeignKeyField(Person, index=False)
    due_on = DayField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class SupervisionActionDone(Record):
    """It was done, or let go with a reason."""

    action = pw.ForeignKeyField(SupervisionAction, unique=True)
    how = pw.TextField(constraints=[pw.Check("how IN ('done', 'let_go')")])
    words = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField()


class SupervisionSign(Record):
    """One of the two puts their name to a talk, with their own words beside it."""

    note = pw.ForeignKeyField(SupervisionNote, index=False)
    meaning = pw.TextField(constraints=[pw.Check("meaning IN ('supervised', 'was_supervised')")])
    words = pw.TextField(default="")
    proven_at = InstantField()
    at = InstantField()
    by = pw.BigIntegerField()

    class Meta:
        indexes = ((("note", "meaning"), True), (("note", "by"), True))


# ---------------------------------------------------------------- the quarterly audit


class CompetencyAudit(Record):
    """A quarter's audit of who gave medicines, frozen as it was signed."""

    home = pw.ForeignKeyField(Home)
    quarter = pw.TextField()  # "2026-Q4"
    figures = JsonField()
    exceptions = JsonField()
    words = pw.TextField(default="")
    amends = pw.ForeignKeyField("self", null=True)
    proven_at = InstantField()
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        indexes = ((("home", "quarter"), False),)


class AuditFinding(Record):
    """What an audit found, who sees to it and until when."""

    audit = pw.ForeignKeyField(CompetencyAudit)
    what = pw.TextField()
    owner = pw.ForeignKeyField(Person, index=False)
    due_on = DayField()
    about = JsonField(null=True)  # the exception it comes from
    at = InstantField()
    by = pw.BigIntegerField(null=True)


class AuditFindingDone(Record):
    """It was seen to."""

    finding = pw.ForeignKeyField(AuditFinding, unique=True)
    words = pw.TextField()
    at = InstantField()
    by = pw.BigIntegerField()
