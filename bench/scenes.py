"""What the scanner's 600 pictures show: scenes of the product's own labels, by parameters alone, from one seed.

Written before the first decode run and not tuned to a decoder since (the history of this file shows it). Every length
is a share of the code or of the frame, so that a scene is the same scene whatever the camera delivers. Only `random()`
of Python's generator is used: it gives the same numbers on every machine and version.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

PICTURES, SEED = 600, "steady scanner set 1"
# As long as an address may be before its code needs more modules than most homes' will.
PUBLIC_URL = "https://mar.rowanbankcare.co.uk"
LEAST_SHARE, MOST_SHARE, MOST_TILT = 0.08, 0.60, 45.0
CAUSES = ("motion", "defocus", "glare", "shade", "curve", "worn", "noise", "dim")
HOW_MANY = ((0, 0.10), (1, 0.45), (2, 0.35), (3, 0.10))  # causes at once, beside size, tilt and turn, which always vary
PEOPLE = ("Ivy", "Walter", "Doris", "Stanley", "Beryl", "Reginald", "Hilda", "Kenneth")


@dataclass(frozen=True)
class Scene:
    """One picture. `share` is the code's side, quiet zone left out, seen head-on, in parts of the frame's shorter side;
    `tilt` leans it away from the camera towards `lean`, `turn` turns it in its plane (degrees); `place` is where it
    lies between the middle (0) and the edges (-1, 1). `causes` holds each cause's severity from 0 to 1, `drawn` the
    figures that follow from it."""

    number: int
    token: str
    share: float
    tilt: float
    lean: float
    turn: float
    place: tuple[float, float]
    upright: bool
    ink: float
    paper: float
    exposure: float
    grain: float
    causes: dict[str, float] = field(default_factory=dict)
    drawn: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the label says beside the code."""
        return PEOPLE[self.number % len(PEOPLE)]


class Dice:
    """Draws from one seed by `random()` alone."""

    def __init__(self, *seed: object) -> None:
        digest = hashlib.sha256(" ".join(map(str, seed)).encode()).digest()
        self._random = random.Random(int.from_bytes(digest, "big"))

    def between(self, low: float, high: float) -> float:
        """Any value from low to high, each as likely."""
        return low + (high - low) * self._random.random()

    def towards_middle(self) -> float:
        """From -1 to 1, the middle likelier: people aim at what they scan."""
        return (self.between(-1, 1) + self.between(-1, 1)) / 2

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return min(count - 1, int(self._random.random() * count))

    def byte_string(self, length: int) -> bytes:
        """Random bytes."""
        return bytes(self.below(256) for _ in range(length))


def scenes(count: int = PICTURES, seed: str = SEED) -> list[Scene]:
    """The set, or its first pictures: scene n is the same however many are asked for."""
    return [_scene(number, Dice(seed, number)) for number in range(count)]


def digest(some: list[Scene]) -> str:
    """A fingerprint of parameters, rounded so that no machine's last binary digit shows."""
    rounded = json.loads(json.dumps([asdict(s) for s in some]), parse_float=lambda x: round(float(x), 6))
    return hashlib.sha256(json.dumps(rounded, sort_keys=True).encode()).hexdigest()


def _scene(number: int, dice: Dice) -> Scene:
    plain = Scene(
        number=number,
        token=base64.b32encode(dice.byte_string(20)).decode(),
        share=dice.between(LEAST_SHARE, MOST_SHARE),
        tilt=dice.between(0, MOST_TILT),
        lean=dice.between(0, 360),
        turn=dice.between(0, 360),
        place=(dice.towards_middle(), dice.towards_middle()),
        upright=dice.between(0, 1) < 0.8,
        ink=dice.between(0.05, 0.15),
        paper=dice.between(0.80, 0.95),
        exposure=dice.between(0.75, 1.0),
        grain=dice.between(1, 3),
    )
    causes = {name: dice.between(0, 1) for name in _some_causes(dice)}
    return replace(plain, causes=causes, drawn={name: DRAWN[name](s, dice) for name, s in causes.items()})


def _some_causes(dice: Dice) -> list[str]:
    at, left, chosen = dice.between(0, 1), list(CAUSES), []
    count = 0
    for number, part in HOW_MANY:
        if at >= 0:
            count, at = number, at - part
    for _ in range(count):
        chosen.append(left.pop(dice.below(len(left))))
    return sorted(chosen)


