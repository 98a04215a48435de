"""The shell of the app: where somebody lands, the More page, alerts, health, manifest, service worker."""

from __future__ import annotations

import json

from flask import Response, redirect, render_template, request

from medpwa import alerts, assets, database
from medpwa.config import ROOT
from medpwa.pages import Pages
from medpwa.permits import may

pages = Pages("desk", __name__)


@pages.get("/", permit="self")
def start(who):
    """Where somebody lands: their home's round, or the floor for those who oversee."""
    return redirect(f"/h/{who.home_slug}/")


@pages.get("/h/<home>/", permit="round.see")
def home(who):
    """A home's first page for this person."""
    return redirect(f"/h/{who.home_slug}/{'round' if may('mar.record', who) else 'floor'}")


@pages.get("/h/<home>/more", permit="round.see")
def more(who):
    """Everything else this person may open."""
    return render_template("desk/more.html")


@pages.post("/h/<home>/alerts/<int:alert_id>/acknowledge", permit="alerts.acknowledge")
def acknowledge(who, alert_id):
    """Say that an alert was read."""
    alerts.acknowledge(by=who, alert_id=alert_id)
    back = request.form.get("back", "")
    return redirect(back if back.startswith(f"/h/{who.home_slug}/") else f"/h/{who.home_slug}/", 303)


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
