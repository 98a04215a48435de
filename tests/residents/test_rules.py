"""Pure rules of residents as tables: NHS numbers, similar names, where somebody was, typed codes, scanned addresses."""

import datetime as dt
import itertools
import json
import random
from pathlib import Path

import pytest

from medpwa.demo.people import RESIDENTS
from medpwa.residents import rules
from medpwa.residents.rules import SHORT_ALPHABET, Name, Stay

SHARED = Path(__file__).parent.parent / "shared"
CODES = json.loads((SHARED / "short_codes.json").read_text())
ADDRESSES = json.loads((SHARED / "scan_address.json").read_text())
T = dt.datetime(2026, 11, 16, 8, 0, tzinfo=dt.UTC)


def at(hours: float) -> dt.datetime:
    return T + dt.timedelta(hours=hours)


# ---------------------------------------------------------------- NHS numbers


@pytest.mark.parametrize("number", [r.nhs_number for r in RESIDENTS])
def test_the_demo_homes_nhs_numbers_are_valid(number):
    assert rules.nhs_number_is_valid(number)


@pytest.mark.parametrize(
    ("typed", "valid"),
    [
        ("999 399 6742", True),
        ("999-399-6742", True),
        ("９９９３９９６７４２", True),  # full-width digits are read as what they look like
        ("9993996743", False),
        ("9939996742", False),  # two neighbours swapped
        ("999399674", False),
        ("99939967422", False),
        ("999399674X", False),
        ("٩٩٩٣٩٩٦٧٤٢", False),
        ("0000000000", False),  # the sum holds, but it is what people type to get past a form
        ("", False),
    ],
)
def test_an_nhs_number_is_ten_digits_and_the_last_checks_the_others(typed, valid):
    assert rules.nhs_number_is_valid(rules.nhs_digits(typed)) is valid


def test_every_wrong_digit_and_every_swap_of_neighbours_in_an_nhs_number_is_caught():
    number = "9993996742"
    for i, digit in itertools.product(range(10), "0123456789"):
        if digit != number[i]:
            assert not rules.nhs_number_is_valid(number[:i] + digit + number[i + 1 :])
    for i in range(9):
        if number[i] != number[i + 1]:
            assert not rules.nhs_number_is_valid(number[:i] + number[i + 1] + number[i] + number[i + 2 :])


def test_a_check_digit_of_ten_is_never_issued():
    def check(nine: str) -> int:
        return 11 - sum((10 - i) * int(d) for i, d in enumerate(nine)) % 11

    tens = [nine for n in range(2000) if check(nine := f"{n:09}") == 10]
    assert tens
    assert not any(rules.nhs_number_is_valid(nine + d) for nine in tens for d in "0123456789")


# ---------------------------------------------------------------- similar names


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("Ivy", "Cartledge"), ("Arthur", "Cartledge"), True),  # same family name
        (("Ivy", "Cartledge"), ("Ivor", "Cartlidge"), True),  # same initial, close family name
        (("Ivy", "Cartledge"), ("Doris", "Cartlidge"), False),  # close family name, another initial
        (("Ann", "Reid"), ("Anne", "Read"), True),
        (("Catherine", "Philips"), ("Kathryn", "Fillips"), True),  # sound alike
        (("Stephen", "Grey"), ("Steven", "Gray"), True),
        (("George", "O’Brien"), ("Sean", "OBRIEN"), True),
        (("Zoë", "Núñez"), ("Amy", "Nunez"), True),
        (("Margaret", "Ellison"), ("Margaret", "Haworth"), False),  # a first name alone is not enough
        (("Tom", "Hall"), ("Tim", "Hill"), True),
        (("Tom", "Hall"), ("Tom", "Sato"), False),
        (("", ""), ("", ""), False),
    ],
)
def test_names_that_could_be_taken_for_one_another(one, other, alike):
    assert rules.similar(Name(*one), Name(*other)) is alike
    assert rules.similar(Name(*other), Name(*one)) is alike


def test_nobody_of_the_demo_home_has_a_similar_name():
    people = [Name(r.given, r.family) for r in RESIDENTS]
    assert not [pair for pair in itertools.combinations(people, 2) if rules.similar(*pair)]


# ---------------------------------------------------------------- where somebody was


def test_a_later_row_for_the_same_moment_replaces_the_earlier_one():
    line = rules.spans([Stay(1, at(0), "home"), Stay(2, at(5), "hospital"), Stay(3, at(5), "leave")])
    assert [(s.valid_from, s.state) for s in line] == [(at(0), "home"), (at(5), "leave")]


