"""The floor board's page; it refreshes itself."""

from __future__ import annotations

from flask import render_template

from medpwa.checks import queries
from medpwa.pages import Pages

pages = Pages("checks", __name__)


@pages.get("/h/<home>/floor", permit="board.see")
def floor(who):
    """The floor now: people as tiles by unit, late ones first."""
    return render_template("checks/floor.html", board=queries.board(who))


@pages.get("/h/<home>/floor/now", permit="board.see", poll=True)
def floor_now(who):
    """The board alone, for the page to refresh itself."""
    return render_template("checks/_floor.html", board=queries.board(who))
