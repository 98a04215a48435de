"""The server killed and restarted under people who record, judged by the history checker. The long form of each is one
command (`make kills`); these are the same runs, short. SQLite; the drivers stand outside what they kill."""

import os
import time
from pathlib import Path

import psutil
import pytest

from bench import serving
from bench.faults import group, report
from bench.faults.campaign import MOST_TRIES, Campaign, Plan, Seen
from bench.faults.group import Group
from bench.place import Place

KILLS, LEAST, RESTARTS = 50, 6, 2
TIME = 45  # seconds


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Place:
    """A home of sixty residents that nobody has recorded anything in."""
    return Place(tmp_path_factory.mktemp("kills"), 0).build()


def printed(campaign: Campaign, seen: Seen, capsys) -> bool:
    """Whether every law held; the figures stand in the test's output."""
    with capsys.disabled():
        print()
        return report.printed(campaign.plan, campaign.book, seen)


@pytest.fixture
def place(built, tmp_path) -> Place:
    """A copy of it for one run."""
    return built.copy(tmp_path.name)


def test_fifty_kills_under_twelve_writers_lose_and_double_nothing(place, capsys):
    """Fifty, or as many as three quarters of a minute hold on a machine that is busy, and never fewer than six."""
    plan = Plan(KILLS, acknowledged=KILLS * 8, early=0.5, until=time.perf_counter() + TIME, least=LEAST)
    campaign = Campaign(place, plan)
    seen, book = campaign.run(), campaign.book
    assert printed(campaign, seen, capsys), seen.verdict.broken[:10]
    assert LEAST <= seen.kills <= KILLS and book.entries > seen.kills
    assert seen.recoveries and seen.most_tries <= MOST_TRIES, "it needed somebody's hand"
    assert book.unanswered, "no kill ever struck a request on its way"
    assert any(broken.told for broken in book.unanswered) or book.resent > len(book.unanswered), "nobody sent twice"


def test_control_a_server_that_answers_before_it_stores_is_found_out(place, capsys):
    campaign = Campaign(place, Plan(2, acknowledged=40, early=0.0, race=0.0), group.early)
    seen = campaign.run()
    assert not printed(campaign, seen, capsys)
    assert seen.verdict.lost, "the harness does not notice that what was acknowledged is gone"
    assert {b.law for b in seen.verdict.broken} == {"lost"}


def test_stopped_and_started_under_eight_writers_no_answer_fails(place, capsys):
    campaign = Campaign(place, Plan(RESTARTS, acknowledged=RESTARTS * 40, writers=8, graceful=True))
    seen = campaign.run()
    assert printed(campaign, seen, capsys), (seen.verdict.broken[:10], campaign.book.strange, seen.codes)
    assert seen.kills == RESTARTS and seen.codes == {0}
    assert campaign.book.entries >= RESTARTS * 40
    assert report.halves(campaign.book) == 0, "an answer broke off in the middle"
    assert seen.told_late == [], "it was stored, and whoever recorded it was not told"


def test_a_kill_ends_everything_that_was_started(place, tmp_path):
    served = Group(tmp_path)
    served.start(place.environment(0))
    serving.wait(served.process, served.port, served.log)
    everything = [psutil.Process(served.process.pid), *psutil.Process(served.process.pid).children(recursive=True)]
    assert len(everything) >= 4 and {os.getpgid(p.pid) for p in everything} == {served.process.pid}
    with group.adopting():
        served.kill()
        psutil.wait_procs(everything[1:], timeout=30)
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in everything)
    assert Path(place.file).exists()
