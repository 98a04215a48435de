"""Any line of a home's ledger in words: each package says its own, this puts them side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from medpwa import sentences as shared
from medpwa.alerts import Acknowledgement, Alert
from medpwa.competency import sentences as competency
from medpwa.desk import sentences as desk
from medpwa.ledger import Line
from medpwa.mar import history as mar_history
from medpwa.mar import sentences as mar
from medpwa.medicines import history as medicines_history
from medpwa.medicines import sentences as medicines
from medpwa.permits import Actor
from medpwa.practice import sentences as practice
from medpwa.residents import history as residents_history
from medpwa.residents import sentences as residents
from medpwa.staff import sentences as staff
from medpwa.staff.sentences import Details, ids_of, line_words, why_refused

Said = tuple[str, str]  # words and tone


def words_for(who: Actor, lines: list[Line]) -> dict[int, Said]:
    """What each line says, and its tone, by the line's id; a handful of queries a package, however many lines."""
    found: dict[int, Said] = {}
    for verbs, tell in _TELLERS:
        mine = [x for x in lines if x.verb in verbs]
        if mine:
            found |= {x.id: said for x, said in zip(mine, tell(who, mine), strict=True)}
    for x in lines:
        found.setdefault(x.id, (f"Recorded “{x.verb}”, which this version has no words for", "plain"))
    return found


def _by_sentence(sentences, details, tones, refused, who: Actor, lines: list[Line]) -> list[Said]:
    """For the packages whose sentences end with what the rows say."""
    more = details(lines, who)
    return [
        (line_words(x, sentences, more, refused), "blocked" if x.outcome == "refused" else tones.get(x.verb, "plain"))
        for x in lines
    ]


def _shared_details(lines: list[Line], who: Actor) -> Details:
    """Alerts by their words; a seal by how much it covers."""
    found = why_refused(lines)
    for alert_id, words in Alert.select(Alert.id, Alert.words).where(Alert.id.in_(ids_of(lines, "alert"))).tuples():
        found["alert", alert_id] = words
    wanted = Acknowledgement.id.in_(ids_of(lines, "acknowledgement"))
    for row in Acknowledgement.select(Acknowledgement, Alert).join(Alert).where(wanted):
        found["acknowledgement", row.id] = row.alert.words
    return found


def _checks(who: Actor, lines: list[Line]) -> list[Said]:
    """A check's result stands in its line alone."""
    said = _by_sentence(desk.SENTENCES, lambda some, _: why_refused(some), {}, desk.REFUSED, who, lines)
    return [
        (f"{words}: {desk.found_words(x.about)}", "blocked" if x.about["faults"] else "given")
        if x.verb == "ledger.checked" and x.outcome == "done"
        else (words, tone)
        for x, (words, tone) in zip(lines, said, strict=True)
    ]


def _reasons_alone(lines: list[Line], who: Actor) -> Details:
    """For lines whose rows are read on their own pages, by those who may."""
    return why_refused(lines)


_TELLERS: tuple[tuple[Mapping[str, str], Callable[[Actor, list[Line]], list[Said]]], ...] = (
    (staff.SENTENCES, partial(_by_sentence, staff.SENTENCES, staff.details, staff.TONES, staff.REFUSED)),
    (residents.SENTENCES, residents_history.words_for),
    (
        competency.SENTENCES,
        partial(_by_sentence, competency.SENTENCES, competency.details, competency.TONES, competency.REFUSED),
    ),
    (medicines.SENTENCES, partial(medicines_history.words_for, named=True)),
    (mar.SENTENCES, partial(_by_sentence, mar.SENTENCES, mar_history.details, mar_history.TONES, mar.REFUSED)),
    (practice.SENTENCES, partial(_by_sentence, practice.SENTENCES, practice.details, practice.TONES, practice.REFUSED)),
    (shared.SENTENCES, partial(_by_sentence, shared.SENTENCES, _shared_details, {}, {})),
    (desk.SENTENCES, _checks),
)

# ---------------------------------------------------------------- what was done, in groups one can ask for

_REPORTS = frozenset({"mar.report_given", "mar.close_report", "mar.confirm"})
_SIGN_INS = frozenset({"session.start", "session.end", "staff.end_session", "staff.set_password"})
_SIGN_INS |= {"staff.change_own_password"}


def _group(verb: str) -> str:
    """Which group a verb belongs to; every verb with a sentence has one."""
    if verb in _REPORTS:
        return "reports"
    if verb in _SIGN_INS or verb.startswith(("session.", "device", "pin.", "phone")):
        return "sign-ins"
    if verb in mar.SENTENCES:
        return "doses"
    if verb in residents.SENTENCES:
        return "labels" if verb.startswith("labels.") else "residents"
    if verb in medicines.SENTENCES:
        return "orders"
    if verb in competency.SENTENCES:
        return "sign-offs"
    if verb in practice.SENTENCES:
        return "practice"
    if verb in staff.SENTENCES and verb != "home.open":
        return "staff"
    return "alerts" if verb.startswith("alerts.") else "ledger"


GROUP_WORDS: dict[str, str] = {
    "doses": "Doses, scans and rounds",
    "reports": "Doses reported after they were given",
    "orders": "What is prescribed",
    "residents": "Residents’ records, allergies, whereabouts",
    "labels": "Labels",
    "sign-offs": "Sign-offs",
    "practice": "Assessments, training and supervision",
    "staff": "Staff, roles and duties",
    "sign-ins": "Sign-ins and passwords",
    "alerts": "Alerts",
    "ledger": "The ledger and the product itself",
}


def all_verbs() -> list[str]:
    """Every verb that has a sentence."""
    return sorted({verb for verbs, _ in _TELLERS for verb in verbs})


def verbs_of(group: str) -> list[str]:
    """The verbs of a group."""
    return [verb for verb in all_verbs() if _group(verb) == group]
