"""Drawn portraits of the twelve people of the demo home: nobody real, each one recognisable at 64 px.

A `Look` says what a person looks like; `draw` paints it back to front on a board of 640 units, larger than asked for,
and shrinks it. Shapes are written as short paths (M, L, C and Z, as in SVG), so that they can be read and mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from PIL import Image, ImageDraw

BOARD = 640
MIDDLE = BOARD / 2
FRAME = (48, 10, 592, 554)  # the part of the board that is kept: head large enough to know a face at 64 px
OVER_THE_EARS = {"bob", "fringe", "waves"}
LIGHT_SKIN, LIGHT_HAIR = 0xA0, 0xC0  # red channel above which shadows are light
Point = tuple[float, float]

# Hair behind the head, as right halves; and in front of it, as whole outlines.
BEHIND = {
    "bob": "M 320 92 C 424 92 476 164 476 272 C 476 344 486 396 470 430 C 436 450 400 440 384 424 L 320 424",
    "fringe": "M 320 96 C 422 96 468 168 468 268 C 468 330 478 372 462 412 C 432 426 404 416 388 400 L 320 400",
    "bun": "M 320 102 C 412 102 458 168 456 292 L 320 300",
    "waves": "M 320 84 C 420 78 452 128 458 168 C 492 196 484 238 470 258 C 494 286 488 322 470 336"
             " C 484 368 468 404 428 404 C 410 404 400 396 392 384 L 320 384",
}
BEFORE = {
    "bob": "M 372 146 C 344 206 262 246 198 262 C 190 176 236 108 320 108 C 404 108 450 176 444 268"
           " C 412 244 382 204 372 146",
    "fringe": "M 196 282 C 186 176 236 112 320 112 C 404 112 454 176 444 282 C 436 258 432 238 424 222"
              " C 380 240 260 240 216 222 C 208 238 204 258 196 282",
    "bun": "M 320 112 C 408 112 450 172 446 268 C 424 214 380 176 320 168 C 260 176 216 214 194 268"
           " C 190 172 232 112 320 112",
    "waves": "M 286 150 C 268 196 214 196 198 272 C 166 226 186 186 206 168 C 212 118 262 94 322 98"
             " C 392 92 440 128 442 170 C 472 196 464 232 444 272 C 436 218 340 226 286 150",
    "short": "M 320 112 C 408 110 454 164 444 274 C 436 246 430 226 418 212 C 390 196 352 192 320 192"
             " C 288 192 250 196 222 212 C 210 226 204 246 196 274 C 186 164 232 110 320 112",
    "swept": "M 198 276 C 180 178 224 108 304 100 C 380 88 456 136 444 276 C 436 240 424 222 410 206"
             " C 350 214 292 202 254 176 C 228 196 206 236 198 276",
}
STRANDS = {
    "bob": ("M 366 150 C 336 196 276 228 222 242",),
    "fringe": tuple(f"M {x} 150 C {x} 176 {x - 4} 200 {x - 8} 222" for x in (272, 320, 368)),
    "bun": ("M 320 122 L 320 164", "M 352 126 C 388 140 416 168 430 206", "M 288 126 C 252 140 224 168 210 206"),
    "curls": tuple(f"M {x - 22} {y + 6} C {x - 14} {y + 30} {x + 14} {y + 30} {x + 22} {y + 6}"
                   for x, y in ((264, 158), (320, 150), (376, 158))),
    "waves": ("M 300 132 C 350 168 404 168 440 190", "M 270 146 C 252 176 222 184 208 208"),
    "swept": ("M 262 160 C 300 182 360 194 404 186",),
}
CURLS_BEHIND = ((320, 112, 62), (392, 124, 54), (438, 176, 50), (458, 240, 48), (456, 304, 46), (440, 358, 40))
CURLS_BEFORE = ((320, 146, 46), (372, 154, 42), (414, 186, 36), (434, 226, 26))
TWEED = "6A655C"


@dataclass(frozen=True)
class Look:
    """How one person is painted. Colours are RRGGBB."""

    skin: str
    hair: str
    hair_style: str
    background: str
    clothes: str
    collar: str
    lips: str
    brow: str
    cheek: str = "E39A86"
    eyes: str = "3A302B"
    jaw: float = 96
    chin: float = 424
    age: float = 1.0  # how strongly lines show
    frames: str = ""  # spectacles
    extras: tuple[str, ...] = ()


LOOKS: dict[str, Look] = {
    # Margaret: white bob swept to one side
    "R01": Look("F4D3BE", "F1EEE8", "bob", "D5E5D6", "6F8FB0", "crew", "B5605A", "9B938A"),
    # Arthur: bald with a white fringe at the sides, round spectacles
    "R02": Look("F1C9AD", "ECE8E1", "bald", "E3DECB", "557050", "shirt", "A86250", "A79F95",
                jaw=102, frames="6A4426"),
    # Doris: white bun, pearls
    "R03": Look("F7DCCD", "F3F0EA", "bun", "EBDCE4", "A86C8C", "crew", "B4624F", "A69D94",
                jaw=88, chin=418, extras=("pearls",)),
    # Harold: dark skin, short grey hair, moustache, a hearing aid
    "R04": Look("7B4B34", "C9C6C1", "short", "D9E1EA", "C57A32", "shirt", "5A2C22", "BDB8B1", cheek="93543B",
                eyes="20140F", jaw=104, chin=428, extras=("moustache", "hearing_aid")),
    # Sylvia: grey curls and dark spectacles
    "R05": Look("F5D2BC", "BDB9B5", "curls", "E9E5CC", "5F8F88", "crew", "B34B55", "8E8780",
                jaw=92, frames="2F2A28"),
    # George: bald, big white moustache
    "R06": Look("EFC4A4", "F2EEE8", "bald", "D3E0E4", "8B4A42", "shirt", "9A5446", "C9C2B8",
                jaw=110, chin=430, extras=("moustache",)),
    # Ivy: grey bob with a straight fringe
    "R07": Look("F5D5C3", "A9A7A6", "fringe", "EFDFD0", "55639C", "cardigan", "B34B55", "827D79", jaw=94),
    # Kenneth: dark skin, short black hair, an open smile
    "R08": Look("5F3A29", "211B19", "short", "E2DCEE", "D9A12F", "polo", "3C1A14", "1D1614", cheek="7A4432",
                eyes="170E0B", jaw=106, chin=422, age=0.8, extras=("grin",)),
    # Beryl: set copper waves with a grey streak, earrings
    "R09": Look("F3CFB4", "BE8460", "waves", "D8E8E9", "2F5D73", "cardigan", "B2484A", "8F6A50",
                jaw=98, extras=("earrings",)),
    # Frank: flat cap, ruddy cheeks
    "R10": Look("F1C2A6", "DEDAD4", "cap", "E7DFD5", "47597A", "shirt", "A3574A", "A1968B", cheek="DD8570", jaw=106),
    # Winifred: dark grey bun
    "R11": Look("EDC9A2", "77736F", "bun", "D9E6DF", "86506C", "roll", "B0524A", "5E5955",
                cheek="E1A07C", eyes="2A211D", jaw=90, chin=416, extras=("soft_eyes",)),
    # Thomas: younger, brown hair and beard
    "R12": Look("EBBE9C", "6B4B36", "swept", "E9D8C2", "3E6168", "hood", "9C5346", "553A29",
                eyes="33261F", jaw=106, chin=428, age=0.0, extras=("beard",)),
}


class Board:
    """A drawing surface of 640 units, painted at `scale` pixels a unit."""

    def __init__(self, scale: float, background: str) -> None:
        self.scale = scale
        side = round(BOARD * scale)
        self.image = Image.new("RGB", (side, side), f"#{background}")
        self.pen = ImageDraw.Draw(self.image)

    def _px(self, points: list[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def fill(self, path: str, colour: str, *, mirror: bool = False) -> None:
        """Fill a closed path; with `mirror`, its reflection in the middle line as well."""
        points = trace(path)
        self.pen.polygon(self._px(points), fill=f"#{colour}")
        if mirror:
            self.pen.polygon(self._px([(BOARD - x, y) for x, y in points]), fill=f"#{colour}")

    def whole(self, half: str, colour: str) -> None:
        """Fill a shape given as its right half, from the top of the middle line to its foot."""
        right = trace(half)
        self.pen.polygon(self._px(right + [(BOARD - x, y) for x, y in reversed(right)]), fill=f"#{colour}")

    def stroke(self, path: str, colour: str, width: float, *, mirror: bool = False) -> None:
        """Draw a line with round ends along a path."""
        points = trace(path)
        for line in [points, [(BOARD - x, y) for x, y in points]][: 2 if mirror else 1]:
            self.pen.line(self._px(line), fill=f"#{colour}", width=round(width * self.scale))
            for point in line:
                self.disc(point, width / 2, colour)

    def disc(self, centre: Point, radius: float, colour: str, *, tall: float = 1.0, mirror: bool = False) -> None:
        """Fill a circle, or with `tall` an upright ellipse."""
        for x in (centre[0], BOARD - centre[0])[: 2 if mirror else 1]:
            box = [(x - radius, centre[1] - radius * tall), (x + radius, centre[1] + radius * tall)]
            self.pen.ellipse(self._px(box), fill=f"#{colour}")

    def ring(self, corner: Point, opposite: Point, colour: str) -> None:
        """Draw the rim of one spectacle lens."""
        self.pen.rounded_rectangle(self._px([corner, opposite]), radius=32 * self.scale, outline=f"#{colour}",
                                   width=round(9 * self.scale))


def trace(path: str) -> list[Point]:
    """The points along a path of M, L, C and Z with absolute coordinates."""
    points: list[Point] = []
    for verb, numbers in re.findall(r"([MLC])([-\d. ]*)", path):
        values = [float(number) for number in numbers.split()]
        ends = list(zip(values[::2], values[1::2], strict=True))
        if verb == "C":
            for start in range(0, len(ends), 3):
                points += _bezier(points[-1], *ends[start : start + 3])
        else:
            points += ends
    return points


def _bezier(a: Point, b: Point, c: Point, d: Point, steps: int = 28) -> list[Point]:
    """Points on the cubic curve from a to d, without a."""
    curve = []
    for t in (step / steps for step in range(1, steps + 1)):
        pull = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (sum(w * spot[axis] for w, spot in zip(pull, (a, b, c, d), strict=True)) for axis in (0, 1))
        curve.append((x, y))
    return curve


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` of `other` stirred in."""
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def draw(resident_code: str, size: int = 640) -> Image.Image:
    """The portrait of one resident of the demo home, `size` pixels square."""
    look = LOOKS[resident_code]
    board = Board(max(2.0, 4.0 * size / BOARD), look.background)
    for paint in (_backdrop, _hair_behind, _neck, _clothes, _head, _eyes, _nose_and_mouth, _whiskers, _hair_before,
                  _worn):
        paint(board, look)
    left, top, right, foot = (edge * board.scale for edge in FRAME)
    return board.image.resize((size, size), Image.Resampling.LANCZOS, box=(left, top, right, foot))


