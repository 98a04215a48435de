"""What the desk keeps for itself: checks of the chain that somebody asked for."""

from __future__ import annotations

import peewee as pw

from medpwa.database import InstantField, JsonField, Working
from medpwa.ledger import GENESIS


class ChainCheck(Working):
    """A check of a home's chain that was asked for, and how far it has come. It goes on from `link` until `upto`."""

    home = pw.BigIntegerField()
    asked_at = InstantField()
    asked_by = pw.BigIntegerField(null=True)
    upto = pw.BigIntegerField()  # the newest line when it was asked for
    seq = pw.BigIntegerField(default=0)  # the last line that was looked at
    hash = pw.TextField(default=GENESIS)  # what was read there
    records = pw.BigIntegerField(default=0)  # records compared with their lines
    fault_count = pw.BigIntegerField(default=0)
    faults = JsonField()  # the first of them, [[where, words], …]
    done_at = InstantField(null=True)

    class Meta:
        indexes = ((("home", "id"), False),)
