"""A browser for tests: keeps its cookies, sends forms as a page of ours would, and lints every page it opens."""

from __future__ import annotations

import secrets
from typing import Any

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from medpwa import clock, database, security
from medpwa.staff import actions, queries, sessions
from medpwa.staff.models import Person, Session

ORIGIN = "http://localhost"


class Browser:
    """One browser with its own session."""

    def __init__(self, app) -> None:
        self.app = app
        self.client = app.test_client()
        self.csrf = ""
        self.username: str | None = None
        self.response: TestResponse | None = None
        self.page = BeautifulSoup("", "html.parser")
        self.awake = True  # whoever sits here was using it until a moment ago; set False to try the idle lock
        self._used_at = None

    # ------------------------------------------------------------ who

    def sign_in(self, username: str) -> Browser:
        """A new browser signed in as somebody, without the password page (which has its own tests)."""
        fresh = Browser(self.app)
        person = Person.get(Person.username == username)
        token, csrf = secrets.token_urlsafe(32), secrets.token_hex(16)
        actions.start_session(
            by=queries.actor(person.id, None),
            token_hash=sessions.hashed(token),
            csrf=csrf,
            user_agent="tests",
            data={"_user_id": str(person.id), "_fresh": True},
        )
        fresh.client.set_cookie(sessions.COOKIE, token, secure=True, domain="localhost")
        fresh.csrf, fresh.username = csrf, username
        return fresh

    # ------------------------------------------------------------ going places

    def _stay_awake(self) -> None:
        """Tests move the clock by hours between two taps; unless one is about it, nobody was away meanwhile."""
        cookie = self.client.get_cookie(sessions.COOKIE, domain="localhost")
        if not self.awake or cookie is None or clock.now() == self._used_at:
            return
        self._used_at = clock.now()
        with database.noting():
            Session.update(last_seen=self._used_at).where(
                (Session.token_hash == sessions.hashed(cookie.value)) & (Session.last_seen < self._used_at)
            ).execute()

    def get(self, url: str, *, status: int = 200, lint: bool = True, **headers: str) -> BeautifulSoup:
        """Open a page, follow redirects, check the status, lint it."""
        self._stay_awake()
        self.response = self.client.get(
            url, headers=_headers(headers), follow_redirects=True, base_url=_base(self.client)
        )
        return self._seen(status, lint)

    def fragment(self, url: str, *, status: int = 200) -> BeautifulSoup:
        """Fetch a piece of a page as htmx does."""
        return self.get(url, status=status, lint=False, **{"HX-Request": "true"})

    def post(
        self, url: str, data: Any = None, *, status: int = 200, csrf: bool = True, follow: bool = True, **headers: str
    ) -> BeautifulSoup:
        """Send a form as a page of ours would. `data` is a dict or a list of pairs."""
        self._stay_awake()
        pairs = list(data.items()) if isinstance(data, dict) else list(data or [])
        if csrf and self.csrf:
            pairs.append(("csrf_token", security.masked(self.csrf)))
        from werkzeug.datastructures import MultiDict

        self.response = self.client.post(
            url,
            data=MultiDict(pairs),
            headers=_headers({"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"} | headers),
            follow_redirects=follow,
            base_url=_base(self.client),
        )
        return self._seen(status, lint=False)

    def submit(self, form: Tag, *, status: int = 200, follow: bool = True, **values: Any) -> BeautifulSoup:
        """Fill in a form of the open page and send it; fields not named keep what the page put there."""
        pairs = [(n, v) for n, v in form_values(form) if n not in values and n != "csrf_token"]
        for name, value in values.items():
            pairs += [(name, v) for v in (value if isinstance(value, list) else [value])]
        return self.post(form.get("action") or self.url, pairs, status=status, follow=follow)

    @property
    def url(self) -> str:
        """The path of the page that is open."""
        return self.response.request.path

    def _seen(self, status: int, lint: bool) -> BeautifulSoup:
        text = self.response.get_data(as_text=True)
        self.page = BeautifulSoup(text, "html.parser")
        assert self.response.status_code == status, (
            f"{self.response.request.method} {self.response.request.path} answered {self.response.status_code}, "
            f"not {status}: {words(self.page)[:600]}"
        )
        if lint and self.response.mimetype == "text/html":
            problems = lint_page(self.page)
            assert not problems, f"{self.url}: {problems}"
        return self.page


def _headers(extra: dict[str, str]) -> dict[str, str]:
    return {"Accept": "text/html,*/*", **extra}


def _base(client) -> str:
    return "https://localhost"


def words(page: BeautifulSoup | Tag) -> str:
    """The words on a page, one space between them."""
    return " ".join(page.get_text(" ").replace("\u00a0", " ").split())


def form_values(form: Tag) -> list[tuple[str, str]]:
    """What a browser would send of a form as it stands."""
    pairs = []
    for field in form.select("input[name], textarea[name], select[name]"):
        kind = field.get("type", "text")
        if kind in ("submit", "button", "file") or field.has_attr("disabled"):
            continue
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            pairs.append((field["name"], chosen.get("value", "") if chosen else ""))
        else:
            pairs.append((field["name"], field.get_text() if field.name == "textarea" else field.get("value", "on")))
    return pairs


# ---------------------------------------------------------------- lint


def lint_page(page: BeautifulSoup) -> list[str]:
    """What is wrong with a page that no user should meet: structure, names, links between errors and fields."""
    problems = []
    if len(page.find_all("h1")) != 1:
        problems.append(f"{len(page.find_all('h1'))} h1 headings")
    if not page.title or not page.title.get_text(strip=True):
        problems.append("no title")
    if page.html is None or page.html.get("lang") != "en-GB":
        problems.append("html has no lang=en-GB")
    ids = [t["id"] for t in page.find_all(id=True)]
    problems += [f"id {i!r} twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    problems += _lint_forms(page, set(ids))
    for tag in page.find_all(True):
        if tag.has_attr("style"):
            problems.append(f"style= on {tag.name}")
        problems += [f"{a} on {tag.name}" for a in tag.attrs if a.startswith("on")]
    problems += ["inline script" for s in page.find_all("script") if not s.get("src")]
    problems += ["inline style" for _ in page.find_all("style")]
    problems += [f"img without alt: {i.get('src')}" for i in page.find_all("img") if not i.has_attr("alt")]
    return problems


def _lint_forms(page: BeautifulSoup, ids: set[str]) -> list[str]:
    problems = []
    labelled = {label.get("for") for label in page.find_all("label")}
    for form in page.find_all("form"):
        if not form.get("action"):
            problems.append("form without an action")
        # Before anybody is signed in there is no token; the browser's own word about where a form came from must do.
        open_to_all = form.get("action", "").startswith(("/sign-in", "/enrol"))
        if form.get("method", "get").lower() == "post" and not open_to_all:
            if form.find("input", attrs={"name": "csrf_token"}) is None:
                problems.append(f"form to {form.get('action')} without a token")
    for field in page.select("input, select, textarea"):
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        if not named and field.find_parent("label") is None:
            problems.append(f"field {field.get('name')!r} without a label")
    for button in page.find_all("button"):
        if button.find_parent("template"):
            continue  # not in the page; html.parser hands out no words of it
        if not words(button) and not button.get("aria-label"):
            problems.append("button without words")
    for link in page.select("#errors a[href^='#']"):
        if link["href"][1:] not in ids:
            problems.append(f"error summary points at {link['href']}, which is not there")
    return problems
