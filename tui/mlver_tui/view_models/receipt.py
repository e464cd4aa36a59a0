"""The receipt of a version: what made it and what came out, at one glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from mlver.model.noise import NoisePatterns
from mlver.model.source_names import MLFLOW
from mlver.model.status import Status
from mlver.model.version import Agreement, Version, VersionRow
from mlver_tui.view_models.fields import Field, one_column, two_columns, whole_fields
from mlver_tui.view_models.ledger_lines import stages_line
from mlver_tui.view_models.live_lines import running_line
from mlver_tui.view_models.nesting import is_nested
from mlver_tui.view_models.note_lines import notes_line
from mlver_tui.view_models.numbers import ago, amount, decimals_of, memory, metric_value, size
from mlver_tui.view_models.origin import is_recorded, note_lines, origin_line
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.told import Told, told_line
from mlver_tui.view_models.values import short_digest, value_text
from mlver_tui.view_models.version_rows import replay_span, shown_name

if TYPE_CHECKING:
    from mlver.model.data import Data
    from mlver.model.manifest import DataFacts, Manifest
    from mlver.model.replay import ReplayRecord
    from mlver_tui.view_models.detail import Detail
    from mlver_tui.view_models.glyphs import Glyphs

TWO_COLUMNS_FROM = 70
LEFT_SHARE = 0.57
SHOWN_PARAMS = 3
SHOWN_NOTES = 3
"""Lines."""
_UNCUT = 1 << 20
"""Cells: more than any value has."""
_TELLING_PACKAGES = ("torch", "tensorflow", "jax", "scikit-learn", "xgboost", "lightgbm", "transformers", "numpy")


def receipt_lines(detail: Detail, width: int) -> list[Line]:
    """The receipt in two columns, or in one below 70 cells."""
    return receipt_in_columns(detail, width) if width >= TWO_COLUMNS_FROM else receipt_in_one_column(detail, width)


def receipt_in_columns(detail: Detail, width: int) -> list[Line]:
    """The receipt in two columns; above it what could not be read."""
    left, right = receipt_fields(detail)
    return [*_notes_above(detail, width), *two_columns(left, right, width, left_width=int(width * LEFT_SHARE))]


def receipt_in_one_column(detail: Detail, width: int) -> list[Line]:
    """The receipt of a pane with height: metrics and files are left to the tables that follow."""
    fields = [field for part in receipt_fields(detail) for field in part if field.label not in {"metrics", "files"}]
    return [*_notes_above(detail, width), *one_column(fields, width)]


def _notes_above(detail: Detail, width: int) -> list[Line]:
    return _first_notes(note_lines(detail.row, detail.version, width, detail.glyphs))


def whole_receipt_lines(detail: Detail, width: int) -> list[Line]:
    """The receipt where there is room for all of it."""
    left, right = receipt_fields(detail)
    return [*note_lines(detail.row, detail.version, width, detail.glyphs), *whole_fields([*left, *right], width)]


def _first_notes(lines: list[Line]) -> list[Line]:
    more = len(lines) - SHOWN_NOTES
    return (
        [*lines[:SHOWN_NOTES], line(dim(f"  +{amount(more, 'line')} more, all in mlver show"))] if more > 0 else lines
    )


def receipt_fields(detail: Detail) -> tuple[list[Field], list[Field]]:
    """The fields of both columns: the story on the left, identities on the right."""
    row, glyphs = detail.row, detail.glyphs
    if row.is_broken:
        return _broken(row, glyphs), []
    left, right = _story(detail), [Field("by", line(glyphs.data(row.author or "?"), dim(f", {_age(detail)}")))]
    # Short names first: a long one would leave no room to say that there are others.
    if others := sorted((name for name in row.names if name != row.name), key=len):
        right.append(_of_parts("also", [line(glyphs.data(name)) for name in others]))
    if is_recorded(row):
        right.append(Field("recipe", line(short_digest(row.recipe, glyphs))))
        right.append(Field("result", line(short_digest(row.result, glyphs))))
    if detail.version is not None:
        inputs, outcome = _recorded(detail.version, glyphs) if is_recorded(row) else _found(detail.version, glyphs)
        left, right = left + inputs, right + outcome
    if is_recorded(row) or row.replay:
        left.append(Field("replay", _replay(row, detail.replays, glyphs)))
    left.append(_metrics(row, glyphs))
    if not is_recorded(row) and detail.version and (unknown := _unknown(detail.version)):
        left.append(Field("unknown", line(dim(", ".join(unknown))), lambda room: _named(unknown, room)))
    return left, [*right, *_last(detail)]


def _last(detail: Detail) -> list[Field]:
    """What was said of it since, and its id, which nobody needs before the rest."""
    glyphs = detail.glyphs
    notes = detail.notes
    told = Field(
        "notes", notes_line(notes, detail.now, glyphs), lambda room: notes_line(notes, detail.now, glyphs, room)
    )
    said = [told] if notes.notes else []
    return [*said, Field("run", line(glyphs.data(detail.row.run or "?")))] if is_recorded(detail.row) else said


def _broken(row: VersionRow, glyphs: Glyphs) -> list[Field]:
    where = Field("ref", line(glyphs.data(row.ref))) if is_recorded(row) else Field("from", origin_line(row, glyphs))
    return [
        Field("broken", line(Span(glyphs.data(row.problem or "the manifest cannot be read"), Tone.WARNING))),
        where,
        Field("run" if row.source == MLFLOW else "commit", line(row.commit[:12])),
    ]


def _story(detail: Detail) -> list[Field]:
    """Why it was made, how it ended, what it is for, and who tells of it if not mlver."""
    row, glyphs = detail.row, detail.glyphs
    story = [Field("why", _why(row, glyphs))]
    if row.status is Status.FAILED and row.problem and is_recorded(row):
        # As a label: beside "failed: " the end of the reason had no room at 80 columns.
        story.append(Field("failed", line(Span(glyphs.data(row.problem), Tone.WARNING))))
    elif row.status is not Status.DONE:
        story.append(Field("status", _status(detail)))
    if row.status in {Status.FAILED, Status.INTERRUPTED} and is_recorded(row) and detail.log_key:
        story.append(Field("log", line(bright(detail.log_key), dim(" opens what it wrote"))))
    if row.stages:
        story.append(Field("stage", stages_line(row, detail.events, detail.now, glyphs)))
    if not is_recorded(row):
        story.append(Field("from", origin_line(row, glyphs), lambda room: origin_line(row, glyphs, room)))
    if is_nested(row) and detail.nested_in:
        story.append(Field("in", line(dim("nested in "), shown_name(detail.nested_in, glyphs))))
    if detail.nested:
        story.append(Field("inside", line(f"{amount(len(detail.nested), 'run', glyphs)} nested in it")))
    return story


def _recorded(version: Version, glyphs: Glyphs) -> tuple[list[Field], list[Field]]:
    """What mlver recorded: where it found nothing, there was nothing."""
    manifest = version.manifest
    return [
        Field("code", _code(manifest, glyphs)),
        Field("data", _data(manifest, glyphs)),
        _params(manifest, glyphs),
        Field("seeds", _pairs(manifest.seeds, glyphs)),
    ], [Field("env", _environment(version, glyphs)), _host(manifest, glyphs), Field("files", _files(manifest, glyphs))]


def _found(version: Version, glyphs: Glyphs) -> tuple[list[Field], list[Field]]:
    """What another tool's files say: what they do not say is not known, which is no field of its own."""
    manifest = version.manifest
    inputs = [
        Field("code", _commit(manifest, glyphs)) if manifest.code.commit else None,
        Field("data", _data(manifest, glyphs)) if _known_data(manifest) else None,
        _params(manifest, glyphs) if manifest.params else None,
        Field("seeds", _pairs(manifest.seeds, glyphs)) if manifest.seeds else None,
    ]
    outcome = [
        Field("env", _environment(version, glyphs)) if knows_environment(version) else None,
        _host(manifest, glyphs) if manifest.host or knows_hardware(manifest) else None,
        Field("files", _files(manifest, glyphs)) if manifest.artifacts else None,
    ]
    return [field for field in inputs if field], [field for field in outcome if field]