# ---------------------------------------------------------------- what a severity means


def _motion(s: float, dice: Dice) -> dict[str, float]:
    """A hand that moves while the picture is taken: 0.08 to 0.7 % of the frame's shorter side, 0.6 to 5 pixels of 720,
    however large the code is."""
    return {"length": 0.0008 + 0.0062 * s, "way": dice.between(0, 360)}


def _defocus(s: float, dice: Dice) -> dict[str, float]:
    """Too near to focus: a spread with a standard deviation of 0.1 to 0.7 of a module."""
    return {"spread": 0.1 + 0.6 * s}


def _glare(s: float, dice: Dice) -> dict[str, float]:
    """A lamp in a shiny surface: a spot of 8 to 22 % of the code's side as radius, anywhere on the code."""
    return {
        "radius": 0.08 + 0.14 * s,
        "peak": 120 + 135 * s,
        "x": dice.between(-0.5, 0.5),
        "y": dice.between(-0.5, 0.5),
        "long": dice.between(1, 2.5),
        "way": dice.between(0, 360),
    }


def _shade(s: float, dice: Dice) -> dict[str, float]:
    """A shadow whose edge lies across the code; in it 65 down to 25 % of the light."""
    return {
        "light": 0.65 - 0.40 * s,
        "way": dice.between(0, 360),
        "edge": dice.between(-0.3, 0.3),
        "soft": dice.between(0.02, 0.3),
    }


def _curve(s: float, dice: Dice) -> dict[str, float]:
    """Stuck round a wrist: half the code bends through 10 to 30 degrees. A sticker's code does so on limbs of 40 down
    to 13 centimetres round; the thinnest of grown people are near the latter."""
    return {"half": 10 + 20 * s, "along": float(dice.between(0, 1) < 0.7)}


def _worn(s: float, dice: Dice) -> dict[str, float]:
    """Ink rubbed paler, specks, creases, and a scuff that takes up to 5 % of the code away."""
    return {
        "fade": 0.30 * s,
        "specks": float(int(10 + 50 * s)),
        "creases": float(int(1 + 3 * s)),
        "scuff": 0.05 * s,
        "pattern": float(dice.below(1_000_000)),
    }


def _noise(s: float, dice: Dice) -> dict[str, float]:
    """A poor sensor: grain with a standard deviation of 5 to 22 of 255."""
    return {"grain": 5 + 17 * s}


def _dim(s: float, dice: Dice) -> dict[str, float]:
    """A night round: 45 down to 12 % of full exposure, with the grain that comes with it."""
    return {"exposure": 0.45 - 0.33 * s, "grain": 4 + 6 * s}


DRAWN: dict[str, Callable[[float, Dice], dict[str, float]]] = {
    "motion": _motion, "defocus": _defocus, "glare": _glare, "shade": _shade,
    "curve": _curve, "worn": _worn, "noise": _noise, "dim": _dim,
}  # fmt: skip


# ---------------------------------------------------------------- the frames of about a second


def held(scene: Scene, frame: int, seed: str = SEED) -> Scene:
    """The same scene some frames later: the hand drifts, focus hunts, a spot of light wanders with the angle. Frame 0
    is the scene itself."""
    if frame == 0:
        return scene
    dice = Dice(seed, scene.number, "frame", frame)
    drawn = {name: dict(figures) for name, figures in scene.drawn.items()}
    drift = {
        "share": scene.share * dice.between(0.95, 1.05),
        "tilt": min(MOST_TILT, abs(scene.tilt + dice.between(-3, 3))),
        "lean": scene.lean + dice.between(-4, 4),
        "turn": scene.turn + dice.between(-3, 3),
        "place": tuple(max(-1.0, min(1.0, p + dice.between(-0.05, 0.05))) for p in scene.place),
    }
    if "motion" in drawn:
        drawn["motion"]["length"] *= dice.between(0.3, 1.3)
        drawn["motion"]["way"] += dice.between(-60, 60)
    if "defocus" in drawn:
        drawn["defocus"]["spread"] *= dice.between(0.6, 1.2)
    if "glare" in drawn:
        drawn["glare"]["x"] += dice.between(-0.06, 0.06)
        drawn["glare"]["y"] += dice.between(-0.06, 0.06)
    return replace(scene, drawn=drawn, **drift)
