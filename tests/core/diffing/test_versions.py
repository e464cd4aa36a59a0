from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mlver.diffing.versions import compare_versions
from mlver.errors import Interrupted, LimitReached, MlverError, ObjectMissing, StoreFailed
from mlver.model.change import Change, Kind
from mlver.model.comparison import Comparison
from mlver.model.data import Place
from mlver.model.manifest import Artifact, DataFacts, FileFact, LockFacts, Manifest
from mlver.progress import Progress
from tests.support.manifests import FilesInMemory, next_training, training, version

PARAMS_BEFORE = b"# defaults\noptimiser:\n  lr: 0.1\ntrain:\n  epochs: 40\nseed: 42\n"
PARAMS_AFTER = b"optimiser:\n  lr: 0.03\ntrain:\n  epochs: 60\nseed: 42\n"
CHANGED_PARAMS: dict[str, Any] = {"optimiser": {"lr": 0.03}, "train": {"epochs": 60}, "seed": 42}

Files = Mapping[str, bytes | Path]


NO_FILES: Files = {}


def compared(
    after: Manifest,
    files_before: Files = NO_FILES,
    files_after: Files = NO_FILES,
    fails: dict[str, MlverError] | None = None,
) -> Comparison:
    contents = FilesInMemory(files_before, files_after)
    contents.fails.update(fails or {})
    return compare_versions(version(training()), version(after), contents)


def leaves(change: Change) -> dict[str, tuple[Kind, str]]:
    return {child.label: (child.kind, child.note) for child in change.children}


def artifact(path: str, sha256: str | None, size: int | None = 3) -> Artifact:
    return Artifact(path=path, sha256=sha256 and sha256 * 64, size=size)


def test_nothing_differs_between_a_version_and_its_copy() -> None:
    files = {"params.yaml": PARAMS_BEFORE, "train.py": b"x\n", "model.npy": b"abc"}

    found = compared(next_training(), files, files)

    trees = (found.params, found.data, found.code, found.environment, found.hardware, found.seeds, found.files)
    assert {tree.kind for tree in trees} == {Kind.SAME}
    assert {tree.count().total for tree in trees} == {0}
    assert (found.first_step, found.complete, found.notes) == (None, True, ())


def test_params_say_the_file_and_line_of_both_sides() -> None:
    found = compared(
        next_training(params=CHANGED_PARAMS), {"params.yaml": PARAMS_BEFORE}, {"params.yaml": PARAMS_AFTER}
    )

    lr = found.params.children[0].children[0]
    assert (lr.label, lr.note) == ("lr", "÷ 3.33")
    assert (lr.place_before, lr.place_after) == (Place("params.yaml", 3), Place("params.yaml", 2))
    assert found.params.count().same == 1


@pytest.mark.parametrize("content", [b"a: [", b"\xff"])
def test_params_are_compared_though_their_file_cannot_be_read(content: bytes) -> None:
    found = compared(next_training(params=CHANGED_PARAMS), {"params.yaml": content})

    assert found.params.count().changed == 2
    assert found.params.children[0].place_before is None
    assert len(found.notes) == 2
    assert found.complete, "the values are those of the manifests"


def test_params_of_a_version_without_any_are_removed() -> None:
    assert compared(next_training(params={})).params.count().removed == 3


def test_rows_of_data_are_told() -> None:
    data = (replace(training().data[0], rows=1437, sha256="8" * 64),)

    found = compared(next_training(data=data))

    thin = "\N{THIN SPACE}"
    assert leaves(found.data) == {
        "train": (Kind.CHANGED, f"1{thin}037 → 1{thin}437 rows (+400)"),
        "raw.csv": (Kind.SAME, ""),
    }


def test_data_whose_digest_is_not_known_is_unknown() -> None:
    data = (replace(training().data[0], sha256=None),)

    assert compared(next_training(data=data)).data.kind is Kind.UNKNOWN


