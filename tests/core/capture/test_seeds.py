from __future__ import annotations

from mlver.capture.seeds import seeds_of


def test_seeds_come_from_params_and_variables() -> None:
    found, warnings = seeds_of(
        {"numpy": "params.yaml:train.seed", "python": "PYTHONHASHSEED"},
        documents={"params.yaml": {"train": {"seed": 42}}},
        environment={"PYTHONHASHSEED": "0"},
    )

    assert found == {"numpy": 42, "python": "0"}
    assert warnings == ()


def test_a_seed_that_is_not_there_is_none_and_says_why() -> None:
    found, warnings = seeds_of(
        {
            "a": "params.yaml:seed",
            "b": "other.yaml:seed",
            "c": "UNSET",
            "d": "params.yaml:tree",
            "e": "params.yaml:null",
        },
        documents={"params.yaml": {"tree": {"x": 1}, "null": None}},
        environment={},
    )

    assert found == dict.fromkeys("abcde")
    assert warnings == (
        "seed a: params.yaml has no seed",
        "seed b: other.yaml is no step's params file",
        "seed c: the variable UNSET is not set",
        "seed d: tree in params.yaml is no single value",
        "seed e: null in params.yaml is null",
    )
