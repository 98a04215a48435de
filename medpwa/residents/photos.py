"""Photos of residents: what is uploaded is judged by its content, unpacked within limits, and drawn anew at two sizes.

Nothing of the file survives but its pixels: no place, no camera, no colour profile, no hidden text.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps

from medpwa.errors import Invalid
from medpwa.residents import rules

SMALL, LARGE = 128, 640  # real pixels of the 64 and 320 px photos, so that they are sharp on a phone
SMALL_BYTES, LARGE_BYTES = 4_096, 90_000
SHEET, SHEET_BYTES = 2_000, 1_500_000  # the longer side of a photographed sheet of paper, so that its print is read
_QUALITIES = (82, 74, 66, 58, 50, 42, 34, 26)
_FACE = (0.5, 0.4)  # in an upright picture the face is above the middle
_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}

# Pillow then refuses by itself what unpacks to more than twice this; `_open` refuses what is above it.
Image.MAX_IMAGE_PIXELS = rules.MOST_PIXELS
_one_at_a_time = threading.Lock()  # an unpacked picture takes up to 75 MB


@dataclass(frozen=True)
class Prepared:
    """A photo ready to be kept: WebP bytes of both sizes."""

    small: bytes
    large: bytes


class _TooSmall(Exception):
    """Nobody could be known by it."""


@dataclass(frozen=True)
class Kinds:
    """What a picture shows, so far as it changes how it is opened and what is said when it cannot be."""

    room: int  # a JPEG is unpacked at a fraction of its size, but at least this large
    too_small: str
    damaged: str


FACE = Kinds(
    LARGE * 2,
    "The picture is too small to know a face by. Choose a larger one.",
    "The photo is damaged and could not be read. Choose another one, or take it again.",
)
PAPER = Kinds(
    SHEET,
    "The picture is too small for anybody to read what it shows. Choose a larger one.",
    "The picture is damaged and could not be read. Choose another one, or photograph the paper again.",
)


def prepare(data: bytes, field: str = "photo") -> Prepared:
    """The two sizes of an uploaded file. Raises Invalid with a sentence for anything that is not a usable photo.

    Takes a fraction of a second and memory: call it before the action, never inside a transaction.
    """
    kind = rules.photo_kind(data[:16])
    fault = rules.photo_fault(len(data), kind)
    if fault:
        raise Invalid([(field, fault)])
    with _one_at_a_time:
        return encode(_open(data, kind, field, FACE))


def sheet(data: bytes, kind: str, field: str) -> bytes:
    """A photographed paper as WebP, upright, with nothing of the file but its pixels. `kind` is what its first bytes
    say. Raises Invalid with a sentence; takes time and memory like `prepare`."""
    with _one_at_a_time:
        image = _open(data, kind, field, PAPER)
        image.thumbnail((SHEET, SHEET), Image.Resampling.LANCZOS)
        return _webp(Image.frombytes("RGB", image.size, image.tobytes()), SHEET_BYTES)


def encode(image: Image.Image) -> Prepared:
    """The two sizes of a picture that is already unpacked (the demo's drawn portraits come this way)."""
    return Prepared(small=_small(image), large=_webp(_square(image, LARGE), LARGE_BYTES))


def _open(data: bytes, kind: str, field: str, shows: Kinds) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
        if image.width * image.height > rules.MOST_PIXELS:
            raise Image.DecompressionBombError
        if min(image.size) < rules.SMALLEST_SIDE:
            raise _TooSmall
        image.draft("RGB", (shows.room, shows.room))  # a JPEG is then unpacked at a fraction of its size
        return _upright(image)
    except _TooSmall:
        words = shows.too_small
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        words = "The picture has too many pixels: 25 million at most. Choose a smaller one."
    except Exception:  # noqa: BLE001 a broken file makes Pillow raise nearly anything; all of it means the same here
        words = shows.damaged
    raise Invalid([(field, words)])


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera held it, without transparency."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image.convert("RGB")


def _square(image: Image.Image, side: int) -> Image.Image:
    side = min(side, *image.size)
    fitted = ImageOps.fit(image.convert("RGB"), (side, side), Image.Resampling.LANCZOS, centering=_FACE)
    return Image.frombytes("RGB", fitted.size, fitted.tobytes())  # the pixels and nothing else


def _small(image: Image.Image) -> bytes:
    """At most 4 kB: lower quality first, then fewer pixels, since thirty of them load on a phone at once."""
    for side in (SMALL, 96, 64):
        made = _webp(_square(image, side), SMALL_BYTES)
        if len(made) <= SMALL_BYTES:
            return made
    return made


def _webp(image: Image.Image, most: int) -> bytes:
    made = b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        made = out.getvalue()
        if len(made) <= most:
            break
    return made
