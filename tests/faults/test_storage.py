"""Storage that fails: a migration that is killed half-way, a full disk, a file that can only be read. What is answered
as recorded is stored; everything else says so, and goes on without repair once the fault is gone."""

import signal
import subprocess
import sys

import peewee as pw
import pytest
from werkzeug.datastructures import MultiDict

from medpwa import database, ledger, security
from medpwa.config import ROOT
from medpwa.mar.models import Entry
from tests.browse import Browser
from tests.mar.steps import Bedside, bedside, make_ready, pairs, scan

POINTS = {"sqlite": 20, "postgres": 4}


# ---------------------------------------------------------------- a migration that is killed


def killed_at(url: str, statement: int) -> subprocess.CompletedProcess:
    """Migrate in a process of its own that dies before a statement."""
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.dying", url, str(statement)], cwd=ROOT, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip


def schema(url: str) -> list[tuple]:
    """Everything the database says about its own make."""
    database.open_database(url)
    try:
        if database.is_sqlite():
            sql = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        else:
            sql = """SELECT 'column', table_name || '.' || column_name, data_type FROM information_schema.columns
                WHERE table_schema = 'public' UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
                WHERE schemaname = 'public' UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text FROM pg_trigger
                WHERE NOT tgisinternal ORDER BY 1, 2, 3"""
        assert database.pending_migrations() == []
        return database.rows(sql)
    finally:
        database.close_all()


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request, tmp_path):
    """A maker of empty databases on one engine, and at how many statements the migration shall die."""
    if request.param == "sqlite":
        yield (lambda n: f"sqlite:///{tmp_path}/{n}.db"), POINTS["sqlite"]
        return
    from tests.conftest import _admin, _named

    uri, made = request.getfixturevalue("postgres"), []

    def make(number: int) -> str:
        made.append(f"dying_{tmp_path.name}_{number}".lower())
        _admin(uri, f'CREATE DATABASE "{made[-1]}"')
        return _named(uri, made[-1])

    yield make, POINTS["postgres"]
    for name in made:
        _admin(uri, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_a_migration_killed_at_any_step_finishes_when_it_is_run_again(empty):
    make, points = empty
    whole = make(0)
    total = int(killed_at(whole, 0).stdout)
    wanted = schema(whole)
    steps = [1 + number * (total - 1) // (points - 1) for number in range(points)]
    assert len(set(steps)) == points and steps[-1] == total, "from the first statement to the last"
    for number, step in enumerate(steps, 1):
        url = make(number)
        assert killed_at(url, step).returncode == -signal.SIGKILL, f"it was not killed at statement {step}"
        database.migrate(url)
        assert schema(url) == wanted, f"killed at statement {step} of {total}"
        assert database.migrate(url) == [], "and there is nothing left to do"


# ---------------------------------------------------------------- a disk that is full, a file that can only be read


@pytest.fixture(params=["full", "read only"])
def failing(request, world):
    """Begin and end a fault of the storage under the running application. SQLite; a server's disk is its own matter."""
    if not database.is_sqlite():
        pytest.skip("how a database server stands up to its own disk is that server's")
    handle = database.db.obj
    path, sound = handle.database, list(handle._pragmas)

    def begin() -> None:
        if request.param == "full":
            handle._pragmas = [*sound, ("max_page_count", 1)]  # no more pages than there are
        else:
            handle.init(f"file:{path}?mode=ro", pragmas=sound, uri=True, check_same_thread=False, returning_clause=True)
        _reopen(handle)

    def end() -> None:
        handle.init(path, pragmas=sound, check_same_thread=False, returning_clause=True)
        _reopen(handle)

    yield begin, end
    end()


def _reopen(handle: pw.Database) -> None:
    if not handle.is_closed():
        handle.close()
    handle.close_all()
    database.db.connect(reuse_if_open=True)


def test_a_dose_is_recorded_or_said_not_to_be_and_goes_through_once_the_fault_is_gone(world, browser, failing):
    begin, end = failing
    beds = [bedside(world, given=name, family="Cartledge", room=str(n)) for n, name in enumerate(_names(12))]
    taps = []
    for bed in beds:
        phone = browser.sign_in("amina")
        scan(phone, bed)
        make_ready(phone)
        taps.append((bed.resident.id, phone, bed, pairs(phone.page.select_one("#dock form"))))
    begin()
    told = {resident: _record(*tap) for resident, *tap in taps}
    assert set(told.values()) <= {303, 503}, told
    refused = {resident for resident, status in told.items() if status == 503}
    assert refused, "the fault was never met"
    assert {e.resident_id for e in Entry.select()} == set(told) - refused
    end()
    for _, *tap in taps:  # everybody tries again with what stands on the screen
        assert _record(*tap) == 303
    assert sorted(e.resident_id for e in Entry.select()) == sorted(bed.resident.id for bed in beds)
    assert ledger.verify() == []
    assert database.db.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]


def _names(count: int) -> list[str]:
    return [f"{chr(65 + n)}lice" for n in range(count)]


def _record(phone: Browser, bed: Bedside, fields: list[tuple[str, str]]) -> int:
    """Tap Taken. What is not recorded says so in words."""
    answer = phone.client.post(
        f"{bed.url}/outcome",
        data=MultiDict([*fields, ("csrf_token", security.masked(phone.csrf))]),
        base_url="https://localhost",
        headers={"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"},
    )
    if answer.status_code == 503:
        said = answer.get_data(as_text=True)
        assert "The record cannot be written now" in said and "Nothing was recorded" in said
    return answer.status_code
