"""One person's sign-offs, skill by skill, in words: for their file and for themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from medpwa import clock
from medpwa.competency import queries, rules, sentences, settings, states
from medpwa.competency.rules import GrantFact, SkillState
from medpwa.competency.vocabulary import GIVING, IN_A_SENTENCE, MAY_GIVE, OFTEN_ASKED, RESIDENT_SPECIFIC, SKILLS, STATES
from medpwa.permits import Actor, may
from medpwa.staff import sentences as staff_sentences
from medpwa.staff.queries import Colleague
from medpwa.staff.sentences import Told

# state: tone and picture of its chip
LOOKS: dict[str, tuple[str, str]] = {
    "competent": ("given", "circle-check"),
    "due": ("late", "clock-alert"),
    "due_soon": ("late", "clock-alert"),
    "expired": ("blocked", "shield-ban"),
    "suspended": ("blocked", "shield-ban"),
    "reassessment": ("blocked", "circle-dashed"),
    "ended": ("blocked", "shield-ban"),
    "supervised_only": ("not_given", "users"),
    "development_needed": ("not_given", "users"),
    "not_competent": ("not_given", "circle-minus"),
    "assessing": ("due", "circle-dashed"),
    "shadowing": ("due", "circle-dashed"),
    "knowledge_passed": ("due", "circle-dashed"),
    "learning": ("due", "circle-dashed"),
    "not_started": ("plain", "circle"),
    "not_required": ("plain", "circle"),
}
LEARNING = frozenset({"assessing", "shadowing", "knowledge_passed", "learning"})
NAMED_IN_FULL = 2  # kinds a first line names; with more it counts the others


@dataclass(frozen=True)
class SkillLine:
    """One skill of one person as a list shows it."""

    key: str  # "oral", or "insulin:4" for one resident
    label: str
    state: str
    chip: str
    tone: str
    icon: str
    when: str
    reason: str
    words: str  # the sentence said to the person themselves
    may_give: bool
    standing: bool
    steps: tuple[str, ...] = ()  # the states a manager may set from here
    coming: str = ""
    waits_since: dt.datetime | None = None  # when it began to need somebody: it ended, was paused or became due soon

    @property
    def more(self) -> str:
        """The reason, where the sentence to the person does not already say it. Why somebody was signed off once is
        not why that has ended."""
        if self.state == "expired":
            return ""
        return "" if self.state in LEARNING and rules.rounds_passed(self.reason) else self.reason


@dataclass(frozen=True)
class FilePage:
    """One person's file."""

    name: str
    sentence: str
    lead: str
    base: str
    lines: list[SkillLine]
    needed: list[str]  # what their role needs and nothing is recorded of
    nothing: list[str]
    may_change: bool
    why_not: str
    history: list[Told]


def held(grants: Iterable[GrantFact]) -> list[tuple[str, int | None]]:
    """Every (skill, resident) somebody has a version of, in the catalogue's order."""
    order = list(SKILLS)
    found = {(g.skill, g.resident_id) for g in grants if g.skill in SKILLS}
    return sorted(found, key=lambda k: (order.index(k[0]), k[1] or 0))


def lines_of(home_id: int, person_id: int, zone: str, at: dt.datetime | None = None) -> list[SkillLine]:
    """Every skill somebody has a version of, with how it stands now."""
    at, grants = at or clock.now(), queries.grants_of(home_id, person_id)
    return [_line(home_id, grants, skill, resident_id, at, zone) for skill, resident_id in held(grants)]


def _line(home_id: int, grants, skill: str, resident_id: int | None, at: dt.datetime, zone: str) -> SkillLine:
    stands = rules.state_of(grants, skill, resident_id, at, zone)
    look = states.shown(stands, at)
    return SkillLine(
        key=queries.key_of(skill, resident_id),
        label=queries.label_of(home_id, skill, resident_id),
        state=stands.state,
        chip=STATES[look],
        tone=LOOKS[look][0],
        icon=LOOKS[look][1],
        when=when_words(stands, at, zone),
        reason=stands.reason,
        words=stands.words,
        may_give=stands.state in MAY_GIVE,
        standing=stands.state in states.ENDABLE,
        steps=states.may_become(stands.state),
        coming=_coming(grants, skill, resident_id, at, zone),
        waits_since=_waits_since(stands, look in ("due", "due_soon")),
    )


def _waits_since(stands: SkillState, due: bool) -> dt.datetime | None:
    return stands.until - rules.DUE if due and stands.until is not None else stands.since


def when_words(stands: SkillState, at: dt.datetime, zone: str) -> str:
    """Since when a skill stands as it does, and when that ends: `since 16 Apr, ends 16 Apr 2027`."""
    if stands.since is None:
        return ""
    since = rules.date_words(stands.since, at, zone)
    if stands.state in ("ended", "expired"):
        return f"{'since' if stands.state == 'expired' else 'on'} {since}"
    if stands.state in MAY_GIVE and stands.until is not None:
        return f"since {since}, ends {rules.date_words(stands.until, at, zone)}"
    return f"since {since}"


