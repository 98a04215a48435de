"""The component page: every macro of `templates/_components` in every state and tone. The next screen is built from
it. It is part of the demo and the tests; a home in production does not have it."""

from __future__ import annotations

from flask import current_app, render_template

from medpwa.config import ROOT
from medpwa.desk import specimens
from medpwa.desk.views import pages
from medpwa.errors import NotFound


@pages.get("/components", permit="open")
def components(who):
    """Every component with its name and its states; nothing here is about anybody."""
    if current_app.config["SETTINGS"].production:
        raise NotFound()
    return render_template(
        "desk/components.html",
        icons=_icons(),
        doses=specimens.doses(),
        offered=specimens.offered(),
        recorded=specimens.recorded(),
        besides=specimens.besides(),
        coming=specimens.coming(),
        medicine=specimens.MEDICINE,
    )


def _icons() -> list[str]:
    lines = (ROOT / "static" / "img" / "icons.txt").read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