def _named(names: Sequence[str], room: int) -> Line:
    return told_line([Told(name=line(dim(name)), stands_close=True) for name in names], 0, room, "")


def _unknown(version: Version) -> list[str]:
    """The inputs that nothing is known of, named once."""
    manifest = version.manifest
    known = {
        "code": bool(manifest.code.commit),
        "data": bool(_known_data(manifest)),
        "params": bool(manifest.params),
        "environment": knows_environment(version),
        "hardware": knows_hardware(manifest),
        "seeds": bool(manifest.seeds),
    }
    return [name for name, is_known in known.items() if not is_known]


def _known_data(manifest: Manifest) -> tuple[DataFacts, ...]:
    # What answers it is not there before the first rows, and they need not wait for it.
    from mlver.project import known_data

    return known_data(manifest)


def knows_environment(version: Version) -> bool:
    """Whether anything is known of the software it ran in."""
    environment = version.manifest.environment
    # The class by its instance: manifests are read after the first rows are shown, and not loaded before.
    return environment != type(environment)() or version.packages is not None


def knows_hardware(manifest: Manifest) -> bool:
    """Whether anything is known of the machine it ran on."""
    return manifest.hardware != type(manifest.hardware)()


def _age(detail: Detail) -> str:
    return ago(detail.row.created, detail.now)


