"""Thousands of recorded versions within seconds, made by `git fast-import`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from mlver.manifests.writing import write_manifest
from mlver.model.manifest import FileFact, Resources
from mlver.model.metric import Metric
from mlver.model.person import Person
from tests.support.git import FIRST_SECOND, RepoBuilder
from tests.support.manifests import ACCURACY, training

CODE = {f"src/part{number}.py": f"# part {number}\n".encode() * 20 for number in range(12)}
"""What every version's tree holds beside its receipt."""


def run_id(number: int) -> str:
    """The run id of the version with that number."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    tail = "".join(letters[number >> 5 * place & 31] for place in range(6))
    return f"r{hashlib.sha256(b'%d' % (number // 2)).hexdigest()[:8]}-{tail}"


def realistic_manifest(number: int) -> bytes:
    """A whole receipt; every second one repeats its recipe, one in seven changes the learning rate."""
    digests = [hashlib.sha256(f"{number} {part}".encode()).hexdigest() for part in range(8)]
    first = training()
    steps = tuple(
        replace(
            step,
            started="2026-11-21T10:00:00Z",
            wall_s=1.25 + number % 7,
            cpu_s=2.5,
            peak_rss_bytes=81_234_944,
            exit=0,
            inputs=(*step.inputs, *(FileFact(path=path, sha256=digests[0], size=200) for path in list(CODE)[:4])),
        )
        for step in first.steps
    )
    params = {"optimiser": {"lr": 0.1 / (1 + number % 7)}, "train": {"epochs": 40}, "model": {"hidden": 32}, "seed": 42}
    accuracy = Metric(value=0.9 + number % 97 / 1000, meaning=ACCURACY)
    manifest = training(
        run=run_id(number),
        recipe=f"sha256:{hashlib.sha256(b'%d' % (number // 2)).hexdigest()}",
        family=f"sha256:{digests[1]}",
        result=f"sha256:{digests[2]}",
        created="2026-11-21T10:00:00Z",
        ended="2026-11-21T10:00:04Z",
        author=Person(name="Ada Example", email="ada@example.org"),
        host="box-3",
        writer="mlver 0.1.0",
        reason=f"try {number}" if number % 3 == 0 else None,
        parent=run_id(number - 1) if number else None,
        params=params,
        steps=steps,
        metrics={"accuracy": accuracy, "loss": Metric(value=digests[3][:6])},
        resources=Resources(wall_s=4.2, cpu_s=5.5, peak_rss_bytes=81_234_944),
    )
    return write_manifest(manifest)


def record_many(repo: RepoBuilder, count: int, manifest_of: Callable[[int], bytes] = realistic_manifest) -> None:
    """Record `count` versions of `digits` in the repository, a minute apart; none of their commits has a branch."""
    head = repo.commit(dict(CODE))
    # Made to be thrown away: without waiting for the disk it takes a tenth of the time.
    repo.git("-c", "core.fsync=none", "fast-import", "--quiet", content=b"".join(_script(head, count, manifest_of)))


def _script(head: str, count: int, manifest_of: Callable[[int], bytes]) -> Iterator[bytes]:
    for number in range(count):
        yield b"commit refs/mlver/runs/digits/%s\n" % run_id(number).encode()
        yield b"committer Ada Example <ada@example.org> %d +0000\n" % (FIRST_SECOND + 60 * number)
        yield _data(b"Run %d" % number)
        yield b"from %s\n" % head.encode()
        for path, content in ((b"version.yaml", manifest_of(number)), (b"log.txt", b"epoch 1\nepoch 2\n")):
            yield b"M 100644 inline .mlver/%s\n" % path
            yield _data(content)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
