"""A tiny site for trying the browser side alone: static files, the content policy, and answers a test sets by hand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
BUILDS = ROOT / "var" / "assets"
VERSION = "testbuild"
BASE = f"/static/{VERSION}/"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DECODER_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".html": "text/html; charset=utf-8",
}
HTMX_CONFIG = {
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "historyCacheSize": 0,
    "selfRequestsOnly": True,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True, "error": False},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Answer:
    body: str | bytes = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


CUT = Answer(status=0)  # the connection ends without an answer


def as_json(**content: object) -> Answer:
    return Answer(json.dumps(content), kind="application/json")


class Site(ThreadingHTTPServer):
    """Answers by `answers[method, path]`, an Answer or a function of the request; keeps what it was asked in `seen`."""

    daemon_threads = True
    request_queue_size = 128  # a browser opens more than the usual five at once

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[tuple[str, str], Answer | Callable[[Seen], Answer]] = {}
        self.seen: list[Seen] = []
        self.page("/sw.js", self._service_worker(), kind="text/javascript", headers={"Cache-Control": "no-cache"})
        self.page("/offline", _with_base("offline.html"))
        self.page("/manifest.webmanifest", _with_base("manifest.webmanifest"), kind="application/manifest+json")
        self.page("/favicon.ico", "", kind="image/png")
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __exit__(self, *_) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def page(self, path: str, body: str, *, method: str = "GET", **rest) -> None:
        self.answers[method, path] = Answer(body, **rest)

    def asked(self, method: str, path: str) -> list[Seen]:
        return [one for one in self.seen if (one.method, one.path) == (method, path)]

    def handle_error(self, request, client_address) -> None:
        """A browser that hangs up is no fault."""

    @staticmethod
    def _service_worker() -> str:
        shell = {"version": VERSION, "base": BASE, "files": ["/offline", f"{BASE}css/app.css", "img/icons.svg"]}
        return f"self.SHELL = {json.dumps(shell)};\n" + (STATIC / "sw.js").read_text(encoding="utf-8")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        asset = self.path.startswith(BASE) and _asset(self.path.removeprefix(BASE))
        self._send(asset or self._answer())

    def do_POST(self) -> None:
        self._send(self._answer())

    def _answer(self) -> Answer:
        length = int(self.headers.get("Content-Length") or 0)
        form = {name: values[-1] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        seen = Seen(self.command, self.path, dict(self.headers), form)
        self.server.seen.append(seen)
        answer = self.server.answers.get((self.command, self.path), Answer("Not here", 404))
        return answer(seen) if callable(answer) else answer

    def _send(self, answer: Answer) -> None:
        if answer is CUT:
            self.close_connection = True
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        usual = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        headers = usual | answer.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


def _asset(name: str) -> Answer:
    """From static/ as it stands now; what is fetched or made at set-up comes from the newest build."""
    folder = BUILDS / (BUILDS / "current").read_text(encoding="utf-8").strip()
    path = next((p for p in (STATIC / name, folder / name) if p.is_file()), None)
    if path is None:
        return Answer("No such asset", 404)
    policy = DECODER_POLICY if name.endswith("js/mar/decoder-worker.js") else POLICY
    headers = {"Content-Security-Policy": policy, "Cache-Control": "public, max-age=31536000, immutable"}
    return Answer(path.read_bytes(), kind=TYPES.get(path.suffix, "application/octet-stream"), headers=headers)


def _with_base(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8").replace("{base}", BASE)


def document(body: str, *, public_url: str = "", timeout: int | None = None) -> str:
    """A whole page round `body`, as the layout will have it."""
    config = HTMX_CONFIG | ({"timeout": timeout} if timeout else {})
    return f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Trial</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="csrf-of-the-page"><meta name="public-url" content="{public_url}">
<meta name="htmx-config" content='{json.dumps(config)}'>
<link rel="manifest" href="/manifest.webmanifest"><link rel="stylesheet" href="{BASE}css/app.css">
<script defer src="{BASE}vendor/htmx.min.js"></script><script type="module" src="{BASE}js/app.js"></script>
</head><body><div id="bars"></div><div id="alarm" role="alert"></div><main><h1>Trial</h1>{body}</main></body></html>"""