def test_code_names_its_files_what_no_step_reads_and_how_many_lines_moved() -> None:
    before = {
        "train.py": b"a\nb\n",
        "prepare.py": b"same\n",
        "README.md": b"x\n",
        "old.py": b"1\n",
        "params.yaml": b"a",
    }
    after = {
        "train.py": b"a\nc\nd\n",
        "prepare.py": b"same\n",
        "README.md": b"y\n",
        "pic.png": b"\0",
        "params.yaml": b"b",
        "model.npy": b"pointer",
        "data/train.csv": b"pointer",
        "raw.csv": b"pointer",
        ".mlver/version.yaml": b"receipt",
    }

    assert leaves(compared(next_training(), before, after).code) == {
        "README.md": (Kind.CHANGED, "not an input, +1 −1"),
        "old.py": (Kind.REMOVED, "not an input, +0 −1"),
        "pic.png": (Kind.ADDED, "not an input, binary"),
        "prepare.py": (Kind.SAME, ""),
        "train.py": (Kind.CHANGED, "+2 −1"),
    }


def test_the_files_that_say_what_is_run_and_in_what_are_named() -> None:
    steps = tuple(replace(step, cwd="digits/src") for step in training().steps)
    environment = replace(training().environment, lock=LockFacts(path="digits/requirements.lock"))
    files = ("mlver.yaml", "digits/mlver.yaml", "digits/requirements.lock", "other/mlver.yaml")

    found = compared(
        next_training(steps=steps, environment=environment), dict.fromkeys(files, b"x\n"), dict.fromkeys(files, b"y\n")
    )

    assert leaves(found.code) == {
        "mlver.yaml": (Kind.CHANGED, "the project file, +1 −1"),
        "digits/mlver.yaml": (Kind.CHANGED, "the project file, +1 −1"),
        "digits/requirements.lock": (Kind.CHANGED, "the lock file, +1 −1"),
        "other/mlver.yaml": (Kind.CHANGED, "not an input, +1 −1"),
    }


def test_as_many_rows_with_another_digest_are_other_content() -> None:
    data = (replace(training().data[0], sha256="8" * 64),)

    assert leaves(compared(next_training(data=data)).data)["train"][1].endswith(" rows, other content")


@pytest.mark.parametrize(("tree", "kind"), [("1" * 40, Kind.SAME), ("2" * 40, Kind.CHANGED), (None, Kind.UNKNOWN)])
def test_code_that_cannot_be_listed_is_told_by_its_tree(tree: str | None, kind: Kind) -> None:
    after = next_training(code=replace(training().code, tree=tree))

    found = compared(after, fails={"files": ObjectMissing("the tree is not present here")})

    assert found.code.kind is kind
    assert found.notes[-1] == "code: the tree is not present here"


def test_artifacts_are_compared_by_digest_and_looked_into_when_they_are_here() -> None:
    before = training(
        artifacts=(artifact("a.bin", "1"), artifact("b.bin", "2"), artifact("c.bin", "3"), artifact("d", "4"))
    )
    after = next_training(
        artifacts=(artifact("a.bin", "1"), artifact("b.bin", "5"), artifact("e.bin", "6"), artifact("sub/d", "4"))
    )
    contents = FilesInMemory({"b.bin": b"\0bc"}, {"b.bin": b"\0bd"})

    found = compare_versions(version(before), version(after), contents).files

    assert leaves(found) == {
        "a.bin": (Kind.SAME, ""),
        "b.bin": (Kind.CHANGED, "33.3 % of bytes"),
        "c.bin": (Kind.REMOVED, "3 bytes"),
        "e.bin": (Kind.ADDED, "3 bytes"),
        "sub/d": (Kind.MOVED, "d → sub/d"),
    }
    assert found.children[1].children[0].label == "0x2"


def test_an_artifact_that_is_not_here_is_told_by_its_digest_alone() -> None:
    found = compared(next_training(artifacts=(artifact("model.npy", "6"),)), {}, {"model.npy": b"abc"})

    assert leaves(found.files) == {"model.npy": (Kind.CHANGED, "not present here")}
    assert found.complete


def test_an_artifact_without_a_digest_is_unknown_until_its_content_tells() -> None:
    after = next_training(artifacts=(artifact("model.npy", None),))

    assert leaves(compared(after).files) == {"model.npy": (Kind.UNKNOWN, "not present here")}
    assert compared(after, {"model.npy": b"\0"}, {"model.npy": b"\1"}).files.kind is Kind.CHANGED


