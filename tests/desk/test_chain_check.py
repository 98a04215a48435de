"""Checking the chain from the desk: asked for by a person, done beside the server, its result said as it is."""

import pytest

from medpwa import database, jobs, ledger
from medpwa.desk import check_actions
from medpwa.desk.models import ChainCheck
from medpwa.ledger import Line, Link
from tests.browse import words
from tests.core.test_ledger import _raw, _without_triggers
from tests.mar.steps import later

CHECK = "/h/rowan/ledger/check"


def work() -> None:
    """The worker, until nothing is left to do now."""
    while jobs.run_due():
        pass


def newest() -> ChainCheck:
    return ChainCheck.select().order_by(ChainCheck.id.desc()).first()


def test_a_check_is_asked_for_waits_for_the_worker_and_says_what_it_read(world, browser):
    rosa = browser.sign_in("rosa")
    page = rosa.get(CHECK)
    assert words(page.h1) == "The chain has not been checked from here yet"
    head = ledger.head(world.home().chain_id).seq
    page = rosa.submit(page.select_one(f"main form[action='{CHECK}']"))
    assert f"Being checked: 0 of {head:,} lines so far" in words(page)
    assert page.select_one("#check")["hx-get"] == f"{CHECK}/progress"
    assert page.select_one(f"main form[action='{CHECK}']") is None
    work()
    page = rosa.get(CHECK)
    assert words(page.h1) == f"Nothing is wrong in lines 1 to {head:,} of the ledger"
    assert f"Lines 1 to {head:,} and {newest().records:,} records: nothing wrong" in words(page)
    assert newest().records > 20 and ledger.verify() == []


def test_the_request_and_the_result_are_lines_of_the_chain(world, browser):
    rosa = browser.sign_in("rosa")
    rosa.post(CHECK)
    work()
    said = [words(x) for x in rosa.get("/h/rowan/ledger?what=ledger").select(".trail__words")]
    assert said[0] == (
        f"Steady, the product itself: Checked the ledger’s chain: lines 1 to {newest().upto:,}, nothing wrong"
    )
    assert said[1] == "Rosa Quiroga: Asked for the ledger’s chain to be checked"
    result = Line.get(Line.verb == "ledger.checked")
    checked = Line.get((Line.chain == result.chain_id) & (Line.seq == newest().upto))
    assert result.about["head"] == checked.hash


def test_many_lines_are_read_slice_by_slice_and_other_work_goes_between(world, browser, monkeypatch):
    monkeypatch.setattr(check_actions, "SLICE", 10)
    rosa = browser.sign_in("rosa")
    rosa.post(CHECK)
    assert jobs.run_due(limit=1) == 1
    row = newest()
    assert row.seq == 10 and row.done_at is None
    assert f"Being checked: 10 of {row.upto:,} lines so far" in words(rosa.fragment(f"{CHECK}/progress"))
    work()
    done = newest()
    assert done.seq == done.upto and done.fault_count == 0 and done.done_at is not None
    assert Line.select().where(Line.verb == "ledger.checked").count() == 1


def test_a_job_that_is_run_again_counts_nothing_twice(world, browser, monkeypatch):
    monkeypatch.setattr(check_actions, "SLICE", 10)
    browser.sign_in("rosa").post(CHECK)
    work()
    first = newest()
    check_actions.go_on({"check": first.id})
    again = newest()
    assert (again.records, again.seq, again.done_at) == (first.records, first.seq, first.done_at)
    assert Line.select().where(Line.verb == "ledger.checked").count() == 1


def test_a_second_request_while_one_is_under_way_begins_nothing_until_it_has_stood_still(world, browser):
    rosa = browser.sign_in("rosa")
    rosa.post(CHECK)
    rosa.post(CHECK)
    assert ChainCheck.select().count() == 1
    later(minutes=31)
    rosa.post(CHECK)
    assert ChainCheck.select().count() == 2


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        ("UPDATE ledger_line SET by_person = 1 WHERE seq = 3", "was changed after it was written"),
        ("DELETE FROM ledger_line WHERE seq = 4 AND chain_id = {chain}", "lines are missing"),
        ("UPDATE role SET role = 'registered_manager' WHERE role = 'carer'", "was changed after it was recorded"),
        ("DELETE FROM person_version WHERE given_name = 'Ben'", "is gone"),
    ],
)
def test_what_was_changed_past_the_safeguards_is_found_and_named(world, browser, tamper, said):
    rosa = browser.sign_in("rosa")
    raw = _raw(world)
    for table in ("role", "person_version", "ledger_line"):
        _without_triggers(raw, table)
    raw.execute_sql(tamper.format(chain=world.home().chain_id))
    raw.close()
    rosa.post(CHECK)
    work()
    page = rosa.get(CHECK)
    assert "not add up" in words(page.h1) and said in words(page)
    assert "trigger ledger_line_no_" in words(page), "a safeguard that is gone is a fault by itself"
    first = rosa.get("/h/rowan/ledger?what=ledger").select_one(".trail__words")
    assert "found" in words(first) and "nothing wrong" not in words(first)


def test_a_tail_that_goes_while_a_check_runs_is_found(world, browser, monkeypatch):
    monkeypatch.setattr(check_actions, "SLICE", 10)
    browser.sign_in("rosa").post(CHECK)
    jobs.run_due(limit=1)
    raw = _raw(world)
    _without_triggers(raw, "ledger_line")
    raw.execute_sql(f"DELETE FROM ledger_line WHERE seq > 15 AND chain_id = {world.home().chain_id}")
    raw.close()
    work()
    assert any("16 to" in said and "gone" in said for _, said in newest().faults)


def test_a_slice_ends_where_it_was_told_to(world):
    chain = world.home().chain_id
    one = ledger.verify_slice(chain, Link(), 1_000, 5)
    assert (one.end.seq, one.lines, one.faults) == (5, 5, ())
    rest = ledger.verify_slice(chain, one.end, ledger.head(chain).seq, 1_000)
    assert rest.end == ledger.head(chain) and rest.faults == ()
    wrong = ledger.verify_slice(chain, Link(5, "0" * 64), 6, 5)
    assert [f.words for f in wrong.faults] == ["does not follow the line before it"]


def test_a_line_says_whether_the_last_check_read_it(world, browser):
    rosa = browser.sign_in("rosa")
    rosa.post(CHECK)
    work()
    page = rosa.get("/h/rowan/ledger")
    chain = [words(d.dd) for d in page.select(".proof > div") if words(d.dt) == "Chain"]
    assert chain[0].startswith("Newer than the last check") and chain[-1].startswith("Checked with lines 1 to ")


def test_a_carer_cannot_ask_and_the_attempt_is_kept(world, browser):
    browser.sign_in("amina").post(CHECK, status=403)
    assert ChainCheck.select().count() == 0
    row = Line.select().order_by(Line.id.desc()).first()
    assert (row.verb, row.outcome) == ("ledger.check", "refused")


def test_looking_at_checks_reads_no_chain(world, browser, monkeypatch):
    monkeypatch.setattr(ledger, "verify_slice", lambda *a: pytest.fail("a page read the chain"))
    monkeypatch.setattr(ledger, "verify", lambda *a: pytest.fail("a page read the chain"))
    rosa = browser.sign_in("rosa")
    rosa.get(CHECK)
    rosa.post(CHECK)
    rosa.get("/h/rowan/ledger")
    assert database.db.obj is not None
