from __future__ import annotations

from msgspec.structs import replace

from mlver.diffing import leakage as module
from mlver.diffing.versions import compare_versions
from mlver.model.change import Kind
from mlver.model.comparison import Comparison
from mlver.model.leakage import Leakage, Overlap
from mlver.model.manifest import DataFacts
from tests.support.manifests import FilesInMemory, next_training, training, version

TRAIN = b"id,a,b\n1,x,1\n2,y,2\n3,z,3\n4,y,2\n"
EVAL_APART = b"id,a,b\n9,v,9\n8,w,8\n"
EVAL_LEAKED = b"id,a,b\n9,y,2\n8,w,8\n"


def compared(
    before: dict[str, bytes], after: dict[str, bytes], eval_path: str = "data/eval.csv", size: int = 10
) -> Comparison:
    """Two versions with a train and an evaluation set; the same bytes have the same digest."""

    def facts(files: dict[str, bytes]) -> tuple[DataFacts, ...]:
        paths = (("train", "data/train.csv"), ("eval", eval_path))
        return tuple(
            DataFacts(name=name, path=path, role=name, size=size, sha256=f"{hash(files.get(path)) % 16**8:064x}")
            for name, path in paths
        )

    sides = training(data=facts(before), params_from={}), next_training(data=facts(after), params_from={})
    return compare_versions(version(sides[0]), version(sides[1]), FilesInMemory(before, after))


def test_rows_in_both_sets_are_counted_on_each_side_whatever_their_key() -> None:
    found = compared(
        {"data/train.csv": TRAIN, "data/eval.csv": EVAL_APART}, {"data/train.csv": TRAIN, "data/eval.csv": EVAL_LEAKED}
    )

    assert found.leakage == (
        Leakage(
            train="train",
            evaluation="eval",
            before=Overlap(train_rows=0, eval_rows=0, eval_size=2, without=("id",)),
            after=Overlap(train_rows=2, eval_rows=1, eval_size=2, without=("id",)),
        ),
    )
    node = found.data.children[-1]
    assert (node.label, node.kind, node.note) == ("train rows also in eval", Kind.CHANGED, "0 in A, 2 in B")
    assert node.details[-1] == "whole rows are held against each other, without id"
    assert found.notes == ("B: 2 rows of train are also in eval (1 of its 2)",)


def test_nothing_is_said_aloud_where_no_row_is_in_both() -> None:
    files = {"data/train.csv": TRAIN, "data/eval.csv": EVAL_APART}

    found = compared(files, files)

    assert found.notes == ()
    assert (found.data.kind, found.data.children[-1].note) == (Kind.SAME, "0 in A and in B")


def test_rows_are_the_same_in_files_of_two_formats() -> None:
    files = {"data/train.csv": TRAIN, "data/eval.ndjson": b'{"a": "y", "b": 2}\n{"a": "w", "b": 8}\n'}

    found = compared(files, files, "data/eval.ndjson")

    assert found.leakage[0].after == Overlap(train_rows=2, eval_rows=1, eval_size=2)


def test_a_set_that_is_not_here_leaves_its_side_unknown() -> None:
    found = compared({"data/train.csv": TRAIN}, {"data/train.csv": TRAIN, "data/eval.csv": EVAL_LEAKED})

    assert found.leakage[0].before is None
    assert (found.data.children[-1].kind, found.data.children[-1].note) == (Kind.UNKNOWN, "? in A, 2 in B")


def test_large_sets_that_are_the_same_are_left_out_and_that_is_said() -> None:
    files = {"data/train.csv": TRAIN, "data/eval.csv": EVAL_LEAKED}

    found = compared(files, files, size=module.UNCHANGED_BYTES)

    assert found.leakage == ()
    assert found.notes == ("train in eval: not searched for equal rows: both are large and the same in A and B",)


def test_a_set_that_is_no_table_leaves_a_sentence() -> None:
    before = {"data/train.csv": TRAIN, "data/eval.csv": EVAL_APART}
    after = before | {"data/eval.csv": b"a,b\n1,2,3,4\n"}

    found = compared(before, after)

    assert found.leakage[0].after is None
    assert any(note.startswith("train in eval: not searched for equal rows:") for note in found.notes)


def test_sets_without_a_column_in_common_say_nothing() -> None:
    files = {"data/train.csv": TRAIN, "data/eval.csv": b"c\n1\n"}

    assert compared(files, files).leakage == ()


def test_other_roles_are_not_held_against_each_other() -> None:
    sides = [replace(one, data=(replace(one.data[0], role="extra"),)) for one in (training(), next_training())]

    assert compare_versions(version(sides[0]), version(sides[1]), FilesInMemory({}, {})).leakage == ()
