from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import md5
from pathlib import Path
from threading import Event

import polars as pl
import pytest
from msgspec.structs import replace

from mlver.comparing import table_profile
from mlver.diffing.table_drift import Looking, compare_with_drift
from mlver.diffing.versions import compare_versions
from mlver.errors import Interrupted, ObjectMissing
from mlver.formats.blob import Blob, Pair
from mlver.formats.table_scans import TableFiles
from mlver.model.change import Change, Kind
from mlver.model.comparison import Comparison
from mlver.model.manifest import Artifact, DataFacts, FileFact, Manifest
from mlver.model.version import Version
from mlver.progress import Progress, never
from tests.support.manifests import FilesInMemory, next_training, training, version

TABLE = pl.DataFrame(
    {
        "id": range(1000),
        "size": [float(number % 97) for number in range(1000)],
        "colour": ["red" if number % 3 else "blue" for number in range(1000)],
        "label": [number % 2 for number in range(1000)],
    }
)
MOVED = TABLE.with_columns(pl.col("size") + 40, colour=pl.lit("red"))


def written(table: pl.DataFrame, suffix: str) -> bytes:
    """A table as bytes of a kind of file."""
    if suffix in {".csv", ".tsv"}:
        return table.write_csv(separator="," if suffix == ".csv" else "\t").encode()
    file = io.BytesIO()
    table.write_parquet(file) if suffix == ".parquet" else table.write_ndjson(file)
    return file.getvalue()


def compared(
    before: bytes | Path | None,
    after: bytes | Path | None,
    path: str = "data/train.csv",
    targets: Sequence[str | None] = (None, None),
) -> Comparison:
    """Two versions whose data set `train` is that."""
    facts = [
        DataFacts(name="train", path=path, role="train", sha256=digit * 64, target=target)
        for digit, target in zip("12", targets, strict=True)
    ]
    files = [{path: content} if content is not None else {} for content in (before, after)]
    sides = training(data=(facts[0],)), next_training(data=(facts[1],))
    return compare_versions(version(sides[0]), version(sides[1]), FilesInMemory(*files))


def node(found: Comparison, *labels: str) -> Change:
    """The node under these labels, from the data set `train` down."""
    at = found.data
    for label in ("train", *labels):
        at = next(child for child in at.children if child.label == label)
    return at


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".ndjson", ".jsonl"])
def test_drift_of_every_kind_of_table_is_told(suffix: str) -> None:
    found = compared(written(TABLE, suffix), written(MOVED, suffix), f"data/train{suffix}")

    assert node(found).note == "other content, 2 columns drifted"
    assert node(found, "drift").note == "2 of 2 columns moved"
    assert node(found, "drift", "size").kind is Kind.CHANGED
    assert node(found, "drift", "colour").note == "TV 0.334: large drift, blue 33.4 % → 0.0 %"
    assert node(found, "labels").kind is Kind.SAME
    assert found.complete


def test_a_file_on_disk_is_read_where_it_lies(tmp_path: Path) -> None:
    for name, table in (("[a]*.csv", TABLE), ("b.csv", MOVED)):
        (tmp_path / name).write_bytes(written(table, ".csv"))

    found = compared(tmp_path / "[a]*.csv", tmp_path / "b.csv")

    assert node(found, "drift").note == "2 of 2 columns moved"


def test_columns_say_the_type_of_their_texts() -> None:
    before = b"a,b,c\n1,x,1\n2,y,2\n"
    after = b"a,b,d\n1.5,x,1\n2,y,2\n"

    found = compared(before, after)

    told = {child.label: (child.kind, child.note) for child in node(found, "columns").children}
    assert told == {
        "a": (Kind.CHANGED, "integer → number"),
        "b": (Kind.SAME, "text"),
        "c": (Kind.REMOVED, "gone"),
        "d": (Kind.ADDED, "new"),
    }


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".ndjson"])
def test_dates_tell_from_when_to_when_and_drift_like_numbers(suffix: str) -> None:
    before = pl.DataFrame({"at": [datetime(2026, 1, 1) + timedelta(hours=hour) for hour in range(400)] + [None]})  # noqa: DTZ001
    before = before.with_columns(day=pl.col("at").cast(pl.Date))
    after = before.with_columns(pl.col("day").dt.offset_by("9d"))

    found = compared(written(before, suffix), written(after, suffix), f"data/train{suffix}")

    assert [(one.label, one.note) for one in node(found, "columns").children] == [
        ("at", "date and time"),
        ("day", "date"),
    ]
    at, day = node(found, "dates").children
    assert (at.kind, at.before) == (Kind.SAME, "2026-01-01 00:00:00 to 2026-01-17 15:00:00")
    assert (day.kind, day.before, day.after) == (
        Kind.CHANGED,
        "2026-01-01 to 2026-01-17",
        "2026-01-10 to 2026-01-26",
    )
    assert node(found, "drift", "day").kind is Kind.CHANGED
    assert node(found, "drift", "day").note.startswith("PSI")
    assert node(found, "drift", "at").kind is Kind.SAME
    assert {one.label: one.before for one in node(found, "missing").children} == {"at": 1, "day": 1}


