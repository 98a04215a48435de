"""Read-only answers about quarterly audits: which were signed, what they said, and whether the record says it still."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import peewee as pw

from medpwa import clock
from medpwa.competency.vocabulary import SKILLS
from medpwa.errors import NotFound
from medpwa.mar.measures import share
from medpwa.permits import LEADING_ROLES, OVERSEEING_ROLES, Actor, may
from medpwa.practice import auditing, gives, quarters
from medpwa.practice.audit_vocabulary import FINDING_DAYS, TESTS
from medpwa.practice.auditing import Audited
from medpwa.practice.gives import PERIODS
from medpwa.practice.models import AuditFinding, AuditFindingDone, CompetencyAudit
from medpwa.practice.quarters import Quarter
from medpwa.staff import queries as staff

WAITS = "Waits to be signed"


@dataclass(frozen=True)
class Exception_:
    """One thing that was not as it should be, with the way to what it is made of."""

    words: str
    detail: str
    url: str


@dataclass(frozen=True)
class TestRow:
    """One question with its answer."""

    key: str
    name: str
    counted: str
    figure: str
    tone: str
    word: str
    exceptions: list[Exception_]


@dataclass(frozen=True)
class Finding:
    """A finding of a signed audit."""

    id: int
    what: str
    owner: str
    due_words: str
    overdue: bool
    done_words: str


@dataclass(frozen=True)
class AuditPage:
    """An audit as a page shows it, live or frozen."""

    quarter: str
    quarter_words: str
    sentence: str
    lead: str
    tests: list[TestRow]
    by_skill: list[tuple[str, str, str]]
    by_period: list[tuple[str, str, str, int]]
    sample: list[Exception_]
    seal: str


# ---------------------------------------------------------------- finding them


def begun_quarter(who: Actor, word: str) -> Quarter:
    """A quarter that has begun, by its word; NotFound for one that has not, and for nonsense."""
    found = quarters.parse(word)
    if found is None or found.bounds(who.zone)[0] > clock.now():
        raise NotFound()
    return found


def quarter_of(who: Actor, quarter: str, **_: object) -> Quarter:
    """The loader of pages about a quarter."""
    return begun_quarter(who, quarter)


def standing(home_id: int, quarter: Quarter) -> CompetencyAudit | None:
    """The signed audit of a quarter that nothing amends."""
    rows = CompetencyAudit.select().where((CompetencyAudit.home == home_id) & (CompetencyAudit.quarter == quarter.word))
    found = list(rows.order_by(CompetencyAudit.id))
    amended = {a.amends_id for a in found}
    return next((a for a in reversed(found) if a.id not in amended), None)


def audit_of(who: Actor, audit_id: int, **_: object) -> CompetencyAudit:
    """A signed audit of the actor's home, else NotFound."""
    found = None
    if 0 < audit_id < staff.HIGHEST_ID:
        mine = (CompetencyAudit.id == audit_id) & (CompetencyAudit.home == who.home_id)
        found = CompetencyAudit.get_or_none(mine)
    if found is None:
        raise NotFound()
    return found


def finding_of(who: Actor, finding_id: int, **_: object) -> AuditFinding:
    """A finding of an audit of the actor's home, else NotFound."""
    found = None
    if 0 < finding_id < staff.HIGHEST_ID:
        mine = (AuditFinding.id == finding_id) & (CompetencyAudit.home == who.home_id)
        found = AuditFinding.select(AuditFinding, CompetencyAudit).join(CompetencyAudit).where(mine).first()
    if found is None:
        raise NotFound()
    return found


def owners(home_id: int) -> dict[int, str]:
    """Who can be asked to see to a finding: those who lead, manage or oversee here now."""
    wanted = LEADING_ROLES | OVERSEEING_ROLES
    found = (c for c in staff.colleagues(home_id) if c.roles & wanted)
    return {c.person_id: f"{c.name}, {staff.role_words(c.roles)}" for c in found}


# ---------------------------------------------------------------- a page


def live_page(who: Actor, quarter: Quarter) -> AuditPage:
    """The audit of a quarter as the record reads now."""
    return page_of(who, quarter, auditing.audit(who, quarter, clock.now()))


def frozen_page(who: Actor, row: CompetencyAudit) -> AuditPage:
    """The audit as it was signed, whatever the record says today."""
    quarter = quarters.parse(row.quarter)
    return page_of(who, quarter, Audited(row.figures, row.exceptions))


def page_of(who: Actor, quarter: Quarter, audited: Audited) -> AuditPage:
    """An audit in words."""
    f = audited.figures
    by_test: dict[str, list[Exception_]] = {}
    for e in audited.exceptions:
        by_test.setdefault(str(e["test"]), []).append(_exception(who, e))
    return AuditPage(
        quarter=quarter.word,
        quarter_words=quarter.words,
        sentence=_sentence(f, quarter),
        lead=_lead(f, quarter, who.zone),
        tests=[_test(t, by_test.get(t["key"], [])) for t in f["tests"]],
        by_skill=[(SKILLS.get(s, s), f"{n:,}", f"{out:,}") for s, n, out in f["by_skill"]],
        by_period=[(PERIODS[p], f"{n:,}", f"{out:,}", seen) for p, n, out, seen in f["by_period"]],
        sample=[Exception_(words, detail, _person_url(who, p, skill)) for words, detail, p, skill in f["sample"]],
        seal=audited.seal,
    )


