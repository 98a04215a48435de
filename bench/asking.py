"""What is asked of the two servers: the same steps of a round, as requests that are ready to be sent.

The product is asked as a phone asks it: a session's cookie, the form token, htmx's headers (so that recording and the
lists that refresh themselves answer with a fragment), the marks of the lines that stand on its card, gzip accepted. A
card is asked for as the whole page that a scanned code opens.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from html import unescape
from typing import Protocol
from urllib.parse import urlencode

from bench import client, home
from bench.client import Answer, Asked
from bench.home import Bed, Carer
from medpwa import security
from medpwa.staff import sessions

_FORM = re.compile(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.S)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_DRAWN = re.compile(r'id="dose-([^"]+)" data-drawn="([^"]+)"')


class Asks(Protocol):
    """A way to ask: over the wire or in this process."""

    def ask(self, raw: bytes) -> Answer: ...


@dataclass(frozen=True)
class Steps:
    """Requests of one turn of a round, dose by dose; both servers get as many of each."""

    record: list[Asked]
    card: list[Asked]
    round: list[Asked]
    board: list[Asked]


# ---------------------------------------------------------------- the product


def of_product(connection: Asks, carers: list[Carer]) -> Steps:
    """Make every dose of a round ready by the real form, and take the outcome forms from the answers."""
    records, cards, rounds, boards = [], [], [], []
    for carer in carers:
        page = _made_ready(connection, carer)
        records += _outcomes(carer, page)
    for carer in carers:
        base = f"/h/{home.SLUG}"
        cards.append(_get("card", carer, f"{base}/residents/{carer.bed.resident_id}/card", htmx=False))
        rounds.append(_get("round", carer, f"{base}/round/list"))
        boards.append(_get("board", carer, f"{base}/floor/now"))
    return Steps(records, cards, rounds, boards)


@dataclass(frozen=True)
class Form:
    """The form that records one dose as taken, on one person's card. `fields` are without the other lines' tickets."""

    carer: Carer
    action: str
    fields: list[tuple[str, str]]

    @property
    def dose(self) -> str:
        return dict(self.fields)["dose"]


def ready_forms(connection: Asks, carer: Carer) -> list[Form]:
    """Make every line of a card ready; the forms that then stand on it, one a dose."""
    forms = _forms(_made_ready(connection, carer), "/card/outcome")
    taken = [(action, fields) for action, fields in forms if ("outcome", "given") in fields]
    found = [Form(carer, action, [f for f in fields if f[0] != "keep"]) for action, fields in taken]
    return list({form.dose: form for form in found}.values())


def post(kind: str, carer: Carer, path: str, fields: list[tuple[str, str]]) -> Asked:
    """A form of the product as it is sent."""
    return _post(kind, carer, path, fields)


def _headers(carer: Carer, *, htmx: bool = True) -> dict[str, str]:
    found = {
        "Cookie": f"{sessions.COOKIE}={carer.token}",
        "Accept": "text/html,*/*",
        "Accept-Encoding": "gzip, deflate, br",
        "Sec-Fetch-Site": "same-origin",
    }
    return found | ({"HX-Request": "true", "Origin": f"http://{client.HOST}"} if htmx else {})


def _get(kind: str, carer: Carer, path: str, *, htmx: bool = True) -> Asked:
    return Asked(kind, client.build("GET", path, _headers(carer, htmx=htmx)))


def _post(
    kind: str, carer: Carer, path: str, fields: list[tuple[str, str]], said: dict[str, str] | None = None
) -> Asked:
    body = urlencode([*fields, ("csrf_token", security.masked(carer.csrf))]).encode()
    return Asked(kind, client.build("POST", path, _headers(carer) | (said or {}), body))


def _made_ready(connection: Asks, carer: Carer) -> str:
    """Open the card and send its one form that makes every line ready."""
    card = f"/h/{home.SLUG}/residents/{carer.bed.resident_id}/card"
    page = _page(connection.ask(_get("card", carer, card, htmx=False).raw))
    action, fields = max(_forms(page, "/card/ready"), key=lambda form: len(form[1]))
    return _page(connection.ask(_post("ready", carer, action, fields).raw))


def _page(answer: Answer) -> str:
    if answer.status != 200:
        raise SystemExit(f"The product answered {answer.status}: {answer.text[:500]}")
    return answer.text


def _outcomes(carer: Carer, page: str) -> list[Asked]:
    """One outcome form for each measured line: its own fields, and the tickets of the lines that come after it."""
    forms, measured = {}, {str(line_id) for line_id, _ in carer.bed.lines}
    for action, fields in _forms(page, "/card/outcome"):
        if ("outcome", "given") in fields and dict(fields)["dose"].partition("-")[0] in measured:
            forms[dict(fields)["dose"]] = (action, [f for f in fields if f[0] != "keep"])
    if len(forms) != len(carer.bed.lines):
        raise SystemExit(f"{len(forms)} lines were made ready, not {len(carer.bed.lines)}")
    tickets = [dict(fields)["ready"] for _, fields in forms.values()]
    drawn = dict(_DRAWN.findall(page))
    shown = [drawn[dose] for dose in forms]
    kept = [[("keep", ticket) for ticket in tickets[number + 1 :]] for number in range(len(tickets))]
    return [
        _post("record", carer, action, [*fields, *kept[number]], {"X-Shown": " ".join(shown[number:])})
        for number, (action, fields) in enumerate(forms.values())
    ]


def _forms(page: str, target: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The forms of a page that lead to a target: address and hidden fields, without the form token."""
    found = []
    for action, inside in _FORM.findall(page):
        if action.endswith(target):
            fields = [(name, unescape(value)) for name, value in _HIDDEN.findall(inside)]
            found.append((action, [f for f in fields if f[0] != "csrf_token"]))
    return found


# ---------------------------------------------------------------- the ceiling


def of_ceiling(beds: list[Bed], turn: int) -> Steps:
    """The same steps of the ceiling, with no session and no token."""
    due = f"{home.TODAY}T{home.TIMES[turn]}"
    headers = {"Accept": "text/html,*/*"}
    people = range(1, len(beds) + 1)
    records = [
        Asked("record", client.build("POST", "/record", headers, urlencode(_plain_form(number, due)).encode()))
        for number in range(1, len(beds) * home.ORDERS + 1)
    ]
    cards = [Asked("card", client.build("GET", f"/chart/{n}", headers)) for n in people]
    boards = [Asked("board", client.build("GET", "/board", headers)) for _ in people]
    return Steps(records, cards, [Asked("round", b.raw) for b in boards], boards)


def _plain_form(number: int, due: str) -> dict[str, str]:
    return {"prescription": str(number), "due": due, "outcome": "given", "note": "", "form": str(uuid.uuid4())}
