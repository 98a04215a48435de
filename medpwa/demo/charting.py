"""Puts the demo home's prescriptions on the charts, as an order taken over from another system is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from medpwa.demo.medicine_line import Order
from medpwa.demo.prescriptions import first_day, last_day
from medpwa.medicines.keying import OrderDetails


def order_details(o: Order, d0: dt.date) -> OrderDetails:
    """A line of the tables as it is keyed, in a home made on D0."""
    return OrderDetails(
        medicine=o.medicine,
        strength=o.strength,
        form=o.form,
        dose_amount=Decimal(o.dose) if o.dose else None,
        dose_unit=o.unit,
        dose_text=o.dose_mg,
        route=o.route,
        site=o.site,
        times=o.times,
        starts_on=first_day(o, d0),
        ends_on=last_day(o, d0),
        instructions=o.instructions,
        indication=o.indication,
        window_before=o.window_before,
        window_after=o.window_after,
        time_critical=o.time_critical,
        high_risk=o.high_risk,
        controlled=o.controlled,
        required_skills=o.skills,
        prescriber=o.prescriber,
        source=o.source,
        kind=o.kind,
        schedule=o.schedule(d0),
        dose_most=Decimal(o.dose_most) if o.dose_most else None,
        dose_choice=o.dose_choice,
        min_interval=o.min_interval,
        most_24h=Decimal(o.most_24h) if o.most_24h else None,
        ingredients=o.counted,
        guard_days=o.guard_days,
        food=o.food,
        asleep=o.asleep,
        time_class=o.time_class,
        psychotropic=o.psychotropic,
        witness=o.witness,
        protocol=o.protocol or None,
    )
