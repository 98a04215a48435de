"""Two taps at once, and a tap that meets the end of the round: nothing acknowledged is lost."""

import threading

from medpwa import clock, database
from medpwa.practice import drafts
from tests.practice import steps
from tests.practice.steps import Doses


def _together(*acts):
    """Run each in a thread of its own, begun at one moment."""
    gate, failed = threading.Barrier(len(acts)), []
    at = clock.now()

    def run(act):
        try:
            with clock.standing(at):
                gate.wait(10)
                act()
        except Exception as wrong:  # noqa: BLE001 said below, in the thread that asserts
            failed.append(wrong)
        finally:
            if not database.db.is_closed():
                database.db.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []


def test_marks_tapped_at_the_same_moment_are_all_kept(world):
    steps.trained(world, "dee")
    dee = world.actor("dee")
    seen = steps.watch(dee, steps.prepared(dee, world.person_id("ben")))
    keys = [item.key for item in steps.template(dee).items][:8]
    kept = []
    _together(*(lambda key=key: kept.append(drafts.mark(seen.id, key, "met")) for key in keys))
    assert kept == [True] * 8
    assert drafts.draft_of(seen.id).marks == {key: "met" for key in keys}


def test_a_tap_that_meets_the_end_of_the_round_is_in_the_result_or_is_told_that_it_is_not(world):
    steps.trained(world, "dee")
    dee, ben = world.actor("dee"), world.actor("ben")
    row, doses = steps.prepared(dee, ben.person_id), Doses(world, 3)
    for _ in range(3):
        seen = steps.watch(dee, row)
        doses.refuse(ben)
        steps.mark_all(dee, seen)
        _end_while_tapping(dee, seen)
        steps.sign(dee, seen)
        steps.sign(ben, seen, "was_observed")


def _end_while_tapping(dee, seen) -> None:
    kept, results = [], []
    _together(
        lambda: kept.append(drafts.mark(seen.id, "1.1", "not_seen")),
        lambda: results.append(steps.finish(dee, seen)),
    )
    (result,) = results
    assert kept == [result.marks["1.1"] == "not_seen"]
    assert drafts.draft_of(seen.id).marks == result.marks