def test_an_artifact_that_is_a_pipe_leaves_a_sentence(tmp_path: Path) -> None:
    pipe = tmp_path / "model.npy"
    os.mkfifo(pipe)

    found = compared(next_training(artifacts=(artifact("model.npy", "6"),)), {"model.npy": b"abc"}, {"model.npy": pipe})

    assert leaves(found.files) == {"model.npy": (Kind.CHANGED, "cannot be read")}
    assert found.notes == (*found.notes[:-1], "model.npy: model.npy is not a regular file")


def test_a_limit_makes_the_comparison_incomplete() -> None:
    after = next_training(artifacts=(artifact("model.npy", "6"),))

    found = compared(after, fails={"open_artifact": LimitReached("too large")})

    assert not found.complete
    assert found.notes[-1] == "model.npy: too large"


@pytest.mark.parametrize(
    ("position", "changes", "step", "why"),
    [
        (0, {"run": "python prepare.py -v"}, "prepare", "its command differs"),
        (0, {"cwd": "sub"}, "prepare", "its folder differs"),
        (0, {"inputs": (FileFact(path="prepare.py", sha256="9" * 64),)}, "prepare", "its input prepare.py differs"),
        (0, {"inputs": ()}, "prepare", "its input prepare.py is gone"),
        (1, {"outputs": (FileFact(path="model.npy", sha256="9" * 64),)}, "train", "its output model.npy differs"),
        (1, {"outputs": (FileFact(path="model.npy", sha256=None),)}, None, ""),
        (1, {"name": "fit"}, "fit", "it is new"),
    ],
)
def test_the_first_step_that_differs_is_named_with_its_cause(
    position: int, changes: dict[str, Any], step: str | None, why: str
) -> None:
    steps = list(training().steps)
    steps[position] = replace(steps[position], **changes)

    found = compared(next_training(steps=tuple(steps)))

    assert (found.first_step, found.first_step_why) == (step, why)


def test_an_output_that_differs_with_params_does_not_look_like_chance() -> None:
    steps = list(training().steps)
    steps[1] = replace(steps[1], outputs=(FileFact(path="model.npy", sha256="9" * 64),))

    found = compared(next_training(steps=tuple(steps), params={**training().params, "lr": 0.5}))

    assert (found.first_step, found.first_step_why) == ("train", "its output model.npy differs, and params differ")


def test_a_step_that_is_gone_is_named() -> None:
    found = compared(next_training(steps=training().steps[:1]))

    assert (found.first_step, found.first_step_why) == ("train", "it is gone")


def test_packages_come_from_the_versions() -> None:
    found = compare_versions(
        version(training(), {"numpy": "1.26.4"}), version(next_training(), {"numpy": "2.4.6"}), FilesInMemory({}, {})
    )

    (changed,) = [leaf for leaf in found.environment.leaves() if leaf.kind is Kind.CHANGED]
    assert (changed.label, changed.note) == ("numpy", "major, can move results")


def test_progress_is_told() -> None:
    told: list[Progress] = []
    after = next_training(artifacts=(artifact("model.npy", "6"),))

    compare_versions(version(training()), version(after), FilesInMemory({}, {}), report=told.append)

    assert told[-1] == Progress(doing="comparing model.npy", done=0, total=1)


def test_a_comparison_stops_when_asked() -> None:
    with pytest.raises(Interrupted):
        compare_versions(version(training()), version(next_training()), FilesInMemory({}, {}), should_stop=lambda: True)


def test_a_store_that_fails_never_ends_the_comparison() -> None:
    after = next_training(params=CHANGED_PARAMS, artifacts=(artifact("model.npy", "6"),))
    broken = StoreFailed("broken")

    found = compared(after, fails={"read": broken, "files": broken, "open_artifact": broken})

    assert found.params.count().changed == 2
    assert found.files.kind is Kind.CHANGED
    assert found.complete


