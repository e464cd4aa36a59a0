"""Versions of plain repositories, read by the names of their files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TypeAlias

import pytest

from mlver.model.manifest import Artifact, DataFacts, Manifest
from mlver.model.person import Person
from mlver.model.status import Status
from mlver.sources.commits import Commits
from mlver.sources.plain import by_name, documents
from mlver.sources.plain.recognising import is_plain
from mlver.sources.plain.source import PlainSource
from mlver.sources.survey import OTHERS_LISTED
from mlver.store.pointers import pointer_text
from tests.support.git import RepoBuilder

Files: TypeAlias = Mapping[str, str | bytes]
Read: TypeAlias = Callable[[Files], Manifest]


@pytest.mark.parametrize(
    ("files", "is_version"),
    [
        ({"params.yaml": "lr: 0.1"}, True),
        ({"metrics.json": "{}"}, True),
        ({"mlver.yaml": "mlver: 1"}, True),
        ({"tests/mlver.yaml": "mlver: 1"}, False),
        ({"lightning_logs/version_0/metrics.csv": "epoch,step,loss\n"}, True),
        ({"train.py": "", "pyproject.toml": "", ".github/workflows/ci.yaml": "", "README.md": ""}, False),
        ({"model.safetensors": "x", "uv.lock": "", "tests/params.yaml": "a: 1"}, False),
    ],
)
def test_a_version_has_params_or_metrics(repo: RepoBuilder, files: Files, is_version: bool) -> None:
    commit_id = repo.commit(files)

    with repo.open() as repository:
        assert is_plain(Commits(repository).survey(commit_id)) == is_version


def test_a_commit_is_a_version_with_params_and_metrics(repo: RepoBuilder, source: PlainSource) -> None:
    commit_id = repo.commit({"params.yaml": "lr: 0.1\n", "metrics.json": '{"eval": {"acc": 0.9}}', "train.py": "1"})

    version = source.manifest(commit_id, "digits")

    assert version.model == "digits"
    assert version.params == {"lr": 0.1}
    assert version.params_from == {"params.yaml": None}
    assert {name: metric.value for name, metric in version.metrics.items()} == {"eval.acc": 0.9}
    assert version.author == Person(name="Ada Example", email="ada@example.org")
    assert version.created == "2026-09-21T14:14:20.000Z"
    assert version.code.commit == commit_id
    assert (version.status, version.run, version.recipe, version.notes) == (Status.DONE, None, None, ())


def test_keys_of_several_files_are_told_apart_by_their_file(read: Read) -> None:
    version = read(
        {
            "conf/model.yaml": "size: 3\nname: a",
            "conf/optim.toml": 'lr = 0.1\nname = "b"',
            "eval/metrics.json": '{"acc": 0.9}',
            "test/../test_metrics.json": '{"acc": 0.8, "f1": 0.7}',
        }
    )

    assert version.params == {
        "size": 3,
        "lr": 0.1,
        "conf/model.yaml": {"name": "a"},
        "conf/optim.toml": {"name": "b"},
    }
    assert {name: metric.value for name, metric in version.metrics.items()} == {
        "eval/metrics.json:acc": 0.9,
        "test_metrics.json:acc": 0.8,
        "f1": 0.7,
    }


def test_hydra_and_inheritance_are_shown_as_they_stand(read: Read) -> None:
    version = read(
        {
            "configs/child.yaml": "_BASE_: base.yaml\nMODEL: {DEPTH: 101}",
            "outputs/1/.hydra/config.yaml": "lr: ${optim.lr}",
            "outputs/1/.hydra/hydra.yaml": "hydra: {}",
            "outputs/1/.hydra/overrides.yaml": "- lr=1",
        }
    )

    assert version.params == {"_BASE_": "base.yaml", "MODEL": {"DEPTH": 101}, "lr": "${optim.lr}"}


def test_the_metric_that_tells_most_stands_first(read: Read) -> None:
    version = read(
        {
            "out/all_results.json": '{"epoch": 3.0, "eval_loss": 0.4, "eval_runtime": 1.5, "name": "x"}',
            "out/eval_results.json": '{"epoch": 3.0, "eval_loss": 0.4}',
        }
    )

    assert list(version.metrics) == ["eval_loss", "epoch", "eval_runtime", "name"]


def test_a_table_of_one_row_is_metrics_and_a_longer_one_is_not(read: Read) -> None:
    version = read({"metrics/final.csv": "acc, n ,note\n0.9,12,\n", "metrics/all.csv": "acc\n1\n2\n"})

    assert {name: metric.value for name, metric in version.metrics.items()} == {"acc": 0.9, "n": 12, "note": None}


CONFLICT = "<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n"
BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{inner}'] * 9)}]\n" for inner, name in pairwise("abcdefghi")
)
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "conf/tabs.yaml": ("a:\n\tb: 1", "conf/tabs.yaml:2: "),
    "conf/conflict.yaml": (CONFLICT, "conf/conflict.yaml:1: holds an unresolved merge"),
    "conf/latin.json": (b'{"a": "\xe9"}', "conf/latin.json:1: "),
    "conf/two.yaml": ("a: 1\n---\na: 2\n", "conf/two.yaml:2: a second document"),
    "conf/bomb.yaml": (BOMB, "conf/bomb.yaml:"),
    "metrics.json": ("{", "metrics.json:1: "),
    "uv.lock": ("[[package]]\nname =", "uv.lock:2: "),
}


@pytest.mark.parametrize("path", HOSTILE)
def test_one_broken_file_is_a_note_and_the_rest_stands(read: Read, path: str) -> None:
    content, beginning = HOSTILE[path]

    version = read({path: content, "params.yaml": "lr: 0.1", "eval.json": '{"acc": 1}'})

    assert len(version.notes) == 1
    assert version.notes[0].startswith(beginning)
    assert version.problem == version.notes[0]
    assert version.params["lr"] == 0.1
    assert version.metrics["acc"].value == 1


def test_other_versions_know_nothing_of_a_broken_one(repo: RepoBuilder, source: PlainSource) -> None:
    before = repo.commit({"params.yaml": "lr: 0.1"})
    broken = repo.commit({"params.yaml": "lr: ["})
    after = repo.commit({"params.yaml": "lr: 0.2"})

    assert [source.manifest(one, "m").params for one in (before, broken, after)] == [{"lr": 0.1}, {}, {"lr": 0.2}]
    assert [bool(source.manifest(one, "m").notes) for one in (before, broken, after)] == [False, True, False]


def test_what_looks_dangerous_or_odd_is_text(read: Read) -> None:
    version = read(
        {
            "config.yaml": "run: !!python/object/apply:os.system ['touch x']\r\n🙂: día\r\nno: off\r\n",
            "params.json": "[1, 2]",
        }
    )

    assert version.params["🙂"] == "día"
    assert version.params["no"] == "off"
    assert version.params["value"] == [1, 2]
    assert version.notes == ()


def test_weights_large_files_and_pointers_are_outputs(repo: RepoBuilder, read: Read) -> None:
    digest = hashlib.sha256(b"weights").hexdigest()
    version = read(
        {
            "params.yaml": "a: 1",
            ".gitattributes": "*.safetensors filter=lfs diff=lfs merge=lfs -text\ntokenizer.json filter=lfs\n",
            "out/model.safetensors": pointer_text(digest, 5_000_000_000),
            "out/tokenizer.json": pointer_text(digest, 17),
            "small.pt": b"12",
            "big.dat": b"x" * 1_000_001,
            "little.dat": b"x" * 10,
            "docs/big.bin": b"x" * 10,
            "figure.png": b"x" * 1_000_001,
        }
    )

    blob = repo.git("rev-parse", "HEAD:big.dat")
    small = repo.git("rev-parse", "HEAD:small.pt")
    assert version.artifacts == (
        Artifact(path="big.dat", sha256=None, size=1_000_001, checksum=f"git:{blob}"),
        Artifact(path="out/model.safetensors", sha256=digest, size=5_000_000_000),
        Artifact(path="out/tokenizer.json", sha256=digest, size=17),
        Artifact(path="small.pt", sha256=None, size=2, checksum=f"git:{small}"),
    )


@pytest.mark.parametrize(
    ("attributes", "is_given"),
    [
        ({".gitattributes": "*.txt filter=lfs\n"}, True),
        ({".gitattributes": "a/b/note.txt filter=lfs\n"}, True),
        ({".gitattributes": "/a/**/note.txt filter=lfs\n"}, True),
        ({".gitattributes": "a/** filter=lfs\n"}, True),
        ({".gitattributes": "note.txt filter=lfs\n"}, True),
        ({"a/.gitattributes": "b/note.txt diff=x filter=lfs\n"}, True),
        ({"c/.gitattributes": "*.txt filter=lfs\n"}, False),
        ({".gitattributes": "# *.txt\n*.txt text\nb/note.txt filter=lfs\n"}, False),
        ({}, False),
    ],
)
def test_gitattributes_say_where_pointers_may_be(read: Read, attributes: Files, is_given: bool) -> None:
    version = read({"params.yaml": "a: 1", "a/b/note.txt": pointer_text("0" * 64, 7), **attributes})

    assert [one.path for one in version.artifacts] == (["a/b/note.txt"] if is_given else [])


def test_data_sets_are_files_and_folders_of_data(repo: RepoBuilder, read: Read) -> None:
    version = read(
        {
            "params.yaml": "a: 1",
            "data/train.csv": "x\n1\n",
            "data/images/a/1.png": b"1",
            "data/images/b.png": b"2",
            "data/README.md": "about",
            "src/data/train.csv": "x\n",
        }
    )

    tree = repo.git("rev-parse", "HEAD:data/images")
    blob = repo.git("rev-parse", "HEAD:data/train.csv")
    other = repo.git("rev-parse", "HEAD:src/data/train.csv")
    assert version.data == (
        DataFacts(name="images", path="data/images", checksum=f"git:{tree}.dir"),
        DataFacts(name="data/train.csv", path="data/train.csv", role="train", size=4, checksum=f"git:{blob}"),
        DataFacts(name="src/data/train.csv", path="src/data/train.csv", role="train", size=2, checksum=f"git:{other}"),
    )


def test_outputs_are_opened_where_they_are(repo: RepoBuilder, source: PlainSource, read: Read) -> None:
    digest = hashlib.sha256(b"weights").hexdigest()
    version = read({"a.pt": b"own", "b.pt": pointer_text(digest, 7), "params.yaml": "a: 1"})
    own, pointed = version.artifacts
    place = repo.git("rev-parse", "HEAD")

    assert source.open_artifact(place, own) == b"own"
    assert source.open_artifact(place, pointed) is None
    kept = repo.git_dir / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"weights")
    assert source.open_artifact(place, pointed) == kept


def test_the_members_of_a_folder_are_listed(source: PlainSource, repo: RepoBuilder) -> None:
    place = repo.commit({"data/raw/a.csv": "1", "data/raw/b/c.csv": "2"})
    folder = Artifact(path="data/raw", sha256=None, checksum=f"git:{repo.git('rev-parse', 'HEAD:data/raw')}.dir")

    members = source.members(place, folder)

    assert members is not None
    assert sorted(member.path for member in members) == ["data/raw/a.csv", "data/raw/b/c.csv"]
    assert source.members(place, Artifact(path="x", sha256="0" * 64)) is None


def test_links_are_no_files(repo: RepoBuilder, read: Read) -> None:
    (repo.folder / "params.yaml").symlink_to("/etc/hostname")

    version = read({"config.yaml": "a: 1"})

    assert (version.params, version.notes) == ({"a": 1}, ())


def test_what_a_partial_clone_left_behind_is_noted(repo: RepoBuilder) -> None:
    repo.commit({"params.yaml": "a: 1", "model.pt": b"1"})
    partial = repo.partial()

    with partial.open() as repository:
        version = PlainSource(Commits(repository)).manifest(partial.git("rev-parse", "HEAD"), "m")

    assert len(version.notes) == 1
    assert version.notes[0].startswith("params.yaml: ")
    assert version.artifacts[0].size is None
    assert version.artifacts[0].checksum is not None


def test_params_and_metrics_kept_by_lfs_are_said_to_be_so(read: Read) -> None:
    pointer = pointer_text("0" * 64, 7)

    version = read({"params.yaml": pointer, "metrics.json": pointer, "config.toml": "a = 1"})

    assert version.notes == (
        "params.yaml: kept by Git LFS, not in git",
        "metrics.json: kept by Git LFS, not in git",
    )
    assert (version.params, version.metrics, version.problem) == ({"a": 1}, {}, None)


def test_too_many_files_and_bytes_are_not_read(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_name, "MOST_FILES", 3)
    monkeypatch.setattr(documents, "MOST_BYTES", 20)

    version = read({"a/b/config.yaml": "deep: 1", **{f"conf/{name}.yaml": f"{name}: 12345" for name in "abcde"}})

    assert version.params == {"a": 12345, "b": 12345}
    assert version.notes == (
        "6 files of params: the 3 nearest to the top were read",
        "conf/c.yaml: it and what follows are more than 20 bytes, not read",
    )


def test_too_many_values_are_no_metrics(read: Read) -> None:
    values = ",".join(f'"{number}": 1' for number in range(1_001))

    version = read({"results.json": f"{{{values}}}", "metrics.json": '{"acc": 1}'})

    assert list(version.metrics) == ["acc"]
    assert version.notes == ("results.json: holds more than 1000 values, and so no metrics",)
    assert version.problem is None


def test_reading_changes_nothing_in_the_repository(repo: RepoBuilder) -> None:
    def everything() -> set[tuple[str, bytes]]:
        return {(str(path), path.read_bytes()) for path in repo.folder.rglob("*") if path.is_file()}

    place = repo.commit({"params.yaml": "a: 1", ".gitattributes": "* filter=notice\n"})
    repo.git("config", "filter.notice.smudge", f"touch {repo.folder}/noticed")
    before = everything()

    with repo.open() as repository:
        PlainSource(Commits(repository)).manifest(place, "m")

    assert everything() == before


def test_data_behind_more_files_than_are_looked_at_is_said_to_be_missing(
    repo: RepoBuilder, source: PlainSource
) -> None:
    pictures = {f"assets/{number}.png": "" for number in range(OTHERS_LISTED)}
    place = repo.commit_in_ref("refs/heads/many", {"params.yaml": "lr: 1\n", "data/train/1.png": "", **pictures})

    (note,) = source.manifest(place, "m").notes

    assert "data sets and large files may be missing" in note

    project = "mlver: 1\nmodel: m\nsteps: {a: {run: a, params: params.yaml}}\ndata: {train: {path: data/train}}\n"
    named = repo.commit_in_ref(
        "refs/heads/named",
        {"mlver.yaml": project, "params.yaml": "lr: 1\n", "data/train/1.png": "", **pictures},
    )
    told = source.manifest(named, "m")

    assert told.notes == ()
    assert [(one.path, one.digest is not None) for one in told.data] == [("data/train", True)]