def _sentence(f: dict, quarter: Quarter) -> str:
    if not f["doses"]:
        return f"No dose was given in {quarter.words}"
    out = f["not_in_date"]
    count = f"{out:,} of {f['doses']:,}" if out else f"None of {f['doses']:,}"
    verb = "was" if out <= 1 else "were"
    return f"{count} doses in {quarter.words} {verb} given by somebody not signed off"


def _lead(f: dict, quarter: Quarter, zone: str) -> str:
    said = [f"{f['people']} {'person' if f['people'] == 1 else 'people'} gave medicines, by the records of doses."]
    if f["alone"]:
        said.append(f"In date for every dose they gave without a supervisor: {share(f['in_date'], f['alone'])}.")
    if f["supervised"]:
        said.append(f"Doses under supervision, counted apart: {f['supervised']:,}.")
    until = clock.from_micros(f["until"])
    if until < quarter.bounds(zone)[1]:
        said.append(f"It covers the quarter up to {clock.stamp_words(until, zone)}.")
    return " ".join(said)


def _test(t: dict, exceptions: list[Exception_]) -> TestRow:
    test, of, failed = TESTS[t["key"]], t["of"], t["failed"]
    # A test that is met is read beside its figure: "met: 0 of 18" would be taken for none of them.
    counted = f"{failed:,} of {of:,}" if failed else f"no exception in {of:,}"
    figure = counted if of or failed else "nothing to count"
    tone = "blocked" if failed else "given" if of else "plain"
    word = "Not met" if failed else "Met" if of else "Nothing to count"
    return TestRow(t["key"], test.name, test.counted, figure, tone, word, exceptions)


def _exception(who: Actor, e: dict) -> Exception_:
    url = ""
    if "resident" in e:
        url = f"/h/{who.home_slug}/residents/{e['resident']}/rounds"
        if may("ledger.see", who):
            url = f"/h/{who.home_slug}/ledger?about=resident-{e['resident']}&from={e['day']}&to={e['day']}"
    elif "person" in e:
        url = _person_url(who, e["person"], str(e.get("skill", "")))
    return Exception_(str(e["words"]), str(e["detail"]), url)


def _person_url(who: Actor, person_id: object, skill: str = "") -> str:
    return f"/h/{who.home_slug}/competency/{person_id}/record{f'?skill={skill}' if skill else ''}"


# ---------------------------------------------------------------- frozen ones


@dataclass(frozen=True)
class Signed:
    """One signed audit in a list."""

    id: int
    url: str
    words: str
    amended: bool


@dataclass(frozen=True)
class QuarterRow:
    """One quarter of the list of audits."""

    words: str
    url: str
    said: str
    tone: str
    signed: list[Signed]


def quarters_page(who: Actor) -> list[QuarterRow]:
    """The quarters that have begun, this one first, back to the oldest that was signed and at least one before this."""
    this = quarters.of_day(clock.local_day(clock.now(), who.zone))
    rows = list(CompetencyAudit.select().where(CompetencyAudit.home == who.home_id).order_by(CompetencyAudit.id))
    listed, quarter = [this], this
    oldest = min((quarters.parse(a.quarter) for a in rows), default=this)
    while quarter.before >= oldest or len(listed) < 2:
        quarter = quarter.before
        listed.append(quarter)
    return [_quarter_row(who, q, [a for a in rows if a.quarter == q.word]) for q in listed]


def _quarter_row(who: Actor, quarter: Quarter, rows: list[CompetencyAudit]) -> QuarterRow:
    amended = {a.amends_id for a in rows}
    signed = [_signed(who, a, a.id in amended) for a in reversed(rows)]
    runs = quarter.bounds(who.zone)[1] > clock.now()
    tone, said = "given", "Signed"
    if not rows:
        tone, said = ("coming", f"Runs until {clock.date_words(quarter.last)}") if runs else ("late", WAITS)
    if tone == "late" and not gives.any_between(who.home_id, *quarter.bounds(who.zone)):
        tone, said = "plain", "No dose was given"
    return QuarterRow(quarter.words, f"{base(who)}/{quarter.word}", said, tone, signed)


def base(who: Actor) -> str:
    """Where the audits of a home are."""
    return f"/h/{who.home_slug}/audits/competency"


def _signed(who: Actor, a: CompetencyAudit, amended: bool) -> Signed:
    return Signed(a.id, f"{base(who)}/signed/{a.id}", signed_words(who, a), amended)


