"""A DVC project as the facts of a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from mlver.model.manifest import Artifact, DataFacts, StepFacts
from mlver.sources.dvc.contents import Contents
from mlver.sources.dvc.project import Project
from mlver.sources.dvc.steps import DataSet, Output

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
    found = {one.path: one for one in _artifacts(project)}
    for entry in project.artifacts.values():
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str) and path not in found and (artifact := _in_git(path, contents)):
            found[path] = artifact
    return tuple(found.values())


def _artifacts(project: Project) -> Iterator[Artifact]:
    for step in project.steps:
        for out in step.outputs:
            if (out.is_cached or not out.is_metric) and (out.tracked.checksum or not out.is_cached):
                yield _artifact(out, step.name)
    yield from (_artifact(one.output, None) for one in project.data if _is_model(one, project))


def _artifact(out: Output, step: str | None) -> Artifact:
    known = out.tracked
    return Artifact(
        path=known.path, sha256=None, size=known.size, checksum=known.checksum, files=known.files, step=step
    )


def _in_git(path: str, contents: Contents) -> Artifact | None:
    entry = None if "://" in path else contents.entry(path)
    return None if entry is None else Artifact(path=path, sha256=None, checksum=f"git:{entry.id}")


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
