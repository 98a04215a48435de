"""The More page: everything this person may open, grouped, each with what it is for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from werkzeug.exceptions import HTTPException

from medpwa import alerts
from medpwa.permits import Actor, may


@dataclass(frozen=True)
class Way:
    """One link with its reason."""

    label: str
    why: str
    url: str
    icon: str
    count: int | None = None


@dataclass(frozen=True)
class Group:
    """Links that belong together."""

    heading: str
    ways: list[Way]


# heading: (label, why, path under the home, icon, permit)
_GROUPS: tuple[tuple[str, tuple[tuple[str, str, str, str, str], ...]], ...] = (
    (
        "Giving medicines",
        (
            ("Round", "Who is due now, and what is still open", "round", "list-checks", "round.see"),
            ("Type a code", "When a label will not scan", "scan", "keyboard", "mar.scan"),
            ("Floor board", "Everybody at a glance: given, due, late", "floor", "layout-grid", "board.see"),
            ("Refusals", "Runs of refusals, and what was done about each", "refusals", "circle-minus", "refusal.see"),
            (
                "Hand-over",
                "What this shift hands to the next, and who was told",
                "hand-over",
                "clipboard-list",
                "handover.see",
            ),
            ("Round on paper", "To print before a power cut or an outage", "round/sheet", "printer", "round.sheet"),
            ("What it did", "When-required medicines of which somebody has to say whether they helped", "effects",
             "circle-question-mark", "round.see"),
            ("When-required medicines", "Uses, reviews to ask for, effects recorded", "prn", "pill-bottle", "prn.see"),
            (
                "Reports of doses already given",
                "Given first, told later: to be looked at",
                "reports",
                "flag",
                "mar.see_reports",
            ),
            ("Gaps", "Doses without a record, until they are settled", "gaps", "circle-question-mark", "gaps.see"),
            ("Corrections", "Entries somebody says are wrong", "corrections", "pen-line", "mar.see_corrections"),
            (
                "To confirm",
                "Doses recorded late, to be looked at",
                "confirmations",
                "clock-alert",
                "mar.see_confirmations",
            ),
        ),
    ),
    (
        "People who live here",
        (
            ("Residents", "Photo, allergies, where they are", "residents", "users", "residents.see"),
            (
                "Lists to compare",
                "After hospital or moving in, the same day",
                "reconciliations",
                "clipboard-check",
                "absence.see",
            ),
            ("Medicines", "What is prescribed, and what waits for its second check", "orders", "pill", "orders.see"),
            ("Labels", "Print the codes that are scanned, or revoke one", "labels", "qr-code", "labels.print"),
            ("Code sheet", "All codes on paper, to try scanning with", "codes", "qr-code", "labels.code_sheet"),
        ),
    ),
    (
        "People who work here",
        (
            ("My sign-offs", "What you may give, what comes next, your own figures", "my-sign-offs",
             "shield-check", "competency.see_own"),
            (
                "Duties",
                "Who is on the floor, who leads, who is on call",
                "duties",
                "calendar-clock",
                "staff.see_duties",
            ),
            ("Cover", "Where somebody is missing in the next seven days", "coverage", "calendar-clock", "coverage.see"),
            ("Staff", "Roles and access", "staff", "contact", "staff.see"),
            ("Phones and boards", "Enrol one, mark one lost, who is signed in", "devices", "smartphone", "device.see"),
            (
                "Exceptions for one round",
                "Who gives without being signed off, and who allowed it",
                "break-glass",
                "flag",
                "glass.see",
            ),
            ("Sign-offs", "Who may give what, and until when", "competency", "graduation-cap", "competency.see"),
            ("Assessments", "Gaps and lapses ahead, bookings, observed rounds", "assessments", "clipboard-check",
             "assess.see"),
            ("My assessments", "Ask to be assessed, sign what was seen of you", "my-assessments", "target",
             "assess.sign"),
            ("My file", "What led to what I may give, and what I gave", "my-record", "clipboard-list",
             "competency.see_own"),
            ("Quarterly audits", "Whether every dose was given by somebody signed off", "audits/competency",
             "clipboard-check", "audits.see"),
            ("Courses", "Who has one to take or to renew, certificates", "training", "clipboard-check", "training.see"),
            ("Agency and bank staff", "Shown this home, first round, access", "agency", "users-round", "training.see"),
            ("My courses", "Your own certificates, and what ends soon", "training/mine", "clipboard-list",
             "competency.see_own"),
            ("Supervision", "Who is due for a talk, what was agreed", "supervision", "contact", "supervision.list"),
            ("My supervision", "Your own talks, to read and to sign", "supervision/mine", "clipboard-check",
             "supervision.see"),
        ),
    ),
    (
        "This home",
        (
            (
                "Decisions",
                "What waits for you to decide, riskiest first",
                "decisions",
                "inbox",
                "desk.decide",
            ),
            ("Alerts", "What waits for you, and what was seen", "alerts", "bell", "alerts.see"),
            ("Ledger", "What was recorded and refused, line by line", "ledger", "history", "ledger.see"),
            ("Who opened what", "Which pages were opened, by whom", "ledger/access", "users", "ledger.see_access"),
            ("Check of the ledger", "Whether anything was changed", "ledger/check", "shield-check", "ledger.check"),
            ("Letters on paper", "Which letter stands for which outcome", "letters", "pen-line", "mar.set_letters"),
            ("Times of the rounds", "When each round starts and closes", "rounds", "clock", "round.settings"),
            ("Times of the shifts", "When each shift starts, for the hand-over", "shifts", "clock", "shift.settings"),
        ),
    ),
)


def groups(who: Actor) -> list[Group]:
    """What this person may open, by group; pages that are not there yet are left out rather than promised."""
    found = [Group(heading, [_way(who, *w) for w in ways if _open_to(who, w)]) for heading, ways in _GROUPS]
    return [g for g in found if g.ways]


def _open_to(who: Actor, way: tuple[str, str, str, str, str]) -> bool:
    *_, path, _icon, permit = way
    return may(permit, who) and _is_a_page(f"/h/{who.home_slug}/{path}")


def _way(who: Actor, label: str, why: str, path: str, icon: str, permit: str) -> Way:
    count = len(alerts.open_for(who)) or None if path == "alerts" else None
    return Way(label, why, f"/h/{who.home_slug}/{path}", icon, count)


def _is_a_page(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True