def _shade(look: Look, share: float) -> str:
    """The skin in shadow: warm brown on light skin, near black on dark skin, so that lines show on both."""
    return mix(look.skin, "7F432D" if int(look.skin[:2], 16) > LIGHT_SKIN else "1C0A05", share)


def _hair_shade(look: Look) -> str:
    """Hair in shadow: grey for white hair, near black for the rest."""
    return mix(look.hair, *(("6E6660", 0.2) if int(look.hair[:2], 16) > LIGHT_HAIR else ("241E1A", 0.24)))


def _backdrop(board: Board, look: Look) -> None:
    board.disc((MIDDLE, 300), 236, mix(look.background, "FFFFFF", 0.34))


def _hair_behind(board: Board, look: Look) -> None:
    dark = _hair_shade(look)
    if look.hair_style == "bun":
        board.disc((MIDDLE, 82), 58, dark)
        board.disc((MIDDLE - 6, 78), 46, look.hair)
    if look.hair_style in BEHIND:
        board.whole(BEHIND[look.hair_style], dark)
    if look.hair_style == "curls":
        for x, y, radius in CURLS_BEHIND:
            board.disc((x, y), radius, dark, mirror=True)
    if look.hair_style in {"bald", "cap"}:
        board.fill("M 424 196 C 470 204 482 262 462 316 L 410 316", look.hair, mirror=True)


