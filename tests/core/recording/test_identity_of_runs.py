"""What belongs to a recipe, on real runs: what is recorded is immutable, so a mistake here cannot be repaired later."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.errors import RunRefused, SecretFound
from mlver.model.manifest import Manifest
from mlver.model.status import Status
from mlver.model.version import VersionRow
from mlver.project import RunRequest
from tests.support.training import ONE_STEP, TrainingProject


def manifest_of(toy: TrainingProject, row: VersionRow) -> Manifest:
    with toy.opened() as project:
        return project.version(row).manifest


def test_a_file_that_only_seeds_name_counts_whole(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "    params: {params.json: [model, optimiser, seed]}\n", "")
    toy.commit("no params")
    first = toy.run()
    toy.replace("params.json", "0.1", "0.5")
    toy.commit("faster")

    assert toy.run().recipe != first.recipe


def test_a_named_data_set_counts_though_no_step_names_it(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "inputs: [prepare.py, data/raw.csv]", "inputs: [prepare.py]")
    toy.replace("mlver.yaml", "data:\n  train:", "data:\n  raw: {path: data/raw.csv}\n  train:")
    toy.commit("name it as data")
    first = toy.run()
    toy.replace("data/raw.csv", "0,0.0000", "0,0.5000")
    toy.commit("other data")
    second = toy.run()

    assert second.recipe != first.recipe
    assert manifest_of(toy, second).data[0].sha256 != manifest_of(toy, first).data[0].sha256


def test_what_a_glob_leaves_out_stays_code(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "inputs: [prepare.py, data/raw.csv]", 'inputs: [prepare.py, "data/*"]')
    toy.write("data/.meta.json", "1")
    toy.commit("a hidden file")
    first = toy.run()
    toy.write("data/.meta.json", "2")
    toy.commit("changed")

    assert toy.run().recipe != first.recipe


def test_setting_a_param_gives_the_recipe_that_committing_it_gives(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "inputs: [train.py, data/train.csv]", "inputs: [train.py, params.json, data/train.csv]")
    toy.commit("params are an input too")
    chosen = toy.run(settings={"optimiser.lr": 0.7})
    isolated = toy.run(settings={"optimiser.lr": 0.7})
    toy.replace("params.json", "0.1", "0.7")

    committed = toy.run()

    assert chosen.recipe == isolated.recipe == committed.recipe


def test_mlvers_own_attributes_are_no_code(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "outputs: [models/]", "outputs: [models/weights.json, models/weights.bin]")
    toy.commit("name the files")
    first = toy.run()
    toy.write("models/.gitattributes", toy.git("show", f"{first.commit}:models/.gitattributes"))
    toy.git("add", "-f", "models/.gitattributes")

    assert toy.run().recipe == first.recipe


def test_input_bytes_are_kept_when_git_would_convert_them(toy: TrainingProject) -> None:
    toy.write(".gitattributes", "*.csv text eol=crlf\n")
    raw = (toy.folder / "data" / "raw.csv").read_text().replace("\n", "\r\n")
    (toy.folder / "data" / "raw.csv").write_bytes(raw.encode())
    toy.commit("dos line ends")

    row = toy.run()

    with toy.opened() as project:
        record = project.replay(project.plan_replay(row), on_event=lambda _event: None)
    assert record.agreement.value == "identical"


def test_an_input_behind_a_link_is_kept_by_content(toy: TrainingProject) -> None:
    outside = toy.folder.parent / "disk" / "raw.csv"
    outside.parent.mkdir()
    (toy.folder / "data" / "raw.csv").rename(outside)
    (toy.folder / "data" / "raw.csv").symlink_to(outside)
    toy.commit("data on another disk")

    row = toy.run()
    outside.unlink()

    with toy.opened() as project:
        record = project.replay(project.plan_replay(row), on_event=lambda _event: None)
    assert record.agreement.value == "identical"


def test_an_output_that_a_later_step_deletes_fails_the_run_and_keeps_the_rest(toy: TrainingProject) -> None:
    toy.write(
        "evaluate.py", (toy.folder / "evaluate.py").read_text() + "\npathlib.Path('models/weights.bin').unlink()\n"
    )

    row = toy.run()

    assert row.status is Status.FAILED
    assert "models/weights.bin" in (row.problem or "")
    assert "models/weights.json" in toy.files_at(row.commit)
    assert "drafts" not in toy.git("for-each-ref")


@pytest.mark.parametrize("text", ["{broken", "[1, 2]", '{"accuracy": 1, "accuracy": 2}', "\\xff"])
def test_metrics_that_cannot_be_read_fail_the_run_and_keep_the_weights(toy: TrainingProject, text: str) -> None:
    toy.write("evaluate.py", f"import pathlib; pathlib.Path('metrics/eval.json').write_text({text!r})")

    row = toy.run(settings={"optimiser.lr": 0.2})

    assert row.status is Status.FAILED
    assert "eval.json" in (row.problem or "")
    assert {artifact.path for artifact in manifest_of(toy, row).artifacts} >= {"models/weights.bin"}


def test_a_metric_beyond_every_float_breaks_no_list(toy: TrainingProject) -> None:
    toy.write(
        "evaluate.py",
        "import pathlib; pathlib.Path('metrics/eval.json').write_text('{\"accuracy\": 1' + '0' * 400 + '}')",
    )

    row = toy.run()

    metric = row.primary_metric
    assert metric is None or metric.number == float("inf")


def test_metrics_may_be_named_by_a_glob(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "metrics: [metrics/eval.json]", 'metrics: ["metrics/*.json"]')

    row = toy.run()

    assert row.metrics["accuracy"].number is not None


def test_an_input_that_an_earlier_step_alters_is_marked(toy: TrainingProject) -> None:
    toy.replace("prepare.py", "import pathlib", "import pathlib\npathlib.Path('evaluate.py').open('a').write('# more')")
    toy.commit("a step that edits code")

    row = toy.run()

    assert manifest_of(toy, row).steps[2].changed_while_running == ("evaluate.py",)


def test_a_secret_in_an_output_is_not_recorded(toy: TrainingProject) -> None:
    secret = "AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY"
    toy.write(
        "train.py",
        (toy.folder / "train.py").read_text()
        + f"\npathlib.Path('models/conf.env').write_text({secret[:20]!r} + {secret[20:]!r})\n",
    )

    row = toy.run()

    assert row.status is Status.FAILED
    assert "models/conf.env" in (row.problem or "")
    assert "models/conf.env" not in toy.files_at(row.commit)


def test_a_secret_in_a_committed_command_refuses_the_run(quick: TrainingProject) -> None:
    token = "hf_" + "Ab3dEf7hIj" * 3
    quick.replace("mlver.yaml", "      mkdir -p models", f"      echo --token {token}\n      mkdir -p models")
    quick.commit("a token in a command")

    with pytest.raises(SecretFound, match=r"^mlver.yaml:6: looks like a Hugging Face token") as caught:
        quick.run()

    assert token not in caught.value.message + caught.value.hint
    assert "refs/mlver" not in quick.git("for-each-ref")
    assert caught.value.hint.endswith("--allow-secret mlver.yaml")
    row = quick.run(allow_secrets=("mlver.yaml",))
    assert manifest_of(quick, row).code.allowed_secrets == ("mlver.yaml",)


def test_what_an_isolated_run_made_and_could_not_record_outlives_it(toy: TrainingProject) -> None:
    secret = "AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY"
    toy.write(
        "mlver.yaml", ONE_STEP.replace("> models/rows.json", f"; echo '{secret[:20]}''{secret[20:]}' > models/conf.env")
    )
    said: list[str] = []

    with toy.opened() as project:
        request = RunRequest(folder=toy.folder, isolated=True)
        row = project.run(request, on_event=lambda event: said.append(getattr(event, "text", "")))

    kept = Path(said[-1].removeprefix("note: what could not be recorded is kept in "))
    assert (row.status, (kept / "models" / "conf.env").read_text()) == (Status.FAILED, secret + "\n")


def test_an_untracked_input_is_safe_before_a_step_changes_it(toy: TrainingProject) -> None:
    (toy.folder / "data" / "raw.csv").write_text("id,x\n" + "1,2.5\n" * 40_000)
    toy.git("rm", "-q", "--cached", "data/raw.csv")
    toy.write(".gitignore", "data/\nmodels/\nmetrics/\n")
    toy.write("train.py", (toy.folder / "train.py").read_text() + "\npathlib.Path('data/raw.csv').unlink()\n")
    toy.commit("delete the data after training")

    row = toy.run()

    assert row.status is Status.DONE
    assert "data/raw.csv" in toy.files_at(row.commit)


def test_a_data_set_that_is_missing_refuses_the_run(toy: TrainingProject) -> None:
    toy.replace("mlver.yaml", "data:\n  train:", "data:\n  raw: {path: data/nowhere.csv}\n  train:")

    with pytest.raises(RunRefused, match=r"data set raw: data/nowhere.csv does not exist"):
        toy.run()


def test_what_is_recorded_is_not_called_left_out(toy: TrainingProject) -> None:
    toy.write(".level", "LEVEL=3\n")
    toy.write("notes.txt", "not declared\n")
    toy.replace("mlver.yaml", "inputs: [prepare.py,", "inputs: [prepare.py, .level,")

    row = toy.run()

    assert manifest_of(toy, row).code.untracked == ("notes.txt",)
    assert ".level" in toy.files_at(row.commit)


def test_a_run_under_way_is_listed_with_the_strip_it_will_have(toy: TrainingProject) -> None:
    toy.run()
    seen: list[VersionRow] = []

    def look(event: object) -> None:
        if getattr(event, "name", "") == "train" and not seen:
            with toy.opened() as project:
                seen.extend(row for row in project.refresh().rows if row.is_running)

    with toy.opened() as project:
        row = project.run(RunRequest(folder=toy.folder, settings={"optimiser.lr": 0.5}), on_event=look)

    assert [(one.key, one.strip, one.title) for one in seen] == [(row.key, row.strip, row.title)]


SECOND_MODEL = """\
mlver: 1
model: second
steps:
  train:
    run: |
      mkdir -p models
      date +%N > models/weights.txt
      date +%N > models/config.yaml
      echo '{"loss": '$(date +1%N)'}' > metrics.json
      date +0,loss,%N, > history.csv
    outputs: [models/]
    metrics: [metrics.json]
    history: history.csv
