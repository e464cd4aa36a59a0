"""The tabs under (or beside) the version list: Receipt, Params, Metrics, Files, Env, Code, History."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mlver.model.moments import seconds_of
from mlver.model.source_names import MLFLOW
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.history import history_count, history_lines
from mlver_tui.view_models.metric_cells import metric_table
from mlver_tui.view_models.numbers import ago, amount, duration, memory, size
from mlver_tui.view_models.origin import is_recorded
from mlver_tui.view_models.receipt import (
    TWO_COLUMNS_FROM,
    param_leaves,
    receipt_in_columns,
    receipt_in_one_column,
    whole_receipt_lines,
)
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, label, line, spread
from mlver_tui.view_models.tables import GAP, aligned
from mlver_tui.view_models.text import cell_width, cut_start, padded
from mlver_tui.view_models.values import digest_head, short_digest, type_name, value_span

if TYPE_CHECKING:
    from mlver.model.manifest import CodeFacts, FileFact
    from mlver.model.version import Version, VersionRow

_DIGEST = 8
_LEAST_PATH = 18
"""Cells; before a path gets less, the digests go."""


def detail_counts(detail: Detail) -> dict[DetailTab, int | None]:
    """The number behind each tab's name; None: it has none."""
    counts: dict[DetailTab, int | None] = dict.fromkeys(DetailTab, None)
    counts[DetailTab.METRICS] = len(detail.row.metrics)
    counts[DetailTab.HISTORY] = history_count(detail)
    if detail.version is not None:
        counts[DetailTab.PARAMS] = sum(1 for _ in param_leaves(detail.version.manifest.params))
        counts[DetailTab.FILES] = len(detail.version.manifest.artifacts)
    return counts


def detail_lines(
    detail: Detail, tab: DetailTab, width: int, *, is_whole: bool = False, pane: int | None = None
) -> list[Line]:
    """The lines of a tab, each exactly as wide as asked.

    Args:
        detail: what is known of the version.
        tab: which tab.
        width: cells.
        is_whole: there is a screen for it, so nothing is cut.
        pane: the cells that are seen of lines made for more: they are laid out as they would be for these.
    """
    if is_whole and tab is DetailTab.RECEIPT:
        return [fitted(one, width) for one in whole_receipt_lines(detail, width)]
    has_columns = (width if pane is None else pane) >= TWO_COLUMNS_FROM
    return [fitted(one, width) for one in _lines(detail, tab, width, has_columns=has_columns)]


def _lines(detail: Detail, tab: DetailTab, width: int, *, has_columns: bool) -> list[Line]:
    if tab is DetailTab.RECEIPT:
        return receipt_in_columns(detail, width) if has_columns else _tall_receipt(detail, width)
    if tab is DetailTab.METRICS:
        return metrics_lines(detail, width)
    if tab is DetailTab.HISTORY:
        return history_lines(detail, width)
    return _TABS[tab](detail, detail.version, width) if detail.version else []


def _tall_receipt(detail: Detail, width: int) -> list[Line]:
    """The receipt of a pane that is rather high than wide: metrics and files as tables under it."""
    lines = receipt_in_one_column(detail, width)
    if detail.row.is_broken:
        return lines
    lines += [EMPTY, *metrics_lines(detail, width)]
    return [*lines, EMPTY, *_files(detail, detail.version, width)] if detail.version else lines


def metrics_lines(detail: Detail, width: int) -> list[Line]:
    """Every metric with its delta, the primary one first."""
    return metric_table(detail, width) if detail.row.metrics else [line(dim("no metrics were recorded"))]


