"""Order facts for tests of pure rules."""

import datetime as dt
from decimal import Decimal

from medpwa import clock
from medpwa.medicines.rules import OrderFacts

LONDON = "Europe/London"
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def facts(**changes) -> OrderFacts:
    """A version of an order: levodopa four times a day, unless changed."""
    values = dict(
        line_id=1,
        version_id=1,
        number=1,
        home_id=1,
        resident_id=1,
        valid_from=LONG_AGO,
        valid_to=None,
        stopped=False,
        medicine="co-careldopa",
        strength="25/100 mg",
        form="tablet",
        dose_amount=Decimal(1),
        dose_unit="tablet",
        dose_text="",
        route="mouth",
        site="",
        times=("07:00", "11:00", "15:00", "19:00"),
        starts_on=dt.date(2026, 1, 1),
        ends_on=None,
        instructions=("wake if asleep",),
        indication="Parkinson's",
        window_before=30,
        window_after=30,
        time_critical=True,
        high_risk=False,
        controlled=False,
        required_skills=("oral",),
        prescriber="Dr A. Banerjee",
        source="GP prescription",
        allergy_answer="",
        hand_keyed=False,
        checked=True,
        keyed_by=None,
        keyed_at=LONG_AGO,
    )
    return OrderFacts(**(values | changes))


def version(line_id: int, starts: list[dt.datetime], n: int, **changes) -> OrderFacts:
    """The n-th version of a line whose versions begin at `starts`, each until the next."""
    return facts(
        line_id=line_id,
        version_id=line_id * 100 + n,
        number=n + 1,
        valid_from=starts[n],
        valid_to=starts[n + 1] if n + 1 < len(starts) else None,
        **changes,
    )


def london(*reading: int) -> dt.datetime:
    """A reading of the clock in London as an instant."""
    return clock.local_to_instant(dt.datetime(*reading), LONDON)
