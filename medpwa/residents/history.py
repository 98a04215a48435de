"""A resident's history in words: the ledger's lines about record and labels, filled in from the rows they name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from medpwa import clock
from medpwa.ledger import Line, Refusal
from medpwa.permits import Actor
from medpwa.residents.deeds import subject
from medpwa.residents.details import FIELD_WORDS, AllergyItem
from medpwa.residents.models import Allergies, Label, LabelEnd, Photo, ResidentVersion, Whereabouts
from medpwa.residents.sentences import REFUSED, SENTENCES, TONES
from medpwa.residents.vocabulary import ALLERGY_STATUS, FLUID_LEVELS, FOOD_LEVELS, LABEL_PLACES, WHEREABOUTS
from medpwa.staff import queries as staff
from medpwa.staff.sentences import refused_words

MOST = 40
_LONG = {"likes", "alert"}
Rows = dict[str, dict[int, object]]


@dataclass(frozen=True)
class Said:
    """One line of a history, as the component shows it."""

    at_words: str
    who: str
    words: str
    tone: str
    struck: bool = False


def history_of(by: Actor, resident_id: int) -> list[Said]:
    """The latest lines about a resident's record and labels, newest first. What happens at their rounds has its own
    history."""
    lines = list(
        Line.select()
        .where((Line.chain == by.chain_id) & (Line.subject == subject(resident_id)) & Line.verb.in_(list(SENTENCES)))
        .order_by(Line.at.desc(), Line.seq.desc())
        .limit(MOST)
    )
    who = staff.names({x.by_person for x in lines if x.by_person})
    said = zip(lines, words_for(by, lines), strict=True)
    return [Said(clock.moment_words(x.at, by.zone), _name(x, who), words, tone) for x, (words, tone) in said]


def _name(x: Line, who: dict[int, str]) -> str:
    return who.get(x.by_person, "") if x.by_person else "Steady"


def words_for(by: Actor, lines: list[Line]) -> list[tuple[str, str]]:
    """What each line about a record or its labels says, and its tone. The lines may be about several residents."""
    rows = _rows_of(lines)
    versions = _versions({int(x.subject.partition(":")[2]) for x in lines if _is_a_change(x)})
    return [_words(x, rows, versions, by.zone) for x in lines]


def _is_a_change(x: Line) -> bool:
    return x.verb == "residents.change" and x.outcome == "done"


def _words(x: Line, rows: Rows, versions: dict[int, ResidentVersion | None], zone: str) -> tuple[str, str]:
    mine = {table: [rows[table][i] for i in ids if i in rows[table]] for table, ids in _ids(x).items()}
    if x.outcome == "refused":
        why = next(iter(mine.get("refusal", ())), None)
        return refused_words(REFUSED[x.verb], why.words if why else ""), "blocked"
    what = _WHAT[x.verb](mine, versions, zone)
    return SENTENCES[x.verb].format(what=what), TONES.get(x.verb, "plain")


_TABLES = {m._meta.table_name: m for m in (ResidentVersion, Allergies, Whereabouts, Label, LabelEnd, Refusal)}


def _ids(x: Line) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for table, row_id, _ in x.rows:
        found[table].append(row_id)
    return found


def _rows_of(lines: list[Line]) -> Rows:
    """Every row the lines name, in one query a table; photos without their pictures."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for x in lines:
        for table, ids in _ids(x).items():
            wanted[table].update(ids)
    rows: Rows = defaultdict(dict)
    for table, model in _TABLES.items():
        if wanted[table]:
            rows[table] = {r.id: r for r in model.select().where(model.id.in_(list(wanted[table])))}
    if wanted["photo"]:
        found = Photo.select(Photo.id, Photo.taken_on).where(Photo.id.in_(list(wanted["photo"])))
        rows["photo"] = {r.id: r for r in found}
    ended = {r.label_id for r in rows["label_end"].values()} - set(rows["label"])
    if ended:
        rows["label"] |= {r.id: r for r in Label.select().where(Label.id.in_(list(ended)))}
    for end in rows["label_end"].values():
        end.label = rows["label"][end.label_id]
    return rows


