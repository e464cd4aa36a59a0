"""Tells how far the comparison of a large file is, by what was read of both sides."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from mlver.comparing.chunk_pairs import CHUNK
from mlver.formats.blob import Blob, Pair
from mlver.progress import Progress, Report

LONG = 64 << 20
"""Bytes from which on how much of a file was read is told, beside how many files were compared."""


def watched(path: str, before: Path | bytes, after: Path | bytes, report: Report) -> Pair:
    """Both contents; reading them is reported where there is much to read."""
    total = sum(side.stat().st_size for side in (before, after) if isinstance(side, Path) and side.is_file())
    if total < LONG:
        return Pair(path=path, before=Blob(before), after=Blob(after), report=report)
    read = count()
    step = max(1, total // CHUNK // 100)

    def watch(_bytes: int) -> None:
        if (chunks := next(read)) % step == 0:
            # Parts are read twice where they differ: never beyond the end.
            report(Progress(doing=f"comparing {path}", done=min(chunks * CHUNK, total), total=total))

    return Pair(path=path, before=Blob(before, watch), after=Blob(after, watch), report=report)
