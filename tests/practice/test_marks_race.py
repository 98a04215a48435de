"""Two taps at once, and a tap that meets the end of the round: nothing acknowledged is lost."""

from medpwa.practice import drafts
from tests.crowd import at_once
from tests.practice import steps
from tests.practice.steps import Doses


def _together(app, *acts):
    failed = [a for a in at_once(app, list(acts)) if isinstance(a, Exception)]
    assert failed == []


def test_marks_tapped_at_the_same_moment_are_all_kept(world, app):
    steps.trained(world, "dee")
    dee = world.actor("dee")
    seen = steps.watch(dee, steps.prepared(dee, world.person_id("ben")))
    keys = [item.key for item in steps.template(dee).items][:8]
    kept = []
    _together(app, *(lambda key=key: kept.append(drafts.mark(seen.id, key, "met")) for key in keys))
    assert kept == [True] * 8
    assert drafts.draft_of(seen.id).marks == {key: "met" for key in keys}


def test_a_tap_that_meets_the_end_of_the_round_is_in_the_result_or_is_told_that_it_is_not(world, app):
    steps.trained(world, "dee")
    dee, ben = world.actor("dee"), world.actor("ben")
    row, doses = steps.prepared(dee, ben.person_id), Doses(world, 3)
    for _ in range(3):
        seen = steps.watch(dee, row)
        doses.refuse(ben)
        steps.mark_all(dee, seen)
        _end_while_tapping(app, dee, seen)
        steps.sign(dee, seen)
        steps.sign(ben, seen, "was_observed")


def _end_while_tapping(app, dee, seen) -> None:
    kept, results = [], []
    _together(
        app,
        lambda: kept.append(drafts.mark(seen.id, "1.1", "not_seen")),
        lambda: results.append(steps.finish(dee, seen)),
    )
    (result,) = results
    assert kept == [result.marks["1.1"] == "not_seen"]
    assert drafts.draft_of(seen.id).marks == result.marks
