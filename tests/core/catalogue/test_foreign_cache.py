"""What lies outside git and comes later is seen when it is there."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path

from tests.support.foreign_repos import opened
from tests.support.git import RepoBuilder

METRICS = b'{"accuracy": 0.5}\n'
CHECKSUM = md5(METRICS, usedforsecurity=False).hexdigest()
PIPELINE = {
    ".dvc/config": "",
    "dvc.yaml": "stages:\n  evaluate:\n    cmd: python evaluate.py\n    metrics: [m.json]\n",
    "dvc.lock": (
        "schema: '2.0'\nstages:\n  evaluate:\n    cmd: python evaluate.py\n    outs:\n"
        f"    - path: m.json\n      hash: md5\n      md5: {CHECKSUM}\n      size: {len(METRICS)}\n"
    ),
}


def test_metrics_that_were_fetched_since_are_listed(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(PIPELINE)
    with opened(repo) as project:
        (before,) = project.refresh().rows
        kept = repo.folder / ".dvc" / "cache" / "files" / "md5" / CHECKSUM[:2] / CHECKSUM[2:]
        kept.parent.mkdir(parents=True)
        kept.write_bytes(METRICS)
        (after,) = project.refresh().rows

    with opened(repo) as project:
        (again,) = project.refresh().rows

    assert dict(before.metrics) == {}
    assert [row.metrics["accuracy"].value for row in (after, again)] == [0.5, 0.5]
