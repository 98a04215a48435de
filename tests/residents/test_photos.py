"""Photos: judged by content, unpacked within limits, drawn anew without anything but their pixels."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from medpwa.demo.portraits import draw
from medpwa.errors import Invalid
from medpwa.residents import photos, rules

HIDDEN = b"51.5007 N 0.1246 W taken by Nkechi"


def picture(kind: str = "JPEG", size=(900, 1200), **save) -> bytes:
    """A busy picture, harder to pack than a face."""
    chance = random.Random(7)
    image = Image.new("RGB", size, "tan")
    pen = ImageDraw.Draw(image)
    for _ in range(400):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        pen.ellipse((x, y, x + 90, y + 60), fill=tuple(chance.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def sentence(data: bytes) -> str:
    with pytest.raises(Invalid) as no:
        photos.prepare(data)
    ((field, words),) = no.value.errors
    assert field == "photo"
    return words


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_webp_at_two_sizes_the_small_one_at_most_4_kb(kind):
    made = photos.prepare(picture(kind))
    small, large = opened(made.small), opened(made.large)
    assert (small.format, large.format) == ("WEBP", "WEBP")
    assert large.size == (640, 640)
    assert small.size[0] == small.size[1] >= 64
    assert len(made.small) <= 4096
    assert len(made.large) <= 90_000


def test_a_face_keeps_its_sharpness_within_4_kb():
    made = photos.encode(draw("R07"))
    assert opened(made.small).size == (128, 128)
    assert len(made.small) <= 4096


def test_noise_is_made_to_fit_too():
    chance = random.Random(3)
    noise = Image.frombytes("RGB", (300, 300), chance.randbytes(300 * 300 * 3))
    assert len(photos.encode(noise).small) <= 4096


def test_nothing_but_pixels_survives():
    exif = Image.Exif()
    exif[0x010E] = HIDDEN.decode()
    exif[0x0110] = "Some Phone 15"
    data = picture("JPEG", exif=exif.tobytes(), comment=HIDDEN, icc_profile=b"x" * 300)
    assert HIDDEN in data
    made = photos.prepare(data)
    for out in (made.small, made.large):
        assert b"Nkechi" not in out and b"Phone" not in out
        assert not opened(out).getexif()
        assert not {"icc_profile", "exif", "xmp", "comment"} & set(opened(out).info)


def test_a_photo_is_turned_as_the_camera_held_it():
    image = Image.new("RGB", (400, 400), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 399, 120), fill="black")  # on the sensor: black above
    exif = Image.Exif()
    exif[0x0112] = 3  # the camera was upside down
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif.tobytes())
    seen = opened(photos.prepare(out.getvalue()).large).convert("L")
    assert seen.getpixel((200, 20)) > 200
    assert seen.getpixel((200, seen.height - 10)) < 60


def test_what_is_transparent_stands_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(photos.prepare(out.getvalue()).large).convert("L").getpixel((100, 100)) > 250


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a" + b"\x00" * 100, "not a photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a photo"),
        (b"<html>", "not a photo"),
        (b"MZ\x90\x00", "not a photo"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100, "HEIC"),
        (b"\xff\xd8\xff" + b"\x00" * 500, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, "damaged"),
        (b"RIFF\x00\x00\x00\x00WEBP" + b"\xff" * 500, "damaged"),
        (b"\xff\xd8\xff" + b"\x00" * rules.LARGEST_PHOTO, "larger than 5 MB"),
    ],
)
def test_what_is_no_photo_is_refused_in_a_sentence(data, words):
    assert words in sentence(data)


def test_a_photo_cut_off_in_the_middle_is_refused():
    assert "damaged" in sentence(picture("PNG")[:3000])


def test_a_photo_too_small_to_show_a_face_is_refused():
    assert "too small" in sentence(picture("PNG", size=(40, 40)))


def test_the_name_of_a_file_says_nothing():
    assert "not a photo" in sentence(b"this is face.jpg")


@pytest.mark.parametrize("side", [5_001, 8_000, 60_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_is_unpacked(side):
    data = _claimed(side)
    assert len(data) < 100_000
    assert "too many pixels" in sentence(data)


def _claimed(side: int) -> bytes:
    """A PNG that says it is side x side; its body is a few rows of nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * (side * 3 + 1) * 8, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_hidden_text_that_unpacks_to_megabytes_is_not_unpacked():
    clean = picture("PNG", size=(100, 100))
    body = b"Comment\x00\x00" + zlib.compress(b"A" * 200_000_000, 9)
    text = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    assert "damaged" in sentence(clean[:33] + text + clean[33:])
