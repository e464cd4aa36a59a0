"""The project file `mlver.yaml`: its keys, one line each, and how it becomes the model's ProjectFile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlver.documents.document import Document
from mlver.documents.writing import flow_yaml
from mlver.documents.yaml_reading import read_yaml
from mlver.errors import DocumentInvalid, ProjectFileInvalid
from mlver.manifests.pipeline import pipeline_warnings, refuse_losing
from mlver.manifests.shapes import (
    At,
    Misshapen,
    Reader,
    Strangers,
    filled_text,
    flag,
    list_of,
    mapping,
    mapping_of,
    misspelt,
    named,
    one_of,
    record,
    root,
    scalar,
    shown,
    text,
)
from mlver.manifests.words import (
    command,
    format_number,
    goal,
    model_name,
    of_this_format,
    path,
    sha256,
    spelled,
    tolerance,
)
from mlver.model.data import Data, dotted
from mlver.model.metric import MetricMeaning
from mlver.model.names import PROJECT_FILE
from mlver.model.nearest import did_you_mean, nearest_keys
from mlver.model.project_file import DataSet, ProjectFile, Step

_READABLE = (".yaml", ".yml", ".json", ".toml")

_step_name = spelled(re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*"), "a step name: letters, digits, - _ and .")
_data_name = spelled(re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*"), "a name: letters, digits, - _ and .")
_stage_name = spelled(re.compile(r"[a-z0-9](?:[a-z0-9/-]*[a-z0-9])?"), "a stage name: lower-case letters, digits, -")
_container = spelled(re.compile(r"\S+@sha256:[0-9a-f]{64}"), "an image with its digest: image@sha256:...")
_variable = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _paths(value: Data, at: At) -> tuple[str, ...]:
    """A list of paths; a single path stands for a list of one."""
    return (path(value, at),) if isinstance(value, str) else list_of(path)(value, at)


def _readable(value: Data, at: At) -> str:
    found = path(value, at)
    if not found.lower().endswith(_READABLE):
        raise Misshapen(f"{found!r} must be one of {', '.join(_READABLE)} to be read", at)
    return found


def _readables(value: Data, at: At) -> tuple[str, ...]:
    return (_readable(value, at),) if isinstance(value, str) else list_of(_readable)(value, at)


def _keys(value: Data, at: At) -> tuple[str, ...] | None:
    """The dotted keys taken from a params file; null: all of it."""
    if value is None:
        return None
    return (filled_text(value, at),) if isinstance(value, str) else list_of(filled_text)(value, at)


def _params(value: Data, at: At) -> dict[str, tuple[str, ...] | None]:
    if isinstance(value, dict):
        return mapping_of(_keys, key=_readable)(value, at)
    return dict.fromkeys(_readables(value, at))


def _seed(value: Data, at: At) -> str:
    """`params.yaml:train.seed`, or the name of an environment variable."""
    found = filled_text(value, at)
    file, colon, key = found.rpartition(":")
    if colon:
        _readable(file, at)
    if (colon and not key) or not (colon or _variable.fullmatch(found)):
        raise Misshapen(f"must be file:key or the name of an environment variable, here it is {found[:80]!r}", at)
    return found


def _column(value: Data, at: At) -> str:
    """The name of one column, spaces at its ends included; a number is one too, and has to be quoted."""
    if isinstance(value, str) and value:
        return value
    hint = 'one column by its name: target: churned; a number in quotes: target: "3"'
    raise Misshapen(f"must be the name of a column, here it is {shown(value)}", at, hint=hint)


def _tag(value: Data, at: At) -> str:
    found = scalar(value, at)
    return found if isinstance(found, str) else flow_yaml(found)


def _stage(value: Data, at: At) -> dict[str, Data]:
    found = mapping(value or {}, at)
    if "run" in found:
        hint = "stages are where a model is deployed; the training's commands stand under steps:"
        raise Misshapen("a stage has no run: a pipeline step is meant", (at, "run"), hint=hint)
    list_of(text)(found.get("gates") or [], (at, "gates"))
    return found


STEP: Mapping[str, Reader[Any]] = {
    "run": command,
    "inputs": _paths,
    "params": _params,
    "outputs": _paths,
    "metrics": _readables,
    "history": path,
    "predictions": path,
}
DATA = {
    "path": path,
    "role": text,
    "source": text,
    "snapshot": text,
    "store": one_of({"copy": "copy", "reference": "reference"}),
    "target": _column,
}
METRIC = {"goal": goal, "tolerance": tolerance, "unit": text, "primary": flag}
BASE = {"name": text, "source": text, "revision": text, "sha256": sha256}
ENVIRONMENT = {"lock": path, "container": _container}
CONFIG = {"schema": path}
CODE = {"include": list_of(filled_text)}


def _entries(make: type, fields: Mapping[str, Reader[Any]], key: Reader[str], required: str) -> Reader[Any]:
    def read(name: str, value: Data, at: At) -> Any:
        return record(lambda **found: make(name=name, **found), fields, required=(required,))(value, at)

    return named(read, key)


def _steps(value: Data, at: At) -> tuple[Step, ...]:
    if isinstance(value, list):
        raise Misshapen("must be a mapping of step names in the order they run", at, hint="train: {run: ...}")
    steps: tuple[Step, ...] = _entries(Step, STEP, _step_name, "run")(value, at)
    return steps


def _meanings(value: Data, at: At) -> dict[str, MetricMeaning]:
    metrics = mapping_of(_meaning)(value, at)
    primary = [name for name, meaning in metrics.items() if meaning.primary]
    if len(primary) > 1:
        raise Misshapen("only one metric can be primary", (at, primary[1]), hint=f"{primary[0]} is primary already")
    return metrics


def _meaning(value: Data, at: At) -> MetricMeaning:
    return record(MetricMeaning, METRIC)(value or {}, at)


PROJECT: Mapping[str, Reader[Any]] = {
    "mlver": format_number,
    "model": model_name,
    "steps": _steps,
    "data": _entries(DataSet, DATA, _data_name, "path"),
    "seeds": mapping_of(_seed),
    "environment": record(dict, ENVIRONMENT),
    "bases": list_of(record(dict, BASE, required=("name",))),
    "metrics": _meanings,
    "config": record(dict, CONFIG),
    "code": record(dict, CODE),
    "ignore": list_of(text),
    "tags": mapping_of(_tag),
    "stages": mapping_of(_stage, key=_stage_name),
}
"""Every key of a project file."""


def _project(
    *,
    mlver: int,  # noqa: ARG001  # the number was looked at
    environment: Mapping[str, str] | None = None,
    config: Mapping[str, str] | None = None,
    code: Mapping[str, tuple[str, ...]] | None = None,
    **found: Any,
) -> dict[str, Any]:
    """The fields of a ProjectFile: keys that group others are opened."""
    found.update(environment or {})
    found.update(config or {})
    if code and "include" in code:
        found["code_include"] = code["include"]
    return found


_whole = record(_project, PROJECT, required=("mlver", "model"))


def read_project_file(content: bytes, *, name: str, folder: str = ".", is_to_run: bool = False) -> ProjectFile:
    """The validated `mlver.yaml` of a folder; what is no error but should be known is in its `warnings`.

    One that `is_to_run` may hold no misspelt key in a step: what the key was to say would be missing from the version
    for ever. A recorded one may, for it was let pass once.

    Raises ProjectFileInvalid, which names file, line and key.
    """
    try:
        document = read_yaml(content, name=name)
    except DocumentInvalid as error:
        raise ProjectFileInvalid(error.problem, name=name, line=error.line, key=error.key, hint=error.hint) from error
    strangers = Strangers()
    at = root(strangers)
    try:
        found = _whole({} if document.data is None else of_this_format(document.data, at), at)
        refuse_losing(found.get("steps", ()), _describing(found), (at, "steps"))
        notes = pipeline_warnings(found.get("steps", ()), (at, "steps"))
        if is_to_run:
            _refuse_misspelt(strangers, at)
    except Misshapen as error:
        line = document.lines.get(error.path)
        raise ProjectFileInvalid(
            error.problem, name=name, line=line, key=dotted(error.path), hint=error.hint
        ) from error
    warnings = (*_warnings(document, strangers, name), *(f"{name}: {note}" for note in notes))
    return ProjectFile(**found, folder=folder, lines=document.lines, warnings=warnings)


def _refuse_misspelt(strangers: Strangers, at: At) -> None:
    for place, _value, known in strangers:
        if place[0] == "steps" and nearest_keys(str(place[-1]), known):
            raise misspelt((((at, "steps"), place[1]), place[-1]), known)


def _describing(found: Mapping[str, Any]) -> Iterator[str]:
    """The files that say what a run is: this one, those of params and seeds, the environment lock, the schema."""
    yield PROJECT_FILE
    for step in found.get("steps", ()):
        yield from step.params
    for place in found.get("seeds", {}).values():
        file, colon, _key = place.rpartition(":")
        if colon:
            yield file
    yield from (found[key] for key in ("lock", "schema") if found.get(key))


def _warnings(document: Document, strangers: Strangers, name: str) -> list[str]:
    warnings = [f"{name}:{warning.line}: {warning.text}" for warning in document.warnings]
    for place, _value, known in strangers:
        advice = did_you_mean(nearest_keys(str(place[-1]), known))
        text = f"{name}:{document.lines[place]}: {dotted(place)} is no key mlver knows"
        warnings.append(f"{text}; {advice}" if advice else text)
    return warnings
