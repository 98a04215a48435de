"""The verbs of the quarterly audit: sign it, which freezes it, and say that a finding was seen to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from medpwa import clock
from medpwa.action import Done, action
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.permits import Actor
from medpwa.practice import audit_deeds as deeds
from medpwa.practice import audit_queries as queries
from medpwa.practice import auditing
from medpwa.practice.audit_deeds import FindingAsked
from medpwa.practice.audit_vocabulary import LONGEST_FINDING, LONGEST_WORDS, TESTS
from medpwa.practice.auditing import Audited
from medpwa.practice.models import AuditFinding, AuditFindingDone, CompetencyAudit
from medpwa.practice.quarters import Quarter
from medpwa.staff import lock_rules
from medpwa.staff import queries as staff

STEP_UP = "Type your PIN or password again, then sign. Nothing is signed yet; what you wrote is kept."
CHANGED = "Something was recorded since you opened this audit, and its figures are others now. Read them, then sign."
SHORTEST_AMENDMENT = 10
SHORTEST_DONE = 5
FURTHEST_DUE = dt.timedelta(days=366)
TWICE_WITHIN = dt.timedelta(minutes=5)  # the same form sent again


@action("audits.sign")
def sign(
    *,
    by: Actor,
    quarter: str,
    words: str = "",
    findings: Sequence[FindingAsked] = (),
    seal: str | None = None,
    amends: int | None = None,
    proven_at: dt.datetime | None = None,
) -> Done:
    """Freeze the audit of a quarter as it reads now. `seal` names what the signer read; where the figures are others by
    now nothing is signed. One audit of a quarter is signed; what is signed later amends the one before and says why.
    Raises Invalid, Refused where another was signed meanwhile, NotFound for a quarter that has not begun."""
    asked, at = queries.begun_quarter(by, quarter), clock.now()
    standing = queries.standing(by.home_id, asked)
    if standing is not None and standing.id != amends:
        return _signed_before(by, standing, words, amends, at)
    if standing is None and amends is not None:
        raise NotFound()
    if by.kind != "system" and not lock_rules.stepped_up(proven_at, at):
        raise Refused("step_up", STEP_UP)
    audited = auditing.audit(by, asked, at)
    _check(by, asked, audited, words, findings, seal, standing)
    row, said = deeds.sign(
        by, audited, words=words, findings=findings, proven_at=proven_at or at, amends=standing
    )
    return Done(row, [said])


def _signed_before(by: Actor, standing: CompetencyAudit, words: str, amends: int | None, at: dt.datetime) -> Done:
    """The answer to a form sent twice, or a refusal that says who signed meanwhile."""
    same = (standing.by, standing.words, standing.amends_id) == (by.person_id, words, amends)
    if same and at - standing.at < TWICE_WITHIN:
        return Done(standing, replay=True)
    name = staff.names({standing.by}).get(standing.by or 0, "Somebody")
    when = clock.moment_words(standing.at, by.zone)
    raise Refused(
        "signed_meanwhile",
        f"{name} signed the audit of this quarter {when}. Yours was not signed. Read theirs; if something is to be "
        "added, amend it.",
    )


def _check(
    by: Actor,
    quarter: Quarter,
    audited: Audited,
    words: str,
    findings: Sequence[FindingAsked],
    seal: str | None,
    standing: CompetencyAudit | None,
) -> None:
    if not audited.figures["doses"]:
        raise Invalid([(None, f"No dose was given in {quarter.words}, so there is nothing to sign.")])
    if by.kind != "system" and seal != audited.seal:
        raise Invalid([(None, CHANGED)])
    wrong: list[tuple[str, str]] = []
    if len(words) > LONGEST_WORDS:
        wrong.append(("words", f"Use at most {LONGEST_WORDS} characters. Nothing is signed yet."))
    if standing is not None and len(words) < SHORTEST_AMENDMENT:
        wrong.append(("words", "Say in a few words what this changes and why. Nothing is signed yet."))
    failed = [t["key"] for t in audited.figures["tests"] if t["failed"]]
    covered = {f.test for f in findings}
    for key in failed:
        if key not in covered:
            wrong.append((f"what-{key}", "Say what is to be done about it. Nothing is signed yet."))
    today = clock.local_day(clock.now(), by.zone)
    for f in findings:
        wrong += _faults(by, f, today)
    if wrong:
        raise Invalid(wrong)


def _faults(by: Actor, f: FindingAsked, today: dt.date) -> list[tuple[str, str]]:
    found = []
    if f.test not in TESTS:
        raise NotFound()
    if not 5 <= len(f.what) <= LONGEST_FINDING:
        found.append((f"what-{f.test}", f"Say what is to be done, in 5 to {LONGEST_FINDING} characters."))
    if f.owner not in queries.owners(by.home_id):
        found.append((f"owner-{f.test}", "Choose who sees to it from the list."))
    if by.kind != "system" and not today <= f.due_on <= today + FURTHEST_DUE:
        found.append((f"due-{f.test}", "Choose a day from today on, within a year."))
    return found


@action("audits.act", about=queries.finding_of)
def finish(*, by: Actor, about: AuditFinding, finding_id: int, words: str) -> Done:
    """Say how a finding was seen to. Said once; a repeat by the same person in the same words changes nothing."""
    stored = AuditFindingDone.get_or_none(AuditFindingDone.finding == about)
    if stored is not None:
        if (stored.by, stored.words) == (by.person_id, words):
            return Done(stored, replay=True)
        name = staff.names({stored.by}).get(stored.by, "Somebody")
        raise Refused("done_before", f"{name} said already that it was seen to. Nothing was changed.")
    if not SHORTEST_DONE <= len(words) <= LONGEST_WORDS:
        raise Invalid([("words", "Say how it was seen to, in a few words. Nothing was changed.")])
    row, said = deeds.finish(by, about, words)
    return Done(row, [said])