def test_a_row_that_repeats_the_state_keeps_since_when_it_really_began():
    rows = [Stay(3, at(6), "hospital", note="Ward 7"), Stay(1, at(0), "home"), Stay(2, at(5), "hospital")]
    assert rules.spans(rows)[-1] == Stay(3, at(5), "hospital", note="Ward 7")


@pytest.mark.parametrize(
    ("when", "state"),
    [(-0.1, None), (0, "home"), (4.99, "home"), (5, "hospital"), (9, "home"), (99, "home")],
)
def test_a_moment_falls_in_the_span_that_had_begun(when, state):
    line = rules.spans([Stay(1, at(0), "home"), Stay(3, at(9), "home"), Stay(2, at(5), "hospital")])
    found = rules.whereabouts_at(line, at(when))
    assert (found.state if found else None) == state


def test_the_version_in_force_is_the_latest_by_time_then_by_id():
    rows = [Stay(1, at(0), "a"), Stay(2, at(3), "b"), Stay(3, at(3), "c"), Stay(4, at(2), "d")]
    assert rules.in_force(rows, at(3)).state == "c"
    assert rules.in_force(rows, at(2.5)).state == "d"
    assert rules.in_force(rows, at(-1)) is None


# ---------------------------------------------------------------- typed codes


def test_python_and_the_phone_use_the_same_alphabet_and_weights():
    assert (CODES["alphabet"], CODES["weights"]) == (SHORT_ALPHABET, list(rules.SHORT_WEIGHTS))


@pytest.mark.parametrize("code", CODES["valid"])
def test_codes_the_phone_accepts_are_accepted_here(code):
    assert rules.short_code_of(code) == code


@pytest.mark.parametrize("case", CODES["cases"], ids=lambda c: c["why"])
def test_a_typed_code_is_judged_as_on_the_phone(case):
    assert rules.short_code_of(case["typed"]) == case["code"]


def test_any_one_wrong_letter_and_any_two_that_changed_places_are_caught():
    chance = random.Random(20261116)
    for _ in range(300):
        six = "".join(chance.choices(SHORT_ALPHABET, k=6))
        code = six + rules.check_letter(six)
        assert rules.short_code_of(code) == code
        for i, letter in itertools.product(range(7), SHORT_ALPHABET):
            if letter != code[i]:
                assert rules.short_code_of(code[:i] + letter + code[i + 1 :]) is None
        for i, j in itertools.combinations(range(7), 2):
            if code[i] != code[j]:
                swapped = list(code)
                swapped[i], swapped[j] = code[j], code[i]
                assert rules.short_code_of("".join(swapped)) is None


def test_the_weights_prove_it_for_all_148_million_codes():
    """A wrong letter shifts the sum by weight x difference, a swap by (difference of weights) x (difference of
    letters). Neither is a multiple of the prime 23 when weights are distinct and not 0 modulo 23."""
    weights = [*rules.SHORT_WEIGHTS, -1]
    prime = len(SHORT_ALPHABET)
    assert all(prime % n for n in range(2, prime))
    assert all(w % prime for w in weights)
    assert len({w % prime for w in weights}) == len(weights)
    assert not set("ILO") & set(SHORT_ALPHABET)


# ---------------------------------------------------------------- scanned addresses


@pytest.mark.parametrize("case", ADDRESSES["cases"], ids=lambda c: c["why"])
def test_a_scanned_text_is_judged_as_on_the_phone(case):
    assert rules.token_in(case["text"], [ADDRESSES["own"], ADDRESSES["public"]]) == case["token"]


# ---------------------------------------------------------------- rooms, photos


def test_rooms_come_in_the_order_people_count_them():
    rooms = ["", "10", "2", "Garden suite", "10A", "1"]
    assert sorted(rooms, key=rules.room_order) == ["1", "2", "10", "10A", "Garden suite", ""]
    assert [rules.room_words(r) for r in ("7", "Garden suite", "")] == ["Room\u00a07", "Garden suite", "No\u00a0room"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0....", "jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"\x00\x00\x00\x18ftypheic....", "heic"),
        (b"GIF89a..........", ""),
        (b"%PDF-1.7", ""),
        (b"<svg xmlns=", ""),
        (b"", ""),
    ],
)
def test_what_a_file_is_is_read_from_its_first_bytes(head, kind):
    assert rules.photo_kind(head) == kind
