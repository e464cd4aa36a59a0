"""Lists refs: every ref is looked at once, and no object is opened.

Measured with 10,000 refs: packed-refs read by hand 0.6 us per ref, dulwich's `as_dict` 19 us.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from mlver.errors import StoreFailed
from mlver.store.discovery import Layout

_PACKED = re.compile(r"^([0-9a-f]{40}) (.+)\n(?:\^([0-9a-f]{40})\n)?", re.MULTILINE)

_IMPOSSIBLE_BYTES = bytes([*range(10), *range(11, 32), 127]) + b"~:?*[\\"

_IMPOSSIBLE_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|[./]$")

_PER_WORKTREE = {"refs/bisect", "refs/worktree", "refs/rewritten"}
"""Belong to one working tree's unfinished work; no version is ever there."""

_REF_BYTES = 4096
_SYMREF_DEPTH = 5

_RACY_NS = 50_000_000
"""File systems tick every few milliseconds: a folder changed this shortly ago may change again unseen."""


class Head(Struct, frozen=True, kw_only=True):
    """Where this working tree stands."""

    commit: str | None = None
    """None: no commit yet."""
    branch: str | None = None
    """None: detached."""


class RefProblem(Struct, frozen=True, kw_only=True):
    """A ref that says nothing usable."""

    ref: str
    why: str


class Refs(Struct, frozen=True, kw_only=True):
    """All refs of a repository at one moment. Names that are no UTF-8 hold surrogate escapes."""

    ids: Mapping[str, str] = field(default_factory=dict)
    """Name -> id of the object it names: a commit, an annotated tag, or what hostile hands put there."""
    peeled: Mapping[str, str] = field(default_factory=dict)
    """For tags that git has packed: name -> id of what the tag stands for."""
    head: Head = Head()
    problems: tuple[RefProblem, ...] = ()


def list_refs(layout: Layout) -> Refs:
    """One listing. Raises StoreFailed when packed-refs cannot be read; single broken refs are only noted."""
    # Loose before packed: git packs a ref first and deletes the loose one then, so this order misses none.
    loose, problems = _loose(layout.common_dir)
    ids, peeled, packed_problems = _packed(layout.common_dir)
    for name in loose:
        peeled.pop(name, None)
    ids |= {name: value for name, value in loose.items() if not value.startswith("ref: ")}
    for name, value in loose.items():
        if value.startswith("ref: "):
            target = _resolve(value, loose | ids)
            if target:
                ids[name] = target
            else:
                problems.append(RefProblem(ref=name, why=f"points to {value[5:]!r}, which is not there"))
    head, head_problem = _head(layout.git_dir, ids)
    return Refs(ids=ids, peeled=peeled, head=head, problems=(*packed_problems, *problems, *head_problem))


def signature(layout: Layout, folders: dict[str, tuple[int, tuple[str, ...]]]) -> tuple[object, ...]:
    """What differs when refs may have changed: HEAD, packed-refs, and when each folder of refs was last changed.

    And where a shallow clone was cut off: a fetch of what lies beyond it changes no ref, and many parents.

    `folders` remembers between calls which folders hold which: a folder that did not change holds the same ones.
    """
    files = (layout.git_dir / "HEAD", layout.common_dir / "packed-refs", layout.common_dir / "shallow")
    stamps: list[object] = [_stamp(file) for file in files]
    now = time.time_ns()
    pending = [str(layout.common_dir / "refs")]
    while pending:
        folder = pending.pop()
        try:
            changed = os.stat(folder).st_mtime_ns  # noqa: PTH116 - this is the hot path of polling
            remembered = folders.get(folder)
            if remembered is None or remembered[0] != changed:
                remembered = (changed, tuple(entry.path for entry in _entries(folder) if _is_folder(entry)))
        except OSError:
            folders.pop(folder, None)
            stamps.append((folder, None))
            continue
        is_racy = now - changed < _RACY_NS
        if is_racy:
            folders.pop(folder, None)
        else:
            folders[folder] = remembered
        stamps.append((folder, changed, now if is_racy else 0))
        pending.extend(remembered[1])
    return tuple(stamps)


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.lstat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from entries


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _packed(common_dir: Path) -> tuple[dict[str, str], dict[str, str], list[RefProblem]]:
    try:
        content = (common_dir / "packed-refs").read_bytes()
    except FileNotFoundError:
        return {}, {}, []
    except OSError as error:
        raise StoreFailed(f"packed-refs cannot be read: {error.strerror}") from error
    if content.startswith(b"#"):
        content = content.partition(b"\n")[2]
    if content and not content.endswith(b"\n"):
        content += b"\n"
    found = _PACKED.findall(content.decode(errors="surrogateescape"))
    problems = []
    # Looking at every name takes longer than reading them all, so look first whether one can be bad.
    if len(content.translate(None, _IMPOSSIBLE_BYTES)) < len(content) or content.count(b" ") > len(found):
        bad = {name for _, name, _ in found if _IMPOSSIBLE_NAME.search(name)}
        problems = [RefProblem(ref=name, why="is no possible name for a ref") for name in sorted(bad)]
        found = [line for line in found if line[1] not in bad]
    peeled = {name: stands_for for _, name, stands_for in found if stands_for}
    not_understood = content.count(b"\n") - len(found) - len(peeled) - len(problems)
    if not_understood:
        problems.append(RefProblem(ref="packed-refs", why=f"{not_understood} of its lines cannot be understood"))
    return {name: object_id for object_id, name, _ in found}, peeled, problems


