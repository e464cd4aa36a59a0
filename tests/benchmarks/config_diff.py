"""How fast two configs are compared, beside plain DeepDiff on the same pair; run it, it prints a table."""

from __future__ import annotations

import copy
import gc
import random
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias, cast

from deepdiff import DeepDiff

from mlver.comparing.configs import compare_data
from mlver.model.data import Data, Scalar

CHANGED_SHARE = 0.01

Config: TypeAlias = dict[str, dict[str, dict[str, Scalar]]]


def main() -> None:
    """Print leaves, the best milliseconds of each, and their ratio."""
    print("leaves  changed  compare_data ms  DeepDiff ms  ratio")
    for leaves, rounds in ((1_000, 9), (10_000, 9), (50_000, 3)):
        before, after, changed = config_pair(leaves)
        ours, theirs = [], []
        for _ in range(rounds):  # in turns, so that a busy machine is busy for both
            ours.append(_milliseconds(partial(compare_data, cast(Data, before), cast(Data, after), label="params")))
            theirs.append(_milliseconds(partial(DeepDiff, before, after)))
        found = compare_data(cast(Data, before), cast(Data, after), label="params").count().total
        assert found == changed, f"{found} changes found of {changed}"
        print(f"{leaves:6d}  {changed:7d}  {min(ours):15.2f}  {min(theirs):11.1f}  {min(theirs) / min(ours):5.1f}")


def config_pair(leaves: int, seed: int = 7) -> tuple[Config, Config, int]:
    """Two nested configs of `leaves` mixed leaves, ten to a mapping, one in a hundred changed at random."""
    draw = random.Random(seed)
    before: Config = {
        f"section_{section}": {
            f"group_{group}": {f"key_{n}": _leaf(draw) for n in range(10)} for group in range(leaves // 100)
        }
        for section in range(10)
    }
    after = copy.deepcopy(before)
    groups = [group for section in after.values() for group in section.values()]
    places = [(group, key) for group in groups for key in group]
    for changed, name in draw.sample(places, int(leaves * CHANGED_SHARE)):
        changed[name] = "changed"
    return before, after, int(leaves * CHANGED_SHARE)


def _group(draw: random.Random) -> dict[str, Scalar]:
    return {f"key_{n}": _leaf(draw) for n in range(10)}


def _leaf(draw: random.Random) -> Scalar:
    return draw.choice([draw.random(), draw.randrange(1000), f"text {draw.randrange(1000)}", True, None])


def _milliseconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
