"""The floor board's page; it refreshes itself."""

from __future__ import annotations

from flask import render_template

from medpwa.checks import queries
from medpwa.checks import wall as walls
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


@pages.get("/h/<home>/wall", permit="wall.see")
def wall(who):
    """The board on the wall: initials and rooms, for everybody who walks past."""
    return render_template("checks/wall.html", wall=walls.wall(who))


@pages.get("/h/<home>/wall/now", permit="wall.see", poll=True)
def wall_now(who):
    """The wall's tiles alone, for the page to refresh itself."""
    return render_template("checks/_wall.html", wall=walls.wall(who))
