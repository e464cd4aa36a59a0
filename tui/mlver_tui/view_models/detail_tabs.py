"""The tabs under (or beside) the version list: Receipt, Params, Metrics, Files, Env, Code, History."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlver.model.manifest import FileFact
from mlver.model.version import Version
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.history import history_count, history_lines
from mlver_tui.view_models.metric_cells import metric_table
from mlver_tui.view_models.numbers import ago, duration, memory, size
from mlver_tui.view_models.receipt import TWO_COLUMNS_FROM, epoch_of, param_leaves, receipt_lines
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, spread
from mlver_tui.view_models.tables import GAP, aligned
from mlver_tui.view_models.text import cell_width, cut_start, padded
from mlver_tui.view_models.values import short_digest, type_name, value_span

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


def detail_lines(detail: Detail, tab: DetailTab, width: int) -> list[Line]:
    """The lines of a tab, each exactly as wide as asked."""
    return [fitted(one, width) for one in _lines(detail, tab, width)]


def _lines(detail: Detail, tab: DetailTab, width: int) -> list[Line]:
    if tab is DetailTab.RECEIPT:
        return receipt_lines(detail, width) if width >= TWO_COLUMNS_FROM else _tall_receipt(detail, width)
    if tab is DetailTab.METRICS:
        return metrics_lines(detail, width)
    if tab is DetailTab.HISTORY:
        return history_lines(detail, width)
    return _TABS[tab](detail, detail.version, width) if detail.version else []


def _tall_receipt(detail: Detail, width: int) -> list[Line]:
    """The receipt of a pane that is rather high than wide: metrics and files as tables under it."""
    lines = receipt_lines(detail, width)
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
        left = line(padded(glyphs.data(key), key_width), value_span(value, Tone.BRIGHT, glyphs))
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
    room = width - max(map(cell_width, sizes)) - max(map(cell_width, steps)) - 2 * len(GAP)
    has_digests = room - _DIGEST - len(GAP) >= _LEAST_PATH
    room = max(1, room - (_DIGEST + len(GAP) if has_digests else 0))
    rows = [
        [
            line(cut_start(glyphs.data(artifact.path), room)),
            line(shown_size),
            line(dim(short_digest(artifact.digest, glyphs))),
            line(dim(step)),
        ]
        for artifact, shown_size, step in zip(artifacts, sizes, steps, strict=True)
    ]
    rows.insert(0, [line(dim(head)) for head in ("FILE", "SIZE", "SHA256", "STEP")])
    if not has_digests:
        rows = [[path, shown_size, step] for path, shown_size, _digest, step in rows]
    return aligned(rows, right={1}, flexible=0, width=width)


def _environment(detail: Detail, version: Version, width: int) -> list[Line]:
    glyphs = detail.glyphs
    environment, hardware = version.manifest.environment, version.manifest.hardware
    facts: list[tuple[str, str | None]] = [
        ("python", " ".join(filter(None, (environment.python, environment.implementation))) or None),
        ("os", environment.os),
        ("lock", environment.lock.path if environment.lock else "none"),
        ("container", environment.container or "none"),
        ("cpu", hardware.cpu),
        ("cores", str(hardware.cores) if hardware.cores else None),
        ("memory", memory(hardware.ram_bytes)),
        ("gpu", ", ".join(gpu.name for gpu in hardware.gpus) or "none"),
        ("blas", hardware.blas),
        ("host", version.manifest.host),
    ]
    lines = [line(dim(padded(label, 11)), glyphs.data(value) if value else dim("?")) for label, value in facts]
    for label, values in (("variables", environment.variables), ("threads", environment.threads)):
        if values:
            shown = "  ".join(f"{glyphs.data(key)}={glyphs.data(value)}" for key, value in values.items())
            lines.append(line(dim(padded(label, 11)), shown))
    lines.append(_packages_head(version))
    lines += [
        line(padded(glyphs.data(name), min(32, width // 2)), dim(glyphs.data(value)))
        for name, value in sorted((version.packages or {}).items())
    ]
    return [fitted(one, width) for one in lines]


def _packages_head(version: Version) -> Line:
    if version.packages is None:
        return line(dim(padded("packages", 11)), dim("not recorded"))
    return line(dim(padded("packages", 11)), str(len(version.packages)))


def _code(detail: Detail, version: Version, width: int) -> list[Line]:
    glyphs = detail.glyphs
    manifest = version.manifest
    code = manifest.code
    states = {True: Span("dirty: the commit is not what ran", Tone.WARNING), False: Span("clean"), None: dim("?")}
    lines = [
        line(dim(padded("commit", 11)), glyphs.data(code.commit or "none")),
        line(dim(padded("branch", 11)), glyphs.data(code.branch or "?")),
        line(dim(padded("remote", 11)), glyphs.data(code.remote or "none")),
        line(dim(padded("state", 11)), states[code.dirty]),
        line(dim(padded("tree", 11)), glyphs.data(code.tree or "?")),
        line(dim(padded("recorded", 11)), detail.row.commit),
    ]
    lines += [line(dim(padded("left out", 11)), glyphs.data(path)) for path in code.untracked]
    for step in manifest.steps:
        lines += step_lines(step.name, step.run, step.inputs, glyphs=glyphs)
        if step.started:
            took = f"    {duration(step.wall_s)}, exit {step.exit}, {memory(step.peak_rss_bytes)} at most"
            lines.append(line(dim(f"{took}, {ago(epoch_of(step.started), detail.now)}")))
        lines += [
            line(Span(f"    ! changed while it ran: {glyphs.data(path)}", Tone.WARNING))
            for path in step.changed_while_running
        ]
    return [fitted(one, width) for one in lines]


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
