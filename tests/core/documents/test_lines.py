"""Every value of a document has a line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.documents.reading import read_document, read_yaml
from mlver.documents.writing import write_yaml
from mlver.model.data import Data, Path
from tests.support.data import trees, unhurried


def paths(data: Data, head: Path = ()) -> Iterator[Path]:
    yield head
    if isinstance(data, dict):
        for key, value in data.items():
            yield from paths(value, (*head, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from paths(item, (*head, index))


YAML = b"""\
# params
model:
  hidden: 32
  layers:
    - size: 4
      act: relu
    - {size: 8,
       act: tanh}
base: &base
  lr: 0.1
train:
  <<: *base
  text: |
    long
copy: *base
"""


def test_yaml_values_stand_where_they_were_written() -> None:
    lines = read_yaml(YAML, name="params.yaml").lines

    assert lines[("model",)] == 2
    assert lines[("model", "hidden")] == 3
    assert lines[("model", "layers", 0)] == 5
    assert lines[("model", "layers", 0, "act")] == 6
    assert lines[("model", "layers", 1, "act")] == 8
    assert lines[("train", "lr")] == 10
    assert lines[("train", "text")] == 13
    assert lines[("copy",)] == 15
    assert lines[("copy", "lr")] == 10


JSON = b'{"a": 1,\n "b": [1, {"c": "x\\n]}"},\n\n  []],\n "d":\n   null}'


def test_json_values_stand_where_they_were_written() -> None:
    lines = read_document(JSON, name="a.json").lines

    assert dict(lines) == {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 2,
        ("b", 1): 2,
        ("b", 1, "c"): 2,
        ("b", 2): 4,
        ("d",): 5,
    }


TOML = b"""\
title = "x"
[model.net]
hidden = 32
sizes = [1,
  2]
"odd key" = 1
[[runs]]
seed = 1
[[runs]]
seed = 2
inline = {a = 1, b = [2]}
"""


def test_toml_values_stand_where_they_were_written() -> None:
    document = read_document(TOML, name="a.toml")
    lines = document.lines

    assert set(lines) == set(paths(document.data))
    assert lines[("model", "net", "hidden")] == 3
    assert lines[("model", "net", "odd key")] == 6
    assert lines[("runs", 0, "seed")] == 8
    assert lines[("runs", 1, "seed")] == 10
    assert lines[("runs", 1, "inline", "a")] == 11


def test_a_path_that_is_not_there_has_no_line() -> None:
    lines = read_yaml(YAML, name="params.yaml").lines

    assert lines.get(("model", "hidden", "x")) is None
    assert lines.get(("model", "layers", 9)) is None
    with pytest.raises(KeyError):
        lines[("nothing",)]


@unhurried
@given(trees())
def test_every_value_of_a_yaml_text_has_a_line(data: Data) -> None:
    document = read_yaml(write_yaml(data).encode(), name="a.yaml")

    assert set(document.lines) == set(paths(document.data))


@pytest.mark.parametrize(
    "text",
    [
        "a: &x {k: [1, {l: 2}]}\nb: *x\nc: [*x, *x]",
        "k: &k text\n*k : {a: 1}\n? &n m\n: [*n]\n",
        "b: &b {k: {l: 1}}\nx: {<<: *b}\ny: {<<: [*b, {m: []}], k: 3}",
    ],
)
def test_what_aliases_and_merges_bring_has_a_line(text: str) -> None:
    document = read_yaml(text.encode(), name="a.yaml")

    assert set(document.lines) == set(paths(document.data))


@unhurried
@given(st.integers(min_value=0, max_value=5))
def test_blank_lines_before_a_value_count(blank: int) -> None:
    assert read_yaml(("\n" * blank + "a: 1").encode(), name="a.yaml").lines[("a",)] == blank + 1
