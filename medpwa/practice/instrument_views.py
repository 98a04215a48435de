"""The page where a home writes its own template."""

from __future__ import annotations

from flask import redirect, render_template

from medpwa.errors import Invalid
from medpwa.pages import once, telling, told
from medpwa.practice import assessing_actions as actions
from medpwa.practice import assessments
from medpwa.practice import instrument_rules as rules
from medpwa.practice.assessing_vocabulary import KIND_WORDS
from medpwa.practice.views import pages
from medpwa.staff.forms import Typed, ask

LONGEST_TEXT = 9000  # characters of one field of many lines
FIELDS = {
    "knowledge": "Knowledge questions",
    "shadows": "Shadowed rounds",
    "rounds": "Observed rounds",
    "times": "On so many different rounds of the day",
    "scenarios": "“What would you do if” questions",
}


@pages.get("/h/<home>/assessments/template", permit="assess.settings")
def template_page(who):
    """The template in force, to be read and changed."""
    return _page(who, _as_it_is(who), saved=bool(told("saved")))


def _as_it_is(who) -> Typed:
    template = assessments.template_of(who.home_id)
    form = Typed(pass_mark=str(template.pass_mark))
    form.values["knowledge"] = "\n".join(template.knowledge)
    form.values["scenarios"] = "\n".join(template.scenarios)
    for kind, needs in template.needs.items():
        for name in FIELDS:
            form.values[f"{kind}_{name}"] = str(int(getattr(needs, name)))
    for domain in template.domains:
        form.values[f"domain_{domain.number}"] = rules.written(domain)
    return form


def _page(who, form: Typed, status: int = 200, *, saved: bool = False):
    template, row = assessments.template_of(who.home_id), assessments.newest_instrument(who.home_id)
    return render_template(
        "practice/template.html",
        form=form,
        number=row.number if row is not None else 0,
        kinds=list(KIND_WORDS.items()),
        fields=[(name, words, *rules.BOUNDS[name]) for name, words in FIELDS.items()],
        domains=[(d.number, d.title) for d in template.domains],
        url=f"/h/{who.home_slug}/assessments/template",
        back=f"/h/{who.home_slug}/assessments",
        longest=LONGEST_TEXT,
        saved=saved,
    ), status


@pages.post("/h/<home>/assessments/template", permit="assess.settings")
def save_template(who):
    """Make the next version."""
    ask(actions.set_template, who, body={})
    form = Typed()
    try:
        body = _read(who, form)
        form.demand_none()
        actions.set_template(by=who, body=body)
    except Invalid as fault:
        form.errors = fault.errors
        return _page(who, form, 422)
    return redirect(telling(f"/h/{who.home_slug}/assessments/template", saved=1), 303)


def _read(who, form: Typed) -> dict:
    titles = [d.title for d in assessments.template_of(who.home_id).domains]
    return {
        "pass_mark": _number(form, "pass_mark"),
        "knowledge": rules.lines_of(form.text("knowledge", longest=LONGEST_TEXT)),
        "scenarios": rules.lines_of(form.text("scenarios", longest=LONGEST_TEXT)),
        "needs": {kind: {name: _number(form, f"{kind}_{name}") for name in FIELDS} for kind in KIND_WORDS},
        "domains": [
            {"title": title, "items": rules.item_lines(form.text(f"domain_{number}", longest=LONGEST_TEXT))}
            for number, title in enumerate(titles, start=1)
        ],
    }


def _number(form: Typed, name: str) -> int | None:
    """A small whole number; None for anything else, which the rules then word."""
    text = form.values[name] = once(name)[:10]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
