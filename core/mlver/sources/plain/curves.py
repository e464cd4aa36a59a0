"""Curves that trainings leave beside their results: Lightning, DVCLive, Keras, Hugging Face, and plain tables."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from msgspec.structs import replace

from mlver.documents.json_reading import read_json
from mlver.errors import DocumentInvalid, MlverError
from mlver.model.curve import EPOCH_COLUMN, TIME_COLUMNS, Curve, axis_of, moments_of
from mlver.model.data import Data
from mlver.model.roles import Role, role_of
from mlver.sources.commits import Commits
from mlver.sources.plain.blobs import content_of

MOST_FILES = 200
"""Files that are read for one version; DVCLive has one per metric."""

_LIMIT = 64 << 20
_LIGHTNING = re.compile(r"(?P<root>(?:.*/)?)version_(?P<number>\d+)/metrics\.csv")
_LIVE = re.compile(r"(?:.*/)?plots/metrics/(?P<metric>.+)\.tsv")
_STATE = "trainer_state.json"
_STEPS = ("step", "iteration", "iter", "global_step", "epoch")
_AXES = (*_STEPS, "timestamp", "time")
"""Columns that say when, not what was measured."""


def curves_in(commits: Commits, commit_id: str, files: Iterable[str]) -> tuple[Curve, ...]:
    """The curves of those of the files, by path, whose name or columns say that they hold some.

    A metric that more than one file has is `file:metric`. A table without a column of steps holds none; a file that
    cannot be read is left out, unless none can: then its DocumentInvalid, or ObjectMissing, is raised.
    """
    paths = _chosen([path for path in files if _may_hold_curves(path)])
    found: dict[str, tuple[Curve, ...]] = {}
    failures: list[MlverError] = []
    for path in paths[:MOST_FILES]:
        try:
            found[path] = _curves_of(commits, commit_id, path)
        except MlverError as error:
            failures.append(error)
    if failures and not any(found.values()):
        raise failures[0].with_traceback(None)
    return _told_apart(found)


def history_in(commits: Commits, commit_id: str, path: str) -> tuple[Curve, ...]:
    """The curves of the one file that a project file names, as a run of it records them; none when it is not in git.

    Raises DocumentInvalid, ObjectMissing, LimitReached.
    """
    from mlver.comparing.curves import read_history

    content = _content(commits, commit_id, path)
    return () if content is None else read_history(content, name=path)


def is_json_lines(content: bytes) -> bool:
    """Whether a file holds one JSON object per line, as Detectron2 and MMEngine log."""
    first, _, rest = content.lstrip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _may_hold_curves(path: str) -> bool:
    role = role_of(path)
    return role in {Role.CURVES, Role.TABLE} or (role is Role.METRICS and path.lower().endswith(".json"))


def _chosen(paths: list[str]) -> list[str]:
    """Of a Lightning folder the newest of its runs alone, and of a training's checkpoints the last."""
    newest: dict[str, tuple[int, str]] = {}
    kept = []
    for path in paths:
        family, number = _run_of(path)
        if family is None:
            kept.append(path)
        elif family not in newest or number >= newest[family][0]:
            newest[family] = (number, path)
    return sorted([*kept, *(path for _, path in newest.values())])


_CHECKPOINT = re.compile(r"(?P<root>(?:.*/)?)checkpoint-(?P<number>\d+)/trainer_state\.json")


def _run_of(path: str) -> tuple[str | None, int]:
    """Which runs of one training the file is among, and its number there."""
    for kind in (_LIGHTNING, _CHECKPOINT):
        match = kind.fullmatch(path)
        if match:
            return f"{kind.pattern}{match['root']}", int(match["number"][:18])
    return None, 0


def _curves_of(commits: Commits, commit_id: str, path: str) -> tuple[Curve, ...]:
    content = _content(commits, commit_id, path)
    return () if content is None else _reader(path)(content, path)


def _content(commits: Commits, commit_id: str, path: str) -> bytes | None:
    entry = commits.repository.entry(commit_id, path)
    if entry is None or entry.is_tree or entry.is_submodule or entry.is_link:
        return None
    return content_of(commits, entry.id, path, _LIMIT)


