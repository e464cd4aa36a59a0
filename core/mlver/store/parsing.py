"""Reads the bytes of commits, tags and trees; hand-written because a listing of 10,000 versions reads them all."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from mlver.errors import RepositoryDamaged
from mlver.model.person import Person

ID = re.compile(r"[0-9a-f]{40}")

TREE_MODE = 0o040000
LINK_MODE = 0o120000
SUBMODULE_MODE = 0o160000

_ID_BYTES = 20

_PERSON = re.compile(rb"(?P<name>.*?) ?<(?P<email>[^>]*)> ?(?P<time>-?\d{1,18})?")

_SIGNATURE = re.compile(r"^-----BEGIN (?:PGP|SSH|SIGNED) ", re.MULTILINE)
"""Git puts the signature of a tag behind its message."""

_UNSAFE_NAMES = {b"", b".", b".."}


class Commit(Struct, frozen=True, kw_only=True):
    """A commit, as far as mlver looks at it."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    time: int
    """When it was committed, in seconds since the epoch; 0 where the commit does not say it."""
    message: str

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.lstrip("\n").partition("\n")[0]


class TreeEntry(NamedTuple):
    """What a tree holds under one name; listings make so many that making one must cost nothing."""

    mode: int
    id: str

    @property
    def is_tree(self) -> bool:
        """A folder."""
        return self.mode == TREE_MODE

    @property
    def is_link(self) -> bool:
        """A symbolic link; its blob is the path it points to."""
        return self.mode == LINK_MODE

    @property
    def is_submodule(self) -> bool:
        """A commit of another repository; it has no bytes here."""
        return self.mode == SUBMODULE_MODE


class Tag(Struct, frozen=True, kw_only=True):
    """An annotated tag: one move that somebody made, once."""

    id: str
    target: str
    """The object it stands for: mostly a commit, sometimes another tag."""
    target_kind: str
    """`commit`, `tag`, `tree`, `blob`, as the tag says."""
    tagger: Person
    time: int
    """Seconds since the epoch; 0 where the tag does not say it."""
    message: str
    """Without a signature at its end."""


def parse_commit(commit_id: str, content: bytes) -> Commit:
    """The commit of these bytes. Raises RepositoryDamaged."""
    head, _, message = content.partition(b"\n\n")
    lines = head.split(b"\n")
    tree = tree_of_commit(commit_id, content)
    parents = []
    people: dict[bytes, tuple[Person, int]] = {}
    encoding = "utf-8"
    for line in lines[1:]:
        key, _, value = line.partition(b" ")
        if key == b"parent":
            parents.append(_id(value, commit_id))
        elif key in {b"author", b"committer"} and key not in people:
            people[key] = _person(value)
        elif key == b"encoding":
            encoding = _codec(value)
    author, authored = people.get(b"author", (Person(), 0))
    _, time = people.get(b"committer", (author, authored))
    return Commit(
        id=commit_id,
        tree=tree,
        parents=tuple(parents),
        author=author,
        time=time,
        message=message.decode(encoding, errors="replace"),
    )


def tree_of_commit(commit_id: str, content: bytes) -> str:
    """Only the tree's id: the first line of every commit."""
    if not content.startswith(b"tree ") or content[45:46] != b"\n":
        raise RepositoryDamaged(f"commit {commit_id} names no tree", hint="git fsck says more")
    return _id(content[5:45], commit_id)


def parse_tag(tag_id: str, content: bytes) -> Tag:
    """The annotated tag of these bytes. Raises RepositoryDamaged."""
    head, _, message = content.partition(b"\n\n")
    fields: dict[bytes, bytes] = {}
    for line in head.split(b"\n")[1:]:
        key, _, value = line.partition(b" ")
        fields.setdefault(key, value)
    tagger, time = _person(fields[b"tagger"]) if b"tagger" in fields else (Person(), 0)
    words = message.decode(_codec(fields.get(b"encoding", b"utf-8")), errors="replace")
    return Tag(
        id=tag_id,
        target=target_of_tag(tag_id, content),
        target_kind=fields.get(b"type", b"").decode(errors="replace"),
        tagger=tagger,
        time=time,
        message=_SIGNATURE.split(words, maxsplit=1)[0],
    )


def target_of_tag(tag_id: str, content: bytes) -> str:
    """Only the id of the object an annotated tag stands for: the first line of every tag."""
    if not content.startswith(b"object "):
        raise RepositoryDamaged(f"tag {tag_id} names no object", hint="git fsck says more")
    return _id(content[7:].partition(b"\n")[0], tag_id)


def parse_tree(tree_id: str, content: bytes) -> dict[bytes, TreeEntry]:
    """Name -> entry, in the tree's order. Raises RepositoryDamaged, for names that lead outside too."""
    entries = {}
    end = 0
    try:
        while end < len(content):
            space = content.index(b" ", end, end + 8)
            stop = content.index(b"\0", space)
            name = content[space + 1 : stop]
            mode = int(content[end:space], 8)
            end = stop + 1 + _ID_BYTES
            entry_id = content[stop + 1 : end].hex()
            if len(entry_id) != 2 * _ID_BYTES or name in _UNSAFE_NAMES or b"/" in name or name.lower() == b".git":
                raise RepositoryDamaged(f"tree {tree_id} holds an impossible name: {name.decode(errors='replace')!r}")
            entries[name] = TreeEntry(mode, entry_id)
    except ValueError as error:
        raise RepositoryDamaged(f"tree {tree_id} is damaged", hint="git fsck says more") from error
    return entries


def find_entry(tree_id: str, content: bytes, name: bytes) -> TreeEntry | None:
    """The one entry of that name, without looking closer at the others. Raises RepositoryDamaged."""
    match = _entry_pattern(name).match(content)
    if match:
        return TreeEntry(mode=int(match[1], 8), id=match[2].hex())
    return parse_tree(tree_id, content).get(name)


@lru_cache(maxsize=256)
def _entry_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:[0-7]{5,6} [^\0]+\0.{20})*?([0-7]{5,6}) " + re.escape(name) + rb"\0(.{20})", re.DOTALL)


def _id(value: bytes, holder: str) -> str:
    text = value.decode(errors="replace")
    if not ID.fullmatch(text):
        raise RepositoryDamaged(f"object {holder} names an impossible object: {text[:60]!r}")
    return text


def _person(value: bytes) -> tuple[Person, int]:
    match = _PERSON.match(value)
    if not match:
        return Person(name=value.decode(errors="replace")), 0
    person = Person(name=match["name"].decode(errors="replace"), email=match["email"].decode(errors="replace"))
    return person, int(match["time"] or 0)


def _codec(value: bytes) -> str:
    try:
        return codecs.lookup(value.decode("ascii")).name
    except (LookupError, ValueError):
        return "utf-8"
