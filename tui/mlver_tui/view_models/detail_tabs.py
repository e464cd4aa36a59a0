"""The tabs under (or beside) the version list: Receipt, Params, Metrics, Files, Env, Code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlver.model.manifest import FileFact
from mlver.model.metric import metric_delta
from mlver.model.version import Version
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import ago, decimals_of, duration, memory, metric_value, number, percent, size
from mlver_tui.view_models.receipt import TWO_COLUMNS_FROM, epoch_of, param_leaves, receipt_lines
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, spread
from mlver_tui.view_models.text import cut, cut_start, padded
from mlver_tui.view_models.values import short_digest, type_name, value_span
from mlver_tui.view_models.version_rows import judgement_tone

_PERCENT_FROM = 46


def detail_counts(detail: Detail) -> dict[DetailTab, int | None]:
    """The number behind each tab's name; None: it has none."""
    counts: dict[DetailTab, int | None] = dict.fromkeys(DetailTab, None)
    counts[DetailTab.METRICS] = len(detail.row.metrics)
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
    glyphs = detail.glyphs
    row = detail.row
    if not row.metrics:
        return [line(dim("no metrics were recorded"))]
    name_width = max(8, min(20, width - 25))
    against = glyphs.data(detail.against_name) if detail.against else ""
    head = (
        padded("METRIC", name_width)
        + padded("VALUE", 11, right=True)
        + "   "
        + (f"{glyphs.delta} {against}" if against else "")
    )
    lines = [fitted((dim(head),), width)]
    names = sorted(row.metrics, key=lambda name: name != row.primary)
    return [*lines, *(fitted(_metric_line(detail, name, name_width, width), width) for name in names)]


def _metric_line(detail: Detail, name: str, name_width: int, width: int) -> Line:
    glyphs = detail.glyphs
    metric = detail.row.metrics[name]
    before = detail.against.metrics.get(name) if detail.against else None
    decimals = decimals_of([metric.value, before.value if before else None])
    star = f" {glyphs.star}" if metric.meaning.primary else ""
    shown = padded(cut(glyphs.data(name), name_width - len(star)) + star, name_width)
    value = Span(padded(metric_value(metric.value, decimals, glyphs) or "null", 11, right=True))
    unit = dim(f" {glyphs.data(metric.meaning.unit)}") if metric.meaning.unit else Span("")
    if before is None:
        return line(shown, value, unit)
    delta = metric_delta(name, before, metric)
    tone = judgement_tone(delta.judgement)
    absolute = "" if delta.absolute is None else number(delta.absolute, decimals, sign=True, glyphs=glyphs)
    return line(
        shown,
        value,
        Span(f" {glyphs.judgement[delta.judgement]} ", tone),
        Span(padded(absolute, 8, right=True), tone),
        dim(padded(percent(delta.relative, glyphs), 10, right=True) if width >= _PERCENT_FROM else ""),
        unit,
    )


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
    path_width = max(12, width - 32)
    lines = [fitted((dim(padded("FILE", path_width) + padded("SIZE", 8, right=True) + "  SHA256    STEP"),), width)]
    lines += [
        fitted(
            line(
                padded(cut_start(glyphs.data(artifact.path), path_width - 1), path_width),
                padded(size(artifact.size, glyphs), 8, right=True),
                dim(f"  {short_digest(artifact.sha256, glyphs):8}  {glyphs.data(artifact.step or '')}"),
            ),
            width,
        )
        for artifact in artifacts
    ]
    return lines


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
