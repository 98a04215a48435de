"""The verb of asking for help: a colleague on shift gives a dose, or the shift leader stands by."""

from __future__ import annotations

from medpwa import alerts, clock
from medpwa.action import Done, action
from medpwa.errors import Invalid
from medpwa.mar import deeds, judging, queries, rules
from medpwa.mar import words as words_of
from medpwa.mar.tickets import DoseKey
from medpwa.permits import Actor
from medpwa.residents import queries as residents
from medpwa.residents.queries import ResidentCard
from medpwa.staff import queries as staff


@action("mar.ask_help", about=residents.resident_of)
def ask_help(
    *, by: Actor, about: ResidentCard, resident_id: int, key: DoseKey, kind: str, person_id: int | None = None
) -> Done:
    """Ask a colleague on shift to give a dose, or the shift leader to supervise it. They get an alert at once; the same
    asked again within five minutes is the same."""
    if kind not in ("give", "supervise"):
        raise Invalid([("kind", "Choose what to ask for.")])
    dose = judging.dose_of(by, about, key)
    people, _ = staff.on_shift(by.home_id)
    asked = next((p for p in people if p.person_id == person_id), None) if person_id else staff.shift_leader(by.home_id)
    if person_id and asked is None:
        raise Invalid([("person", "That person is not on shift now. Ask somebody else.")])
    asked_id = asked.person_id if asked else None
    if queries.help_asked_since(by, key, kind, asked_id, clock.now() - rules.SAME_HELP):
        return Done(asked, replay=True)
    said = deeds.ask_help(by, dose, kind, asked_id)
    what = "give" if kind == "give" else "supervise"
    words = (
        f"{by.name} asks you to {what} {about.name}’s {words_of.medicine(dose.order)}, "
        f"due {clock.time_words(dose.times.due_at, by.zone)}, {about.room_words}."
    )
    raised = alerts.raise_alert(
        home_id=by.home_id,
        key=f"{rules.help_alert(by.person_id, key, kind)}{person_id}:{(clock.now() - clock.EPOCH) // rules.SAME_HELP}",
        words=words,
        url=f"/h/{by.home_slug}/residents/{resident_id}/card",
        to_verb="mar.record",
        to_person=asked_id,
        subject=deeds.subject(resident_id),
    )
    return Done(asked, [said, *raised])
