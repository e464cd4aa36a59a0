"""docs/filters.md says what is so: every field and claim, and examples that can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlver.query.claims import CLAIMS
from mlver.query.fields import FIELDS, Field
from mlver.query.narrowing import asked_by

TEXT = (Path(__file__).parents[3] / "docs" / "filters.md").read_text()
EXAMPLES = [
    line[:48].strip() for block in re.findall(r"```filters\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()
]


def documented(field: Field) -> str:
    name = f"`{field.name}NAME`" if field.is_family else f"`{field.name}`"
    short = f" `{field.short}NAME`" if field.short else ""
    return f"| {name}{short} | {field.help} | `{' '.join(field.understood)}` | `{field.example}` |"


def test_the_table_of_fields_is_the_fields() -> None:
    rows = re.findall(r"^\| `.*\| `.*\| `.*\|$", TEXT, re.MULTILINE)

    assert rows == [documented(field) for field in FIELDS]


def test_the_table_of_claims_is_the_claims() -> None:
    rows = re.findall(r"^\| `is:.*\|$", TEXT, re.MULTILINE)

    assert [row for row in rows if row.count("|") == 3] == [
        f"| `is:{word}` | {claim.help} |" for word, claim in CLAIMS.items()
    ]


@pytest.mark.parametrize("example", [*EXAMPLES, *(field.example for field in FIELDS)])
def test_the_examples_can_be_read(example: str) -> None:
    asked_by(example)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 7
