"""What DVC says of a file's content: checksum with its scheme, size, and the files of a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import md5

from msgspec import Struct

from mlver.model.manifest import FileFact
from mlver.sources.dvc.parts import Part, joined

FOLDER = ".dir"
"""End of the checksum of a folder."""

_SCHEMES = ("md5", "etag", "checksum", "version_id")


class Tracked(Struct, frozen=True, kw_only=True):
    """A file or folder as a lock or a pointer knows it."""

    path: str
    checksum: str | None = None
    size: int | None = None
    files: int | None = None
    """How many files a folder holds; None: it is a file, or that is not known."""
    members: tuple[FileFact, ...] | None = None
    """The files of a folder that a cloud keeps versions of; None: only its listing in the cache says."""

    @property
    def fact(self) -> FileFact:
        """The same for the manifest."""
        return FileFact(path=self.path, sha256=None, size=self.size, checksum=self.checksum)


def tracked(entry: Part, folder: str) -> Tracked | None:
    """What an entry of `outs` or `deps` says; None, noted, for one that names no path in the repository.

    Without `hash` an md5 is DVC 2's: of the text with Unix line ends. It is never the same as one with `hash: md5`.
    """
    path = entry.get("path").place(folder)
    if path is None:
        return None
    files = entry.get("files")
    if isinstance(files.data, list):
        return _with_members(path, files)
    checksum = checksum_of(entry)
    size = entry.get("size").count()
    return Tracked(path=path, checksum=checksum, size=size, files=entry.get("nfiles").count())


def checksum_of(entry: Part) -> str | None:
    """The checksum of an entry, its scheme in front."""
    name = entry.text_at("hash")
    if name and (value := entry.text_at(name)):
        return f"{name}:{value}"
    for scheme in _SCHEMES:
        if value := entry.text_at(scheme) or _in_cloud(entry, scheme):
            return f"{'md5-dos2unix' if scheme == 'md5' else scheme}:{value}"
    return None


def _in_cloud(entry: Part, scheme: str) -> str | None:
    """`cloud` maps the one remote's name to what that remote says."""
    cloud = entry.get("cloud")
    return next((one.text_at(scheme) for _, one in cloud.entries()), None) if cloud.data else None


def _with_members(path: str, files: Part) -> Tracked:
    members = tuple(_members(path, files))
    return Tracked(
        path=path,
        checksum=folder_checksum(path, members),
        size=sum(one.size or 0 for one in members),
        files=len(members),
        members=members,
    )


def _members(path: str, files: Part) -> Iterator[FileFact]:
    for entry in files.items():
        relative = entry.text_at("relpath")
        inner = relative and joined("", relative)
        if inner and "://" not in inner:
            checksum = checksum_of(entry)
            # Beside a cloud's own version the md5 is of the bytes, whether `hash` is said or not.
            checksum = checksum.replace("md5-dos2unix:", "md5:") if checksum else None
            yield FileFact(path=f"{path}/{inner}", sha256=None, size=entry.get("size").count(), checksum=checksum)
        else:
            entry.note(f"{relative or 'a file without relpath'} leads out of its folder; left out")


def folder_checksum(path: str, members: Sequence[FileFact]) -> str | None:
    """The checksum DVC would give the folder: md5 of the JSON list of its files, sorted, then `.dir`."""
    pairs = [(one.path[len(path) + 1 :], *(one.checksum or "").partition(":")[::2]) for one in members]
    schemes = {scheme for _, scheme, _ in pairs}
    if len(schemes) != 1:
        return None
    (scheme,) = schemes
    if not scheme:
        return None
    listing = [{scheme: value, "relpath": relative} for relative, _, value in sorted(pairs)]
    return f"{scheme}:{md5(json.dumps(listing, sort_keys=True).encode()).hexdigest()}{FOLDER}"
