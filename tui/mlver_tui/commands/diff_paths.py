"""`mlver diff PATH PATH` and `V:path`: two files or folders, whatever repository they are in, or in none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.errors import BadArgument
from mlver.model.change import Change, Kind
from mlver_tui.commands.failures import FAILED, FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.view_models.file_report import FileReport

if TYPE_CHECKING:
    from mlver.project import Project

_SIDES = 2


class WantedOfPaths(Struct, frozen=True, kw_only=True):
    """What the options ask for."""

    form: str
    """`text` or `json`."""
    everything: bool
    wants_code: bool
    is_short: bool


def are_paths(folder: Path, names: Sequence[str]) -> bool:
    """Whether two names mean files or folders, and no versions: one of them stands there, or is a `V:path`.

    A folder must be written as a path (`./a`, `a/`), for branches and tags are often called like folders.
    """
    return len(names) == _SIDES and any(_is_path(folder, name) or _of_version(folder, name) for name in names)


def _is_path(folder: Path, name: str) -> bool:
    path = folder / name
    return path.is_file() or (path.is_dir() and (name.startswith(("./", "../", "/")) or name.endswith("/")))


def _of_version(folder: Path, name: str) -> tuple[str, str] | None:
    version, colon, path = name.partition(":")
    return (version, path) if colon and version and path and not _is_path(folder, name) else None


def diff_paths(invocation: Invocation, names: Sequence[str], wanted: WantedOfPaths) -> int:
    """Compare and print; the exit code is that of `mlver diff`."""
    from mlver.project import compare_paths

    if wanted.form not in {"text", "json"}:
        raise BadArgument(f"files have no --format {wanted.form}", hint="text (the default) and --json are there")
    console = invocation.console
    with ExitStack() as stack, console.progress() as progress:
        opened = _Opened(invocation, stack)
        before, after = (_content(invocation.folder, name, opened.project) for name in names)
        change = compare_paths(before, after, _label(names[1]), report=progress)
    report = FileReport(
        names=(names[0], names[1]),
        change=change,
        everything=wanted.everything,
        is_short=wanted.is_short,
        width=console.width,
        glyphs=console.glyphs,
    )
    if wanted.form == "json":
        _show_json(invocation, report)
    else:
        console.show_all(report.lines())
    return exit_code(change, wants_code=wanted.wants_code)


def exit_code(change: Change, *, wants_code: bool) -> int:
    """4 beats 1: an answer that is not whole says so."""
    if not change.complete:
        return INCOMPLETE
    return FAILED if wants_code and change.kind is not Kind.SAME else FINE


class _Opened(Struct):
    """The project, opened when a version is named: files alone need none."""

    invocation: Invocation
    stack: ExitStack
    _project: Project | None = None

    def project(self) -> Project:
        if self._project is None:
            self._project = self.stack.enter_context(self.invocation.open_project())
        return self._project


def _content(folder: Path, name: str, project: Callable[[], Project]) -> Path | bytes:
    found = _of_version(folder, name)
    if found is None and not (folder / name).exists():
        raise BadArgument(f"{name}: no such file", hint="a file of a version is written VERSION:path")
    if found is None:
        # Where a link leads is what its user means; the files below a folder are taken as they are.
        return (folder / name).resolve()
    version, path = found
    return project().content(project().find(version), path)


def _label(name: str) -> str:
    """The path without its version: formats are recognised by it too."""
    return name.rpartition(":")[2] or name


def _show_json(invocation: Invocation, report: FileReport) -> None:
    from mlver_tui.commands.comparison_json import node_document
    from mlver_tui.commands.json_output import json_text

    change = report.change
    document = {
        "before": report.names[0],
        "after": report.names[1],
        "different": change.kind is not Kind.SAME,
        **node_document(change, is_whole=not report.is_short),
    }
    invocation.console.show_text(json_text(document))
