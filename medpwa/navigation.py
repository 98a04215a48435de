"""Where somebody can go from a page: the desk's rail, the phone's two tabs, the Scan pill."""

from __future__ import annotations

from dataclasses import dataclass

from medpwa.permits import Actor, may


@dataclass(frozen=True)
class Place:
    """One link of the navigation."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None


# label, path under the home, icon, permit
_RAIL = (
    ("Decisions", "decisions", "inbox", "desk.decide"),
    ("Round", "round", "list-checks", "round.see"),
    ("Floor", "floor", "layout-grid", "board.see"),
    ("People", "residents", "users", "residents.see"),
    ("Medicines", "orders", "pill", "orders.see"),
    ("Sign-offs", "competency", "graduation-cap", "competency.see"),
    ("Staff", "staff", "contact", "staff.see"),
    ("Duties", "duties", "calendar-clock", "staff.set_duty"),
    ("Labels", "labels", "qr-code", "labels.see"),
    ("Reports", "reports", "flag", "mar.see_reports"),
    ("Ledger", "ledger", "history", "ledger.see"),
    ("More", "more", "menu", "round.see"),
)


def rail(who: Actor, path: str) -> list[Place]:
    """The places this person may go, in the rail's order."""
    if not who.home_slug:
        return []
    base = f"/h/{who.home_slug}/"
    return [
        Place(label, base + word, icon, path == base + word or path.startswith(base + word + "/"))
        for label, word, icon, permit in _RAIL
        if may(permit, who)
    ]


def tabs(who: Actor, path: str) -> list[Place]:
    """The phone's two tabs: the round (or the floor, for those who oversee) and More."""
    if not who.home_slug:
        return []
    base = f"/h/{who.home_slug}/"
    gives = may("mar.record", who)
    first = ("Round", "round", "list-checks") if gives else ("Floor", "floor", "layout-grid")
    own = base + first[1]
    left = Place(first[0], own, first[2], path == own or path.startswith(f"{own}/") or path.endswith("/card"))
    return [left, Place("More", base + "more", "menu", path == base + "more")]


def scan_url(who: Actor) -> str | None:
    """Where the Scan pill leads; None for people who do not scan."""
    return f"/h/{who.home_slug}/scan" if who.home_slug and may("mar.scan", who) else None


def scanner_attrs(who: Actor) -> dict[str, str]:
    """What a link needs so that a tap opens the camera on the page it stands on."""
    base = f"/h/{who.home_slug}"
    return {
        "data-js": "scanner",
        "data-typed-url": f"{base}/scan/typed",
        "data-find-url": f"{base}/residents",
        "data-not-ours-url": f"{base}/scan/not-ours",
    }
