from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.support.commands import Shell
from tests.support.tensor_files import safetensors

WEIGHT = np.arange(4, dtype=np.float32)


def test_two_files_are_compared_without_a_repository(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(safetensors({"w": WEIGHT}))
    (tmp_path / "b.safetensors").write_bytes(safetensors({"w": WEIGHT + 1}))

    ran = shell.mlver("-C", str(tmp_path), "diff", "a.safetensors", "b.safetensors")

    assert ran.code == 0
    assert ran.lines[:3] == ["A a.safetensors", "B b.safetensors", "~ 1 of 1 tensor"]
    assert "~ w" in ran.out
    assert "all 4 numbers, max |d| 1" in ran.out


def test_what_is_gone_is_told_by_what_it_was_and_bytes_are_told_once(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("optimiser:\n  lr: 0.1\n  momentum: 0.9\n")
    (tmp_path / "b.yaml").write_text("optimiser:\n  lr: 0.03\n")

    out = shell.mlver("-C", str(tmp_path), "diff", "a.yaml", "b.yaml").out

    assert "  − momentum  0.9         gone\n" in out
    assert out.count("1 range") == 1
    assert out.splitlines()[2] == "~ changed"


def test_exit_codes_say_whether_they_differ(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")

    assert shell.mlver("-C", str(tmp_path), "diff", "a", "b", "--exit-code").code == 1
    assert shell.mlver("-C", str(tmp_path), "diff", "a", "a", "--exit-code").code == 0


def test_a_file_of_a_version_is_written_with_a_colon(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^^:params.json", "latest^:params.json", "--json")

    assert ran.code == 0
    document = ran.document
    assert (document["before"], document["different"]) == ("latest^^:params.json", True)
    assert [child["key"] for child in document["children"]]


def test_a_file_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")

    ran = shell.mlver("-C", str(tmp_path), "diff", "a", "nowhere")

    assert ran.code == 2
    assert "nowhere: no such file" in ran.err
    assert shell.mlver("diff", "latest:nowhere", "latest:params.json").code == 3


def test_folders_are_written_as_paths(shell: Shell, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)

    ran = shell.mlver("-C", str(tmp_path), "diff", "./a", "b/")

    assert ran.lines[2] == "~ 1 of 1 file"


def test_markdown_is_for_versions(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")

    assert shell.mlver("-C", str(tmp_path), "diff", "a", "a", "--format", "md").code == 2


def test_names_and_values_inside_files_reach_the_terminal_only_harmless(shell: Shell, tmp_path: Path) -> None:
    evil = "w\x1b]0;owned\x07\x1b[2J\u202egnp\n"
    for name, move in (("a", 0), ("b", 1)):
        content = safetensors({evil: WEIGHT + np.float32(move)}, {f"key{evil}": f"{move}{evil}"})
        (tmp_path / f"{name}.safetensors").write_bytes(content)
        (tmp_path / f"{name}.csv").write_text(f"id,{evil[:-1]}\n1{evil[:-1]},{move}{evil[:-1]}\n")

    for suffix in ("safetensors", "csv"):
        for form in ((), ("--json",)):
            ran = shell.mlver("-C", str(tmp_path), "diff", f"a.{suffix}", f"b.{suffix}", "-a", *form)

            assert ran.code == 0
            assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)
            assert "owned" in ran.out
