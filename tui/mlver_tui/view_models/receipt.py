"""The receipt of a version: what made it and what came out, at one glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from mlver.model.data import Data
from mlver.model.manifest import Manifest, Status
from mlver.model.noise import NoisePatterns
from mlver.model.replay import ReplayRecord
from mlver.model.version import Agreement, Version, VersionRow
from mlver_tui.view_models.detail import Detail
from mlver_tui.view_models.fields import Field, one_column, two_columns
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.ledger_lines import stages_line
from mlver_tui.view_models.numbers import ago, count, decimals_of, memory, metric_value, size
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.told import Told, told_line
from mlver_tui.view_models.values import short_digest, value_text
from mlver_tui.view_models.version_rows import replay_span

TWO_COLUMNS_FROM = 70
LEFT_SHARE = 0.57
SHOWN_PARAMS = 3
_UNCUT = 1 << 20
"""Cells: more than any value has."""
_TELLING_PACKAGES = ("torch", "tensorflow", "jax", "scikit-learn", "xgboost", "lightgbm", "transformers", "numpy")


def receipt_lines(detail: Detail, width: int) -> list[Line]:
    """The receipt in two columns, or in one below 70 cells."""
    left, right = receipt_fields(detail)
    if width >= TWO_COLUMNS_FROM:
        return two_columns(left, right, width, left_width=int(width * LEFT_SHARE))
    # Where there is one column there is height: metrics and files follow as tables.
    fields = [field for field in (*left, *right) if field.label not in {"metrics", "files"}]
    return one_column(fields, width)


def receipt_fields(detail: Detail) -> tuple[list[Field], list[Field]]:
    """The fields of both columns: the story on the left, identities on the right."""
    row, version, replays, glyphs = detail.row, detail.version, detail.replays, detail.glyphs
    if row.is_broken:
        problem = glyphs.data(row.problem or "the manifest cannot be read")
        return [
            Field("broken", line(Span(problem, Tone.WARNING))),
            Field("ref", line(glyphs.data(row.ref))),
            Field("commit", line(row.commit[:12])),
        ], []
    left = [Field("why", _why(row, glyphs))]
    right = [Field("by", line(glyphs.data(row.author or "?"), dim(f", {ago(row.created, detail.now)}")))]
    if row.status is not Status.DONE:
        left.append(Field("status", _status(row, glyphs)))
    if row.stages:
        left.append(Field("stage", stages_line(row, detail.events, detail.now, glyphs)))
    if others := [name for name in row.names if name != row.name]:
        right.append(Field("also", line("  ".join(map(glyphs.data, others)))))
    right.append(Field("recipe", line(short_digest(row.recipe, glyphs))))
    right.append(Field("result", line(short_digest(row.result, glyphs))))
    if version is not None:
        manifest = version.manifest
        left += [
            Field("code", _code(manifest, glyphs)),
            Field("data", _data(manifest, glyphs)),
            _params(manifest, glyphs),
            Field("seeds", _pairs(manifest.seeds, glyphs)),
        ]
        right += [
            Field("env", _environment(version, glyphs)),
            _host(manifest, glyphs),
            Field("files", _files(manifest, glyphs)),
        ]
    left.append(Field("replay", _replay(row, replays, glyphs)))
    left.append(_metrics(row, glyphs))
    right.append(Field("run", line(glyphs.data(row.run or "?"))))
    return left, right


def _why(row: VersionRow, glyphs: Glyphs) -> Line:
    return line(bright(glyphs.remark(row.title) if row.title else glyphs.data(row.reason or "")))


def _status(row: VersionRow, glyphs: Glyphs) -> Line:
    problem = f": {glyphs.data(row.problem)}" if row.problem else ""
    return line(Span(row.status.value + problem, Tone.WARNING))


def _code(manifest: Manifest, glyphs: Glyphs) -> Line:
    code = manifest.code
    commit = glyphs.data(code.commit[:8]) if code.commit else "no commit"
    branch = f" on {glyphs.data(code.branch)}" if code.branch else ""
    states = {True: Span("dirty", Tone.WARNING), False: Span("clean"), None: dim("?")}
    left_out = dim(f", {len(code.untracked)} files left out") if code.untracked else ""
    return line(commit + branch + ", ", states[code.dirty], left_out)


def _data(manifest: Manifest, glyphs: Glyphs) -> Line:
    if not manifest.data:
        return line(dim("none declared"))
    shown = [
        f"{glyphs.data(data.name)} "
        + (f"{count(data.rows, glyphs)} rows" if data.rows is not None else size(data.size, glyphs))
        for data in manifest.data
    ]
    return line("  ".join(shown))


def _of_parts(label: str, parts: Sequence[Line], more: int = 0) -> Field:
    """A field whose value is a few things: as many as there is room for, and how many there are besides."""
    told = [Told(name=part, stands_close=True) for part in parts]
    value = told_line(told, more, _UNCUT, "")
    return Field(label, value, lambda room: told_line(told, more, room, ""))


def _params(manifest: Manifest, glyphs: Glyphs) -> Field:
    leaves = _telling_first(param_leaves(manifest.params), manifest.ignore)
    if not leaves:
        return Field("params", line(dim("none")))
    parts = [
        line(f"{glyphs.data(key.rpartition('.')[2])} {value_text(value, glyphs)}")
        for key, value in leaves[:SHOWN_PARAMS]
    ]
    return _of_parts("params", parts, len(leaves) - len(parts))


def _telling_first(leaves: Iterable[tuple[str, Data]], ignore: tuple[str, ...]) -> list[tuple[str, Data]]:
    """What is noise in comparisons goes last: the few that are shown should tell versions apart."""
    noise = NoisePatterns(ignore)
    return sorted(leaves, key=lambda leaf: noise.match(tuple(leaf[0].split("."))))


def param_leaves(params: Mapping[str, Data], prefix: str = "") -> Iterable[tuple[str, Data]]:
    """Dotted key and value of every leaf, in the order written; lists and empty maps are leaves here."""
    for key, value in params.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from param_leaves(value, f"{path}.")
        else:
            yield path, value


def _pairs(values: Mapping[str, Data], glyphs: Glyphs) -> Line:
    if not values:
        return line(Span("no seed is set", Tone.WARNING))
    return line("  ".join(f"{glyphs.data(key)} {value_text(value, glyphs)}" for key, value in values.items()))


def _environment(version: Version, glyphs: Glyphs) -> Line:
    python = version.manifest.environment.python
    packages = version.packages or {}
    telling = next((name for name in _TELLING_PACKAGES if name in packages), None)
    shown = f"  {telling} {glyphs.data(packages[telling])}" if telling else ""
    return line(f"Python {glyphs.data(python) if python else '?'}{shown}")


def _host(manifest: Manifest, glyphs: Glyphs) -> Field:
    hardware = manifest.hardware
    parts = [glyphs.data(manifest.host or "?")]
    if hardware.cores:
        parts.append(f"{hardware.cores} cores")
    gpu = f"{len(hardware.gpus)} GPU" if hardware.gpus else "no GPU"
    ram = [memory(hardware.ram_bytes)] if hardware.ram_bytes else []
    # The memory is what decides least.
    return Field("host", line(", ".join([*parts, *ram, gpu])), lambda _room: line(", ".join([*parts, gpu])))


def _files(manifest: Manifest, glyphs: Glyphs) -> Line:
    if not manifest.artifacts:
        return line(dim("none"))
    total = sum(artifact.size or 0 for artifact in manifest.artifacts)
    return line(f"{len(manifest.artifacts)}, {size(total, glyphs)}")


def _replay(row: VersionRow, replays: Sequence[ReplayRecord], glyphs: Glyphs) -> Line:
    if row.replay is None:
        return line(dim("? never replayed"))
    said = agreement_words(row.replay.agreement)
    mark = replay_span(row.replay, glyphs)
    hosts = {record.host for record in replays if record.host and record.agreement is row.replay.agreement}
    on = f" on {len(hosts)} host{'s' if len(hosts) > 1 else ''}" if hosts else ""
    return line(Span(mark.text[0], mark.tone), f" {said} {glyphs.times}{row.replay.count}{on}")


def agreement_words(agreement: Agreement) -> str:
    """How close a replay came, in words."""
    words = {Agreement.IDENTICAL: "identical bytes", Agreement.CONTENT: "identical content"}
    return words.get(agreement, agreement.value)


def _metrics(row: VersionRow, glyphs: Glyphs) -> Field:
    if not row.metrics:
        return Field("metrics", line(dim("none")))
    parts = []
    for name in sorted(row.metrics, key=lambda name: name != row.primary):
        value = row.metrics[name].value
        shown = metric_value(value, decimals_of([value]), glyphs) or "null"
        parts.append(line(dim(f"{glyphs.data(name)} "), shown))
    return _of_parts("metrics", parts)


def epoch_of(moment: str | None) -> float | None:
    """Seconds since the epoch of an ISO 8601 text; None where it is none."""
    if not moment:
        return None
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return None
