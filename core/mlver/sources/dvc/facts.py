"""A DVC project as the facts of a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from mlver.model.manifest import Artifact, DataFacts, FileFact, StepFacts
from mlver.sources.dvc.contents import Contents
from mlver.sources.dvc.project import Project
from mlver.sources.dvc.steps import DataSet

_WEIGHTS = (
    ".safetensors", ".pt", ".pth", ".ckpt", ".onnx", ".gguf", ".keras", ".pb", ".tflite", ".joblib", ".model",
)  # fmt: skip
"""Suffixes that only what was trained has."""

_ROLES = {"train": "train", "training": "train", "eval": "eval", "test": "eval", "val": "eval", "valid": "eval",
          "validation": "eval"}  # fmt: skip


def step_facts(project: Project) -> tuple[StepFacts, ...]:
    """The steps, by pipeline, in the order they are declared."""
    return tuple(
        StepFacts(
            name=step.name,
            run=step.run,
            cwd=step.folder or ".",
            inputs=tuple(one.fact for one in step.inputs),
            outputs=tuple(out.tracked.fact for out in step.outputs),
        )
        for step in project.steps
    )


def data_facts(project: Project) -> tuple[DataFacts, ...]:
    """The data that no step makes."""
    return tuple(_data(one) for one in project.data if not _is_model(one, project))


def artifact_facts(project: Project, contents: Contents) -> tuple[Artifact, ...]:
    """What steps make, but for metrics that git keeps; models that a pointer tracks or the project declares."""
    found = {one.path: one for one in _artifacts(project, contents)}
    for entry in project.artifacts.values():
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str) and path not in found and (kept := contents.in_git(path)):
            found[path] = _artifact(kept)
    return tuple(found.values())


def _artifacts(project: Project, contents: Contents) -> Iterator[Artifact]:
    for step in project.steps:
        for out in step.outputs:
            if out.is_cached and out.tracked.checksum:
                yield _artifact(out.tracked.fact, out.tracked.files, step.name)
            elif out.is_cached or not out.is_metric:
                # What the lock says of it may be of an earlier run than what was committed. What neither it nor git
                # has is declared all the same: its content is not known, which is not the same as no content.
                kept = contents.in_git(out.tracked.path) or out.tracked.fact
                yield _artifact(kept, out.tracked.files, step.name)
    for one in project.data:
        if _is_model(one, project):
            yield _artifact(one.output.tracked.fact, one.output.tracked.files)


def _artifact(fact: FileFact, files: int | None = None, step: str | None = None) -> Artifact:
    return Artifact(path=fact.path, sha256=fact.sha256, size=fact.size, checksum=fact.checksum, files=files, step=step)


def _data(one: DataSet) -> DataFacts:
    known = one.output.tracked
    return DataFacts(
        name=one.name or known.path,
        path=known.path,
        role=_role(known.path),
        checksum=known.checksum,
        size=known.size,
        files=known.files,
        source=one.source,
        snapshot=one.revision,
    )


def _role(path: str) -> str | None:
    words = PurePosixPath(path).stem.lower().replace("-", "_").replace(".", "_").split("_")
    found = {_ROLES[word] for word in words if word in _ROLES}
    return found.pop() if len(found) == 1 else None


def _is_model(one: DataSet, project: Project) -> bool:
    path = one.output.tracked.path
    return path.lower().endswith(_WEIGHTS) or path in _declared(project.artifacts.values())


def _declared(artifacts: Iterable[object]) -> set[object]:
    return {one.get("path") for one in artifacts if isinstance(one, dict)}
