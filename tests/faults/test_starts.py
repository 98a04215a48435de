"""Processes that die one by one, and servers that are started twice. More stands in tests/core/test_server.py: web
workers and job workers started again, orphans that end by themselves, taken ports."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from bench import serving
from bench.faults import evidence
from bench.faults.campaign import Campaign, Plan
from bench.faults.group import Group
from bench.faults.history import judge
from bench.faults.notebook import Notebook
from bench.faults.writers import Writers, tasks
from bench.place import Place
from medpwa import database, server
from tests.core.test_server import ROOT, Served, environment, gone, until


@pytest.fixture
def own(tmp_path):
    """A server of this test's own."""
    database.migrate(f"sqlite:///{tmp_path}/steady.db")
    served = Served(tmp_path)
    yield served
    served.end()


def test_when_the_web_server_itself_dies_nothing_is_left_and_whoever_watches_hears_of_it(own):
    until(own.job_worker, "the job worker")
    everything = own.everything()
    next(p for p in own.main.children() if "granian" in p.cmdline()).kill()
    assert own.process.wait(90) != 0, "a supervisor must see that it failed"
    until(lambda: gone(everything), "all processes to end")
    assert not own.answers()


def test_a_web_worker_still_being_loaded_when_its_server_is_killed_ends_too(tmp_path):
    database.migrate(f"sqlite:///{tmp_path}/steady.db")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.orphaned"], cwd=ROOT, env=environment(tmp_path, 0),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    worker = [psutil.Process(pid) for pid in map(int, done.stdout.split()) if psutil.pid_exists(pid)]
    try:
        until(lambda: gone(worker), "the worker to end by itself", 120)
    finally:
        for process in worker:
            if not gone([process]):
                process.kill()


class _Process:
    """A process that has ended with a code, or has not."""

    def __init__(self, code: int | None) -> None:
        self.code = code

    def poll(self) -> int | None:
        return self.code


@pytest.mark.parametrize(
    ("worker", "announced", "waited", "lacks"),
    [
        (None, False, 0.0, False),
        (None, True, 0.0, True),
        (None, False, server.FIRST_ANSWERS + 0.1, True),
        (_Process(None), True, 3_600.0, False),
        (_Process(-9), True, server.LET_WORKER_REST - 0.1, False),
        (_Process(-9), True, server.LET_WORKER_REST + 0.1, True),
    ],
)
def test_the_pages_come_first_and_a_job_worker_that_ended_is_missed(worker, announced, waited, lacks):
    assert server._lacks_worker(worker, announced, waited) is lacks


def test_two_servers_on_one_database_are_as_one(tmp_path):
    """Somebody starts it again on another port, beside the one that runs: every dose is still recorded once."""
    place = Place(Path(tmp_path), 0).build()
    campaign = Campaign(place, Plan(0, acknowledged=100))
    forms = campaign.forms()
    one, two, book = Group(tmp_path), Group(tmp_path), Notebook()
    try:
        for group in (one, two):
            group.start(place.environment(0) | {"MEDPWA_CLOCK": "2026-11-16T08:07"})
        for group in (one, two):
            serving.wait(group.process, group.port, group.log)
        work = tasks(forms, random.Random(3), race=1.0)  # neighbours race, and meet different servers
        hands = [Writers(g.port, work[n::2], 4, book, n) for n, g in enumerate((one, two))]
        for hand in hands:
            hand.start()
        until(lambda: not any(hand.busy() for hand in hands), "everything to be answered", 240)
    finally:
        codes = [one.stop(), two.stop()]
    assert codes == [0, 0] and not book.strange and not book.unanswered
    history = evidence.history_of(place, book)
    assert judge(history).holds, judge(history).broken[:10]
    given = {s.entry_id for s in history.stored if s.outcome == "given"}
    assert len(given) == len(forms), "each dose was given once"
    losers = {s.entry_id for s in history.sent if s.outcome == "given"} - given
    assert len(losers) == len(forms) and losers <= set(book.refused), "and each second hand was told"


def test_forms_of_two_people_for_one_dose_differ():
    """What the races rest on; without it they would be re-sends of one form."""
    from bench.asking import Form
    from bench.home import Bed, Carer

    def form(person: int) -> Form:
        carer = Carer(person, person, "token", "a" * 32, Bed(1, 1, ((1, 1),)))
        return Form(carer, "/card/outcome", [("entry_id", f"e{person}"), ("dose", "1-1"), ("outcome", "given")])

    work = tasks([(form(1), form(2))], random.Random(1), race=1.0)
    assert len(work) == 8 and [t.sent.outcome for t in work[-2:]] == ["given", "given"]
    for mine, theirs in zip(work[::2], work[1::2], strict=True):
        assert mine.sent.by != theirs.sent.by and mine.sent.entry_id != theirs.sent.entry_id
        assert mine.sent.dose == theirs.sent.dose
