"""Whose child a version is that mlver did not record."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from mlver.catalogue import lineage
from mlver.catalogue.facts import broken_facts
from mlver.catalogue.lineage import Ancestry, Lineage
from mlver.catalogue.seeing import Seen
from mlver.catalogue.stored import Facts, Listed
from mlver.catalogue.succession import newest_first
from mlver.model.scope import Scope
from tests.support.foreign_repos import (
    by_name,
    dvc_files,
    experiment,
    listing_of,
    names_of,
    opened,
    parents_of,
    plain_files,
)
from tests.support.git import FIRST_SECOND, RepoBuilder


def history(repo: RepoBuilder, *names: str) -> list[str]:
    """A line of commits, each tagged; an empty name leaves one untagged."""
    commits = []
    for number, name in enumerate(names):
        commits.append(repo.commit(plain_files(lr=number / 10)))
        if name:
            repo.tag(name)
    return commits


def test_the_parent_is_the_nearest_listed_ancestor(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    history(repo, "v1", "", "", "v2", "")

    listing = listing_of(repo)

    assert parents_of(listing) == {"main": "v2", "v2": "v1", "v1": None}
    assert by_name(listing)["v2"].title == "lr 0.0 → 0.3"
    assert by_name(listing)["v2"].strip[2] == "P"


def test_a_merge_is_a_child_of_its_first_parents_side(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    history(repo, "v1")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"side.txt": "s"})
    repo.tag("beside")
    repo.git("checkout", "--quiet", "main")
    repo.commit({"main.txt": "m"})
    repo.git("merge", "--quiet", "--no-edit", "side")

    assert parents_of(listing_of(repo)) == {"main": "v1", "beside": "v1", "v1": None}


def test_where_no_first_parent_is_listed_the_nearest_of_all_counts(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    history(repo, "")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"side.txt": "1"})
    repo.tag("far")
    repo.commit({"side.txt": "2"})
    repo.tag("near")
    repo.git("checkout", "--quiet", "main")
    repo.commit({"main.txt": "m"})
    repo.git("merge", "--quiet", "--no-edit", "side")
    repo.git("branch", "--delete", "--force", "side")

    assert parents_of(listing_of(repo)) == {"main": "near", "near": "far", "far": None}


def test_an_experiment_is_held_against_its_base_which_need_not_be_listed(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(dvc_files(lr=0.1))
    repo.tag("v1")
    base = repo.commit(dvc_files(lr=0.2))
    experiment(repo, "tame-eel", base, dvc_files(lr=0.5))
    repo.commit(dvc_files(lr=0.3))

    listing = listing_of(repo)

    assert names_of(listing) == ["main", "tame-eel", "v1"] or names_of(listing) == ["tame-eel", "main", "v1"]
    (kin,) = listing.kin
    assert kin.commit == base
    assert by_name(listing)["tame-eel"].parent == kin.key
    assert by_name(listing)["tame-eel"].title == "lr 0.2 → 0.5"
    assert by_name(listing)["main"].parent == by_name(listing)["v1"].key


def test_an_experiment_on_a_listed_commit_has_no_kin(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    base = repo.commit(dvc_files(lr=0.1))
    experiment(repo, "tame-eel", base, dvc_files(lr=0.5))

    listing = listing_of(repo)

    assert listing.kin == ()
    assert parents_of(listing) == {"tame-eel": "main", "main": None}


def test_an_experiment_whose_base_is_not_here_has_no_parent(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    base = repo.commit(dvc_files())
    commit = experiment(repo, "tame-eel", base, dvc_files(lr=0.5))
    repo.git("update-ref", f"refs/exps/11/{'1' * 38}/lost", commit)
    repo.git("update-ref", "-d", f"refs/exps/{base[:2]}/{base[2:]}/tame-eel")

    listing = listing_of(repo)

    assert parents_of(listing) == {"lost": "main", "main": None}
    assert any("1111111111" in problem for problem in listing.problems)


def test_a_shallow_clone_ends_where_it_was_cut(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    history(repo, "v1", "v2", "v3", "")
    clone = repo.shallow(depth=2)

    listing = listing_of(clone)

    assert parents_of(listing) == {"main": "v3", "v3": None}
    assert listing.problems == ()


def test_a_shallow_clone_that_is_made_whole_gets_its_parents(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    history(repo, "v1", "", "v2")
    clone = repo.shallow(depth=1)
    clone.git("fetch", "--quiet", "origin", "tag", "v1", "--depth=1")

    with opened(clone) as project:  # as in an explorer that stays open
        before = parents_of(project.refresh())
        clone.git("fetch", "--quiet", "--unshallow")
        after = parents_of(project.refresh())

    assert before == {"v2": None, "v1": None}
    assert after == {"v2": "v1", "v1": None}
    assert parents_of(listing_of(clone)) == after


def test_a_limit_on_commits_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = RepoBuilder.create(tmp_path)
    history(repo, "v1", "", "", "", "", "v2")
    monkeypatch.setattr(lineage, "COMMITS_WALKED", 2)

    cut = listing_of(repo)
    monkeypatch.undo()
    whole = listing_of(repo)

    assert cut.is_cut
    assert any("more than 2 commits lie between versions" in problem for problem in cut.problems)
    assert not whole.is_cut
    assert parents_of(whole) == {"v2": "v1", "v1": None}


def test_a_limit_on_merged_commits_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = RepoBuilder.create(tmp_path)
    history(repo, "")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"side.txt": "1"})
    repo.tag("far")
    repo.commit({"side.txt": "2"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"main.txt": "m"})
    repo.git("merge", "--quiet", "--no-edit", "side")
    repo.git("branch", "--delete", "--force", "side")
    monkeypatch.setattr(lineage, "STEPS_ASIDE", 2)

    cut = listing_of(repo)
    monkeypatch.undo()
    whole = listing_of(repo)

    assert cut.is_cut
    assert cut.problems == ("too many merged commits lie between versions of repo: some parents are unknown",)
    assert parents_of(cut) == {"main": None, "far": None}
    assert (whole.is_cut, whole.problems) == (False, ())
    assert parents_of(whole) == {"main": "far", "far": None}


def test_the_history_before_the_first_version_is_not_walked_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "STEPS_ASIDE", 0)
    graph = {str(number): (str(number - 1), f"side {number}") for number in range(1, 100)}

    found = Lineage(Ancestry(lambda commit_id: graph.get(commit_id, ())), {"90", "95"})

    assert [found.parent_of(one) for one in ("95", "90")] == ["90", ""]
    assert not found.is_cut


def test_commits_without_a_listed_ancestor_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "STEPS_ASIDE", 150)
    tips = [str(number) for number in range(100, 200)]
    graph = dict.fromkeys(tips, ("99",)) | {str(number): (str(number - 1),) for number in range(1, 100)}

    found = Lineage(Ancestry(lambda commit_id: graph.get(commit_id, ())), set(tips))
    parents = [found.parent_of(tip) for tip in tips]

    assert not any(parents)
    assert not found.is_cut


def test_all_models_together_walk_each_commit_once() -> None:
    asked: list[str] = []

    def parents(commit_id: str) -> tuple[str, ...]:
        asked.append(commit_id)
        return (str(int(commit_id) - 1),) if commit_id != "0" else ()

    ancestry = Ancestry(parents)
    found = [Lineage(ancestry, {"3"}).parent_of(str(tip)) for tip in (90, 50, 80)]

    assert found == ["3", "3", "3"]
    assert len(asked) == len(set(asked))


def test_an_unlisted_place_is_nobodys_parent(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    commits = history(repo, "v1", "", "v2")

    with opened(repo, Scope(places=(commits[1],))) as project:
        listing = project.refresh()

    assert parents_of(listing) == {"v2": "v1", "v1": None}
    (kin,) = listing.kin
    assert kin.parent == by_name(listing)["v1"].key


def test_a_child_of_a_broken_parent_is_listed(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({**plain_files(), "params.yaml": "lr: [\n"})
    repo.tag("broken")
    repo.commit(plain_files())

    rows = by_name(listing_of(repo))

    assert rows["main"].parent == rows["broken"].key
    assert rows["broken"].problem


def test_of_one_second_children_stand_above_their_parents_now_and_remembered(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    names = [f"v{number}" for number in range(8)]
    for number, name in enumerate(names):
        repo._second = FIRST_SECOND
        repo.commit(plain_files(lr=number / 10))
        repo.tag(name)
    expected = names[::-1]
    assert len(set(repo.git("log", "--format=%ct").split())) == 1

    with opened(repo) as project:
        assert names_of(project.refresh()) == expected
    with opened(repo) as project:
        assert names_of(project.remembered()) == expected


def test_parents_in_a_circle_are_listed_all_the_same() -> None:
    def pair(key: str, parent: str) -> tuple[Listed, Facts]:
        facts = replace(broken_facts(Seen(key, "", "mlflow", key, "m"), None, ""), created=1.0)
        return Listed(key, "", "mlflow", key, "m", 1.0, key, parent=parent), facts

    found = newest_first([pair("a", "b"), pair("b", "a"), pair("c", "b"), pair("d", "d"), pair("e", "")])
    keys = [listed.key for listed, _ in found]

    assert sorted(keys) == ["a", "b", "c", "d", "e"]
    assert keys.index("c") < keys.index("b")
