"""Params are held to a JSON Schema; every breach has its file, line and key, and nothing is fetched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlver.documents.reading import read_document
from mlver.errors import DocumentInvalid
from mlver.manifests.params_schema import breaches

PARAMS = """\
seed: 0
optimiser:
  lr: 0.1
  batch: 32
layers:
  - size: 8
  - size: 16
"""

OLD = {"$schema": "http://json-schema.org/draft-04/schema#"}
NESTED = '{"not":' * 190 + "{}" + "}" * 190
ELSEWHERE = {"properties": {"seed": {"$ref": "#/parts/a"}}, "parts": {"a": {"$ref": "https://example.invalid"}}}
AT_LEAST_1 = {"type": "integer", "minimum": 1}


def found(schema: object, *, name: str = "s.json", **files: str) -> list[str]:
    written = schema if isinstance(schema, str) else json.dumps(schema)
    texts = {f"{file}.yaml": text for file, text in files.items()} or {"p.yaml": PARAMS}
    documents = {file: read_document(text.encode(), name=file) for file, text in texts.items()}
    return [str(one) for one in breaches(documents, read_document(written.encode(), name=name), name=name)]


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def test_params_that_are_as_the_schema_says_have_no_breach() -> None:
    schema = of(seed={"type": "integer"}, optimiser=of(lr={"type": "number", "exclusiveMinimum": 0}))

    assert found(schema) == []


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (of(seed={"type": "string"}), ["p.yaml:1: seed: 0 is not of type 'string'"]),
        (of(optimiser=of(lr={"maximum": 0.01})), ["p.yaml:3: optimiser.lr: 0.1 is greater than the maximum of 0.01"]),
        (of(optimiser={"required": ["momentum"]}), ["p.yaml:2: optimiser: 'momentum' is a required property"]),
        (of(optimiser={"type": "number"}), ["p.yaml:2: optimiser: a mapping is not of type 'number'"]),
        (of(layers={"items": of(size={"enum": [8]})}), ["p.yaml:7: layers[1].size: 16 is not one of [8]"]),
        (of(seed={"anyOf": [{"type": "null"}, AT_LEAST_1]}), ["p.yaml:1: seed: 0 is less than the minimum of 1"]),
        ({"required": ["model"]}, ["p.yaml: 'model' is a required property"]),
    ],
)
def test_a_breach_names_file_line_key_and_what_is_wrong(schema: dict[str, Any], told: list[str]) -> None:
    assert found(schema) == told


def test_several_breaches_are_all_told_in_the_order_of_their_lines() -> None:
    schema = of(layers={"maxItems": 1}, optimiser=of(batch={"type": "string"}, lr={"type": "string"}))

    assert [one.split()[0] for one in found(schema)] == ["p.yaml:3:", "p.yaml:4:", "p.yaml:5:"]


def test_a_key_the_schema_does_not_know_is_told_at_its_own_line_with_the_nearest() -> None:
    schema = of(
        optimiser={"additionalProperties": False, "properties": {"rate": {}, "batches": {}}},
        seed=True,
        layers={"items": {"additionalProperties": False, "patternProperties": {"^s": {}}}},
    )

    assert found(schema) == [
        "p.yaml:3: optimiser.lr: is no key the schema knows",
        "p.yaml:4: optimiser.batch: is no key the schema knows; did you mean batches?",
    ]


def test_a_long_value_does_not_make_a_long_message() -> None:
    (told,) = found(of(x={"type": "integer"}), p=f"x: {'y' * 5000}\n")

    assert len(told) < 100


def test_files_whose_top_keys_differ_are_held_as_one_tree() -> None:
    schema = {"required": ["x", "y", "z"], "properties": {"x": {"minimum": 2}, "y": {"minimum": 2}}}

    assert found(schema, a="x: 1\n", b="w: 0\ny: 1\n") == [
        "a.yaml:1: x: 1 is less than the minimum of 2",
        "a.yaml, b.yaml: 'z' is a required property",
        "b.yaml:2: y: 1 is less than the minimum of 2",
    ]


def test_files_that_share_a_top_key_are_held_under_their_paths() -> None:
    schema = of(**{"a.yaml": of(seed={"minimum": 2}), "b.yaml": of(seed={"minimum": 2})})

    assert found(schema, a="seed: 5\n", b="x: 1\nseed: 1\n") == ["b.yaml:2: seed: 1 is less than the minimum of 2"]


def test_references_within_the_file_are_followed() -> None:
    schema = {
        "$id": "https://example.invalid/params",
        "$defs": {"positive": {"$anchor": "plus", "minimum": 1}},
        "properties": {
            "seed": {"$ref": "#/$defs/positive"},
            "optimiser": of(batch={"$ref": "https://example.invalid/params#plus"}),
        },
    }

    assert found(schema) == ["p.yaml:1: seed: 0 is less than the minimum of 1"]


def test_a_draft_of_before_is_read_by_its_own_rules() -> None:
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"seed": {"minimum": 0}}}

    assert found(schema | {"properties": {"seed": {"minimum": 0, "exclusiveMinimum": True}}}) != []
    assert found(schema) == []


@pytest.mark.parametrize(
    "target", ["https://example.invalid/a.json", "other.json#/x", "file:///etc/passwd", "http://[", "//host/x"]
)
def test_a_reference_out_of_the_file_is_refused_though_nothing_asks_for_it(target: str) -> None:
    schema = json.dumps({"properties": {"nobody": {"items": {"$ref": target}}}}, indent=1)

    with pytest.raises(DocumentInvalid) as caught:
        found(schema)

    assert caught.value.message.startswith("s.json:5: properties.nobody.items.$ref: refers to ")
    assert "outside of this file; nothing is fetched" in caught.value.message
    assert "$defs" in caught.value.hint


def test_what_only_looks_like_a_reference_is_none() -> None:
    assert found({"properties": {"$ref": {"const": {"$ref": "https://example.invalid"}}}}) == []


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ("{", "s.json:1: "),
        ("[]", "s.json:1: must hold a mapping to be a JSON Schema"),
        ('{"type": "integr"}', "s.json:1: type: 'integr' is not"),
        ('{\n"properties": {\n"seed": 3}}', "s.json:3: properties.seed: 3 is not of type 'object', 'boolean'"),
        ('{"pattern": "("}', "s.json:1: pattern: '(' is not a 'regex'"),
        ('{\n"$schema": 5}', "s.json:2: $schema: 5 is no draft of JSON Schema"),
        (
            '{"$schema": "https://example.invalid/meta"}',
            "s.json:1: $schema: 'https://example.invalid/meta' is no draft",
        ),
        ('{"$ref": "#/$defs/nope"}', "s.json:1: $ref: refers to '#/$defs/nope', which is not in this file"),
        ('{"$ref": "#"}', "refers to itself without an end"),
        pytest.param(NESTED, "nested too deep", id="nested"),
        (json.dumps(OLD | {"patternProperties": {"(": {}}}), "s.json: the params cannot be held to it: missing )"),
        (json.dumps(OLD | {"$ref": 5}), "s.json: the params cannot be held to it"),
        (
            json.dumps(ELSEWHERE),
            "s.json: refers to 'https://example.invalid', outside of this file; nothing is fetched",
        ),
    ],
)
def test_a_schema_that_is_none_names_its_file_and_line(schema: str, problem: str) -> None:
    with pytest.raises(DocumentInvalid) as caught:
        found(schema)

    assert problem in caught.value.message


@pytest.mark.parametrize("value", [".nan", ".inf", "1" + "0" * 400, "1.0e308"])
def test_numbers_that_cannot_be_divided_are_said(value: str) -> None:
    try:
        told = found(of(x={"multipleOf": 0.1, "minimum": 0}), p=f"x: {value}\n")
    except DocumentInvalid as error:
        assert error.message.startswith("s.json: the params cannot be held to it")  # noqa: PT017 either is an answer
    else:
        assert all(one.startswith("p.yaml:1: x: ") for one in told)


def test_a_schema_may_be_yaml() -> None:
    assert found("properties:\n  seed: {minimum: 1}\n", name="s.yaml") == [
        "p.yaml:1: seed: 0 is less than the minimum of 1"
    ]
