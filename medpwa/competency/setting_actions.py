"""The verb of how a home keeps a skill: for how many months a sign-off counts, and which roles need it."""

from __future__ import annotations

from medpwa import clock
from medpwa.action import Done, action
from medpwa.competency import deeds, settings
from medpwa.competency.vocabulary import FEWEST_MONTHS, MOST_MONTHS, SKILLS
from medpwa.errors import Invalid, NotFound
from medpwa.permits import Actor
from medpwa.staff import queries as staff
from medpwa.staff.vocabulary import ROLES


@action("competency.settings")
def change(*, by: Actor, skill: str, months: int, roles: tuple[str, ...], seen: int | None = None) -> Done:
    """Keep a skill differently from now on; sign-offs already given keep their end. `seen` is the version the page
    showed. Saying the same again writes nothing. Raises Invalid, and NotFound for a skill that is not one."""
    if skill not in SKILLS:
        raise NotFound()
    now = settings.settings_of(by.home_id)[skill]
    if seen is not None and seen != now.version:
        who = staff.names({now.by}).get(now.by, "Somebody") if now.by else "Somebody"
        when = clock.moment_words(now.since, by.zone) if now.since else "meanwhile"
        words = f"{who} changed this {when}, while this page was open. Nothing was changed by you. Look at it again."
        raise Invalid([("months", words)])
    if not FEWEST_MONTHS <= months <= MOST_MONTHS:
        raise Invalid([("months", f"Choose {FEWEST_MONTHS} to {MOST_MONTHS} months. Nothing was changed.")])
    if not set(roles) <= set(ROLES):
        raise Invalid([("roles", "Choose the roles from the list. Nothing was changed.")])
    if (months, frozenset(roles)) == (now.months, now.roles):
        return Done(None, replay=True)
    return Done(None, [deeds.set_skill(by, skill, months, roles)])
