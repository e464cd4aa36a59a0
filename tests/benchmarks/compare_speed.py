"""What Compare costs with many changes: the outline, the rows, each key; a long text; a param among many versions.

    python tests/benchmarks/compare_speed.py [LEAVES] [LINES] [VERSIONS]        50,000, 50,000 and 10,000 unless told

Budget: a key takes at most 60 ms of processor time. What a worker does is told beside it: it may take longer.
"""

from __future__ import annotations

import asyncio
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable

from msgspec.structs import replace

from mlver.comparing.configs import compare_data
from mlver.comparing.param_history import param_history
from mlver.comparing.texts import WHOLE, unified_diff
from mlver.model.change import Change
from mlver.model.comparison import Comparison
from mlver.model.data import Data
from mlver.model.text_diff import TextDiff
from mlver_tui.app import MlverApp
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.explorer_screen import ExplorerScreen
from mlver_tui.screens.text import TextScreen
from mlver_tui.view_models.browsing import Pair
from mlver_tui.view_models.compared import compared_view
from mlver_tui.view_models.diff_rows import DiffText
from tests.support.explorer import digits_rows
from tests.support.explorer_project import MemoryProject
from tests.support.screens import settled, still

BUDGET_MS = 60.0
ON_A_TREE = (
    "down", "last", "first", "next-change", "previous-change", "all", "all", "flat", "flat", "fold-all", "unfold-all",
    "fold", "unfold", "side-by-side", "side-by-side",
)  # fmt: skip
ON_A_TEXT = (
    "down", "last", "first", "next-change", "previous-change", "all", "all", "side-by-side", "side-by-side", "wrap",
    "wrap", "more-context",
)  # fmt: skip


class ManyChanges(MemoryProject):
    """Two versions that differ in everything."""

    def __init__(self, leaves: int, lines: int) -> None:
        super().__init__()
        self.comparison = super().compare(*digits_rows()[:2])
        self.comparison = replace(self.comparison, params=many_params(leaves))
        self.text = many_lines(lines)

    def compare(self, *_asked: object, **_how: object) -> Comparison:
        return self.comparison

    def text_diff(self, *_asked: object, **_how: object) -> TextDiff:
        return self.text


def many_params(leaves: int) -> Change:
    """A tree in which every leaf differs."""
    sides: list[Data] = [
        {f"section_{top}": {f"part_{part}": {f"key_{key}": draw.random() for key in range(50)} for part in range(20)}
         for top in range(max(1, leaves // 1000))}
        for draw in (random.Random(1), random.Random(2))
    ]  # fmt: skip
    return compare_data(*sides, label="params", same_leaves=20_000)


def many_lines(count: int) -> TextDiff:
    """A text in which every second line differs a little."""
    before = "".join(f"value_{number} = compute(first={number}, second={number % 7})\n" for number in range(count * 2))
    after = "".join(
        f"value_{number} = compute(first={number}, second={number % 7 + number % 2})\n" for number in range(count * 2)
    )
    return unified_diff(before.encode(), after.encode(), limits=WHOLE)


def main() -> None:
    """Build, measure, print."""
    leaves, lines, versions = (
        int(one) for one in (sys.argv[1:] + ["50000", "50000", "10000"][len(sys.argv) - 1 :])[:3]
    )
    project = ManyChanges(leaves, lines)
    print(f"in a worker: compare {timed(lambda: many_params(leaves)):7.0f} ms")
    print(f"             outline {timed(lambda: compared_view(project.comparison)):7.0f} ms of {leaves} leaves")
    print(f"             diff    {timed(lambda: many_lines(lines)):7.0f} ms of {lines} changed lines")
    print(f"             its rows{timed(lambda: DiffText(project.text)):7.0f} ms")
    print(f"             history {timed(history_of(versions)):7.0f} ms of a param in {versions} versions")
    asyncio.run(keys(project))


def history_of(versions: int) -> Callable[[], object]:
    """A param asked of many versions."""
    first = digits_rows()[0]
    rows = [
        replace(first, key=f"k{number}", parent=f"k{number - 1}", created=float(number)) for number in range(versions)
    ]
    params: dict[str, dict[str, Data]] = {
        row.key: {"optimiser": {"lr": 0.1 / (1 + number // 100 % 7)}, "train": {"epochs": 40}, "model": {"hidden": 32}}
        for number, row in enumerate(rows)
    }
    return lambda: param_history(rows, params, ("optimiser", "lr"))


async def keys(project: ManyChanges) -> None:
    """Each key, the drawing of the screen included."""
    app = MlverApp(project, still())
    async with app.run_test(size=(140, 40)) as pilot:
        await settled(pilot)
        before, after = digits_rows()[:2]
        app.open_compare(Pair(before=before, after=after, why=""))
        await settled(pilot)
        assert isinstance(app.screen, CompareScreen)
        worst = [timed_screen(app, "opens", app.screen.show_tab), acted(app, "tab-2")]
        await settled(pilot)
        worst += [acted(app, action) for action in ON_A_TREE]
        worst.append(timed_screen(app, "search", lambda: searched(app, "key_49")))
        app.push_screen(TextScreen(before, after, "train.py"))
        await settled(pilot)
        worst += [acted(app, action) for action in ON_A_TEXT]
        worst.append(timed_screen(app, "search", lambda: searched(app, "value_99998")))
    kept = "kept" if max(worst) <= BUDGET_MS else "MISSED"
    print(f"median {statistics.median(worst):.1f} ms; budget {BUDGET_MS:.0f} ms: {kept}")


def searched(app: MlverApp, words: str) -> bool:
    """The words are looked for."""
    screen = app.screen
    assert isinstance(screen, (CompareScreen, TextScreen))
    return screen.find(words, 1) is not None


def acted(app: MlverApp, action: str) -> float:
    """Processor milliseconds of what a key does, drawn."""
    screen = app.screen
    assert isinstance(screen, ExplorerScreen)
    return timed_screen(app, action, lambda: screen.action_act(action))


def timed_screen(app: MlverApp, name: str, work: Callable[[], object]) -> float:
    """Processor milliseconds of some work, drawn."""
    gc.collect()
    started = time.process_time()
    work()
    app.screen._compositor.render_strips()
    took = (time.process_time() - started) * 1000
    beyond = "" if took <= BUDGET_MS else "   beyond the budget"
    print(f"  {type(app.screen).__name__:14} {name:20} {took:7.1f} ms{beyond}")
    return took


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    gc.collect()
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
