"""Code of two versions: its files, which of them a step reads, and how many lines moved."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from mlver.comparing.digests import by_digest, kind_by_digest
from mlver.comparing.dimensions import external_data
from mlver.comparing.texts import line_counts
from mlver.comparing.wording import MINUS
from mlver.diffing.contents import Contents
from mlver.diffing.notebook import Notebook
from mlver.errors import Interrupted, MlverError
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.manifest import Manifest
from mlver.model.names import PROJECT_FILE
from mlver.model.version import Version

NOT_AN_INPUT = "not an input"
THE_PROJECT_FILE = "the project file"
THE_LOCK_FILE = "the lock file"
"""No step reads these two, yet they say what is run and in what."""

Pair: TypeAlias = tuple[Version, Version]

COUNTED_FILES = 200
"""Changed files whose lines are counted; the others are listed without."""

COUNTED_BYTES = 1 << 20
"""Of one file; a longer one is listed without counts."""


def compare_code(before: Version, after: Version, contents: Contents, notebook: Notebook) -> Change:
    """Every file of both code trees as a leaf, by path. The note says what no step reads, and lines added, removed."""
    try:
        left, right = dict(contents.files(before)), dict(contents.files(after))
    except MlverError as error:
        notebook.failed("code", error)
        return _by_tree(before.manifest, after.manifest)
    ours, theirs = code_of(left, before.manifest), code_of(right, after.manifest)
    remarks = _Remarks.of((before.manifest, left), (after.manifest, right))
    leaves = [
        by_digest(path, ours.get(path, MISSING), theirs.get(path, MISSING), remarks.on(path))
        for path in sorted(ours.keys() | theirs.keys())
    ]
    return branch("code", tuple(_with_counts(leaves, (before, after), contents, notebook)))


def code_of(files: Mapping[str, str], manifest: Manifest) -> dict[str, str]:
    """The files of a snapshot that are code: no output, no params, no data, no record of mlver's own."""
    outputs = {file.path for step in manifest.steps for file in step.outputs}
    outputs |= {artifact.path for artifact in manifest.artifacts}
    results = {path for path in (manifest.history, manifest.predictions) if path}
    data = {item.path for item in manifest.data} | external_data(manifest).keys()
    other = outputs | results | data | manifest.params_from.keys() | set(manifest.unread)
    return {path: blob for path, blob in files.items() if path not in other and ".mlver" not in path.split("/")}


def _inputs(manifest: Manifest) -> set[str]:
    return {file.path for step in manifest.steps for file in step.inputs}


@dataclass(frozen=True, slots=True)
class _Remarks:
    """What files are to the versions."""

    inputs: set[str]
    """Empty: not known, so nothing is said of the others."""
    named: dict[str, str]

    @classmethod
    def of(cls, *sides: tuple[Manifest, Mapping[str, str]]) -> _Remarks:
        inputs: set[str] = set()
        named: dict[str, str] = {}
        for manifest, files in sides:
            inputs |= _inputs(manifest)
            if project_file := _project_file(manifest, files):
                named[project_file] = THE_PROJECT_FILE
            if manifest.environment.lock:
                named[manifest.environment.lock.path] = THE_LOCK_FILE
        return cls(inputs, named)

    def on(self, path: str) -> str:
        """The remark on a file; empty for one that a step reads."""
        if path in self.inputs:
            return ""
        return self.named.get(path) or (NOT_AN_INPUT if self.inputs else "")


def _project_file(manifest: Manifest, files: Mapping[str, str]) -> str | None:
    """The nearest one above the folder where the first step runs: steps run in the project's folder or below it."""
    folder = manifest.steps[0].cwd if manifest.steps else "."
    while True:
        path = posixpath.normpath(posixpath.join(folder, PROJECT_FILE))
        if path in files:
            return path
        if folder in {"", "."}:
            return None
        folder = posixpath.dirname(folder)


def _with_counts(leaves: list[Change], both: Pair, contents: Contents, notebook: Notebook) -> Iterator[Change]:
    counted = 0
    for leaf in leaves:
        if leaf.kind is Kind.SAME or counted == COUNTED_FILES:
            yield leaf
            continue
        notebook.check()
        counted += 1
        yield replace(leaf, note=", ".join(filter(None, (leaf.note, _counts(leaf, both, contents)))))


def _counts(leaf: Change, both: Pair, contents: Contents) -> str:
    sides = ((both[0], leaf.before), (both[1], leaf.after))
    try:
        texts = [b"" if value is MISSING else contents.read(side, leaf.label, COUNTED_BYTES) for side, value in sides]
    except Interrupted:
        raise
    except MlverError:
        return ""  # the ids said already that it differs; a submodule, a long or an absent file has no count
    counts = line_counts(*texts)
    return f"+{counts[0]} {MINUS}{counts[1]}" if counts else "binary"


def _by_tree(before: Manifest, after: Manifest) -> Change:
    """All that is left to say when the files cannot be listed."""
    kind = kind_by_digest(before.code.tree, after.code.tree)
    return Change(label="code", kind=kind, note="its files cannot be listed")
