"""Reads git's objects as they are: no filter, no hook, no process, and nothing is ever fetched.

dulwich finds and inflates; every object is checked against its own name, so damage shows where it is read.
"""

from __future__ import annotations

from hashlib import sha1
from threading import Lock

from dulwich.object_store import DiskObjectStore
from dulwich.objects import ObjectID

from mlver.errors import LimitReached, MlverError, ObjectMissing, RepositoryDamaged
from mlver.store.discovery import Layout
from mlver.store.foreign_errors import reading_error
from mlver.store.parsing import ID

OBJECT_LIMIT = 256 << 20
"""No object larger than this is brought into memory, whoever asks."""

KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}


class ObjectDatabase:
    """The objects of one repository and of its alternates. Threads may share it."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._store = DiskObjectStore(layout.common_dir / "objects")
        # dulwich keeps its list of packs without a lock; one object takes microseconds, so one lock is enough.
        self._lock = Lock()

    def close(self) -> None:
        """Give back the open packs."""
        with self._lock:
            self._store.close()
            for alternate in self._store.alternates:
                alternate.close()

    def read(self, object_id: str, limit: int = OBJECT_LIMIT) -> tuple[str, bytes]:
        """What kind of object it is, and its bytes.

        Raises ObjectMissing, RepositoryDamaged, and LimitReached when it is larger than `limit` bytes.
        """
        if not ID.fullmatch(object_id):
            raise RepositoryDamaged(f"{object_id[:60]!r} is no object's name")
        try:
            with self._lock:
                number, content = self._store.get_raw(ObjectID(object_id.encode()))
        except KeyError as error:
            raise self._missing(object_id) from error
        except Exception as error:
            raise reading_error(error, f"object {object_id}") from error
        kind = KINDS.get(number, str(number))
        header = b"%s %d\0" % (kind.encode(), len(content))
        if sha1(header + content, usedforsecurity=False).hexdigest() != object_id:
            raise RepositoryDamaged(f"object {object_id} does not hold what its name says", hint="git fsck says more")
        if len(content) > limit:
            raise LimitReached(f"object {object_id} is {len(content)} bytes, more than the limit of {limit}")
        return kind, content

    def has(self, object_id: str) -> bool:
        """Whether the object is present here."""
        try:
            with self._lock:
                return ObjectID(object_id.encode()) in self._store
        except Exception as error:
            raise reading_error(error, f"object {object_id}") from error

    def size(self, object_id: str) -> int:
        """How many bytes the object has."""
        return len(self.read(object_id)[1])

    def _missing(self, object_id: str) -> MlverError:
        hint = "git fsck --connectivity-only says what else is missing"
        if self._layout.is_partial:
            hint = f"this is a partial clone; fetch it: git cat-file -e {object_id}"
        elif (self._layout.common_dir / "shallow").exists():
            hint = "this is a shallow clone; fetch the rest: git fetch --unshallow"
        return ObjectMissing(f"object {object_id} is not present here", hint=hint)
