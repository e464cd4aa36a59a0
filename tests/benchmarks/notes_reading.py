"""How long the notes of many versions take to be read, and one more: `python tests/benchmarks/notes_reading.py`.

Beside it `git notes list`, which opens no note, and `git cat-file --batch` on all of them.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from mlver.model.note import NOTES_REF, Note
from mlver.model.person import Person
from mlver.notes.lines import line_of
from mlver.notes.reading import NoteReader
from mlver.notes.writing import add_note
from tests.support.git import RepoBuilder

COUNT = 10_000


def commit_of(number: int) -> str:
    """Ids that are spread as real ones are."""
    return f"{number * 2654435761 % (1 << 32):08x}" * 5


def note(number: int) -> Note:
    """A note as people write them."""
    return Note(
        id=f"a{number}",
        commit=commit_of(number),
        written="2026-11-21T10:00:00.000Z",
        author=Person(name="Ada Example", email="ada@example.org"),
        text=f"run {number}: better on class 3, look at the seeds before it goes anywhere",
    )


def with_notes(folder: Path) -> RepoBuilder:
    """A repository with a note about each of many commits, packed as git packs."""
    repo = RepoBuilder.create(folder)
    script = [b"commit %s\ncommitter A <a@b> 1790000000 +0000\ndata 1\nn\n" % NOTES_REF.encode()]
    for number in range(COUNT):
        commit, line = commit_of(number), line_of(note(number)).encode() + b"\n"
        script.append(
            b"M 100644 inline %s/%s\ndata %d\n%s\n" % (commit[:2].encode(), commit[2:].encode(), len(line), line)
        )
    repo.git("fast-import", "--quiet", content=b"".join(script))
    repo.pack()
    return repo


def main() -> None:
    """Read, read again, write one, read that."""
    with tempfile.TemporaryDirectory() as folder:
        repo = with_notes(Path(folder))
        with repo.open() as repository:
            reader = NoteReader(lambda: repository)
            moments = [time.perf_counter()]
            assert len(reader.read().by_commit) == COUNT
            moments.append(time.perf_counter())
            reader.read()
            moments.append(time.perf_counter())
            add_note(repository, note(COUNT))
            moments.append(time.perf_counter())
            assert len(reader.read().by_commit) == COUNT + 1
            moments.append(time.perf_counter())
        listed = repo.git("notes", "--ref=mlver", "list").split()[::2]
        moments.append(time.perf_counter())
        repo.git_bytes("cat-file", "--batch", content="\n".join(listed).encode())
        moments.append(time.perf_counter())
    names = ("first", "nothing new", "writing one", "one new", "git notes list", "git cat-file --batch")
    for name, start, end in zip(names, moments, moments[1:], strict=False):
        print(f"{COUNT} notes, {name:22} {(end - start) * 1e3:6.0f} ms")


if __name__ == "__main__":
    main()
