"""The story as data: what the demo promises before anything runs."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from sample_repo.project_files import HERE
from sample_repo.story import STORY


def test_it_has_at_least_thirteen_versions_of_digits_and_three_of_parity() -> None:
    models = Counter(chapter.model for chapter in STORY)

    assert models["digits"] >= 13
    assert models["parity"] == 3


def test_names_subjects_and_run_suffixes_are_unique() -> None:
    for values in (
        [chapter.name for chapter in STORY],
        [chapter.commit for chapter in STORY if chapter.commit],
        [chapter.run_suffix for chapter in STORY],
        [(chapter.model, chapter.release) for chapter in STORY if chapter.release],
    ):
        assert len(set(values)) == len(values)


def test_time_goes_forward() -> None:
    assert all(before.when < after.when for before, after in pairwise(STORY))


def test_a_parent_is_an_earlier_chapter_of_the_same_model() -> None:
    told: dict[str, str] = {}
    for chapter in STORY:
        if chapter.parent:
            assert told[chapter.parent] == chapter.model
        told[chapter.name] = chapter.model


def test_every_folder_of_files_belongs_to_a_chapter() -> None:
    folders = {folder.name for folder in (HERE / "chapters").iterdir()}

    assert folders <= {chapter.name for chapter in STORY}


def test_files_of_a_chapter_differ_from_those_before_it() -> None:
    files = {path.relative_to(HERE / "project"): path.read_bytes() for path in (HERE / "project").rglob("*.*")}
    for chapter in STORY:
        folder = HERE / "chapters" / chapter.name
        changed = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert all(files.get(path) != content for path, content in changed.items()), chapter.name
        if chapter.commit:
            files |= changed


def test_only_a_commit_changes_data_or_software() -> None:
    for before, after in pairwise(STORY):
        is_changed = (before.training_rows, before.pixelprep) != (after.training_rows, after.pixelprep)
        assert after.commit or not is_changed, after.name
