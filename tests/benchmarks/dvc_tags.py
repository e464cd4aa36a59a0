"""A DVC repository of 300 tags: listing and comparing beside dvc itself, reading beside git and the document reader.

    MLVER_FOREIGN_TOOLS=FOLDER python tests/benchmarks/dvc_tags.py [TAGS]       300 unless told; needs the real dvc

Budgets: `mlver list --json` cold at least 10 x, warm at least 100 x faster than `dvc metrics show -T --json`; `mlver
diff` at least 2 x faster than `dvc params diff`; reading one version in process no more than 2 x what `git cat-file
--batch` and the document reader cost on the same blobs.
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mlver.documents.reading import read_yaml
from mlver.sources.commits import Commits
from mlver.sources.dvc.contents import reader_of
from mlver.sources.dvc.source import DvcSource
from mlver.store.repository import Repository
from tests.support.foreign_tools import tool, tool_environment
from tests.support.git import RepoBuilder, scrubbed_environment
from tests.support.many_dvc_versions import make_dvc_tags

SAMPLE = 40
"""Versions that are read one by one."""

_YAML = (".lock", ".dvc")


def main() -> None:
    """Build, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory(prefix="mlver-benchmark-") as folder:
        repo = RepoBuilder.create(Path(folder))
        make_dvc_tags(repo, count)
        print(f"{count} tags")
        read_one_by_one(repo)
        if os.environ.get("MLVER_FOREIGN_TOOLS"):
            list_beside_dvc(repo)
            diff_beside_dvc(repo, count)


def read_one_by_one(repo: RepoBuilder) -> None:
    """Budget (c): every version by a reader that knows nothing yet, beside git and the document reader."""
    with repo.open() as repository:
        refs = [commit for ref, commit in repository.refs().ids.items() if ref.startswith("refs/tags/")]
        sample = [repository.peel(commit) for commit in refs[:: max(1, len(refs) // SAMPLE)]]
        blobs = {commit: blobs_of(repository, commit) for commit in sample}
        with cat_file(repo) as process:
            # Side by side and the best of some, so that all see the same machine.
            rows = [
                (
                    best(partial(read_cold, repository, one)),
                    best(partial(read_by_git, repo, blobs[one])),
                    best(partial(read_by, process, blobs[one])),
                )
                for one in sample
            ]
        ours, started, alone = zip(*rows, strict=True)
        source = DvcSource(Commits(repository))
        together = timed(lambda: [source.manifest(commit, "model") for commit in sample])
        distinct = dict(pair for one in blobs.values() for pair in one.items())
        bulk = timed(lambda: read_by_git(repo, distinct))
    mine = statistics.median(ours)
    print(f"one version, {len(blobs[sample[0]])} blobs        {mine * 1e3:7.2f} ms")
    print(f"  x git cat-file --batch + reader  {mine / statistics.median(started):6.2f}   budget 2")
    print(f"  x the same, git running already  {mine / statistics.median(alone):6.2f}")
    print(f"{len(sample)} versions, each blob once      {together / bulk:6.2f}")


def read_cold(repository: Repository, commit: str) -> None:
    """One version by a reader that knows nothing yet."""
    DvcSource(Commits(repository)).manifest(commit, "model")


def blobs_of(repository: Repository, commit: str) -> dict[str, str]:
    """Blob id -> path of the documents that reading the version reads."""
    read: dict[str, str] = {}

    class Noting(Commits):
        def document_of(self, blob_id: str, path: str, reader: object = None) -> object:  # type: ignore[override]
            read[blob_id] = path
            return super().document_of(blob_id, path, reader) if reader else super().document_of(blob_id, path)  # type: ignore[arg-type]

    DvcSource(Noting(repository)).manifest(commit, "model")
    return read


def read_by_git(repo: RepoBuilder, blobs: dict[str, str]) -> None:
    """A process of git's own, and the document reader."""
    with cat_file(repo) as process:
        read_by(process, blobs)


def cat_file(repo: RepoBuilder) -> subprocess.Popen[bytes]:
    """git, waiting for ids; ended with the `with` block."""
    command = ["git", "cat-file", "--batch"]
    environment = scrubbed_environment(repo.home)
    return subprocess.Popen(
        command, cwd=repo.folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1 << 16
    )


def read_by(process: subprocess.Popen[bytes], blobs: dict[str, str]) -> None:
    """Ask for every blob, read it as what it is."""
    assert process.stdin
    assert process.stdout
    for blob, path in blobs.items():
        process.stdin.write(blob.encode() + b"\n")
        process.stdin.flush()
        size = int(process.stdout.readline().split()[2])
        content = process.stdout.read(size + 1)[:-1]
        (read_yaml if path.endswith(_YAML) else reader_of(path))(content, name=path)


def list_beside_dvc(repo: RepoBuilder) -> None:
    """Budget (a)."""
    theirs = cost(repo, tool("dvc"), "metrics", "show", "-T", "--json")
    cold = []
    for _ in range(3):
        shutil.rmtree(repo.git_dir / "mlver", ignore_errors=True)
        cold.append(cost(repo, mlver(), "list", "--json"))
    warm = [cost(repo, mlver(), "list", "--json") for _ in range(5)]
    print(f"dvc metrics show -T --json  {theirs}")
    print(f"mlver list --json, cold     {min(cold)}   {theirs.over(min(cold))}   budget 10")
    print(f"mlver list --json, warm     {min(warm)}   {theirs.over(min(warm))}   budget 100")


def diff_beside_dvc(repo: RepoBuilder, count: int) -> None:
    """Budget (b)."""
    pair = ("v1", f"v{count - 1}")
    theirs = min(cost(repo, tool("dvc"), "params", "diff", "--json", *pair) for _ in range(3))
    ours = min(cost(repo, mlver(), "diff", *pair) for _ in range(3))
    print(f"dvc params diff             {theirs}")
    print(f"mlver diff                  {ours}   {theirs.over(ours)}   budget 2")


class Cost(NamedTuple):
    """What a command took, in seconds."""

    wall: float
    cpu: float
    """On a busy machine this is the one to go by."""

    def __str__(self) -> str:
        return f"{self.wall:7.2f} s, {self.cpu:6.2f} s of CPU"

    def over(self, less: Cost) -> str:
        """How many times more than the other."""
        return f"{self.wall / less.wall:6.1f} x faster, {self.cpu / less.cpu:6.1f} x by CPU"


def cost(repo: RepoBuilder, program: Path, *words: str) -> Cost:
    """A command in the repository; one that fails ends the measuring."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [program, *words], cwd=repo.folder, env=tool_environment(repo.home), capture_output=True, check=False
    )
    wall = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"{program.name} {' '.join(words)}: {done.stderr.decode(errors='replace')}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def mlver() -> Path:
    """The command beside this interpreter."""
    return Path(sys.executable).parent / "mlver"


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some calls."""
    return min(timed(work) for _ in range(5))


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
