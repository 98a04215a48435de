"""Who may do what: one printable map from verb to named predicates, all of which must hold. What is absent is denied.

Whether somebody is *signed off for a technique today* is a clinical rule with a date and lives in competency/rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from medpwa.errors import NotPermitted


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person at one home, an enrolled device, or the system itself. Facts as read at one moment.

    `again` reads them anew inside the writing transaction, so that a role ended a second ago bites.
    """

    kind: str = "nobody"
    person_id: int | None = None
    name: str = ""
    short_name: str = ""
    roles: frozenset[str] = frozenset()
    home_id: int | None = None
    home_slug: str = ""
    home_name: str = ""
    chain_id: int | None = None
    provider_id: int | None = None
    zone: str = "Europe/London"
    session_id: int | None = None
    again: Callable[[], Actor | None] | None = field(default=None, compare=False, repr=False)


NOBODY = Actor()

CARE_ROLES = frozenset({"carer", "senior_carer", "team_leader", "deputy_manager", "registered_manager"})
LEADING_ROLES = frozenset({"senior_carer", "team_leader", "deputy_manager", "registered_manager"})
TEAM_LEADING_ROLES = frozenset({"team_leader", "deputy_manager", "registered_manager"})
MANAGING_ROLES = frozenset({"deputy_manager", "registered_manager"})
OVERSEEING_ROLES = MANAGING_ROLES | {"quality_lead", "nominated_individual"}

Predicate = Callable[[Actor, Any], bool]


def anyone(who: Actor, about: Any) -> bool:
    """No sign-in needed."""
    return True


def signed_in(who: Actor, about: Any) -> bool:
    """A person with a live session, or the system."""
    return who.kind in ("person", "system")


def works_here(who: Actor, about: Any) -> bool:
    """Holds some role at this home today (provider-level people hold theirs at each of its homes)."""
    return who.kind == "system" or bool(who.roles)


def same_home(who: Actor, about: Any) -> bool:
    """What it is about belongs to the home in the address."""
    return about is None or getattr(about, "home_id", who.home_id) == who.home_id


def care_team(who: Actor, about: Any) -> bool:
    """Works with residents: carer, senior, team leader, deputy or registered manager."""
    return bool(who.roles & CARE_ROLES)


def leads_shift(who: Actor, about: Any) -> bool:
    """May lead on the floor: senior carer, team leader or a manager."""
    return bool(who.roles & LEADING_ROLES)


def leads_team(who: Actor, about: Any) -> bool:
    """Team leader or a manager: who confirms what was recorded late and settles a gap."""
    return bool(who.roles & TEAM_LEADING_ROLES)


def manages(who: Actor, about: Any) -> bool:
    """Deputy or registered manager of this home."""
    return who.kind == "system" or bool(who.roles & MANAGING_ROLES)


def manages_or_oversees(who: Actor, about: Any) -> bool:
    """A manager, the quality lead or the nominated individual."""
    return who.kind == "system" or bool(who.roles & OVERSEEING_ROLES)


def leads_or_oversees(who: Actor, about: Any) -> bool:
    """Leads on the floor, manages, or watches over quality."""
    return who.kind == "system" or bool(who.roles & (LEADING_ROLES | OVERSEEING_ROLES))


def leads_team_or_oversees(who: Actor, about: Any) -> bool:
    """Team leader, a manager, the quality lead or the nominated individual: who supervises others."""
    return who.kind == "system" or bool(who.roles & (TEAM_LEADING_ROLES | OVERSEEING_ROLES))


def is_system(who: Actor, about: Any) -> bool:
    """The product itself, signing its own lines."""
    return who.kind == "system"


def not_about_self(who: Actor, about: Any) -> bool:
    """Nobody signs off, promotes or ends themselves."""
    return getattr(about, "person_id", None) != who.person_id or who.kind == "system"


# Nobody takes over, moves or ends somebody who answers for more than they do.
_RANK = ("carer", "senior_carer", "team_leader", "quality_lead", "deputy_manager", "registered_manager")
_RANK += ("nominated_individual",)


def rank(roles: frozenset[str]) -> int:
    """How much somebody with these roles answers for; a higher number is more, and nobody at all is -1."""
    return max((_RANK.index(role) for role in roles), default=-1)


def not_above_self(who: Actor, about: Any) -> bool:
    """The person it is about does not answer for more than the one who acts."""
    return who.kind == "system" or rank(getattr(about, "roles", frozenset())) <= rank(who.roles)


def not_above_self_anywhere(who: Actor, about: Any) -> bool:
    """The same over every home of the provider: a new password opens all the homes its owner works at."""
    return who.kind == "system" or rank(getattr(about, "roles_anywhere", frozenset())) <= rank(who.roles)


