"""Lists the refs and reads the manifests of thousands of versions, beside what git itself needs for the same.

Run: python tests/benchmarks/store_reading.py [COUNT]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mlver.store.repository import Repository
from tests.support.git import RepoBuilder
from tests.support.many_versions import record_many

MANIFEST = ".mlver/version.yaml"
OBJECTS_PER_VERSION = 4
"""The commit, its tree, the folder, the manifest."""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        repo = RepoBuilder.create(Path(folder))
        report("made", count, timed(lambda: record_many(repo, count)))
        measure(repo, count, "loose refs, as fast-import leaves them")
        repo.git("pack-refs", "--all", "--prune")
        measure(repo, count, "packed refs")
        repo.git("gc", "--quiet")
        measure(repo, count, "after git gc")


def measure(repo: RepoBuilder, count: int, title: str) -> None:
    """One block of the report."""
    write(f"\n{title}")
    with repo.open() as repository:
        report("Repository.refs", count, timed(repository.refs))
        report("Repository.signature, first", count, timed(repository.signature))
        report("Repository.signature, again", count, timed(repository.signature))
        ids = [value for name, value in repository.refs().ids.items() if name.startswith("refs/mlver/runs/")]
    report("git for-each-ref", count, timed(lambda: repo.git_bytes("for-each-ref")))
    for turn in ("cold", "again"):  # each with a newly opened repository; `again` has the files in the system's cache
        with repo.open() as repository:
            seconds = timed(lambda: read_all(repository, ids))
        report(f"Repository.read, {turn}", count, seconds)
        write(f"{seconds / count / OBJECTS_PER_VERSION * 1e6:49.1f} us per object")
    names = "".join(f"{commit}:{MANIFEST}\n" for commit in ids).encode()
    report("git cat-file --batch", count, timed(lambda: repo.git_bytes("cat-file", "--batch", content=names)))


def read_all(repository: Repository, ids: list[str]) -> None:
    """Read every manifest; one that cannot be read ends the benchmark."""
    for commit_id in ids:
        repository.read(commit_id, MANIFEST)


def timed(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report(what: str, count: int, seconds: float) -> None:
    """One line of the report."""
    write(f"{what:32}{seconds * 1e3:10.1f} ms{seconds / count * 1e6:9.2f} us per version")


def write(line: str) -> None:
    """To the terminal."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
