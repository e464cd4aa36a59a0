"""Params and metrics of a version, file by file: the same set that `dvc params` and `dvc metrics` show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from mlver.errors import MlverError
from mlver.model.data import Data
from mlver.sources.dvc.contents import Contents, expanded
from mlver.sources.dvc.project import Project
from mlver.sources.plain.noting import Notes

MOST_METRICS = 10_000
"""Values of one metrics file; a declared one may hold more than one that is only guessed to be."""

_NOT_HERE = "declared, not in git"


def params_of(project: Project, contents: Contents, notes: Notes) -> dict[str, Data]:
    """Params file -> what is tracked of it; the params file at the top of a project is tracked whole."""
    wanted, locked = _wanted(project, contents), project.locked_params
    found: dict[str, Data] = {}
    for declared, keys in wanted.items():
        for path in expanded((declared,), contents):
            data = _data(path, contents, notes, instead=locked.get(path))
            if data is not None:
                found[path] = selected(data, keys) if keys else data
    for path, values in project.used.items():
        if path not in found:
            found[path] = _nested(values)
    return found


def asked_params(project: Project, contents: Contents) -> list[str]:
    """The params files of the version, be they readable or not."""
    return [path for declared in _wanted(project, contents) for path in expanded((declared,), contents)]


def metrics_of(project: Project, contents: Contents, notes: Notes) -> dict[str, Data]:
    """Metrics file -> the numbers and texts in it."""
    found: dict[str, Data] = {}
    for path in expanded(project.metrics, contents):
        data = _data(path, contents, notes)
        if data is not None:
            measured = _measured(data)
            found[path] = {} if measured is None else measured
            if _leaf_count(measured) > MOST_METRICS:
                notes.others.append(f"{path}: holds more than {MOST_METRICS} values, and so no metrics")
                del found[path]
    return found


def selected(data: Data, keys: Iterable[str]) -> Data:
    """What is under the dotted keys, in its own shape; a part of a key may be a pattern (`*`)."""
    found: Data = {}
    for key in dict.fromkeys(keys):
        found = _merged(found, _under(data, key.split(".")))
    return found


def _wanted(project: Project, contents: Contents) -> dict[str, tuple[str, ...]]:
    """Params file -> dotted keys; none: all."""
    wholly = {path for path, keys in project.params if not keys}
    wholly.update(path for path in project.default_params if contents.entry(path) is not None)
    wanted: dict[str, tuple[str, ...]] = {}
    for path, keys in project.params:
        wanted[path] = () if path in wholly else (*wanted.get(path, ()), *keys)
    return wanted | dict.fromkeys(sorted(wholly), ())


def _data(path: str, contents: Contents, notes: Notes, *, instead: Mapping[str, Data] | None = None) -> Data:
    """The data of a file; where it is not here `instead` as dotted keys; None, noted, where it cannot be had."""
    try:
        document = contents.document(path)
    except MlverError as error:
        notes.failed(path, error)
    else:
        if document is not None:
            return {} if document.data is None else document.data
        notes.others.append(
            f"{path}: {_NOT_HERE}" if instead is None else f"{path}: {_NOT_HERE}; params are those of dvc.lock"
        )
    return None if instead is None else _nested(instead)


def _measured(data: Data) -> Data:
    """Numbers and texts; DVC leaves out the rest."""
    if not isinstance(data, dict):
        return None if isinstance(data, list) else data
    inner = {key: _measured(value) for key, value in data.items()}
    return {key: value for key, value in inner.items() if value is not None and value != {}}


def _leaf_count(data: Data) -> int:
    return sum(map(_leaf_count, data.values())) if isinstance(data, dict) else 1


def _under(data: Data, parts: list[str]) -> Data:
    if not parts:
        return data
    head, *rest = parts
    if isinstance(data, dict):
        names = [head] if head in data else [key for key in data if fnmatchcase(key, head)]
        found = {name: _under(data[name], rest) for name in names}
        return {name: value for name, value in found.items() if value is not None or not rest} or None
    if isinstance(data, list) and head.isdecimal() and len(head) < 8 and int(head) < len(data):  # noqa: PLR2004  # no list is as long
        return [*([None] * int(head)), _under(data[int(head)], rest)]
    return None


def _merged(left: Data, right: Data) -> Data:
    if isinstance(left, dict) and isinstance(right, dict):
        return left | {key: _merged(left[key], value) if key in left else value for key, value in right.items()}
    if isinstance(left, list) and isinstance(right, list):
        longer, shorter = (left, right) if len(left) >= len(right) else (right, left)
        return [one if one is not None or index >= len(shorter) else shorter[index] for index, one in enumerate(longer)]
    return left if right is None else right


def _nested(values: Mapping[str, Data]) -> Data:
    """Dotted keys as the mapping they came from."""
    found: Data = {}
    for key, value in values.items():
        nested = value
        for part in reversed(key.split(".")):
            nested = {part: nested}
        found = _merged(found, nested)
    return found
