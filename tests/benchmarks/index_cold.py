"""The cold index beside the YAML loader alone, and what one new version costs.

    python tests/benchmarks/index_cold.py [VERSIONS]        10,000 unless told; needs a minute per 10,000

Budgets: cold no slower than `yaml.CSafeLoader` on the same manifests; one new version among them within 250 ms.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from pathlib import Path

import yaml

from mlver.project import Project
from mlver.sources.native import MANIFEST_PATH
from mlver.store.repository import Repository
from tests.support.git import RepoBuilder
from tests.support.many_versions import record_many


def main() -> None:
    """Build, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="mlver-benchmark-") as folder:
        repo = RepoBuilder.create(Path(folder))
        record_many(repo, count + 1)
        last = repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/mlver/runs").split("\n")[0].split()
        repo.git("update-ref", "-d", last[0])
        repo.git("pack-refs", "--all")
        measure(repo, Path(folder) / "cache", last)


def measure(repo: RepoBuilder, cache: Path, last: list[str]) -> None:
    """Cold and warm, the loader between the two halves so that both see the same machine."""
    manifests = manifests_of(repo)
    loader = timed(lambda: [yaml.load(one, Loader=yaml.CSafeLoader) for one in manifests])
    with opened(repo, cache) as project:
        cold = timed(project.refresh)
    loader = min(loader, timed(lambda: [yaml.load(one, Loader=yaml.CSafeLoader) for one in manifests]))
    print(f"{len(manifests)} versions, {sum(map(len, manifests)) / len(manifests) / 1024:.1f} KiB each")
    print(f"cold index       {cold:7.2f} s   {cold / loader:.2f} x yaml.CSafeLoader ({loader:.2f} s)")
    with opened(repo, cache) as project:
        print(f"remembered list  {timed(project.remembered):7.3f} s")
        print(f"nothing new      {timed(project.refresh):7.3f} s")
        repo.git("update-ref", last[0], last[1])
        print(f"one new version  {timed(project.refresh):7.3f} s   budget 0.250 s")


def manifests_of(repo: RepoBuilder) -> list[bytes]:
    """Every manifest's bytes."""
    with repo.open() as repository:
        assert isinstance(repository, Repository)
        return [
            repository.read(commit, MANIFEST_PATH)
            for ref, commit in repository.refs().ids.items()
            if ref.startswith("refs/mlver/runs/")
        ]


def opened(repo: RepoBuilder, cache: Path) -> Project:
    """The project, opened."""
    return Project.open(repo.folder, environment={"HOME": str(cache)}, cache=cache)


def timed(work: object) -> float:
    """Seconds of one call."""
    gc.collect()
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
