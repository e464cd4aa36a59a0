"""How long the lanes of many versions take, and a line of them: run it with `python tests/benchmarks/lineage_speed.py`.

The lanes are laid out by a worker; what a key waits for is the lines it draws.
"""

from __future__ import annotations

import random
import time

from msgspec.structs import replace

from mlver.model.version import VersionRow
from mlver_tui.view_models.lineage import lineage_table
from tests.support.explorer import NOW, digits_rows

COUNT, LINES = 10_000, 40
SHAPES = ("one after another", "any earlier one", "all of one", "500 beside each other")


def many(shape: str) -> list[VersionRow]:
    """Versions of one shape of history, the newest first."""
    choose, model = random.Random(1), digits_rows()[0]

    def parent(number: int) -> int:
        chosen = {"one after another": number - 1, "any earlier one": choose.randrange(number), "all of one": 0}
        return chosen.get(shape, max(0, number - 500))

    return [
        replace(
            model,
            key=f"k{number}",
            created=NOW - COUNT + number,
            parent=f"k{parent(number)}" if number else None,
        )
        for number in range(COUNT)
    ][::-1]


def main() -> None:
    """Lay out each shape and draw a screen of it."""
    for shape in SHAPES:
        rows = many(shape)
        find = {row.key: row for row in rows}.get
        start = time.perf_counter()
        view = lineage_table(rows, find=find, now=NOW)
        made = time.perf_counter()
        for index in range(COUNT // 2, COUNT // 2 + LINES):
            view.line(index, 140)
        drawn = time.perf_counter()
        each = (drawn - made) / LINES * 1e6
        print(f"{shape:24} {COUNT} laid out in {(made - start) * 1e3:4.0f} ms, a line {each:4.0f} µs")


if __name__ == "__main__":
    main()
