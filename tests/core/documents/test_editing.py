"""One value of a text is replaced and every other byte stays."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from mlver.documents.editing import edit_value, parse_value, set_value
from mlver.documents.reading import read_document
from mlver.documents.writing import write_yaml
from mlver.errors import BadArgument
from mlver.model.data import Data
from tests.support.data import scalars, unhurried

YAML = """\
# é: the top
model: {hidden: 32, act: relu}   # flow
optimiser:
  lr:   0.1  # rate
  name: "adam"
  decay:
sizes: [1, 2]
anchored: &a 3
alias: *a
base: &base {k: 1}
merged: {<<: *base}
copied: *base
rows:
  - 1
  - k: v
text: |
  long
"""
JSON = '{"a": {"b":\t1, "c": [1,2]},\r\n "d": "x\\u00e9", "n": NaN}'
TOML = "a = 1 # x\r\n[t.u]\r\nb = \"s\" # c\nc = [1, 2]\nd = [\n1]\n[[rows]]\nk = 2021-01-01\n[[rows]]\nk='l'\n"
FILES = {"p.yaml": YAML, "p.json": JSON, "p.toml": TOML}


@pytest.mark.parametrize(
    ("name", "key", "value", "old", "new"),
    [
        ("p.yaml", "optimiser.lr", 0.003, "lr:   0.1  #", "lr:   0.003  #"),
        ("p.yaml", "optimiser.name", "no", '"adam"', '"no"'),
        ("p.yaml", "optimiser.decay", 5, "decay:", "decay: 5"),
        ("p.yaml", "model.hidden", 64, "hidden: 32,", "hidden: 64,"),
        ("p.yaml", "model.act", "a, b", "relu", '"a, b"'),
        ("p.yaml", "model", {}, "{hidden: 32, act: relu}", "{}"),
        ("p.yaml", "sizes", [3, {"a": None}], "[1, 2]", "[3, {a: null}]"),
        ("p.yaml", "sizes.1", math.nan, "[1, 2]", "[1, .nan]"),
        ("p.yaml", "rows.1.k", "two\nlines", "k: v", 'k: "two\\nlines"'),
        ("p.json", "a.b", 0.5, '"b":\t1', '"b":\t0.5'),
        ("p.json", "a.c", [], "[1,2]", "[]"),
        ("p.json", "d", 'é"', '"x\\u00e9"', '"é\\""'),
        ("p.json", "n", True, "NaN", "true"),
        ("p.toml", "a", 0.5, "a = 1 #", "a = 0.5 #"),
        ("p.toml", "t.u.b", 'n"', '"s"', '"n\\""'),
        ("p.toml", "t.u.c", [3, {"k": True}], "[1, 2]", '[3, {"k" = true}]'),
        ("p.toml", "rows.1.k", 7, "k='l'", "k=7"),
    ],
)
def test_only_the_value_changes(name: str, key: str, value: Data, old: str, new: str) -> None:
    text = FILES[name]

    changed = set_value(text.encode(), key, value, name=name)

    assert changed.decode() == text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "key", "why"),
    [
        ("p.yaml", "anchored", "p.yaml:8: anchored cannot be set: it has an anchor"),
        ("p.yaml", "alias", "it is an alias"),
        ("p.yaml", "base.k", "cannot be set by itself"),
        ("p.yaml", "merged.k", "cannot be set by itself"),
        ("p.yaml", "copied.k", "cannot be set by itself"),
        ("p.yaml", "rows", "several lines"),
        ("p.yaml", "text", "several lines"),
        ("p.toml", "t.u.d", "several lines"),
        ("p.toml", "t.u.d.0", "several lines"),
    ],
)
def test_a_value_that_does_not_stand_by_itself_is_refused(name: str, key: str, why: str) -> None:
    with pytest.raises(BadArgument) as caught:
        set_value(FILES[name].encode(), key, 9, name=name)

    assert why in caught.value.message


def test_a_missing_key_names_the_nearest() -> None:
    with pytest.raises(BadArgument) as caught:
        set_value(YAML.encode(), "optimizer.lr", 1, name="p.yaml")

    assert caught.value.message == "p.yaml has no key optimizer.lr"
    assert "optimiser.lr" in caught.value.hint


def test_a_missing_key_in_an_empty_file_says_so() -> None:
    with pytest.raises(BadArgument) as caught:
        set_value(b"", "lr", 1, name="p.yaml")

    assert caught.value.hint == "the file holds no keys"


def test_null_has_no_spelling_in_toml() -> None:
    with pytest.raises(BadArgument, match="TOML has no null"):
        set_value(TOML.encode(), "a", None, name="p.toml")


def test_a_value_of_another_type_is_noted() -> None:
    edit = edit_value(YAML.encode(), "optimiser.lr", "fast", name="p.yaml")

    assert edit.before == 0.1
    assert edit.note == "optimiser.lr was a number, now it is text"
    assert edit_value(YAML.encode(), "optimiser.lr", 1, name="p.yaml").note == ""


def test_a_byte_order_mark_stays() -> None:
    assert set_value(b"\xef\xbb\xbfa: 1\n", "a", 2, name="p.yaml") == b"\xef\xbb\xbfa: 2\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_may_end_either_way_and_hold_any_character(end: str) -> None:
    text = end.join(["# 😀 é", "a: '😀'", "b:", "  c: 1 # 😀", ""])

    assert set_value(text.encode(), "b.c", 2, name="p.yaml").decode() == text.replace("c: 1", "c: 2")


@unhurried
@given(scalars())
def test_any_scalar_can_be_set_in_yaml_and_json(value: Data) -> None:
    for name, text in (("p.yaml", "a: 1\nb: {c: 2}\n"), ("p.json", '{"a": 1, "b": {"c": 2}}')):
        document = read_document(set_value(text.encode(), "b.c", value, name=name), name=name)

        assert write_yaml(document.data) == write_yaml({"a": 1, "b": {"c": value}})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-4", 0.0001),
        ("no", "no"),
        ("true", True),
        ("null", None),
        ("", None),
        (" 3 ", 3),
        ('"3"', "3"),
        ("[1, x]", [1, "x"]),
        ("{a: 1}", {"a": 1}),
        ("a: b", "a: b"),
        ("- a", "- a"),
        ("*a", "*a"),
        ("#a", "#a"),
        ("relu", "relu"),
    ],
)
def test_a_value_on_the_command_line_is_typed_like_yaml(text: str, value: Data) -> None:
    assert repr(parse_value(text)) == repr(value)


@pytest.mark.parametrize("text", ["[1", '"a', "{a: 1, a: 2}", "9" * 2000])
def test_a_value_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadArgument):
        parse_value(text)
