"""Over a line of 100 kbit/s: what a held key left behind is soon over."""

from __future__ import annotations

from pathlib import Path

from tests.support.git import RepoBuilder, scrubbed_environment
from tests.support.many_versions import record_many
from tests.support.probe import Probe
from tests.support.terminal import PROGRAMS

BYTES_PER_S = 100_000 / 8


def test_a_held_key_leaves_little_behind(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    record_many(repo, 150)
    environment = scrubbed_environment(repo.home) | {"COLORTERM": "truecolor"}
    with Probe((str(PROGRAMS / "mlver-tui"),), repo.folder, environment) as probe:
        probe.until("150/150")
        probe.settle()

        assert probe.hold("j", 3, BYTES_PER_S) <= 3
