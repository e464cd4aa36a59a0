"""Folders filled from trees, hostile ones too."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mlver.model.manifest import FileFact
from mlver.running.checkout import Checkout, Missing
from mlver.store.objects import ObjectStore
from mlver.store.pointers import pointer_text
from mlver.store.repository import Repository
from tests.support.git import RepoBuilder

LINK, FILE, PROGRAM, SUBMODULE = "120000", "100644", "100755", "160000"


@pytest.fixture
def builder(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder.create(tmp_path)


@pytest.fixture
def repository(builder: RepoBuilder) -> Iterator[Repository]:
    builder.commit({"kept.txt": "kept\n"})
    with builder.open() as opened:
        yield opened


def tree_of(builder: RepoBuilder, entries: Mapping[str, tuple[str, str]]) -> str:
    """A commit of exactly these entries, path -> (mode, content), however hostile."""
    script = "commit refs/heads/built\ncommitter A <a@example.org> 1790000000 +0000\ndata 0\ndeleteall\n"
    for path, (mode, content) in entries.items():
        if mode == SUBMODULE:
            script += f"M {mode} {content} {path}\n"
        else:
            script += f"M {mode} inline {path}\ndata {len(content.encode())}\n{content}\n"
    builder.git("fast-import", "--quiet", "--force", content=script.encode())
    return builder.git("rev-parse", "refs/heads/built")


def checkout_of(repository: Repository) -> Checkout:
    return Checkout(repository, ObjectStore.of(repository))


def filled(repository: Repository, commit: str, folder: Path) -> tuple[Missing, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    return checkout_of(repository).fill(folder, commit, wanted=lambda _path: True)


ESCAPES = [
    {"d0/d1/s": (LINK, "../.."), "out": (LINK, "d0/d1/s/../../victim")},
    {"d0/d1/d2/s": (LINK, "../.."), "out": (LINK, "d0/d1/d2/s/../../victim")},
    {"out": (LINK, "s/../victim"), "s": (LINK, "."), "d/kept": (FILE, "x")},
    {"out": (LINK, "z/../../victim"), "z": (LINK, "d/e/../.."), "d/e/f": (FILE, "x")},
    {"out": (LINK, "../victim")},
    {"out": (LINK, "..")},
]


@pytest.mark.parametrize("entries", ESCAPES)
def test_no_link_leads_out_of_the_folder_even_by_way_of_others(
    builder: RepoBuilder, repository: Repository, tmp_path: Path, entries: Mapping[str, tuple[str, str]]
) -> None:
    folder = tmp_path / "work" / "inner"
    commit = tree_of(builder, entries)

    missing = filled(repository, commit, folder)

    assert "out" in {one.path for one in missing}
    for path in folder.rglob("*"):
        assert path.resolve().is_relative_to(folder)


@pytest.mark.parametrize("entries", ESCAPES)
def test_nothing_is_placed_outside_through_a_link_of_the_tree(
    builder: RepoBuilder, repository: Repository, tmp_path: Path, entries: Mapping[str, tuple[str, str]]
) -> None:
    folder = tmp_path / "work" / "inner"
    (tmp_path / "work" / "victim").mkdir(parents=True)
    source = tmp_path / "large"
    source.write_bytes(b"hostile")
    stored = ObjectStore.of(repository).add(source)
    filled(repository, tree_of(builder, entries), folder)

    checkout_of(repository).place(folder, [FileFact(path="out/f", sha256=stored.sha256, size=stored.size)])

    assert list((tmp_path / "work" / "victim").iterdir()) == []


def test_a_write_is_refused_where_its_folder_is_a_link_out(repository: Repository, tmp_path: Path) -> None:
    folder, victim = tmp_path / "work", tmp_path / "victim"
    folder.mkdir()
    victim.mkdir()
    (folder / "out").symlink_to(victim)
    source = tmp_path / "large"
    source.write_bytes(b"hostile")
    stored = ObjectStore.of(repository).add(source)
    facts = [FileFact(path=path, sha256=stored.sha256, size=stored.size) for path in ("out/f", "out/new/f", "../f")]

    missing = checkout_of(repository).place(folder, facts)

    assert [one.path for one in missing] == ["out/f", "out/new/f", "../f"]
    assert list(victim.iterdir()) == []
    assert not (tmp_path / "f").exists()


def test_links_inside_the_tree_are_made(builder: RepoBuilder, repository: Repository, tmp_path: Path) -> None:
    entries = {
        "a/link": (LINK, "../b/file"),
        "b/file": (FILE, "text"),
        "b/..odd": (FILE, "x"),
        "odd": (LINK, "b/..odd"),
    }

    assert filled(repository, tree_of(builder, entries), tmp_path / "work") == ()

    assert (tmp_path / "work" / "a" / "link").read_text() == "text"
    assert (tmp_path / "work" / "odd").is_symlink()


def test_what_no_system_can_write_is_missing_and_the_rest_is_there(
    builder: RepoBuilder, repository: Repository, tmp_path: Path
) -> None:
    entries = {"n" * 300: (FILE, "x"), "empty": (LINK, ""), "kept": (FILE, "x"), "loop": (LINK, "loop")}

    missing = filled(repository, tree_of(builder, entries), tmp_path / "work")

    assert {"n" * 300, "empty"} <= {one.path for one in missing}
    assert (tmp_path / "work" / "kept").read_text() == "x"


@pytest.mark.parametrize(("mode", "bits"), [(PROGRAM, 0o755), (FILE, 0o644)])
def test_a_large_file_gets_the_mode_of_its_entry(
    builder: RepoBuilder, repository: Repository, tmp_path: Path, mode: str, bits: int
) -> None:
    content = b"\0large"
    source = tmp_path / "large"
    source.write_bytes(content)
    ObjectStore.of(repository).add(source)
    pointer = pointer_text(hashlib.sha256(content).hexdigest(), len(content)).decode()

    assert filled(repository, tree_of(builder, {"tool": (mode, pointer)}), tmp_path / "work") == ()

    assert (tmp_path / "work" / "tool").read_bytes() == content
    assert stat.S_IMODE((tmp_path / "work" / "tool").stat().st_mode) == bits


def test_it_holds_no_link_that_leads_out_and_no_submodule(builder: RepoBuilder, repository: Repository) -> None:
    commit = tree_of(
        builder,
        {
            "out": (LINK, "../data.csv"),
            "absolute": (LINK, "/data.csv"),
            "within": (LINK, "data.csv"),
            "data.csv": (FILE, "x"),
            "module": (SUBMODULE, "1" * 40),
        },
    )
    checkout = checkout_of(repository)

    held = {
        path: checkout.holds(commit, FileFact(path=path, sha256=None))
        for path in ("out", "absolute", "within", "module")
    }

    assert held == {"out": False, "absolute": False, "within": True, "module": False}
