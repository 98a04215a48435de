"""The layers and the order of the packages, read from the imports."""

import ast

import pytest

from tests.house import layers, waiting
from tests.house.layers import LAYERS, layer
from tests.house.source import MEDPWA, PACKAGES, Module, calls, modules, package_of

IN_PACKAGES = [m for m in modules() if m.package and m.package != "demo" and m.stem != "__init__"]
SHARED = [m for m in modules() if not m.package]
BY_DOTTED = {m.dotted: m for m in modules()}

def theirs(module: Module) -> list[tuple[str, Module]]:
    """What a file of a package takes from packages: (where it says so, the file it takes from)."""
    found = []
    for use in module.imports():
        target = BY_DOTTED.get(use.target)
        if target is not None and target.package and target.stem != "__init__":
            found.append((f"{module.where}:{use.line}", target))
    return found


def test_the_packages_are_the_ones_with_an_order():
    there = {p.name for p in MEDPWA.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert there == set(PACKAGES), "a new package needs its place in PACKAGES of tests/house/source.py"


def test_every_file_of_a_package_stands_on_a_layer():
    lost = [m.where for m in IN_PACKAGES if layer(m) is None]
    assert lost == [], "name them by a layer, or list them in tests/house/layers.py"


def test_the_table_of_layers_lists_only_files_that_are_there():
    there = {layers.key(m) for m in IN_PACKAGES}
    assert sorted(set(layers.DOMAIN_WORDS) - there) == []


def test_inside_a_package_imports_only_go_down():
    up = [
        f"{where} ({layer(module)}) takes from {target.where} ({layer(target)})"
        for module in IN_PACKAGES
        for where, target in theirs(module)
        if target.package == module.package and LAYERS.index(layer(target)) > LAYERS.index(layer(module))
    ]
    assert up == []


def test_packages_use_only_those_to_their_left():
    right = [
        f"{where} takes from {target.where}"
        for module in IN_PACKAGES
        for where, target in theirs(module)
        if PACKAGES.index(target.package) > PACKAGES.index(module.package)
    ]
    assert right == []


def test_between_packages_nobody_takes_from_a_higher_layer_than_their_own():
    up = [
        f"{where} ({layer(module)}) takes from {target.where} ({layer(target)})"
        for module in IN_PACKAGES
        for where, target in theirs(module)
        if target.package != module.package and LAYERS.index(layer(target)) > LAYERS.index(layer(module))
    ]
    assert up == []


def test_nothing_but_the_command_line_knows_the_demo():
    users = [
        f"{m.where}:{u.line}"
        for m in modules()
        if m.package != "demo" and m.stem not in ("cli",)
        for u in m.imports()
        if package_of(u.target) == "demo"
    ]
    assert users == []


def test_shared_modules_know_no_package_but_those_that_put_the_application_together():
    users = [
        f"{m.where}:{u.line} takes {u.target}"
        for m in SHARED
        if m.stem not in layers.ASSEMBLY
        for u in m.imports()
        if package_of(u.target)
    ]
    assert users == []


def test_nobody_takes_from_the_assembly():
    users = [
        f"{m.where}:{u.line} takes {u.target}"
        for m in modules()
        if m.stem not in layers.ASSEMBLY and m.package != "demo"
        for u in m.imports()
        if u.target.startswith("medpwa.") and u.target.split(".")[1] in layers.ASSEMBLY
    ]
    assert users == []


def test_no_two_files_wait_for_each_other():
    """Views are left out: they hang their routes on the pages of `views`, which imports them at its end."""
    taken = {m: {t for _, t in theirs(m) if t != m} for m in IN_PACKAGES if layer(m) != "views"}
    while done := {m for m in taken if not taken[m] & taken.keys() or not any(m in some for some in taken.values())}:
        taken = {m: some for m, some in taken.items() if m not in done}
    assert sorted(m.where for m in taken) == [], "these import each other in a circle"


# ---------------------------------------------------------------- rules are pure

UNCLEAN = {"flask", "flask_login", "werkzeug", "peewee", "playhouse", "sqlite3", "psycopg", "os", "time", "random"}
UNCLEAN |= {"secrets", "threading", "subprocess", "socket", "requests", "urllib"}
DOORS = {"database", "ledger", "action", "notes", "jobs", "alerts", "pages", "permits", "web", "config", "remember"}
PURE = [m for m in IN_PACKAGES if layer(m) in ("vocabulary", "rules")]


def test_rules_know_neither_flask_nor_the_database_nor_any_door():
    unclean = [
        f"{m.where}:{u.line} takes {u.target}"
        for m in PURE
        for u in m.imports()
        if u.module.split(".")[0] in UNCLEAN or (u.target.startswith("medpwa.") and u.target.split(".")[1] in DOORS)
    ]
    assert unclean == []


def test_rules_never_ask_the_time():
    asked = [
        f"{m.where}:{call.lineno} calls {name}"
        for m in PURE
        for name, call in calls(m.tree)
        if name in ("clock.now", "now", "clock.monotonic", "date.today", "dt.date.today", "dt.datetime.now")
    ]
    assert asked == []


def test_vocabularies_know_nothing_but_the_standard_library():
    users = [
        f"{m.where}:{u.line} takes {u.target}"
        for m in IN_PACKAGES
        if layer(m) == "vocabulary"
        for u in m.imports()
        if u.target.startswith("medpwa") or u.module.split(".")[0] in UNCLEAN
    ]
    assert users == []


# ---------------------------------------------------------------- the two doors


def users_of(*names: str) -> set[str]:
    """Files that call one of these (by their last word) or take it by name."""
    found = set()
    for module in modules():
        called = {name.rpartition(".")[2] for name, _ in calls(module.tree)}
        taken = {u.name for u in module.imports() if u.module == "medpwa.database"}
        if (called | taken) & set(names):
            found.add(module.where.removeprefix("medpwa/").removesuffix(".py"))
    return found


def test_only_the_action_and_the_founding_open_the_record_door():
    assert users_of("writing") - {"database"} == {"action", "staff/founding"}


def test_only_notes_jobs_and_sessions_open_the_note_door():
    assert users_of("noting") - {"database"} == {"notes", "jobs", "practice/drafts", "staff/sessions"}


def test_nobody_else_begins_a_transaction():
    assert users_of("atomic", "transaction", "savepoint", "begin", "manual_commit") - {"database"} == {"action"}


def test_actions_are_declared_where_one_looks_for_them():
    elsewhere = {
        layers.key(m)
        for m in IN_PACKAGES
        if layer(m) != "actions" and any(name in ("action", "action.action") for name, _ in calls(m.tree))
    }
    assert elsewhere == waiting.ACTIONS_ELSEWHERE


ACTION_LAYERS = [m for m in IN_PACKAGES if layer(m) == "actions"] + [m for m in SHARED if m.stem == "alerts"]


def test_actions_never_call_actions():
    users = [
        f"{where} takes from {target.where}"
        for module in ACTION_LAYERS
        for where, target in theirs(module)
        if target.package and layer(target) == "actions"
    ]
    assert users == []


@pytest.mark.parametrize("module", ACTION_LAYERS, ids=lambda m: m.where)
def test_an_action_does_not_call_another_of_its_own_file(module):
    declared = {n.name for n in module.tree.body if isinstance(n, ast.FunctionDef) and _is_action(n)}
    inside = [
        f"{module.where}:{call.lineno} {function.name} calls {name}"
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and _is_action(function)
        for name, call in calls(ast.Module(function.body, []))
        if name in declared
    ]
    assert inside == []


def _is_action(function: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Call) and getattr(d.func, "id", "") == "action" for d in function.decorator_list)


