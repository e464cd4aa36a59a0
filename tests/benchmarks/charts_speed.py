"""How long long curves take to be charted, and what a key of the cursor costs; run it, it prints a table.

    python tests/benchmarks/charts_speed.py [POINTS]

Five versions, processor time, the best of three.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Callable

from msgspec.structs import replace

from mlver.model.curve import Curve
from mlver_tui.charts import ChartLook, draw_chart, series_of
from mlver_tui.view_models.chart import Chart
from mlver_tui.view_models.charting import Charting
from tests.support.explorer import digits_rows

VERSIONS, COLUMNS, ROWS = 5, 140, 30
ROUNDS = 3


def main() -> None:
    """Print what is done and how many milliseconds it takes."""
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    charting = charted(points)
    smooth = replace(charting, weight=0.6)
    chart, smoothed = made(charting), made(smooth)
    middle = chart.stops.nearest(points / 2)
    tasks: list[tuple[str, Callable[[], object]]] = [
        ("make it ready", lambda: made(charting)),
        ("draw it", lambda: draw(chart)),
        ("make it ready, smoothed", lambda: made(smooth)),
        ("draw it, the raw curves behind", lambda: draw(smoothed)),
        ("draw a hundredth of the axis", lambda: draw(chart, (middle, middle + points / 100))),
        ("a step of the cursor and its values", lambda: chart.lines(chart.stops.after(middle), COLUMNS)),
    ]
    print(f"{VERSIONS} curves of {points} points    ms")
    for name, task in tasks:
        print(f"{name:36} {best(task) * 1000:8.1f}")


def charted(points: int) -> Charting:
    """Noisy curves that fall."""
    rows = digits_rows()[:VERSIONS]
    random.seed(1)
    charting = Charting.of(rows, rows)
    for place, row in enumerate(rows):
        steps = tuple(map(float, range(points)))
        values = tuple(math.exp(-5 * n / points) + place / 10 + random.random() / 20 for n in range(points))
        charting = charting.with_curves(row.key, (Curve(metric="loss", steps=steps, values=values),))
    return charting


def made(charting: Charting) -> Chart:
    """The chart, ready to be drawn and asked."""
    chart = charting.chart(now=0.0)
    assert chart
    return chart


def draw(chart: Chart, x_range: tuple[float, float] | None = None) -> str:
    """The chart as text."""
    look = replace(ChartLook.of(chart.axes, columns=COLUMNS, rows=ROWS), x_range=x_range)
    return draw_chart([series_of(trace, {}, is_ascii=False) for trace in chart.traces], look).text


def best(task: Callable[[], object]) -> float:
    """Seconds of processor time."""
    task()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
