"""The first page of a round on a phone that never saw it, by counts: bytes, requests, layout shift. `make first-page`
prints the same over a slow line, with its times."""

import pytest

from bench import first_page
from bench.first_page import Asked, First
from tests import people, stage

pytestmark = pytest.mark.journey


def test_the_due_list_is_readable_within_its_bytes_and_requests_and_nothing_moves(playwright, chromium_path, home):
    browser = playwright.chromium.launch(executable_path=chromium_path, args=stage.QUIET)
    first = first_page.look(
        browser, home.url("round"), lambda p: stage.sign_in(p, home.base, "amina", people.PASSWORD), slow=False
    )
    browser.close()
    assert first.lines > 0 and first.painted > 0, "the list was there"
    assert all(met for *_, met in first_page.judged(first)), first_page.told(first)
    names = " ".join(a.name for a in first.needed)
    for part in ("/round", "app.css", "atkinson-next.woff2", "htmx.min.js", "app.js", "icons.svg"):
        assert part in names, "what the page is made of was counted"
    assert not any("zxing" in a.name for a in first.asked), "the decoder waits for the camera"
    assert all(a.size > 0 for a in first.needed)


def a_page(count: int = 6, size: int = 5_000, shift: float = 0.0, photo: int = 0) -> First:
    asked = [Asked(f"/{n}", at=n, size=size) for n in range(count)]
    asked += [Asked("/h/x/residents/1/photo/small/1.webp", size=photo)] if photo else []
    return First(asked=asked, painted=100, largest=100, loaded=100, shift=shift, lines=3)


@pytest.mark.parametrize(
    ("page", "missed"),
    [
        (a_page(), []),
        (a_page(size=10_001), ["bytes until readable"]),
        (a_page(count=9), ["requests until readable"]),
        (a_page(shift=0.001), ["layout shift"]),
        (a_page(photo=4_097), ["faces, lazily: 1, the largest"]),
        (a_page(photo=4_096, size=10_000, count=6), []),
    ],
)
def test_each_count_over_its_bar_is_missed(page, missed):
    assert [what for what, _, met in first_page.judged(page) if not met] == missed


def test_what_is_fetched_when_the_page_has_come_to_rest_is_not_counted():
    page = a_page()
    page.asked.append(Asked("/later.js", at=100, size=50_000))
    assert len(page.needed) == 6 and [a.name for a in page.later] == ["/later.js"]