def signed_words(who: Actor, a: CompetencyAudit) -> str:
    """`Signed by Rosa Quiroga on 16 Nov 2026, 11:40`; named as they were called then."""
    name = staff.names_then([a.by])(a.by, a.at) or "Steady"
    when = f"{clock.date_words(clock.local_day(a.at, who.zone))}, {clock.time_words(a.at, who.zone)}"
    return f"{'Amended and signed' if a.amends_id else 'Signed'} by {name} on {when}"


@dataclass(frozen=True)
class FrozenPage:
    """A signed audit with what became of it since."""

    page: AuditPage
    signed: str
    words: str
    amends_url: str
    amended_url: str
    differences: list[str]
    findings: list[Finding]


def signed_page(who: Actor, row: CompetencyAudit) -> FrozenPage:
    """A signed audit as it was, how the same question is answered today, and its findings."""
    later = CompetencyAudit.get_or_none(CompetencyAudit.amends == row)
    return FrozenPage(
        page=frozen_page(who, row),
        signed=signed_words(who, row),
        words=row.words,
        amends_url=f"{base(who)}/signed/{row.amends_id}" if row.amends_id else "",
        amended_url=f"{base(who)}/signed/{later.id}" if later else "",
        differences=differences(who, row),
        findings=findings_of(who, [row.id]),
    )


_COMPARED = {
    "doses": "Doses given",
    "people": "People who gave",
    "not_in_date": "Doses given by somebody not signed off",
    "supervised": "Doses under supervision",
}


def differences(who: Actor, row: CompetencyAudit) -> list[str]:
    """Where the same question about the same days is answered otherwise today: corrections and reports came since, or
    a paper was found. The signed figures stay as they were."""
    quarter, until = quarters.parse(row.quarter), clock.from_micros(row.figures["until"])
    then, today = row.figures, auditing.audit(who, quarter, until, exact=True).figures
    said = [(words, then[name], today[name]) for name, words in _COMPARED.items()]
    now = {t["key"]: t["failed"] for t in today["tests"]}
    said += [(TESTS[t["key"]].name, t["failed"], now[t["key"]]) for t in then["tests"] if t["key"] != "gave"]
    return [f"{words}: {before:,} when signed, {after:,} today" for words, before, after in said if before != after]


def findings_of(who: Actor, audits: Iterable[int]) -> list[Finding]:
    """The findings of some audits, the soonest due first."""
    rows = (
        AuditFinding.select(AuditFinding, AuditFindingDone.words.alias("how"))
        .join(AuditFindingDone, pw.JOIN.LEFT_OUTER)
        .where(AuditFinding.audit.in_(list(audits)))
        .order_by(AuditFinding.due_on, AuditFinding.id)
        .objects()
    )
    found = list(rows)
    names, today = staff.names({f.owner_id for f in found}), clock.local_day(clock.now(), who.zone)
    return [
        Finding(
            id=f.id,
            what=f.what,
            owner=names.get(f.owner_id, "somebody"),
            due_words=clock.date_words(f.due_on),
            overdue=f.how is None and f.due_on < today,
            done_words=f.how or "",
        )
        for f in found
    ]


def open_findings(who: Actor) -> list[Finding]:
    """Findings of this home that nobody has seen to yet, also those of audits that were amended."""
    mine = CompetencyAudit.select(CompetencyAudit.id).where(CompetencyAudit.home == who.home_id)
    return [f for f in findings_of(who, [a.id for a in mine]) if not f.done_words]


@dataclass(frozen=True)
class Waits:
    """Something about an audit that waits for whoever may sign one."""

    since: dt.datetime
    url: str
    words: str = ""
    what: str = ""
    owner: str = ""
    due_words: str = ""


def unsigned(who: Actor) -> list[Waits]:
    """The quarter before this one, where doses were given in it and nobody signed its audit."""
    last = quarters.of_day(clock.local_day(clock.now(), who.zone)).before
    start, end = last.bounds(who.zone)
    if standing(who.home_id, last) is not None or not gives.any_between(who.home_id, start, end):
        return []
    return [Waits(end, f"{base(who)}/{last.word}", last.words)]


def overdue(who: Actor) -> list[Waits]:
    """Findings nobody has seen to whose day has passed."""
    today = clock.local_day(clock.now(), who.zone)
    mine = (CompetencyAudit.home == who.home_id) & (AuditFinding.due_on < today)
    done = AuditFindingDone.select(AuditFindingDone.finding)
    rows = AuditFinding.select(AuditFinding, CompetencyAudit).join(CompetencyAudit)
    found = list(rows.where(mine & AuditFinding.id.not_in(done)).order_by(AuditFinding.due_on, AuditFinding.id))
    names = staff.names({f.owner_id for f in found})
    return [
        Waits(
            since=clock.day_bounds(f.due_on, who.zone)[1],
            url=f"{base(who)}/signed/{f.audit_id}",
            what=f.what,
            owner=names.get(f.owner_id, "Somebody"),
            due_words=clock.date_words(f.due_on),
        )
        for f in found
    ]


def proposed_due(who: Actor) -> dt.date:
    """The day a form proposes for a finding."""
    return clock.local_day(clock.now(), who.zone) + dt.timedelta(days=FINDING_DAYS)
