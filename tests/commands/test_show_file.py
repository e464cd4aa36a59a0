"""`mlver show V:path`: a file of a version, as `git show` would be used, safe at a terminal."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.commands.conftest import shell_of
from tests.support.commands import Shell
from tests.support.tensor_files import safetensors
from tests.support.training import TrainingProject

HOSTILE = "one\ttwo\n\x1b]52;c;aGk=\x07\u202egnp\nü\n"


@pytest.fixture(scope="module")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A version whose snapshot has a file of tensors, a hostile text and a cut archive."""
    folder = tmp_path_factory.mktemp("holding")
    project = TrainingProject(folder / "toy", folder / "home").create()
    tensors = {f"w{number}": np.arange(4, dtype=np.float32) for number in range(120)}
    (project.folder / "w.safetensors").write_bytes(safetensors(tensors, {"format": "\x1b[2J"}))
    (project.folder / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(1000))
    (project.folder / "long.bin").write_bytes(bytes(range(256)) * 5000)
    project.write("notes.txt", HOSTILE)
    project.git("add", "w.safetensors", "cut.zip", "notes.txt", "long.bin")
    project.git("commit", "-q", "-m", "files")
    project.run()
    return shell_of(project).with_variables(NO_COLOR="1")


def test_a_text_is_given_as_it_is_and_made_safe_at_a_terminal(holding: Shell) -> None:
    assert holding.mlver("show", "latest:notes.txt").out == HOSTILE
    at_terminal = holding.mlver("show", "latest:notes.txt", at_terminal=True)
    assert at_terminal.lines == ["one two", "\\x1b]52;c;aGk=\\x07\\u202egnp", "ü"]
    assert holding.mlver("--ascii", "show", "latest:notes.txt", at_terminal=True).lines[2] == "\\xfc"

    document = holding.mlver("show", "latest:notes.txt", "--json").document

    assert document["text"] == HOSTILE
    assert (document["format"], document["size"], document["complete"]) == ("text", len(HOSTILE.encode()), True)


@pytest.mark.parametrize("name", ["w.safetensors", "cut.zip", "notes.txt", "long.bin"])
def test_a_program_is_given_the_bytes_as_they_are(holding: Shell, name: str) -> None:
    ran = holding.mlver("show", f"latest:{name}")

    assert (ran.code, ran.err) == (0, "")
    assert ran.written == (holding.folder / name).read_bytes()


def test_of_anything_else_its_format_says_what_it_holds(holding: Shell) -> None:
    ran = holding.mlver("show", "latest:w.safetensors", at_terminal=True)

    assert ran.code == 0
    assert ran.lines[0] == "latest:w.safetensors"
    assert ran.lines[1].startswith("safetensors, 120 tensors, 480 numbers, ")
    assert ran.lines[2].split() == ["w0", "f32", "4"]
    assert "+21 more; -a shows" in ran.lines
    everything = holding.mlver("show", "latest:w.safetensors", "-a").lines
    assert everything[-1].split() == ["format", "\\x1b[2J"]
    document = holding.mlver("show", "latest:w.safetensors", "--json").document
    assert document["contents"][0] == {"name": "w0", "note": "f32 4"}
    assert document["contents"][-1]["contents"][0]["value"] == "\x1b[2J"


def test_a_damaged_file_is_told_as_bytes_with_the_reason(holding: Shell) -> None:
    ran = holding.mlver("show", "latest:cut.zip", at_terminal=True)

    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[:2] == ["latest:cut.zip", "1 004 bytes"]
    assert ran.lines[2].startswith("not read as zip: ")


def test_an_output_is_found_as_diff_finds_it(shell: Shell) -> None:
    assert isinstance(json.loads(shell.mlver("show", "latest^^:models/weights.json").out), list)
    assert shell.mlver("show", "latest^^:models/weights.bin", at_terminal=True).lines[1].endswith(" bytes")
    folder = shell.mlver("show", "latest^^:models/")
    assert folder.code in {2, 3}
    assert "models" in folder.err


def test_what_is_not_there_and_what_is_no_file_is_said(shell: Shell) -> None:
    missing = shell.mlver("show", "latest:nowhere")
    assert (missing.code, missing.out) == (3, "")
    assert "nowhere" in missing.err
    assert shell.mlver("show", "nobody:params.json").code == 3
    assert shell.mlver("show", "latest:params.json", "--log").code == 2
