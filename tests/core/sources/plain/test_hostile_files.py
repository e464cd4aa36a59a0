"""Whatever a file holds, the version it is in can be read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlver.errors import MlverError
from mlver.sources.commits import Commits
from mlver.sources.plain.source import PlainSource
from tests.support.git import RepoBuilder

PATHS = (
    "params.yaml", "config.json", "conf/a.toml", "metrics.json", "metrics/a.yaml", "metrics/b.csv", "metrics.csv",
    "history.csv", "trainer_state.json", "dvclive/plots/metrics/a.tsv", "uv.lock", "poetry.lock", "Pipfile.lock",
    "pylock.toml", "environment.yml", "requirements.txt", "mlver.yaml", ".gitattributes", "model.pt", "data/train.csv",
)  # fmt: skip
PIECES = (
    b"a: 1\n", b"{", b"}", b'"a": ', b"[", b"]", b"- x\n", b"\t", b"\xff", b"\x00", b"<<<<<<< a\n=======\n>>>>>>> b\n",
    b"[[package]]\n", b'name = "a"\n', b'version = "1"\n', b"step,loss\n", b"1,2\n", b"nan,inf,-1e999\n", b"---\n",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 1\n", b'{"log_history": [', b"&a",
    b"*a", b"!!python/object/apply:os.system [x]\n", b"mlver: 1\nmodel: m\n",
    b"steps: {a: {run: x, params: config.json}}\n",
    b"* filter=lfs\n", b"[*** filter=lfs\n", b"dependencies: [a=1]\n", b"\r\n", "🙂".encode(), b"1e400", b"9" * 5000,
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    return RepoBuilder.create(Path(tmp_path_factory.mktemp("hostile")))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.dictionaries(st.sampled_from(PATHS), st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join)))
def test_any_content_gives_a_version_with_notes(hostile: RepoBuilder, files: dict[str, bytes]) -> None:
    place = hostile.commit_in_ref("refs/heads/hostile", {"src/config.yaml": b"fine: 1\n", **files})

    with hostile.open() as repository:
        source = PlainSource(Commits(repository))
        version = source.manifest(place, "m")
        packages = source.packages(place)
        with suppress(MlverError):
            source.curves(place)

    assert version.params.get("fine") == 1 or "mlver.yaml" in files
    assert all(note and "\n" not in note.strip() for note in version.notes)
    assert packages is None or all(isinstance(one, str) for one in packages.values())
