"""Three homes with one of everything an address can name, for the permit matrix."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from medpwa import alerts, clock, database, ledger
from medpwa.action import ACTIONS, Done, action
from medpwa.competency import attestation_actions, glass_deeds, paper_actions, papers
from medpwa.competency.vocabulary import SKILLS
from medpwa.mar import actions as mar
from medpwa.mar import correction_actions as corrections
from medpwa.mar import handover_actions, recording
from medpwa.mar import queries as mar_queries
from medpwa.mar.actions import GivenFact
from medpwa.mar.correction_actions import Correction
from medpwa.mar.correction_rules import Wanted
from medpwa.mar.intents import Intent
from medpwa.mar.models import Entry, GivenReport
from medpwa.mar.models_after import WitnessRequest
from medpwa.mar.tickets import DoseKey
from medpwa.medicines import advice_actions
from medpwa.medicines.advice_rules import AdviceKeyed
from medpwa.permits import PERMITS, Actor, is_system
from medpwa.practice import (
    audit_actions,
    audit_queries,
    auditing,
    booking_deeds,
    quarters,
    training,
    training_actions,
)
from medpwa.practice import supervision_actions as supervision
from medpwa.practice.audit_deeds import FindingAsked
from medpwa.practice.models import AuditFinding, SupervisionAction
from medpwa.practice.supervision_rules import Agreed, Talk
from medpwa.residents import actions as residents
from medpwa.residents import photos
from medpwa.residents.queries import resident_card
from medpwa.staff import actions as staff
from medpwa.staff import device_actions, devices, queries, rules, sessions
from medpwa.staff.models import Home, Person, Session
from tests import builders
from tests.mar.prn_steps import LORAZEPAM, Prn
from tests.practice import steps

Ids = dict[str, str]


@dataclass
class Place:
    """A home with one of everything an address can name."""

    slug: str
    ids: Ids = field(default_factory=dict)


def build() -> dict[str, Place]:
    """Rowan Court, Elm House of the same provider, Far House of another: each with one of everything."""
    _people_elsewhere()
    found = {}
    for slug, leader, target in (("rowan", "sena", "cara"), ("elm", "edda", "ed"), ("far", "nell", "fay")):
        found[slug] = Place(slug, _one_of_everything(slug, leader, target))
    return found


def _people_elsewhere() -> None:
    for slug, username, role in (
        ("elm", "edda", "registered_manager"),
        ("elm", "ed", "carer"),
        ("far", "fay", "carer"),
        ("rowan", "ines", "carer"),
    ):
        staff.add_person(
            by=_system(slug),
            username=username,
            given_name=username.title(),
            family_name="Away",
            role=role,
            password_hash="x",
        )
    staff.end_person(by=_system("rowan"), person_id=builders.person_id("ines"), reason="No pass yet")


def _system(slug: str) -> Actor:
    return queries.system(Home.get(Home.slug == slug))


def _actor(username: str, slug: str) -> Actor:
    found = queries.actor(builders.person_id(username), slug)
    assert found is not None, username
    return found


def _one_of_everything(slug: str, leader: str, target: str) -> Ids:
    system = _system(slug)
    by = _actor(leader, slug)
    for skill in ("transcription", "oral"):
        builders.sign_off(system, by.person_id, skill)
    one = builders.resident(system, "Ivy", "Cartledge", room="7")
    other = builders.resident(system, "Doris", "Whitcombe", room="3")
    photo = residents.set_photo(by=by, resident_id=one.id, photo=photos.prepare(_picture()))
    order = builders.order(system, one.id, times=("11:30",))
    waiting = builders.hand_keyed_order(by, one.id, medicine="lactulose", strength="10 mg")
    label, token = builders.label(by, one.id)
    due = clock.at_local(clock.local_day(clock.now()), dt.time(11, 30))
    return {
        "resident_id": str(one.id),
        "person_id": str(builders.person_id(target)),
        "photo_id": str(photo.id),
        "size": "small",
        "line_id": str(order.line_id),
        "version_id": str(waiting.version_id),
        **_letter(by, one.id),
        **_prn_given(slug, leader, one.id, label.id),
        "label_id": str(label.id),
        "token": token,
        "key": f"{order.line_id}-{clock.micros(due)}",
        "scan_id": str(_stop(slug, leader, one.id, label.id, other.id)),
        "gap_key": _gap(system, one.id),
        "report_id": str(report := _report(_carer(slug, leader), one.id, order, due)),
        "entry_number": str(_entry(_carer(slug, leader), one.id, order)),
        "request_number": str(_correction(_actor(leader, slug), GivenReport.get_by_id(report).entry_id)),
        "alert_id": str(_alert(system)),
        "refusal_id": str(_refusal(_carer(slug, leader), one.id, system)),
        "handover_id": str(_handover(system, by)),
        "request_id": str(_request(slug, leader, one.id)),
        "glass_id": str(_glass(slug, leader)),
        "duty_key": builders.duty(system, target, "floor", clock.now(), clock.now() + dt.timedelta(hours=8)).duty_key,
        "session_id": str(session_of(target)[0].id),
        **_talk(slug, leader, target),
        "part_key": f"{clock.local_day(clock.now()) + dt.timedelta(days=1)}-night",
        **_phone(slug, leader, target),
        **_assessment(_actor(leader, slug), target),
        **_audit(system),
        **_delegated(system, target, one.id),
    }


def _glass(slug: str, leader: str) -> int:
    """Somebody not signed off was let give in one round: Ben at Rowan Court."""
    by, at = _manager(slug, leader), clock.now()
    person_id = builders.person_id({"rowan": "ben", "elm": "ed", "far": "fay"}[slug])
    with database.writing(by.chain_id):
        row, said = glass_deeds.break_glass(by, person_id, "Lunch", at, at + dt.timedelta(hours=3), "Nobody can come")
        ledger.append(by.chain_id, by, [said])
    return row.id


def _audit(system: Actor) -> Ids:
    """The audit of this quarter, signed with a finding for all that it found."""
    quarter = quarters.of_day(clock.local_day(clock.now(), system.zone))
    found, due = auditing.audit(system, quarter, clock.now()), quarter.last
    owner = min(audit_queries.owners(system.home_id))
    failed = [t["key"] for t in found.figures["tests"] if t["failed"]]
    wanted = tuple(FindingAsked(key, "See to it", owner, due) for key in failed)
    row = audit_actions.sign(by=system, quarter=quarter.word, findings=wanted)
    finding = AuditFinding.select().where(AuditFinding.audit == row).first()
    return {"quarter": quarter.word, "audit_id": str(row.id), "finding_id": str(finding.id)}


def _delegated(system: Actor, target: str, resident_id: int) -> Ids:
    """Insulin delegated to somebody by a nurse, with her letter; and some courses the home asks for."""
    from tests.competency.papers_made import PDF
    from tests.competency.test_attestations import attested

    person_id = builders.person_id(target)
    paper = paper_actions.keep(by=system, person_id=person_id, paper=papers.prepare(PDF, "letter.pdf"))
    training_actions.set_courses(by=system, courses=training.first_courses()[:3])
    said = attested(resident_id, paper_id=paper.id)
    row = attestation_actions.attest(by=system, person_id=person_id, said=said)
    return {"paper_id": str(paper.id), "attestation_id": str(row.id)}


def _talk(slug: str, leader: str, target: str) -> Ids:
    """A supervision talk on file with somebody, and something its supervisor agreed to do."""
    who = "tolu" if slug == "rowan" else leader
    by, today = _actor(who, slug), clock.local_day(clock.now())
    agreed = (Agreed("Find the insulin policy", by.person_id, today + dt.timedelta(days=7)),)
    talk = Talk("scheduled", today, {"rounds": "As they are"}, actions=agreed)
    note_id = str(uuid.UUID(int=3 * 10**9 + by.home_id))
    note = supervision.write_up(by=by, person_id=builders.person_id(target), note_id=note_id, talk=talk)
    action = SupervisionAction.get(SupervisionAction.note == note)
    return {"talk_number": str(note.id), "agreed_id": str(action.id)}


def _phone(slug: str, leader: str, target: str) -> Ids:
    """A phone of the home, a code that still enrols, a link that still opens; the board's code is used."""
    by = _manager(slug, leader)
    old = device_actions.invite(by=by, name="Floor", kind="phone", code_hash=secrets.token_hex(8))
    phone = device_actions.enrol(by=_system(slug), code_id=old.id, token_hash=secrets.token_hex(8), user_agent="")
    code = "".join(secrets.choice(rules.CODE_LETTERS) for _ in range(rules.CODE_LENGTH))
    made = device_actions.invite(by=by, name="Hall", kind="phone", code_hash=devices.hashed(code))
    link = secrets.token_urlsafe(24)
    person_id = builders.person_id(target)
    device_actions.show_link(by=by, person_id=person_id, token_hash=devices.hashed(link))
    return {"device_id": str(phone.id), "code_id": str(made.id), "code": code, "link": link}


