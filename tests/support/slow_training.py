"""A training that goes on one epoch at a time, when a test lets it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlver.errors import MlverError
from tests.support.training import PARAMS, TrainingProject

_TRAIN = """
import json, pathlib, time
gate = pathlib.Path({gate!r})
params = json.loads(pathlib.Path("params.json").read_text())
pathlib.Path("out").mkdir(exist_ok=True)
with open("out/history.csv", "w", buffering=1) as history:
    history.write("epoch,train_loss,eval_loss\\n")
    for epoch in range(1, params["train"]["epochs"] + 1):
        while not gate.exists() or int(gate.read_text() or 0) < epoch:
            time.sleep(0.01)
        loss = 1 / (epoch * params["train"]["lr"])
        history.write(f"{{epoch}},{{loss / 2}},{{loss}}\\n")
pathlib.Path("out/weights.json").write_text(json.dumps([loss]))
pathlib.Path("out/metrics.json").write_text(json.dumps({{"loss": loss}}))
"""

_PROJECT = """\
mlver: 1
model: slow
steps:
  train:
    run: python3 train.py
    inputs: [train.py]
    params: {params.json: [train]}
    outputs: [out/weights.json]
    metrics: [out/metrics.json]
    history: out/history.csv
metrics:
  loss: {goal: minimise, tolerance: 2%, primary: true}
"""
EPOCHS = 5


class SlowTraining(TrainingProject):
    """Its model is `slow`; epoch n is trained once `reach(n)` was called."""

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder, home)
        self._gate = home / "gate"

    def create(self) -> SlowTraining:
        """Write the files and make the first commit."""
        super().create()
        self.write("train.py", _TRAIN.format(gate=str(self._gate)))
        self.write("mlver.yaml", _PROJECT)
        self.write("params.json", PARAMS.replace('"seed"', f'"train": {{"epochs": {EPOCHS}, "lr": 1.0}},\n  "seed"'))
        self.write(".gitignore", "out/\n")
        self.commit("train slowly")
        return self

    def reach(self, epoch: int) -> None:
        """Let the training go on to this epoch."""
        waiting = self._gate.with_suffix(".new")
        waiting.write_text(str(epoch))
        waiting.replace(self._gate)

    @contextmanager
    def running(self, **request: object) -> Iterator[None]:
        """For a block in which a run is being recorded; it ends with the run."""
        failures: list[MlverError] = []

        def run() -> None:
            try:
                self.run(**request)
            except MlverError as error:
                failures.append(error)

        self.reach(0)
        thread = threading.Thread(target=run, name="recording")
        thread.start()
        try:
            self._wait_for_the_draft(thread)
            yield
        finally:
            self.reach(EPOCHS)
            thread.join(timeout=60)
        assert not failures, failures

    def _wait_for_the_draft(self, thread: threading.Thread) -> None:
        while not self.git("for-each-ref", "refs/mlver/drafts"):
            assert thread.is_alive()
            time.sleep(0.02)
