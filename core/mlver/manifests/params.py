"""The params of a run, taken from its params files.

One file gives its tree as it is. Several files whose top keys differ are merged at the top; when a top key stands in
two of them, each file's tree goes under the file's path, so that no value hides another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mlver.documents.document import Document
from mlver.errors import DocumentInvalid
from mlver.model.data import Data, Path, path_to
from mlver.model.nearest import did_you_mean, dotted_keys, nearest_keys
from mlver.model.project_file import ProjectFile


class Params(NamedTuple):
    """What was taken."""

    params: dict[str, Data]
    params_from: dict[str, Data]
    """Params file, from the top of the repository -> `{keys: [...]}`, null for a file taken whole."""
    seed_paths: tuple[tuple[str, ...], ...]
    """Paths into `params` that the project file names as seeds."""


def collect_params(project: ProjectFile, documents: Mapping[str, Document]) -> Params:
    """The params that the steps declare; `documents` goes by path from the top of the repository.

    Raises DocumentInvalid, naming file and key: a declared key or file that is not there, or a file that holds no
    mapping.
    """
    asked = asked_params(project)
    trees = {file: taken(file, keys, documents) for file, keys in asked.items()}
    params, is_merged = joined(trees)
    return Params(
        params=params,
        params_from={file: {"keys": None if keys is None else list(keys)} for file, keys in asked.items()},
        seed_paths=tuple(_seed_paths(project, trees, is_merged=is_merged)),
    )


def joined(trees: Mapping[str, dict[str, Data]]) -> tuple[dict[str, Data], bool]:
    """The trees of several files as one, and whether they are merged at the top: else each is under its file's path."""
    top_keys = [key for tree in trees.values() for key in tree]
    is_merged = len(set(top_keys)) == len(top_keys)
    params: dict[str, Data] = {}
    for file, tree in trees.items():
        params.update(tree if is_merged else {file: tree})
    return params, is_merged


def asked_params(project: ProjectFile) -> dict[str, tuple[str, ...] | None]:
    """Params file, from the top of the repository -> the keys that all steps together take; None: all."""
    asked: dict[str, tuple[str, ...] | None] = {}
    for step in project.steps:
        for path, keys in step.params.items():
            file = project.from_top(path)
            known = asked.setdefault(file, ())
            asked[file] = None if keys is None or known is None else tuple(dict.fromkeys((*known, *keys)))
    return asked


def taken(file: str, keys: tuple[str, ...] | None, documents: Mapping[str, Document]) -> dict[str, Data]:
    """What a file gives of the keys. Raises DocumentInvalid, naming file and key."""
    document = documents.get(file)
    if document is None:
        raise DocumentInvalid("is declared as a params file and is not there", name=file)
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        raise DocumentInvalid("must hold a mapping to be a params file", name=file, line=1)
    if keys is None:
        return data
    tree: dict[str, Data] = {}
    for key in keys:
        try:
            path = path_to(data, key)
        except KeyError as error:
            raise _missing(file, key, data) from error
        _graft(tree, data, _whole_lists(path))
    return tree


def _missing(file: str, key: str, data: dict[str, Data]) -> DocumentInvalid:
    hint = did_you_mean(nearest_keys(key, dotted_keys(data))) or "mlver.yaml names it under params:"
    return DocumentInvalid("is not in the file, though a step declares it", name=file, key=key, hint=hint)


def _whole_lists(path: Path) -> tuple[str, ...]:
    """The path up to the first list: a list is taken whole."""
    kept: list[str] = []
    for part in path:
        if isinstance(part, int):
            break
        kept.append(part)
    return tuple(kept)


def _graft(tree: dict[str, Data], data: Data, path: tuple[str, ...]) -> None:
    """Enters the value at a path into the tree, with the mappings that lead to it."""
    for part in path[:-1]:
        data = data[part] if isinstance(data, dict) else {}
        inner = tree.get(part)
        if not isinstance(inner, dict):
            inner = tree[part] = {}
        tree = inner
    if isinstance(data, dict):
        tree[path[-1]] = data[path[-1]]


def _seed_paths(
    project: ProjectFile, trees: Mapping[str, dict[str, Data]], *, is_merged: bool
) -> Iterable[tuple[str, ...]]:
    for place in project.seeds.values():
        path, colon, key = place.rpartition(":")
        file = project.from_top(path)
        if not colon or file not in trees:
            continue
        try:
            found = path_to(trees[file], key)
        except KeyError:
            continue  # the seed is no declared param: it counts by its value alone
        inside = _whole_lists(found)
        if inside == found:  # a seed within a list stays in the family, for the list's other items must
            yield inside if is_merged else (file, *inside)