def _assessment(by: Actor, target: str) -> Ids:
    """A colleague whose round is being watched just now, and a booking of theirs for tomorrow."""
    if not mar_queries.round_settings(by.home_id):
        builders.rounds(_system(by.home_slug))
    if "assessor" in SKILLS:
        builders.sign_off(_system(by.home_slug), by.person_id, "assessor")
    person_id = builders.person_id(target)
    row = steps.prepared(by, person_id)  # a first one: whoever learns may give beside somebody, or by an exception
    seen = steps.watch(by, row)
    with database.writing(by.chain_id):
        tomorrow = clock.local_day(clock.now()) + dt.timedelta(days=1)
        booked, said = booking_deeds.book(
            by, str(uuid.uuid4()), person_id=person_id, skill="oral", kind="annual", assessor_id=by.person_id,
            on_day=tomorrow, round_name="Lunch", request_number=None, note="",
        )  # fmt: skip
        ledger.append(by.chain_id, by, [said])
    return {
        "assessment_number": str(row.id), "own_assessment": str(row.id), "observation_number": str(seen.id),
        "own_observation": str(seen.id), "booking_number": str(booked.id), "part": "knowledge",
    }  # fmt: skip


def _manager(slug: str, leader: str) -> Actor:
    return _actor("rosa" if slug == "rowan" else leader, slug)


