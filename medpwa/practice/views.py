"""The pages of practice; each kind of page stands in its own file and registers here."""

from __future__ import annotations

from medpwa.pages import Pages

pages = Pages("practice", __name__)

from medpwa.practice import (  # noqa: E402, F401 they add their pages to `pages`
    assessing_views,
    audit_views,
    booking_views,
    coverage_views,
    induction_views,
    instrument_views,
    matrix_views,
    my_views,
    observing_views,
    own_views,
    paper_views,
    record_views,
    supervision_views,
    training_views,
)
