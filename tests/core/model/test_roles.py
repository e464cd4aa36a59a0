"""What a file may be, by its path alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.model import roles
from mlver.model.roles import Role, data_role, data_set_of, lock_rank, role_of


@pytest.mark.parametrize(
    "path",
    [
        "params.yaml", "config.yml", "config.json", "config_large.toml", "src/model.config.yaml", "base_config.yaml",
        "hparams.yaml", "lightning_logs/version_0/hparams.yaml", "hyperparameters.json", "args.yaml",
        "training_args.json",
        "train.yaml", "train_lora.yml", "finetune-7b.yaml", "conf/model/resnet.yaml", "configs/eval.yaml",
        "configs/metrics/f1.yaml", "configs/Base-RCNN-FPN.yaml", "outputs/2026-11-21/.hydra/config.yaml",
        "recipes/sft/config_full.yaml", "generation_config.json", "adapter_config.json", "checkpoints/best/config.json",
        "Config.YAML",
    ],
)  # fmt: skip
def test_names_that_mean_params(path: str) -> None:
    assert role_of(path) is Role.PARAMS


@pytest.mark.parametrize(
    "path",
    [
        "metrics.json", "metrics.yaml", "metrics/eval.json", "metrics/deep/any.toml", "eval.json", "eval_results.json",
        "all_results.json", "output/train_results.json", "results.json", "scores-2026.json", "test_metrics.json",
        "evaluation_report.json", "data/metrics.json",
    ],
)  # fmt: skip
def test_names_that_mean_metrics(path: str) -> None:
    assert role_of(path) is Role.METRICS


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("lightning_logs/version_3/metrics.csv", Role.TABLE), ("metrics/final.csv", Role.TABLE),
        ("history.csv", Role.CURVES), ("metrics/history.csv", Role.CURVES), ("training_log.csv", Role.CURVES),
        ("logs.csv", Role.CURVES), ("trainer_state.json", Role.CURVES), ("runs/train/results.csv", Role.CURVES),
        ("dvclive/plots/metrics/train/loss.tsv", Role.CURVES), ("dvclive/plots/metrics/acc.tsv", Role.CURVES),
        ("uv.lock", Role.LOCK), ("requirements-gpu.txt", Role.LOCK), ("envs/environment.yml", Role.LOCK),
        ("data/train.csv", Role.DATA), ("data/raw/a/1.png", Role.DATA), ("train.csv", Role.DATA),
        ("data/eval.json", Role.DATA), ("dataset/notes.md", None), ("data/loader.py", Role.OUTPUT),
        ("model.safetensors", Role.OUTPUT), ("models/a.zip", Role.OUTPUT), ("weights", Role.OUTPUT),
    ],
)  # fmt: skip
def test_names_that_mean_something_else(path: str, role: Role | None) -> None:
    assert role_of(path) is role


@pytest.mark.parametrize(
    "path",
    [
        "package.json", "tsconfig.json", "pyproject.toml", "docker-compose.yml", ".pre-commit-config.yaml",
        ".github/workflows/config.yml", "_config.yml", "mkdocs.yml", "docs/config.yaml", "tests/data/params.yaml",
        "test/config.json", "node_modules/x/config.json", "k8s/config.yaml", "params.schema.json", "mlver.yaml",
        "dvc.yaml",
        "release-please-config.json", "catalogue.csv", "README.md", "train.json", "eval.yaml.md", ".hydra/hydra.yaml",
        ".gitlab-ci.yml", "src/tokenizer.json", "fig/curve.png",
    ],
)  # fmt: skip
def test_names_that_say_nothing_of_a_model(path: str) -> None:
    assert role_of(path) is None


def test_a_data_set_is_what_lies_directly_in_a_folder_of_data() -> None:
    assert data_set_of("data/raw/a/1.png") == "data/raw"
    assert data_set_of("src/Datasets/train.csv") == "src/Datasets/train.csv"
    assert data_set_of("train.csv") is None
    assert data_set_of("data") is None


@pytest.mark.parametrize(
    ("path", "role"), [("data/train.csv", "train"), ("data/my-val_set", "eval"), ("data/trained", None)]
)
def test_the_name_says_what_data_is_for(path: str, role: str | None) -> None:
    assert data_role(path) == role


def test_locks_are_ranked_by_place_purpose_and_kind() -> None:
    paths = ["a/uv.lock", "requirements-dev.txt", "environment.yml", "requirements.txt", "poetry.lock", "uv.lock"]

    assert sorted(paths, key=lock_rank) == [
        "uv.lock", "poetry.lock", "requirements.txt", "environment.yml", "requirements-dev.txt", "a/uv.lock",
    ]  # fmt: skip


def test_the_guide_names_every_pattern() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "histories.md").read_text(encoding="utf-8")
    plain = guide.partition("## Plain repositories")[2]

    patterns = (
        *roles.PARAMS, *roles.PARAMS_YAML, *roles.PARAMS_FOLDERS, *roles.METRICS, *roles.METRICS_YAML,
        *roles.METRICS_FOLDERS, *roles.CURVES, *roles.LOCKS, *roles.DATA_FOLDERS, *roles.OFF, *roles.OFF_AT_TOP,
    )  # fmt: skip

    assert [pattern for pattern in patterns if f"`{pattern}`" not in plain] == []
    order = [plain.rindex(f"`{pattern}`", 0, plain.index("nearest to the top")) for pattern in roles.LOCKS]
    assert order == sorted(order)
