"""docs/commands.md says what is so: the commands, their options, the examples, the keys of the JSON documents."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from mlver_tui.commands.program import mlver
from mlver_tui.commands.table import TABLE
from tests.commands.conftest import shell_of
from tests.support.commands import Shell
from tests.support.training import TrainingProject

TEXT = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
EXAMPLES = re.findall(r"^\$ mlver (.*)$", TEXT, re.MULTILINE)
KEY_LINE = re.compile(
    r"(?P<name>\w+)(?P<list>\[\])?(?P<optional>\?)?(?P<free>\{\})?(?:: (?P<kind>\w+(?: \w+)*))?(?:  .*)?"
)


@dataclass(frozen=True)
class Key:
    is_list: bool
    is_optional: bool
    is_free: bool
    kind: str | None


def documented_keys() -> Iterator[tuple[str, dict[str, Key]]]:
    for name, body in re.findall(r"^```keys ([^\n]+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        keys = {}
        for line in body.splitlines():
            match = KEY_LINE.fullmatch(line.rstrip())
            assert match, line
            keys[match["name"]] = Key(bool(match["list"]), bool(match["optional"]), bool(match["free"]), match["kind"])
        yield name, keys


KEYS = dict(documented_keys())


def check(value: Any, kind: str, where: str) -> None:
    keys = KEYS[kind]
    assert value.keys() <= keys.keys(), where
    assert {name for name, key in keys.items() if not key.is_optional} <= value.keys(), where
    for name, item in value.items():
        check_value(item, keys[name], f"{where}.{name}")


def check_value(value: Any, key: Key, where: str) -> None:
    if value is None or set(value if isinstance(value, dict) else ()) == {"$float"}:
        return
    items = value if key.is_list else [value]
    assert isinstance(items, list), where
    for item in items:
        if key.kind:
            for one in item.values() if key.is_free else [item]:
                check(one, key.kind, where)
        elif key.is_free:
            assert isinstance(item, dict), where


def options_of(command: click.Command) -> str:
    return " ".join(
        flag for parameter in command.params if isinstance(parameter, click.Option) for flag in parameter.opts
    )


def test_the_table_of_commands_is_the_commands() -> None:
    rows = re.findall(r"^\| `mlver (\w+)` \| (.+?) \| `(.+?)` \|$", TEXT, re.MULTILINE)
    context = click.Context(mlver)

    commands = [(entry, mlver.get_command(context, entry.name)) for entry in TABLE]

    assert rows == [(entry.name, entry.summary, options_of(command)) for entry, command in commands if command]
    assert [command.name for _, command in commands if command] == [entry.name for entry in TABLE]


@pytest.mark.parametrize("name", [entry.name for entry in TABLE])
def test_every_command_has_help(shell: Shell, name: str) -> None:
    ran = shell.mlver(name, "--help")

    assert ran.code == 0
    assert ran.out.startswith("Usage: mlver ")


@pytest.mark.parametrize("example", [example for example in EXAMPLES if not example.startswith(("run", "replay"))])
def test_the_examples_that_read_work(shell: Shell, example: str) -> None:
    ran = shell.mlver(*shlex.split(example))

    assert ran.code == 0, ran.err
    assert ran.out or "--exit-code" in example


def test_the_examples_that_run_work_and_their_json_has_the_documented_keys(fresh: TrainingProject) -> None:
    shell = shell_of(fresh)
    examples = {example: example.split()[0] for example in EXAMPLES if example.startswith(("run", "replay"))}
    examples["replay latest --plan"] = "replay --plan"

    ran = {example: shell.mlver(*shlex.split(example), "--json") for example in examples}

    assert len(ran) == 4
    for example, kind in examples.items():
        assert ran[example].code == 0, ran[example].err
        check(ran[example].document, kind, kind)
    check(shell.mlver("list", "--json").document, "list", "list")


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("list", ("list", "--json")),
        ("show", ("show", "latest", "--json")),
        ("show V:path", ("show", "latest:params.json", "--json")),
        ("show V:path", ("show", "latest:models/weights.bin", "--json")),
        ("diff", ("diff", "latest", "--json")),
        ("diff", ("diff", "latest^", "--json", "--all")),
        ("diff", ("diff", "latest", "--json", "--only", "code")),
        ("diff --key", ("diff", "latest^", "--key", "optimiser.lr", "--json")),
        ("matrix", ("diff", "latest", "latest^", "latest^^", "--json", "--all")),
        ("curves", ("curves", "latest", "--json")),
        ("curves", ("curves", "latest", "latest^", "--json", "--smooth", "0.6")),
        ("trend", ("curves", "--x", "version", "--json")),
        ("note V", ("note", "latest", "--list", "--json")),
        ("stages", ("stages", "--json", "--history")),
        ("which", ("which", "data/raw.csv", "--json")),
        ("doctor", ("doctor", "--json")),
    ],
)
def test_json_documents_have_the_documented_keys(shell: Shell, kind: str, arguments: tuple[str, ...]) -> None:
    ran = shell.mlver(*arguments)

    assert ran.out.isascii()
    check(ran.document, kind, kind)


def test_every_described_kind_is_used() -> None:
    named = {key.kind for keys in KEYS.values() for key in keys.values() if key.kind}
    documents = {
        "list",
        "show",
        "show V:path",
        "diff",
        "diff --flips",
        "diff --key",
        "matrix",
        "curves",
        "trend",
        "note V",
        "stages",
        "which",
        "doctor",
        "run",
        "replay",
        "replay --plan",
    }

    assert named | documents == set(KEYS)
