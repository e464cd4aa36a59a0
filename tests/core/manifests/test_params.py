"""Params are taken from their files as the steps declare."""

from __future__ import annotations

import pytest

from mlver.documents.reading import read_document
from mlver.errors import DocumentInvalid
from mlver.manifests.params import Params, collect_params
from mlver.model.project_file import ProjectFile, Step

PARAMS = "model: {hidden: 32, act: relu}\noptimiser: {lr: 0.1}\nseed: 42\nsizes: [{n: 1}, {n: 2}]\na.b: 7\n"


def collected(
    *declared: dict[str, tuple[str, ...] | None],
    files: dict[str, str],
    seeds: dict[str, str] | None = None,
    folder: str = ".",
) -> Params:
    steps = tuple(Step(name=f"s{i}", run="x", params=params) for i, params in enumerate(declared))
    project = ProjectFile(model="digits", folder=folder, steps=steps, seeds=seeds or {})
    documents = {path: read_document(text.encode(), name=path) for path, text in files.items()}
    return collect_params(project, documents)


def test_one_file_gives_the_asked_keys_as_they_are_nested() -> None:
    found = collected({"p.yaml": ("model.hidden", "optimiser", "a.b")}, files={"p.yaml": PARAMS})

    assert found.params == {"model": {"hidden": 32}, "optimiser": {"lr": 0.1}, "a.b": 7}
    assert found.params_from == {"p.yaml": {"keys": ["model.hidden", "optimiser", "a.b"]}}


def test_a_whole_file_gives_its_tree() -> None:
    found = collected({"p.yaml": None}, {"p.yaml": ("seed",)}, files={"p.yaml": "seed: 1\nb: {c: 2}\n"})

    assert found.params == {"seed": 1, "b": {"c": 2}}
    assert found.params_from == {"p.yaml": {"keys": None}}


def test_keys_of_all_steps_are_taken_together() -> None:
    found = collected(
        {"p.yaml": ("model.hidden",)},
        {"p.yaml": ("model.act", "model.hidden")},
        {"p.yaml": ("model",)},
        {"p.yaml": ("model.act",)},
        files={"p.yaml": PARAMS},
    )

    assert found.params == {"model": {"hidden": 32, "act": "relu"}}


def test_a_key_within_a_list_takes_the_list() -> None:
    assert collected({"p.yaml": ("sizes.1.n",)}, files={"p.yaml": PARAMS}).params == {"sizes": [{"n": 1}, {"n": 2}]}


def test_files_whose_top_keys_differ_are_merged() -> None:
    found = collected({"a.yaml": None, "b.json": ("y",)}, files={"a.yaml": "x: 1", "b.json": '{"y": 2, "x": 3}'})

    assert found.params == {"x": 1, "y": 2}


def test_files_that_share_a_top_key_go_under_their_paths() -> None:
    found = collected(
        {"a.yaml": None, "b.toml": None},
        files={"a.yaml": "seed: 1\nx: 1", "b.toml": "seed = 2"},
        seeds={"one": "a.yaml:seed", "two": "b.toml:seed"},
    )

    assert found.params == {"a.yaml": {"seed": 1, "x": 1}, "b.toml": {"seed": 2}}
    assert found.seed_paths == (("a.yaml", "seed"), ("b.toml", "seed"))


def test_seeds_point_into_the_params() -> None:
    found = collected(
        {"p.yaml": ("model", "seed")},
        files={"p.yaml": PARAMS},
        seeds={
            "numpy": "p.yaml:seed",
            "python": "PYTHONHASHSEED",
            "other": "p.yaml:optimiser.lr",
            "far": "q.yaml:seed",
        },
    )

    assert found.seed_paths == (("seed",),)


def test_files_go_by_their_path_from_the_top() -> None:
    found = collected({"p.yaml": None}, files={"sub/p.yaml": "seed: 1"}, seeds={"numpy": "p.yaml:seed"}, folder="sub")

    assert found.params == {"seed": 1}
    assert list(found.params_from) == ["sub/p.yaml"]
    assert found.seed_paths == (("seed",),)


def test_an_empty_file_has_no_params() -> None:
    assert collected({"p.yaml": None}, files={"p.yaml": "# nothing\n"}).params == {}


def test_a_missing_key_names_file_and_key() -> None:
    with pytest.raises(DocumentInvalid) as caught:
        collected({"p.yaml": ("optimizer.lr",)}, files={"p.yaml": PARAMS})

    assert caught.value.message == "p.yaml: optimizer.lr: is not in the file, though a step declares it"
    assert "optimiser.lr" in caught.value.hint


def test_a_missing_file_and_a_file_of_a_list_are_refused() -> None:
    with pytest.raises(DocumentInvalid, match=r"p\.yaml: is declared as a params file and is not there"):
        collected({"p.yaml": None}, files={})
    with pytest.raises(DocumentInvalid, match=r"p\.yaml:1: must hold a mapping"):
        collected({"p.yaml": None}, files={"p.yaml": "[1]"})
