"""What a run leaves in the repository."""

from __future__ import annotations

import subprocess
import threading

import pytest

from mlver.errors import BadArgument, RunRefused, SecretFound, WorkingTreeBusy
from mlver.model.manifest import Manifest
from mlver.model.status import Status
from mlver.model.version import VersionRow
from mlver.project import RunRequest
from tests.support.training import TrainingProject


def manifest_of(toy: TrainingProject, row: VersionRow) -> Manifest:
    with toy.opened() as project:
        return project.version(row).manifest


def test_a_run_is_a_commit_on_the_code_with_everything_in_its_tree(toy: TrainingProject) -> None:
    row = toy.run(reason="baseline")

    files = set(toy.files_at(row.commit))
    assert (row.status, row.title, row.strip) == (Status.DONE, "baseline", "      ")
    assert toy.git("rev-parse", f"{row.commit}^") == toy.git("rev-parse", "HEAD")
    assert {".mlver/version.yaml", ".mlver/history.csv", ".mlver/environment.txt", ".mlver/log.txt"} <= files
    assert {"models/weights.json", "models/weights.bin", "metrics/eval.json", "data/train.csv"} <= files
    assert toy.git("show", f"{row.commit}:.mlver/log.txt") == "trained 4 weights\n"
    assert toy.git("fsck", "--strict", "--no-dangling") == ""


def test_the_working_tree_branch_and_index_stay_as_they_are(toy: TrainingProject) -> None:
    toy.write("README.md", "# changed\n")
    toy.write("staged.py", "x = 1\n")
    toy.git("add", "staged.py")
    before = toy.git("status", "--porcelain"), toy.git("rev-parse", "HEAD"), toy.git("diff", "--cached")

    toy.run()

    assert (toy.git("status", "--porcelain"), toy.git("rev-parse", "HEAD"), toy.git("diff", "--cached")) == before


def test_binary_outputs_are_pointers_that_git_lfs_understands(toy: TrainingProject) -> None:
    row = toy.run()

    pointer = toy.git("show", f"{row.commit}:models/weights.bin")
    digest = pointer.split("sha256:")[1].split()[0]
    kept = toy.folder / ".git" / "mlver" / "objects" / "sha256" / digest[:2] / digest[2:4] / digest
    assert pointer.startswith("version https://git-lfs.github.com/spec/v1\n")
    assert kept.read_bytes() == (toy.folder / "models" / "weights.bin").read_bytes()
    assert "/weights.bin filter=lfs" in toy.git("show", f"{row.commit}:models/.gitattributes")


def test_the_manifest_says_what_ran(toy: TrainingProject) -> None:
    manifest = manifest_of(toy, toy.run(reason="baseline"))

    assert [step.name for step in manifest.steps] == ["prepare", "train", "evaluate"]
    assert [step.exit for step in manifest.steps] == [0, 0, 0]
    assert manifest.params == {"model": {"hidden": 4}, "optimiser": {"lr": 0.1}, "seed": 42}
    assert manifest.seeds == {"random": 42}
    assert manifest.metrics["accuracy"].meaning.primary
    assert [(entry.name, entry.rows, entry.target) for entry in manifest.data] == [
        ("train", 18, "y"),
        ("eval", 2, None),
    ]
    assert {artifact.path: artifact.step for artifact in manifest.artifacts}["models/weights.bin"] == "train"
    assert manifest.environment.python is not None
    assert manifest.author.email == "dev1@team.example"


def test_the_same_run_twice_has_one_recipe_and_one_result(toy: TrainingProject) -> None:
    first, second = toy.run(), toy.run()

    assert first.recipe == second.recipe
    assert first.result == second.result
    assert (first.name[:-2], second.name) == (second.name[:-2], f"{first.name[:-2]}.2")
    assert second.title == "same recipe, same result"


def test_without_a_seed_one_recipe_has_two_results(toy: TrainingProject) -> None:
    toy.replace("params.json", "42", "null")
    toy.commit("no seed")

    first, second = toy.run(), toy.run()

    assert first.recipe == second.recipe
    assert first.result != second.result
    assert second.title == "same recipe, other result"


def test_changing_only_the_seed_keeps_the_family(toy: TrainingProject) -> None:
    first = toy.run()
    second = toy.run(settings={"seed": 43})

    assert first.recipe != second.recipe
    assert first.family == second.family
    assert second.strip[5] == "S"


def test_a_run_that_rewrote_a_tracked_metrics_file_does_not_change_the_next_recipe(toy: TrainingProject) -> None:
    toy.write("metrics/eval.json", '{"accuracy": 0}')
    toy.git("add", "-f", "metrics/eval.json")
    toy.git("commit", "-q", "-m", "track the metrics")

    first, second = toy.run(), toy.run()

    assert first.recipe == second.recipe