"""


@pytest.fixture
def two_models(quick: TrainingProject) -> TrainingProject:
    """Two models in one repository, the products of the second tracked by git."""
    quick.write("second/mlver.yaml", SECOND_MODEL)
    quick.write(".gitignore", "/models/\n")
    quick.write("second/notes.txt", "code\n")
    quick.commit("a second model")
    run_second(quick)
    quick.commit("its products")
    return quick


def run_second(toy: TrainingProject) -> VersionRow:
    return toy.run(file=Path("second/mlver.yaml"))


def test_what_another_model_makes_is_no_code_of_this_one(two_models: TrainingProject) -> None:
    first = two_models.run()
    run_second(two_models)
    after = two_models.run()
    two_models.commit("its products again")

    committed = two_models.run()

    assert first.recipe == after.recipe == committed.recipe
    assert not after.is_dirty
    assert "second/models/config.yaml" in two_models.files_at(after.commit)


def test_all_else_of_another_model_is_code(two_models: TrainingProject) -> None:
    first = two_models.run()
    two_models.write("second/notes.txt", "other code\n")

    second = two_models.run()

    assert second.is_dirty
    assert second.recipe != first.recipe


@pytest.mark.parametrize("name", ["weights.txt", "config.yaml"])
def test_what_another_model_makes_counts_where_it_is_an_input(two_models: TrainingProject, name: str) -> None:
    two_models.replace("mlver.yaml", "[data/raw.csv]", f"[data/raw.csv, second/models/{name}]")
    two_models.commit("start from the second model")
    first = two_models.run()
    run_second(two_models)

    second = two_models.run()

    assert second.is_dirty
    assert second.recipe != first.recipe


def test_a_model_that_claims_everything_leaves_the_others_their_code(two_models: TrainingProject) -> None:
    two_models.replace("second/mlver.yaml", "outputs: [models/]", "outputs: [../]")
    two_models.commit("claim it all")
    first = two_models.run()
    two_models.write("train.py", "other = 1\n")

    assert two_models.run().recipe != first.recipe


def test_another_models_broken_project_file_is_said_and_its_products_count(two_models: TrainingProject) -> None:
    two_models.write("second/mlver.yaml", "mlver: 1\nmodel: second\nsteps: [\n")
    said: list[str] = []

    with two_models.opened() as project:
        first = project.run(
            RunRequest(folder=two_models.folder), on_event=lambda event: said.append(getattr(event, "text", ""))
        )
    two_models.write("second/metrics.json", "{}")

    assert any("second/mlver.yaml" in text and "counts as code here" in text for text in said)
    assert two_models.run().recipe != first.recipe
