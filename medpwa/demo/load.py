"""Loads the demo home: into a file of its own first, put in place when it is whole."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Callable
from pathlib import Path

import click

from medpwa import clock, database, ledger
from medpwa.config import Settings
from medpwa.demo import onward, story, team
from medpwa.residents import codes
from medpwa.residents.models import Label
from medpwa.staff.models import Home
from medpwa.staff.vocabulary import ALL_ROLES

Say = Callable[[str], None]


def run(settings: Settings, *, fresh: bool, if_empty: bool, say: Say) -> None:
    """Make the demo home, or play the one that is there forward to now. Raises ClickException, in words, when it
    cannot be."""
    if if_empty and not fresh and _has_home(settings):
        _play_on(settings, say)
        return
    if not fresh and _has_home(settings):
        raise click.ClickException("A home is in this database already. To begin afresh and keep it: make demo")
    if settings.database_url.startswith("sqlite:///"):
        _into_a_new_file(settings, say)
    elif _has_home(settings):
        raise click.ClickException("Begin afresh in PostgreSQL by naming a new, empty database in DATABASE_URL.")
    else:
        _build(settings, say)


def _play_on(settings: Settings, say: Say) -> None:
    """The days since it was last in use; never beside a server, whose users are at work in it."""
    from medpwa.server import nobody_serves

    with nobody_serves(settings.var) as alone, database.db.connection_context():
        home = onward.demo_home()
        if home is None:
            say("A home is here already, and it is not the demo home: nothing changed.")
        elif not alone:
            say("Demo home: in use now, so nothing was played.")
        else:
            _play_timed(home, say)
            _write_sign_ins(settings)


def _play_timed(home: Home, say: Say) -> None:
    began = clock.monotonic()
    if onward.play_on(home, clock.now(), say):
        say(f"Demo home: ready in {clock.monotonic() - began:.0f} s.")


def _has_home(settings: Settings) -> bool:
    database.migrate(settings.database_url)
    with database.db.connection_context():
        return Home.select(Home.id).exists()


def _into_a_new_file(settings: Settings, say: Say) -> None:
    """Build beside the old file, then put it in its place; a stop on the way leaves the old one as it was."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_while_serving(path)
    worth_keeping = path.exists() and _has_home(settings)
    making = path.with_name(f"{path.name}.making")
    for part in _parts(making):
        part.unlink(missing_ok=True)
    database.close_all()
    database.migrate(f"sqlite:///{making}")
    database.open_database(f"sqlite:///{making}")
    _build(settings, say, unsettled=True)
    database.db.connect(reuse_if_open=True)
    database.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close_all()
    _settle(making)
    if worth_keeping:
        _keep_old(path, say)
    for part in _parts(path)[1:]:
        part.unlink(missing_ok=True)
    os.replace(making, path)
    for part in _parts(making):
        part.unlink(missing_ok=True)
    database.open_database(settings.database_url)


def _settle(path: Path) -> None:
    """Have a finished file on the disk before it takes another's place."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _parts(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", ".lock", "-journal"))]


def _keep_old(path: Path, say: Say) -> None:
    stamp = dt.datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.stem}-kept-{stamp}{path.suffix}")
    for part in _parts(path):
        if part.exists() and part.suffix != ".lock":
            os.replace(part, part.with_name(part.name.replace(path.name, kept.name)))
    say(f"The home that was here is kept as {kept.name}.")


def _refuse_while_serving(path: Path) -> None:
    """A server has the file open: swapping it under its feet would lose what is recorded from then on."""
    from medpwa.server import is_serving

    if is_serving(path.parent):
        raise click.ClickException("Steady is running on this database. Stop it first (Ctrl-C where it runs).")


def _build(settings: Settings, say: Say, unsettled: bool = False) -> None:
    """Tell the story into the open database. `unsettled` for a file nobody uses before it is whole: its thousands of
    commits then need not wait for the disk, because a stop on the way throws it away."""
    say("Making the demo home (twelve people, sixteen staff, thirty days of rounds) …")
    began = clock.monotonic()
    with database.db.connection_context():
        if unsettled:
            database.db.execute_sql("PRAGMA synchronous=OFF")
        story.play(clock.now(), say)
        faults = ledger.verify()
        if faults:
            raise click.ClickException(f"The demo home does not verify: {faults[0].where} {faults[0].words}")
        _write_sign_ins(settings)
        _write_code_sheet(settings)
        lines = ledger.count_lines()
    say(f"Demo home: ready in {clock.monotonic() - began:.0f} s, {lines} ledger lines verified.")


# ---------------------------------------------------------------- what the demo's user needs, as files in var/


def _write_sign_ins(settings: Settings) -> None:
    shown = ("S7", "S13", "S4", "S1", "S3")
    rows = [f"    {p.username:20} {ALL_ROLES[p.role]}" for p in team.STAFF if p.code in shown]
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    text = "\n".join(
        [
            "  Demo sign-ins, all with the passphrase: " + team.PASSPHRASE,
            *rows,
            f"  A phone or wall board to try: {base}/h/{story.SLUG}/devices (as Helen), opened in another browser",
            f"  Code sheet to scan from: {base}/h/{story.SLUG}/codes (as Helen), or the file var/code-sheet.html",
            "  Everything here is invented. Stop with Ctrl-C.",
            "",
        ]
    )
    settings.var.mkdir(parents=True, exist_ok=True)
    (settings.var / "demo-sign-ins.txt").write_text(text)


def _write_code_sheet(settings: Settings) -> None:
    """The code sheet as a file, for a second screen or a printer."""
    cells = []
    home = Home.get(Home.slug == story.SLUG)
    cards = {c.id: c for c in _cards(home.id)}
    for label in Label.select().where(Label.place == "person").order_by(Label.id):
        card = cards.get(label.resident_id)
        if card is None:
            continue
        svg = codes.code_svg(codes.label_url(label, settings)).decode()
        svg = svg[svg.index("<svg") :]
        words = html.escape(f"{card.called}, {card.room_words}")
        cells.append(f"<figure>{svg}<figcaption>{words}<br><b>{label.short_code}</b></figcaption></figure>")
    page = (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Code sheet, demo home</title><style>'
        "body{font:16px system-ui;margin:2rem;background:#fff;color:#111}main{display:grid;gap:1.5rem;"
        "grid-template-columns:repeat(auto-fill,minmax(13rem,1fr))}figure{margin:0;text-align:center}"
        "svg{width:12rem;height:12rem}</style><h1>Code sheet of the demo home</h1><p>Invented people. Scan one with "
        f"the app’s camera or the phone’s own.</p><main>{''.join(cells)}</main></html>"
    )
    (settings.var / "code-sheet.html").write_text(page)


def _cards(home_id: int):
    from medpwa.residents.queries import residents_at

    return residents_at(home_id)