def test_a_readme_edit_changes_the_recipe(toy: TrainingProject) -> None:
    first = toy.run()
    toy.write("README.md", "# other words\n")
    toy.commit("say it better")

    assert toy.run().recipe != first.recipe


def test_set_changes_the_snapshot_and_not_the_file(toy: TrainingProject) -> None:
    baseline = toy.run()
    before = (toy.folder / "params.json").read_text()
    weights = (toy.folder / "models" / "weights.json").read_text()

    row = toy.run(settings={"optimiser.lr": 0.003}, reason="slow")

    manifest = manifest_of(toy, row)
    assert manifest.params["optimiser"] == {"lr": 0.003}
    assert '"lr": 0.003' in toy.git("show", f"{row.commit}:params.json")
    assert manifest.params_from["params.json"]["set"] == {"optimiser.lr": 0.003}  # type: ignore[index,call-overload]
    assert (toy.folder / "params.json").read_text() == before
    assert (toy.folder / "models" / "weights.json").read_text() == weights
    assert row.parent == baseline.key
    assert row.strip == "··P···"
    assert not row.is_dirty


def test_runs_of_a_sweep_are_siblings(toy: TrainingProject) -> None:
    baseline = toy.run()

    sweep = [toy.run(settings={"optimiser.lr": lr}) for lr in (0.01, 0.3)]

    assert [row.parent for row in sweep] == [baseline.key, baseline.key]
    assert [row.title for row in sweep] == ["lr 0.1 → 0.01", "lr 0.1 → 0.3"]


def test_a_setting_that_no_file_has_names_the_nearest(toy: TrainingProject) -> None:
    with pytest.raises(BadArgument) as caught:
        toy.run(settings={"optimizer.lr": 1})

    assert caught.value.hint == "did you mean optimiser.lr?"


def test_the_last_part_of_a_key_is_enough_to_be_told_the_whole(toy: TrainingProject) -> None:
    with pytest.raises(BadArgument) as caught:
        toy.run(settings={"lr": 1})

    assert caught.value.hint == "did you mean optimiser.lr?"


def test_uncommitted_code_is_recorded_and_marked(toy: TrainingProject) -> None:
    toy.run()
    toy.replace("train.py", "1e-3", "1e-2")
    toy.write("extra.py", "VALUE = 1\n")

    row = toy.run()

    assert row.is_dirty
    assert row.strip[0] == "*"
    assert "1e-2" in toy.git("show", f"{row.commit}:train.py")
    assert "VALUE" in toy.git("show", f"{row.commit}:extra.py")


def test_a_failed_step_is_recorded_and_says_why(toy: TrainingProject) -> None:
    toy.run()
    weights = (toy.folder / "models" / "weights.bin").read_bytes()
    toy.replace("train.py", "import json", "raise SystemExit(3)\nimport json")

    row = toy.run()

    assert (row.status, row.problem) == (Status.FAILED, "step train ended with exit code 3")
    assert row.result is None
    assert manifest_of(toy, row).steps[2].exit is None
    assert (toy.folder / "models" / "weights.bin").read_bytes() == weights


def test_a_failed_run_is_nobodys_parent(toy: TrainingProject) -> None:
    good = toy.run()
    toy.replace("train.py", "import json", "raise SystemExit(3)\nimport json")
    toy.commit("break it")
    toy.run()
    toy.replace("train.py", "raise SystemExit(3)\n", "")
    toy.write("README.md", "# mended\n")
    toy.commit("mend it")

    assert toy.run().parent == good.key


def test_a_step_that_writes_nothing_is_a_failed_one_and_the_old_file_is_back(toy: TrainingProject) -> None:
    toy.run()
    old = (toy.folder / "models" / "weights.json").read_text()
    toy.write("train.py", "print('nothing')\n")

    row = toy.run()

    assert row.status is Status.FAILED
    assert row.problem == "step train: it made no models, which it declares"
    assert (toy.folder / "models" / "weights.json").read_text() == old


def test_an_interrupted_run_is_recorded_as_such(toy: TrainingProject) -> None:
    toy.replace("train.py", "import json", "import time; time.sleep(30)\nimport json")
    stop = threading.Event()

    with toy.opened() as project:
        row = project.run(
            RunRequest(folder=toy.folder),
            on_event=lambda event: stop.set() if getattr(event, "name", "") == "train" else None,
            should_stop=stop.is_set,
        )

    assert (row.status, row.problem) == (Status.INTERRUPTED, "step train was interrupted")


