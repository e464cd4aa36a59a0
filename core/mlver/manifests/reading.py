"""A version's manifest: the document's keys, one line each, and how it becomes the model's Manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from mlver.documents.yaml_reading import read_yaml
from mlver.errors import DocumentInvalid, ManifestInvalid
from mlver.manifests.shapes import (
    At,
    Misshapen,
    Reader,
    Strangers,
    T,
    anything,
    count,
    flag,
    list_of,
    mapping,
    mapping_of,
    missing,
    number,
    one_of,
    record,
    root,
    scalar,
    text,
    whole,
)
from mlver.manifests.words import (
    command,
    digest,
    format_number,
    git_id,
    goal,
    model_name,
    moment,
    of_this_format,
    path,
    run_id,
    sha256,
    tolerance,
)
from mlver.model.data import Data, dotted
from mlver.model.manifest import (
    Artifact,
    CodeFacts,
    DataFacts,
    EnvironmentFacts,
    FileFact,
    Gpu,
    HardwareFacts,
    LockFacts,
    Manifest,
    Resources,
    Slice,
    StepFacts,
)
from mlver.model.metric import Metric, MetricMeaning
from mlver.model.person import Person
from mlver.model.status import Status

PERSON = {"name": text, "email": text}
CODE = {
    "commit": git_id,
    "tree": git_id,
    "dirty": flag,
    "remote": text,
    "branch": text,
    "untracked": list_of(path),
    "allowed_secrets": list_of(path),
}
FILE = {"path": path, "sha256": sha256, "size": count}
_files = list_of(record(FileFact, FILE, required=("path", "sha256"), nullable=("sha256",)))
STEP = {
    "name": text,
    "run": command,
    "cwd": path,
    "path": text,
    "inputs": _files,
    "outputs": _files,
    "started": moment,
    "wall_s": number,
    "cpu_s": number,
    "peak_rss_bytes": count,
    "exit": whole,
    "changed_while_running": list_of(path),
    "made_folders": list_of(path),
}
DATA = {
    "name": text,
    "path": path,
    "role": text,
    "sha256": sha256,
    "size": count,
    "rows": count,
    "columns": count,
    "source": text,
    "snapshot": text,
    "store": text,
    "target": text,
}
LOCK = {"path": path, "sha256": sha256}
ENVIRONMENT = {
    "digest": digest,
    "python": text,
    "implementation": text,
    "os": text,
    "lock": record(LockFacts, LOCK, required=("path",)),
    "container": text,
    "variables": mapping_of(text),
    "threads": mapping_of(text),
    "determinism": mapping_of(scalar),
}
GPU = {"name": text, "memory_bytes": count, "driver": text}
HARDWARE = {
    "cpu": text,
    "cores": count,
    "cpu_features": list_of(text),
    "ram_bytes": count,
    "gpus": list_of(record(Gpu, GPU, required=("name",))),
    "cuda": text,
    "cudnn": text,
    "blas": text,
}
METRIC = {"value": scalar, "goal": goal, "tolerance": tolerance, "unit": text, "primary": flag}
SLICE = {"metric": text, "slice": mapping_of(scalar), "value": scalar}
ARTIFACT = {"path": path, "kind": text, "sha256": sha256, "size": count, "step": text}
RESOURCES = {"wall_s": number, "cpu_s": number, "peak_rss_bytes": count, "peak_gpu_bytes": count}


def _metric(value: float | str | None, **meaning: Any) -> Metric:
    return Metric(value=value, meaning=MetricMeaning(**meaning))


_environment = record(EnvironmentFacts, ENVIRONMENT)
_hardware = record(HardwareFacts, HARDWARE)

MANIFEST: Mapping[str, Reader[Any]] = {
    "mlver": format_number,
    "model": model_name,
    "run": run_id,
    # Only a foreign store leaves runs running; what is recorded has ended.
    "status": one_of({status.value: status for status in Status if status is not Status.RUNNING}),
    "recipe": digest,
    "family": digest,
    "result": digest,
    "created": moment,
    "ended": moment,
    "author": record(Person, PERSON),
    "host": text,
    "writer": text,
    "reason": text,
    "parent": run_id,
    "code": record(CodeFacts, CODE),
    "steps": list_of(record(StepFacts, STEP, required=("name", "run"))),
    "params": mapping,
    "params_from": mapping_of(anything, key=path),
    "data": list_of(record(DataFacts, DATA, required=("name", "path"))),
    "features": list_of(mapping),
    "services": list_of(mapping),
    "bases": list_of(mapping),
    "signature": mapping,
    "environment": _environment,
    "hardware": _hardware,
    "seeds": mapping_of(scalar),
    "metrics": mapping_of(record(_metric, METRIC, required=("value",), nullable=("value",))),
    "slices": list_of(record(Slice, SLICE, required=("metric", "slice", "value"), nullable=("value",))),
    "artifacts": list_of(record(Artifact, ARTIFACT, required=("path", "sha256"), nullable=("sha256",))),
    "resources": record(Resources, RESOURCES),
    "tags": mapping_of(scalar),
    "history": path,
    "predictions": path,
    "ignore": list_of(text),
    "problem": text,
}
"""Every key of a manifest, in the order it is written."""


def _manifest(*, mlver: int, **found: Any) -> Manifest:  # noqa: ARG001  # the number was looked at
    return Manifest(**found)


_whole = record(_manifest, MANIFEST, required=("mlver", "model", "status"))


def read_manifest(content: bytes, *, name: str) -> Manifest:
    """The manifest in a `version.yaml`; keys it does not know are kept under `unknown`, by dotted key.

    Raises ManifestInvalid, naming file, line and key: for no YAML, a wrong type, a missing or ill-formed digest, a
    path that leaves the repository, and a format this mlver does not read.
    """
    try:
        document = read_yaml(content, name=name)
    except DocumentInvalid as error:
        raise ManifestInvalid(error.problem, name=name, line=error.line, key=error.key, hint=error.hint) from error
    strangers = Strangers()
    try:
        at = root(strangers)
        manifest = _whole(of_this_format(document.data, at), at)
        _check_identity(manifest, at)
    except Misshapen as error:
        line = document.lines.get(error.path)
        raise ManifestInvalid(error.problem, name=name, line=line, key=dotted(error.path), hint=error.hint) from error
    return _with_unknown(manifest, strangers) if strangers else manifest


def environment_from(data: Data, *, name: str) -> EnvironmentFacts:
    """The environment in a manifest or replay record; DocumentInvalid names file and key."""
    return _part(_environment, data, name)


def hardware_from(data: Data, *, name: str) -> HardwareFacts:
    """The hardware in a manifest or replay record; DocumentInvalid names file and key."""
    return _part(_hardware, data, name)


def _part(reader: Reader[T], data: Data, name: str) -> T:
    try:
        return reader(data, root(Strangers()))
    except Misshapen as error:
        raise DocumentInvalid(error.problem, name=name, key=dotted(error.path), hint=error.hint) from error


def _check_identity(manifest: Manifest, at: At) -> None:
    """A run has its digests; only what mlver did not record may go without."""
    absent = [key for key in ("recipe", "family", "created") if getattr(manifest, key) is None]
    if manifest.run is not None and absent:
        raise Misshapen(f"{missing(absent)}: every run has them", at)


def _with_unknown(manifest: Manifest, strangers: Strangers) -> Manifest:
    return replace(manifest, unknown={dotted(place): value for place, value, _ in strangers})
