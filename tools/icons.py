"""Draw the app's own mark: a plum square, a paper-white pill lying across it, a tick in the pill's lower half.

Writes static/img/: icon-192.png, icon-512.png, icon-maskable-512.png, apple-touch-180.png, favicon.svg.
The pictures are committed; run this again only when the mark changes: python tools/icons.py
"""

from __future__ import annotations

from math import cos, radians
from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).resolve().parent.parent / "static" / "img"
PLUM, PAPER, LILAC = "#57296a", "#f5f2ec", "#d0b0e8"
OVERSAMPLE = 4

# The mark on a square of side 100: a capsule of half-length 33 and radius 17 about the middle, turned by 45 degrees.
TURN, HALF, RADIUS, TICK = 45, 31, 18, ((39.5, 59.5), (45, 65), (56, 53.5))


def mark(side: int, rounded: bool, scale: float) -> Image.Image:
    """The mark in pixels. `scale` shrinks the motif: a maskable icon keeps it within the middle 80 %."""
    big = side * OVERSAMPLE
    image = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, big - 1, big - 1), radius=big * 0.22 if rounded else 0, fill=PLUM)

    unit = scale * big / 100

    def at(x: float, y: float) -> tuple[float, float]:
        return big / 2 + (x - 50) * unit, big / 2 + (y - 50) * unit

    # The pill is drawn lying flat on a sheet of its own and then turned.
    flat = Image.new("L", (big, big), 0)
    box = (*at(50 - HALF, 50 - RADIUS), *at(50 + HALF, 50 + RADIUS))
    ImageDraw.Draw(flat).rounded_rectangle(box, radius=RADIUS * unit, fill=255)
    halves = Image.new("RGBA", (big, big), PAPER)
    ImageDraw.Draw(halves).rectangle((big / 2, 0, big, big), fill=LILAC)
    image.paste(halves.rotate(TURN), (0, 0), flat.rotate(TURN, Image.Resampling.BICUBIC))

    reach = (HALF - RADIUS) * cos(radians(TURN))
    low = (50 - reach, 50 + reach)
    points = [at(*moved(point, low)) for point in TICK]
    width = 5 * unit
    draw.line(points, fill=PLUM, width=round(width), joint="curve")
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=PLUM)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def moved(point: tuple[float, float], middle: tuple[float, float]) -> tuple[float, float]:
    """A point of the tick, whose own middle is (47.75, 59.25), put on the middle of the pill's lower half."""
    return point[0] - 47.75 + middle[0] + 0.2, point[1] - 59.25 + middle[1] + 0.6


def favicon() -> str:
    reach = HALF - RADIUS
    step = cos(radians(TURN)) * reach
    low = (50 - step, 50 + step)
    tick = " ".join(f"{x:.1f},{y:.1f}" for x, y in (moved(p, low) for p in TICK))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" rx="22" fill="{PLUM}"/>'
        f'<g transform="rotate(-{TURN} 50 50)"><rect x="{50 - HALF}" y="{50 - RADIUS}" '
        f'width="{2 * HALF}" height="{2 * RADIUS}" rx="{RADIUS}" fill="{PAPER}"/>'
        f'<path d="M50 {50 - RADIUS}h{HALF - RADIUS}a{RADIUS} {RADIUS} 0 0 1 0 {2 * RADIUS}H50z" fill="{LILAC}"/></g>'
        f'<polyline points="{tick}" fill="none" stroke="{PLUM}" '
        'stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>'
        "</svg>\n"
    )


def main() -> None:
    for name, side, rounded, scale in (
        ("icon-192.png", 192, True, 1.18),
        ("icon-512.png", 512, True, 1.18),
        ("icon-maskable-512.png", 512, False, 0.98),
        ("apple-touch-180.png", 180, False, 1.12),
    ):
        image = mark(side, rounded, scale)
        if not rounded:
            image = image.convert("RGB")
        image.quantize(64 if not rounded else 128).save(HERE / name, optimize=True)
    (HERE / "favicon.svg").write_text(favicon(), encoding="utf-8")


if __name__ == "__main__":
    main()
