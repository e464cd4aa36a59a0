"""Creates, moves and deletes refs through system git, whose locks, checks and storage formats are the rule.

Git itself waits for a locked ref with growing, random pauses (`core.filesRefLockTimeout`). What is added here: asking
again when another process was faster at something that passes, as when it removed an emptied folder of refs.
"""

from __future__ import annotations

import os
import random
import re
import time
from pathlib import Path

from msgspec import Struct

from mlver.errors import MlverError, ReadOnly, RefExists, RefMoved, StorageFull, StoreFailed
from mlver.store.git import Git, git_failure

_OPTIONS = (
    "-c", "core.filesRefLockTimeout=3000",
    "-c", "core.packedRefsTimeout=3000",
    "-c", "core.fsync=committed,reference",
)  # fmt: skip

_PATIENCE_S = 10.0
_PAUSE_S = 0.05

_ROOM_BYTES = 1 << 16
"""Less room than that is none: a file system keeps some to itself."""

_PASSING = re.compile(r"Unable to create '[^\n]*': (File exists|No such file)|Directory not empty|unable to create dir")
_REFUSED = re.compile(r"Permission denied|Read-only file system|insufficient permission")
_OTHER_VALUE = re.compile(r"but expected|reference is missing|unable to resolve reference")


class RefWriter(Struct, frozen=True, kw_only=True):
    """Writes refs of one repository. Several processes may do so at once."""

    git: Git
    common_dir: Path

    def create(self, name: str, commit_id: str) -> None:
        """Add the ref if it is absent. Raises RefExists, ReadOnly, StorageFull, StoreFailed."""
        self._update(name, f"create {name}\0{commit_id}\0")

    def move(self, name: str, old: str, new: str) -> None:
        """Compare and swap. Raises RefMoved when the ref is not `old`, ReadOnly, StorageFull, StoreFailed."""
        self._update(name, f"update {name}\0{new}\0{old}\0")

    def delete(self, name: str, old: str) -> None:
        """Delete the ref if it is still `old`. Raises RefMoved, ReadOnly, StorageFull, StoreFailed."""
        self._update(name, f"delete {name}\0{old}\0")

    def _update(self, name: str, instruction: str) -> None:
        arguments = (*_OPTIONS, "update-ref", "--no-deref", "--stdin", "-z")
        content = instruction.encode(errors="surrogateescape")
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            code, _, complaint = self.git.attempt(*arguments, content=content)
            if code == 0:
                return
            failure = self._disk_failure(name) or _failure(name, code, complaint)
            if not isinstance(failure, _Passing) or time.monotonic() > deadline:
                raise failure
            time.sleep(random.uniform(0, _PAUSE_S))

    def _disk_failure(self, name: str) -> MlverError | None:
        """What git does not say: `couldn't write` may be a full disk, `unable to create` one that is read-only."""
        if not os.access(self.common_dir / "refs", os.W_OK):
            return ReadOnly(f"{name} cannot be written: the git directory is read-only")
        room = os.statvfs(self.common_dir)
        if room.f_bavail * room.f_frsize < _ROOM_BYTES or (room.f_files and not room.f_favail):
            return StorageFull(f"the disk is full: {name} was not written", hint="free some space and try again")
        return None


class _Passing(StoreFailed):
    """Another process was at it in this moment."""


def _failure(name: str, code: int, complaint: str) -> MlverError:
    if "reference already exists" in complaint:
        return RefExists(f"{name} is already there")
    if _OTHER_VALUE.search(complaint):
        return RefMoved(f"{name} was changed by someone else", hint="look again, then repeat what you did")
    if _REFUSED.search(complaint):
        return ReadOnly(f"{name} cannot be written: the git directory does not allow it")
    if _PASSING.search(complaint):
        return _Passing(
            f"{name} cannot be written: another process holds its lock",
            hint=f"if no git is running, remove {name}.lock in the git directory",
        )
    return git_failure(("update-ref",), code, complaint)