@pytest.mark.parametrize("text", ["9999-12-31", "0000-01-01", "0001-01-01T00:00:00.000000001", "2026-13-45"])
def test_dates_at_the_ends_of_time_break_nothing(text: str) -> None:
    content = f"day\n{text}\n2026-01-01\n".encode()

    found = compared(content, content + b"2026-01-02\n")

    assert node(found, "columns").note == "1 column"


def test_a_moment_in_no_year_that_can_be_written_is_told_by_its_number() -> None:
    table = pl.DataFrame({"at": [0, 2**63 - 1]}).cast(pl.Datetime("us"))

    found = compared(written(table, ".parquet"), written(table.reverse(), ".parquet"), "data/train.parquet")

    assert node(found, "dates", "at").before == "1970-01-01 00:00:00 to 9223372036854775807 microseconds since 1970"


def test_missing_cells_are_counted_by_column() -> None:
    found = compared(b"a,b\n1,2\n,3\n", b"a,b\nnan,2\n,\n")

    assert [(one.label, one.before, one.after) for one in node(found, "missing").children] == [("a", 1, 2), ("b", 0, 1)]
    assert node(found, "missing").note == "in 2 columns"


def test_equal_rows_are_counted_apart_from_their_key() -> None:
    found = compared(b"id,a\n1,x\n2,y\n3,x\n", b"id,a\n1,x\n2,x\n3,x\n")

    duplicates = node(found, "duplicates")
    assert (duplicates.before, duplicates.after, duplicates.note) == (1, 2, "rows equal to an earlier one, without id")


def test_labels_are_counted_and_their_column_is_named() -> None:
    found = compared(b"x,Target\n1,a\n2,a\n3,b\n", b"x,Target\n1,a\n2,b\n3,b\n")

    labels = node(found, "labels")
    assert "column Target, guessed by its name" in labels.note
    assert [(one.label, one.before, one.after, one.note) for one in labels.children] == [
        ("a", 2, 1, "66.7 % → 33.3 %"),
        ("b", 1, 2, "33.3 % → 66.7 %"),
    ]


@pytest.mark.parametrize("targets", [("x", "churned"), ("churned", None)])
def test_the_project_may_name_the_column_that_is_learned(targets: tuple[str, str | None]) -> None:
    found = compared(b"label,churned\n1,no\n2,yes\n", b"label,churned\n1,no\n2,no\n", targets=targets)

    assert node(found, "labels").note.endswith("column churned, named in mlver.yaml")
    assert [child.label for child in node(found, "labels").children] == ["no", "yes"]
    assert [child.label for child in node(found, "drift").children] == ["label"]


def test_a_named_column_that_is_not_there_is_not_replaced_by_a_guess() -> None:
    found = compared(b"label,a\n1,no\n2,yes\n", b"label,churned\n1,no\n2,no\n", targets=("churned", "churned"))

    labels = node(found, "labels")
    assert (labels.kind, labels.children) == (Kind.UNKNOWN, ())
    assert labels.note.startswith("column churned, named in mlver.yaml: not in A")


@pytest.mark.parametrize("absent", [0, 1])
def test_data_that_is_not_here_says_so(absent: int) -> None:
    sides: list[bytes | None] = [written(TABLE, ".csv"), written(MOVED, ".csv")]
    sides[absent] = None

    found = compared(sides[0], sides[1])

    assert (node(found).note, node(found).details) == ("other content", ("not present here",))
    assert found.complete


DAMAGED: Sequence[bytes] = (b"", b"a,b\n1,2,3,4\n", b"PAR1 and no more", b"\0\1", b'a\n"unclosed', b"a,a\n1,2\n")


@pytest.mark.parametrize("content", DAMAGED)
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".ndjson"])
def test_a_damaged_table_is_compared_as_less_and_never_the_same(content: bytes, suffix: str) -> None:
    found = compared(written(TABLE, suffix), content, f"data/train{suffix}")

    assert node(found).kind is Kind.CHANGED


def test_data_that_cannot_be_read_leaves_a_sentence() -> None:
    files = FilesInMemory({}, {})
    files.fails["open_artifact"] = ObjectMissing("gone")
    changed = next_training(data=(replace(training().data[0], sha256="8" * 64),))

    found = compare_versions(version(training()), version(changed), files)

    assert any(note.endswith("gone") for note in found.notes)


