from __future__ import annotations

import pytest

from mlver.manifests.reading_project import read_project_file
from mlver.model.project_file import DataSet, ProjectFile, Step
from mlver.recording.layout import Layout, covers

PROJECT = ProjectFile(
    model="toy",
    folder="models/toy",
    steps=(
        Step(
            name="train",
            run="python train.py",
            inputs=("train.py", "data/raw.csv", "labels.txt"),
            params={"params.yaml": ("lr",)},
            outputs=("out/", "plots/*.png"),
            history="metrics/history.csv",
        ),
        Step(name="evaluate", run="python evaluate.py", inputs=("out/weights.npy",), metrics=("metrics/eval.json",)),
    ),
    data=(DataSet(name="train", path="data/raw.csv"),),
    seeds={"numpy": "seeds.yaml:seed", "python": "PYTHONHASHSEED"},
)


@pytest.mark.parametrize(
    ("pattern", "path", "answer"),
    [
        ("models", "models", True),
        ("models", "models/a/b.npy", True),
        ("models", "models2/a", False),
        ("models/*.npy", "models/a.npy", True),
        ("models/*.npy", "models/deep/a.npy", False),
        ("models/**/*.npy", "models/deep/er/a.npy", True),
        ("models/**/*.npy", "models/a.npy", True),
        ("m[12].bin", "m1.bin", True),
        ("m[12].bin", "m3.bin", False),
        ("m[12].bin", "m[12].bin", True),
        ("checkpoint-*", "checkpoint-7/weights.bin", True),
        (".", "anything/at/all", True),
    ],
)
def test_a_pattern_covers(pattern: str, path: str, answer: bool) -> None:
    assert covers(pattern, path) is answer


def test_paths_are_told_apart() -> None:
    layout = Layout(PROJECT)

    assert layout.is_product("models/toy/out/deep/weights.npy")
    assert layout.is_product("models/toy/metrics/eval.json")
    assert layout.is_output("models/toy/plots/a.png")
    assert not layout.is_output("models/toy/metrics/eval.json")
    assert layout.is_data("models/toy/data/raw.csv")
    assert layout.is_data("models/toy/labels.txt")
    assert not layout.is_data("models/toy/train.py")
    assert layout.params_files == ("models/toy/params.yaml",)
    assert layout.settings_files == ("models/toy/params.yaml", "models/toy/seeds.yaml")


def test_a_star_leaves_hidden_files_alone_as_expanding_does() -> None:
    assert not covers("data/*", "data/.meta.json")
    assert covers("data", "data/.meta.json")


def test_what_has_no_line_of_its_own_stands_where_what_is_around_it_does() -> None:
    text = b"mlver: 1\nmodel: m\nsteps:\n  a:\n    run: x\n    inputs: [b]\n    params: p.yaml\n"
    layout = Layout(read_project_file(text, name="sub/mlver.yaml", folder="sub"))

    assert str(layout.place_of("steps", "a", "inputs", 0)) == "sub/mlver.yaml:6"
    assert str(layout.place_of("steps", "a", "params", "p.yaml")) == "sub/mlver.yaml:7"
    assert str(layout.place_of("seeds", "numpy")) == "sub/mlver.yaml"
