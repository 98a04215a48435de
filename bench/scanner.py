"""`make scanner`: 600 pictures of our own labels through the product's own decoder, and how soon a steady code is read.

    bench/scanner.py                    the whole set, as the camera is asked for it; some minutes
    bench/scanner.py --count 60         its first pictures only
    bench/scanner.py --frame 1920x1080  as another camera would deliver the same scenes
    bench/scanner.py --keep FOLDER      the pictures that were not read are left there
    bench/scanner.py --engine webkit    in WebKitGTK, where its driver is installed

Exits with 1 when anything was read wrongly; a figure below its bar is said, and does not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import drawing, gallery, reading, scanner_report, scenes, webkit  # noqa: E402
from bench.first_read import first_reads  # noqa: E402
from bench.reading import Read, Reader  # noqa: E402

HELD, EMPTY, STARTS = 8, 24, 10  # frames of about a second; pictures without a label; times the scanner is opened


def main(arguments: list[str] | None = None) -> int:
    """Draw, have read, print."""
    wanted, began = _wanted(arguments), time.monotonic()
    if wanted.engine == "webkit" and (missing := webkit.what_is_missing()):
        print(missing, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="steady-scanner-") as name:
        folder = Path(name)
        engine = webkit.in_webkit if wanted.engine == "webkit" else reading.in_chromium
        with engine(lambda picture: (folder / f"{picture}.png").read_bytes()) as read:
            some = scenes.scenes(wanted.count)
            single = _read_all([f"{s.number}-0" for s in some], folder, wanted.frame, read)
            sound = scanner_report.whole_set(some, single, wanted.frame, wanted.engine)
            _keep(single, some, folder, wanted.keep)
            sound &= scanner_report.held(some, single, _held_longer(some, single, folder, wanted.frame, read), HELD)
            scanner_report.empties(_read_all([f"empty-{n}" for n in range(EMPTY)], folder, wanted.frame, read))
    if wanted.engine == "chromium":
        scanner_report.starts(first_reads(STARTS))
    print(f"\nThe run took {time.monotonic() - began:.0f} s.")
    return 0 if sound else 1


def _wanted(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=scenes.PICTURES, help="how many pictures of the set")
    parser.add_argument("--frame", type=_frame, default=(1280, 720), help="what the camera delivers, as 1280x720")
    parser.add_argument("--keep", type=Path, help="a folder for the pictures that were not read")
    parser.add_argument("--engine", choices=("chromium", "webkit"), default="chromium")
    return parser.parse_args(arguments)


def _frame(words: str) -> tuple[int, int]:
    longer, shorter = map(int, words.split("x"))
    return longer, shorter


def draw(name: str, folder: Path, frame: tuple[int, int]) -> None:
    """Draw one picture by its name: `NUMBER-FRAME` of a scene, or `empty-NUMBER`."""
    first, _, second = name.partition("-")
    if first == "empty":
        picture = drawing.empty(int(second), frame)
    else:
        scene = scenes.scenes(int(first) + 1)[int(first)]
        picture = drawing.picture(scenes.held(scene, int(second)), frame, take=int(second))
    (folder / f"{name}.png").write_bytes(gallery.png(picture))


def _read_all(names: list[str], folder: Path, frame: tuple[int, int], read: Reader) -> list[Read]:
    """Draw in two processes, then read, so that drawing does not slow what is timed."""
    with ProcessPoolExecutor(2) as two:
        list(two.map(partial(draw, folder=folder, frame=frame), names, chunksize=4))
    return read(names)


def _held_longer(some, single: list[Read], folder: Path, frame, read: Reader) -> list[Read]:
    """The following frames of what the first did not give: a carer holds the phone still for about a second."""
    unread = [s.number for s, r in zip(some, single, strict=True) if r.judged(s.token) == "unread"]
    return _read_all([f"{n}-{k}" for n in unread for k in range(1, HELD)], folder, frame, read) if unread else []


def _keep(single: list[Read], some, folder: Path, keep: Path | None) -> None:
    if keep is None:
        return
    keep.mkdir(parents=True, exist_ok=True)
    for scene, read in zip(some, single, strict=True):
        if read.judged(scene.token) != "read":
            (keep / f"{read.name}.png").write_bytes((folder / f"{read.name}.png").read_bytes())


if __name__ == "__main__":
    sys.exit(main())
