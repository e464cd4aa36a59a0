"""Turns what dulwich and the system raise into mlver's errors; the one place that knows both."""

from __future__ import annotations

import errno

from dulwich.file import FileLocked

from mlver.errors import MlverError, ReadOnly, RepositoryDamaged, StorageFull, StoreFailed

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def reading_error(error: Exception, what: str) -> MlverError:
    """What it means that reading failed.

    Damaged bytes make dulwich raise its own errors, and assertions, zlib, struct, index and key errors besides:
    all of them say that the repository is not what it should be.
    """
    if isinstance(error, MlverError):
        return error
    if isinstance(error, OSError) and error.errno is not None:
        return StoreFailed(f"{what} cannot be read: {error.strerror}")
    if isinstance(error, MemoryError):
        return StoreFailed(f"{what} does not fit into memory")
    reason = " ".join(str(error).split()) or type(error).__name__
    return RepositoryDamaged(f"{what} is damaged: {reason[:200]}", hint="git fsck says more")


def writing_error(error: Exception, what: str) -> MlverError:
    """What it means that writing failed; what was there before is still there."""
    if isinstance(error, MlverError):
        return error
    if isinstance(error, FileLocked):
        return StoreFailed(
            f"{what} cannot be written: another process holds the lock",
            hint=f"if no git is running, remove {_text(error.lockfilename)}",
        )
    if isinstance(error, OSError) and error.errno in _FULL:
        return StorageFull(f"the disk is full: {what} was not written", hint="free some space and try again")
    if isinstance(error, OSError) and error.errno in _READ_ONLY:
        return ReadOnly(f"{what} cannot be written: {error.strerror}")
    if isinstance(error, OSError) and error.errno is not None:
        return StoreFailed(f"{what} cannot be written: {error.strerror}")
    return StoreFailed(f"{what} cannot be written: {' '.join(str(error).split())[:200] or type(error).__name__}")


def _text(path: str | bytes) -> str:
    return path if isinstance(path, str) else path.decode(errors="replace")