def _neck(board: Board, look: Look) -> None:
    if look.collar == "hood":
        board.whole("M 320 436 C 400 428 470 446 482 492 C 486 530 440 560 320 560", mix(look.clothes, "000000", 0.22))
    board.whole("M 320 462 L 376 464 C 478 474 568 506 600 640 L 320 640", look.clothes)
    board.whole("M 320 370 L 372 370 L 372 452 C 372 486 344 498 320 498", _shade(look, 0.2))
    board.whole("M 320 370 L 372 370 L 372 424 C 352 452 336 456 320 456", _shade(look, 0.36))


def _clothes(board: Board, look: Look) -> None:
    skin, fold, light = _shade(look, 0.2), mix(look.clothes, "000000", 0.16), mix(look.clothes, "FFFFFF", 0.16)
    if look.collar == "crew":
        board.whole("M 320 518 C 356 518 390 500 398 464 L 372 456 C 370 482 346 496 320 496", fold)
    elif look.collar in {"shirt", "polo"}:
        linen = "FBF8F2" if look.collar == "shirt" else light
        board.fill("M 320 590 L 262 470 L 378 470", mix(linen, "5E5A52", 0.1))
        board.fill("M 320 516 L 272 452 L 368 452", skin)
        board.fill("M 370 440 C 384 448 394 458 398 470 L 366 548 L 320 514", linen, mirror=True)
    elif look.collar == "cardigan":
        board.whole("M 320 490 L 372 458 L 404 478 L 378 640 L 320 640", "F6EFE6")
        board.whole("M 320 516 C 352 516 372 496 373 456 L 320 456", skin)
        board.stroke("M 404 474 L 376 640", fold, 10, mirror=True)
    elif look.collar == "roll":
        board.whole("M 320 440 C 350 440 374 434 384 424 C 396 440 398 470 392 486 C 372 504 346 508 320 508", light)
        board.stroke("M 260 470 C 292 488 348 488 380 470", fold, 5)
    elif look.collar == "hood":
        board.whole("M 320 520 C 352 520 380 500 386 460 L 320 460", skin)
        board.stroke("M 392 462 C 380 506 350 524 320 524", "F4F0EA", 13, mirror=True)
        board.stroke("M 374 520 L 378 592", "F4F0EA", 8, mirror=True)


