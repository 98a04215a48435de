"""Every form that is taken, sent again as nobody may send it: from another site, with another token, an ended session,
another person's or another home's things in it; and sent by many hands at once."""

from __future__ import annotations

import re
import threading

from medpwa import clock, database, notes, security
from medpwa.database import all_models
from medpwa.practice.assessing_vocabulary import KINDS
from medpwa.staff.models import Session
from tests.attack.forms import Form, kinds, send
from tests.attack.hostile import MARK
from tests.attack.siege import Siege, body, partly
from tests.house.answers import plain
from tests.house.permit_matrix import BASE, FROM_US, KEPT_TRAIL, NOTES, nowhere

OTHER_SITES: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
    {"Sec-Fetch-Site": "Same-Origin, cross-site"},
    {"Origin": "https://xq7z.example"},
    {"Origin": "null"},
    {"Origin": "https://localhost.xq7z.example"},
    {"Origin": "https://xq7z.example\\@localhost"},
    {"Origin": "https://localhost@xq7z.example"},
    {"Origin": "http://localhost:81"},
    {"Referer": "https://localhost/h/rowan/round"},
)


URLENCODED = "application/x-www-form-urlencoded"


def forged(siege: Siege, forms: list[Form]) -> None:
    """From another site; with no token, half a token, another session's; after the session has ended."""
    for form in forms:
        if form.method == "GET":
            continue
        for headers in OTHER_SITES:
            _refused(siege, form, headers, siege.token(form.who), (403,), f"from {headers or 'nowhere'}")
        if form.who == "nobody":
            continue
        csrf = siege.visitors["sena"].csrf
        for token in ("", "x", MARK, siege.token(form.who)[:-4], security.masked(csrf)):
            _refused(siege, form, FROM_US, token, (403,), f"with the token {token[:8]!r}")


def _refused(siege: Siege, form: Form, headers: dict, token: str, statuses: tuple, label: str) -> None:
    pairs = [*[p for p in form.pairs if p[0] != "csrf_token"], ("csrf_token", token)]
    how = {"data": body(pairs), "content_type": "application/x-www-form-urlencoded", "headers": headers}
    answer, changed = siege.attempt(form.who, form.path, label=f"{form} {label}", **how)
    if answer.status_code not in statuses:
        siege.tally.faults.append(f"{form} {label}: {answer.status_code}")
    if changed - NOTES:
        siege.tally.changed.append(f"{form} {label}: {sorted(changed)}")


OPEN_TO_NOBODY = {"/sign-out", "/switch", "/enrol"}  # they ask for no session, and change nothing without one


def ended(siege: Siege, forms: list[Form]) -> None:
    """The same form with the cookie of a session that has ended, and one that is past its hours."""
    for form in forms:
        if form.method == "GET" or form.who == "nobody":
            continue
        for what in ({"ended_at": clock.now()}, {"started_at": clock.now() - clock.dt.timedelta(hours=13)}):
            client, csrf, row_id = siege.stranger(form.who)
            with database.noting():
                Session.update(**what).where(Session.id == row_id).execute()
            before = siege.state()
            data = body([*form.pairs, ("csrf_token", security.masked(csrf))])
            answer = client.post(form.path, data=data, content_type=URLENCODED, headers=FROM_US, base_url=BASE)
            siege.judge(answer, f"{form} after the session ended")
            now = siege.state()
            changed = {t for t in now if now[t] != before[t]} - NOTES
            if answer.status_code not in (401, 403) and form.rule not in OPEN_TO_NOBODY or changed:
                siege.tally.changed.append(f"{form} after its session: {answer.status_code}, {sorted(changed)}")
        siege.put_back()


# ---------------------------------------------------------------- sent again


RECORDS = frozenset(m._meta.table_name for m in all_models() if m.KIND in ("RECORD", "VERSIONED")) - KEPT_TRAIL


