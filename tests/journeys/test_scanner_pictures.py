"""A short form of `make scanner`: pictures of labels, hard and easy, through the product's own worker in Chromium."""

from __future__ import annotations

import pytest

from bench import drawing, gallery, reading, scenes

pytestmark = pytest.mark.journey

PICTURES, LEAST = 24, 18
OUT_OF_FOCUS, WITHOUT_A_CORNER = 61, 67  # read since faint grids are tried and a third corner square is guessed at
OTHERS_TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@pytest.fixture(scope="module")
def reads(chromium_path, playwright):
    """Each of the first pictures with what was read of it."""
    wanted = {*range(PICTURES), OUT_OF_FOCUS, WITHOUT_A_CORNER}
    some = [s for s in scenes.scenes(max(wanted) + 1) if s.number in wanted]
    drawn = {str(s.number): gallery.png(drawing.picture(s)) for s in some}
    browser = playwright.chromium.launch(executable_path=chromium_path)
    with gallery.hung(drawn.__getitem__) as hung:
        read = reading.reader(browser, hung)(list(drawn))
    browser.close()
    return list(zip(some, read, strict=True))


def test_most_labels_are_read_and_none_as_another(reads):
    judged = [r.judged(s.token) for s, r in reads]
    assert "wrong" not in judged
    assert judged.count("read") >= LEAST


def test_a_code_bent_round_a_wrist_is_read(reads):
    bent = [r.judged(s.token) for s, r in reads if "curve" in s.causes]
    assert "read" in bent


@pytest.mark.parametrize("number", [OUT_OF_FOCUS, WITHOUT_A_CORNER])
def test_a_blurred_code_and_one_without_a_corner_square_are_read(reads, number):
    (judged,) = [r.judged(s.token) for s, r in reads if s.number == number]
    assert judged == "read"


def test_the_judge_sees_a_label_that_was_read_as_another(reads):
    """The control: the same reads against another label's token are wrong, each of them."""
    judged = [r.judged(OTHERS_TOKEN) for _, r in reads if r.texts]
    assert len(judged) >= LEAST and set(judged) == {"wrong"}


def test_a_text_that_is_no_label_is_wrong_and_nothing_is_unread():
    token = scenes.scenes(1)[0].token
    own = reading.codes.address_of(scenes.PUBLIC_URL, token)
    assert reading.Read("0", (own, "05012345678900"), 1).judged(token) == "wrong"
    assert reading.Read("0", (own,), 1).judged(token) == "read"
    assert reading.Read("0", (), 1).judged(token) == "unread"
