"""The hazard log holds: every control has tests that exist, and every sabotage still finds its one line.

That the tests notice each sabotage is `make sabotage`; it copies the source and runs them, which takes minutes.
"""

import ast

import pytest

from tests.house.source import ROOT, parsed, read
from tools import hazards

LOG = hazards.read()
CONTROLS = hazards.controls()
SCORES = {"very low", "low", "medium", "high", "very high"}


def test_the_log_says_of_each_hazard_what_it_is_and_who_answers_for_it():
    for hazard in LOG["hazards"]:
        wanted = {"id", "name", "cause", "harm", "severity", "likelihood", "status", "owner", "requirement"}
        assert wanted <= set(hazard), hazard["id"]
        assert {hazard["likelihood"], hazard["residual_likelihood"]} <= SCORES
        assert hazard["status"] in ("open", "transferred", "closed")
        assert hazard["controls"]


def test_every_hazard_and_control_has_a_name_of_its_own():
    ids = [h["id"] for h in LOG["hazards"]] + [c.id for c in CONTROLS]
    assert len(ids) == len(set(ids))
    assert all(c["id"].startswith(f"{h['id']}-") for h in LOG["hazards"] for c in h["controls"])


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.id)
def test_every_control_has_tests_that_exist(control):
    assert control.tests and len(set(control.tests)) == len(control.tests)
    for test in control.tests:
        path, _, name = test.partition("::")
        tree = parsed(ROOT / path)
        assert name in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, f"{test} is not there"


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.id)
def test_every_sabotage_changes_one_line_of_the_product_into_other_code(control):
    s = control.sabotage
    text = read(ROOT / s.file)
    assert s.file.startswith("medpwa/") and "\n" not in s.find + s.replace and s.find != s.replace
    assert text.count(s.find) == 1, f"{s.file} holds it {text.count(s.find)} times: {s.find}"
    changed = ast.parse(text.replace(s.find, s.replace))
    assert ast.dump(changed) != ast.dump(ast.parse(text))


def test_no_two_controls_share_a_sabotage():
    assert len({(c.sabotage.file, c.sabotage.find) for c in CONTROLS}) == len(CONTROLS)


def test_it_is_said_plainly_that_a_clinical_safety_officer_is_needed():
    said = " ".join(read(ROOT / "docs" / "safety" / "README.md").split())
    assert "An organisation that deploys this product needs its own Clinical Safety Officer" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hazards:\n", "nothing stands under it"),
        ("a: 1\na: 2\n", "a key that was there already"),
        ("a: [1, 2]\n", "double quotes"),
        ('a: "x\n', "does not end"),
        ("a: b: c\n", "double quotes"),
        ("a:\n    - b\n  - c\n", "indented otherwise"),
        ("just words\n", "no `key: value`"),
    ],
)
def test_a_line_that_is_not_plain_stops_the_reading(tmp_path, text, words):
    path = tmp_path / "log.yaml"
    path.write_text(text)
    with pytest.raises(hazards.Unreadable, match=words):
        hazards.read(path)
