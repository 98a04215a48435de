"""Every form of the application, found by opening its pages as the people who work there, and filled in so that it is
taken: what is not found by a walk, or not taken as filled in, is reported."""

from __future__ import annotations

import collections
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup, Tag
from werkzeug.exceptions import HTTPException

from medpwa.pages import Route
from tests.attack.siege import FINDERS, Pairs, Siege, body
from tests.browse import form_values
from tests.house.permit_matrix import BASE, FROM_US, address, fill, routes
from tests.people import PASSWORD

NEW_PASSWORD = "harbour velvet ninety otters"

# What somebody types where a form says nothing and asks for it. A form that is not taken with these fails the suite:
# say here what it wants, for one target or for all.
TYPED: dict[str, str] = {
    "born": "1936-05-22",
    "nhs_number": "943 476 5919",
    "weight_kg": "61",
    "username": "wren.lark",
    "password": PASSWORD,
    "present": PASSWORD,
    "new_password": NEW_PASSWORD,
    "again": NEW_PASSWORD,
    "medicine": "lactulose",
    "strength": "10 mg",
    "starts_on": "2026-01-05",
    "sure": "yes",
    "window_before": "60",
    "window_after": "60",
    "decided_by": "Dr Banerjee",
    "dose_amount": "1",
    "taken": "0.5",
    "register_number": "12A3456E",
    "review_on": "2027-05-16",
    "signature": "[[[100,200],[300,120],[500,260]]]",
    "/sign-in username": "amina",
    "/check time": "21:00",
    "/orders/new time": "21:00",
    "/edit time": "21:00",
    "/away state": "hospital",
    "/reconcile second_source": "The letter of the ward",
    "/sign-in password": PASSWORD,
}
BY_TYPE = {"date": "2026-11-16", "time": "11:35", "number": "1", "search": "Ivy", "password": PASSWORD}
WORDS = "Something said in plain words"
# Targets no page has a form for, and why.
DUTIES = "who,day,from,until,what\nAmina Okoro,17/11/2026,07:00,14:30,\n"
FILES = {"/h/<home>/duties/import/look": (DUTIES.encode(), "duties.csv", "text/csv")}  # elsewhere a picture will do
MOST_TRIES = 12
CHOSEN = {"/orders/new": "?pattern=daily"}  # pages that ask one thing first and then show their form
NOT_OPENED = ("/r/<token>", "/sign-in", "/sw.js", "/manifest.webmanifest", "/components")  # specimens lead nowhere
NO_FORM = {
    "/h/<home>/scan/not-ours": "the scanner counts codes that are not ours, without a form",
    **{
        f"/h/<home>/{way}": "offered while a controlled drug stands ready, to two people (tests/mar/test_witness.py)"
        for way in (
            "residents/<int:resident_id>/card/witness",
            "residents/<int:resident_id>/card/witnessed",
            "residents/<int:resident_id>/card/ask-witness",
            "residents/<int:resident_id>/prn/<int:prn_id>/witness",
            "residents/<int:resident_id>/prn/<int:prn_id>/witnessed",
            "residents/<int:resident_id>/prn/<int:prn_id>/ask-witness",
            "witness/<int:request_id>/confirm",
            "witness/<int:request_id>/record",
        )
    },
    "/h/<home>/agency/<int:person_id>": "offered for agency and bank staff alone (tests/practice/test_inductions.py)",
    **{
        f"/h/<home>/{way}": f"wants what an earlier form of the same story left behind (tests/practice/{where}.py)"
        for way, where in (
            ("assessments/<int:assessment_number>/conclude", "test_assessment_pages"),
            ("assessments/<int:assessment_number>/observe", "test_assessment_pages"),
            ("assessments/begin/<int:person_id>", "test_assessment_pages"),
            ("my-assessments/rounds/<int:own_observation>", "test_assessment_pages"),
            ("observations/<int:observation_number>/finish", "test_assessment_pages"),
            ("observations/<int:observation_number>/sign", "test_assessment_pages"),
            ("observations/<int:observation_number>/sign-here", "test_assessment_pages"),
            ("supervision/talks/<int:talk_number>/amend", "test_supervision"),
        )
    },
    "/h/<home>/break-glass/<int:glass_id>/answer": "offered until it is answered (tests/mar/test_glass.py)",
    "/here": "the page says that somebody is typing, without a form",
    "/pin": "offered on an enrolled phone alone (tests/staff/test_pins.py)",
    "/sign-in/<int:person_id>": "names stand on an enrolled phone alone (tests/staff/test_pins.py)",
    "/unsent/drop": "offered while a form waits behind a lock (tests/staff/test_lock.py)",
}


