"""Ready tickets: signed by the server, for one person and one dose, for half an hour."""

import datetime as dt
from dataclasses import replace

import pytest
from flask import Flask

from medpwa import clock
from medpwa.mar import tickets
from medpwa.mar.tickets import DoseKey, Ticket

DUE = clock.at_local(dt.date(2026, 11, 16), dt.time(12, 30))
MADE = DUE - dt.timedelta(minutes=10)
KEY = DoseKey(4, DUE)


@pytest.fixture(autouse=True)
def secret():
    app = Flask("tickets")
    app.config["SECRET_KEY"] = "one secret"
    with app.app_context():
        yield app


def ticket(**changes: object) -> Ticket:
    return replace(Ticket(7, 1, KEY, 9, 12, MADE), **changes)


def fits(made: Ticket, minutes: float = 0, person: int = 7, home: int = 1, key: DoseKey = KEY) -> bool:
    return made.fits(person, home, key, MADE + dt.timedelta(minutes=minutes))


def test_a_ticket_comes_back_as_it_was_issued():
    assert tickets.read(tickets.issue(ticket())) == ticket()
    assert tickets.read(tickets.issue(ticket(scan_id=None))) == ticket(scan_id=None)


@pytest.mark.parametrize(
    ("minutes", "good"), [(0, True), (29, True), (30, True), (30.01, False), (31, False), (-0.01, False), (1440, False)]
)
def test_a_ticket_lasts_thirty_minutes_and_is_never_from_the_future(minutes, good):
    assert fits(ticket(), minutes) == good


@pytest.mark.parametrize(
    "other", [{"person": 8}, {"home": 2}, {"key": DoseKey(5, DUE)}, {"key": DoseKey(4, DUE + dt.timedelta(hours=4))}]
)
def test_a_ticket_fits_its_person_its_home_and_its_dose_alone(other):
    assert fits(ticket()) and not fits(ticket(), **other)


def test_a_ticket_with_any_letter_changed_is_not_ours():
    text = tickets.issue(ticket())
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert tickets.read(changed) in (None, ticket())  # the last bits of base64 may spell the same bytes
        assert place == len(text) - 1 or tickets.read(changed) is None
    assert all(tickets.read(text[:n]) is None for n in range(len(text)))


def test_a_ticket_signed_with_another_secret_is_not_ours(secret):
    text = tickets.issue(ticket())
    secret.config["SECRET_KEY"] = "another secret"
    assert tickets.read(text) is None


def test_something_else_we_signed_is_not_a_ticket(secret):
    from itsdangerous import URLSafeSerializer

    mark = URLSafeSerializer(secret.config["SECRET_KEY"], salt="known-browser").dumps([7, 1, str(KEY), 9, 12, 0])
    assert tickets.read(mark) is None
    signer = URLSafeSerializer(secret.config["SECRET_KEY"], salt="ready")
    odd = ([7, 1, "x-y", 9, 12, 0], [7, 1, 5, 9, 12, 0], [7, 1, str(KEY), 9, 12, "x"], [7, 1, str(KEY), 9, 12, 10**30])
    for body in ([7, 1], {}, None, 7, "text", *odd):
        assert tickets.read(signer.dumps(body)) is None


@pytest.mark.parametrize(
    "text", ["", ".", "a.b", "garbage", "W10.x", "\u202e", "😀", "0" * 1_000_000, "." * 1_000_000, "<script>", "\x00"]
)
def test_garbage_is_not_a_ticket(text):
    assert tickets.read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "4",
        "4-",
        "-1",
        "-4-1",
        "4--1",
        "４-1794832200000000",
        "4-NaN",
        "4-1e9",
        "4 -1",
        "4-1.5",
        "x-y",
        f"{10**15}-1",
        f"1-{10**16}",
        f"{10**30}-{10**30}",
        "1" * 1_000_000,
        "4-1-1",
    ],
)
def test_only_plain_numbers_name_a_dose(text):
    assert tickets.parse_key(text) is None


def test_a_dose_key_reads_back_as_it_was_written():
    assert tickets.parse_key(str(KEY)) == KEY
    assert tickets.parse_key(f"1-{10**16 - 1}") is not None  # far away, and simply not due
