"""Draws a scene of the scanner's set as the picture a phone's camera would deliver, with Pillow alone.

The label is laid out as `static/css/print.css` prints a sticker, with the code the product itself makes; it is put into
the frame by a pinhole camera, facet by facet where it bends; then come light, blur, exposure and grain, in that order.
"""

from __future__ import annotations

import hashlib
import math
import random
from statistics import NormalDist

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from bench.scenes import PUBLIC_URL, Dice, Scene, scenes
from bench.seeing import Point, View, coefficients, facets
from medpwa.residents import codes

STICKER, CODE, PADDING = (63.5, 38.1), 27.0, 3.0  # millimetres, as print.css has them
FINEST = 8  # pixels a module while wear is drawn


def picture(scene: Scene, frame: tuple[int, int] = (1280, 720), take: int = 0) -> Image.Image:
    """The scene in grey, `frame` being the camera's longer and shorter side. `take` changes nothing but the grain."""
    size = frame[::-1] if scene.upright else frame
    rows = codes.code_of(codes.address_of(PUBLIC_URL, scene.token)).get_matrix()
    view = View(scene, size, code=CODE * (len(rows) - 8) / len(rows), module=CODE / len(rows))
    seen = _surroundings(scene, size)
    _put_label(seen, scene, view, _label(scene, rows, view))
    return _grain(_expose(_blur(_light(seen, scene, view), scene, view), scene), scene, take)


def empty(number: int, frame: tuple[int, int] = (1280, 720)) -> Image.Image:
    """A picture of the same surroundings in which nobody holds a label."""
    scene = scenes(number + 1)[number]
    size = frame[::-1] if scene.upright else frame
    return _grain(_expose(_surroundings(scene, size), scene), scene, 0)


# ---------------------------------------------------------------- the label


