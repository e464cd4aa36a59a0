"""JSON and TOML are held to the same budgets and strictness as YAML."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.documents.reading import Budget, read_document, read_json, read_toml
from mlver.errors import DocumentInvalid
from tests.support.data import unhurried

DEEP = 100_000


def refused(content: bytes, name: str) -> DocumentInvalid:
    start = time.process_time()
    with pytest.raises(DocumentInvalid) as caught:
        read_document(content, name=name)
    assert time.process_time() - start < 10
    assert len(caught.value.message) < 200
    return caught.value


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b'{"a": 1,\n "a": 2}', 2, "the key 'a' stands twice"),
        (b'{"a": {"b": 1},\n "c": [{"b": 1,\n "b": 2}]}', 3, "the key 'b' stands twice"),
        (b'{"a\\u0062": 1,\n "ab": 2}', 2, "the key 'ab' stands twice"),
        (b'{"a": 1,}', 1, "expecting property name"),
        (b"", 1, "expecting value"),
        (b'{"a": 1}\n{"b": 2}', 2, "extra data"),
        (b"[\n" + b"9" * 5000 + b"]", 2, "more than 1000 digits"),
        (b'["a",\n"\\ud800"]', 2, "half a surrogate pair"),
        (b'{"a": 1,\n"\\ud800": 2}', 2, "half a surrogate pair"),
        (b'["a\x00"]', 1, "invalid control character"),
        (b'["a",\n"\xff"]', 2, "is not UTF-8"),
        (b"[" * DEEP, None, "nested deeper than 200"),
        (b"[" * DEEP + b"]" * DEEP, None, "nested deeper than 200"),
        (b'{"a":' * DEEP, None, "nested deeper than 200"),
        (b"[" * 201 + b"]" * 201, None, "nested deeper than 200"),
        (b'{"a": 1,\n<<<<<<< HEAD\n"b": 1\n=======\n"b": 2\n>>>>>>> x\n}', 2, "merge conflict"),
    ],
)
def test_json_that_cannot_be_read_is_refused(content: bytes, line: int | None, problem: str) -> None:
    error = refused(content, "a.json")

    assert problem in error.message
    assert error.line == line


def test_nan_and_infinities_in_json_are_numbers_with_a_warning() -> None:
    document = read_json(b'{"loss": NaN,\n "best": [1, -Infinity]}', name="m.json")

    assert isinstance(document.data, dict)
    assert math.isnan(float(str(document.data["loss"])))
    assert document.data["best"] == [1, -math.inf]
    assert [(warning.path, warning.line) for warning in document.warnings] == [(("loss",), 1), (("best", 1), 2)]


def test_json_numbers_keep_their_type() -> None:
    assert repr(read_json(b"[1, 1.0, -0.0, 1e2, true, null]", name="a.json").data) == repr(
        [1, 1.0, -0.0, 100.0, True, None]
    )


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_json(b'["\\ud83d\\ude00"]', name="a.json").data == ["😀"]


def test_more_json_values_than_the_budget_are_refused() -> None:
    with pytest.raises(DocumentInvalid, match="holds more than 100 values"):
        read_json(b"[" + b"1," * 200 + b"1]", name="a.json", budget=Budget(max_nodes=100))


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"a = 1\na = 2\n", 2, "cannot overwrite a value"),
        (b"a = 1\nb = \n", 2, "invalid value"),
        (b"a = [1,", 1, "invalid"),
        (b"a = " + b"[" * DEEP, None, "nested deeper than 200"),
        (b"a = " + b"{a=" * DEEP, None, "nested deeper than 200"),
        (b"a." * DEEP + b" = 1", 1, "a key of more than 100 parts"),
        (b'"a".' * DEEP + b"a = 1", 1, "a key of more than 100 parts"),
        (b"x = {" + b"'a' . " * DEEP + b"a = 1}", 1, "a key of more than 100 parts"),
        (b"[" + b"a." * DEEP + b"a]\n", 1, "a key of more than 100 parts"),
        (b"a = " + b"9" * 5000, None, "more than 1000 digits"),
        (b"a = 0x" + b"f" * 5000, None, "more than 1000 digits"),
        (b"a = 1\nb = '\xff'", 2, "is not UTF-8"),
        (b"#" * (2 << 20), None, "TOML is read up to"),
    ],
)
def test_toml_that_cannot_be_read_is_refused(content: bytes, line: int | None, problem: str) -> None:
    error = refused(content, "a.toml")

    assert problem in error.message
    assert error.line == line


def test_dates_in_toml_become_text() -> None:
    assert read_toml(b"d = 2026-11-21\nt = 10:30:00\n[x]\ny = [2026-11-21T10:00:00Z]", name="a.toml").data == {
        "d": "2026-11-21",
        "t": "10:30:00",
        "x": {"y": ["2026-11-21T10:00:00+00:00"]},
    }


@pytest.mark.parametrize("name", ["a.json", "a.toml"])
@unhurried
@given(text=st.text(alphabet='ab01e-.:=,[]{}"\\#\n\r\t u\x00é', max_size=30))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    try:
        document = read_document(text.encode(), name=name)
    except DocumentInvalid:
        return

    assert len(document.lines) >= 1
