"""What a logged model says of itself: `MLmodel` and the requirements beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from msgspec import Struct

from mlver.documents.reading import read_json, read_yaml
from mlver.errors import DocumentInvalid, FileNotFoundInVersion, MlverError
from mlver.manifests.locks import read_lock
from mlver.model.canonical import digest
from mlver.model.data import Data
from mlver.model.manifest import EnvironmentFacts, LockFacts
from mlver.sources.mlflow.artifacts import MOST_LISTED, Root
from mlver.sources.mlflow.folder import files_below, joined

MLMODEL = "MLmodel"
REQUIREMENTS = "requirements.txt"

_LIMIT = 4 << 20


class ModelFacts(Struct, frozen=True, kw_only=True):
    """The signature and the environment of a run's first logged model."""

    signature: Mapping[str, Data] | None = None
    """`inputs`, `outputs` and `params`, each as MLflow's own lists; None: it has none."""
    environment: EnvironmentFacts = EnvironmentFacts()
    packages: Mapping[str, str] | None = None
    notes: tuple[str, ...] = ()


def logged_model(roots: tuple[Root, ...]) -> ModelFacts:
    """What the first logged model of a run says; all None when it has none."""
    try:
        found = next(_models(roots), None)
    except MlverError as error:
        return ModelFacts(notes=(error.message,))
    return _facts(*found) if found else ModelFacts()


def _models(roots: tuple[Root, ...]) -> Iterator[tuple[Root, str]]:
    """Root and folder in it of every logged model, those of MLflow 3 before what lies among a run's artifacts."""
    for root in sorted(roots, key=lambda one: not one.prefix):
        for number, path in enumerate(files_below(root.folder, root.path)):
            if number >= MOST_LISTED:
                break
            folder, _, name = path.rpartition("/")
            if name == MLMODEL:
                yield root, folder


def _facts(root: Root, folder: str) -> ModelFacts:
    notes: list[str] = []
    described = _described(root, folder, notes)
    flavors = described.get("flavors")
    python = flavors.get("python_function") if isinstance(flavors, dict) else None
    version = python.get("python_version") if isinstance(python, dict) else None
    environment = EnvironmentFacts(python=version if isinstance(version, str) else None)
    packages: Mapping[str, str] | None = None
    try:
        environment, packages = _environment(root, folder, environment.python)
    except FileNotFoundInVersion:
        pass  # a model need not have requirements
    except MlverError as error:
        notes.append(error.message)
    return ModelFacts(
        signature=_signature(described, joined(root.prefix, folder, MLMODEL), notes),
        environment=environment,
        packages=packages,
        notes=tuple(notes),
    )


def _described(root: Root, folder: str, notes: list[str]) -> Mapping[str, Data]:
    name = joined(root.prefix, folder, MLMODEL)
    try:
        data = read_yaml(root.folder.read(joined(root.path, folder, MLMODEL), _LIMIT), name=name).data
    except MlverError as error:
        notes.append(error.message)
        return {}
    return data if isinstance(data, dict) else {}


def _signature(described: Mapping[str, Data], name: str, notes: list[str]) -> Mapping[str, Data] | None:
    recorded = described.get("signature")
    if not isinstance(recorded, dict):
        return None
    signature: dict[str, Data] = {}
    for part, text in recorded.items():
        try:
            signature[part] = read_json(text.encode(), name=name).data if isinstance(text, str) else text
        except DocumentInvalid as error:
            notes.append(f"{name}: the signature's {part}: {error.problem}")
    return {part: value for part, value in signature.items() if value is not None} or None


def _environment(root: Root, folder: str, python: str | None) -> tuple[EnvironmentFacts, Mapping[str, str]]:
    name = joined(root.prefix, folder, REQUIREMENTS)
    content = root.folder.read(joined(root.path, folder, REQUIREMENTS), _LIMIT)
    named = LockFacts(path=name, sha256=sha256(content).hexdigest())
    packages = read_lock(content, name=name).versions
    facts = EnvironmentFacts(digest=digest({"python": python, "packages": packages}), python=python, lock=named)
    return facts, packages
