"""What follows from a registry, beyond what the real one shows."""

from __future__ import annotations

from mlver.sources.mlflow.records import RegisteredVersion
from mlver.sources.mlflow.registry import registry_ledger
from mlver.sources.mlflow.values import run_of_source


def test_of_several_versions_in_a_stage_the_highest_counts() -> None:
    versions = [
        RegisteredVersion(
            model="m", version=number, run_id=f"r{number}", stage="Production", entry=f"m/version-{number}"
        )
        for number in (10, 9)
    ]

    ledger = registry_ledger(versions, ["a problem"])

    assert [(one.stage, one.version, one.place) for one in ledger.holders] == [("Production", "v10", "r10")]
    assert [one.version for one in ledger.releases] == ["v10", "v9"]
    assert ledger.problems == ("a problem",)


def test_a_version_without_a_run_has_that_of_its_source() -> None:
    run = "0123456789abcdef0123456789abcdef"

    assert run_of_source(f"runs:/{run}/model") == run
    assert run_of_source(f"file:///tmp/mlruns/0/{run}/artifacts/model") == run
    assert run_of_source("s3://bucket/model") == ""
