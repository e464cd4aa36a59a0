"""`mlver diff PATH PATH` and `V:path`: two files or folders, whatever repository they are in, or in none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from mlver.errors import BadArgument
from mlver.model.change import Change, Kind
from mlver_tui.commands.failures import FAILED, FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.named_files import NamedFiles, is_path, of_version, path_in
from mlver_tui.view_models.file_report import FileReport

_SIDES = 2


class WantedOfPaths(Struct, frozen=True, kw_only=True):
    """What the options ask for."""

    form: str
    """`text` or `json`."""
    everything: bool
    wants_code: bool
    is_short: bool


def are_paths(folder: Path, names: Sequence[str]) -> bool:
    """Whether two names mean files or folders, and no versions: one of them stands there, or is a `V:path`."""
    return len(names) == _SIDES and any(is_path(folder, name) or of_version(folder, name) for name in names)


def diff_paths(invocation: Invocation, names: Sequence[str], wanted: WantedOfPaths) -> int:
    """Compare and print; the exit code is that of `mlver diff`."""
    from mlver.project import compare_paths

    if wanted.form not in {"text", "json"}:
        raise BadArgument(f"files have no --format {wanted.form}", hint="text (the default) and --json are there")
    console = invocation.console
    with ExitStack() as stack, console.progress() as progress:
        files = NamedFiles(invocation, stack)
        before, after = map(files.content, names)
        change = compare_paths(before, after, path_in(names[1]), report=progress)
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