def _reader(path: str) -> Callable[[bytes, str], tuple[Curve, ...]]:
    if PurePosixPath(path).name == _STATE:
        return _trainer_state
    if path.lower().endswith(".json"):
        return _json_lines
    return _live if _LIVE.fullmatch(path) else _table


def _table(content: bytes, path: str) -> tuple[Curve, ...]:
    from mlver.comparing.curves import STEP_COLUMNS, read_history

    head = content.partition(b"\n")[0].decode("utf-8-sig", "replace")
    if not {column.strip().strip('"').lower() for column in head.split(",")} & set(STEP_COLUMNS):
        return ()  # a table of something else
    return _folded(read_history(content, name=path))


def _live(content: bytes, path: str) -> tuple[Curve, ...]:
    """DVCLive's table of one metric, which is named by its path."""
    from mlver.comparing.curves import read_history

    match = _LIVE.fullmatch(path)
    assert match
    # Its cells are numbers and no commas, so that commas can stand for tabs.
    curves = read_history(content.replace(b"\t", b","), name=path)
    return tuple(replace(curve, metric=match["metric"]) for curve in curves if curve.metric.lower() not in _AXES)


def _folded(curves: tuple[Curve, ...]) -> tuple[Curve, ...]:
    """Without the axes; Lightning's `loss_step` and `loss_epoch` are one metric, `loss`.

    Where it has both, the curve over single steps has the context `step`.
    """
    curves = tuple(curve for curve in curves if curve.metric.lower() not in _AXES)
    names = {curve.metric for curve in curves}
    return tuple(_fold(curve, names) for curve in curves)


def _fold(curve: Curve, names: set[str]) -> Curve:
    stem, _, kind = curve.metric.rpartition("_")
    if not stem or kind not in {"step", "epoch"} or stem in names:
        return curve
    has_both = f"{stem}_epoch" in names and kind == "step"
    return replace(curve, metric=stem, context="step" if has_both else curve.context)


def _trainer_state(content: bytes, path: str) -> tuple[Curve, ...]:
    """Hugging Face's `log_history`; its last entry, which sums up the training, is no point of a curve."""
    data = read_json(content, name=path).data
    entries = data.get("log_history") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise DocumentInvalid("holds no list log_history", name=path)
    return _curves_of_entries(entry for entry in entries if isinstance(entry, dict) and "train_runtime" not in entry)


def _json_lines(content: bytes, path: str) -> tuple[Curve, ...]:
    """Entries line by line; any other JSON holds no curves. A last line that was cut off is left out."""
    if not is_json_lines(content):
        return ()
    entries = []
    for line in content.splitlines():
        try:
            data = read_json(line, name=path).data if line.strip() else None
        except DocumentInvalid:
            continue
        if isinstance(data, dict):
            entries.append(data)
    return _curves_of_entries(entries)


def _curves_of_entries(entries: Iterable[Mapping[str, Data]]) -> tuple[Curve, ...]:
    """One curve per key that has numbers, over the step of the entries."""
    points: dict[str, list[tuple[float, float, Mapping[str, Data]]]] = {}
    for entry in entries:
        step = next((number for axis in _STEPS if (number := _number(entry.get(axis))) is not None), None)
        if step is None or math.isnan(step):
            continue
        for metric, value in entry.items():
            number = _number(value)
            if number is not None and metric not in _AXES:
                points.setdefault(metric, []).append((step, number, entry))
    return tuple(
        Curve(
            metric=metric,
            steps=tuple(step for step, _, _ in found),
            values=tuple(value for _, value, _ in found),
            epochs=axis_of([_number(entry.get(EPOCH_COLUMN)) for _, _, entry in found]),
            times=moments_of([_moment(entry) for _, _, entry in found]),
        )
        for metric, found in points.items()
    )


def _moment(entry: Mapping[str, Data]) -> float | None:
    return next((_number(entry[name]) for name in TIME_COLUMNS if name in entry), None)


def _number(value: Data) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _told_apart(found: Mapping[str, tuple[Curve, ...]]) -> tuple[Curve, ...]:
    counts = Counter((curve.metric, curve.context) for curves in found.values() for curve in curves)
    return tuple(
        curve if counts[curve.metric, curve.context] == 1 else replace(curve, metric=f"{path}:{curve.metric}")
        for path, curves in found.items()
        for curve in curves
    )