def test_a_folder_that_is_recorded_as_one_shows_its_files() -> None:
    before = replace(training(), artifacts=(Artifact(path="data", sha256=None, checksum="md5:aa.dir", files=2),))
    after = next_training(artifacts=(Artifact(path="data", sha256=None, checksum="md5:bb.dir", files=2),))
    contents = FilesInMemory(NO_FILES, NO_FILES)
    contents.folders[before.run, "data"] = (fact("data/a", "1"), fact("data/b", "2"))
    contents.folders[after.run, "data"] = (fact("data/a", "1"), fact("data/c", "3"))

    (folder,) = compare_versions(version(before), version(after), contents).files.children

    assert (folder.kind, folder.note) == (Kind.CHANGED, "2 of 3 files differ")
    assert {leaf.label: leaf.kind for leaf in folder.children} == {
        "data/a": Kind.SAME,
        "data/b": Kind.REMOVED,
        "data/c": Kind.ADDED,
    }


def test_a_data_set_that_is_a_folder_shows_which_of_its_files_differ() -> None:
    sets = [(DataFacts(name="images", path="data", checksum=f"md5:{letter * 32}.dir", files=2),) for letter in "ab"]
    before, after = training(data=sets[0]), next_training(data=sets[1])
    contents = FilesInMemory(NO_FILES, NO_FILES)
    contents.folders[before.run, "data"] = (fact("data/a", "1"), fact("data/b", "2"))
    contents.folders[after.run, "data"] = (fact("data/a", "1"), fact("data/b", "3"))

    folder = compare_versions(version(before), version(after), contents).data.children[0]
    unlisted = compare_versions(version(before), version(after), FilesInMemory(NO_FILES, NO_FILES)).data.children[0]

    assert (folder.label, folder.note) == ("images", "1 of 2 files differ")
    assert {leaf.label: leaf.kind for leaf in folder.children} == {"data/a": Kind.SAME, "data/b": Kind.CHANGED}
    assert (unlisted.children, unlisted.note) == ((), "other content")


def fact(path: str, digit: str) -> FileFact:
    return FileFact(path=path, sha256=None, checksum="md5:" + digit * 32)


def test_files_of_a_folder_under_two_schemes_are_not_said_to_differ() -> None:
    before = training(artifacts=(Artifact(path="data", sha256=None, checksum="md5-dos2unix:aa.dir", files=1),))
    after = next_training(artifacts=(Artifact(path="data", sha256=None, checksum="md5:bb.dir", files=1),))
    contents = FilesInMemory(NO_FILES, NO_FILES)
    for run, scheme in ((before.run, "md5-dos2unix"), (after.run, "md5")):
        contents.folders[run, "data"] = (FileFact(path="data/a", sha256=None, checksum=f"{scheme}:{'1' * 32}"),)

    (folder,) = compare_versions(version(before), version(after), contents).files.children

    assert folder.kind is Kind.UNKNOWN
    assert folder.note == "hash scheme changed, 0 of 1 file differs, 1 not known"


def test_a_file_under_another_name_is_one_file_with_its_lines_counted() -> None:
    lines = b"".join(b"line %03d of the file\n" % number for number in range(20))
    before = {"train.py": b"x\n", "helper.py": lines, "same.py": b"y\n"}
    after = {"train.py": b"x\n", "lib/helping.py": lines + b"and one\n", "lib/same.py": b"y\n"}

    found = compared(next_training(), before, after).code

    changed = {child.label: (child.kind, child.before, child.note) for child in found.children if child.is_change}
    assert changed == {
        "lib/helping.py": (Kind.MOVED, "helper.py", "not an input, 98 % alike, +1 −0"),
        "lib/same.py": (Kind.MOVED, "same.py", "not an input"),
    }


@pytest.mark.parametrize("what", ["predictions", "history"])
def test_what_a_project_below_the_top_writes_is_no_code_there_and_what_is_called_so_at_the_top_is(what: str) -> None:
    said = "metrics/written.csv"
    steps = tuple(replace(step, cwd="models/digits", outputs=()) for step in training().steps)
    changes: dict[str, Any] = {"steps": steps, "predictions": None, "history": None, what: said}
    files = {said: b"1\n", f"models/digits/{said}": b"1\n"}, {said: b"2\n", f"models/digits/{said}": b"2\n"}

    found = compare_versions(
        version(replace(training(), **changes)),
        version(next_training(**changes)),
        FilesInMemory(*files),
    )

    assert [leaf.label for leaf in found.code.children] == [said]