@dataclass(frozen=True)
class Form:
    """One form as one person finds it, filled in."""

    who: str
    page: str
    path: str
    rule: str
    method: str
    pairs: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...]  # unticked boxes one may tick
    file: str = ""

    @property
    def key(self) -> tuple:
        """Two forms to one target with the same fields are one; rows of a list that grows count as one."""
        return self.method, self.rule, frozenset(re.sub(r"_\d+$", "_n", name) for name in self.names)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(n for n, _ in (*self.pairs, *self.choices) if n != "csrf_token"))

    def with_field(self, name: str, value: str | bytes) -> Pairs:
        """The form with one field saying something else; where it repeats, its first."""
        pairs, done = [], False
        for n, v in self.pairs:
            pairs.append((n, value) if n == name and not done else (n, v))
            done |= n == name
        return pairs if done else [*pairs, (name, value)]

    def without(self, name: str) -> Pairs:
        return [(n, v) for n, v in self.pairs if n != name]

    def __str__(self) -> str:
        return f"{self.method} {self.path} by {self.who}"


def walk(siege: Siege) -> tuple[list[Form], list[str]]:
    """(forms as they are taken, what could not be sent so that it is taken, a sentence each)."""
    _known.update({"code": siege.beside["short_code"], "/enrol code": siege.places["rowan"].ids["code"]})
    _known[f"/away/medicines amount_{siege.counted}"] = "2"
    taken: dict[tuple, Form] = {}
    failed: dict[tuple, str] = {}
    tried: collections.Counter = collections.Counter()
    waiting = collections.deque(form for who in FINDERS for form in _opened(siege, who))
    while waiting:
        form = waiting.popleft()
        if form.key in taken or tried[form.key] >= MOST_TRIES:
            continue
        tried[form.key] += 1
        answer = _coaxed(siege, form, taken, waiting)
        if form.key not in taken:
            failed.setdefault(form.key, f"{form}: {answer.status_code} {_said(answer)}")
    return list(taken.values()), [words for key, words in failed.items() if key not in taken and key[1] not in NO_FORM]


def _coaxed(siege: Siege, form: Form, taken: dict, waiting: collections.deque):
    """Send a form, filling in what its answer asks for, until it is taken or nothing helps."""
    key = form.key
    for _ in range(6):
        answer, _ = send(siege, form)
        if answer.status_code < 400:
            taken[key] = form
            waiting.extend(new_forms(siege, form.who, form.path, answer.get_data(as_text=True)))
        if answer.status_code != 422:
            return answer
        page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        asked = [page.find(id=a["href"][1:]) for a in page.select("#errors a[href^='#']")]
        asked += page.select("[aria-invalid=true]")
        better = _answered(form, asked) if any(asked) else _chosen(form)
        if better == form:
            return answer
        form = better
    return answer


def _answered(form: Form, asked: list[Tag]) -> Form:
    """The form with something said in each field its errors point at; what was refused as it stood is left empty."""
    pairs = list(form.pairs)
    fields = [tag if tag.has_attr("name") else tag.find(attrs={"name": True}) for tag in asked if tag is not None]
    for name, field in {f["name"]: f for f in reversed(fields) if f is not None}.items():
        said = _something(field, form.rule)
        if (name, said) in pairs and field.get("type") not in ("radio", "checkbox"):
            said = ""
        others = [p for p in pairs if p[0] != name]
        pairs = [*others, (name, said), *[p for p in pairs if p[0] == name][1:]]
    return replace(form, pairs=tuple(pairs))


def _chosen(form: Form) -> Form:
    """The form with the first of everything chosen that nothing was chosen of."""
    said = {n for n, _ in form.pairs}
    first = {n: (n, v) for n, v in reversed(form.choices) if n not in said}
    return replace(form, pairs=(*form.pairs, *first.values()))


def _said(answer) -> str:
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    found = page.find(id="errors") or page.select_one("main") or page
    return " ".join(found.get_text(" ").split())[:200]


def kinds(form: Form) -> list[str]:
    """The form's fields; of rows that are all alike, the first."""
    found = {re.sub(r"_\d+$", "_n", name): name for name in reversed(form.names)}
    return list(reversed(found.values()))


def send(siege: Siege, form: Form, pairs: Pairs | None = None, **how):
    """Send a form as it is filled in, or with other fields."""
    pairs = list(form.pairs) if pairs is None else pairs
    if form.method == "GET":
        query = [(n, v) for n, v in pairs if n != "csrf_token"]
        return siege.attempt(form.who, f"{form.path}?{body(query).decode()}", method="GET", **how)
    if form.file:
        return _with_file(siege, form, pairs, **how)
    return siege.post(form.who, form.path, pairs, **how)


def _with_file(siege: Siege, form: Form, pairs: Pairs, *, file: tuple | None = None, **how):
    import io

    from werkzeug.datastructures import FileStorage, MultiDict

    from tests.house.matrix_world import _picture

    content, name, kind = file or FILES.get(form.rule) or (_picture(), "face.png", "image/png")
    data = MultiDict([(n, v if isinstance(v, str) else v.decode("latin-1")) for n, v in pairs])
    data["csrf_token"] = siege.token(form.who)
    data.add(form.file, FileStorage(io.BytesIO(content), filename=name, content_type=kind))
    siege.tally.posts += 1
    return siege.attempt(form.who, form.path, data=data, headers=FROM_US, **how)


