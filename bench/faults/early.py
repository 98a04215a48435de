"""The control: a server that answers before it has stored. It is in no way part of the product; a kill run against it
must show lost acknowledgements, or the harness sees nothing."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any

from medpwa import serving

SAID = b"Saved, or so it says."
_owed: queue.Queue[dict[str, Any]] = queue.Queue()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer an outcome at once and store it a little later; everything else is the product's."""
    if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/card/outcome"):
        return serving.app(environ, start_response)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    _owed.put({**environ, "wsgi.input": io.BytesIO(body)})
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(SAID)))])
    return [SAID]


def _store() -> None:
    while True:
        for _ in serving.app(_owed.get(), lambda *_: None):
            pass


threading.Thread(target=_store, daemon=True, name="late").start()
