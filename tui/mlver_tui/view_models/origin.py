"""Where a version lies that mlver did not record: whose files tell of it, and what they call it."""

from __future__ import annotations

from collections.abc import Iterable

from mlver.model.source_names import DVC, MLFLOW, NATIVE, PLAIN
from mlver.model.version import Version, VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, dim, line
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import cut_start

_REFS = {
    "refs/tags/": "tag",
    "refs/heads/": "branch",
    "refs/remotes/": "branch",
    "refs/exps/": "experiment",
}
_EXPERIMENTS = "refs/exps/"
_SHORT = 8


def is_recorded(row: VersionRow) -> bool:
    """Whether mlver made the version; of any other only what its own tool wrote is known."""
    return row.source == NATIVE


def why_no_replay(row: VersionRow) -> str:
    """Why the version cannot be run again; empty: nothing is known that forbids it."""
    return "" if is_recorded(row) else f"from {row.source}: its commands and environment are not pinned"


def curves_hint(row: VersionRow) -> str:
    """What a version that has no curves needs for some."""
    return _CURVES.get(row.source, "name the file that the training writes under history: in mlver.yaml")


_CURVES = {
    DVC: "plots of dvc.yaml and DVCLive are read if git or the cache has them",
    PLAIN: "docs/histories.md tells which are found; mlver.yaml names another",
    MLFLOW: "mlflow.log_metric with a step makes them",
}


def origin_line(row: VersionRow, glyphs: Glyphs = UNICODE, room: int | None = None) -> Line:
    """`dvc · tag v2`, `mlflow · mlflow.db · run 650067be`: who says it, and where to look.

    Where there is not room for all of it, the beginning of a store's path goes, and all of it before its name would.
    """
    if row.source == MLFLOW:
        run = f"run {row.commit[:_SHORT]}"
        taken = len(f"{row.source} . {run} . ")
        store = glyphs.data(row.store)
        shown = store if room is None else cut_start(store, max(1, room - taken))
        name = store.rpartition("/")[2]
        parts = [row.source, *([shown] if shown.endswith(name) else []), run]
    else:
        parts = [row.source, _place(row)]
    first, *others = map(glyphs.data, parts)
    return line(first, dim("".join(f" {glyphs.dot} {part}" for part in others)))


def _place(row: VersionRow) -> str:
    for prefix, word in _REFS.items():
        if row.ref.startswith(prefix):
            name = row.ref.removeprefix(prefix)
            # Between `refs/exps/` and the name stands the commit it was run from.
            return f"{word} {name.split('/', 2)[-1] if prefix == _EXPERIMENTS else name}"
    return row.ref or f"commit {row.commit[:_SHORT]}"


def note_lines(row: VersionRow, version: Version | None, width: int | None, glyphs: Glyphs = UNICODE) -> list[Line]:
    """What of the version could not be read, and why: one sentence each."""
    if is_recorded(row):
        return []
    notes: Iterable[str] = version.manifest.notes if version else filter(None, (row.problem,))
    lines = []
    for note in notes:
        first, *more = wrapped(glyphs.remark(note), width and width - len(_NOTE))
        lines.append(line(Span(_NOTE, Tone.WARNING), first))
        lines += [line(" " * len(_NOTE), part) for part in more]
    return lines


_NOTE = "! "
