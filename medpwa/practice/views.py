"""The pages of practice; each kind of page stands in its own file and registers here."""

from __future__ import annotations

from medpwa.pages import Pages

pages = Pages("practice", __name__)

# Each on a line of its own: every one registers its pages with the name above.
from medpwa.practice import coverage_views as _coverage  # noqa: E402, F401
from medpwa.practice import supervision_views as _supervision  # noqa: E402, F401
