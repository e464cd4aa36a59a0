"""What a file's content is: its sha256, read once in pieces, from a regular file and nothing else."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable
from enum import Enum
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from mlver.capture.expanding import checked
from mlver.errors import RunRefused
from mlver.model.manifest import FileFact

PIECE_BYTES = 1 << 20

ATTEMPTS = 3
"""How often a file that changes while it is read is read again."""

TRUSTED_SIZE = 64 << 20
"""Smaller files are always hashed again: it costs less than a doubt."""

SETTLED_S = 2.0
"""A change within the same tick of the file system's clock would not show; FAT's tick is the coarsest, 2 s."""


class Links(Enum):
    """What to do about symbolic links."""

    FOLLOWED = "followed"
    """Inputs of a run: data on another disk is common, and it is the content that counts."""
    INSIDE = "inside"
    """Inputs of a replay: followed as long as they stay inside the folder, for the tree may be a stranger's."""
    REFUSED = "refused"
    """Outputs: what is recorded must be the file itself."""


class FileStamp(Struct, frozen=True):
    """What the file system says of a file; equal stamps of a settled file mean equal content."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    """Set by the system at every write and every change of mtime; no program can set it back."""
    is_settled: bool
    """The last change lay well before the reading, so a later one must show in the times."""


class Fingerprint(Struct, frozen=True):
    """A file's identity and the stamp it was taken under."""

    fact: FileFact
    stamp: FileStamp


def fingerprint(folder: Path, path: str, *, links: Links = Links.FOLLOWED) -> FileFact:
    """The identity of the file at `path`, which is relative to `folder` and uses `/`.

    Raises RunRefused, naming the file, when it is missing, unreadable, no regular file (a FIFO is not waited for),
    behind a link that `links` does not allow, or still being written.
    """
    return take_fingerprint(folder, path, links=links).fact


def take_fingerprint(folder: Path, path: str, *, links: Links = Links.FOLLOWED) -> Fingerprint:
    """As `fingerprint`, with the stamp that makes looking again cheap."""
    checked(path)
    for _ in range(ATTEMPTS):
        descriptor = _open_regular(folder, path, links)
        try:
            before = _stamp(descriptor)
            digest = _digest(descriptor, path)
            after = _stamp(descriptor)
        finally:
            os.close(descriptor)
        if _same_times(before, after):
            return Fingerprint(FileFact(path=path, sha256=digest, size=after.size), after)
    raise RunRefused(f"{path} changes while it is read", hint="another program is writing it; wait until it has ended")


def changed_files(folder: Path, before: Iterable[Fingerprint], *, links: Links = Links.FOLLOWED) -> tuple[str, ...]:
    """Paths whose content is not what it was, or can no longer be read."""
    return tuple(taken.fact.path for taken in before if not _is_unchanged(folder, taken, links))


def _is_unchanged(folder: Path, taken: Fingerprint, links: Links) -> bool:
    path = taken.fact.path
    try:
        if taken.stamp.size >= TRUSTED_SIZE and taken.stamp.is_settled:
            descriptor = _open_regular(folder, path, links)
            try:
                now = _stamp(descriptor)
            finally:
                os.close(descriptor)
            # The times of a settled file change with its content: mtime can be set back, ctime cannot. What is left is
            # a writer that had mapped the file and dirtied its pages before we first looked.
            if _same_times(now, taken.stamp):
                return True
        return fingerprint(folder, path, links=links).sha256 == taken.fact.sha256
    except RunRefused:
        return False


def _open_regular(folder: Path, path: str, links: Links) -> int:
    """A descriptor of a regular file; O_NONBLOCK so that a FIFO without a writer is refused, not waited for."""
    full = folder / path
    _check_links(folder, path, links)
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (os.O_NOFOLLOW if links is Links.REFUSED else 0)
    try:
        descriptor = os.open(full, flags)
    except FileNotFoundError as error:
        reason = "is a link to nothing" if full.is_symlink() else "does not exist"
        raise RunRefused(f"{path} {reason}") from error
    except OSError as error:
        raise RunRefused(f"cannot read {path}: {_reason(full, error)}") from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise RunRefused(f"{path} is {_kind(mode)}, not a file", hint="only regular files have content to record")
    return descriptor


def _check_links(folder: Path, path: str, links: Links) -> None:
    full = folder / path
    if links is Links.FOLLOWED:
        return
    if links is Links.REFUSED and full.is_symlink():
        raise RunRefused(f"{path} is a symbolic link", hint="write the file itself there, or declare what it points at")
    inside = full.parent if links is Links.REFUSED else full
    if not inside.resolve().is_relative_to(folder.resolve()):
        raise RunRefused(
            f"{path} leads out of the project through a symbolic link", hint="put the file inside the project"
        )


def _reason(full: Path, error: OSError) -> str:
    try:
        mode = full.lstat().st_mode
    except OSError:
        return error.strerror or str(error)
    # A socket cannot be opened at all; say what it is rather than "No such device or address".
    return f"it is {_kind(mode)}" if stat.S_ISSOCK(mode) else error.strerror or str(error)


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISCHR, "a device"),
    )
    return next((name for is_kind, name in kinds if is_kind(mode)), "something else")


def _digest(descriptor: int, path: str) -> str:
    digest = sha256()
    buffer = memoryview(bytearray(PIECE_BYTES))
    try:
        while count := os.readv(descriptor, [buffer]):
            digest.update(buffer[:count])
    except OSError as error:
        raise RunRefused(f"cannot read {path}: {error.strerror}") from error
    return digest.hexdigest()


def _stamp(descriptor: int) -> FileStamp:
    status = os.fstat(descriptor)
    changed_at = max(status.st_mtime_ns, status.st_ctime_ns) / 1e9
    return FileStamp(
        device=status.st_dev,
        inode=status.st_ino,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        ctime_ns=status.st_ctime_ns,
        is_settled=time.time() - changed_at > SETTLED_S,
    )


def _same_times(one: FileStamp, other: FileStamp) -> bool:
    return (one.device, one.inode, one.size, one.mtime_ns, one.ctime_ns) == (
        other.device,
        other.inode,
        other.size,
        other.mtime_ns,
        other.ctime_ns,
    )
