"""A real project with a real, tiny training: standard library only, so a step takes a Python start and no more."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from mlver.model.version import VersionRow
from mlver.project import Project, RunRequest

PREPARE = """
import pathlib
rows = pathlib.Path("data/raw.csv").read_text().splitlines()
pathlib.Path("data/train.csv").write_text("\\n".join(rows[:-2]) + "\\n")
pathlib.Path("data/eval.csv").write_text("\\n".join(rows[:1] + rows[-2:]) + "\\n")
"""

TRAIN = """
import json, pathlib, random
params = json.loads(pathlib.Path("params.json").read_text())
if params["seed"] is not None:
    random.seed(params["seed"])
rows = pathlib.Path("data/train.csv").read_text().splitlines()[1:]
mean = sum(float(row.split(",")[1]) for row in rows) / len(rows)
weights = [mean * params["optimiser"]["lr"] + random.random() * 1e-3 for _ in range(params["model"]["hidden"])]
pathlib.Path("models").mkdir(exist_ok=True)
pathlib.Path("models/weights.json").write_text(json.dumps(weights))
pathlib.Path("models/weights.bin").write_bytes(b"\\x00" + b"".join(int(w * 1e6).to_bytes(8, "little") for w in weights))
pathlib.Path("metrics").mkdir(exist_ok=True)
lines = [f"{epoch},loss,{1 / (epoch + 1) + weights[0]},train" for epoch in range(5)]
pathlib.Path("metrics/history.csv").write_text("step,metric,value,context\\n" + "\\n".join(lines) + "\\n")
print("trained", len(weights), "weights")
"""

EVALUATE = """
import json, pathlib
weights = json.loads(pathlib.Path("models/weights.json").read_text())
metrics = {"accuracy": round(sum(weights) / len(weights), 6), "loss": round(1 - weights[0], 6)}
pathlib.Path("metrics/eval.json").write_text(json.dumps(metrics))
"""

PROJECT_FILE = """\
mlver: 1
model: toy
steps:
  prepare:
    run: python3 prepare.py
    inputs: [prepare.py, data/raw.csv]
    outputs: [data/train.csv, data/eval.csv]
  train:
    run: python3 train.py
    inputs: [train.py, data/train.csv]
    params: {params.json: [model, optimiser, seed]}
    outputs: [models/]
    history: metrics/history.csv
  evaluate:
    run: [python3, evaluate.py]
    inputs: [evaluate.py, models/weights.json, data/eval.csv]
    metrics: [metrics/eval.json]
data:
  train: {path: data/train.csv, role: train, target: y}
  eval: {path: data/eval.csv, role: eval}
seeds: {random: "params.json:seed"}
metrics:
  accuracy: {goal: maximise, tolerance: 0.005, primary: true}
  loss: {goal: minimise, tolerance: 2%}
"""

ONE_STEP = """\
mlver: 1
model: toy
steps:
  train:
    run: |
      mkdir -p models
      cp data/raw.csv models/copy.csv
      echo '[20]' > models/rows.json
      head -c 200000 /dev/zero > models/zeros.bin
    inputs: [data/raw.csv]
    outputs: [models/]
"""
"""A project file whose only step starts no Python."""

PARAMS = """\
{
  "model": {"hidden": 4},
  "optimiser": {"lr": 0.1},
  "seed": 42
}
"""

FILES: Mapping[str, str] = {
    "prepare.py": PREPARE,
    "train.py": TRAIN,
    "evaluate.py": EVALUATE,
    "mlver.yaml": PROJECT_FILE,
    "params.json": PARAMS,
    "README.md": "# toy\n",
    "data/raw.csv": "id,x\n" + "".join(f"{number},{number / 7:.4f}\n" for number in range(20)),
    ".gitignore": "data/train.csv\ndata/eval.csv\nmodels/\nmetrics/\n__pycache__/\n",
}


class TrainingProject:
    """A git repository with the training above, committed."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.state = home / ".cache" / "mlver"
        self.environment = {
            "PATH": os.pathsep.join((str(_bare_python()), os.environ["PATH"])),
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "dev1",
            "GIT_AUTHOR_EMAIL": "dev1@team.example",
            "GIT_COMMITTER_NAME": "dev1",
            "GIT_COMMITTER_EMAIL": "dev1@team.example",
        }
        home.mkdir(parents=True, exist_ok=True)

    def create(self) -> TrainingProject:
        """Write the files and make the first commit."""
        self.folder.mkdir(parents=True)
        for path, text in FILES.items():
            self.write(path, text)
        self.git("init", "-q", "-b", "main")
        self.commit("first training")
        return self

    def write(self, path: str, text: str) -> None:
        """Write one file, its folders too."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace text that must be there."""
        text = (self.folder / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self, subject: str) -> str:
        """Commit everything; gives the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *arguments: str) -> str:
        """What git prints."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    @contextmanager
    def opened(self) -> Iterator[Project]:
        """The project, opened."""
        with Project.open(self.folder, environment=self.environment, cache=self.state) as project:
            yield project

    def run(self, **request: object) -> VersionRow:
        """Record one run."""
        with self.opened() as project:
            return project.run(RunRequest(folder=self.folder, **request), on_event=lambda _event: None)  # type: ignore[arg-type]

    def files_at(self, commit: str) -> tuple[str, ...]:
        """Every path of a commit's tree."""
        return tuple(self.git("ls-tree", "-r", "--name-only", commit).split())


@cache
def _bare_python() -> Path:
    """Where a `python3` without packages lies: those of this machine take longer to find than a step takes."""
    folder = tempfile.mkdtemp(prefix="bare-python-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    venv.create(folder, symlinks=True)
    return Path(folder, "bin")
