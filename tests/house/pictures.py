"""The parts of docs/architecture.md that are made from the code.

    .venv/bin/python -m tests.house.pictures      writes them anew
"""

from __future__ import annotations

import ast
import re

from medpwa import jobs
from medpwa.competency import states as sign_offs
from medpwa.competency import vocabulary as skills
from medpwa.database import all_models
from medpwa.mar import away_vocabulary, refusal_vocabulary
from medpwa.mar.gap_vocabulary import STATES, TRANSITIONS
from medpwa.medicines.vocabulary import MOVES, ORDER_STATES
from tests.house import layers
from tests.house.source import MEDPWA, PACKAGES, ROOT, modules, read

PAGE = ROOT / "docs" / "architecture.md"
BLOCK = re.compile(r"(<!-- made: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

HOLDS = {
    "vocabulary": ("words and tables of words", "the standard library"),
    "rules": ("pure decisions: frozen facts in, a verdict out; no time, no database, no request", "vocabularies"),
    "models": ("the tables", "`database`, vocabularies, tables to the left"),
    "queries": ("`deeds`, the only writers, inside an open transaction; `queries` and others, answers for a screen",
                "rules, models, those to the left"),
    "actions": ("the verbs: permit, deed, ledger line; an action never calls an action", "deeds, queries, `action`"),
    "views": ("pages and forms; every route names its permit or fails at import", "own actions and queries, `pages`"),
}  # fmt: skip


def packages() -> str:
    """Each package with the first line of its own words."""
    rows = ["| | Package | Holds |", "|---|---|---|"]
    for number, name in enumerate(PACKAGES, 1):
        words = ast.get_docstring(ast.parse(read(MEDPWA / name / "__init__.py"))) or ""
        rows.append(f"| {number} | `{name}` | {words.splitlines()[0].rstrip('.')} |")
    return "\n".join(rows) + "\n"


def layer_table() -> str:
    """Each layer, what it holds and what it may use, with the files named by a domain word."""
    rows = ["| Layer | Holds | May use | Files by another name |", "|---|---|---|---|"]
    for name in layers.LAYERS:
        holds, uses = HOLDS[name]
        others = sorted(k for k, v in layers.DOMAIN_WORDS.items() if v == name)
        rows.append(f"| {name} | {holds} | {uses} | {', '.join(f'`{o}`' for o in others)} |")
    return "\n".join(rows) + "\n"


def tables() -> str:
    """Every table by kind, with the first sentence of its model."""
    rows = ["| Table | Kind | A row is |", "|---|---|---|"]
    order = {"RECORD": 0, "VERSIONED": 1, "WORKING": 2}
    for model in sorted(all_models(), key=lambda m: (order[m.KIND], m._meta.table_name)):
        words = re.split(r"(?<!e\.g)\. ", " ".join((model.__doc__ or "").split()))[0].rstrip(".")
        rows.append(f"| `{model._meta.table_name}` | {model.KIND} | {words} |")
    return "\n".join(rows) + "\n"


def background() -> str:
    """Every repeating job, how often, and what it does."""
    rows = ["| Job | Every | Does |", "|---|---|---|"]
    for kind, span in sorted(jobs.EVERY.items()):
        hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
        often = f"{hours} h" if hours else f"{minutes} min"
        rows.append(f"| `{kind}` | {often} | {(jobs.HANDLERS[kind].__doc__ or '').splitlines()[0].rstrip('.')} |")
    return "\n".join(rows) + "\n"


ORDER_WORDS = {"draft": "Draft: the form, nowhere but on the screen", **ORDER_STATES}


def order_states() -> str:
    """The life of an order, from the table its actions obey."""
    draw = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    draw += [f"    state \"{said}\" as {name}" for name, said in ORDER_WORDS.items()]
    draw += [f"    {m.before} --> {m.after}: {m.by.removeprefix('orders.')}" for m in MOVES]
    draw += [f"    {name} --> [*]" for name in ORDER_WORDS if not any(m.before == name for m in MOVES)]
    rows = ["", "| From | By | To | When |", "|---|---|---|---|"]
    rows += [f"| {ORDER_WORDS[m.before]} | `{m.by}` | {ORDER_WORDS[m.after]} | {m.words} |" for m in MOVES]
    return "\n".join([*draw, "```", *rows]) + "\n"


def _states(steps: dict[str, tuple[str, ...]], words: dict[str, tuple[str, str]], first: str) -> str:
    """A table of what may follow what, as a picture."""
    draw = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    draw += [f"    {name}: {said}" for name, (said, _) in words.items()]
    draw += [f"    {name} --> {to}" for name, after in steps.items() for to in after if to != name]
    draw += [f"    {name} --> [*]" for name, after in steps.items() if not after]
    return "\n".join([*draw, "```"]) + "\n"


def refusal_states() -> str:
    """What may be said of a run of refusals, step by step."""
    return _states(refusal_vocabulary.EPISODE_STEPS, refusal_vocabulary.EPISODE, "open")


def comparing_states() -> str:
    """How a medicines list is compared after a return."""
    return _states(away_vocabulary.COMPARING_STEPS, away_vocabulary.COMPARING, "required")


def gap_states() -> str:
    """The states of a dose without a record, drawn from their table."""
    rows = ["```mermaid", "stateDiagram-v2", "    [*] --> scheduled"]
    rows += [f"    {one} --> {to}: {why}" for one, ways in TRANSITIONS.items() for to, why in ways.items()]
    rows += ["```", "", "| State | Said as |", "|---|---|", *(f"| `{s}` | {words} |" for s, words in STATES.items())]
    return "\n".join(rows) + "\n"


def sign_off_states() -> str:
    """The life of a sign-off: what people decide, and under it what roles and the clock make of it."""
    steps = [*sign_offs.STEPS, *sign_offs.BY_TIME]
    draw = ["```mermaid", "stateDiagram-v2", "    [*] --> not_started"]
    draw += [f"    {name}: {said}" for name, said in skills.STATES.items() if name != "not_required"]
    draw += [f"    {one} --> {sign_offs.TABLE[one, event]}: {event}" for one, event in sign_offs.USUAL_WAY]
    draw += [f"    {s.before} --> {s.after}: {s.event}" for s in sign_offs.BY_TIME]
    rows = ["", "| Event | From | To | When |", "|---|---|---|---|"]
    for event in dict.fromkeys(s.event for s in steps):
        mine = [s for s in steps if s.event == event]
        befores = ", ".join(skills.STATES[s.before].lower() for s in mine)
        rows.append(f"| `{event}` | {befores} | {skills.STATES[mine[0].after]} | {mine[0].words} |")
    return "\n".join([*draw, "```", *rows]) + "\n"


MADE = {"packages": packages, "layers": layer_table, "tables": tables, "jobs": background, "orders": order_states}
MADE |= {"refusal_states": refusal_states, "comparing_states": comparing_states}
MADE |= {"sign_off_states": sign_off_states, "gap_states": gap_states}


def drawn(text: str) -> str:
    """The page with its made parts as they are now."""
    return BLOCK.sub(lambda m: m[1] + MADE[m[2]]() + m[4], text)


def import_everything() -> None:
    """All tables and jobs, as the application imports them."""
    import importlib

    import medpwa.models  # noqa: F401

    for module in modules():
        if module.stem.endswith("views") or module.stem in ("watch", "notes_seal"):
            importlib.import_module(module.dotted)


if __name__ == "__main__":
    import_everything()
    PAGE.write_text(drawn(PAGE.read_text()))
    print(f"{PAGE.name} written")
