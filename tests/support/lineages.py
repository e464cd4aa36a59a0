"""The digits story with branches, and a pipeline whose steps branch."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.manifest import FileFact, StepFacts
from mlver.model.version import VersionRow
from tests.support.explorer import digits_rows, key_of

_PARENTS = {12: 10, 11: 10, 10: 9, 9: 7, 8: 7, 7: 6, 6: 2, 5: 2, 4: 2, 3: 2, 2: 1}
"""The n-th version of the story, from 1 -> its parent."""


def branching_rows() -> tuple[VersionRow, ...]:
    """The twelve versions, newest first, some of them siblings."""
    rows = digits_rows()
    return tuple(
        replace(row, parent=key_of(_PARENTS[number]) if number in _PARENTS else None)
        for row, number in zip(rows, range(len(rows), 0, -1), strict=True)
    )


def pipeline_of() -> tuple[StepFacts, ...]:
    """Four steps; the first makes what two others read, and one reads a whole folder."""
    return (
        _step("prepare", ("prepare.py", "data/digits.csv"), ("data/train.csv", "data/eval.csv"), 0.11),
        _step("train", ("train.py", "data/train.csv"), ("models/weights.npy", "models/scaler.json"), 0.34),
        _step("evaluate", ("evaluate.py", "models/weights.npy", "data/eval.csv"), (), 0.09),
        _step("report", ("models",), ("report.html",), 0.02),
    )


def _step(name: str, inputs: tuple[str, ...], outputs: tuple[str, ...], took: float) -> StepFacts:
    files = [tuple(FileFact(path=path, sha256="1" * 64, size=900) for path in paths) for paths in (inputs, outputs)]
    return StepFacts(name=name, run=f"python {name}.py", inputs=files[0], outputs=files[1], wall_s=took, exit=0)
