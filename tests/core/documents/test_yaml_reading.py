"""YAML 1.2 core typing, what is warned of, and what is refused with its line."""

from __future__ import annotations

import math

import pytest

from mlver.documents.reading import Budget, Document, read_document, read_yaml
from mlver.errors import DocumentInvalid
from mlver.model.data import Data


def read(text: str, budget: Budget = Budget()) -> Document:  # noqa: B008  # frozen
    return read_yaml(text.encode(), name="params.yaml", budget=budget)


def refused(text: str | bytes) -> DocumentInvalid:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(DocumentInvalid) as caught:
        read_yaml(content, name="params.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("1e-4", 0.0001),
        ("1E-4", 0.0001),
        ("5e+3", 5000.0),
        ("1e4", 10000.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("-0.0", -0.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("+.Inf", math.inf),
        ("12", 12),
        ("+12", 12),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("no", "no"),
        ("On", "On"),
        ("yes", "yes"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("-0x1F", "-0x1F"),
        ("2026-11-21", "2026-11-21"),
        ("=", "="),
        ("tRUE", "tRUE"),
        (".Nan", ".Nan"),
        ('"1e-4"', "1e-4"),
        ("'true'", "true"),
        ("1.2.3", "1.2.3"),
        ("1e", "1e"),
    ],
)
def test_a_word_means_what_the_core_schema_says(word: str, value: Data) -> None:
    document = read(f"key: {word}\n")

    assert isinstance(document.data, dict)
    assert repr(document.data["key"]) == repr(value)


def test_nan_is_a_number() -> None:
    data = read("a: [.nan, .NaN, .NAN]").data

    assert isinstance(data, dict)
    assert isinstance(data["a"], list)
    assert all(isinstance(value, float) and math.isnan(value) for value in data["a"])


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("1e-4", "take 1e-4 for text, here it is 0.0001"),
        ("no", "take no for false, here it is text"),
        ("On", "take On for true, here it is text"),
        ("1:30", "take 1:30 for 90, here it is text"),
        ("010", "take 010 for 8, here it is 10"),
        ("0o10", "take 0o10 for text, here it is 8"),
        ("1_000", "take 1_000 for 1000, here it is text"),
        ("2026-11-21", "take 2026-11-21 for a date, here it is text"),
        ("=", "cannot read = unquoted"),
    ],
)
def test_a_word_that_yaml_11_reads_differently_is_warned_of(word: str, told: str) -> None:
    (warning,) = read(f"a:\n  - x\n  - {word}\n").warnings

    assert warning.text == f"YAML 1.1 readers {told}"
    assert warning.path == ("a", 1)
    assert warning.line == 3


@pytest.mark.parametrize("word", ["12", "1.5", "1.0e-4", "true", "null", ".inf", "text", '"no"', "0x1F", "name", "-"])
def test_a_word_that_both_read_alike_is_not_warned_of(word: str) -> None:
    assert read(f"key: {word if word != '-' else '[-1]'}\n").warnings == ()


def test_a_key_that_is_not_text_becomes_text_and_is_warned_of() -> None:
    document = read("1: a\ntrue: b\n~: c\non: d\n")

    assert document.data == {"1": "a", "true": "b", "~": "c", "on": "d"}
    assert [(warning.line, warning.path) for warning in document.warnings] == [
        (1, ("1",)),
        (2, ("true",)),
        (3, ("~",)),
        (4, ()),
    ]


def test_an_unknown_tag_constructs_nothing() -> None:
    document = read('a: !!python/object/apply:os.system ["false"]\nb: !secret word\nc: !!set {x: }\n')

    assert document.data == {"a": ["false"], "b": "word", "c": {"x": None}}
    assert [(warning.line, warning.path) for warning in document.warnings] == [(1, ("a",)), (2, ("b",)), (3, ("c",))]


def test_core_tags_are_followed() -> None:
    document = read('a: !!str 3\nb: !!int "3"\nc: !!float 3\ng: !!float 1e-4\nd: ! 3\ne: !!null ""\nf: !!map {}\n')

    assert repr(document.data) == repr({"a": "3", "b": 3, "c": 3.0, "g": 0.0001, "d": "3", "e": None, "f": {}})
    assert document.warnings == ()


@pytest.mark.parametrize("text", ["!!int x", "!!bool 1", "!!int 1.5", "!!int true", f"!!float {'9' * 400}"])
def test_a_core_tag_that_does_not_fit_is_refused(text: str) -> None:
    assert "is not what its tag" in refused(f"a: {text}").problem


