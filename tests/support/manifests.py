"""Manifests and versions of a small training, changed where a test wants them changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from mlver.errors import FileNotFoundInVersion, LimitReached, MlverError
from mlver.model.manifest import (
    Artifact,
    CodeFacts,
    DataFacts,
    EnvironmentFacts,
    FileFact,
    HardwareFacts,
    Manifest,
    StepFacts,
)
from mlver.model.metric import Goal, Metric, MetricMeaning, Tolerance
from mlver.model.version import Version, VersionRow

ACCURACY = MetricMeaning(goal=Goal.MAXIMISE, tolerance=Tolerance(0.005), primary=True)
LATENCY = MetricMeaning(goal=Goal.MINIMISE, tolerance=Tolerance(5, percent=True), unit="ms")


def training(**changes: Any) -> Manifest:
    """The first run of a model: prepare, then train; everything about it is known."""
    first = Manifest(
        model="digits",
        run="r00000001-aaaaaa",
        recipe="sha256:" + "1" * 64,
        result="sha256:" + "a" * 64,
        code=CodeFacts(commit="c" * 40, tree="1" * 40, dirty=False),
        params={"optimiser": {"lr": 0.1}, "train": {"epochs": 40}, "seed": 42},
        params_from={"params.yaml": {"keys": None}},
        data=(DataFacts(name="train", path="data/train.csv", role="train", sha256="7" * 64, rows=1037),),
        steps=(
            StepFacts(
                name="prepare",
                run="python prepare.py",
                inputs=(FileFact(path="prepare.py", sha256="2" * 64), FileFact(path="raw.csv", sha256="3" * 64)),
                outputs=(FileFact(path="data/train.csv", sha256="7" * 64),),
            ),
            StepFacts(
                name="train",
                run="python train.py",
                inputs=(FileFact(path="train.py", sha256="4" * 64), FileFact(path="data/train.csv", sha256="7" * 64)),
                outputs=(FileFact(path="model.npy", sha256="5" * 64),),
            ),
        ),
        environment=EnvironmentFacts(digest="sha256:" + "e" * 64, python="3.11.7", os="Linux"),
        hardware=HardwareFacts(cpu="one", cores=2, ram_bytes=8 << 30),
        seeds={"numpy": 42},
        metrics={
            "loss": Metric(value=0.2214, meaning=MetricMeaning(goal=Goal.MINIMISE)),
            "accuracy": Metric(value=0.9389, meaning=ACCURACY),
        },
        artifacts=(Artifact(path="model.npy", sha256="5" * 64, size=100, kind="npy", step="train"),),
    )
    return replace(first, **changes)


def next_training(**changes: Any) -> Manifest:
    """A run whose parent is `training()`; without changes it differs in nothing but its identity."""
    child = training(run="r00000002-aaaaaa", parent="r00000001-aaaaaa", recipe="sha256:" + "2" * 64)
    return replace(child, **changes)


def version(manifest: Manifest, packages: Mapping[str, str] | None = None) -> Version:
    """The version of a manifest."""
    key = f"runs/{manifest.model}/{manifest.run}"
    row = VersionRow(key=key, source="native", ref=f"refs/mlver/{key}", commit="0" * 40, model=manifest.model)
    return Version(row=row, manifest=manifest, packages=packages)


class FilesInMemory:
    """Contents of `training()` and of `next_training()` from plain mappings: path -> bytes."""

    def __init__(self, before: Mapping[str, bytes | Path], after: Mapping[str, bytes | Path]) -> None:
        self._files = {training().run: before, next_training().run: after}
        self.fails: dict[str, MlverError] = {}
        """Name of a method -> what it raises."""
        self.in_commit: dict[str, bytes] = {}
        """What the commit of the code holds, of either version."""
        self.folders: dict[tuple[str | None, str], tuple[FileFact, ...]] = {}
        """(run id, path) -> the files of an output that is a folder."""

    def read(self, version: Version, path: str, limit: int) -> bytes:
        """A file's bytes."""
        content = self._of(version, "read").get(path)
        if not isinstance(content, bytes):
            raise FileNotFoundInVersion(f"no file {path}")
        if len(content) > limit:
            raise LimitReached(f"{path} is larger than {limit} bytes")
        return content

    def open_artifact(self, version: Version, artifact: Artifact) -> Path | bytes | None:
        """What lies under the artifact's path."""
        return self._of(version, "open_artifact").get(artifact.path)

    def members(self, version: Version, artifact: Artifact) -> tuple[FileFact, ...] | None:
        """No artifact is a folder, unless a test says so."""
        return self.folders.get((version.manifest.run, artifact.path))

    def files(self, version: Version) -> Mapping[str, str]:
        """Every path with a stand-in for its blob id."""
        return {path: repr(content) for path, content in self._of(version, "files").items()}

    def committed(self, version: Version) -> Mapping[str, str]:  # noqa: ARG002 - the protocol asks
        """The files of `in_commit`, with stand-ins for their blob ids."""
        return {path: repr(content) for path, content in self.in_commit.items()}

    def read_committed(self, version: Version, path: str, limit: int) -> bytes:  # noqa: ARG002 - likewise
        """A file of `in_commit`."""
        if path not in self.in_commit:
            raise FileNotFoundInVersion(f"no file {path}")
        return self.in_commit[path][:limit]

    def _of(self, version: Version, method: str) -> Mapping[str, bytes | Path]:
        if method in self.fails:
            raise self.fails[method]
        return self._files[version.manifest.run]