def test_lists_in_cells_are_counted_and_not_looked_into() -> None:
    before, after = (b'{"a": [1], "b": 1}\n{"a": [2], "b": %d}\n' % number for number in (2, 3))

    found = compared(before, after, "data/train.ndjson")

    assert node(found, "duplicates").kind is Kind.UNKNOWN
    assert node(found, "columns").note == "2 columns"


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".ndjson"])
def test_it_is_told_how_far_the_rows_are_read_and_no_further_than_all(suffix: str, tmp_path: Path) -> None:
    sides = []
    for name, table in (("a", TABLE), ("b", MOVED)):
        sides.append(tmp_path / (name + suffix))
        sides[-1].write_bytes(written(table, suffix))
    told: list[Progress] = []

    pair = Pair(path=f"t{suffix}", before=Blob(sides[0]), after=Blob(sides[1]), report=told.append)
    compare_with_drift(pair, Looking(should_stop=never, report=told.append))

    counted = [one for one in told if one.total]
    assert counted, "the share that is done"
    assert all(one.done <= (one.total or 0) for one in counted)
    assert 1990 <= (counted[-1].total or 0) <= 2010, "the rows of both"


def test_a_stop_is_heard_while_a_table_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    is_reading, goes_on = Event(), Event()

    def slow(_table: TableFiles) -> int:
        is_reading.set()
        goes_on.wait(60)
        return 1

    monkeypatch.setattr(TableFiles, "rows_about", slow)
    before, after = (Blob(written(table, ".csv")) for table in (TABLE, MOVED))

    with pytest.raises(Interrupted):
        compare_with_drift(Pair(path="t.csv", before=before, after=after), Looking(should_stop=is_reading.is_set))
    goes_on.set()


def test_a_table_of_more_rows_than_are_held_is_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_profile, "SAMPLE_CELLS", 4 * 400)

    found = compared(written(TABLE, ".csv"), written(MOVED, ".csv"))

    thin = "\N{THIN SPACE}"
    assert f"of about 400 rows drawn from A's 1{thin}000" in node(found, "drift").note
    assert node(found, "drift", "size").kind is Kind.CHANGED, "and all rows are counted"
    assert node(found, "labels").children[0].before == 500


def test_a_table_among_the_outputs_tells_its_drift_and_one_that_is_a_data_set_tells_it_there() -> None:
    files = {"out.csv": written(TABLE, ".csv")}, {"out.csv": written(MOVED, ".csv")}
    sides = [
        make(artifacts=(Artifact(path="out.csv", sha256=digit * 64),))
        for make, digit in ((training, "1"), (next_training, "2"))
    ]

    def labels(*manifests: Manifest) -> list[str]:
        found = compare_versions(version(manifests[0]), version(manifests[1]), FilesInMemory(*files))
        return [child.label for child in found.files.children[0].children]

    data = (DataFacts(name="out", path="out.csv", sha256="1" * 64),)
    assert "drift" in labels(*sides)
    assert "drift" not in labels(*(replace(side, data=data) for side in sides))


def test_data_of_no_known_digest_is_what_its_content_says() -> None:
    content = written(TABLE, ".csv")
    facts = DataFacts(name="train", path="data/train.csv", role="train")
    files = {"data/train.csv": content}

    found = compare_versions(
        version(training(data=(facts,))), version(next_training(data=(facts,))), FilesInMemory(files, files)
    )

    assert node(found).kind is Kind.SAME


@pytest.mark.parametrize("name", ["*", "^.*$", "rows", "0", "value", ""])
def test_a_column_may_be_called_anything(name: str) -> None:
    sides = [
        table.rename({"size": name}).with_columns(other=pl.lit("x")).write_csv().encode() for table in (TABLE, MOVED)
    ]

    found = compared(sides[0], sides[1])

    assert node(found, "drift").note == "2 of 3 columns moved"
    assert node(found, "drift", name).kind is Kind.CHANGED
    assert node(found, "drift", "other").kind is Kind.SAME


TYPES = pl.DataFrame({"size": [1.5, 2.5], "other": ["x", "y"]})


