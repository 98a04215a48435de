"""Every resident of the demo home has a portrait of their own, small enough for a list on a phone."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from medpwa.demo.people import RESIDENTS
from medpwa.demo.portraits import LOOKS, draw, mix, trace

CODES = [person.code for person in RESIDENTS]


@pytest.fixture(scope="module")
def small() -> dict[str, Image.Image]:
    return {code: draw(code, 64) for code in CODES}


def test_there_is_one_look_for_each_resident():
    assert list(LOOKS) == CODES


def test_a_portrait_for_a_list_is_at_most_four_kilobytes(small):
    for code, picture in small.items():
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=90)
        assert picture.size == (64, 64) and len(out.getvalue()) <= 4096, code


def test_no_two_portraits_look_alike_even_without_colour(small):
    grey = {code: picture.convert("L") for code, picture in small.items()}
    for place, one in enumerate(CODES):
        for other in CODES[place + 1 :]:
            apart = ImageStat.Stat(ImageChops.difference(grey[one], grey[other])).mean[0]
            assert apart > 4, (one, other, apart)


def test_a_portrait_is_drawn_the_same_every_time_and_fills_the_size_asked():
    assert draw("R07", 96).tobytes() == draw("R07", 96).tobytes()
    big = draw("R07")
    assert big.size == (640, 640) and big.mode == "RGB"
    assert len(big.getcolors(big.width * big.height) or []) > 100  # smooth edges


def test_a_path_is_traced_through_its_corners_and_curves():
    points = trace("M 0 0 L 10 0 C 10 5 5 10 0 10")
    assert points[:2] == [(0, 0), (10, 0)] and points[-1] == pytest.approx((0, 10))
    assert mix("000000", "FFFFFF", 0.5) == "808080"
