"""Labels: a token that can be printed again, is nowhere in the database, and ends when it is revoked."""

import dataclasses
import io
import xml.etree.ElementTree as ET

import pytest
from PIL import Image, ImageDraw

from medpwa import database, ledger
from medpwa.errors import Invalid, NotFound, NotPermitted, Refused
from medpwa.residents import actions, codes, history, label_actions, labels, queries, rules
from tests import builders


def test_a_token_is_160_bits_of_base32_and_prints_again_the_same(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    row, token = builders.label(rosa, card.id)
    assert len(token) == 32 and set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    again = next(x for x in labels.labels_of([card.id]) if x.id == row.id)
    assert codes.label_token(again, world.settings) == token
    assert codes.label_url(again) == f"{world.settings.public_url}/r/{token}"
    assert rules.token_in(codes.label_url(again), [world.settings.public_url]) == token


def test_a_token_finds_its_label_in_capitals_or_small_letters(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    row, token = builders.label(rosa, card.id, "door")
    found = queries.label_by_token(token.lower())
    assert found == queries.label_by_token(token)
    assert (found.label_id, found.resident_id, found.home_id, found.place) == (row.id, card.id, rosa.home_id, "door")
    assert not found.ended


def test_what_is_no_token_finds_nothing(world):
    for token in ("", "A" * 31, "A" * 33, "A" * 32, "1" * 32, "\u017f" * 32, "\u212a" * 32, "x" * 1_000_000):
        assert queries.label_by_token(token) is None


def test_another_key_makes_other_tokens(world, tmp_path):
    rosa = world.actor("rosa")
    row, token = builders.label(rosa, builders.resident(rosa).id)
    elsewhere = dataclasses.replace(world.settings, label_key_file=tmp_path / "other.key")
    assert codes.label_token(row, elsewhere) != token
    assert (tmp_path / "other.key").stat().st_mode & 0o077 == 0
    assert len((tmp_path / "other.key").read_bytes()) == 32


def test_the_database_holds_no_token_anywhere(world, browser):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    made = [builders.label(rosa, card.id, place) for place in ("person", "door", "folder")]
    signed_in = browser.sign_in("rosa")
    for row, _ in made:
        signed_in.client.get(f"/h/rowan/labels/{row.id}/code.svg", base_url="https://localhost")
    label_actions.revoke_label(by=rosa, label_id=made[0][0].id, reason="Lost")
    everything = "\n".join(_all_values())
    assert made[0][0].short_code in everything  # the search does find what is there
    for _, token in made:
        assert token not in everything.upper()
        assert token[:16] not in everything.upper()


def _all_values():
    for model in database.all_models():
        for row in model.select().tuples():
            yield from (v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row)


def test_a_revoked_label_ends_and_the_others_go_on(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    first, token = builders.label(rosa, card.id)
    second, other = builders.label(rosa, card.id, "door")
    label_actions.revoke_label(by=rosa, label_id=first.id, reason="Lost")
    assert queries.label_by_token(token).ended and labels.label_has_ended(first.id)
    assert queries.label_by_short_code(rosa.home_id, first.short_code).ended
    assert not queries.label_by_token(other).ended
    assert labels.live_label_ids(card.id) == [second.id]
    lines = ledger.count_lines()
    label_actions.revoke_label(by=rosa, label_id=first.id, reason="Again")
    assert ledger.count_lines() == lines
    words = history.history_of(rosa, card.id)[0].words
    assert words == f"Label revoked: with the person, {rules.short_words(first.short_code)}. Reason: Lost"


def test_all_labels_of_a_person_end_at_once_in_one_line(world):
    rosa = world.actor("rosa")
    card, other = builders.resident(rosa), builders.resident(rosa, "Sylvia", "Brandreth")
    tokens = [builders.label(rosa, card.id, place)[1] for place in ("person", "door", "folder")]
    _, hers = builders.label(rosa, other.id)
    lines = ledger.count_lines()
    assert label_actions.revoke_all_labels(by=rosa, resident_id=card.id, reason="Copied") == 3
    assert ledger.count_lines() == lines + 1
    assert all(queries.label_by_token(t).ended for t in tokens)
    assert not queries.label_by_token(hers).ended
    assert label_actions.revoke_all_labels(by=rosa, resident_id=card.id, reason="Copied") == 0
    assert ledger.verify() == []


def test_a_typed_code_opens_only_in_its_own_home(world):
    rosa, nell = world.actor("rosa"), world.actor("nell")
    row, _ = builders.label(rosa, builders.resident(rosa).id)
    typed = f" {row.short_code[:4].lower()}-{row.short_code[4:].lower()} "
    assert queries.label_by_short_code(rosa.home_id, typed).label_id == row.id
    assert queries.label_by_short_code(nell.home_id, row.short_code) is None
    assert queries.label_by_short_code(rosa.home_id, "ABCDEFB") is None
    assert queries.label_by_short_code(rosa.home_id, "x" * 1_000_000) is None


def test_labels_are_made_for_people_who_live_here_at_places_there_are(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    with pytest.raises(Invalid):
        builders.label(rosa, card.id, "ceiling")
    with pytest.raises(NotFound):
        builders.label(rosa, builders.resident(world.actor("nell")).id)
    for username in ("amina", "quinn"):
        with pytest.raises(NotPermitted):
            builders.label(world.actor(username), card.id)
    actions.move_resident(by=rosa, resident_id=card.id, state="discharged")
    with pytest.raises(Refused, match="does not live here"):
        builders.label(rosa, card.id)
    assert labels.live_label_ids(card.id) == []


def test_a_person_cannot_have_labels_without_end(world):
    rosa = world.actor("rosa")
    card = builders.resident(rosa)
    label_actions.make_missing_labels(by=rosa, wanted=((card.id, "person"),))
    for _ in range(19):
        builders.label(rosa, card.id)
    with pytest.raises(Refused, match="20 labels in use"):
        builders.label(rosa, card.id)


def test_missing_labels_are_made_and_those_there_are_printed_again(world):
    rosa = world.actor("rosa")
    one, two = builders.resident(rosa), builders.resident(rosa, "Sylvia", "Brandreth")
    row, _ = builders.label(rosa, one.id)
    wanted = ((one.id, "person"), (two.id, "person"))
    ids = label_actions.make_missing_labels(by=rosa, wanted=wanted)
    assert ids[0] == row.id and ids[1] != row.id
    lines = ledger.count_lines()
    assert label_actions.make_missing_labels(by=rosa, wanted=wanted) == ids
    assert ledger.count_lines() == lines
    for foreign in ((builders.resident(world.actor("nell")).id, "person"), (one.id, "ceiling"), (10**12, "door")):
        with pytest.raises(NotFound):
            label_actions.make_missing_labels(by=rosa, wanted=(wanted[0], foreign))
    assert ledger.verify() == []


def test_the_printed_code_reads_back_as_its_address(world):
    import zxingcpp

    rosa = world.actor("rosa")
    row, token = builders.label(rosa, builders.resident(rosa).id)
    picture = codes.code_svg(codes.label_url(row))
    assert b"style=" not in picture and b"<script" not in picture
    (found,) = zxingcpp.read_barcodes(_drawn(picture))
    assert found.text == f"{world.settings.public_url}/r/{token}"


def test_a_code_with_a_corner_worn_off_still_reads(world):
    import zxingcpp

    rosa = world.actor("rosa")
    row, token = builders.label(rosa, builders.resident(rosa).id)
    worn = _drawn(codes.code_svg(codes.label_url(row)))
    side = worn.width
    ImageDraw.Draw(worn).rectangle((side * 0.6, side * 0.62, side * 0.78, side * 0.8), fill="white")
    (found,) = zxingcpp.read_barcodes(worn)
    assert found.text.endswith(token)


def _drawn(svg: bytes, scale: int = 8) -> Image.Image:
    """The squares of our own picture on a white ground (no SVG program is needed for squares)."""
    root = ET.parse(io.BytesIO(svg)).getroot()
    side = int(root.get("viewBox").split()[2])
    image = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(image)
    for square in root.find("{*}path").get("d").removeprefix("M").removesuffix("z").split("zM"):
        x, y = (int(n) for n in square.split("H")[0].split(","))
        pen.rectangle((x * scale, y * scale, (x + 1) * scale - 1, (y + 1) * scale - 1), fill=0)
    return image
