"""What every answer and every unsafe request must satisfy: headers, origin, the masked form token, compression."""

from __future__ import annotations

import base64
import gzip
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Request, Response

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# A worker lives under the policy of its own response; the decoder alone compiles WebAssembly.
DECODER_POLICY = CONTENT_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
# A file handed out is nobody's page: whatever opens it runs nothing, loads nothing and is nobody here.
PAPER_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
_COMPRESSED = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
_SMALLEST_COMPRESSED = 600


def same_origin(request: Request) -> bool:
    """Whether an unsafe request comes from one of our own pages, by what the browser itself says.

    Sec-Fetch-Site decides where it is sent, else Origin; a request with neither did not come from a browser page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    try:
        return urlsplit(request.headers.get("Origin", "")).netloc == request.host != ""
    except ValueError:  # e.g. an unclosed bracket: no address at all
        return False


def masked(token: str) -> str:
    """A form token with fresh noise for this answer, so that compression leaks nothing about it."""
    raw = token.encode()
    noise = secrets.token_bytes(len(raw))
    return base64.urlsafe_b64encode(noise + _mixed(noise, raw)).decode()


def _mixed(one: bytes, other: bytes) -> bytes:
    """Two equally long texts laid over each other, bit by bit."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))


def matches(offered: str, token: str) -> bool:
    """Whether a masked token is this session's. Anything malformed is simply not it."""
    try:
        both = base64.urlsafe_b64decode(offered.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return False
    half, odd = divmod(len(both), 2)
    return not odd and hmac.compare_digest(_mixed(both[:half], both[half:]), token.encode())


def finish(request: Request, response: Response, *, https: bool) -> Response:
    """Headers and compression on the way out. Every dynamic page is personal unless its view said otherwise."""
    there = {name.lower() for name, _ in response.headers}
    response.headers.extend((name, value) for name, value in HEADERS.items() if name.lower() not in there)
    if https:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return _compress(request, response)


def _compress(request: Request, response: Response) -> Response:
    kind = response.mimetype or ""
    if response.direct_passthrough or not kind.startswith(_COMPRESSED) or "Content-Encoding" in response.headers:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    body = response.get_data()
    if len(body) >= _SMALLEST_COMPRESSED:
        response.set_data(gzip.compress(body, compresslevel=3, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
