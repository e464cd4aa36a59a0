"""Two recorded versions whose thousands of params all differ: a comparison that takes a while."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.training import TrainingProject

_SECTION = 500
_PROJECT = """\
mlver: 1
model: many
steps:
  train:
    run: "true"
    inputs: [data/raw.csv]
    params: {params.json: null}
"""


def two_of_many_params(place: Path, leaves: int) -> TrainingProject:
    """Sections of 500 numbers each; the versions' reasons are `many 1` and `many 2`."""
    made = TrainingProject(place / "toy", place / "home").create()
    made.write("mlver.yaml", _PROJECT)
    for number in (1, 2):
        sections = range(leaves // _SECTION)
        tree = {f"section{one}": {f"key{key}": key + number / 3 for key in range(_SECTION)} for one in sections}
        made.write("params.json", json.dumps(tree, indent=0))
        made.commit(f"many {number}")
        made.run(reason=f"many {number}")
    return made