def board_token(slug: str = "rowan") -> str:
    """A wall board of a home: the secret of its cookie."""
    by = _manager(slug, "rosa")
    code = device_actions.invite(by=by, name="Wall", kind="board", code_hash=secrets.token_hex(8))
    token = secrets.token_urlsafe(32)
    device_actions.enrol(by=_system(slug), code_id=code.id, token_hash=devices.hashed(token), user_agent="")
    return token


def _carer(slug: str, leader: str) -> Actor:
    return _actor("amina" if slug == "rowan" else leader, slug)


def _picture() -> bytes:
    from tests.residents.test_photos import picture

    return picture()


def _letter(by: Actor, resident_id: int) -> Ids:
    """An order whose doses come by letter, and a letter that waits for its second keying."""
    values = dict(dose_amount=None, dose_unit="mg", strength="", schedule={"kind": "advised"}, times=("18:00",))
    order = builders.order(by, resident_id, medicine="warfarin", **values)
    today = clock.local_day(clock.now())
    keyed = AdviceKeyed(today, None, Decimal(3))
    row = advice_actions.advise(by=by, advised_id=order.line_id, keyed=keyed, source="Clinic letter")
    return {"advised_id": str(order.line_id), "advice_id": str(row.id)}


def _request(slug: str, leader: str, resident_id: int) -> int:
    """Somebody was asked to witness a controlled drug: at Rowan Court Amina asks the senior carer."""
    giver, witness = _carer(slug, leader), "sena" if slug == "rowan" else {"elm": "ed", "far": "fay"}[slug]
    order = builders.order(
        _system(slug), resident_id, medicine="morphine", strength="10 mg", times=("11:30",), controlled=True
    )
    due = clock.at_local(clock.local_day(clock.now()), dt.time(11, 30))
    with database.writing(giver.chain_id):
        row = WitnessRequest.create(
            home=giver.home_id, entry_id=str(uuid.uuid4()), order_line=order.line_id, due_at=due,
            asked_person=builders.person_id(witness), at=clock.now(), by=giver.person_id,
        )  # fmt: skip
        ledger.append(giver.chain_id, giver, [ledger.line("mar.ask_witness", f"resident:{resident_id}", row)])
    return row.id


def _prn_given(slug: str, leader: str, resident_id: int, label_id: int) -> Ids:
    """A when-required medicine on mood, once given: what a manager notes and of which somebody says what it did."""
    by = _carer(slug, leader)
    order = builders.order(_system(slug), resident_id, **LORAZEPAM)
    mar.scan(by=by, resident_id=resident_id, label_id=label_id, how="scanner")
    bed = Prn(None, resident_card(by.home_id, resident_id), order, label_id, "")
    return {"prn_id": str(order.line_id), "entry_id": str(bed.give(by, "0.5").id)}


