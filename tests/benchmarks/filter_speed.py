"""What a filter costs among many versions: asked of the rows, and a key typed in the explorer.

    python tests/benchmarks/filter_speed.py [VERSIONS]        10,000 unless told

Budget: bare words among 10,000 rows within 50 ms of processor time per key, the screen included.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from mlver.catalogue.stored import StoredMetrics
from mlver.model.data import Data
from mlver.model.filtering import Around
from mlver.model.version import Listing, Version, VersionRow
from mlver.query.filters import Filters
from mlver_tui.app import MlverApp
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import DAY, NOW
from tests.support.explorer_project import MemoryProject
from tests.support.screens import still

BUDGET_MS = 50.0
QUICK = (
    "scaling", "lr 0.1", 'ada "team=vision"', "metric.accuracy>=0.95", "parent.accuracy>0 -is:dirty",
    "is:worth age<30d", "tag:team | stage:production", "(lr or scaling) created>2026-01-01 not name:v1",
)  # fmt: skip
TYPED = "lr 0.1 rewrite"


def main() -> None:
    """Build, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rows = tuple(row_of(number, count) for number in range(count))
    by_key = {row.key: row for row in rows}
    params: dict[str, dict[str, Data]] = {
        row.key: {"optimiser": {"lr": 0.1, "name": "adam"}, "train": {"epochs": 40}} for row in rows
    }
    filters = Filters(lambda _rows: params, unreadable)
    around = Around(now=NOW, find=by_key.get)
    print(
        f"{count} versions; the slowest and the median of 5: the first one makes texts, and reads the JSON of metrics"
    )
    for words in (*QUICK, "param.optimiser.lr<=0.1"):
        times = [timed(partial(filters.matching, rows, words, around)) for _ in range(5)]
        print(f"  {max(times):7.1f} ms {statistics.median(times):7.1f} ms   {words}")
    keys = asyncio.run(typed(rows))
    slowest = max(keys)
    print(
        f"a key of {TYPED!r} in the explorer, drawn: median {statistics.median(keys):.1f} ms, slowest {slowest:.1f} ms"
    )
    print(f"budget {BUDGET_MS:.0f} ms: {'kept' if slowest <= BUDGET_MS else 'MISSED'}")


def row_of(number: int, count: int) -> VersionRow:
    """A row with all that real ones have."""
    digest = hashlib.sha256(b"%d" % number).hexdigest()
    titles = ("lr 0.1 → 0.03, +2 more", "scaling restored", "loader rewrite", "train +400 rows")
    metrics = (
        f'{{"accuracy":[{0.9 + number % 97 / 1000},"maximise",0.005,false,"",true],'
        f'"loss":[{number % 13 / 10},"minimise",2.0,true,"",false]}}'
    )
    return VersionRow(
        key=f"runs/digits/r{number:08x}-aaaaaa",
        source="native",
        ref=f"refs/mlver/runs/digits/r{number:08x}-aaaaaa",
        commit=digest[:40],
        model="digits",
        run=f"r{number:08x}-aaaaaa",
        name=f"{digest[:8]}.1",
        created=NOW - number * DAY / 24,
        author="Ada Example",
        title=titles[number % len(titles)],
        reason=f"try {number}" if number % 3 == 0 else None,
        recipe=f"sha256:{digest}",
        parent=f"runs/digits/r{number + 1:08x}-aaaaaa" if number + 1 < count else None,
        primary="accuracy",
        metrics=StoredMetrics(metrics),
        tags={"team": "vision", "gpu": True} if number % 2 else {},
        is_dirty=number % 11 == 0,
    )


def unreadable(row: VersionRow) -> Version:
    """Nothing here reads a version."""
    raise AssertionError(row.key)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    gc.collect()
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


async def typed(rows: tuple[VersionRow, ...]) -> list[float]:
    """Milliseconds of work for each key typed: the filter, the table, the whole screen drawn."""
    listing = Listing(rows=rows, is_current=True)
    app = MlverApp(MemoryProject(now=listing, remembered=listing), still())
    times = []
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.5)
        screen = app.screen
        assert isinstance(screen, VersionsScreen)
        await pilot.press("/")
        await pilot.pause(0.5)
        for end in range(1, len(TYPED) + 1):
            # A pilot's own waiting is far longer than the work of a key.
            started = time.process_time()
            screen._ask(TYPED[:end])
            screen._compositor.render_strips()
            times.append((time.process_time() - started) * 1000)
            await pilot.pause()
    return times


if __name__ == "__main__":
    main()
