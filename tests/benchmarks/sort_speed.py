"""What it costs to sort many versions in the explorer, screen drawn: the first time by a field, and each time after.

    python tests/benchmarks/sort_speed.py [VERSIONS]        10,000 unless told

Budget: 100 ms of processor time on the screen's thread for 10,000 versions (the median), by whatever they are sorted.
What must be read first (params, the JSON of metrics) is read by a worker and counted apart.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Iterable, Mapping

from mlver.model.data import Data
from mlver.model.version import Listing, VersionRow
from mlver_tui.app import MlverApp
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.view_models.version_fields import METRIC, NAME, NEWEST, of_metric, of_param
from tests.benchmarks.filter_speed import row_of
from tests.support.explorer_project import MemoryProject
from tests.support.screens import settled, still

BUDGET_MS = 100.0
ORDERS = (NEWEST, NAME, METRIC, of_metric("loss"), of_param("optimiser.lr"))
_TIMES = 9


class TriedProject(MemoryProject):
    """Every seventh version has the same learning rate."""

    def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
        return {row.key: {"optimiser": {"lr": 0.1 / (1 + place % 7)}} for place, row in enumerate(rows)}


def main() -> None:
    """Build, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    slowest = asyncio.run(_sorted(tuple(row_of(number, count) for number in range(count))))
    print(
        f"budget {BUDGET_MS:.0f} ms for 10,000: {'kept' if slowest <= BUDGET_MS * max(1, count / 10_000) else 'MISSED'}"
    )


async def _sorted(rows: tuple[VersionRow, ...]) -> float:
    listing = Listing(rows=rows, is_current=True)
    app = MlverApp(TriedProject(now=listing, remembered=listing), still())
    slowest = 0.0
    async with app.run_test(size=(140, 40)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, VersionsScreen)
        for order in ORDERS:
            started = time.process_time()
            screen.sort_by(order)
            await settled(pilot)
            whole = (time.process_time() - started) * 1000
            times = [_reversed_ms(screen) for _ in range(_TIMES)]
            median = statistics.median(times)
            slowest = max(slowest, median)
            first = f"{whole:6.0f} ms the first time, workers too"
            print(f"  {first}; then {median:4.0f} ms, slowest {max(times):4.0f} ms   {order}")
    return slowest


def _reversed_ms(screen: VersionsScreen) -> float:
    started = time.process_time()
    screen.do_reverse()
    screen._compositor.render_strips()
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    main()
