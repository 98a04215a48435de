"""Background work: asked for once by key, leased, tried again, and missed out loud when nobody does it."""

import datetime as dt

import peewee as pw
import pytest

from medpwa import alerts, clock, database, jobs, ledger, web
from medpwa.jobs import Job, WorkerBeat
from medpwa.staff import watch
from tests.browse import Browser, words

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def ran(monkeypatch, world):
    """A kind of job that notes its payloads; fails while the payload asks it to."""
    seen = []

    def do(payload):
        seen.append(payload)
        if payload.get("fails"):
            raise OSError("the words of this fault must not be kept: Ben Hale")

    monkeypatch.setitem(jobs.HANDLERS, "test", do)
    monkeypatch.setitem(jobs.SAYS, "test", "a test")
    monkeypatch.setattr(jobs, "EVERY", {})
    return seen


def ask(key: str, **payload) -> None:
    with database.noting():
        jobs.enqueue("test", key, payload)


def pass_time(span: dt.timedelta) -> None:
    clock.stand_at(clock.now() + span)


def test_a_job_asked_for_twice_under_one_key_is_done_once(ran):
    ask("alert:7")
    ask("alert:7", again=True)
    assert jobs.run_due() == 1
    ask("alert:7")
    assert jobs.run_due() == 0
    assert ran == [{}]


def test_a_job_for_later_waits_for_its_time(ran):
    with database.noting():
        jobs.enqueue("test", "later", {}, run_at=clock.now() + 10 * MINUTE)
    assert jobs.run_due() == 0
    pass_time(10 * MINUTE)
    assert jobs.run_due() == 1


def test_a_job_goes_with_the_transaction_that_asked_for_it(ran):
    with pytest.raises(ZeroDivisionError), database.noting():
        jobs.enqueue("test", "never", {})
        raise ZeroDivisionError
    assert jobs.run_due() == 0


def test_a_job_nobody_knows_how_to_do_is_refused_when_it_is_asked_for(ran):
    with pytest.raises(KeyError, match="no handler"), database.noting():
        jobs.enqueue("no such kind", "k", {})


def test_a_killed_workers_job_is_done_by_the_next_one_after_its_lease(ran):
    ask("report:3")
    leased = jobs._lease()  # a worker took it and was killed: nothing more comes from it
    assert leased is not None and jobs.run_due() == 0
    pass_time(jobs.LEASE + MINUTE)
    assert jobs.run_due() == 1
    assert ran == [{}]


def test_a_worker_that_was_only_slow_does_not_finish_somebody_elses_attempt(ran):
    ask("slow", fails=True)
    slow = jobs._lease()
    pass_time(jobs.LEASE + MINUTE)
    jobs.run_due()  # the next worker took it, failed, and put it back
    waits = Job.get(Job.key == "slow").run_at
    jobs._run(slow)
    row = Job.get(Job.key == "slow")
    assert (row.done_at, row.run_at) == (None, waits)


def test_a_failing_job_is_tried_again_less_and_less_often_and_then_no_more(ran):
    ask("fails", fails=True)
    waits = []
    for _ in range(jobs.MOST_ATTEMPTS + 3):
        jobs.run_due()
        row = Job.get(Job.key == "fails")
        waits.append((row.run_at - clock.now()).total_seconds())
        clock.stand_at(max(row.run_at, clock.now()))
    assert len(ran) == jobs.MOST_ATTEMPTS
    assert waits[: jobs.MOST_ATTEMPTS] == [10, 20, 40, 80, 160, 320, 600, 600]
    assert Job.get(Job.key == "fails").error == "OSError", "the kind of fault is kept, never its words"


def test_a_failing_job_does_not_hold_up_the_others(ran):
    ask("first", fails=True)
    ask("second", number=2)
    assert jobs.run_due() == 1
    assert {"number": 2} in ran


def test_a_repeating_job_runs_once_a_slot_and_missed_slots_are_not_made_up(ran, monkeypatch):
    monkeypatch.setattr(jobs, "EVERY", {"test": dt.timedelta(hours=1)})
    clock.stand_at(dt.datetime(2026, 11, 16, 12, 5, tzinfo=dt.UTC))
    for _ in range(3):
        jobs.enqueue_periodic()
        jobs.run_due()
    assert len(ran) == 1
    pass_time(dt.timedelta(hours=5))
    jobs.enqueue_periodic()
    jobs.run_due()
    assert len(ran) == 2


def test_finished_jobs_are_let_go_after_thirty_days_and_waiting_ones_kept(ran):
    assert jobs.KEEP_DONE == dt.timedelta(days=30)
    ask("done")
    jobs.run_due()
    ask("waiting", fails=True)
    jobs.run_due()
    pass_time(jobs.KEEP_DONE)
    jobs.tidy({})
    assert Job.select().count() == 2
    pass_time(MINUTE)
    jobs.tidy({})
    assert [j.key for j in Job.select()] == ["waiting"]


def fail_for_good(key: str) -> Job:
    """A job that is tried as often as jobs are and fails each time."""
    ask(key, fails=True)
    for _ in range(jobs.MOST_ATTEMPTS):
        jobs.run_due()
        clock.stand_at(max(Job.get(Job.key == key).run_at, clock.now()))
    return Job.get(Job.key == key)


