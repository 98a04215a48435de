"""Many hands at once on one dose: one give is stored, everybody else is told clearly, and the trail keeps them all.

The two controls (decision 6) show that the harness can fail: without judging under the lock the losers meet a fault
instead of a clear refusal, and without the unique index as well more than one give is stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

import peewee as pw
import pytest

from medpwa import database, ledger
from medpwa.errors import Refused
from medpwa.mar import actions, queries, recording
from medpwa.mar.models import Entry, GivenReport
from tests.crowd import at_once
from tests.mar.steps import bedside, pairs, scan

HANDS = 50
PEOPLE = ("amina", "tolu", "sena", "dee", "rosa")


def gives(bed, count: int) -> list[Callable[[], object]]:
    """That many people about to record one dose as given, each with a card and a ticket of their own."""
    openings = {name: bed.open(name) for name in PEOPLE}
    jobs = []
    for number in range(count):
        by = openings[PEOPLE[number % len(PEOPLE)]]
        intent = bed.intent(by)
        jobs.append(lambda by=by, intent=intent: recording.record(by=by, resident_id=bed.resident.id, intent=intent))
    return jobs


def told_clearly(answers: list[object]) -> bool:
    """Whether one was stored and everybody else reads when and by whom."""
    stored = [a for a in answers if isinstance(a, Entry)]
    losers = [a for a in answers if not isinstance(a, Entry)]
    return len(stored) == 1 and all(
        isinstance(a, Refused) and a.code == "already_given" and "11:40" in a.words and " by " in a.words
        for a in losers
    )


def test_fifty_gives_of_one_dose_store_one_and_refuse_the_rest_in_words(world, app):
    bed = bedside(world)
    jobs = gives(bed, HANDS)
    lines = ledger.count_lines()
    answers = at_once(app, jobs)
    assert told_clearly(answers), [a for a in answers if not isinstance(a, Refused)]
    assert [e.claim for e in bed.entries()] == [1]
    refused = ledger.Refusal.select().where(ledger.Refusal.code == "already_given")
    assert refused.count() == HANDS - 1, "a loser left no record"
    said = ledger.Line.select().where((ledger.Line.verb == "mar.record") & (ledger.Line.outcome == "refused"))
    assert {line.rows[0][1] for line in said} == {row.id for row in refused}
    assert ledger.count_lines() == lines + HANDS
    assert ledger.verify() == []


def test_fifty_sends_of_one_entry_store_it_once_and_answer_all_alike(world, app):
    bed = bedside(world)
    by = bed.open("amina")
    intent = bed.intent(by)
    lines = ledger.count_lines()
    answers = at_once(app, [lambda: recording.record(by=by, resident_id=bed.resident.id, intent=intent)] * HANDS)
    assert {a.id for a in answers} == {bed.entries()[0].id} and len(answers) == HANDS
    assert len(bed.entries()) == 1 and ledger.count_lines() == lines + 1 and ledger.verify() == []


def test_reports_racing_with_gives_are_all_kept_and_at_most_one_give_stands(world, app):
    bed = bedside(world)
    jobs = gives(bed, 10)
    by = world.actor("ben")
    facts = [bed.fact(administered_by=by.person_id) for _ in range(10)]
    jobs += [lambda f=f: actions.report_given(by=by, resident_id=bed.resident.id, fact=f) for f in facts]
    answers = at_once(app, jobs)
    assert GivenReport.select().count() == 10, "a fact was lost"
    live = [e for e in bed.entries() if not e.after_the_fact]
    assert len(live) <= 1 and sum(isinstance(a, Entry) for a in answers) == len(live)
    losers = [a for a in answers[:10] if not isinstance(a, Entry)]
    assert all(isinstance(a, Refused) and a.code == "already_given" for a in losers)
    # All but the very first give or report know of one before them.
    assert sum("second_give" in e.flags for e in bed.entries()) >= 9
    assert ledger.verify() == []


def test_one_form_sent_by_many_taps_at_once_is_recorded_once(world, app, browser):
    bed = bedside(world)
    phone = browser.sign_in("amina")
    scan(phone, bed)
    phone.submit(phone.page.select_one("#dock form"))
    fields = pairs(phone.page.select_one("#dock form"))

    def tap() -> int:
        again = type(phone)(app)
        again.csrf = phone.csrf
        again.client.set_cookie("__Host-session", phone.client.get_cookie("__Host-session").value, secure=True)
        again.post(f"{bed.url}/outcome", fields, status=303, follow=False)
        return again.response.status_code

    assert at_once(app, [tap] * 10) == [303] * 10
    assert len(bed.entries()) == 1 and ledger.verify() == []


# ---------------------------------------------------------------- the harness itself must be able to fail


def _judge_by_what_was_read_before_the_lock(monkeypatch, bed) -> None:
    before = queries.entries_of_dose(bed.key)
    monkeypatch.setattr(queries, "entries_of_dose", lambda key: before)


def test_control_judging_outside_the_lock_loses_the_clear_refusals(world, app, monkeypatch):
    bed = bedside(world)
    jobs = gives(bed, 12)
    _judge_by_what_was_read_before_the_lock(monkeypatch, bed)
    answers = at_once(app, jobs)
    assert not told_clearly(answers), "the harness does not notice that nothing is judged under the lock"
    losers = [a for a in answers if not isinstance(a, Entry)]
    assert losers and all(isinstance(a, pw.IntegrityError) for a in losers)
    assert len(bed.entries()) == 1, "the index alone still keeps one give"


def test_control_without_the_index_as_well_more_than_one_give_is_stored(world, app, monkeypatch):
    bed = bedside(world)
    jobs = gives(bed, 12)
    _judge_by_what_was_read_before_the_lock(monkeypatch, bed)
    raw = _raw(world)
    raw.execute_sql("DROP INDEX entry_order_line_id_due_at_claim")
    if database.is_sqlite():
        raw.execute_sql("DROP TRIGGER entry_no_replace")  # it guards the same key against INSERT OR REPLACE
    raw.close()
    answers = at_once(app, jobs)
    assert not told_clearly(answers)
    assert len(bed.entries()) > 1, "the harness does not notice a second give"


def test_the_index_itself_refuses_a_second_claim(world):
    bed = bedside(world)
    row = bed.record(bed.open("amina"))
    columns = [f'"{name}"' for name in Entry._meta.columns if name not in ("id", "entry_id")]
    copied = ", ".join(columns)
    raw = _raw(world)
    if database.is_sqlite():
        raw.execute_sql("DROP TRIGGER entry_no_replace")  # it would answer before the index does
    with pytest.raises(pw.IntegrityError, match="(?i)unique"):
        raw.execute_sql(
            f"INSERT INTO entry (entry_id, {copied}) SELECT '{uuid.uuid4()}', {copied} FROM entry WHERE id = {row.id}"
        )
    raw.close()
    with pytest.raises(Refused):
        bed.record(bed.open("tolu"))
    assert len(bed.entries()) == 1


def _raw(world) -> pw.Database:
    """A read-write handle past our doors."""
    url = world.settings.database_url
    if database.is_sqlite():
        return pw.SqliteDatabase(url.removeprefix("sqlite:///"))
    return pw.PostgresqlDatabase(url, prefer_psycopg3=True)
