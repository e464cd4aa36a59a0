"""The text of `--json`: one layout, ASCII, numbers that are none spelled out."""

from __future__ import annotations

import json

import pytest

from mlver_tui.commands.json_output import json_text

DOCUMENTS: list[dict[str, object]] = [
    {},
    {"nothing": [], "no keys": {}, "deep": [[{"a": [1, {"b": None}]}]]},
    {"numbers": [0, -0.0, 1e-5, 1e22, 2**70, 0.1], "flags": [True, False, None]},
    {"texts": ["", 'a"b\\c', "line\nline\ttab", "\x1b[31mred", "\x7f", "é … 🎉", "\ud800", '{"a": [1, 2]}', "[,:]"]},
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_is_laid_out_as_pythons_own_writer_does(document: dict[str, object]) -> None:
    assert json_text(document) == json.dumps(document, indent=2)
    assert json_text(document).isascii()


def test_numbers_that_are_none_are_spelled_out() -> None:
    numbers = {"a": float("nan"), "b": [float("inf"), {"c": float("-inf")}]}
    spelled = {"a": {"$float": "nan"}, "b": [{"$float": "inf"}, {"c": {"$float": "-inf"}}]}
    assert json.loads(json_text(numbers)) == spelled
