"""The contents of one version's files: git's where git tracks them, else the local cache's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from mlver.documents.reading import Document, read_document, read_yaml
from mlver.errors import DocumentInvalid, MlverError
from mlver.model.manifest import FileFact
from mlver.sources.commits import DOCUMENT_LIMIT, Commits, Reader
from mlver.sources.dvc.cache import Listing, LocalCache
from mlver.sources.dvc.python_constants import read_python_constants
from mlver.sources.dvc.recognising import folder_of
from mlver.sources.dvc.tracked import Tracked
from mlver.sources.plain.blobs import GIT, blob_facts, content_of, file_fact, folder_fact, members_of
from mlver.store.repository import TreeEntry, TreeFile

MOST_BELOW = 2_000
"""Files looked at of a folder that is declared as params, metrics or plots."""

_DOCUMENTS = (".yaml", ".yml", ".json", ".toml")


class Contents(Struct, frozen=True):
    """One commit and the cache of its project."""

    commits: Commits
    commit_id: str
    outputs: Mapping[str, Tracked]
    """What DVC tracks, by path."""
    cache_of: Callable[[str], LocalCache]
    """The cache that the file at a path belongs to."""
    entries: dict[str, TreeEntry | None]
    """What is known to lie in git, or not to; filled as it is asked for."""
    absent: list[str] = field(default_factory=list)
    """Where in the cache documents would lie that were asked for and are not present here."""
    listed: dict[str, dict[str, FileFact]] = field(default_factory=dict)
    """The files of tracked folders; filled as they are asked for."""

    def entry(self, path: str) -> TreeEntry | None:
        """What git has there; nothing at an address elsewhere."""
        if path not in self.entries:
            self.entries[path] = self._asked(path) if "://" not in path and self._is_held(folder_of(path)) else None
        return self.entries[path]

    def _is_held(self, folder: str) -> bool:
        """Whether git has the folder at all: of most that steps write into it has nothing."""
        if folder and folder not in self.entries:
            self.entries[folder] = self._asked(folder)
        entry = self.entries[folder] if folder else None
        return not folder or (entry is not None and entry.is_tree)

    def _asked(self, path: str) -> TreeEntry | None:
        return self.commits.repository.entry(self.commit_id, path)

    def file(self, path: str) -> TreeEntry | None:
        """The file that git has there; a link is none, for its bytes are only the name of another."""
        entry = self.entry(path)
        return None if entry is None or entry.is_tree or entry.is_submodule or entry.is_link else entry

    def in_git(self, path: str) -> FileFact | None:
        """The identity of what git has there, be it a file or a folder."""
        entry = self.entry(path)
        if entry is None or entry.is_submodule:
            return None
        return folder_fact(path, entry.id) if entry.is_tree else file_fact(self.commits, _at(path, entry))

    def document(self, path: str) -> Document | None:
        """Params or metrics; None: not present here. Raises DocumentInvalid, ObjectMissing, LimitReached."""
        entry = self.file(path)
        if entry is not None:
            return self._in_git(entry.id, path)
        cached = self.cached(path)
        if cached is None and (place := self._place_of(path)):
            self.absent.append(str(place))
        content = _bytes_of(cached, DOCUMENT_LIMIT) if cached else None
        return None if content is None else reader_of(path)(content, name=path)

    def _in_git(self, blob_id: str, path: str) -> Document | None:
        """The document in a blob; None: it is a pointer of Git LFS, which is a text to YAML and broken JSON."""
        try:
            document = self.commits.document_of(blob_id, path, reader_of(path))
        except DocumentInvalid:
            if blob_facts(self.commits, blob_id).pointer:
                return None
            raise
        is_text = isinstance(document.data, str)
        return None if is_text and blob_facts(self.commits, blob_id).pointer else document

    def read(self, path: str, limit: int) -> bytes | None:
        """At most `limit` bytes of a file; None: it is not present here. Raises ObjectMissing, LimitReached."""
        entry = self.file(path)
        if entry is not None:
            return content_of(self.commits, entry.id, path, limit)
        cached = self.cached(path)
        return _bytes_of(cached, limit) if cached else None

    def cached(self, path: str) -> Path | None:
        """Where the cache keeps an output, or a file in a folder that is one."""
        own = self.outputs.get(path)
        if own is not None:
            return self.cache_of(path).path_of(own.checksum)
        for folder in _above(path):
            if folder in self.outputs:
                member = self._members(folder).get(path)
                return self.cache_of(path).path_of(member.checksum) if member else None
        return None

    def _place_of(self, path: str) -> Path | None:
        """Where the cache would keep a file that is not there, or the listing that would tell of it."""
        own = next((self.outputs[one] for one in (path, *_above(path)) if one in self.outputs), None)
        return self.cache_of(path).place_of(own.checksum) if own else None

    def listing(self, tracked: Tracked) -> Listing | None:
        """The files of a folder; None: no folder, or its listing is not here. Raises DocumentInvalid."""
        if tracked.members is not None:
            return Listing(files=tracked.members)
        if tracked.checksum and not tracked.checksum.startswith(GIT):
            return self.cache_of(tracked.path).listing(tracked.checksum, tracked.path)
        kept = self.in_git(tracked.path)
        files = members_of(self.commits, tracked.path, kept.checksum) if kept and kept.checksum else None
        return None if files is None else Listing(files=files)

    def below(self, path: str) -> list[str]:
        """The files of a declared folder; the path itself when it is none, or nothing is known of it."""
        entry = self.entry(path)
        if entry is not None and entry.is_tree:
            files = self.commits.repository.files(self.commit_id, path)
            return [one.path for one, _ in zip(files, range(MOST_BELOW), strict=False)]
        if entry is None and path in self.outputs:
            return list(self._members(path))[:MOST_BELOW] or [path]
        return [path]

    def _members(self, folder: str) -> dict[str, FileFact]:
        """Path -> file of a tracked folder; none where its listing is not here or is broken."""
        if folder not in self.listed:
            try:
                found = self.listing(self.outputs[folder])
            except MlverError:
                found = None  # whoever asks for the folder itself is told
            self.listed[folder] = {one.path: one for one in found.files} if found else {}
        return self.listed[folder]


def expanded(paths: Iterable[str], contents: Contents) -> Iterator[str]:
    """Every file once, folders replaced by what is below them."""
    seen = set()
    for path in paths:
        for one in contents.below(path):
            if one not in seen:
                seen.add(one)
                yield one


def reader_of(path: str) -> Reader:
    """What reads params or metrics; as DVC does, what has no known suffix is YAML."""
    lower = path.lower()
    if lower.endswith(".py"):
        return read_python_constants
    return read_document if lower.endswith(_DOCUMENTS) else read_yaml


def _at(path: str, entry: TreeEntry) -> TreeFile:
    return TreeFile(path=path, mode=entry.mode, id=entry.id)


def _above(path: str) -> Iterator[str]:
    while path := folder_of(path):
        yield path


def _bytes_of(path: Path, limit: int) -> bytes | None:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError:
        return None
    return content if len(content) <= limit else None