def _head(board: Board, look: Look) -> None:
    jaw, chin = MIDDLE + look.jaw, look.chin
    if look.hair_style not in OVER_THE_EARS:
        board.disc((442, 300), 26, _shade(look, 0.2), tall=1.3, mirror=True)
        board.disc((442, 302), 13, _shade(look, 0.36), tall=1.3, mirror=True)
    board.whole(f"M 320 126 C 396 126 440 182 440 272 C 440 314 {jaw + 12} 350 {jaw} 374"
                f" C {jaw - 20} {chin - 16} 364 {chin} 320 {chin}", look.skin)
    board.disc((388, 340), 30, mix(look.skin, look.cheek, 0.34), tall=0.8, mirror=True)
    if look.age:
        line = _shade(look, 0.24 * look.age)
        board.stroke("M 372 350 C 382 360 384 374 380 386", line, 4, mirror=True)
        board.stroke("M 412 292 L 424 286", line, 3.5, mirror=True)
        board.stroke("M 412 300 L 425 301", line, 3.5, mirror=True)
        board.stroke("M 356 308 C 364 315 384 315 392 308", line, 3.5, mirror=True)
    if look.hair_style == "bald":
        board.stroke("M 284 196 C 306 190 334 190 356 196", _shade(look, 0.2), 4.5)
        board.stroke("M 274 218 C 302 211 338 211 366 218", _shade(look, 0.2), 4.5)


def _eyes(board: Board, look: Look) -> None:
    board.fill("M 352 288 C 360 272 386 272 395 288 C 386 300 362 301 352 288",
               mix("FFFDF8", look.skin, 0.12), mirror=True)
    for x in (268, 372):
        board.disc((x, 287), 11.5, look.eyes)
        board.disc((x + 4, 282), 3.6, "FFFFFF")
    lid = "M 349 287 C 360 273 386 273 397 284" if "soft_eyes" in look.extras else "M 350 286 C 358 271 386 270 397 287"
    board.stroke(lid, _shade(look, 0.6), 5, mirror=True)
    board.stroke("M 346 252 C 358 240 386 240 400 253", look.brow, 9.5, mirror=True)


