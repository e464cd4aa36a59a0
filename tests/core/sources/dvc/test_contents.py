"""Contents come from git where git has them, else from the local cache, and nothing is fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlver.errors import DocumentInvalid
from mlver.model.manifest import Artifact
from mlver.sources.dvc.cache import LocalCache, read_listing
from mlver.sources.dvc.tracked import folder_checksum
from tests.support.dvc_projects import DvcProject
from tests.support.dvc_versions import artifact_at, old_files, read_dvc
from tests.support.git import RepoBuilder

NAME = "9dd4e461268c8034f5c8564e155c67a6"


def put(cache: Path, layout: str, name: str, content: bytes) -> None:
    target = cache / layout / name[:2] / name[2:]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def test_an_output_lies_in_the_cache_as_it_was_in_that_version(simple: DvcProject) -> None:
    with read_dvc(simple.repo) as reading:
        found = {}
        for name in ("v1", "v2"):
            artifact = artifact_at(reading.manifest(name), "model.bin")
            found[name] = reading.source.open_artifact(reading.place(name), artifact)

    assert {name: path.read_text() for name, path in found.items() if isinstance(path, Path)} == {
        "v1": "lr: 0.1\n",
        "v2": "lr: 0.2\n",
    }


def test_a_folder_is_its_files(data: DvcProject) -> None:
    with read_dvc(data.repo) as reading:
        place = reading.place("v1")
        folder = artifact_at(reading.manifest("v1"), "data")
        members = reading.source.members(place, folder) or ()
        one = Artifact(path=members[1].path, sha256=None, checksum=members[1].checksum)
        lies = reading.source.open_artifact(place, one)
        whole = reading.source.open_artifact(place, folder)

    assert [member.path for member in members] == ["data/gone.txt", "data/one.txt", "data/sub/two.txt"]
    assert folder_checksum("data", members) == folder.checksum
    assert isinstance(lies, Path)
    assert lies.read_text() == "1\n"
    assert whole is None


def test_a_single_file_is_no_folder(data: DvcProject) -> None:
    with read_dvc(data.repo) as reading:
        artifact = artifact_at(reading.manifest("v1"), "weights.pt")

        assert reading.source.members(reading.place("v1"), artifact) is None


def test_a_clone_without_a_cache_says_what_is_not_here(simple: DvcProject, tmp_path: Path) -> None:
    simple.repo.git("clone", "--quiet", str(simple.repo.folder), str(tmp_path / "clone"))

    with read_dvc(RepoBuilder(tmp_path / "clone", simple.repo.home)) as reading:
        manifest = reading.manifest("v1")
        lies = reading.source.open_artifact(reading.place("v1"), artifact_at(manifest, "model.bin"))

    assert lies is None
    assert manifest.notes == ("cached.json: declared, not in git",)
    assert "kept" not in manifest.metrics
    assert manifest.metrics["accuracy"].value == 0.1


def test_what_git_keeps_is_read_from_the_commit(simple: DvcProject) -> None:
    with read_dvc(simple.repo) as reading:
        artifact = artifact_at(reading.manifest("v1"), "plot.tsv")
        content = reading.source.open_artifact(reading.place("v1"), artifact)

    assert content == b"step\tloss\n0\t1.5\n1\t0.1\n"


def test_a_metric_in_a_cached_folder_is_found(nested: DvcProject) -> None:
    with read_dvc(nested.repo) as reading:
        metrics = reading.manifest("v1").metrics

    assert metrics["d"].value == 0.5


@pytest.mark.parametrize(("scheme", "layout"), [("md5", "files/md5"), ("md5-dos2unix", "")])
def test_each_scheme_has_its_own_layout(tmp_path: Path, scheme: str, layout: str) -> None:
    put(tmp_path / ".dvc/cache", layout, NAME, b"x")

    cache = LocalCache.of_project(tmp_path)

    assert cache.path_of(f"{scheme}:{NAME}") is not None
    assert cache.path_of(f"{'md5' if scheme != 'md5' else 'md5-dos2unix'}:{NAME}") is None


@pytest.mark.parametrize("checksum", [None, "", "md5:", "md5:../../../etc/passwd", f"etag:{NAME}", f"md5:{NAME}/.."])
def test_what_is_no_checksum_of_dvc_lies_nowhere(tmp_path: Path, checksum: str | None) -> None:
    put(tmp_path / ".dvc/cache", "files/md5", NAME, b"x")

    assert LocalCache.of_project(tmp_path).path_of(checksum) is None


def test_a_link_in_the_cache_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / ".dvc/cache", "files/md5", NAME, b"x")
    target = tmp_path / ".dvc/cache/files/md5" / NAME[:2] / NAME[2:]
    target.unlink()
    target.symlink_to("/dev/zero")

    assert LocalCache.of_project(tmp_path).path_of(f"md5:{NAME}") is None


@pytest.mark.parametrize(
    ("settings", "is_found"),
    [
        ("[cache]\n    dir = ../elsewhere\n", True),
        ('[cache]\ndir = "{top}/elsewhere"\n', True),
        ("[cache]\ndir = s3://bucket/cache\n", False),
        ("[core]\nremote = origin\n['remote \"origin\"']\nurl = s3://x\n", False),
        ("not settings at all", False),
        ("[cache]\ndir = \0\n", False),
    ],
)
def test_the_cache_may_lie_in_another_folder_of_this_machine(tmp_path: Path, settings: str, is_found: bool) -> None:
    put(tmp_path / "elsewhere", "files/md5", NAME, b"x")
    own = tmp_path / ".dvc"
    own.mkdir()
    (own / "config").write_text("[cache]\ndir = /nowhere\n")
    (own / "config.local").write_text(settings.format(top=tmp_path))

    assert (LocalCache.of_project(tmp_path).path_of(f"md5:{NAME}") is not None) is is_found


def test_a_listing_that_leads_out_of_its_folder_is_cut_and_said() -> None:
    entries = [
        {"md5": NAME, "relpath": "in/side.txt"},
        {"md5": NAME, "relpath": "../out.txt"},
        {"md5": NAME, "relpath": "/etc/passwd"},
        {"md5": NAME},
        "text",
    ]

    listing = read_listing(json.dumps(entries).encode(), name="listing", folder="data", scheme="md5")

    assert [one.path for one in listing.files] == ["data/in/side.txt"]
    assert len(listing.problems) == 3
    assert "'../out.txt' leads out of the folder" in listing.problems[0]


@pytest.mark.parametrize("content", [b"", b"{}", b"[[[[[[[1]]]]]]]", b"[1,", b"\xff\xfe", b'"' + b"x" * 100])
def test_a_listing_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentInvalid, match="listing"):
        read_listing(content, name="listing", folder="data", scheme="md5")


def test_the_older_layouts_listing_gives_the_files(repo: RepoBuilder) -> None:
    listing = json.dumps([{"md5": NAME, "relpath": "a.txt"}]).encode()
    repo.commit({**old_files("lock-1"), "params.yaml": "lr: 1\n"})
    repo.tag("v1")
    put(repo.folder / ".dvc/cache", "", "196a322c107c2572335158503c64bfba.dir", listing)
    folder = Artifact(path="data", sha256=None, checksum="md5-dos2unix:196a322c107c2572335158503c64bfba.dir")

    with read_dvc(repo) as reading:
        (member,) = reading.source.members(reading.place("v1"), folder) or ()

    assert member.path == "data/a.txt"
    assert member.digest == f"md5-dos2unix:{NAME}"


def test_a_tracked_folder_is_what_dvc_tracks_whatever_git_has_in_it(repo: RepoBuilder) -> None:
    listing = json.dumps([{"md5": NAME, "relpath": "a.txt"}]).encode()
    repo.commit({"data.dvc": f"outs:\n- path: data\n  hash: md5\n  md5: {NAME}.dir\n", "data/README.md": "in git"})
    repo.tag("v1")
    put(repo.folder / ".dvc/cache", "files/md5", f"{NAME}.dir", listing)

    with read_dvc(repo) as reading:
        members = reading.source.members(reading.place("v1"), artifact_at(reading.manifest("v1"), "data"))

    assert [one.path for one in members or ()] == ["data/a.txt"]


def test_a_folder_that_git_keeps_is_its_files_in_the_commit(repo: RepoBuilder) -> None:
    pipeline = "stages:\n  s:\n    cmd: x\n    outs:\n    - made: {cache: false}\n"
    repo.commit({"dvc.yaml": pipeline, "made/one.txt": "1", "made/sub/two.txt": "2"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        artifact = artifact_at(reading.manifest("v1"), "made")
        members = reading.source.members(reading.place("v1"), artifact) or ()
        content = reading.source.open_artifact(reading.place("v1"), Artifact(path=members[0].path, sha256=None))

    assert artifact.checksum
    assert artifact.checksum.startswith("git:")
    assert [one.path for one in members] == ["made/one.txt", "made/sub/two.txt"]
    assert content == b"1"
