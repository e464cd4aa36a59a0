from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlver.manifests.reading_project import read_project_file
from mlver.model.project_file import ProjectFile
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


def drafted(folder: Path, files: Mapping[str, str]) -> tuple[ProjectFile, str]:
    """The draft for a folder with these files, as mlver reads it and as a person does."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    assert shell_in(folder).mlver("init").code == 0
    text = (folder / "mlver.yaml").read_text()
    return read_project_file(text.encode(), name="mlver.yaml"), text


def test_configs_of_any_usual_name_are_params_and_what_is_made_is_not(tmp_path: Path) -> None:
    project, text = drafted(
        tmp_path,
        {
            "src/train.py": "",
            "src/evaluate.py": "open('conf/eval.yaml')",
            **{f"conf/{name}.yaml": "a: 1" for name in ("config", "eval", "model/big", "model/small", "optim/adam")},
            "hparams.yaml": "seed: 1\n",
            "settings_config.toml": "a = 1",
            "outputs/2026/.hydra/config.yaml": "a: 1",
            "checkpoints/config.json": "{}",
            "checkpoints/all_results.json": '{"accuracy": 0.9}',
            "docker-compose.yml": "a: 1",
            ".github/workflows/config.yaml": "a: 1",
            "tests/params.yaml": "a: 1",
            "uv.lock": "",
            "requirements.txt": "numpy",
            "data/raw/a/1.png": "1",
            "data/train.csv": "1",
            "lightning_logs/version_0/metrics.csv": "step,loss",
        },
    )

    train, evaluate = project.steps
    assert list(train.params) == [
        "hparams.yaml", "settings_config.toml", "conf/config.yaml", "conf/eval.yaml", "conf/model/big.yaml",
    ]  # fmt: skip
    assert "# 2 more that may hold params: conf/model/small.yaml, conf/optim/adam.yaml" in text
    assert list(evaluate.params) == ["conf/eval.yaml"]
    assert (train.outputs, train.metrics) == (("checkpoints/",), ("checkpoints/all_results.json",))
    assert evaluate.metrics == ()
    assert [(data.name, data.path, data.role) for data in project.data] == [
        ("train", "data/train.csv", "train"),
        ("raw", "data/raw", None),
    ]
    assert project.seeds == {"seed": "hparams.yaml:seed"}
    assert project.lock == "uv.lock"
    assert project.warnings == ()


def test_weights_in_folders_of_any_name_are_outputs_unless_they_are_given(tmp_path: Path) -> None:
    project, _ = drafted(
        tmp_path,
        {
            "train.py": "",
            "out/model.pkl": "1",
            "out/report.html": "1",
            "ckpt/step-1.pt": "1",
            "ckpt/step-2.pt": "1",
            "output/weights.npz": "1",
            "runs/2026-01-01/model.pt": "1",
            "pretrained/base.bin": "1",
            "input/train.npy": "1",
            "features/all.parquet": "1",
            "conf/model.json": "{}",
            "tests/golden.pkl": "1",
        },
    )

    assert set(project.steps[0].outputs) == {"out/model.pkl", "ckpt/", "output/weights.npz"}


def test_the_draft_made_after_one_training_records_what_it_made(tmp_path: Path) -> None:
    training = (
        "import json, os\nos.makedirs('out', exist_ok=True)\nopen('out/model.pkl', 'wb').write(b'model')\n"
        "json.dump({'accuracy': 0.75}, open('metrics.json', 'w'))\n"
    )
    (tmp_path / "train.py").write_text(training)
    subprocess.run(["python3", "train.py"], cwd=tmp_path, check=True)
    shell = shell_in(tmp_path)
    assert shell.mlver("init").code == 0
    (tmp_path / "mlver.yaml").write_text((tmp_path / "mlver.yaml").read_text().replace("python train", "python3 train"))
    subprocess.run(["git", "add", "train.py", "mlver.yaml"], cwd=tmp_path, check=True)
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "x"], cwd=tmp_path, check=True
    )

    ran = shell.mlver("run")

    assert ran.code == 0, ran.err
    assert "the steps wrote" not in ran.err
    shown = shell.mlver("show", "latest").out
    assert "out/model.pkl" in shown
    assert "0.75" in shown


def test_a_data_set_of_many_files_is_one_and_does_not_hide_what_comes_after(tmp_path: Path) -> None:
    images = {f"data/images/{number}/{number}.png": "" for number in range(300)}

    project, _ = drafted(tmp_path, {**images, "train.py": "", "z/a/params.yaml": "a: 1"})

    assert [data.path for data in project.data] == ["data/images"]
    assert list(project.steps[0].params) == ["z/a/params.yaml"]


def test_the_stages_of_a_dvc_project_are_named_to_be_taken(tmp_path: Path) -> None:
    pipeline = """\
vars: [x]
stages:
  prepare:
    cmd: python src/prepare.py --in data
    deps: [data]
  train:
    deps:
    - src/train.py
    cmd: python src/train.py
  many:
    cmd:
    - one
    - two
"""
    _, text = drafted(tmp_path, {"dvc.yaml": pipeline, "params.yaml": "a: 1"})

    assert '  #   prepare: {run: "python src/prepare.py --in data"}\n' in text
    assert '  #   train: {run: "python src/train.py"}\n' in text
    assert "many" not in text


def test_a_draft_whose_command_is_filled_in_records_a_version(tmp_path: Path) -> None:
    project, text = drafted(
        tmp_path,
        {
            "fit_it.py": "open('scores.json', 'w').write('{\"acc\": 0.5}'); open('model.bin', 'w').write('new')",
            "config.json": '{"lr": 0.1}',
            "scores.json": '{"acc": 0.1}',
            "model.bin": "old",
        },
    )
    assert [step.run for step in project.steps] == ["python train.py"]
    (tmp_path / "mlver.yaml").write_text(
        text.replace("python train.py", "python3 fit_it.py").replace("train.py", "fit_it.py")
    )
    shell = shell_without_git_in(tmp_path)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "x"], cwd=tmp_path, check=True
    )

    ran = shell.mlver("run")

    assert ran.code == 0, ran.err
    assert "0.5" in shell.mlver("show", "latest").out


def test_a_name_that_no_model_may_have_is_refused(tmp_path: Path) -> None:
    ran = shell_in(tmp_path).mlver("init", "--model", "My Model")

    assert ran.code == 2
    assert not (tmp_path / "mlver.yaml").exists()