def _params(detail: Detail, version: Version, width: int) -> list[Line]:
    glyphs = detail.glyphs
    leaves = list(param_leaves(version.manifest.params))
    if not leaves:
        return [line(dim("no params were recorded"))]
    key_width = min(max(len(key) for key, _ in leaves) + 2, width // 2)
    lines = []
    for key, value in leaves:
        left = line(Span(padded(glyphs.data(key), key_width), stays=True), value_span(value, Tone.BRIGHT, glyphs))
        lines.append(spread(left, line(dim(type_name(value) + " ")), width))
    sources = ", ".join(glyphs.data(name) for name in version.manifest.params_from)
    return [*lines, line(dim(f"from {sources}"))] if sources else lines


def _files(detail: Detail, version: Version, width: int) -> list[Line]:
    glyphs = detail.glyphs
    artifacts = version.manifest.artifacts
    if not artifacts:
        return [line(dim("no outputs were recorded"))]
    sizes = [size(artifact.size, glyphs) for artifact in artifacts]
    steps = [glyphs.data(artifact.step or "") for artifact in artifacts]
    digest = digest_head(artifact.digest for artifact in artifacts)
    digest_width = max(_DIGEST, len(digest)) + len(GAP)
    room = width - max(map(cell_width, sizes)) - max(map(cell_width, steps)) - 2 * len(GAP)
    has_digests = bool(digest) and room - digest_width >= _LEAST_PATH
    room = max(1, room - (digest_width if has_digests else 0))
    rows = [
        [
            file_name(artifact.path, artifact.files, glyphs, room),
            line(shown_size),
            line(dim(short_digest(artifact.digest, glyphs))),
            line(dim(step)),
        ]
        for artifact, shown_size, step in zip(artifacts, sizes, steps, strict=True)
    ]
    rows.insert(0, [line(dim(head)) for head in ("FILE", "SIZE", digest, "STEP")])
    if not has_digests:
        rows = [[path, shown_size, step] for path, shown_size, _digest, step in rows]
    return aligned(rows, right={1}, flexible=0, width=width)


def file_name(path: str, files: int | None, glyphs: Glyphs, room: int | None = None) -> Line:
    """A path as a table names it: `models/  12 files` for a folder whose files were counted."""
    if files is None:
        shown = glyphs.data(path)
        return line(cut_start(shown, room) if room else shown)
    counted = f"  {amount(files, 'file', glyphs)}"
    shown = glyphs.data(path.rstrip("/")) + "/"
    return line(cut_start(shown, max(1, room - cell_width(counted))) if room else shown, dim(counted))


def _environment(detail: Detail, version: Version, width: int) -> list[Line]:
    glyphs = detail.glyphs
    lines = _environment_facts(version, glyphs)
    environment = version.manifest.environment
    for name, values in (("variables", environment.variables), ("threads", environment.threads)):
        if values:
            shown = "  ".join(f"{glyphs.data(key)}={glyphs.data(value)}" for key, value in values.items())
            lines.append(line(label(padded(name, 11)), shown))
    if version.packages is not None or is_recorded(version.row):
        lines.append(_packages_head(version))
    lines += [
        line(Span(padded(glyphs.data(name), min(32, width // 2)), stays=True), dim(glyphs.data(value)))
        for name, value in sorted((version.packages or {}).items())
    ]
    return [fitted(one, width) for one in lines or [line(dim("nothing is known of the environment"))]]


def _environment_facts(version: Version, glyphs: Glyphs) -> list[Line]:
    """What was recorded, `?` where that failed; of a version of another tool only what it says."""
    environment, hardware = version.manifest.environment, version.manifest.hardware
    none = "none" if is_recorded(version.row) else None
    facts: list[tuple[str, str | None]] = [
        ("python", " ".join(filter(None, (environment.python, environment.implementation))) or None),
        ("os", environment.os),
        ("lock", environment.lock.path if environment.lock else none),
        ("container", environment.container or none),
        ("cpu", hardware.cpu),
        ("cores", str(hardware.cores) if hardware.cores else None),
        ("memory", memory(hardware.ram_bytes) if hardware.ram_bytes or none else None),
        ("gpu", ", ".join(gpu.name for gpu in hardware.gpus) or none),
        ("blas", hardware.blas),
        ("host", version.manifest.host),
    ]
    return [
        line(label(padded(name, 11)), glyphs.data(value) if value else dim("?"))
        for name, value in facts
        if value or is_recorded(version.row)
    ]


def _packages_head(version: Version) -> Line:
    if version.packages is None:
        return line(label(padded("packages", 11)), dim("not recorded"))
    return line(label(padded("packages", 11)), str(len(version.packages)))


def _code(detail: Detail, version: Version, width: int) -> list[Line]:
    glyphs = detail.glyphs
    manifest = version.manifest
    code = manifest.code
    lines = [line(label(padded(name, 11)), value) for name, value in _code_facts(version, glyphs)]
    lines += [line(label(padded("left out", 11)), glyphs.data(path)) for path in code.untracked]
    for step in manifest.steps:
        lines += step_lines(step.name, step.run, step.inputs, glyphs=glyphs)
        if step.started:
            took = f"    {duration(step.wall_s)}, exit {step.exit}, {memory(step.peak_rss_bytes)} at most"
            lines.append(line(dim(f"{took}, {ago(seconds_of(step.started), detail.now)}")))
        lines += [
            line(Span(f"    ! changed while it ran: {glyphs.data(path)}", Tone.WARNING))
            for path in step.changed_while_running
        ]
    return [fitted(one, width) for one in lines]


def _code_facts(version: Version, glyphs: Glyphs) -> list[tuple[str, Span | str]]:
    row, code = version.row, version.manifest.code
    if not is_recorded(row):
        return _found_code(row, code, glyphs)
    states = {True: Span("dirty: the commit is not what ran", Tone.WARNING), False: Span("clean"), None: dim("?")}
    return [
        ("commit", glyphs.data(code.commit or "none")),
        ("branch", glyphs.data(code.branch or "?")),
        ("remote", glyphs.data(code.remote or "none")),
        ("state", states[code.dirty]),
        ("tree", glyphs.data(code.tree or "?")),
        ("recorded", row.commit),
    ]


def _found_code(row: VersionRow, code: CodeFacts, glyphs: Glyphs) -> list[tuple[str, Span | str]]:
    """Where a version lies that another tool wrote, whole and under all its names; what that says of the code."""
    is_run = row.source == MLFLOW
    facts = [
        ("commit", code.commit or ""),
        ("branch", code.branch or ""),
        ("remote", code.remote or ""),
        ("tree", code.tree or ""),
        ("read by", row.source),
        ("store" if is_run else "ref", row.store if is_run else row.ref),
        ("run", row.commit if is_run else ""),
        ("names", "  ".join(row.names)),
    ]
    return [(label, glyphs.data(value)) for label, value in facts if value]


def step_lines(
    name: str, run: str | tuple[str, ...], inputs: Sequence[FileFact], *, glyphs: Glyphs = UNICODE
) -> list[Line]:
    """A step: its name, its command, its inputs."""
    command = run if isinstance(run, str) else " ".join(run)
    shown = [glyphs.data(fact.path) for fact in inputs]
    lines = [line(bright(glyphs.data(name)), "  ", glyphs.data(command))]
    if shown:
        lines.append(line(dim("    inputs "), "  ".join(shown)))
    return lines


_TABS: dict[DetailTab, Callable[[Detail, Version, int], list[Line]]] = {
    DetailTab.PARAMS: _params,
    DetailTab.FILES: _files,
    DetailTab.ENV: _environment,
    DetailTab.CODE: _code,
}