def test_an_input_edited_while_its_step_runs_is_said(toy: TrainingProject) -> None:
    toy.replace(
        "train.py",
        "import json, pathlib, random",
        'import json, pathlib, random\nopen("data/train.csv", "a").write("9,9\\n")',
    )
    toy.commit("append to the input")

    row = toy.run()

    assert manifest_of(toy, row).steps[1].changed_while_running == ("data/train.csv",)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("import os; os.mkfifo('models/pipe')", "is a FIFO"),
        ("import os; os.symlink('/etc/passwd', 'models/link')", "symbolic link"),
    ],
)
def test_an_output_that_is_no_file_fails_the_run(toy: TrainingProject, line: str, problem: str) -> None:
    text = (toy.folder / "train.py").read_text()
    toy.write("train.py", text + line + "\n")

    row = toy.run()

    assert row.status is Status.FAILED
    assert problem in (row.problem or "")


def test_a_missing_input_refuses_the_run_before_it_starts(toy: TrainingProject) -> None:
    (toy.folder / "data" / "raw.csv").unlink()

    with pytest.raises(RunRefused, match=r"step prepare: its input data/raw.csv does not exist"):
        toy.run()

    assert "refs/mlver" not in toy.git("for-each-ref")


def test_a_secret_in_an_untracked_file_refuses_the_run_and_no_object_holds_it(toy: TrainingProject) -> None:
    toy.write("config.py", 'AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY"\n')

    with pytest.raises(RunRefused, match=r"config.py:1: looks like"):
        toy.run()

    assert "config.py" not in toy.git("status", "--porcelain", "--ignored=no").replace("?? config.py", "")
    kinds = toy.git("cat-file", "--batch-check", "--batch-all-objects").split("\n")
    blobs = [line.split()[0] for line in kinds if " blob " in line]
    assert not any("wJalrXUtn" in toy.git("cat-file", "blob", blob) for blob in blobs)


def test_every_file_with_a_secret_is_named_at_once(toy: TrainingProject) -> None:
    for name in ("a.py", "b.py"):
        toy.write(name, 'x = 1\nAWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY"\n')

    with pytest.raises(SecretFound) as caught:
        toy.run()

    assert [one.partition(" ")[0] for one in caught.value.message.splitlines()] == ["a.py:2:", "b.py:2:"]
    assert caught.value.hint.endswith("--allow-secret a.py --allow-secret b.py")


def test_an_allowed_secret_is_recorded_as_allowed(toy: TrainingProject) -> None:
    toy.write("config.py", 'AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY"\n')

    row = toy.run(allow_secrets=("config.py",))

    assert manifest_of(toy, row).code.allowed_secrets == ("config.py",)


def test_two_runs_in_one_working_tree_are_refused_by_name(toy: TrainingProject) -> None:
    toy.replace("prepare.py", "import pathlib", "import pathlib, time; time.sleep(1.5)")
    started = threading.Event()

    def run() -> None:
        with toy.opened() as project:
            project.run(RunRequest(folder=toy.folder), on_event=lambda _event: started.set())

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(10)
    with pytest.raises(WorkingTreeBusy, match="a run of toy"):
        toy.run()
    thread.join()


def test_a_run_in_a_repository_without_commits(toy: TrainingProject) -> None:
    subprocess.run(["rm", "-rf", str(toy.folder / ".git")], check=True)
    toy.git("init", "-q")

    row = toy.run()

    assert row.status is Status.DONE
    assert row.code_commit is None


def test_a_run_of_a_project_in_a_subfolder(toy: TrainingProject) -> None:
    (toy.folder / "sub").mkdir()
    for name in ("prepare.py", "train.py", "evaluate.py", "mlver.yaml", "params.json", "data"):
        (toy.folder / name).rename(toy.folder / "sub" / name)
    toy.write(".gitignore", "sub/data/train.csv\nsub/data/eval.csv\nsub/models/\nsub/metrics/\n")
    toy.commit("move it")

    with toy.opened() as project:
        row = project.run(RunRequest(folder=toy.folder / "sub"), on_event=lambda _event: None)

    assert row.status is Status.DONE
    assert "sub/models/weights.bin" in toy.files_at(row.commit)


def test_versions_survive_gc_and_pruning(toy: TrainingProject) -> None:
    row = toy.run(settings={"optimiser.lr": 0.5})
    toy.git("reflog", "expire", "--expire=now", "--all")

    toy.git("gc", "--prune=now", "-q")

    with toy.opened() as project:
        assert [one.commit for one in project.refresh().rows] == [row.commit]
        assert project.version(row).manifest.params["optimiser"] == {"lr": 0.5}
    assert toy.git("fsck", "--no-dangling") == ""


def test_a_rerun_has_the_parent_of_the_first_run_of_its_recipe(toy: TrainingProject) -> None:
    first = toy.run()
    toy.replace("params.json", "0.1", "0.2")
    toy.commit("faster")
    second = toy.run()
    toy.run(settings={"optimiser.lr": 0.9})

    again = toy.run()

    assert (second.parent, again.parent) == (first.key, first.key)
    assert again.title == "same recipe, same result"
