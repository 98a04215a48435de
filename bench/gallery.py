"""A page with the product's own scripts, worker, WebAssembly and policy headers, and the scanner's pictures beside it.

Any make of browser can read from it; nothing of the product but its files is there.
"""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask, Response, request
from PIL import Image
from werkzeug.serving import WSGIRequestHandler, make_server

from medpwa import assets, security, web

Draw = Callable[[str], bytes]
PAGE = '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Gallery</title><h1>Gallery</h1></html>'

# In the page: the product's decoder reads one picture after another, as it reads frames of the camera.
BEGIN = """async (address) => {
  const { Decoder } = await import(address);
  window.decoder = new Decoder();
  await window.decoder.ready;
}"""
READ = """async (names) => {
  const read = [];
  for (const name of names) {
    const answer = await fetch(`/pictures/${name}.png`);
    const picture = await createImageBitmap(await answer.blob());
    const began = performance.now();
    const { results, size } = await window.decoder.read(picture, picture.width, picture.height);
    read.push({ name, ms: performance.now() - began, results, size });
    picture.close();
  }
  return read;
}"""


@dataclass
class Gallery:
    """Where it is served, and where the decoder's module lies."""

    base: str
    decoder: str


def png(picture: Image.Image) -> bytes:
    """A picture as a browser is sent it, nothing lost."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


@contextlib.contextmanager
def hung(draw: Draw) -> Iterator[Gallery]:
    """Serve on a free loopback port until the block ends. `draw` makes the picture of a name, as a PNG."""
    server = make_server("127.0.0.1", 0, _application(draw), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Gallery(f"http://127.0.0.1:{server.port}", f"{assets.base_url()}js/mar/decoder.js")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _application(draw: Draw) -> Flask:
    app = Flask("gallery", static_folder=None)
    app.add_url_rule("/", "page", lambda: PAGE)
    app.add_url_rule("/pictures/<name>.png", "picture", lambda name: Response(draw(name), mimetype="image/png"))
    app.after_request(lambda response: security.finish(request, response, https=False))
    web.serve_assets(app)
    return app


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Six hundred lines would say nothing."""