def _loose(common_dir: Path) -> tuple[dict[str, str], list[RefProblem]]:
    found: dict[str, str] = {}
    problems: list[RefProblem] = []
    pending = ["refs"]
    while pending:
        folder = pending.pop()
        try:
            entries = list(_entries(f"{common_dir}/{folder}"))
        except FileNotFoundError:
            continue
        except OSError as error:
            problems.append(RefProblem(ref=folder, why=f"cannot be listed: {error.strerror}"))
            continue
        files = {f"{folder}/{entry.name}": entry for entry in entries if not entry.name.endswith(".lock")}
        folders = {name for name, entry in files.items() if _is_folder(entry)}
        pending.extend(folders - _PER_WORKTREE)
        for name in files.keys() - folders:
            value = _value_of(files[name], name)
            if isinstance(value, RefProblem):
                problems.append(value)
            elif value is not None:
                found[name] = value
    return found, problems


def _value_of(entry: os.DirEntry[str], name: str) -> str | RefProblem | None:
    """The id, `ref: NAME`, what is wrong, or None for a ref that was deleted just now."""
    if _IMPOSSIBLE_NAME.search(name):
        return RefProblem(ref=name, why="is no possible name for a ref")
    try:
        content = _content(entry.path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return RefProblem(ref=name, why=f"cannot be read: {error.strerror}")
    line = content.decode(errors="surrogateescape").partition("\n")[0].rstrip()
    if re.fullmatch(r"[0-9a-f]{40}", line):
        return line
    if line.startswith("ref:") and line[4:].strip():
        return f"ref: {line[4:].strip()}"
    return RefProblem(ref=name, why="is empty" if not line else f"holds no object's id: {line[:60]!r}")


def _content(path: str) -> bytes:
    # A hostile repository may hold a FIFO or a link out of the repository where a ref should be.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(handle, _REF_BYTES)
    finally:
        os.close(handle)


def _resolve(value: str, refs: Mapping[str, str]) -> str | None:
    for _ in range(_SYMREF_DEPTH):
        if not value.startswith("ref: "):
            return value
        value = refs.get(value[5:], "")
        if not value:
            return None
    return None


def _head(git_dir: Path, ids: Mapping[str, str]) -> tuple[Head, list[RefProblem]]:
    path = git_dir / "HEAD"
    try:
        if path.is_symlink():  # how git wrote HEAD until 2005, and may be told to still
            line = f"ref: {path.readlink()}"
        else:
            line = _content(str(path)).decode(errors="surrogateescape").partition("\n")[0].rstrip()
    except OSError as error:
        return Head(), [RefProblem(ref="HEAD", why=f"cannot be read: {error.strerror}")]
    if line.startswith("ref:"):
        target = line[4:].strip()
        branch = target.removeprefix("refs/heads/") if target.startswith("refs/heads/") else None
        return Head(commit=ids.get(target), branch=branch), []
    if re.fullmatch(r"[0-9a-f]{40}", line):
        return Head(commit=line), []
    return Head(), [RefProblem(ref="HEAD", why="holds neither a branch nor a commit")]
