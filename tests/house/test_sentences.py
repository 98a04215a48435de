"""Everything the trail can say has words for a person."""

import ast
import importlib
import re

import pytest

from medpwa import web
from medpwa.action import ACTIONS
from tests.house.source import calls, modules


@pytest.fixture(scope="module", autouse=True)
def everything_imported(tmp_path_factory):
    """All packages, as the application imports them."""
    from tests.conftest import settings_for

    var = tmp_path_factory.mktemp("sentences")
    web.create_app(settings_for(f"sqlite:///{var}/none.db", var))


def sentences() -> dict[str, str]:
    """Every verb's sentence, from the tables of all packages and of the shared modules."""
    found: dict[str, str] = {}
    for module in modules():
        if module.stem == "sentences":
            for verb, words in importlib.import_module(module.dotted).SENTENCES.items():
                assert verb not in found, f"{verb} has two sentences"
                found[verb] = words
    return found


def verbs_of_lines() -> set[str]:
    """Verbs that a deed writes into a line by name: `line("staff.add", …)`."""
    return {
        call.args[0].value
        for module in modules()
        for name, call in calls(module.tree)
        if name.rpartition(".")[2] in ("line", "Pending") and call.args and isinstance(call.args[0], ast.Constant)
    }


def test_every_action_has_a_sentence_in_the_history():
    assert sorted(set(ACTIONS) - set(sentences())) == []


def test_every_line_a_deed_writes_has_a_sentence_in_the_history():
    assert sorted(verbs_of_lines() - set(sentences())) == []


def test_every_sentence_belongs_to_something_that_happens():
    assert sorted(set(sentences()) - set(ACTIONS) - verbs_of_lines()) == []


def test_sentences_are_written_for_people():
    for verb, words in sentences().items():
        assert re.match(r"[A-Z{]", words), f"{verb}: begins with a capital"
        assert not words.endswith("."), f"{verb}: a line of a list ends without a full stop"
        assert not re.search(r"[_<>]|\bid\b|\bNone\b", words), verb
        assert len(words) < 80, verb
