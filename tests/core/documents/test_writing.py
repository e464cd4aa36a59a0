"""What is written is read back the same, by mlver and by YAML 1.1 readers."""

from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import given

from mlver.documents.reading import read_yaml
from mlver.documents.writing import flow_yaml, write_yaml
from mlver.errors import InvalidInput
from mlver.model.canonical import canonical_json
from mlver.model.data import Data
from tests.support.data import TRICKY, texts, trees, unhurried


@unhurried
@given(trees())
def test_data_comes_back_as_it_was_written(data: Data) -> None:
    document = read_yaml(write_yaml(data).encode(), name="a.yaml")

    assert canonical_json(document.data) == canonical_json(data)
    assert document.warnings == ()


@unhurried
@given(trees())
def test_yaml_11_readers_read_the_same(data: Data) -> None:
    assert canonical_json(yaml.safe_load(write_yaml(data))) == canonical_json(data)


@unhurried
@given(trees())
def test_one_line_holds_the_same_data(data: Data) -> None:
    line = flow_yaml({"root": data})

    assert "\n" not in line
    assert canonical_json(read_yaml(line.encode(), name="a.yaml").data) == canonical_json({"root": data})


@unhurried
@given(texts())
def test_written_text_holds_no_control_characters(text: str) -> None:
    assert all(character >= " " and character != "\x7f" for character in write_yaml([text]).replace("\n", ""))


@pytest.mark.parametrize("word", TRICKY)
def test_tricky_words_survive_as_keys_and_values(word: str) -> None:
    assert yaml.safe_load(write_yaml({word: [word]})) == {word: [word]}


def test_collections_are_written_in_block_style() -> None:
    data: Data = {
        "run": "r1",
        "none": None,
        "steps": [{"name": "train", "inputs": [{"path": "a.py"}], "outputs": []}, [1, [2.5]]],
        "params": {"lr": 1e-05, "deep": {"yes": True}},
        "empty": {},
    }

    assert write_yaml(data) == (
        "run: r1\n"
        "none: null\n"
        "steps:\n"
        "  - name: train\n"
        "    inputs:\n"
        "      - path: a.py\n"
        "    outputs: []\n"
        "  - - 1\n"
        "    - - 2.5\n"
        "params:\n"
        "  lr: 1.0e-05\n"
        "  deep:\n"
        '    "yes": true\n'
        "empty: {}\n"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (math.nan, ".nan"),
        (-math.inf, "-.inf"),
        (1e16, "1.0e+16"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        ("é 日本 😀", '"é 日本 😀"'),
        ("a\nb", '"a\\nb"'),
        ("\x1b\u202e\U000e0001", '"\\x1b\\u202e\\U000e0001"'),
        ("sha256:0a1b", "sha256:0a1b"),
        ("2026-11-21T10:00:00Z", '"2026-11-21T10:00:00Z"'),
        ("python train.py --lr=0.1", "python train.py --lr=0.1"),
        ("1234567890" * 200, '"' + "1234567890" * 200 + '"'),
    ],
)
def test_a_scalar_has_one_spelling(value: Data, written: str) -> None:
    assert write_yaml(value) == f"{written}\n"


def test_a_long_key_is_written_so_that_readers_find_it() -> None:
    data: Data = {"outer": {"k" * 5000: {"a": 1}, "l" * 5000: [1]}}

    assert read_yaml(write_yaml(data).encode(), name="a.yaml").data == data
    assert yaml.safe_load(write_yaml(data)) == data


def test_what_no_reader_would_take_is_not_written() -> None:
    nested: Data = []
    for _ in range(300):
        nested = [nested]

    for data in ("\udc80", nested, 10**2000):
        with pytest.raises(InvalidInput):
            write_yaml(data)
