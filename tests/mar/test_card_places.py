"""A recorded dose is answered with what changed: a line the phone shows just so already comes as its place alone."""

from __future__ import annotations

from medpwa.mar import tickets
from tests.browse import words
from tests.mar.steps import (
    DOCUSATE,
    HTMX,
    bedside,
    beside,
    change,
    dock,
    later,
    line_form,
    make_ready,
    pairs,
    scan,
)

FUROSEMIDE = dict(medicine="furosemide", strength="40 mg")


def three_ready(world, browser):
    """Ivy's card with three lines made ready, as Amina's phone shows it."""
    bed = bedside(world)
    others = beside(world, bed.resident, **DOCUSATE), beside(world, bed.resident, **FUROSEMIDE)
    phone = browser.sign_in("amina")
    scan(phone, bed)
    make_ready(phone)
    return phone, bed, *others


def marks(phone) -> dict[str, str]:
    """The lines that stand on the phone and the marks they carry."""
    return {line["id"]: line["data-drawn"] for line in phone.page.select("#card article[data-drawn]")}


def places(phone) -> list[str]:
    """The lines an answer leaves as they stand."""
    found = phone.page.select("article[hx-preserve]")
    assert not any(place.contents for place in found)
    return [place["id"] for place in found]


def record(phone, bed, shown: dict[str, str], *, given: bool = True, **values: str) -> None:
    """Tap a line's Taken, or its Not taken, as a phone that shows these lines."""
    form = line_form(phone, bed, given=given)
    fields = [(n, v) for n, v in pairs(form) if n not in values] + list(values.items())
    phone.post(form["action"], fields, **HTMX, **{"X-Shown": " ".join(shown.values())})


def test_lines_the_phone_shows_just_so_come_as_places_and_the_rest_is_drawn(world, browser):
    phone, bed, other, third = three_ready(world, browser)
    shown = marks(phone)
    assert len(set(shown.values())) == 3
    record(phone, bed, shown)
    assert places(phone) == [f"dose-{other.key}", f"dose-{third.key}"]
    assert "2 medicines are due" in words(phone.page) and "Taken 11:40, saved" in words(phone.page)
    assert phone.page.select_one(f"#dose-{bed.key}") is None
    assert "All 2 taken as listed" in words(dock(phone))


def test_a_phone_that_says_nothing_of_its_lines_or_something_else_is_sent_the_whole_card(world, browser):
    phone, bed, other, third = three_ready(world, browser)
    record(phone, bed, {})
    assert places(phone) == [] and set(marks(phone)) == {f"dose-{other.key}", f"dose-{third.key}"}
    record(phone, other, {"": "made-up", " ": "x" * 9000})
    assert places(phone) == [] and set(marks(phone)) == {f"dose-{third.key}"}


def test_a_line_that_somebody_else_changed_meanwhile_is_drawn_anew(world, browser):
    phone, bed, other, third = three_ready(world, browser)
    change(third.order, world.actor("sena"), **(FUROSEMIDE | {"strength": "20 mg"}))
    record(phone, bed, marks(phone))
    assert places(phone) == [f"dose-{other.key}"]
    assert phone.page.select_one(f"#dose-{third.key} [value=given]") is None, (
        "the new version waits for its second check"
    )


def test_a_line_whose_words_the_clock_changed_is_drawn_anew(world, browser):
    later(minutes=40)
    phone, bed, other, third = three_ready(world, browser)
    shown = marks(phone)
    later(minutes=15)  # 12:35: they are late since 12:30
    record(phone, bed, shown)
    assert places(phone) == [] and set(marks(phone)) == {f"dose-{other.key}", f"dose-{third.key}"}
    assert set(marks(phone).values()).isdisjoint(shown.values())
    assert all("late" in words(phone.page.select_one(f"#dose-{b.key}")) for b in (other, third))


def test_forms_that_stayed_and_the_dock_record_one_and_the_same_entry(world, browser):
    phone, bed, other, third = three_ready(world, browser)
    stayed = pairs(line_form(phone, other, given=True))
    record(phone, bed, marks(phone))
    assert dict(stayed)["entry_id"] in [v for n, v in pairs(dock(phone)) if n == "entry_id"]
    action = dock(phone)["action"]
    phone.post(action, pairs(dock(phone)), **HTMX)
    phone.post(f"{bed.url}/outcome", stayed, **HTMX)
    assert "Taken 11:40, saved" in words(phone.page)
    assert [len(b.entries()) for b in (bed, other, third)] == [1, 1, 1]


def test_a_ticket_that_led_to_an_entry_makes_nothing_ready_again(world, browser):
    """A form that stayed still carries the ticket of a line recorded since; refused, that line is offered again."""
    phone, bed, other, third = three_ready(world, browser)
    stayed = pairs(line_form(phone, other, given=True))
    spent = dict(pairs(line_form(phone, bed, given=True)))["ready"]
    assert ("keep", spent) in stayed
    record(phone, bed, marks(phone), given=False, why="refused:did_not_want")
    phone.post(f"{bed.url}/outcome", stayed, **HTMX)
    again = phone.page.select_one(f"#dose-{bed.key}")
    assert "Try again from" in words(again) and again.select_one(f'input[name=ready][value="{spent}"]') is None
    assert dict(pairs(line_form(phone, bed, given=False)))["entry_id"] != tickets.entry_id(spent)
    assert [row.outcome for row in bed.entries()] == ["refused"]
