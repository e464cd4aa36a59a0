from __future__ import annotations

from msgspec.structs import replace

from mlver.diffing.versions import compare_versions
from mlver.model.change import Change, Kind
from mlver.model.manifest import CodeFacts
from tests.support.manifests import FilesInMemory, next_training, training, version

DIRTY = CodeFacts(commit="c" * 40, tree="2" * 40, dirty=True)
RAN = {"train.py": b"a\nb\n", "new.py": b"x\n", "params.yaml": b"lr: 2\n", "model.npy": b"1", "same.py": b"1\n"}
COMMITTED = {
    "train.py": b"a\nc\n",
    "params.yaml": b"lr: 1\n",
    "gone.py": b"1\n2\n",
    "model.npy": b"2",
    "same.py": b"1\n",
}


def uncommitted(code: CodeFacts = DIRTY) -> tuple[Change | None, ...]:
    contents = FilesInMemory(RAN, RAN)
    contents.in_commit.update(COMMITTED)
    after = replace(next_training(params_from={}), code=code)
    return compare_versions(version(training(params_from={})), version(after), contents).uncommitted


def test_files_that_differ_from_the_commit_are_told_of_the_side_that_was_dirty() -> None:
    before, after = uncommitted()

    assert before is None, "its code is that of its commit"
    assert after is not None
    assert after.label == "uncommitted in B"
    assert [(child.label, child.kind, child.note) for child in after.children] == [
        ("gone.py", Kind.REMOVED, "+0 −2"),
        ("new.py", Kind.ADDED, "+1 −0"),
        ("params.yaml", Kind.CHANGED, "+1 −1"),
        ("train.py", Kind.CHANGED, "+1 −1"),
    ]


def test_nothing_is_said_of_a_version_that_stood_on_no_commit_or_is_not_known_to_be_dirty() -> None:
    assert uncommitted(CodeFacts(commit=None, dirty=True)) == (None, None)
    assert uncommitted(CodeFacts(commit="c" * 40, dirty=None)) == (None, None)