def test_a_job_is_given_up_after_its_last_try_or_when_its_worker_died_in_it(ran):
    ask("tried", fails=True)
    jobs.run_due()
    assert jobs.given_up() == []
    failed = fail_for_good("failed")
    ask("killed")
    with database.noting():
        Job.update(attempts=jobs.MOST_ATTEMPTS - 1).where(Job.key == "killed").execute()
    assert jobs._lease().key in ("killed", "tried")
    while jobs._lease():
        pass
    assert failed.id in [j.id for j in jobs.given_up()] and "killed" not in [j.key for j in jobs.given_up()]
    pass_time(jobs.LEASE + MINUTE)
    assert "killed" in [j.key for j in jobs.given_up()]


def test_a_job_that_was_given_up_is_let_go_thirty_days_later(ran):
    fail_for_good("failed")
    pass_time(jobs.KEEP_DONE - dt.timedelta(minutes=20))
    jobs.tidy({})
    assert [j.key for j in jobs.given_up()] == ["failed"]
    pass_time(dt.timedelta(hours=1))
    jobs.tidy({})
    assert Job.select().count() == 0


def test_managers_are_told_once_of_work_that_was_given_up_and_say_that_they_read_it(ran, world, app):
    failed = fail_for_good("failed")
    watch.watch_jobs({})
    watch.watch_jobs({})
    said = (
        "Background work failed 8 times and was given up: a test. What was recorded is safe. Tell whoever looks after "
        f"the server: job {failed.id}."
    )
    for who, slug in (("rosa", "rowan"), ("dee", "rowan")):
        assert [a.words for a in alerts.open_for(world.actor(who, slug))] == [said], who
    for who in ("amina", "tolu", "quinn"):
        assert alerts.open_for(world.actor(who)) == [], who
    rosa = Browser(app).sign_in("rosa")
    page = rosa.get("/h/rowan/round")
    assert said in words(page)
    rosa.submit(next(f for f in page.select("form") if f.get("action", "").endswith("/acknowledge")))
    assert said not in words(rosa.get("/h/rowan/round"))
    assert ledger.verify() == []


def test_one_kind_of_work_that_fails_all_day_is_told_once_a_day(ran, world):
    for number in range(3):
        fail_for_good(f"failed:{number}")
    watch.watch_jobs({})
    assert len(alerts.open_for(world.actor("rosa"))) == 1
    pass_time(dt.timedelta(days=1))
    fail_for_good("failed:next day")
    watch.watch_jobs({})
    assert len(alerts.open_for(world.actor("rosa"))) == 2


def test_the_command_lists_what_was_given_up_and_tries_it_again(ran, app):
    run = app.test_cli_runner().invoke
    answer = run(args=["jobs"])
    assert (answer.exit_code, answer.output) == (0, "No background job was given up.\n")
    database.db.connect(reuse_if_open=True)
    failed = fail_for_good("failed")
    answer = run(args=["jobs"])
    assert answer.exit_code == 1
    assert f"{failed.id}  failed: a test (OSError)" in answer.output and "Ben Hale" not in answer.output
    assert "1 background jobs were given up." in answer.output
    assert run(args=["jobs", "--again", str(failed.id)]).output == f"Job {failed.id} will be tried again at once.\n"
    database.db.connect(reuse_if_open=True)
    with database.noting():
        Job.update(payload={}).execute()
    assert jobs.given_up() == [] and jobs.run_due() == 1
    refused = run(args=["jobs", "--again", str(failed.id)])
    assert refused.exit_code == 1 and f"No job {failed.id} was given up." in refused.output


def test_a_turn_without_a_database_is_survived_and_tried_again(ran, monkeypatch):
    def away():
        raise pw.OperationalError("could not connect")

    turns = []
    monkeypatch.setattr(jobs, "beat", away)
    jobs._turn()
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "EVERY", {})
    jobs.work(lambda seconds: turns.append(seconds) or True)
    assert turns == [5.0]
    assert WorkerBeat.select().count() == 1


# ---------------------------------------------------------------- a worker nobody hears of


def bar(browser: Browser, url: str) -> str:
    web.forget_beat()
    said = words(browser.get(url, status=browser.client.get(url, base_url="https://localhost").status_code))
    return "Background work has not run" if "Background work has not run" in said else ""


def test_every_page_says_when_the_worker_has_been_silent_for_two_minutes(app, world):
    nobody, amina = Browser(app), Browser(app).sign_in("amina")
    jobs.beat()
    pages = [(nobody, "/sign-in"), (nobody, "/no-such-page"), (amina, "/no-such-page")]
    assert [bar(b, url) for b, url in pages] == ["", "", ""]
    pass_time(jobs.SILENT_AFTER)
    assert [bar(b, url) for b, url in pages] == ["", "", ""]
    pass_time(dt.timedelta(seconds=1))
    assert all(bar(b, url) for b, url in pages)
    web.forget_beat()
    assert "since today 11:40" in words(amina.get("/no-such-page", status=404))
    jobs.beat()
    assert [bar(b, url) for b, url in pages] == ["", "", ""]


def test_a_worker_that_never_ran_is_missed_too(app, world):
    assert bar(Browser(app), "/sign-in")
