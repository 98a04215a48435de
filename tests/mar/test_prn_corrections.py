"""A when-required dose is put right like any other: what the form does not ask again is kept and said."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from medpwa import ledger
from medpwa.mar.models import Entry
from tests.browse import words
from tests.mar.prn_steps import prn
from tests.mar.steps import HOME, later
from tests.people import PASSWORD


def test_the_list_of_entries_says_why_and_what_was_tried(world, browser):
    bed = prn(world)
    bed.give(bed.open("amina"))
    phone = browser.sign_in("amina")
    phone.get(f"{HOME}/residents/{bed.resident.id}/entries")
    said = words(phone.page)
    assert "Back pain" in said and "Tried first: A warm pack" in said


def test_a_corrected_time_keeps_the_amount_the_reason_and_what_was_tried(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    phone = browser.sign_in("amina")
    form = dict(entry_id=str(uuid.uuid4()), why="wrong_time", to="given", day="2026-11-16", time="11:20")
    later(minutes=5)
    phone.post(f"{HOME}/entries/{row.id}/correct", form | {"password": PASSWORD})
    now = Entry.get(Entry.corrects == row)
    assert now.given_at != row.given_at and row.given_at - now.given_at >= dt.timedelta(minutes=19)
    assert (now.amount, now.reason, now.extra) == (Decimal(2), "Back pain", {"steps": ["A warm pack"]})
    assert ledger.verify() == []


def test_a_form_that_changes_nothing_of_a_when_required_dose_is_told_so(world, browser):
    bed = prn(world)
    row = bed.give(bed.open("amina"))
    form = dict(entry_id=str(uuid.uuid4()), why="wrong_time", to="given", day="2026-11-16", time="11:40")
    phone = browser.sign_in("amina")
    phone.post(f"{HOME}/entries/{row.id}/correct", form | {"password": PASSWORD}, status=422)
    assert "That is what the entry says already" in words(phone.page)
    assert Entry.select().where(Entry.corrects == row).count() == 0
