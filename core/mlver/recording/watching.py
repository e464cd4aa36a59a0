"""Looks over the shoulder of a run that is being recorded: what its curves have come to. Nothing is changed by it."""

from __future__ import annotations

import csv
import io
import math
import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from mlver.model.curve import Curve
from mlver.model.live import Live, total_of
from mlver.model.manifest import Manifest
from mlver.recording.history import axis_of, history_points
from mlver.recording.locking import recorder_of
from mlver.store.repository import Repository

_HEAD_BYTES, _TAIL_BYTES = 64 << 10, 256 << 10
"""Of a history: its heads, and the newest points."""
_MOST_FILES = 200
_MOST_CURVES = 1000


def watch(repository: Repository, manifest: Manifest) -> Live | None:
    """What a run under way has written of its curves; without any when it has written none. None: nobody records it.

    `manifest` is that of its draft. A file that is left over from an earlier run is none of this one's; a line that is
    half written is left for the next look.
    """
    holder = recorder_of(repository, manifest.run) if manifest.run else None
    if holder is None:
        return None
    if not (manifest.history and holder.folder):
        return Live()
    path = manifest.from_top(manifest.history)
    ends = _newest(Path(holder.folder), path, holder.since or math.inf)
    return _live(ends, manifest) if ends else Live()


class _Ends(Struct, frozen=True):
    """The first line of a file and its last ones."""

    head: str
    tail: str
    is_whole: bool
    """There is nothing between them."""


def _newest(folder: Path, pattern: str, since: float) -> _Ends | None:
    """The newest file of the pattern that was written since the run began."""
    is_pattern = any(mark in pattern for mark in "*?[")
    try:
        paths = list(islice(folder.glob(pattern), _MOST_FILES)) if is_pattern else [folder / pattern]
        inside = [path for path in paths if path.resolve().is_relative_to(folder.resolve())]
        written = [(path.stat().st_mtime, path) for path in inside if path.exists()]
    except (OSError, ValueError):
        return None
    moment, path = max(written, default=(-math.inf, folder))
    return _ends(path) if moment >= since else None


def _ends(path: Path) -> _Ends | None:
    try:
        # What a training put there may be a pipe, which would never let go of its reader.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return None
        try:
            head = file.readline(_HEAD_BYTES)
            start = max(len(head), status.st_size - _TAIL_BYTES)
            file.seek(start)
            tail = file.read(_TAIL_BYTES)
        except OSError:
            return None
    if start > len(head):
        tail = tail[tail.find(b"\n") + 1 :]
    whole_lines = tail[: tail.rfind(b"\n") + 1]
    return _Ends(head.decode("utf-8-sig", "replace"), whole_lines.decode("utf-8", "replace"), start == len(head))


def _live(ends: _Ends, manifest: Manifest) -> Live:
    axis = axis_of(next(_table(ends.head), []))
    if axis is None and not ends.is_whole:
        return Live()  # rows count from the first one, which is out of sight
    counted = "epoch" if axis == "epoch" else "step"
    curves = _curves(list(_table(ends.head + ends.tail)))
    return Live(curves=curves, axis=counted, total=total_of(manifest.params, counted))


def _table(text: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""))
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:
            continue  # a line that is no text, a cell beyond the limit


def _curves(table: list[list[str]]) -> tuple[Curve, ...]:
    points: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    for point in history_points(table):
        name = point.metric, point.context
        try:
            at, number = float(point.step), float(point.value)
        except ValueError:
            continue
        if math.isfinite(at) and (len(points) < _MOST_CURVES or name in points):
            steps, values = points.setdefault(name, ([], []))
            steps.append(at)
            values.append(number)
    return tuple(
        Curve(metric=metric, context=context, steps=tuple(steps), values=tuple(values))
        for (metric, context), (steps, values) in points.items()
    )