def _why(row: VersionRow, glyphs: Glyphs) -> Line:
    return line(bright(glyphs.remark(row.title) if row.title else glyphs.data(row.reason or "")))


def _status(detail: Detail) -> Line:
    row, glyphs = detail.row, detail.glyphs
    if detail.running and detail.running.value:
        return line(Span(f"{glyphs.running} ", Tone.ACCENT), *running_line(detail.running, glyphs))
    if row.is_running:
        return line(Span(f"{glyphs.running} ", Tone.ACCENT), "being recorded", dim(", nothing measured yet"))
    if row.status is Status.RUNNING:
        # A store says so for ever when a process died: it is said whose word that is.
        return line(f"running since {_age(detail).removesuffix(' ago')}", dim(f", says {row.source}"))
    # What is wrong with a version of another tool stands above the receipt, among its notes.
    problem = f": {glyphs.data(row.problem)}" if row.problem and is_recorded(row) else ""
    return line(Span(row.status.value + problem, Tone.WARNING))


def _code(manifest: Manifest, glyphs: Glyphs) -> Line:
    code = manifest.code
    states = {True: Span("dirty", Tone.WARNING), False: Span("clean"), None: dim("?")}
    left_out = dim(f", {amount(len(code.untracked), 'file', glyphs)} left out") if code.untracked else ""
    return line(*_commit(manifest, glyphs), ", ", states[code.dirty], left_out)


def _commit(manifest: Manifest, glyphs: Glyphs) -> Line:
    code = manifest.code
    commit = glyphs.data(code.commit[:8]) if code.commit else "no commit"
    return line(commit + (f" on {glyphs.data(code.branch)}" if code.branch else ""))


def _data(manifest: Manifest, glyphs: Glyphs) -> Line:
    known = _known_data(manifest)
    if not known:
        return line(dim("none declared"))
    return line("  ".join(f"{glyphs.data(data.name)} {_amount(data, glyphs)}".rstrip() for data in known))


def _amount(data: DataFacts, glyphs: Glyphs) -> str:
    if data.rows is not None:
        return amount(data.rows, "row", glyphs)
    if data.size is not None:
        return size(data.size, glyphs)
    return amount(data.files, "file", glyphs) if data.files is not None else ""


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
    environment = version.manifest.environment
    packages = version.packages or {}
    telling = next((name for name in _TELLING_PACKAGES if name in packages), None)
    parts = [
        f"Python {glyphs.data(environment.python or '?')}" if environment.python or is_recorded(version.row) else "",
        f"{telling} {glyphs.data(packages[telling])}" if telling else "",
        glyphs.data(environment.lock.path) if environment.lock and not is_recorded(version.row) else "",
    ]
    return line("  ".join(filter(None, parts)))


def _host(manifest: Manifest, glyphs: Glyphs) -> Field:
    hardware = manifest.hardware
    if not knows_hardware(manifest):
        return Field("host", line(glyphs.data(manifest.host or "?")))
    parts = [glyphs.data(manifest.host or "?")]
    if hardware.cores:
        parts.append(amount(hardware.cores, "core"))
    gpu = f"{len(hardware.gpus)} GPU" if hardware.gpus else "no GPU"
    ram = [memory(hardware.ram_bytes)] if hardware.ram_bytes else []
    # The memory is what decides least.
    return Field("host", line(", ".join([*parts, *ram, gpu])), lambda _room: line(", ".join([*parts, gpu])))


def _files(manifest: Manifest, glyphs: Glyphs) -> Line:
    if not manifest.artifacts:
        return line(dim("none"))
    sizes = [artifact.size for artifact in manifest.artifacts if artifact.size is not None]
    counted = sum(artifact.files or 1 for artifact in manifest.artifacts)
    unsized = len(manifest.artifacts) - len(sizes)
    total = f", {size(sum(sizes), glyphs)}" if sizes else ""
    return line(f"{counted}{total}", dim(f", {unsized} of unknown size") if unsized else "")


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
