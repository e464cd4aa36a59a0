from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mlver.capture.interpreter import interpreter_of, python_of, step_environment


class World:
    """A project with a virtual environment, and a PATH with other programs."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.bin = folder / "bin"
        self.venv = self.project / ".venv" / "bin"
        for name in ("python3", "python3.12", "python", "make", "sh", "bash", "env", "uv", "nice", "timeout", "conda"):
            self.program(self.bin / name)
        self.program(self.venv / "python")
        self.variables = step_environment({"PATH": f"{self.bin}:/nowhere"}, project=self.project)

    def program(self, path: Path, text: str = "\x7fELF") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def python_of(self, run: str | tuple[str, ...]) -> str | None:
        found = python_of(run, cwd=self.project, environment=self.variables)
        return found and found.replace(str(self.venv), "VENV").replace(str(self.bin), "BIN")

    def interpreter_of(self, run: str | tuple[str, ...]) -> str | None:
        found = interpreter_of(run, cwd=self.project, environment=self.variables)
        return found and found.replace(str(self.venv), "VENV").replace(str(self.bin), "BIN")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("python train.py", "VENV/python"),
        ("python3.12 -u train.py --lr 0.1", "BIN/python3.12"),
        (("python3", "train.py"), "BIN/python3"),
        ("cd src && python3 train.py", "BIN/python3"),
        ("mkdir -p out\npython3 train.py\n", "BIN/python3"),
        ("python3 train.py > log 2>&1", "BIN/python3"),
        ("python3 train.py | tee log; make", "BIN/python3"),
        ("make data && python3 train.py", "BIN/python3"),
        ("OMP_NUM_THREADS=1 NAME='a b' python3 x", "BIN/python3"),
        ("exec python3 train.py", "BIN/python3"),
        ("env -u A B=1 python3 train.py", "BIN/python3"),
        ("nice -n 10 timeout 60 python3 x", "BIN/python3"),
        ("uv run python3 train.py", "BIN/python3"),
        ("uv run train.py", "VENV/python"),
        ("if true; then python3 train.py; fi", "BIN/python3"),
        ("for seed in 1 2; do python3 train.py; done", "BIN/python3"),
        ("bash -ec 'cd src; python3 train.py'", "BIN/python3"),
        (("sh", "-c", "python3 x"), "BIN/python3"),
        (".venv/bin/python train.py", "VENV/python"),
        (". .venv/bin/activate && python3 x", "VENV/python"),
        ("$PYTHON train.py", None),
        ("make train", None),
        ("conda run -n torch python train.py", None),
        ("no-such-program", None),
        ("python3 'unclosed", None),
        ("", None),
        ((), None),
    ],
)
def test_the_python_of_a_step_is_found(run: str | tuple[str, ...], expected: str | None, world: World) -> None:
    assert world.python_of(run) == expected


def test_a_variable_can_name_the_python(world: World) -> None:
    world.variables["PYTHON"] = "python3.12"

    assert world.python_of("${PYTHON} train.py") == "BIN/python3.12"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("#!{bin}/python3.12\n", "BIN/python3.12"),
        ("#!/usr/bin/env python3\n", "BIN/python3"),
        ("#!/usr/bin/env -S python3 -u\n", "BIN/python3"),
        ("#!/bin/sh\n'''exec' \"{bin}/python3.12\" \"$0\" \"$@\"\n' '''\n", "{bin}/python3.12"),
        ("#!/bin/sh\npython3 x\n", None),
        ("#!\n", None),
        ("\x7fELF", None),
    ],
)
def test_a_script_belongs_to_the_python_of_its_first_line(head: str, expected: str | None, world: World) -> None:
    world.program(world.bin / "torchrun", head.replace("{bin}", str(world.bin)))

    found = world.python_of("torchrun --nproc 2 train.py")

    assert found == (expected and expected.replace("{bin}", "BIN"))


@pytest.mark.parametrize(
    ("run", "expected"),
    [("make train", "BIN/make"), ("cd x && make", "BIN/make"), ("python x", "VENV/python"), ("", None)],
)
def test_without_a_python_it_is_the_program(run: str, expected: str | None, world: World) -> None:
    assert world.interpreter_of(run) == expected


def test_a_step_finds_the_projects_environment_first_and_mlvers_python_last(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)

    path = step_environment({"PATH": "/usr/bin:/bin"}, project=tmp_path)["PATH"].split(os.pathsep)

    assert path == [str(tmp_path / ".venv" / "bin"), "/usr/bin", "/bin", str(Path(sys.executable).parent)]


def test_a_step_keeps_its_variables_and_writes_unbuffered(tmp_path: Path) -> None:
    given = {"PATH": "/bin", "PYTHONHASHSEED": "7", "A": "b"}

    variables = step_environment(given, project=tmp_path)

    assert {name: variables[name] for name in ("PYTHONHASHSEED", "A", "PYTHONUNBUFFERED")} == {
        "PYTHONHASHSEED": "7",
        "A": "b",
        "PYTHONUNBUFFERED": "1",
    }
    assert step_environment({"PYTHONUNBUFFERED": ""}, project=tmp_path)["PYTHONUNBUFFERED"] == ""