def replayed(siege: Siege, forms: list[Form]) -> int:
    """Forms that carry an entry_id, sent again: as they are, with other words, by somebody else. How many."""
    found = [f for f in forms if any(n == "entry_id" for n, _ in f.pairs)]
    for form in found:
        _keep(siege, form)
        before = siege.state()
        for label, who, pairs in (
            ("again", form.who, list(form.pairs)),
            *[(f"again with another {n}", form.who, form.with_field(n, v)) for n, v in _otherwise(form)],
            ("again by somebody else", "sena", list(form.pairs)),
        ):
            answer = _sent(siege, who, form, pairs)
            siege.judge(answer, f"{form} {label}")
            now = siege.state()
            if more := {t for t in RECORDS if now[t] != before[t]}:
                siege.tally.changed.append(f"{form} {label}: {answer.status_code}, and {sorted(more)} grew")
            if label != "again" and answer.status_code < 400:
                siege.tally.faults.append(f"{form} {label}: taken ({answer.status_code})")
            if label == "again" and answer.status_code >= 400:
                siege.tally.faults.append(f"{form} {label}: {answer.status_code}")
        siege.put_back()
    return len(found)


def _otherwise(form: Form) -> list[tuple[str, str]]:
    other = {
        "note": "Said otherwise",
        "who_knew": "Somebody else",
        "why": "other" if "outcome" in form.rule else "Else",
    }
    return [(n, other[n]) for n in kinds(form) if n in other]


def _keep(siege: Siege, form: Form) -> None:
    answer = _sent(siege, form.who, form, list(form.pairs))
    assert answer.status_code < 400, f"{form}: {answer.status_code}"


def _sent(siege: Siege, who: str, form: Form, pairs):
    data = body([*[p for p in pairs if p[0] != "csrf_token"], ("csrf_token", siege.token(who))])
    kind = "application/x-www-form-urlencoded"
    return siege.visitors[who].client.post(form.path, data=data, content_type=kind, headers=FROM_US, base_url=BASE)


# ---------------------------------------------------------------- things of another home in the fields


# What a field names, as an id of the world. A field that holds a number and is in neither table fails.
NAMES_A = {
    "dose": "key",
    "version": "version_id",
    "version_id": "version_id",
    "person": "person_id",
    "administered_by": "person_id",
    "told": "person_id",
    "people": "resident_id",
    "resident": "resident_id",
    "duty": "duty_key",
    "assessor": "person_id",
    "owner": "person_id",
    "amends": "audit_id",
}
RECORDING = ("/card/outcome", "/prn/<int:prn_id>/record")
PLAIN_NUMBERS = frozenset(
    {"start", "close_minutes", "fluid_level", "food_level", "weight_kg", "dose_amount", "window_before", "window_after"}
    | {"as_of", "domain", "months", "pass_mark", "span"}  # figures, and ends of what this very page showed
    | {f"{kind}_{what}" for kind in KINDS for what in ("knowledge", "shadows", "rounds", "times", "scenarios")}
    | {"allergies_id", "nhs_number", "room", "kind", "retired", "time", "state", "amount", "seen", "steps"}
)


def foreign(siege: Siege, forms: list[Form]) -> int:
    """Every field that names something, naming another home's: answered like something that never was. How many."""
    asked = 0
    for form in forms:
        for name in kinds(form):
            value, kind = dict(form.pairs).get(name, ""), name.partition("-")[0]  # owner-evidence names an owner
            if kind not in NAMES_A:
                if value.isdigit() and name not in PLAIN_NUMBERS and not name.startswith(("severe", "amount")):
                    siege.tally.faults.append(f"{form}: say in tests/attack/sessions.py what the number in {name} is")
                continue
            if name == "told" and not value.isdigit():
                continue  # at a hand-over those told are named; beside an effect it is a sentence
            if name == "version" and form.rule.endswith(RECORDING) and ("outcome", "given") not in form.pairs:
                continue  # what was not given is stored under the version in force, whichever the card showed
            for slug in ("elm", "far"):
                asked += 1
                theirs = siege.places[slug].ids[NAMES_A[kind]]
                none = nowhere(siege.places["rowan"].ids)[NAMES_A[kind]]
                unlike(siege, form, name, _shaped(value, theirs), _shaped(value, none))
    return asked