def is_shown(who: Actor, about: Any) -> bool:
    """Leads or oversees, or the paper is one of their own."""
    return leads_or_oversees(who, about) or who.person_id in getattr(about, "people", ())


def keeps_papers(who: Actor, about: Any) -> bool:
    """Leads on the floor, or the product itself taking papers over."""
    return who.kind == "system" or leads_shift(who, about)


def manages_or_own(who: Actor, about: Any) -> bool:
    """A manager, or the person it is about: either side of a delegation may decline it."""
    return manages(who, about) or getattr(about, "person_id", 0) == who.person_id


def board_or_team(who: Actor, about: Any) -> bool:
    """A wall board of the home, or somebody who works in it."""
    return who.kind == "device" or (signed_in(who, about) and works_here(who, about))


_HERE: tuple[Predicate, ...] = (signed_in, works_here, same_home)

PERMITS: dict[str, tuple[Predicate, ...]] = {
    # no sign-in
    "open": (anyone,),
    # one's own session
    "self": (signed_in,),
    "session.start": (signed_in,),
    "session.end": (signed_in,),
    "session.lock": (signed_in,),
    "session.unlock": (signed_in,),
    "session.switch": (signed_in,),
    "pin.set": (signed_in,),
    "pin.clear": (signed_in,),
    "pin.tried": (is_system,),
    # the home and its people who work here
    "home.open": (is_system,),
    "staff.see": (*_HERE, leads_or_oversees),
    "staff.add": (*_HERE, manages),
    "staff.change": (*_HERE, manages, not_above_self),
    "staff.set_role": (*_HERE, manages, not_about_self, not_above_self),
    "staff.end": (*_HERE, manages, not_about_self, not_above_self),
    "staff.see_duties": _HERE,
    "staff.set_duty": (*_HERE, leads_or_oversees),
    "staff.import_duties": (*_HERE, leads_or_oversees),
    "staff.set_password": (*_HERE, manages, not_about_self, not_above_self_anywhere),
    "staff.see_sessions": (*_HERE, manages, not_above_self),
    "staff.end_session": (*_HERE, manages, not_above_self),
    "staff.change_own_password": (signed_in,),
    "staff.show_link": (*_HERE, manages, not_about_self, not_above_self_anywhere),
    "staff.use_link": (signed_in,),
    # phones and wall boards
    "device.see": (*_HERE, manages),
    "device.invite": (*_HERE, manages),
    "device.enrol": (is_system,),
    "device.replace": (is_system,),
    "device.lose": (*_HERE, manages),
    # residents and their codes
    "residents.see": _HERE,
    "residents.add": (*_HERE, manages),
    "residents.change": (*_HERE, leads_shift),
    "residents.settle_allergies": (*_HERE, leads_shift),
    "residents.move": (*_HERE, leads_shift),
    "residents.photo": (*_HERE, leads_shift),
    "labels.see": (*_HERE, leads_shift),
    "labels.make": (*_HERE, leads_shift),
    "labels.make_missing": (*_HERE, leads_shift),
    "labels.revoke": (*_HERE, leads_shift),
    "labels.revoke_all": (*_HERE, leads_shift),
    "labels.print": (*_HERE, leads_shift),
    "labels.code_sheet": (*_HERE, manages),
    # sign-off
    "competency.see": (*_HERE, leads_or_oversees),
    "competency.grant": (*_HERE, manages, not_about_self),
    "competency.suspend": (*_HERE, manages, not_about_self),
    "competency.end": (*_HERE, manages, not_about_self),
    "competency.attest": (*_HERE, manages, not_about_self),
    "competency.withdraw": (*_HERE, manages_or_own),
    "competency.settings": (*_HERE, manages),
    "competency.see_own": _HERE,
    "competency.remind": (is_system,),
    "papers.see": (*_HERE, is_shown),
    "papers.keep": (*_HERE, keeps_papers),
    "glass.break": (*_HERE, manages, not_about_self),
    "glass.see": (*_HERE, leads_or_oversees),
    "glass.answer": (*_HERE, manages_or_oversees),
    # what is prescribed
    "orders.see": _HERE,
    "orders.add": (*_HERE, leads_shift),
    "orders.import": (*_HERE, is_system),
    "orders.change": (*_HERE, leads_shift),
    "orders.stop": (*_HERE, leads_shift),
    "orders.suspend": (*_HERE, leads_shift),
    "orders.resume": (*_HERE, leads_shift),
    "orders.strike": (*_HERE, leads_shift),
    "orders.check": (*_HERE, leads_shift),
    "orders.advise": (*_HERE, leads_shift),
    "orders.check_advice": (*_HERE, leads_shift),
    # the round
    "round.see": _HERE,
    "round.sheet": _HERE,
    "round.settings": (*_HERE, manages),
    "round.end_part": (*_HERE, care_team),
    "mar.scan": (*_HERE, care_team),
    "labels.report_wrong": (*_HERE, care_team),
    "mar.open_without_scan": (*_HERE, care_team),
    "mar.card": _HERE,
    "mar.ready": (*_HERE, care_team),
    "mar.record": (*_HERE, care_team),
    "mar.ask_help": (*_HERE, care_team),
    "mar.ask_witness": (*_HERE, care_team),
    "mar.witness": (*_HERE, care_team),
    "mar.set_letters": (*_HERE, manages),
    "prn.ready": (*_HERE, care_team),
    "prn.record": (*_HERE, care_team),
    "prn.effect": (*_HERE, care_team),
    "prn.see": (*_HERE, leads_or_oversees),
    "prn.note": (*_HERE, manages),
    "prn.chase": (is_system,),
    "mar.report_given": (*_HERE, care_team),
    "mar.see_reports": (*_HERE, leads_or_oversees),
    "mar.close_report": (*_HERE, manages),
    # being away, refusals, hand-over
    "absence.see": (*_HERE, leads_or_oversees),
    "absence.count": (*_HERE, leads_shift),
    "reconcile.record": (*_HERE, leads_shift),
    "refusal.see": (*_HERE, leads_or_oversees),
    "refusal.step": (*_HERE, leads_shift),
    "handover.see": (*_HERE, leads_or_oversees),
    "handover.record": (*_HERE, leads_shift),
    "shift.settings": (*_HERE, manages),
    # the truth about time, corrections, gaps
    "mar.correct": (*_HERE, care_team),
    "mar.see_correction": _HERE,
    "mar.see_corrections": (*_HERE, leads_or_oversees),
    "mar.answer_correction": (*_HERE, leads_shift),
    "mar.see_confirmations": (*_HERE, leads_or_oversees),
    "mar.confirm": (*_HERE, leads_team),
    "mar.see_timing": (*_HERE, manages_or_oversees),
    "gaps.see": (*_HERE, leads_or_oversees),
    "gaps.review": (*_HERE, leads_shift),
    "gaps.conclude": (*_HERE, leads_team),
    # practice: assessments, training, supervision, coverage, audit
    "mar.supervise": (*_HERE, care_team),
    "assess.see": (*_HERE, leads_or_oversees),
    "assess.ask": (*_HERE, care_team),
    "assess.book": (*_HERE, leads_team, not_about_self),
    "assess.begin": (*_HERE, leads_shift, not_about_self),
    "assess.observe": (*_HERE, leads_shift),
    "assess.sign": _HERE,
    "assess.conclude": (*_HERE, leads_shift),
    "assess.settings": (*_HERE, manages),
    "training.see": (*_HERE, leads_or_oversees),
    "training.record": (*_HERE, manages),
    "training.settings": (*_HERE, manages),
    "induction.record": (*_HERE, leads_team, not_about_self),
    "supervision.see": _HERE,
    "supervision.list": (*_HERE, leads_or_oversees),
    "supervision.record": (*_HERE, leads_team_or_oversees, not_about_self, not_above_self),
    "supervision.sign": _HERE,
    "supervision.act": _HERE,
    "coverage.see": (*_HERE, leads_or_oversees),
    "audits.see": (*_HERE, manages_or_oversees),
    "audits.sign": (*_HERE, manages_or_oversees),
    "audits.act": (*_HERE, manages_or_oversees),
    # the floor
    "board.see": _HERE,
    "wall.see": (board_or_team, same_home),
    # the desk
    "desk.decide": (*_HERE, leads_or_oversees),
    # the trail, alerts
    "history.see": (*_HERE, leads_or_oversees),
    "ledger.see": (*_HERE, manages_or_oversees),
    "ledger.see_access": (*_HERE, manages),
    "ledger.check": (*_HERE, manages_or_oversees),
    "ledger.checked": (is_system,),
    "alerts.see": _HERE,
    "alerts.acknowledge": _HERE,
    "alerts.raise": (is_system,),
    "notes.seal": (is_system,),
    "notes.let_go": (is_system,),
    "work.see_failures": (*_HERE, manages),
}


def may(verb: str, who: Actor, about: Any = None) -> bool:
    """Whether every predicate of the verb holds; an unknown verb is a fault of ours and raises KeyError."""
    return all(holds(who, about) for holds in PERMITS[verb])


def demand(verb: str, who: Actor, about: Any = None) -> None:
    """Raise NotPermitted unless `may`."""
    if not may(verb, who, about):
        raise NotPermitted()


def printed() -> str:
    """The map as text, one verb a line, for people who audit it."""
    return "\n".join(f"{verb:26} {' and '.join(p.__name__ for p in rule)}" for verb, rule in PERMITS.items())