def _coming(grants, skill: str, resident_id: int | None, at: dt.datetime, zone: str) -> str:
    """A version that has not begun yet, in words."""
    later = [g for g in grants if (g.skill, g.resident_id) == (skill, resident_id) and g.valid_from > at]
    if not later:
        return ""
    following = min(later, key=lambda g: (g.valid_from, -g.id))
    return f"{STATES[following.state]} from {rules.date_words(following.valid_from, at, zone)}"


# ---------------------------------------------------------------- the page


def file_page(who: Actor, colleague: Colleague) -> FilePage:
    """A colleague's file as a manager or a senior reads it."""
    lines = lines_of(who.home_id, colleague.person_id, who.zone)
    touched = {line.key for line in lines}
    lines_about = staff_sentences.lines_about(who.chain_id, f"person:{colleague.person_id}", sentences.SENTENCES)
    return FilePage(
        name=colleague.name,
        sentence=sentence(colleague.name, lines, bool(colleague.roles)),
        lead=lead(lines),
        base=f"/h/{who.home_slug}/competency/{colleague.person_id}",
        lines=lines,
        needed=_untouched(who, colleague, touched, "not_started", SKILLS),
        nothing=_untouched(who, colleague, touched, "not_required", OFTEN_ASKED),
        may_change=may("competency.grant", who, colleague),
        why_not=_why_not(who, colleague),
        history=staff_sentences.told(
            who, lines_about, sentences.SENTENCES, sentences.details, sentences.TONES, sentences.REFUSED
        ),
    )


def _untouched(who: Actor, colleague: Colleague, touched: set[str], state: str, of: Iterable[str]) -> list[str]:
    """Skills nobody recorded anything of, which their roles make not yet started or not needed."""
    needed, at = settings.needed_by(who.home_id, colleague.roles), clock.now()
    nothing = SkillState("not_started", None, None, "")
    left = (s for s in of if s not in touched and s not in RESIDENT_SPECIFIC)
    return [SKILLS[s] for s in left if states.shown(nothing, at, needed=s in needed) == state]


def _why_not(who: Actor, colleague: Colleague) -> str:
    if may("competency.grant", who) and colleague.person_id == who.person_id:
        return "Nobody signs themselves off. Another manager makes changes here."
    return ""


def giving(lines: Iterable[SkillLine]) -> list[str]:
    """What somebody may give alone now, as one says it in a sentence."""
    return [_in_a_sentence(line) for line in lines if _gives(line)]


def _gives(line: SkillLine) -> bool:
    return line.may_give and line.key.partition(":")[0] in GIVING


def _in_a_sentence(line: SkillLine) -> str:
    """`medicines by mouth`; what is delegated for one resident always names them: `insulin for Harold Nkemelu`."""
    skill = line.key.partition(":")[0]
    return f"{IN_A_SENTENCE[skill]}{line.label.removeprefix(SKILLS[skill])}"


def sentence(name: str, lines: list[SkillLine], works_here: bool = True) -> str:
    """The first line of a file: what this person may give."""
    if not works_here:
        return f"{name} does not work here any more"
    able = may_give_words(lines)
    if able:
        return f"{name} may give {able}"
    stopped = any(line.tone == "blocked" for line in lines)
    return f"{name} may not give medicines alone {'now' if stopped else 'yet'}"


def may_give_words(lines: list[SkillLine]) -> str:
    """What somebody may give alone, short enough for a first line; the list under it says the rest. Empty: nothing."""
    able = list(dict.fromkeys(giving(lines)))
    return listed(able) if len(able) <= NAMED_IN_FULL else f"{able[0]} and {len(able) - 1} other kinds"


def not_yet(lines: list[SkillLine]) -> str:
    """Which everyday kinds somebody who gives others may not give alone, in a sentence; empty when there are none."""
    able = {line.key for line in lines if _gives(line)}
    told = able | {line.key for line in lines if line.tone == "blocked"}
    missing = [IN_A_SENTENCE[s] for s in OFTEN_ASKED if s not in told]
    return f"Not signed off for {listed(missing)}." if able and missing else ""


def lead(lines: list[SkillLine]) -> str:
    """What to look at first: what is paused or has ended, what is soon due, then what is not signed off."""
    alike: dict[str, list[str]] = {}
    for line in lines:
        if line.tone == "blocked":
            alike.setdefault(f"{line.chip.lower()} {line.when}", []).append(_in_a_sentence(line))
    said = [f"{listed(names)} {how}" for how, names in alike.items()]
    soon = [_in_a_sentence(line) for line in lines if line.tone == "late"]
    if soon:
        said.append(f"soon due: {listed(soon)}")
    first = [f"{words[:1].upper()}{words[1:]}." for words in said]
    return " ".join([*first, not_yet(lines)]).strip()


def listed(words: list[str]) -> str:
    """Words in a row with an `and` before the last."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