def _stop(slug: str, leader: str, resident_id: int, label_id: int, open_resident: int) -> int:
    made = mar.scan(
        by=_carer(slug, leader),
        resident_id=resident_id,
        label_id=label_id,
        how="scanner",
        stopped=True,
        open_resident_id=open_resident,
    )
    return made.id


def _report(by: Actor, resident_id: int, order, due: dt.datetime) -> int:
    fact = GivenFact(
        entry_id=str(uuid.UUID(int=order.line_id)),
        line_id=order.line_id,
        due_at=due,
        given_at=clock.now() - dt.timedelta(minutes=65),
        administered_by=by.person_id,
        who_knew="Tolu, who stood beside her",
        why="The phone was on charge",
    )
    return mar.report_given(by=by, resident_id=resident_id, fact=fact).id


def _refusal(by: Actor, resident_id: int, system: Actor) -> int:
    """A high-risk medicine refused once: its run is named by that entry."""
    order = builders.order(system, resident_id, "apixaban", strength="5 mg", times=("11:35",), high_risk=True)
    key = DoseKey(order.line_id, clock.at_local(clock.local_day(clock.now()), dt.time(11, 35)))
    intent = Intent(key, str(uuid.UUID(int=order.line_id)), order.version_id, "refused", reason="not_said")
    return recording.record(by=by, resident_id=resident_id, intent=intent).id


def _handover(system: Actor, by: Actor) -> int:
    """A shift of today, handed over."""
    start = clock.at_local(clock.local_day(clock.now()), dt.time(7))
    with clock.standing(start - dt.timedelta(hours=1)):
        builders.shifts(system)
    note = "Everybody is well; nobody was there to tell"
    return handover_actions.hand_over(by=by, start=start, told=(), note=note).id


def _gap(system: Actor, resident_id: int) -> str:
    """A dose of one o’clock that closed at four without a record."""
    order = builders.order(system, resident_id, medicine="paracetamol", times=("01:00",))
    due = clock.at_local(clock.local_day(clock.now()), dt.time(1))
    return f"{order.line_id}-{clock.micros(due)}"


def _entry(by: Actor, resident_id: int, order) -> int:
    """An entry nobody asked to correct: a dose at no set time, told by its giver within the hour."""
    fact = GivenFact(
        entry_id=str(uuid.UUID(int=2 * 10**9 + order.line_id)),
        line_id=order.line_id,
        due_at=None,
        given_at=clock.now() - dt.timedelta(minutes=5),
        administered_by=by.person_id,
        who_knew="Tolu",
        why="The phone was on charge",
    )
    mar.report_given(by=by, resident_id=resident_id, fact=fact)
    return Entry.get(Entry.entry_id == fact.entry_id).id


def _correction(by: Actor, entry: int) -> int:
    """Somebody says an entry is wrong; nobody has answered."""
    asked = Correction(str(uuid.UUID(int=10**9 + entry)), "mis_tap", Wanted("struck"))
    return corrections.correct(by=by, entry_number=entry, asked=asked, proven_at=clock.now()).id


def _alert(system: Actor) -> int:
    """An alert that reaches everybody who may see the round."""
    PERMITS["matrix.warn"] = (is_system,)
    try:

        @action("matrix.warn")
        def warn(*, by: Actor) -> Done:
            said = dict(words="A dose is late.", url=f"/h/{by.home_slug}/round", to_verb="round.see")
            return Done(
                None, alerts.raise_alert(home_id=by.home_id, key=f"matrix:{by.home_id}", subject="home", **said)
            )

        warn(by=system)
    finally:
        del PERMITS["matrix.warn"]
        ACTIONS.pop("matrix.warn", None)
    return alerts.Alert.get(alerts.Alert.key == f"matrix:{system.home_id}").id


def session_of(username: str) -> tuple[Session, str, str]:
    """A session of somebody, whether or not they have access anywhere: (row, token, form token)."""
    person = Person.get(Person.username == username)
    token, csrf = secrets.token_urlsafe(32), secrets.token_hex(16)
    at = clock.now()
    with database.noting():
        row = Session.create(
            token_hash=sessions.hashed(token),
            csrf=csrf,
            person=person.id,
            started_at=at,
            last_seen=at,
            data={"_user_id": str(person.id), "_fresh": True},
        )
    return row, token, csrf
