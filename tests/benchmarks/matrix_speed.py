"""Fifty versions with five thousand params side by side, as the explorer opens them; it prints a table.

    python tests/benchmarks/matrix_speed.py [VERSIONS] [PARAMS]        50 and 5,000 unless told

Budget: within a second. Most of it is the reading of the manifests, about 20 ms for one of 5,000 params.
"""

from __future__ import annotations

import asyncio
import gc
import random
import sys
import tempfile
import time
from pathlib import Path

import yaml

from mlver.manifests.writing import write_manifest
from mlver.model.data import Data
from mlver.project import Project
from mlver.sources.native import MANIFEST_PATH
from mlver_tui.app import MlverApp
from mlver_tui.screens.matrix import MatrixScreen
from mlver_tui.settings import ExplorerSettings
from mlver_tui.view_models.browsing import Several
from tests.support.git import RepoBuilder
from tests.support.manifests import training
from tests.support.many_versions import record_many, run_id

CHANGED_SHARE = 0.01
ROUNDS = 3


def main() -> None:
    """Build, measure, print the best of a few rounds."""
    versions, params = (int(one) for one in (sys.argv[1:] + ["50", "5000"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory(prefix="mlver-benchmark-") as folder:
        repo = RepoBuilder.create(Path(folder))
        record_many(repo, versions, lambda number: manifest_of(number, params))
        with Project.open(repo.folder, environment={"HOME": folder}, cache=Path(folder) / "cache") as project:
            measure(project, repo)


def manifest_of(number: int, params: int) -> bytes:
    """A receipt with that many params, one in a hundred of them its own."""
    draw = random.Random(number)
    data: dict[str, Data] = {
        f"section_{section}": {f"key_{key}": section + key / 10 for key in range(50)} for section in range(params // 50)
    }
    for section in draw.choices(list(data), k=int(params * CHANGED_SHARE)):
        part = data[section]
        assert isinstance(part, dict)
        part[f"key_{draw.randrange(50)}"] = draw.random()
    made = training(run=run_id(number), params=data, created="2026-11-21T10:00:00Z", family="sha256:" + "f" * 64)
    return write_manifest(made)


def measure(project: Project, repo: RepoBuilder) -> None:
    """The core's part and the whole of it, YAML's own loader between the two so that all see the same machine."""
    rows = project.refresh().rows
    best = dict.fromkeys(("core", "loader", "screen"), float("inf"))
    with repo.open() as repository:
        manifests = [repository.read(row.commit, MANIFEST_PATH) for row in rows]
    for _ in range(ROUNDS):
        best["core"] = min(best["core"], timed(lambda: project.matrix(rows)))
        best["loader"] = min(
            best["loader"], timed(lambda: [yaml.load(one, Loader=yaml.CSafeLoader) for one in manifests])
        )
        best["screen"] = min(best["screen"], asyncio.run(opening(project)))
    matrix = project.matrix(rows)
    shown = len(matrix.shown(everything=False))
    print(f"{len(rows)} versions, {len(matrix.rows)} rows, {shown} of them differ")
    print(f"Project.matrix        {best['core']:6.2f} s   {best['core'] / best['loader']:.2f} x yaml.CSafeLoader alone")
    print(f"d to the table drawn  {best['screen']:6.2f} s")
    print(f"another base          {timed(lambda: matrix.with_base(rows[7].key)):6.2f} s")


async def opening(project: Project) -> float:
    """Seconds from the key until the rows are there, in an app without a terminal."""
    app = MlverApp(project, ExplorerSettings())
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause(1.5)  # the list has been read, and nothing else is going on
        started = time.perf_counter()
        app.open_compare(Several(rows=project.remembered().rows, why="marked"))
        while not (isinstance(app.screen, MatrixScreen) and app.screen.situation().has_matrix):  # noqa: ASYNC110 - as screens settle in tests
            await asyncio.sleep(0.005)
        app.screen._compositor.render_strips()
        return time.perf_counter() - started


def timed(work: object) -> float:
    """Seconds of one call."""
    gc.collect()
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
