"""Every route with requests of every wrong shape: ids that are none, bodies that are no forms, odd headers."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator

from medpwa.config import ROOT
from medpwa.pages import Route
from tests.attack.hostile import HOSTILE
from tests.attack.siege import Siege, body
from tests.house.permit_matrix import FROM_US, NOTES, address, fill, names_in, routes

PARTS = (
    *("0", "-1", "999999", "1" * 18, "9" * 19, str(2**63), "1.5", "1e3", "NaN", "%D9%A3", "%EF%BC%91", "%00", "1%00"),
    *(
        "%F0%9F",
        "%ED%A0%80",
        "%FF",
        "..",
        "..%2f..%2f",
        "%2e%2e",
        ".",
        "1;2",
        "1%0d%0aX-xq7z:1",
        "%3Cxq7z%3E",
        "x" * 3_000,
    ),
    *("1%20", "%201", "+1", "0x1", "null", "undefined", "*", "'", "1-1", "1-9999999999999999999", "1%2f2"),
)
KINDS = (
    ("application/json", b'{"note": [1, {"xq7z": null}], "dose": {"$ne": 1}}'),
    ("application/json", b"[" * 5_000),
    ("text/plain", b"note=xq7z&reason=xq7z"),
    ("application/xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "xq7z">]><x>&a;</x>'),
    ("application/octet-stream", bytes(range(256))),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nxq7z'),
    ("multipart/form-data; boundary=" + "x" * 300, b"--" + b"x" * 300 + b"\r\n\r\n"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"note=+ADw-xq7z+AD4-"),
    ("application/x-www-form-urlencoded", b"%%%=&&&==%zz&=" * 200),
    ("application/x-www-form-urlencoded", b"a=" * 100_000),
    ("application/x-www-form-urlencoded", b"note=" + b"x" * 1_000_000),
    ("", b"note=xq7z"),
)
HEADERS = (
    {"Accept": "application/json"},
    {"HX-Request": "true"},
    {"HX-Request": "true", "Accept": "application/json", "HX-Target": "<xq7z>", "HX-Current-URL": "//xq7z.example"},
    {"Accept": "text/html;q=abc, */*;q=-1, xq7z"},
    {"Accept": ",".join(["a/b"] * 2_000)},
    {"Accept-Encoding": "gzip;q=nan, xq7z", "Accept-Language": "\u00ff" * 100},
    {"Cookie": "__Host-session=" + "x" * 7_000},
    {"Cookie": '__Host-session="\\377; __Host-known=xq7z.xq7z; =;;'},
    {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "POST", "X-HTTP-Method": "PUT"},
    {"X-Original-URL": "/sign-out", "X-Rewrite-URL": "/sign-out", "X-Forwarded-Prefix": "/xq7z"},
    {
        "X-Forwarded-Host": "xq7z.example",
        "X-Forwarded-Proto": "gopher",
        "Forwarded": "host=xq7z.example",
        "X-Host": "xq7z",
    },
    {"X-Forwarded-For": "xq7z", "X-Real-IP": "<xq7z>", "True-Client-IP": "127.0.0.1"},
    {"Range": "bytes=0-1,5-,-9", "If-None-Match": "*", "If-Modified-Since": "31 February", "Expect": "xq7z"},
    {"Referer": "//xq7z.example/[", "Origin": "null", "User-Agent": "<xq7z>" * 500},
)


def attack(siege: Siege, a_route: int | None = None) -> None:
    """Every route: `a_route` of each sort of oddness in turn, or all of it."""
    parts, kinds, headers, hostile = (itertools.cycle(x) for x in (PARTS, KINDS, HEADERS, HOSTILE))

    def some(turn, all_of):
        return all_of if a_route is None else list(itertools.islice(turn, a_route))

    for route in routes():
        siege.tally.routes += 1
        odd_parts(siege, route, some(parts, PARTS))
        for kind in some(headers, HEADERS):
            odd_headers(siege, route, kind)
        if route.method == "POST":
            for kind, said in some(kinds, KINDS):
                odd_body(siege, route, kind, said)
        else:
            for value in some(hostile, HOSTILE):
                odd_query(siege, route, value.raw)


def odd_parts(siege: Siege, route: Route, parts) -> None:
    """Each id in the address as something that is no id."""
    ids = siege.ids("rosa", route)
    for name in (*names_in(route.rule), *(["home"] if "<home>" in route.rule else [])):
        for part in parts:
            path = fill(re.sub(rf"<(\w+:)?{name}>", "\0", route.rule), "rowan", ids).replace("\0", part)
            answer, changed = siege.attempt("rosa", path, method=route.method, **_form(siege, route))
            if answer.status_code < 400 and changed - NOTES and part not in ("..", "."):
                siege.tally.faults.append(f"{route.method} {path[:120]}: {answer.status_code} {sorted(changed)}")


def odd_query(siege: Siege, route: Route, value: bytes) -> None:
    """Every name any page asks for, saying something hostile, twice."""
    query = body([(n, value) for n in (*query_names(), *query_names()[:3])])[:60_000].decode()
    path = fill(route.rule, "rowan", siege.ids("rosa", route))
    siege.attempt("rosa", f"{path}?{query}", method="GET", label=f"GET {route.rule}?… {value[:20]!r}")


def query_names() -> list[str]:
    """The names pages read after the question mark, from the product's own code."""
    code = "".join(p.read_text() for p in sorted((ROOT / "medpwa").rglob("*.py")))
    return sorted(set(re.findall(r'request\.args\.get(?:list)?\("(\w+)"', code)))