def _shaped(value: str, number: str) -> str:
    """`number` where the field's own value has one, e.g. in line-12."""
    return f"line-{number.partition('-')[0]}" if value.startswith("line-") else number


def unlike(siege: Siege, form: Form, name: str, theirs: str, none: str) -> None:
    """Another home's id and one that never existed must not be told apart, and neither may be taken."""
    answers = []
    for value in (theirs, none):
        label = f"{form}: {name} = {value} of elsewhere"
        answer, changed = send(siege, form, form.with_field(name, value), label=label)
        answers.append((answer.status_code, bare(answer, name)))
        if changed - NOTES - KEPT_TRAIL and not partly(answer):
            siege.tally.changed.append(f"{label}: {answer.status_code} {sorted(changed)}")
    (said, one), (otherwise, other) = answers
    if answers[0] != answers[1]:
        odd = next((a for a, b in zip(one.splitlines(), other.splitlines(), strict=False) if a != b), "")
        siege.tally.leaks.append(f"{form}: {name} of another home {said}, nobody's {otherwise}: {odd[:150]}")


def bare(answer, name: str) -> str:
    """A page without what it echoes and what is made anew for each answer: form tokens, entry ids, tickets."""
    text = plain(answer)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "id", text)
    text = re.sub(r'value="\[[^"]*"|value="[^"]*\.[\w-]{27}"', "ticket", text)
    return re.sub(rf'(name="{name}"[^>]*? value=")[^"]*', r"\1…", text)


# ---------------------------------------------------------------- many hands


# Targets where each of many equal posts is meant to count, and why.
_AGAIN = "the same said again is a version that says the same; the newest stands and the history names both"
EACH: dict[str, str] = {
    "/h/<home>/competency/<int:person_id>/sign-off": _AGAIN,
    "/h/<home>/duties/<duty_key>": _AGAIN,
    "/h/<home>/rounds": _AGAIN,
    "/h/<home>/staff/<int:person_id>/details": _AGAIN,
    "/h/<home>/staff/<int:person_id>/role": _AGAIN,
    "/h/<home>/orders/versions/<int:version_id>/check": "every keying that differs is kept; one that agrees ends it",
    "/h/<home>/residents/<int:resident_id>/labels": "somebody may have several; each is revoked by itself",
}


def races(siege: Siege, forms: list[Form], hands: int) -> int:
    """Many equal posts at the same moment store what one stores. How many forms were raced."""
    raced = 0
    for form in forms:
        if form.method == "GET" or form.file or form.rule in ("/sign-in", "/sign-out", "/password"):
            continue
        raced += 1
        start = siege.state()
        _sent(siege, form.who, form, list(form.pairs))
        alone = _grown(start, siege.state())
        siege.put_back()
        answers = at_once(siege, form, hands)
        together = _grown(start, siege.state())
        for answer in answers:
            siege.judge(answer, f"{form} by {hands} hands at once")
        if alone != together and form.rule not in EACH:
            siege.tally.faults.append(f"{form}: one post stores {alone}, {hands} at once {together}")
        siege.put_back()
    return raced


def _grown(before: dict, after: dict) -> dict[str, int]:
    """How many rows each insert-only table has more."""
    return {t: after[t][0] - before[t][0] for t in RECORDS if after[t][0] != before[t][0]}


def at_once(siege: Siege, form: Form, hands: int) -> list:
    """The answers to that many equal posts, all let go at the same moment."""
    gate, answers = threading.Barrier(hands), [None] * hands
    data = body([*[p for p in form.pairs if p[0] != "csrf_token"], ("csrf_token", siege.token(form.who))])
    cookies = dict(siege.visitors[form.who].client._cookies)

    def hand(number: int) -> None:
        client = siege.app.test_client()
        client._cookies = dict(cookies)
        gate.wait(timeout=60)
        answers[number] = client.post(form.path, data=data, content_type="application/x-www-form-urlencoded",
                                      headers=FROM_US, base_url=BASE)  # fmt: skip

    threads = [threading.Thread(target=hand, args=(n,)) for n in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    notes.flush()
    return answers
