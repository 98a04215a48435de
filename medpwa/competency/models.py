"""The table of sign-offs."""

from __future__ import annotations

import peewee as pw

from medpwa.database import InstantField, Versioned
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
                "state IN ('not_started', 'knowledge_passed', 'assessing', 'competent', 'supervised_only', "
                "'suspended', 'ended')"
            )
        ]
    )
    valid_from = InstantField()
    valid_until = InstantField(null=True)
    reason = pw.TextField(default="")
    at = InstantField()
    by = pw.BigIntegerField(null=True)

    class Meta:
        table_name = "skill_grant"
        indexes = ((("home", "person", "skill", "valid_from"), False),)