def odd_body(siege: Siege, route: Route, kind: str, said: bytes) -> None:
    """A body no page of ours sends changes nothing."""
    path = fill(route.rule, "rowan", siege.ids("rosa", route))
    headers = FROM_US | {"X-CSRF-Token": siege.token("rosa")}
    label = f"POST {path} as {kind[:60] or 'nothing'}"
    answer, changed = siege.attempt("rosa", path, data=said, content_type=kind or None, headers=headers, label=label)
    if changed - NOTES and not kind.startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    ):
        siege.tally.changed.append(f"{label}: {answer.status_code}, and {sorted(changed)} changed")


def odd_headers(siege: Siege, route: Route, headers: dict[str, str]) -> None:
    """Headers nobody sends; what is refused answers in the shape that was asked for."""
    path = fill(address(route), "rowan", siege.ids("rosa", route) | {"resident_id": "987654"})
    label = f"{route.method} {path} with {str(headers)[:80]}"
    how = _form(siege, route)
    answer, _ = siege.attempt("rosa", path, method=route.method, label=label,
                              **how | {"headers": how["headers"] | headers})  # fmt: skip
    for fault in shape_faults(answer, headers):
        siege.tally.faults.append(f"{label}: {fault}")


def shape_faults(answer, headers: dict[str, str]) -> Iterator[str]:
    """What is not in the shape that was asked for."""
    if answer.status_code < 400 or answer.status_code in A_PAGE_AGAIN or answer.request.path in OWN_WORDS:
        return
    text = answer.get_data(as_text=True)
    if headers.get("Accept") == "application/json":
        if answer.mimetype != "application/json" or not json.loads(text).get("words"):
            yield f"{answer.status_code} {answer.mimetype} is no JSON"
    elif headers.get("HX-Request") and "<html" in text:
        yield f"{answer.status_code}: a whole page for a piece"
    elif not headers.get("HX-Request") and answer.mimetype == "text/html" and "<html" not in text:
        yield f"{answer.status_code}: a piece for a whole page"


A_PAGE_AGAIN = (409, 422, 429)  # the page again with what was typed
OWN_WORDS = ("/scan/waiting",)  # the page after a code that is not known here


def _form(siege: Siege, route: Route) -> dict:
    if route.method == "GET":
        return {"headers": FROM_US}
    return {"headers": FROM_US, "data": {"csrf_token": siege.token("rosa")}}
