"""The verbs of labels: made, revoked one by one, revoked all at once."""

from __future__ import annotations

from medpwa.action import Done, action
from medpwa.config import Settings
from medpwa.errors import Invalid, NotFound, Refused
from medpwa.permits import Actor
from medpwa.residents import deeds, labels, queries
from medpwa.residents.labels import LabelFound
from medpwa.residents.queries import ResidentCard
from medpwa.residents.vocabulary import LABEL_PLACES, LONGEST_LINE, MOST_LABELS


@action("labels.make", about=queries.resident_of)
def make_label(
    *, by: Actor, about: ResidentCard, resident_id: int, place: str, settings: Settings | None = None
) -> Done:
    """A new label with its own token and typed code. The value is the Label row."""
    if place not in LABEL_PLACES:
        raise Invalid([("place", "Choose where the label goes.")])
    if about.has_left:
        words = f"{about.name} does not live here now, so no label is needed. Record first that they came back."
        raise Refused("has_left", words, 409, {"subject": deeds.subject(resident_id)})
    if len(labels.live_label_ids(resident_id)) >= MOST_LABELS:
        words = f"{about.called} has {MOST_LABELS} labels in use. Revoke the ones that are no longer there first."
        raise Refused("too_many", words, 409, {"subject": deeds.subject(resident_id)})
    row, said = deeds.make_label(by, resident_id, place, settings)
    return Done(row, [said])


@action("labels.make_missing")
def make_missing_labels(*, by: Actor, wanted: tuple[tuple[int, str], ...], settings: Settings | None = None) -> Done:
    """A label for each (resident, place) that has none in use, in one act; the value is the id of a label in use for
    each, in the order asked for. Nothing missing writes nothing."""
    people = {r.id: r for r in queries.residents_at(by.home_id)}
    if any(rid not in people or place not in LABEL_PLACES for rid, place in wanted):
        raise NotFound()
    have = {(row.resident_id, row.place): row.id for row in labels.labels_of(people, live=True)}
    lines = []
    for rid, place in wanted:
        if (rid, place) not in have:
            row, said = deeds.make_label(by, rid, place, settings, verb="labels.make_missing")
            have[rid, place] = row.id
            lines.append(said)
    return Done([have[key] for key in wanted], lines, replay=not lines)


@action("labels.revoke", about=labels.label_of)
def revoke_label(*, by: Actor, about: LabelFound, label_id: int, reason: str) -> Done:
    """End one label: from now on its code opens nothing. The person's other labels go on. Again changes nothing."""
    _demand_reason(reason)
    if about.ended:
        return Done(None, replay=True)
    return Done(None, [deeds.end_labels(by, about.resident_id, [label_id], reason, "labels.revoke")])


@action("labels.revoke_all", about=queries.resident_of)
def revoke_all_labels(*, by: Actor, about: ResidentCard, resident_id: int, reason: str) -> Done:
    """End every label of a person. The value is how many ended."""
    _demand_reason(reason)
    live = labels.live_label_ids(resident_id)
    if not live:
        return Done(0, replay=True)
    return Done(len(live), [deeds.end_labels(by, resident_id, live, reason, "labels.revoke_all")])


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid([("reason", "Say why the label is revoked.")])
    if len(reason) > LONGEST_LINE:
        raise Invalid([("reason", f"The reason can have {LONGEST_LINE} characters at most. Shorten it.")])