def _versions(resident_ids: set[int]) -> dict[int, ResidentVersion | None]:
    """For each version of these residents, the one before it."""
    found: dict[int, ResidentVersion | None] = {}
    before: dict[int, ResidentVersion] = {}
    theirs = ResidentVersion.resident.in_(sorted(resident_ids))
    for row in ResidentVersion.select().where(theirs).order_by(ResidentVersion.id) if resident_ids else ():
        found[row.id], before[row.resident_id] = before.get(row.resident_id), row
    return found


# ---------------------------------------------------------------- what each verb says


def _added(mine, versions, zone) -> str:
    version = mine["resident_version"][0]
    words = [f"{version.given_name} {version.family_name}, {_allergies(mine['allergies'][0]).rstrip('.')}"]
    words += [_stay(row, zone) for row in mine["whereabouts"]]
    return ". ".join(words)


def _changed(mine, versions, zone) -> str:
    after = mine["resident_version"][0]
    before = versions.get(after.id)
    parts = [_field(name, before, after) for name in FIELD_WORDS if getattr(before, name) != getattr(after, name)]
    return "; ".join(parts) + (f". Reason: {after.reason}" if after.reason else "")


def _field(name: str, before: ResidentVersion, after: ResidentVersion) -> str:
    old, new = _value(name, before), _value(name, after)
    word = FIELD_WORDS[name]
    word = word if word[:2].isupper() else word[0].lower() + word[1:]
    if name in _LONG:
        return f"{word} to “{new}”" if new else f"{word}: taken out"
    return f"{word} from {old or 'nothing'} to {new or 'nothing'}"


def _value(name: str, row: ResidentVersion) -> str:
    value = getattr(row, name)
    if isinstance(value, dt.date):
        return clock.date_words(value)
    if name == "fluid_level":
        return FLUID_LEVELS.get(value, "")
    if name == "food_level":
        return FOOD_LEVELS.get(value, "")
    if name == "weight_kg":
        return f"{value}\u00a0kg" if value is not None else ""
    return str(value)


def _allergies(row: Allergies) -> str:
    words = ALLERGY_STATUS[row.status].lower()
    if row.status == "recorded":
        items = (AllergyItem(**item) for item in row.items)
        words = "; ".join(f"{i.words}{' (life-threatening)' if i.severe else ''}" for i in items)
    return f"{words}. Source: {row.source}" if row.source else words


def _stay(row: Whereabouts, zone: str) -> str:
    back = f", expected back {clock.moment_words(row.expected_back, zone)}" if row.expected_back else ""
    note = f". {row.note}" if row.note else ""
    return f"{WHEREABOUTS[row.state]} from {clock.moment_words(row.valid_from, zone)}{back}{note}"


def _label(row: Label) -> str:
    return f"{LABEL_PLACES[row.place].lower()}, {row.short_code[:4]}\u00a0{row.short_code[4:]}"


def _ended(mine, versions, zone) -> str:
    ends = mine["label_end"]
    return f"{'; '.join(_label(e.label) for e in ends)}. Reason: {ends[0].reason}"


_WHAT: dict[str, Callable[..., str]] = {
    "residents.add": _added,
    "residents.change": _changed,
    "residents.settle_allergies": lambda mine, versions, zone: _allergies(mine["allergies"][0]),
    "residents.move": lambda mine, versions, zone: _stay(mine["whereabouts"][0], zone),
    "residents.photo": lambda mine, versions, zone: clock.date_words(mine["photo"][0].taken_on),
    "labels.make": lambda mine, versions, zone: "; ".join(_label(x) for x in mine["label"]),
    "labels.make_missing": lambda mine, versions, zone: "; ".join(_label(x) for x in mine["label"]),
    "labels.revoke": _ended,
    "labels.revoke_all": _ended,
}
