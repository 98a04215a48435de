"""The scanner's set of pictures: the same scenes everywhere, with every cause, size and tilt the bar names."""

from __future__ import annotations

import re
from collections import Counter

from bench import drawing, scenes
from bench.seeing import View

# Changing these says that another set is measured, whose figures cannot be compared with those before.
FIRST_DOZEN = "d40f9836fddeed22ef82447ab9d0e8a5921361942ed40ba27fa1231c14c7841d"
WHOLE = "b719246ea20d10c20b56b7f566f293bcb3d2d38789767007e7bea9ef834d08e9"
SMALL = (320, 180)


def test_the_set_is_the_one_that_was_written_before_the_first_decode():
    assert scenes.digest(scenes.scenes(12)) == FIRST_DOZEN
    assert scenes.digest(scenes.scenes()) == WHOLE


def test_another_seed_is_another_set():
    assert scenes.digest(scenes.scenes(12, "another")) != FIRST_DOZEN


def test_six_hundred_different_tokens_as_they_are_printed():
    tokens = {s.token for s in scenes.scenes()}
    assert len(tokens) == 600 and all(re.fullmatch("[A-Z2-7]{32}", t) for t in tokens)


def test_every_cause_is_there_often_and_from_slight_to_severe():
    severities = [(name, s) for scene in scenes.scenes() for name, s in scene.causes.items()]
    assert min(Counter(name for name, _ in severities).values()) >= 90
    for name in scenes.CAUSES:
        own = [s for n, s in severities if n == name]
        assert min(own) < 0.1 and max(own) > 0.9, name


def test_sizes_and_tilts_reach_both_ends_and_every_code_lies_in_the_frame():
    whole = scenes.scenes()
    assert min(s.share for s in whole) < 0.085 and max(s.share for s in whole) > 0.59
    assert min(s.tilt for s in whole) < 1 and max(s.tilt for s in whole) > 44
    for scene in whole:
        size = (720, 1280) if scene.upright else (1280, 720)
        view = View(scene, size, code=22.2, module=0.6)
        assert all(0 < x < size[0] and 0 < y < size[1] for x, y in view.code_corners()), scene.number


def test_the_frames_of_a_second_differ_and_the_first_is_the_scene_itself():
    scene = next(s for s in scenes.scenes(60) if {"motion", "glare"} & set(s.causes))
    assert scenes.held(scene, 0) == scene
    assert len({scenes.digest([scenes.held(scene, frame)]) for frame in range(8)}) == 8
    assert scenes.held(scene, 3) == scenes.held(scene, 3)


def test_a_picture_is_drawn_alike_twice_and_one_of_nothing_shows_no_label():
    scene = scenes.scenes(1)[0]
    one = drawing.picture(scene, SMALL)
    assert one.size == ((180, 320) if scene.upright else SMALL)
    assert one.tobytes() == drawing.picture(scene, SMALL).tobytes() != drawing.empty(0, SMALL).tobytes()
