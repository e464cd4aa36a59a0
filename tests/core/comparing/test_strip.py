from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from mlver.comparing.strip import Background, strip_of, title_of
from mlver.model.manifest import CodeFacts, DataFacts, EnvironmentFacts, FileFact, Gpu, HardwareFacts, Manifest
from tests.support.manifests import next_training, training

NOTHING = Background()


def told(changes: dict[str, Any], background: Background = NOTHING) -> tuple[str, str]:
    """Strip and title of a version that differs from its parent in `changes`."""
    version = next_training(**changes)
    return strip_of(version, training()), title_of(version, training(), background)


def with_raw_data(sha256: str | None) -> dict[str, Any]:
    prepare, train = training().steps
    inputs = (prepare.inputs[0], FileFact(path="raw.csv", sha256=sha256))
    return {"steps": (replace(prepare, inputs=inputs), train)}


def with_rows(rows: int) -> tuple[DataFacts, ...]:
    return (replace(training().data[0], rows=rows, sha256="8" * 64),)


def test_one_changed_param_is_the_title() -> None:
    params = {"optimiser": {"lr": 0.03}, "train": {"epochs": 40}, "seed": 42}

    assert told({"params": params}) == ("··P···", "lr 0.1 → 0.03")


def test_of_several_params_the_most_telling_is_named() -> None:
    params = {"optimiser": {"lr": 0.03, "momentum": 0.9}, "train": {"epochs": 60}, "seed": 42}

    assert told({"params": params}) == ("··P···", "lr 0.1 → 0.03, +2 more")


def test_a_key_that_is_there_twice_is_named_in_full() -> None:
    params = {"optimiser": {"lr": 0.1}, "finetune": {"lr": 0.3}, "train": {"epochs": 40}, "seed": 42}
    parent = training(params=params | {"finetune": {"lr": 0.1}})

    assert title_of(next_training(params=params), parent, NOTHING) == "finetune.lr 0.1 → 0.3"


@pytest.mark.parametrize(
    ("params", "title"),
    [
        ({"layers": [64, 32]}, "+ layers"),
        ({"a": "x\n\x1b[2J" + "y" * 99}, "+ a x \x1b[2Jyyyyyyyyyyyyyyyyy…"),
        ({}, "nothing recorded differs"),
        ({"10**5000": 10**5000}, "+ 10**5000 16610-bit integer"),
        ({"optimiser": [1, 2]}, "optimiser {1 key} → [2 items]"),
    ],
)
def test_values_stay_short_and_on_one_line(params: dict[str, Any], title: str) -> None:
    assert told({"params": {**training().params, **params}})[1] == title


def test_noise_keys_are_no_change() -> None:
    parent = training(params={"run_name": "a"})
    version = next_training(params={"run_name": "b"}, ignore=("**.run_name",))

    assert strip_of(version, parent) == "······"


def test_a_seed_among_the_params_is_told_once() -> None:
    params = {"optimiser": {"lr": 0.1}, "train": {"epochs": 40}, "seed": 43}

    assert told({"params": params, "seeds": {"numpy": 43}}) == ("·····S", "seed 42 → 43")


def test_a_removed_seed_is_said() -> None:
    params = {"optimiser": {"lr": 0.1}, "train": {"epochs": 40}}

    assert told({"params": params, "seeds": {}}) == ("·····S", "seed removed")


def test_seeds_that_moved_apart_are_named() -> None:
    title = told({"seeds": {"numpy": 1, "python": 5}})[1]

    assert title == "numpy seed 42 → 1, +1 more"


def test_more_rows_are_told_as_rows() -> None:
    changes = with_raw_data("9" * 64) | {"data": with_rows(1437)}

    assert told(changes) == ("·D····", "train +400 rows")


def test_data_without_rows_is_told_by_its_file() -> None:
    assert told(with_raw_data("9" * 64)) == ("·D····", "raw.csv changed")


def test_data_that_a_step_made_is_an_outcome() -> None:
    code = CodeFacts(tree="2" * 40, dirty=False)

    assert told({"code": code, "data": with_rows(900)}, Background(subject="Drop rows")) == ("C·····", "Drop rows")


def test_data_whose_digest_is_not_known_is_unknown() -> None:
    assert told(with_raw_data(None))[0] == "·?····"


def test_code_is_told_by_the_subject_of_its_commit() -> None:
    code = CodeFacts(tree="2" * 40, dirty=False)

    assert told({"code": code}, Background(subject="scaling restored\n")) == ("C·····", "scaling restored")


def test_uncommitted_code_is_a_star_and_not_told_by_the_commit() -> None:
    code = CodeFacts(tree="2" * 40, dirty=True)

    assert told({"code": code}, Background(subject="scaling restored")) == ("*·····", "uncommitted code")


def test_another_environment_is_told_by_the_farthest_jump() -> None:
    environment = replace(training().environment, digest="sha256:" + "f" * 64)
    background = Background(
        packages_before={"numpy": "1.26.4", "Attrs": "1.0"}, packages_after={"numpy": "2.4.6", "attrs": "1.0.1"}
    )

    assert told({"environment": environment}, background) == ("···E··", "numpy 1.26.4 → 2.4.6, +1 more")


def test_another_python_is_told() -> None:
    environment = EnvironmentFacts(digest="sha256:" + "f" * 64, python="3.12.1")

    assert told({"environment": environment}) == ("···E··", "Python 3.11.7 → 3.12.1")


@pytest.mark.parametrize(
    ("hardware", "cell"),
    [
        (HardwareFacts(), "?"),
        (HardwareFacts(cpu="one", cores=2, ram_bytes=(8 << 30) + 4096), "·"),
        (HardwareFacts(cpu="two", cores=2), "H"),
        (HardwareFacts(cpu="one", cores=2, gpus=(Gpu(name="big"),)), "H"),
        (HardwareFacts(cpu="one", cores=2, cudnn="9"), "·"),
    ],
)
def test_the_machine_is_compared_by_what_both_know(hardware: HardwareFacts, cell: str) -> None:
    assert told({"hardware": hardware})[0][4] == cell


def test_a_reason_comes_before_everything() -> None:
    assert told({"reason": "data refresh:\n 400 more rows", "params": {}})[1] == "data refresh: 400 more rows"


@pytest.mark.parametrize(
    ("result", "title"),
    [
        ("a", "same recipe, same result"),
        ("b", "same recipe, other result"),
        (None, "same recipe"),
    ],
)
def test_a_second_run_of_a_recipe_says_so(result: str | None, title: str) -> None:
    twin = next_training()
    again = next_training(result=result and "sha256:" + result * 64, params={})

    assert title_of(again, training(), Background(twin=twin)) == title


def test_the_first_version_has_a_blank_strip() -> None:
    assert strip_of(training(), None) == "      "
    assert title_of(training(), None, NOTHING) == "first version"
    assert title_of(training(), None, Background(subject="baseline")) == "baseline"
    assert strip_of(training(code=CodeFacts(dirty=True)), None) == "*     "


def test_a_parent_that_is_not_here_leaves_everything_unknown() -> None:
    assert strip_of(next_training(), None) == "??????"
    assert title_of(next_training(), None, NOTHING) == "its parent is not here"


def test_a_foreign_version_that_tells_nothing_is_unknown() -> None:
    bare = Manifest(model="digits")

    assert strip_of(bare, bare) == "??????"
    assert strip_of(next_training(), bare) == "??P??S"
