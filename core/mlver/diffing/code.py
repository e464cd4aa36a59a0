"""Code of two versions: its files, which of them a step reads, and how many lines moved."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mlver.comparing.digests import by_digest, kind_by_digest
from mlver.comparing.dimensions import external_data
from mlver.comparing.renames import MOST_PAIRS, Rename, alike_content, same_content
from mlver.comparing.texts import is_binary, line_counts
from mlver.comparing.wording import MINUS
from mlver.diffing.contents import Contents
from mlver.diffing.notebook import Notebook
from mlver.errors import Interrupted, MlverError
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.manifest import Manifest
from mlver.model.names import PROJECT_FILE
from mlver.model.roles import Role, role_of
from mlver.model.version import Version
from mlver.progress import never

NOT_AN_INPUT = "not an input"
THE_PROJECT_FILE = "the project file"
THE_LOCK_FILE = "the lock file"
"""No step reads these two, yet they say what is run and in what."""

Pair: TypeAlias = tuple[Version, Version]
CodeSide: TypeAlias = tuple[Version, dict[str, str]]
"""A version with the blobs of its code, by path."""

_MEASURED = frozenset({Role.METRICS, Role.CURVES})

COUNTED_FILES = 200
"""Changed files whose lines are counted; the others are listed without."""

LIKENED_BYTES = 256 << 10
"""Of a file that is searched for under another name."""

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
    renames = {one.after: one for one in _renames((before, ours), (after, theirs), contents, notebook)}
    old_names = {one.before for one in renames.values()}
    leaves = [
        _renamed(renames[path], remarks.on(path))
        if path in renames
        else by_digest(path, ours.get(path, MISSING), theirs.get(path, MISSING), remarks.on(path))
        for path in sorted((ours.keys() | theirs.keys()) - old_names)
    ]
    return branch("code", tuple(_with_counts(leaves, (before, after), contents, notebook)))


def _renames(before: CodeSide, after: CodeSide, contents: Contents, notebook: Notebook) -> list[Rename]:
    """Files of the same content first; of the others those that are text, not large, and alike."""
    gone, new = (
        {path: blob for path, blob in side[1].items() if path not in other[1]}
        for side, other in ((before, after), (after, before))
    )
    found = same_content(gone, new)
    for one in found:
        del gone[one.before], new[one.after]
    if not gone or not new or len(gone) * len(new) > MOST_PAIRS:
        return found
    notebook.check()
    texts = [_texts(side[0], paths, contents) for side, paths in ((before, gone), (after, new))]
    return found + alike_content(texts[0], texts[1])


def _texts(version: Version, paths: Iterable[str], contents: Contents) -> dict[str, bytes]:
    found = {}
    for path in paths:
        try:
            content = contents.read(version, path, LIKENED_BYTES)
        except Interrupted:
            raise
        except MlverError:
            continue  # a submodule, a long or an absent file is like nothing
        if not is_binary(content):
            found[path] = content
    return found


def _renamed(one: Rename, remark: str) -> Change:
    alike = "" if one.alike == 1 else f"{one.alike:.0%} alike".replace("%", " %")
    note = ", ".join(filter(None, (remark, alike)))
    return Change(label=one.after, kind=Kind.MOVED, before=one.before, after=one.after, note=note)


def old_path_of(path: str, before: Version, after: Version, contents: Contents) -> str:
    """What a file of `after` is called in `before`: the same, unless it was given another name."""
    left, right = dict(contents.files(before)), dict(contents.files(after))
    if path in left or path not in right:
        return path
    sides = (before, code_of(left, before.manifest)), (after, code_of(right, after.manifest))
    renames = _renames(*sides, contents, Notebook(never))
    return next((one.before for one in renames if one.after == path), path)


def code_of(files: Mapping[str, str], manifest: Manifest) -> dict[str, str]:
    """The files of a snapshot that are code: no output, no params, no data, no record of mlver's own."""
    outputs = {file.path for step in manifest.steps for file in step.outputs}
    outputs |= {artifact.path for artifact in manifest.artifacts}
    results = {manifest.from_top(path) for path in (manifest.history, manifest.predictions) if path}
    if manifest.run is None and not manifest.steps:
        # Found by their names, as the strip sees them: what came out explains nothing of what came out.
        results |= {path for path in files if role_of(path) in _MEASURED}
    data = {item.path for item in manifest.data} | external_data(manifest).keys()
    other = outputs | results | data | manifest.params_from.keys() | set(manifest.unread)
    return {path: blob for path, blob in files.items() if path not in other and ".mlver" not in path.split("/")}


def _inputs(manifest: Manifest) -> set[str]:
    return {file.path for step in manifest.steps for file in step.inputs}


class _Remarks(Struct, frozen=True):
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
        if leaf.kind is Kind.MOVED and "alike" not in leaf.note:
            yield leaf
            continue
        yield replace(leaf, note=", ".join(filter(None, (leaf.note, _counts(leaf, both, contents)))))


def _counts(leaf: Change, both: Pair, contents: Contents) -> str:
    old_name = str(leaf.before) if leaf.kind is Kind.MOVED else leaf.label
    sides = ((both[0], leaf.before, old_name), (both[1], leaf.after, leaf.label))
    try:
        texts = [b"" if value is MISSING else contents.read(side, path, COUNTED_BYTES) for side, value, path in sides]
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
