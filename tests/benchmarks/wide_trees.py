"""Lists 300 tags of a repository of 50,000 files, cold: nearly all folders are shared between the commits.

    python tests/benchmarks/wide_trees.py [TAGS] [FILES]

Two shapes: each commit changes a file at the top, or one deep among the many. Processor seconds, and the memory at the
end.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mlver.sources.commits import Commits
from mlver.sources.recognising import recognise
from tests.support.git import FIRST_SECOND, RepoBuilder

PER_FOLDER = 100
FOLDERS_PER_FOLDER = 25


def main() -> None:
    """Build, measure, print."""
    tags = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    for changed in ("params.yaml", "data/part-0/set-1/item-7.json"):
        with tempfile.TemporaryDirectory(prefix="mlver-benchmark-") as folder:
            repo = RepoBuilder.create(Path(folder))
            repo.git("fast-import", "--quiet", content=b"".join(_script(tags, files, changed)))
            measure(repo, tags, changed)


def measure(repo: RepoBuilder, tags: int, changed: str) -> None:
    """Every tag looked at twice, as a listing does: for what it is, and when it is read."""
    with repo.open() as repository:
        commits = Commits(repository)
        ids = [repository.peel(commit) for ref, commit in repository.refs().ids.items() if ref.startswith("refs/tags/")]
        assert len(ids) == tags
        start = time.process_time()
        told = sum(len(commits.survey(one).telling) for one in ids)
        surveyed = time.process_time() - start
        kinds = {recognise(commits, one).source for one in ids}
        recognised = time.process_time() - start - surveyed
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{changed:30} {told // tags} told, {kinds}")
    print(f"   surveyed {surveyed:6.2f} s   recognised then {recognised:6.2f} s   up to {memory:.0f} MiB")


def _script(tags: int, files: int, changed: str) -> Iterator[bytes]:
    yield b"blob\nmark :1\ndata 2\n{}\n"
    for number in range(tags):
        yield b"commit refs/heads/main\ncommitter Ada Example <ada@example.org> %d +0000\n" % (FIRST_SECOND + number)
        yield b"data 3\nTry\n"
        if number == 0:
            for index in range(files):
                yield b"M 100644 :1 %s\n" % _place(index).encode()
        content = b'{"lr": %d}' % number
        yield b"M 100644 inline %s\ndata %d\n%s\n" % (changed.encode(), len(content), content)
        yield b"reset refs/tags/v%d\nfrom refs/heads/main\n\n" % number


def _place(index: int) -> str:
    """One file in five may say something: a data set's files, beside their descriptions."""
    folder = index // PER_FOLDER
    suffix = "json" if index % 5 == 0 else "png"
    return (
        f"data/part-{folder // FOLDERS_PER_FOLDER}/set-{folder % FOLDERS_PER_FOLDER}/item-{index % PER_FOLDER}.{suffix}"
    )


if __name__ == "__main__":
    main()