def test_a_merge_key_brings_in_what_is_not_set() -> None:
    document = read("base: &b {lr: 1, k: 2}\none: {<<: *b, lr: 3}\ntwo: {lr: 4, <<: [*b, {lr: 9, z: 5}]}\n")

    assert isinstance(document.data, dict)
    assert document.data["one"] == {"lr": 3, "k": 2}
    assert document.data["two"] == {"lr": 4, "k": 2, "z": 5}
    assert document.lines[("one", "k")] == 1


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    document = read('a: {"<<": {b: 1}}')

    assert document.data == {"a": {"<<": {"b": 1}}}
    assert document.lines[("a", "<<", "b")] == 1


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a: the key stands twice"),
        ("x:\n  - a: 1\n    a: 2\n", 3, "x[0].a: the key stands twice"),
        ("1: a\n'1': b\n", 2, "1: the key stands twice"),
        ("b: &b {}\nx:\n  <<: *b\n  <<: *b\n", 4, "merge key stands twice"),
        ("x:\n  <<: 3\n", 2, "a merge key << takes a mapping"),
        ("x: {<<: [3]}\n", 1, "a merge key << takes a mapping"),
        ("a: 1\n---\nb: 2\n", 2, "a second document starts here"),
        ("a: *b\n", 1, "*b has no anchor before it"),
        ("a: &a [*a]\n", 1, "*a stands inside itself"),
        ("? [a]\n: 1\n", 1, "a key must be text, here it is a list"),
        ("k: &k [a]\n*k : 1\n", 2, "an alias as a key"),
        ("a:\n\tb: 1\n", 2, "a tab where YAML wants spaces"),
        ("a: @home\n", 1, "a value cannot start with @"),
        ("a: 1\nb: c: d\n", 2, "quote text that holds one"),
        ("a: [1, 2\nb: 3\n", 2, "not closed, or a comma is missing (while parsing a flow sequence of line 1)"),
        ('a: "x\nb: 3\n', 3, "unexpected end of stream"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", 2, "an unresolved merge conflict"),
        ("a: 1\r\n<<<<<<< HEAD\r\nb: 1\r\n=======\r\nb: 2\r\n>>>>>>> x\r\n", 2, "an unresolved merge conflict"),
        ('a: 1\nb: "\x1b[2J"\n', 2, "the control character U+001B"),
        ("a: 1\nb: \x00\n", 2, "the control character U+0000"),
        (b"a: 1\nb: \xff\n", 2, "byte 0xff is not UTF-8"),
        ("a: 1".encode("utf-16"), 1, "is UTF-16"),
        (f"a:\n  b: {'9' * 1001}\n", 2, "more than 1000 digits"),
        (f"a:\n  b: 0x{'f' * 1001}\n", 2, "more than 1000 digits"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str | bytes, line: int, problem: str) -> None:
    error = refused(text)

    assert problem in error.message
    assert error.line == line
    assert error.message.startswith(f"params.yaml:{line}: ")


def test_seven_arrows_in_a_text_are_no_merge_conflict() -> None:
    assert read('a: "<<<<<<< not one"\n').data == {"a": "<<<<<<< not one"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_text_holds_nothing(text: str) -> None:
    assert read(text).data is None


def test_a_byte_order_mark_is_left_out() -> None:
    document = read("\ufeffa: 1\n")

    assert document.data == {"a": 1}
    assert document.lines[("a",)] == 1


def test_an_alias_repeats_its_value() -> None:
    assert read("a: &x {k: [1]}\nb: *x\nc: &s text\n*s : 1\n").data == {
        "a": {"k": [1]},
        "b": {"k": [1]},
        "c": "text",
        "text": 1,
    }


def test_an_anchor_may_be_set_again() -> None:
    assert read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n").data == {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize(
    ("name", "content", "data"),
    [
        ("a.yaml", b"a: 1", {"a": 1}),
        ("a.YML", b"a: 1", {"a": 1}),
        ("x/a.json", b'{"a": 1}', {"a": 1}),
        ("a.toml", b"a = 1", {"a": 1}),
    ],
)
def test_the_suffix_says_how_to_read(name: str, content: bytes, data: Data) -> None:
    assert read_document(content, name=name).data == data


def test_an_unknown_suffix_is_refused() -> None:
    with pytest.raises(DocumentInvalid, match=r"notes\.txt: is in no format"):
        read_document(b"a: 1", name="notes.txt")
