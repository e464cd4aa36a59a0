from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from mlver.diffing.predictions import compare_flips
from mlver.diffing.versions import compare_versions
from mlver.errors import LimitReached, MlverError, ObjectMissing
from mlver.model.comparison import Comparison
from mlver.model.manifest import Artifact, FileFact, Manifest
from mlver.model.predictions import Tally
from mlver.model.version import Version
from tests.support.manifests import FilesInMemory, next_training, training, version

PATH = "metrics/predictions.csv"
BEFORE = b"row,truth,prediction\n1,a,b\n2,a,a\n3,b,b\n"
AFTER = b"row,truth,prediction\n1,a,a\n2,a,a\n3,b,b\n"


def predicting(manifest: Manifest, path: str = PATH) -> Manifest:
    """The same training, the last step of which writes predictions."""
    *first, last = manifest.steps
    made = FileFact(path=path, sha256="9" * 64)
    return replace(manifest, steps=(*first, replace(last, outputs=(*last.outputs, made))), predictions=path)


def compared(
    before: bytes | Path | None, after: bytes | Path | None, path: str = PATH, failure: MlverError | None = None
) -> Comparison:
    contents = FilesInMemory(*({path: side} if side is not None else {} for side in (before, after)))
    if failure:
        contents.fails["open_artifact"] = failure
    return compare_versions(version(predicting(training(), path)), version(predicting(next_training(), path)), contents)


def told(found: Comparison) -> list[str]:
    return [note for note in found.notes if "predictions" in note]


def test_predictions_are_joined_when_both_versions_have_them() -> None:
    found = compared(BEFORE, AFTER)

    assert found.predictions is not None
    assert found.predictions.flips is not None
    assert found.predictions.flips.tally == Tally(fixed=1, both_right=2)
    assert (found.complete, told(found)) == (True, [])


def test_flips_are_told_without_reading_anything_else() -> None:
    before, after = (version(predicting(make())) for make in (training, next_training))
    contents = FilesInMemory({PATH: BEFORE}, {PATH: AFTER})
    opened: list[str] = []
    open_artifact = contents.open_artifact

    def noted(version: Version, artifact: Artifact) -> Path | bytes | None:
        opened.append(artifact.path)
        return open_artifact(version, artifact)

    contents.open_artifact = noted  # type: ignore[method-assign]
    contents.fails = dict.fromkeys(("files", "members", "committed"), ObjectMissing("not to be asked"))

    found = compare_flips(before, after, contents)

    assert found.predictions == compared(BEFORE, AFTER).predictions
    assert (opened, found.complete, found.notes) == ([PATH, PATH], True, ())


def test_versions_that_name_no_predictions_have_none_and_nothing_is_said() -> None:
    found = compare_versions(version(training()), version(next_training()), FilesInMemory({}, {}))

    assert (found.predictions, told(found)) == (None, [])


def test_a_path_is_meant_from_the_folder_of_the_project_file() -> None:
    *first, last = training().steps
    step = replace(last, cwd="parity", outputs=(FileFact(path="parity/metrics/predictions.csv", sha256="9" * 64),))
    changes = {"steps": (*(replace(one, cwd="parity") for one in first), step), "predictions": PATH}
    files = {"parity/metrics/predictions.csv": BEFORE}

    found = compare_versions(
        version(training(**changes)), version(next_training(**changes)), FilesInMemory(files, files)
    )

    assert found.predictions is not None


def test_predictions_of_a_version_that_knows_no_digest_are_read_from_its_snapshot() -> None:
    before, after = version(training(predictions=PATH)), version(next_training(predictions=PATH))

    found = compare_versions(before, after, FilesInMemory({PATH: BEFORE}, {PATH: AFTER}))

    assert found.predictions is not None


@pytest.mark.parametrize("name", ["p.tsv", "p.jsonl", "p.parquet"])
def test_other_tables_are_read_too(name: str, tmp_path: Path) -> None:
    import polars as pl

    table = pl.read_csv(BEFORE)
    if name.endswith("parquet"):
        table.write_parquet(tmp_path / name)
    elif name.endswith("jsonl"):
        table.write_ndjson(tmp_path / name)
    else:
        table.write_csv(tmp_path / name, separator="\t")

    found = compared(tmp_path / name, tmp_path / name, name)

    assert found.predictions is not None
    assert found.predictions.matched.shared == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "not present here"),
        (b"", "predictions.csv: no table"),
        (b"\x00\xff\x00", "predictions.csv: no table"),
        (b"row,truth,prediction\n1,a,b,c,d\n2,a", "predictions.csv: "),
        (b"row,truth,prediction\n1,a,a\n1,a,b\n", "the row key 1 stands there 2 times"),
        (b"epoch,loss\n1,2\n", "no column is called truth"),
        (b'row,truth,prediction\n"1,a,a\n', "predictions.csv: "),
    ],
)
def test_predictions_that_cannot_be_read_are_said_and_the_rest_is_compared(content: bytes | None, said: str) -> None:
    found = compared(BEFORE, content)

    assert found.predictions is None
    assert any(said in note for note in found.notes), found.notes
    assert found.metrics


@pytest.mark.parametrize("keys", [[b"\xff", b"\xfe"], [{"a": 1}, {"a": 2}], [[1], [2]], [None, None]])
def test_columns_of_types_that_are_no_keys_are_said(keys: list[object], tmp_path: Path) -> None:
    import polars as pl

    rows = {"row": keys, "truth": ["a", "b"], "prediction": ["a", "a"]}
    pl.DataFrame(rows).write_parquet(tmp_path / "p.parquet")

    found = compared(tmp_path / "p.parquet", tmp_path / "p.parquet", "p.parquet")

    assert found.predictions is None or found.predictions.flips is None
    assert told(found)


def test_numbers_dates_and_truth_values_are_labels_too(tmp_path: Path) -> None:
    import polars as pl

    rows = {"row": [date(2026, 1, 1), date(2026, 1, 2)], "truth": [True, False], "prediction": [True, True]}
    pl.DataFrame(rows).write_parquet(tmp_path / "p.parquet")

    found = compared(tmp_path / "p.parquet", tmp_path / "p.parquet", "p.parquet")

    assert found.predictions is not None
    assert found.predictions.flips is not None
    assert found.predictions.flips.tally == Tally(both_right=1, both_wrong=1)


def test_a_limit_that_is_hit_makes_the_comparison_incomplete() -> None:
    found = compared(BEFORE, AFTER, failure=LimitReached("predictions.csv holds more than 1 byte"))

    assert found.predictions is None
    assert not found.complete


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "predictions.csv"
    large.write_bytes(BEFORE * 200)
    with large.open("r+b") as file:
        file.truncate((256 << 20) + 1)  # a hole: it takes no room

    found = compared(large, AFTER)

    assert found.predictions is None
    assert not found.complete
    assert "holds more than 256 MiB" in told(found)[0]


def test_what_stands_on_one_side_alone_is_a_note() -> None:
    found = compared(BEFORE + b"4,,a\n", AFTER)

    assert told(found) == ["predictions: 1 row of A without key, truth or prediction left out"]
