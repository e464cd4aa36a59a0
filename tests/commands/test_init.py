from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mlver.manifests.reading_project import read_project_file
from tests.commands.conftest import shell_of
from tests.support.commands import Shell
from tests.support.training import TrainingProject


def shell_in(folder: Path) -> Shell:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return shell_without_git_in(folder)


def shell_without_git_in(folder: Path) -> Shell:
    return Shell(folder, {"PATH": "/usr/bin:/bin", "HOME": str(folder.parent)})


def test_the_draft_of_a_project_records_it(fresh: TrainingProject) -> None:
    (fresh.folder / "mlver.yaml").unlink()
    for product in ("models/weights.json", "metrics/eval.json", "metrics/history.csv"):
        (fresh.folder / product).parent.mkdir(exist_ok=True)
    (fresh.folder / "metrics/eval.json").write_text('{"accuracy": 0.9, "loss": 0.1}')
    (fresh.folder / "metrics/history.csv").write_text("step,metric,value\n")
    shell = shell_of(fresh)

    made = shell.mlver("init", "--model", "mine")
    project = read_project_file((fresh.folder / "mlver.yaml").read_bytes(), name="mlver.yaml")

    assert made.code == 0
    assert "next: check mlver.yaml" in made.err
    assert [step.name for step in project.steps] == ["prepare", "train", "evaluate"]
    assert project.model == "mine"
    assert project.warnings == ()
    assert project.steps[1].outputs == ("models/",)
    assert project.steps[1].history == "metrics/history.csv"
    assert project.steps[2].metrics == ("metrics/eval.json",)
    assert {name: meaning.goal and meaning.goal.value for name, meaning in project.metrics.items()} == {
        "accuracy": "maximise",
        "loss": "minimise",
    }
    assert project.metrics["accuracy"].primary


def test_an_existing_file_is_never_overwritten(fresh: TrainingProject) -> None:
    before = (fresh.folder / "mlver.yaml").read_text()

    ran = shell_of(fresh).mlver("init")

    assert ran.code == 2
    assert "is there already" in ran.err
    assert (fresh.folder / "mlver.yaml").read_text() == before


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "mlver.yaml").symlink_to(tmp_path / "elsewhere")

    assert shell_in(tmp_path).mlver("init").code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_in_no_repository_is_told_to_be_made_one_and_nothing_is_written(tmp_path: Path) -> None:
    ran = shell_without_git_in(tmp_path).mlver("init")

    assert ran.code == 3
    assert f"error: {tmp_path} is in no git repository" in ran.err
    assert "hint: git init makes it one" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "params", "has_seed"),
    [
        ("params.yaml", "seed: 1\n", True),
        ("params.yaml", "train:\n  seed: 1\n", False),
        ("params.json", '{"lr": 1, "seed": 1}', True),
        ("params.json", '{"train": {"seed": 1}}', False),
        ("params.toml", "seed = 1\n[train]\n", True),
        ("params.toml", "[train]\nseed = 1\n", False),
    ],
)
def test_only_a_seed_at_the_top_of_the_params_is_drafted(
    tmp_path: Path, name: str, params: str, has_seed: bool
) -> None:
    (tmp_path / name).write_text(params)

    shell_in(tmp_path).mlver("init")

    project = read_project_file((tmp_path / "mlver.yaml").read_bytes(), name="mlver.yaml")
    assert project.seeds == ({"seed": f"{name}:seed"} if has_seed else {})


def test_an_empty_repository_gets_a_valid_draft(tmp_path: Path) -> None:
    ran = shell_in(tmp_path).mlver("init")
    project = read_project_file((tmp_path / "mlver.yaml").read_bytes(), name="mlver.yaml")

    assert ran.code == 0
    assert "next: name your training's command in mlver.yaml" in ran.err
    assert [step.run for step in project.steps] == ["python train.py"]


@pytest.mark.parametrize(
    "names",
    [
        ["data/train: {x}.csv", "data/#.csv", "data/a b.csv", "data/ü.csv", "data/'\".csv", "data/[.csv"],
        ["data/-.csv", "data/123.csv", "data/*.csv", "data/train.csv", "data/train.tsv", "data/\x1b[2J.csv"],
        ["params.yaml", "requirements.txt", "main.py", "model.pkl", "eval.py"],
    ],
)
def test_any_file_name_leaves_the_draft_valid(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / "data").mkdir()
    for name in names:
        (tmp_path / name).write_text("numpy==1.0\nseed: 4\n")
    (tmp_path / "metrics.json").write_text('{"a: b": 1, "acc\\nx": 2, "F1 [x]": 3, "val_loss": 4, "yes": 1}')

    assert shell_in(tmp_path).mlver("init").code == 0

    text = (tmp_path / "mlver.yaml").read_text()
    read_project_file(text.encode(), name="mlver.yaml")
    assert "\x1b" not in text


def test_a_name_that_no_model_may_have_is_refused(tmp_path: Path) -> None:
    ran = shell_in(tmp_path).mlver("init", "--model", "My Model")

    assert ran.code == 2
    assert not (tmp_path / "mlver.yaml").exists()
