"""Pages of how a home keeps its skills: for how many months a sign-off counts, and which roles need it."""

from __future__ import annotations

from flask import redirect, render_template, request

from medpwa import clock
from medpwa.competency import sentences, setting_actions, settings
from medpwa.competency.settings import Setting
from medpwa.competency.views import pages
from medpwa.competency.vocabulary import GIVING, IN_A_SENTENCE, MONTHS, RESIDENT_SPECIFIC, SKILLS
from medpwa.errors import Invalid, NotFound
from medpwa.pages import once, telling, told
from medpwa.staff import queries as staff
from medpwa.staff import typed
from medpwa.staff.forms import Typed, ask
from medpwa.staff.vocabulary import ROLES


def months_words(months: int) -> str:
    """A span of months as one says it: `12 months`."""
    return "1 month" if months == 1 else f"{months} months"


_NEEDED_BY_NONE = {True: "needed where an order asks for it", False: "needed by no role as such"}


def _roles_words(setting: Setting) -> str:
    if setting.skill in RESIDENT_SPECIFIC:
        return "needed for the resident it is prescribed for"
    named = [words.lower() for role, words in ROLES.items() if role in setting.roles]
    return f"needed by: {', '.join(named)}" if named else _NEEDED_BY_NONE[setting.skill in GIVING]


@pages.get("/h/<home>/competency/settings", permit="competency.settings")
def skills_page(who):
    """Every skill, how long it counts and who needs it."""
    found = settings.settings_of(who.home_id)
    changed = told("saved")
    rows = [
        dict(
            label=SKILLS[s.skill],
            months=months_words(s.months),
            roles=_roles_words(s),
            url=f"/h/{who.home_slug}/competency/settings/change?skill={s.skill}",
        )
        for s in found.values()
    ]
    other = sum(s.months != MONTHS for s in found.values())
    return render_template(
        "competency/skills.html", sentence=_sentence(other), rows=rows, saved=SKILLS.get(changed, ""),
        back=f"/h/{who.home_slug}/competency",
    )  # fmt: skip


def _sentence(other: int) -> str:
    usual = months_words(MONTHS)
    if not other:
        return f"Every sign-off counts for {usual}"
    return f"Sign-offs count for {usual}, but {other} {'skill counts' if other == 1 else 'skills count'} otherwise"


@pages.get("/h/<home>/competency/settings/change", permit="competency.settings")
def skill_page(who):
    """One skill: months, roles, and what was changed before."""
    now = _setting(who, request.args.get("skill", "")[:40])
    form = Typed(months=str(now.months), seen=str(now.version))
    form.values["roles"] = sorted(now.roles)
    return _skill_page(who, now, form)


def _setting(who, skill: str) -> Setting:
    if skill not in SKILLS:
        raise NotFound()
    return settings.settings_of(who.home_id)[skill]


def _skill_page(who, now: Setting, form: Typed):
    base = f"/h/{who.home_slug}/competency/settings"
    return render_template(
        "competency/skill.html",
        name=SKILLS[now.skill],
        what=IN_A_SENTENCE[now.skill],
        delegated=now.skill in RESIDENT_SPECIFIC,
        roles=list(ROLES.items()),
        form=form,
        skill=now.skill,
        url=f"{base}/change",
        back=base,
        past=_past(who, now.skill),
    )


def _past(who, skill: str) -> list[dict[str, str]]:
    """What was decided about a skill, newest first."""
    rows = settings.versions(who.home_id, skill)[::-1]
    names = staff.names({row.by for row in rows if row.by})
    return [
        dict(
            at_words=clock.moment_words(row.valid_from, who.zone),
            who=names.get(row.by, "the app itself"),
            words=sentences.setting_words(row),
            tone="plain",
        )
        for row in rows
    ]


@pages.post("/h/<home>/competency/settings/change", permit="competency.settings")
def change_skill(who):
    """Keep a skill differently from now on."""
    skill = once("skill")[:40]
    ask(setting_actions.change, who, skill=skill, months=MONTHS, roles=())
    now = _setting(who, skill)
    form = Typed()
    try:
        months, roles = _read(form, now)
        seen = typed.number(form.text("seen"))
        setting_actions.change(by=who, skill=skill, months=months, roles=roles, seen=seen)
    except Invalid as fault:
        form.errors = fault.errors
        return _skill_page(who, now, form), 422
    return redirect(telling(f"/h/{who.home_slug}/competency/settings", saved=skill), 303)


def _read(form: Typed, now: Setting) -> tuple[int, tuple[str, ...]]:
    """Months and roles as typed. Raises Invalid."""
    months = typed.number(form.text("months", "Type for how many months it counts."))
    if months is None and not form.errors:
        form.fault("months", "Type the months as a figure, such as 12.")
    roles = tuple(sorted(now.roles)) if now.skill in RESIDENT_SPECIFIC else tuple(form.flags("roles", ROLES))
    form.demand_none()
    return months or 0, roles
