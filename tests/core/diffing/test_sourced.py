"""Texts of two versions come from where each file is: the snapshot, or the store of outputs."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from mlver.diffing.sourced import text_of
from mlver.errors import FileNotFoundInVersion, LimitReached, ObjectMissing
from mlver.model.manifest import Artifact
from mlver.sources.source import Source
from tests.support.manifests import training, version

LIMIT = 100


class OutputsApart:
    """A source whose outputs are not in git, as DVC's and a store's are."""

    def __init__(self, outputs: dict[str, bytes | Path]) -> None:
        self._outputs = outputs

    def read(self, place: str, path: str, limit: int) -> bytes:  # noqa: ARG002  # a Source is asked
        if path != "train.py":
            raise FileNotFoundInVersion(f"no file {path}")
        return b"code"

    def open_artifact(self, place: str, artifact: Artifact) -> Path | bytes | None:  # noqa: ARG002  # likewise
        return self._outputs.get(artifact.path)


def text(path: str, outputs: dict[str, bytes | Path]) -> bytes:
    made = replace(training(), artifacts=(Artifact(path="out.txt", sha256=None, checksum="md5:" + "1" * 32),))
    return text_of(cast("Source", OutputsApart(outputs)), version(made), path, LIMIT)


def test_an_output_that_git_does_not_have_is_read_from_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"output")

    assert text("out.txt", {"out.txt": tmp_path / "kept"}) == b"output"
    assert text("train.py", {}) == b"code"
    assert text("gone.py", {}) == b""


def test_an_output_that_is_not_here_is_not_taken_for_an_empty_one() -> None:
    with pytest.raises(ObjectMissing, match=r"out\.txt .* is not present here"):
        text("out.txt", {})


def test_an_output_too_large_to_be_shown_is_refused() -> None:
    with pytest.raises(LimitReached):
        text("out.txt", {"out.txt": b"x" * (LIMIT + 1)})
