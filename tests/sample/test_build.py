"""Building the demo: always the same, never over anything else, and on from where it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from mlver.errors import BadArgument, Interrupted, RunFailed, StoreFailed, WorkingTreeBusy
from mlver.progress import Progress
from sample_repo import build as building
from sample_repo.build import RunOrder, build, is_complete
from sample_repo.story import STORY
from tests.sample.recorders import ENVIRONMENT, InstantRecorder, git


def refs_of(folder: Path) -> str:
    return git(folder, "for-each-ref")


@dataclass(frozen=True)
class Whole:
    """A build without a break."""

    folder: Path
    orders: list[RunOrder]
    heard: list[Progress]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder, recorder, heard = tmp_path_factory.mktemp("whole") / "demo", InstantRecorder(), list[Progress]()
    build(folder, recorder, environment=ENVIRONMENT, report=heard.append)
    return Whole(folder, recorder.orders, heard)


@pytest.fixture
def told(whole: Whole) -> Path:
    """The demo of the build without a break."""
    return whole.folder


def test_the_same_commits_runs_and_releases_come_out_every_time(told: Path, tmp_path: Path) -> None:
    build(tmp_path / "again", InstantRecorder(), environment=ENVIRONMENT)

    assert refs_of(tmp_path / "again") == refs_of(told)


def test_every_chapter_is_recorded_in_order(whole: Whole) -> None:
    assert [order.randomness for order in whole.orders] == [chapter.randomness for chapter in STORY]
    assert [order.model for order in whole.orders] == [chapter.model for chapter in STORY]


def test_releases_point_to_their_runs(told: Path) -> None:
    tags = git(told, "tag", "--list").split()

    assert tags == sorted(f"{chapter.model}@{chapter.release}" for chapter in STORY if chapter.release)


def test_a_parent_is_given_by_its_run_id(whole: Whole) -> None:
    given = {chapter.name: order.parent for chapter, order in zip(STORY, whole.orders, strict=True)}
    suffixes = {chapter.name: chapter.run_suffix for chapter in STORY}
    for chapter in STORY:
        parent = given[chapter.name]
        assert (parent or "").endswith(suffixes[chapter.parent] if chapter.parent else "")
        assert bool(parent) == bool(chapter.parent)


def test_a_run_starts_at_the_time_of_its_chapter_and_takes_as_long_as_it_takes(whole: Whole) -> None:
    for chapter, order in zip(STORY, whole.orders, strict=True):
        assert order.clock() == chapter.when.timestamp() < order.clock()


def test_each_run_is_its_authors_and_what_comes_after_is_the_users(whole: Whole, told: Path, tmp_path: Path) -> None:
    assert [order.identity["GIT_AUTHOR_NAME"] for order in whole.orders] == [one.author.name for one in STORY]
    assert "user." not in git(told, "config", "--local", "--list")

    demo = tmp_path / "demo"
    with pytest.raises(KeyboardInterrupt):
        build(demo, InstantRecorder(stop_at=1), environment=ENVIRONMENT)
    git(demo, "config", "user.name", "of an older build")
    build(demo, InstantRecorder(), environment=ENVIRONMENT)
    assert "user." not in git(demo, "config", "--local", "--list")


def test_it_ends_with_a_clean_working_tree(told: Path) -> None:
    assert git(told, "status", "--porcelain") == ""
    assert is_complete(told)


def test_a_complete_demo_is_left_alone(told: Path) -> None:
    before = refs_of(told)

    def refuse(_order: RunOrder) -> None:
        raise AssertionError

    build(told, refuse, environment=ENVIRONMENT)

    assert refs_of(told) == before


@pytest.mark.parametrize("recorded", [0, 7, 15])
def test_an_interrupted_build_goes_on_to_the_same_end(told: Path, tmp_path: Path, recorded: int) -> None:
    recorder = InstantRecorder(stop_at=recorded)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, recorder, environment=ENVIRONMENT)
    assert not is_complete(tmp_path)

    build(tmp_path, recorder, environment=ENVIRONMENT)

    assert refs_of(tmp_path) == refs_of(told)
    assert len(recorder.orders) == len(STORY)


def test_what_a_killed_build_left_is_taken_back_before_it_goes_on(told: Path, tmp_path: Path) -> None:
    recorder = InstantRecorder(stop_at=3)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, recorder, environment=ENVIRONMENT)
    (tmp_path / "train.py").write_text("half written")
    (tmp_path / "stray.py").write_text("left over")
    (tmp_path / ".git" / "index.lock").touch()
    draft = f"refs/mlver/drafts/digits/r00000000-{STORY[3].run_suffix}"
    git(tmp_path, "update-ref", draft, "HEAD")

    build(tmp_path, recorder, environment=ENVIRONMENT)

    assert refs_of(tmp_path) == refs_of(told)


def test_a_run_that_was_interrupted_is_done_again(told: Path, tmp_path: Path) -> None:
    recorder = InstantRecorder(status="interrupted")
    with pytest.raises(Interrupted):
        build(tmp_path, recorder, environment=ENVIRONMENT)
    recorder.status = None

    build(tmp_path, recorder, environment=ENVIRONMENT)

    assert refs_of(tmp_path) == refs_of(told)
    assert len(recorder.orders) == len(STORY) + 1


def test_a_run_that_fails_against_the_story_stops_the_build_and_is_done_again(told: Path, tmp_path: Path) -> None:
    recorder = InstantRecorder(status="failed")
    with pytest.raises(RunFailed, match="01-baseline ended as failed"):
        build(tmp_path, recorder, environment=ENVIRONMENT)
    recorder.status = None

    build(tmp_path, recorder, environment=ENVIRONMENT)

    assert refs_of(tmp_path) == refs_of(told)


def test_it_stops_between_two_versions_when_asked(tmp_path: Path) -> None:
    recorder = InstantRecorder()

    with pytest.raises(Interrupted):
        build(tmp_path, recorder, environment=ENVIRONMENT, should_stop=lambda: len(recorder.orders) == 2)

    assert len(recorder.orders) == 2
    assert not is_complete(tmp_path)


def test_progress_counts_the_chapters(whole: Whole) -> None:
    assert [progress.done for progress in whole.heard] == list(range(len(STORY) + 1))
    assert {progress.total for progress in whole.heard} == {len(STORY)}


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("all my work")

    with pytest.raises(BadArgument):
        build(tmp_path, InstantRecorder(), environment=ENVIRONMENT)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_build_that_was_killed_at_its_very_start_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    with pytest.raises(Interrupted):
        build(tmp_path, InstantRecorder(), environment=ENVIRONMENT, should_stop=lambda: True)


def test_a_file_where_the_folder_should_be_is_an_error_of_mlver(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")

    with pytest.raises(StoreFailed):
        build(tmp_path / "demo", InstantRecorder(), environment=ENVIRONMENT)


def test_somebody_elses_repository_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")

    with pytest.raises(BadArgument):
        build(tmp_path, InstantRecorder(), environment=ENVIRONMENT)


def test_an_unfinished_demo_of_another_story_is_made_anew(
    told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = InstantRecorder(stop_at=2)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, recorder, environment=ENVIRONMENT)
    recorder.orders.clear()
    monkeypatch.setattr(building, "_story_digest", lambda: "another sample")

    build(tmp_path, recorder, environment=ENVIRONMENT)

    assert len(recorder.orders) == len(STORY)
    assert refs_of(tmp_path) == refs_of(told)


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    recorder = InstantRecorder()

    def build_again(order: RunOrder) -> None:
        with pytest.raises(WorkingTreeBusy):
            build(tmp_path, recorder, environment=ENVIRONMENT)
        recorder(order)

    with pytest.raises(Interrupted):
        build(tmp_path, build_again, environment=ENVIRONMENT, should_stop=lambda: len(recorder.orders) == 1)

    assert len(recorder.orders) == 1


def test_a_run_that_was_not_recorded_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="01-baseline"):
        build(tmp_path, lambda _order: None, environment=ENVIRONMENT)


def test_a_users_git_settings_change_nothing(told: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".gitconfig").write_text(
        "[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n[init]\n\tdefaultBranch = x\n"
    )
    environment = ENVIRONMENT | {"HOME": str(tmp_path / "home"), "GIT_DIR": "/nowhere", "GIT_AUTHOR_NAME": "Somebody"}

    build(tmp_path / "demo", InstantRecorder(), environment=environment)

    assert refs_of(tmp_path / "demo") == refs_of(told)
