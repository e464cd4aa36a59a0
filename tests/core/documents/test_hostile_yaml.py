"""Texts made to exhaust the reader are refused at once, by both of PyYAML's parsers."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.documents import yaml_events, yaml_reading
from mlver.documents.reading import Budget, read_yaml
from mlver.errors import DocumentInvalid
from tests.support.data import unhurried

DEEP = 100_000


def alias_bomb() -> bytes:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    return "\n".join(rows).encode()


def merge_bomb() -> bytes:
    rows = ["a0: &a0 {k: 1}"]
    rows += [f"a{i}: &a{i}\n  <<: [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    return "\n".join(rows).encode()


def alias_chain() -> bytes:
    return "\n".join(["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 10_000)]).encode()


BOMBS = {
    "lists in brackets": b"[" * DEEP,
    "lists in brackets, closed": b"[" * DEEP + b"]" * DEEP,
    "lists in brackets on lines": b"[\n" * DEEP,
    "mappings in brackets": b"{a: " * DEEP,
    "lists in a row": b"- " * DEEP,
    "keys of keys": b"? " * DEEP,
    "aliases of aliases": alias_bomb(),
    "merges of merges": merge_bomb(),
    "a chain of aliases": alias_chain(),
    "a chain of nested anchors": b"&a [" * DEEP,
}


@pytest.fixture(params=["libyaml", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "python":
        monkeypatch.setattr(yaml_reading, "open_parser", yaml_events._PythonParser)
    return str(request.param)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_at_once(bomb: bytes, parser: str) -> None:
    start = time.process_time()
    with pytest.raises(DocumentInvalid) as caught:
        read_yaml(bomb, name="bomb.yaml")

    assert caught.value.line
    assert len(caught.value.message) < 200
    # Milliseconds when it is quiet; the bound only tells them from the minutes of a walk.
    assert time.process_time() - start < (10 if parser == "libyaml" else 60)


def test_a_text_past_the_size_is_refused_unread() -> None:
    with pytest.raises(DocumentInvalid, match="is 2000 bytes; documents are read up to 1000"):
        read_yaml(b"x" * 2000, name="a.yaml", budget=Budget(max_bytes=1000))


@pytest.mark.parametrize("text", [b"[" + b"1," * 200 + b"]", b"[" + b"[]," * 200 + b"]"])
def test_more_values_than_the_budget_are_refused(text: bytes) -> None:
    with pytest.raises(DocumentInvalid, match="holds more than 100 values"):
        read_yaml(text, name="a.yaml", budget=Budget(max_nodes=100))


def test_what_aliases_stand_for_counts_each_time() -> None:
    text = b"a: &a [1, 2, 3, 4, 5, 6, 7, 8]\nb: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]"

    read_yaml(text, name="a.yaml", budget=Budget(max_nodes=200))
    with pytest.raises(DocumentInvalid, match="holds more than 100 values"):
        read_yaml(text, name="a.yaml", budget=Budget(max_nodes=100))


@pytest.mark.parametrize("depth", [1, 5, 200])
def test_nesting_up_to_the_budget_is_read(depth: int) -> None:
    assert read_yaml(b"[" * depth + b"]" * depth, name="a.yaml").data is not None
    with pytest.raises(DocumentInvalid, match=f"deeper than {depth} levels"):
        read_yaml(b"[" * (depth + 1) + b"]" * (depth + 1), name="a.yaml", budget=Budget(max_depth=depth))


def test_nesting_through_aliases_counts() -> None:
    text = b"a: &a [[[1]]]\nb: [[*a]]\n"

    assert read_yaml(text, name="a.yaml", budget=Budget(max_depth=6)).data is not None
    with pytest.raises(DocumentInvalid, match=r"a\.yaml:2: b\[0\]\[0\]: nested deeper than 5 levels"):
        read_yaml(text, name="a.yaml", budget=Budget(max_depth=5))


def test_a_million_warnings_are_not_kept() -> None:
    assert len(read_yaml(b"[" + b"no," * 5000 + b"]", name="a.yaml").warnings) == 1000


@unhurried
@given(st.text(alphabet="abn01e-.:,[]{}&*!?|>'\"#%@`~<= \n\t\r\x00\x85\u2028é😀", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = read_yaml(text.encode(), name="fuzz.yaml")
    except DocumentInvalid:
        return

    assert len(document.lines) >= 1


@unhurried
@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(DocumentInvalid):
        read_yaml(content, name="fuzz.yaml")