def _label(scene: Scene, rows: list[list[bool]], view: View) -> tuple[Image.Image, float]:
    """The printed sticker, about twice as fine as it will be seen, and its pixels a millimetre."""
    seen = max(3, min(40, round(2 * view.module_pixels)))
    finer = -(-FINEST // seen)
    dot = seen * finer
    per_mm = dot * len(rows) / CODE
    sheet = Image.new("L", tuple(round(side * per_mm) for side in STICKER), _tone(scene.paper))
    left, top = round(PADDING * per_mm), round((STICKER[1] - CODE) / 2 * per_mm)
    code = _code(rows, scene).resize((dot * len(rows),) * 2, Image.Resampling.NEAREST)
    if "worn" in scene.drawn:
        _wear(code, scene, dot)
    sheet.paste(code, (left, top))
    _words(sheet, scene, left + code.width, per_mm)
    return sheet.reduce(finer) if finer > 1 else sheet, per_mm / finer


def _code(rows: list[list[bool]], scene: Scene) -> Image.Image:
    dark, light = _tone(scene.ink + scene.drawn.get("worn", {}).get("fade", 0)), _tone(scene.paper)
    code = Image.new("L", (len(rows), len(rows)))
    code.putdata([dark if cell else light for row in rows for cell in row])
    return code


def _tone(part: float) -> int:
    return max(0, min(255, round(255 * part)))


def _words(sheet: Image.Image, scene: Scene, left: int, per_mm: float) -> None:
    pen = ImageDraw.Draw(sheet)
    for words, top, height in ((scene.name, 8, 4.6), (f"Room {scene.number % 40 + 1}", 15, 3.4), ("KQTV RHM", 22, 4.2)):
        font = ImageFont.load_default(max(4, height * per_mm))
        pen.text((left + 1.5 * per_mm, top * per_mm), words, fill=_tone(scene.ink), font=font)


def _wear(code: Image.Image, scene: Scene, dot: int) -> None:
    """Specks of paper and of dirt, creases, a scuff."""
    worn, dice, pen = scene.drawn["worn"], Dice("wear", scene.drawn["worn"]["pattern"]), ImageDraw.Draw(code)
    side, paper, dirt = code.width, _tone(scene.paper), _tone(scene.ink + 0.1)
    for _ in range(int(worn["specks"])):
        x, y, r = dice.between(0, side), dice.between(0, side), dice.between(0.2, 0.7) * dot
        pen.ellipse((x - r, y - r, x + r, y + r), fill=paper if dice.between(0, 1) < 0.7 else dirt)
    for _ in range(int(worn["creases"])):
        ends = [(dice.between(0, side), 0), (dice.between(0, side), side)]
        ends = ends if dice.between(0, 1) < 0.5 else [(y, x) for x, y in ends]
        pen.line(ends, fill=_tone(scene.paper * 0.9), width=max(1, round(dice.between(0.2, 0.6) * dot)))
    r = side * math.sqrt(worn["scuff"] / math.pi)
    x, y = dice.between(r, side - r), dice.between(r, side - r)
    pen.ellipse((x - r, y - r, x + r, y + r), fill=paper)


# ---------------------------------------------------------------- into the frame


def _surroundings(scene: Scene, size: tuple[int, int]) -> Image.Image:
    """A bed, a sleeve, a table: planes of light and dark with stripes and edges, none of them a code."""
    dice, (width, height) = Dice("surroundings", scene.number), size
    low, high = sorted((dice.between(0.15, 0.8), dice.between(0.15, 0.8)))
    seen = Image.linear_gradient("L").resize(size).point(lambda v: _tone(low + (high - low) * v / 255))
    pen = ImageDraw.Draw(seen)
    for _ in range(4 + dice.below(8)):
        x, y, w, h = (dice.between(0, 1) for _ in range(4))
        box = (x * width, y * height, (x + 0.5 * w) * width, (y + 0.5 * h) * height)
        pen.rectangle(box, fill=_tone(dice.between(0.08, 0.9)))
    for _ in range(3 + dice.below(20)):
        y, lean = dice.between(0, height), dice.between(-0.3, 0.3) * width
        tone, thick = _tone(dice.between(0.1, 0.9)), 1 + dice.below(max(2, height // 60))
        pen.line((0, y, width, y + lean), fill=tone, width=thick)
    return seen.filter(ImageFilter.GaussianBlur(min(size) / 400))


def _put_label(seen: Image.Image, scene: Scene, view: View, label: tuple[Image.Image, float]) -> None:
    """Each flat piece of the label by its own perspective, at twice the frame's fineness, then averaged."""
    sheet, per_mm = label
    origin = (PADDING + CODE / 2, STICKER[1] / 2)  # the code's middle, in millimetres on the sticker
    pieces = [p for p in facets(scene, STICKER, origin) if view.faces_us(p)]
    box = _box_round([view.project(corner) for p in pieces for corner in p.space], seen.size)
    size = (2 * (box[2] - box[0]), 2 * (box[3] - box[1]))
    layer, mask = Image.new("L", size), Image.new("L", size)
    for piece in pieces:
        corners = [((x - box[0]) * 2, (y - box[1]) * 2) for x, y in map(view.project, piece.space)]
        flat = [(u * per_mm, v * per_mm) for u, v in piece.flat]
        own = _box_round(corners, size)
        inside = [(x - own[0], y - own[1]) for x, y in corners]
        shape = Image.new("L", (own[2] - own[0], own[3] - own[1]))
        ImageDraw.Draw(shape).polygon(inside, fill=255, outline=255)
        part = sheet.transform(
            shape.size, Image.Transform.PERSPECTIVE, coefficients(inside, flat), Image.Resampling.BICUBIC,
            fillcolor=_tone(scene.paper),
        )  # fmt: skip
        layer.paste(part, own[:2], shape)
        mask.paste(255, own[:2], shape)
    seen.paste(layer.reduce(2), box[:2], mask.reduce(2))


def _box_round(points: list[Point], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The whole pixels round some points, inside a picture of `size`, never empty."""
    left, top = (max(0, math.floor(min(p[i] for p in points)) - 1) for i in (0, 1))
    right, bottom = (min(size[i], math.ceil(max(p[i] for p in points)) + 2) for i in (0, 1))
    return left, top, max(left + 1, right), max(top + 1, bottom)


# ---------------------------------------------------------------- light, lens, sensor


def _light(seen: Image.Image, scene: Scene, view: View) -> Image.Image:
    if "shade" in scene.drawn:
        seen = ImageChops.multiply(seen, _shade(scene, view, seen.size))
    if "glare" in scene.drawn:
        seen = ImageChops.add(seen, _glare(scene, view, seen.size))
    return seen


def _shade(scene: Scene, view: View, size: tuple[int, int]) -> Image.Image:
    figures, side = scene.drawn["shade"], view.side_pixels
    way, (x, y) = math.radians(figures["way"]), view.middle
    x, y = x + math.cos(way) * figures["edge"] * side, y + math.sin(way) * figures["edge"] * side
    far, across, along = 2 * max(size), (math.cos(way), math.sin(way)), (-math.sin(way), math.cos(way))
    corners = [(x + a * along[0] * far + b * across[0] * far, y + a * along[1] * far + b * across[1] * far)
               for a, b in ((-1, 0), (1, 0), (1, 1), (-1, 1))]  # fmt: skip
    small = 4  # a soft edge needs no fineness
    mask = Image.new("L", (size[0] // small, size[1] // small), 255)
    ImageDraw.Draw(mask).polygon([(px / small, py / small) for px, py in corners], fill=_tone(figures["light"]))
    soft = max(0.5, figures["soft"] * side / small / 2)
    return mask.filter(ImageFilter.GaussianBlur(soft)).resize(size, Image.Resampling.BILINEAR)


def _glare(scene: Scene, view: View, size: tuple[int, int]) -> Image.Image:
    """A spot, hard in the middle and soft round it."""
    figures, side, small = scene.drawn["glare"], view.side_pixels, 2
    r = figures["radius"] * side / small
    a, b = r * math.sqrt(figures["long"]), r / math.sqrt(figures["long"])
    reach = math.ceil(3 * a) + 2
    spot = Image.new("L", (2 * reach, 2 * reach))
    ImageDraw.Draw(spot).ellipse((reach - a, reach - b, reach + a, reach + b), fill=_tone(figures["peak"] / 255))
    spot = spot.rotate(figures["way"], Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(max(0.5, b / 3)))
    x, y = view.on_code(figures["x"], figures["y"])
    whole = Image.new("L", (size[0] // small, size[1] // small))
    whole.paste(spot, (round(x / small) - reach, round(y / small) - reach))
    return whole.resize(size, Image.Resampling.BILINEAR)


def _blur(seen: Image.Image, scene: Scene, view: View) -> Image.Image:
    if "defocus" in scene.drawn:
        seen = seen.filter(ImageFilter.GaussianBlur(scene.drawn["defocus"]["spread"] * view.module_pixels))
    if "motion" in scene.drawn:
        motion = scene.drawn["motion"]
        seen = _smear(seen, motion["length"] * min(seen.size), math.radians(motion["way"]))
    return seen


def _smear(seen: Image.Image, length: float, way: float) -> Image.Image:
    """The mean of the picture at steps of at most half a pixel along the movement."""
    steps = max(2, math.ceil(2 * length) + 1)
    mean = None
    for step in range(steps):
        by = length * (step / (steps - 1) - 0.5)
        moved = seen.transform(
            seen.size, Image.Transform.AFFINE, (1, 0, by * math.cos(way), 0, 1, by * math.sin(way)),
            Image.Resampling.BILINEAR,
        )  # fmt: skip
        mean = moved if mean is None else Image.blend(mean, moved, 1 / (step + 1))
    return mean


def _expose(seen: Image.Image, scene: Scene) -> Image.Image:
    by = scene.exposure * scene.drawn.get("dim", {}).get("exposure", 1)
    return seen.point([min(255, round(v * by)) for v in range(256)])


def _grain(seen: Image.Image, scene: Scene, take: int) -> Image.Image:
    """Normal noise round each pixel: random bytes, told apart by the quantiles of the normal distribution."""
    sigma = math.hypot(scene.grain, *(scene.drawn.get(name, {}).get("grain", 0) for name in ("noise", "dim")))
    seed = hashlib.sha256(f"grain {scene.number} {take}".encode()).digest()
    raw = random.Random(int.from_bytes(seed, "big")).randbytes(seen.width * seen.height)
    normal = NormalDist(0, sigma)
    table = [max(0, min(255, round(128 + normal.inv_cdf((v + 0.5) / 256)))) for v in range(256)]
    return ImageChops.add(seen, Image.frombytes("L", seen.size, raw).point(table), 1, -128)
