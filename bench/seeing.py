"""A pinhole camera before a label: where each point of it lands in the frame. Pure geometry, millimetres and pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.scenes import Scene

Point = tuple[float, float]
Space = tuple[float, float, float]
LENS = 1.42  # focal length in shorter sides of the frame: a phone's main camera, about 64 degrees along the longer side
FACETS = 24


@dataclass(frozen=True)
class Facet:
    """A flat piece of the label: its corners on the sheet, and in space with the code's middle as origin."""

    flat: tuple[Point, ...]
    space: tuple[Space, ...]


def facets(scene: Scene, sheet: Point, middle: Point) -> list[Facet]:
    """The label in flat pieces: one, or strips round a cylinder whose nearest line runs through the code's middle."""
    (width, height), curve = sheet, scene.drawn.get("curve")
    if curve is None:
        return [_facet(((0, 0), (width, 0), (width, height), (0, height)), middle, None, True)]
    along = bool(curve["along"])  # the cylinder's axis runs up the label, else across it
    length = width if along else height
    cuts = [length * i / FACETS for i in range(FACETS + 1)]
    strips = [((a, 0), (b, 0), (b, height), (a, height)) if along else ((0, a), (width, a), (width, b), (0, b))
              for a, b in zip(cuts, cuts[1:], strict=False)]  # fmt: skip
    return [_facet(strip, middle, _radius(curve["half"]), along) for strip in strips]


def _radius(half_angle: float) -> float:
    """Of the cylinder on which half a sticker's code (11 mm) bends through so many degrees."""
    return 11.1 / math.radians(half_angle)


def _facet(corners: tuple[Point, ...], middle: Point, radius: float | None, along: bool) -> Facet:
    def bent(u: float, v: float) -> Space:
        x, y = u - middle[0], v - middle[1]
        if radius is None:
            return x, y, 0.0
        angle = (x if along else y) / radius
        round_, back = radius * math.sin(angle), radius * (1 - math.cos(angle))
        return (round_, y, back) if along else (x, round_, back)

    return Facet(corners, tuple(bent(u, v) for u, v in corners))


class View:
    """How one scene is seen. `code` is the side of the code without its quiet zone, `module` that of a module."""

    def __init__(self, scene: Scene, size: tuple[int, int], *, code: float, module: float) -> None:
        self.size, self.code = size, code
        self._short = min(size)
        self._focal = LENS * self._short
        self._away = self._focal * code / (scene.share * self._short)
        self._turning = _turning(scene.turn, scene.tilt, scene.lean)
        self._at = (0.0, 0.0)
        self._at = self._aim(scene)
        self.side_pixels = scene.share * self._short
        self.module_pixels = self.side_pixels * module / code
        self.middle = self.project((0, 0, 0))

    def _aim(self, scene: Scene) -> Point:
        """Where the code's middle stands in space, so that the whole code lies in the frame."""
        corners = self.code_corners()
        at = []
        for i in (0, 1):
            reach = max(abs(c[i] - self.size[i] / 2) for c in corners)
            free = max(0.0, self.size[i] / 2 - 1.1 * reach)
            at.append(0.8 * scene.place[i] * free * self._away / self._focal)
        return at[0], at[1]

    def code_corners(self) -> list[Point]:
        """The four corners of the code, quiet zone left out, if it lay flat."""
        h = self.code / 2
        return [self.project((x, y, 0)) for x, y in ((-h, -h), (h, -h), (h, h), (-h, h))]

    def on_code(self, x: float, y: float) -> Point:
        """A point of the code, from -0.5 to 0.5 each way."""
        return self.project((x * self.code, y * self.code, 0))

    def project(self, point: Space) -> Point:
        """Where a point of the label lands, in pixels."""
        x, y, z = (sum(r * c for r, c in zip(row, point, strict=True)) for row in self._turning)
        by = self._focal / (z + self._away)
        return self.size[0] / 2 + (x + self._at[0]) * by, self.size[1] / 2 + (y + self._at[1]) * by

    def faces_us(self, facet: Facet) -> bool:
        """Whether a piece shows its printed side."""
        (ax, ay), (bx, by), (cx, cy) = (self.project(p) for p in facet.space[:3])
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0


def _turning(turn: float, tilt: float, lean: float) -> tuple[Space, Space, Space]:
    """The matrix that turns the label in its plane, then tilts it about the axis in that plane at `lean`."""
    r, t, a = (math.radians(d) for d in (turn, tilt, lean))
    spin = ((math.cos(r), -math.sin(r), 0), (math.sin(r), math.cos(r), 0), (0, 0, 1))
    x, y, c, s = math.cos(a), math.sin(a), math.cos(t), math.sin(t)
    o = 1 - c
    tip = ((c + x * x * o, x * y * o, y * s), (x * y * o, c + y * y * o, -x * s), (-y * s, x * s, c))
    return tuple(tuple(sum(tip[i][k] * spin[k][j] for k in range(3)) for j in range(3)) for i in range(3))


def coefficients(seen: list[Point], flat: list[Point]) -> list[float]:
    """Pillow's eight figures of the perspective that takes each point of the picture to its point on the sheet."""
    rows = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss and Jordan, with the largest pivot."""
    for i in range(len(rows)):
        best = max(range(i, len(rows)), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(len(rows)):
            if r != i and rows[r][i]:
                by = rows[r][i]
                rows[r] = [a - by * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[-1] for row in rows]