def _nose_and_mouth(board: Board, look: Look) -> None:
    board.stroke("M 324 292 C 328 312 338 326 334 334 C 330 341 316 342 308 337", _shade(look, 0.4), 5.5)
    if "grin" in look.extras:
        board.fill("M 274 358 C 300 366 340 366 366 358 C 362 400 278 400 274 358", look.lips)
        board.fill("M 284 364 C 304 370 336 370 356 364 C 350 382 290 382 284 364", "FBF6EE")
    else:
        board.fill("M 276 362 C 300 376 340 376 364 362 C 356 392 284 392 276 362", look.lips)


def _whiskers(board: Board, look: Look) -> None:
    jaw, chin = MIDDLE + look.jaw, look.chin
    if "moustache" in look.extras:
        board.whole("M 320 344 C 344 336 372 346 384 372 C 362 376 340 372 320 364", look.hair)
    if "beard" in look.extras:
        board.whole("M 320 346 C 344 342 364 350 374 366 C 400 350 424 320 438 288"
                    f" C 440 320 {jaw + 14} 356 {jaw + 2} 380 C {jaw - 14} {chin - 4} 364 {chin + 14} 320 {chin + 14}",
                    mix(look.hair, "B4ADA5", 0.25))
        board.fill("M 280 370 C 302 378 338 378 360 370 C 352 394 288 394 280 370", look.lips)


def _hair_before(board: Board, look: Look) -> None:
    dark = _hair_shade(look)
    if look.hair_style in OVER_THE_EARS:
        board.fill("M 438 226 C 428 280 448 330 430 376 C 452 370 462 300 456 226", dark, mirror=True)
    if look.hair_style in BEFORE:
        board.fill(BEFORE[look.hair_style], look.hair)
    if look.hair_style == "curls":
        for x, y, radius in CURLS_BEFORE:
            board.disc((x, y), radius, look.hair, mirror=True)
    for strand in STRANDS.get(look.hair_style, ()):
        board.stroke(strand, dark, 4)
    if look.hair_style == "short":  # greying at the temples
        board.fill("M 440 208 L 428 226 C 436 244 438 262 444 274 C 447 248 446 226 440 208",
                   mix(look.hair, "B9B4AE", 0.5), mirror=True)
    if look.hair_style == "waves":  # one pale streak
        board.fill("M 286 146 C 324 176 396 188 440 224 C 392 206 326 204 286 146", mix(look.hair, "F2E9DF", 0.62))
    if look.hair_style == "cap":
        board.fill("M 176 214 C 158 142 218 82 318 80 C 424 78 484 140 468 214 C 380 176 262 176 176 214", TWEED)
        board.stroke("M 318 86 C 300 112 290 146 288 176", mix(TWEED, "000000", 0.16), 4)
        board.stroke("M 330 86 C 364 112 384 146 388 176", mix(TWEED, "000000", 0.16), 4)
        board.fill("M 176 214 C 256 168 388 168 468 214 C 476 220 472 228 462 227 C 392 204 262 204 186 232"
                   " C 172 234 168 220 176 214", mix(TWEED, "000000", 0.28))


def _worn(board: Board, look: Look) -> None:
    if look.frames:
        for x in (268, 372):
            board.ring((x - 42, 252), (x + 42, 324), look.frames)
        board.stroke("M 310 282 C 314 276 326 276 330 282", look.frames, 9)
        board.stroke("M 414 280 L 442 274", look.frames, 9, mirror=True)
    if "pearls" in look.extras:
        for x, y in ((320, 500), (342, 497), (362, 487), (378, 471)):
            board.disc((x, y), 9, "FBF7F0", mirror=True)
    if "earrings" in look.extras:
        board.disc((446, 344), 9, "E2B04A", mirror=True)
    if "hearing_aid" in look.extras:
        board.stroke("M 452 276 C 468 284 468 304 458 316", "E9DFCF", 9)
