"""Makes a camera file (.y4m) for Chromium's fake camera out of QR texts, with the standard library and qrcode alone.

    python tests/fakecam.py camera.y4m http://127.0.0.1:8000/r/ABC… [another text …]

Chromium plays it in a loop:
    --use-fake-device-for-media-stream --use-fake-ui-for-media-stream --use-file-for-fake-video-capture=/…/camera.y4m
An empty text is a picture without a code. Several texts follow each other, so that one file may hold a little story.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import qrcode

WIDTH, HEIGHT = 640, 480
DARK, PAPER, WALL = 24, 232, 128
QUIET_ZONE = 4


def write(path: Path | str, texts: Iterable[str], *, fps: int = 20, frames_each: int = 1) -> Path:
    """Write one picture per text, each shown for `frames_each` frames."""
    path = Path(path)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{fps}:1 Ip A1:1 C420mpeg2\n".encode())
        for text in texts:
            frame = b"FRAME\n" + picture([text] if text else []) + bytes([128]) * (WIDTH * HEIGHT // 2)
            out.write(frame * frames_each)
    return path


def picture(texts: list[str], *, share: float = 0.75) -> bytes:
    """One grey picture with the codes side by side on a wall; `share` is how much of the height they fill."""
    rows = [bytearray([WALL]) * WIDTH for _ in range(HEIGHT)]
    for place, text in enumerate(texts):
        modules = matrix(text)
        room = min(HEIGHT * share, WIDTH / len(texts))
        dot = max(1, int(room // len(modules)))
        side = dot * len(modules)
        left = WIDTH * (2 * place + 1) // (2 * len(texts)) - side // 2
        _draw(rows, modules, dot=dot, left=left, top=(HEIGHT - side) // 2)
    return b"".join(rows)


def matrix(text: str) -> list[list[bool]]:
    """The code as rows of dark and light, with its quiet zone."""
    code = qrcode.QRCode(border=QUIET_ZONE, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def _draw(rows: list[bytearray], modules: list[list[bool]], *, dot: int, left: int, top: int) -> None:
    for y, line in enumerate(modules):
        stripe = b"".join(bytes([DARK if dark else PAPER]) * dot for dark in line)
        for row in rows[top + y * dot : top + (y + 1) * dot]:
            row[left : left + len(stripe)] = stripe


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    print(write(sys.argv[1], sys.argv[2:], frames_each=40 if len(sys.argv) > 3 else 1))