def _opened(siege: Siege, who: str) -> Iterator[Form]:
    """The forms of every page somebody may open: each route with real ids, and what their links lead on to."""
    waiting = collections.deque(_addresses(siege, who))
    seen, kinds = set(waiting), set()
    while waiting:
        path = waiting.popleft()
        answer, _ = siege.attempt(who, path, method="GET")
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        text = answer.get_data(as_text=True)
        yield from new_forms(siege, who, path, text)
        for href in re.findall(r'href="(/[^"]*\?[^"]*)"', text):
            href = html.unescape(href)
            kind = _kind(siege, href)
            if kind is not None and kind not in kinds and href not in seen:
                seen.add(href)
                kinds.add(kind)
                waiting.append(href)
    if who == FINDERS[0]:
        page = siege.visitors["nobody"].client.get("/sign-in", base_url=BASE, headers=FROM_US)
        yield from new_forms(siege, "nobody", "/sign-in", page.get_data(as_text=True))


def new_forms(siege: Siege, who: str, path: str, text: str) -> Iterator[Form]:
    """The forms of a page, unless one with the very same targets and names was read before: parsing is slow."""
    looks = frozenset(re.sub(r"\d+", "n", x) for x in re.findall(r'(?:action|name|formaction)="([^"]*)"', text))
    if looks not in siege.read_pages:
        siege.read_pages.add(looks)
        yield from forms_of(siege, who, path, BeautifulSoup(text, "html.parser"))


def _addresses(siege: Siege, who: str) -> list[str]:
    """Every page's address with each set of real ids."""
    pages = [r for r in routes() if r.method == "GET" and r.rule not in NOT_OPENED]
    said = {r: ["", *(query for end, query in CHOSEN.items() if r.rule.endswith(end))] for r in pages}
    return list(
        dict.fromkeys(
            fill(address(r), "rowan", ids) + query for r in pages for ids in siege.many_ids(who, r) for query in said[r]
        )
    )


def _kind(siege: Siege, href: str) -> tuple | None:
    """What tells one link with a question mark from another: its page and the names asked; None for plain ones."""
    path, _, query = href.partition("#")[0].partition("?")
    if not query or path.startswith("//"):
        return None
    try:
        rule, _ = siege.app.url_map.bind("localhost").match(path, return_rule=True)
    except HTTPException:
        return None
    return rule.rule, frozenset(name.partition("=")[0] for name in query.split("&"))


def forms_of(siege: Siege, who: str, path: str, page: BeautifulSoup) -> Iterator[Form]:
    """The forms of one page."""
    for tag in page.find_all("form"):
        method = tag.get("method", "get").upper()
        target = tag["action"].partition("?")[0]
        route = _target(siege, target, method)
        file = tag.select_one("input[type=file][name]")
        yield Form(who, path, target, route.rule, method, tuple(_as_it_stands(tag, route.rule)), tuple(_unsaid(tag)),
                   file["name"] if file else "")  # fmt: skip


def _target(siege: Siege, path: str, method: str) -> Route:
    """The route a form is sent to; a form that leads nowhere fails here."""
    rule, _ = siege.app.url_map.bind("localhost").match(path, method=method, return_rule=True)
    return next(r for r in routes() if r.rule == rule.rule and r.method == method)


def _as_it_stands(tag: Tag, rule: str) -> Iterator[tuple[str, str]]:
    """What a browser would send, with what the form says it must have; the first button is the one tapped."""
    said: set[str] = set()
    for name, value in form_values(tag):
        field = tag.find(attrs={"name": name})
        bare = field.name == "input" and not field.has_attr("value") and field.get("type") not in ("radio", "checkbox")
        value = "" if bare else value.strip()
        wanted = name not in said and (field.has_attr("required") or _here(name, rule))
        said.add(name)
        yield name, _something(field, rule) if not value and wanted else value
    for button in tag.select("button:not([type=button])")[:1]:
        if button.has_attr("name"):
            yield button["name"], button.get("value", "")


def _unsaid(tag: Tag) -> Iterator[tuple[str, str]]:
    """Boxes and choices that are there and not sent."""
    for box in tag.select("input[type=checkbox][name], input[type=radio][name]"):
        if not box.has_attr("checked"):
            yield box["name"], box.get("value", "on")


def _something(field: Tag, rule: str) -> str:
    """What somebody says in a field that asks for something."""
    name, kind = field["name"], field.get("type", "text")
    if here := _here(name, rule):
        return here
    if kind in ("radio", "checkbox"):
        return field.get("value", "on")
    if field.name == "select":
        chosen = next((o for o in field.select("option[value]") if o["value"]), None)
        return chosen["value"] if chosen else ""
    number = "1" if field.get("inputmode") in ("numeric", "decimal") else WORDS
    return _known.get(name) or TYPED.get(name) or BY_TYPE.get(kind) or number


def _here(name: str, rule: str) -> str:
    """What is typed into this field of this one target; empty where any words will do."""
    said = ((key.split(), words) for key, words in (TYPED | _known).items() if " " in key)
    return next((words for (target, field), words in said if field == name and rule.endswith(target)), "")


_known: dict[str, str] = {}  # what only this siege's labels and codes say
