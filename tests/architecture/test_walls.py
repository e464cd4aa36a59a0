"""Walls that import contracts cannot see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import mlver

TOP = Path(__file__).resolve().parents[2]

MAY_START_PROCESSES = {
    "store/git.py": "system git, for recording",
    "running/runner.py": "the steps of a run or replay",
    "running/supervisor.py": "the steps of a run or replay",
    "capture/probe.py": "asks a step's interpreter what it is made of",
    "capture/hardware.py": "asks the GPU's own tool",
    "formats/parquet_trial.py": "reads a Parquet file where an abort ends nothing else",
}


def core_modules() -> Iterator[tuple[str, ast.Module]]:
    """Path below core/mlver and syntax tree of every module."""
    return modules_below(TOP / "core" / "mlver")


def modules_below(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Path below the folder and syntax tree of every module."""
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text())


def imported(tree: ast.Module) -> set[str]:
    """Top-level names of everything a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_only_named_modules_start_processes() -> None:
    starting = {path for path, tree in core_modules() if imported(tree) & {"subprocess", "multiprocessing", "pty"}}

    assert starting <= set(MAY_START_PROCESSES)


def test_the_front_ends_start_processes_in_one_place() -> None:
    root = TOP / "tui" / "mlver_tui"
    starting = {path for path, tree in modules_below(root) if imported(tree) & {"subprocess", "multiprocessing", "pty"}}

    # Programs of the user's: editor, pager, viewers, clipboard, and those the doctor asks. All else is the core's.
    assert starting == {"user_programs.py"}


def test_the_core_prints_nothing() -> None:
    printing = {
        path
        for path, tree in core_modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }

    # The probe is run by another interpreter, and printing is how it answers.
    assert printing <= {"capture/probe_script.py"}


def test_nothing_unpickles() -> None:
    unpickling = {path for path, tree in core_modules() if imported(tree) & {"pickle", "joblib", "dill", "shelve"}}

    assert not unpickling


def test_every_room_says_what_may_live_there() -> None:
    rooms = [path for path in (TOP / "core" / "mlver").iterdir() if path.is_dir() and path.name != "__pycache__"]

    assert [room.name for room in rooms if not (room / "README.md").is_file()] == []


def test_the_public_api_is_what_is_promised() -> None:
    assert mlver.__all__ == ["MlverError", "Project", "__version__"]
    assert all(getattr(mlver, name) for name in mlver.__all__)
