"""Creates, moves and deletes refs through system git, whose locks, checks and storage formats are the rule.

Git itself waits for a locked ref with growing, random pauses (`core.filesRefLockTimeout`). What is added here: asking
again when another process was faster at something that passes, as when it removed an emptied folder of refs.
"""

from __future__ import annotations

import random
import re
import time

from mlver.errors import MlverError, ReadOnly, RefExists, RefMoved, StoreFailed
from mlver.store.git import Git, git_failure

_OPTIONS = (
    "-c", "core.filesRefLockTimeout=3000",
    "-c", "core.packedRefsTimeout=3000",
    "-c", "core.fsync=committed,reference",
)  # fmt: skip

_PATIENCE_S = 10.0
_PAUSE_S = 0.05

_PASSING = re.compile(r"Unable to create '[^\n]*': (File exists|No such file)|Directory not empty|unable to create dir")
_REFUSED = re.compile(r"Permission denied|Read-only file system|insufficient permission")
_OTHER_VALUE = re.compile(r"but expected|reference is missing|unable to resolve reference")


def create_ref(git: Git, name: str, commit_id: str) -> None:
    """Add the ref if it is absent. Raises RefExists, ReadOnly, StorageFull, StoreFailed."""
    _update(git, name, f"create {name}\0{commit_id}\0")


def move_ref(git: Git, name: str, old: str, new: str) -> None:
    """Compare and swap. Raises RefMoved when the ref is not `old`, ReadOnly, StorageFull, StoreFailed."""
    _update(git, name, f"update {name}\0{new}\0{old}\0")


def delete_ref(git: Git, name: str, old: str) -> None:
    """Delete the ref if it is still `old`. Raises RefMoved, ReadOnly, StorageFull, StoreFailed."""
    _update(git, name, f"delete {name}\0{old}\0")


def _update(git: Git, name: str, instruction: str) -> None:
    arguments = (*_OPTIONS, "update-ref", "--no-deref", "--stdin", "-z")
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        code, _, complaint = git.attempt(*arguments, content=instruction.encode(errors="surrogateescape"))
        if code == 0:
            return
        if not _PASSING.search(complaint) or time.monotonic() > deadline:
            raise _failure(name, code, complaint)
        time.sleep(random.uniform(0, _PAUSE_S))


def _failure(name: str, code: int, complaint: str) -> MlverError:
    if "reference already exists" in complaint:
        return RefExists(f"{name} is already there")
    if _OTHER_VALUE.search(complaint):
        return RefMoved(f"{name} was changed by someone else", hint="look again, then repeat what you did")
    if _REFUSED.search(complaint):
        return ReadOnly(f"{name} cannot be written: the git directory is read-only")
    if _PASSING.search(complaint):
        return StoreFailed(
            f"{name} cannot be written: another process holds its lock",
            hint=f"if no git is running, remove {name}.lock in the git directory",
        )
    return git_failure(("update-ref",), code, complaint)
