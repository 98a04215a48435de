"""A give that stands because of a correction: nobody judged it before it was given, so what stands against it is found
now, kept as flags and told. A fact is never refused, and nothing is made right quietly by correcting it."""

from __future__ import annotations

from medpwa import alerts
from medpwa.competency import queries as competency
from medpwa.ledger import Pending
from medpwa.mar import correction_queries as queries
from medpwa.mar import given, judging, psychotropic, rules, timing, witness_rules
from medpwa.mar import words as words_of
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.models import Entry
from medpwa.mar.vocabulary import FLAGS, GIVES, OWN_GIVES
from medpwa.medicines.rules import OrderFacts
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.staff import queries as staff


def flags(by: Actor, old: Entry, wanted: Wanted) -> list[str]:
    """What stands against the give that an entry is to say: limits and whereabouts at its time, its window, and where
    it was no give before, its giver's sign-off and the second person. Empty for anything but a give."""
    if wanted.outcome not in GIVES or wanted.given_at is None:
        return []
    order = queries.order_of(by, old)
    found = _of_its_giver(by, old, order, wanted) if wanted.outcome in OWN_GIVES else []
    if old.due_at is not None and rules.is_early(wanted.given_at, old.due_at, order.window_before):
        found.append("early")
    return [*found, *judging.flags_of_then(by, old.resident_id, wanted.given_at), *_of_limits(by, old, order, wanted)]


def _of_its_giver(by: Actor, old: Entry, order: OrderFacts, wanted: Wanted) -> list[str]:
    """Its giver is who the old entry names; a give that was judged, or reported, said this of itself already."""
    if old.outcome in OWN_GIVES:
        return []
    giver, found = old.administered_by or old.by, []
    skills = order.required_skills
    if not competency.sign_off(by.home_id, giver, skills, old.resident_id, wanted.given_at).allowed:
        found.append("not_signed_off")
    if witness_rules.needed(order):
        found.append("not_witnessed")
    return found


def _of_limits(by: Actor, old: Entry, order: OrderFacts, wanted: Wanted) -> list[str]:
    about = residents.resident_of(by, old.resident_id)
    return given.breach_flags(by, about, order, wanted.given_at, wanted.amount, without=old.id, due_at=old.due_at)


def told(by: Actor, old: Entry, new: Entry) -> list[Pending]:
    """A deed: whoever leads is told of what stands against it that did not before; a medicine that acts on mood or
    behaviour stands on the managers' list under the entry that now says so."""
    if new.outcome not in GIVES:
        return []
    about, order = residents.resident_card(by.home_id, new.resident_id), queries.order_of(by, new)
    lines = psychotropic.listed(by, about, order, new)
    worse = [f for f in new.flags if f in timing.NEVER_QUIET and f not in old.flags and f != "second_give"]
    if not worse:
        return lines
    leader = staff.shift_leader(by.home_id)
    said, marks = queries.says(new, by.zone, order), "; ".join(FLAGS[f] for f in worse)
    return lines + alerts.raise_alert(
        home_id=by.home_id,
        key=f"corrected:{new.entry_id}",
        words=f"{by.name} corrected an entry of {about.name}’s {words_of.medicine(order)}. It now says: {said}. "
        f"Marked: {marks}. Make sure {about.called} is safe.",
        url=f"{about.url}/card",
        to_verb="mar.see_reports",
        to_person=leader.person_id if leader else None,
        subject=f"resident:{about.id}",
        raised_by=by.person_id,
    )
