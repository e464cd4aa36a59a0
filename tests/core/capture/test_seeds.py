from __future__ import annotations

import pytest

from mlver.capture.seeds import seeds_of
from mlver.errors import RunRefused
from mlver.model.data import Place

AT = {name: Place("mlver.yaml", line) for line, name in enumerate("abcde", 1)}


def test_seeds_come_from_params_and_variables() -> None:
    found, warnings = seeds_of(
        {"a": "params.yaml:train.seed", "b": "PYTHONHASHSEED"},
        documents={"params.yaml": {"train": {"seed": 42}}},
        environment={"PYTHONHASHSEED": "0"},
        places=AT,
    )

    assert found == {"a": 42, "b": "0"}
    assert warnings == ()


def test_a_seed_without_a_value_is_none_and_says_why() -> None:
    found, warnings = seeds_of(
        {"c": "UNSET", "d": "params.yaml:tree", "e": "params.yaml:null"},
        documents={"params.yaml": {"tree": {"x": 1}, "null": None}},
        environment={},
        places=AT,
    )

    assert found == dict.fromkeys("cde")
    assert warnings == (
        "seed c: the variable UNSET is not set",
        "seed d: tree in params.yaml is no single value",
        "seed e: null in params.yaml is null",
    )


@pytest.mark.parametrize(
    ("place", "problem", "hint"),
    [
        ("params.yaml:seed", "params.yaml has no seed", "did you mean train.seed?"),
        ("params.yaml:zzz", "params.yaml has no zzz", "write zzz into params.yaml, or take the seed out of mlver.yaml"),
    ],
)
def test_a_seed_that_no_file_has_is_refused_with_its_line(place: str, problem: str, hint: str) -> None:
    with pytest.raises(RunRefused) as caught:
        seeds_of({"b": place}, documents={"params.yaml": {"train": {"seed": 1}}}, environment={}, places=AT)

    assert (caught.value.message, caught.value.hint) == (f"mlver.yaml:2: seed b: {problem}", hint)
