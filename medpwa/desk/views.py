"""The shell of the app: where somebody lands, More, alerts, oneself, health, manifest, service worker."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from flask import Response, redirect, render_template, request

from medpwa import alerts, assets, database
from medpwa.config import ROOT
from medpwa.desk import decisions, menu, queries
from medpwa.pages import Pages, is_fragment, once, told
from medpwa.permits import manages_or_oversees
from medpwa.staff import actions as staff

pages = Pages("desk", __name__)

_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/._-]{1,200}")


@pages.get("/", permit="self")
def start(who):
    """Where somebody lands: their home's round, or the floor for those who oversee."""
    return redirect(f"/h/{who.home_slug}/")


@pages.get("/h/<home>/", permit="round.see")
def home(who):
    """A home's first page for this person."""
    return redirect(f"/h/{who.home_slug}/{'floor' if manages_or_oversees(who, None) else 'round'}")


@pages.get("/h/<home>/more", permit="round.see")
def more(who):
    """Everything else this person may open."""
    return render_template("desk/more.html", groups=menu.groups(who))


@pages.get("/h/<home>/decisions", permit="desk.decide")
def decide(who):
    """What waits for this person's decision, riskiest first, each with the way to do it."""
    return render_template("desk/decisions.html", page=decisions.decisions_page(who))


# ---------------------------------------------------------------- alerts


@pages.get("/h/<home>/alerts", permit="alerts.see")
def alert_list(who):
    """What waits for this person, and what was seen in the last fortnight."""
    waiting = queries.waiting_alerts(who)
    return render_template("desk/alerts.html", waiting=waiting, seen=queries.seen_alerts(who))


@pages.post("/h/<home>/alerts/<int:alert_id>/acknowledge", permit="alerts.acknowledge")
def acknowledge(who, alert_id):
    """Say that an alert was read; the answer is what still waits, or the page one was on."""
    back = _back(who)  # read before anything is stored: a form that cannot be read stores nothing
    alerts.acknowledge(by=who, alert_id=alert_id)
    if is_fragment():
        return render_template("_layouts/_alerts.html")
    return redirect(back, 303)


def _back(who) -> str:
    """The page of this home the form was on, and nowhere else."""
    home = f"/h/{who.home_slug}/"
    for named in (once("back"), _path_of(request.headers.get("Referer", ""))):
        if named.startswith(home) and _PLAIN_PATH.fullmatch(named):
            return named
    return home


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # no address at all, e.g. an unclosed bracket
        return ""


# ---------------------------------------------------------------- oneself


@pages.get("/me", permit="self")
def me(who):
    """Who I am here, what I may give, where I am signed in."""
    changed = told("changed") == "password"
    return render_template("desk/me.html", page=queries.me_page(who), changed=changed)


@pages.post("/me/sessions/<int:session_id>/end", permit="session.end")
def end_my_session(who, session_id):
    """End one of my other sign-ins, e.g. on a phone I left behind."""
    staff.end_session(by=who, session_id=session_id)
    return redirect("/me#sign-ins", 303)


# ---------------------------------------------------------------- what a browser needs


@pages.get("/healthz", permit="open")
def healthz(who):
    """Whether the server answers and its database reads; nothing else."""
    database.db.execute_sql("SELECT 1").fetchone()
    return Response("ok\n", mimetype="text/plain")


@pages.get("/manifest.webmanifest", permit="open")
def manifest(who):
    """What a phone needs to install the app."""
    text = (ROOT / "static" / "manifest.webmanifest").read_text().replace("{base}", assets.base_url())
    answer = Response(text, mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.get("/sw.js", permit="open")
def service_worker(who):
    """The service worker, told which files are the shell of this build."""
    shell = {"version": assets.version(), "base": assets.base_url(), "files": ["/offline", *_shell_files()]}
    text = f"self.SHELL = {json.dumps(shell)};\n" + (ROOT / "static" / "sw.js").read_text()
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _shell_files() -> list[str]:
    """Addresses of the files a page without a network needs."""
    base = assets.base_url()
    names = ("css/app.css", "js/app.js", "vendor/htmx.min.js", "vendor/atkinson-next.woff2", "img/icons.svg")
    return [base + name for name in names if (assets.root() / name).exists()]


@pages.get("/offline", permit="open")
def offline(who):
    """The honest page for when there is no network; it holds nothing about anybody."""
    answer = Response((ROOT / "static" / "offline.html").read_text().replace("{base}", assets.base_url()))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


from medpwa.desk import component_views, ledger_views  # noqa: E402, F401
