"""Versions with curves and params worth charting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from mlver.errors import MlverError, StoreFailed
from mlver.model.curve import Curve
from mlver.model.data import Data
from mlver.model.version import VersionRow
from tests.support.explorer_project import MemoryProject

_TRIED: dict[str, tuple[float, int, str]] = {
    "v1.0.0": (0.1, 16, "sgd"),
    "v1.1.0": (0.1, 32, "sgd"),
    "b8471f3d.1": (0.01, 32, "sgd"),
    "6e02c7aa.1": (0.3, 32, "sgd"),
}
"""Rate, width and optimiser of the versions that have other ones than the rest."""
_USUAL = (0.03, 32, "momentum")
_STEPS = 60


def loss_of(row: VersionRow, *, steps: int = _STEPS) -> Curve:
    """A loss that falls to the version's own, with a wave on it, 10 steps an epoch."""
    end, seed = float(row.metrics["loss"].value or 0), sum(map(ord, row.name))
    numbers = range(steps)
    return Curve(
        metric="loss",
        context="eval",
        steps=tuple(map(float, numbers)),
        values=tuple(round(end + (1.2 - end) * math.exp(-n / 9) + 0.02 * math.sin(n * 1.7 + seed), 4) for n in numbers),
        epochs=tuple(n / 10 for n in numbers),
        times=tuple(1000.0 + n * (1 + seed % 3) for n in numbers),
    )


class ChartedProject(MemoryProject):
    """The first version has no curves; nothing can be read of the versions that `damaged` names."""

    def __init__(self, *more: object) -> None:
        super().__init__(*more)  # type: ignore[arg-type]  # what the other one takes
        self.damaged: set[str] = set()

    def curves(self, row: VersionRow) -> tuple[Curve, ...]:
        self.asked.append(f"curves {row.name}")
        if row.name in self.damaged:
            failure: MlverError = StoreFailed("object 4be1c02 is missing \x1b[2J [/nope]", hint="git fsck")
            raise failure
        if row.name == "v1.0.0":
            return ()
        accuracy = Curve(metric="accuracy", steps=(20.0, 40.0, 60.0), values=(0.8, 0.9, 0.95))
        return (loss_of(row), accuracy)

    def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
        tried = {row.key: _TRIED.get(row.name, _USUAL) for row in rows if not row.is_broken}
        return {
            key: {"optimiser": {"lr": rate, "name": name}, "model": {"hidden": width}, "train": {"epochs": 60}}
            for key, (rate, width, name) in tried.items()
        }