def in_parts(table: pl.DataFrame, suffix: str, count: int) -> dict[str, bytes | Path]:
    """A folder of parts, and what tools leave beside them."""
    size = -(-table.height // count)
    parts = {f"data/train/part-{n}{suffix}": written(table.slice(n * size, size), suffix) for n in range(count)}
    return {**parts, "data/train/_SUCCESS": b"", "data/train/.part-0.crc": b"crc"}


def folders_compared(before: Mapping[str, bytes | Path], after: Mapping[str, bytes | Path], told_by: str) -> Comparison:
    """Two versions whose data set `train` is a folder, compared."""
    contents, sides = folders_of(before, after, told_by)
    return compare_versions(sides[0], sides[1], contents)


def folders_of(
    before: Mapping[str, bytes | Path], after: Mapping[str, bytes | Path], told_by: str
) -> tuple[FilesInMemory, list[Version]]:
    """Two versions whose data set `train` is a folder, listed as one or, as in recorded runs, by what a step read."""
    files = [
        tuple(
            FileFact(path=path, sha256=None, checksum=f"md5:{md5(content).hexdigest()}")
            for path, content in side.items()
            if isinstance(content, bytes)
        )
        for side in (before, after)
    ]
    sides = []
    for make, digit, listed in ((training, "1", files[0]), (next_training, "2", files[1])):
        folder = DataFacts(name="train", path="data/train", role="train", sha256=digit * 64)
        step = replace(training().steps[0], inputs=listed if told_by == "step" else ())
        sides.append(make(data=(folder,), steps=(step,)))
    contents = FilesInMemory(before, after)
    if told_by == "listing":
        contents.folders = {(side.run, "data/train"): listed for side, listed in zip(sides, files, strict=True)}
    return contents, [version(side) for side in sides]


@pytest.mark.parametrize(("suffix", "told_by"), [(".csv", "step"), (".parquet", "listing"), (".ndjson", "listing")])
def test_a_folder_of_parts_is_one_table(suffix: str, told_by: str) -> None:
    found = folders_compared(in_parts(TABLE, suffix, 3), in_parts(MOVED, suffix, 2), told_by)

    assert node(found, "drift").note == "2 of 2 columns moved"
    assert node(found, "labels").children[0].before == 500
    assert node(found).details == ("read as one table: the 3 files of A and 2 files of B",)
    assert "2 columns drifted" in node(found).note


def test_parts_of_different_columns_are_compared_file_by_file() -> None:
    before, after = in_parts(TABLE, ".csv", 2), in_parts(MOVED, ".csv", 2)
    for side in (before, after):
        side["data/train/part-9.csv"] = written(TYPES, ".csv")

    found = folders_compared(before, after, "listing")

    assert node(found).details == ("not read as one table: its files have not all the same columns and types",)
    assert node(found, "data/train/part-0.csv", "drift").note == "2 of 2 columns moved"
    assert node(found, "data/train/part-9.csv").kind is Kind.SAME


def test_a_limit_that_is_hit_in_a_part_makes_the_comparison_incomplete() -> None:
    before, after = in_parts(TABLE, ".csv", 2), in_parts(MOVED, ".csv", 2)
    for digit, side in zip("12", (before, after), strict=True):
        side["data/train/part-9.csv"] = ("," * 10_001 + f"\n{digit}\n").encode()

    found = folders_compared(before, after, "listing")

    assert not found.complete
    assert any(said.startswith("train: ") for said in found.notes)
    assert "a table of more than 10000 columns" in node(found, "data/train/part-9.csv").details[-1]


def test_a_folder_that_is_no_table_is_told_by_its_files_alone() -> None:
    before, after = ({**in_parts(table, ".csv", 2), "data/train/a.png": b"png"} for table in (TABLE, MOVED))

    found = folders_compared(before, after, "listing")

    assert node(found).details == ()
    assert node(found, "data/train/a.png").kind is Kind.SAME


def test_a_part_that_is_not_here_is_named() -> None:
    before, after = in_parts(TABLE, ".csv", 2), in_parts(MOVED, ".csv", 2)
    contents, whole = folders_of(before, after, "listing")
    del before["data/train/part-1.csv"]

    found = compare_versions(whole[0], whole[1], contents)

    assert node(found).details == ("not present here: data/train/part-1.csv",)
    assert found.complete


def test_rows_of_train_in_eval_are_found_among_parts() -> None:
    files = {**in_parts(TABLE, ".csv", 3), "data/eval.csv": written(TABLE.head(20), ".csv")}
    facts = tuple(
        DataFacts(name=name, path=path, role=name, sha256=digit * 64)
        for name, path, digit in (("train", "data/train", "1"), ("eval", "data/eval.csv", "2"))
    )
    listed = tuple(FileFact(path=path, sha256="3" * 64) for path in files if "train" in path)
    step = replace(training().steps[0], inputs=listed)
    sides = [make(data=facts, steps=(step,)) for make in (training, next_training)]

    found = compare_versions(version(sides[0]), version(sides[1]), FilesInMemory(files, files))

    assert [(one.train, one.after and one.after.eval_rows) for one in found.leakage] == [("train", 20)]
