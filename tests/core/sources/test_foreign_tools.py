"""What becomes of the tests with real tools where these are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.foreign_tools import WHERE, tool


@pytest.mark.parametrize("name", ["dvc", "mlflow", "gto"])
def test_without_a_tool_its_tests_are_skipped_with_the_reason_and_fail_where_they_must_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(WHERE, str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MLVER_REAL_PARTS", raising=False)

    with pytest.raises(pytest.skip.Exception, match=f"{name} is not installed: run .ci/foreign-tools"):
        tool(name)
    monkeypatch.setenv("MLVER_REAL_PARTS", "1")
    with pytest.raises(pytest.fail.Exception, match=f"{name} is not installed"):
        tool(name)


def test_a_tool_is_taken_from_the_folder_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = tmp_path / "dvc"
    made.write_text("#!/bin/sh\n")
    made.chmod(0o755)
    monkeypatch.setenv(WHERE, str(tmp_path))

    assert tool("dvc") == made