DEEDS = [m for m in IN_PACKAGES if m.stem.endswith("deeds")]


def test_deeds_check_no_permit_and_open_no_transaction():
    asked = [
        f"{m.where}:{call.lineno} calls {name}"
        for m in DEEDS
        for name, call in calls(m.tree)
        if name.rpartition(".")[2] in ("may", "demand", "writing", "noting", "savepoint", "atomic", "append", "refuse")
        and not (name.endswith(".append") and not name.startswith("ledger"))
    ]
    assert asked == []
    assert [u.name for m in DEEDS for u in m.imports() if u.module == "medpwa.permits" and u.name != "Actor"] == []


WRITES = {"create", "insert", "insert_many", "insert_from", "replace", "replace_many", "bulk_create", "update"}
WRITES |= {"bulk_update", "delete", "delete_instance", "delete_by_id", "save", "set_by_id", "get_or_create"}
WRITERS = {"notes", "jobs", "ledger", "alerts", "notes_seal", "staff/founding", "staff/sessions", "practice/drafts"}


def models_taken(module: Module) -> set[str]:
    """Names of models a file takes, or declares."""
    taken = {u.name for u in module.imports() if u.module.endswith(".models") or u.module in _CORE_TABLES}
    return {n for n in taken if n[:1].isupper()} | {n.name for n in module.tree.body if isinstance(n, ast.ClassDef)}


_CORE_TABLES = {"medpwa.ledger", "medpwa.notes", "medpwa.jobs", "medpwa.alerts"}


def test_only_deeds_write_rows_and_only_those_of_their_own_package():
    found = []
    for module in modules():
        short = module.where.removeprefix("medpwa/").removesuffix(".py")
        taken = models_taken(module)
        for name, call in calls(module.tree):
            model, _, verb = name.rpartition(".")
            if model not in taken or verb not in WRITES:
                continue
            homes = {u.module for u in module.imports() if u.name == model}
            own = all(package_of(h) in (module.package, "") for h in homes)
            if not (short in WRITERS or (module in DEEDS and own)):
                found.append(f"{module.where}:{call.lineno} {name}")
    assert found == []


ASKS = {"select", "get", "get_or_none", "get_by_id", "raw", "filter"}


def test_views_and_forms_ask_no_table_themselves():
    found = {
        f"{layers.key(m)}: {name}"
        for m in IN_PACKAGES
        if layer(m) == "views" and layers.key(m) not in ("staff/signin", "mar/scanning")
        for name, call in calls(m.tree)
        if name.rpartition(".")[0] in models_taken(m) and name.rpartition(".")[2] in ASKS
    }
    assert found == waiting.ASKED_ELSEWHERE


def test_only_views_forms_and_what_stands_around_a_request_know_flask():
    # The session interface; the signing keys of the app.
    allowed = {"staff/sessions", "mar/tickets", "mar/proofs", "residents/codes"}
    users = {layers.key(m) for m in IN_PACKAGES if layer(m) != "views" for u in m.imports() if u.module == "flask"}
    assert users <= allowed


def test_sql_is_written_by_hand_only_where_it_is_looked_at():
    allowed = {"database", "ledger", "prepared", "remember", "desk/views", "demo/load"}
    users = {m.where.removeprefix("medpwa/").removesuffix(".py") for m in modules() for n, _ in calls(m.tree)
             if n.endswith("execute_sql")}  # fmt: skip
    assert users <= allowed
