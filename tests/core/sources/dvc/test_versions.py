"""What one version of a DVC project says."""

from __future__ import annotations

from tests.support.dvc_projects import DvcProject
from tests.support.dvc_versions import artifact_at, read_dvc
from tests.support.git import RepoBuilder


def test_a_step_is_as_it_ran(simple: DvcProject) -> None:
    with read_dvc(simple.repo) as reading:
        steps = {step.name: step for step in reading.manifest("v1").steps}

    train = steps["train"]
    assert (train.run, train.cwd, train.exit) == ("sh train.sh", ".", None)
    assert [one.path for one in train.inputs] == ["prepared.txt", "train.sh"]
    assert all(one.checksum and one.checksum.startswith("md5:") and one.size for one in train.outputs)


def test_a_step_that_dvc_yaml_has_no_more_is_left_out(simple: DvcProject) -> None:
    with read_dvc(simple.repo) as reading:
        manifest = reading.manifest("v3")
        lock = reading.source.read(reading.place("v3"), "dvc.lock", 1 << 16)

    assert b"prepare:" in lock
    assert [step.name for step in manifest.steps] == ["clean", "train"]
    assert "prepared.txt" not in {one.path for one in manifest.artifacts}


def test_metrics_in_git_are_no_outputs_and_cached_ones_are(simple: DvcProject) -> None:
    with read_dvc(simple.repo) as reading:
        paths = [one.path for one in reading.manifest("v1").artifacts]

    assert paths == ["prepared.txt", "model.bin", "cached.json", "plot.tsv"]


def test_of_a_params_file_only_the_keys_that_steps_name_are_params(simple: DvcProject) -> None:
    with read_dvc(simple.repo) as reading:
        params = reading.manifest("v1").params

    assert {key: params.get(key) for key in ("model", "names", "left", "title")} == {
        "model": {"size": 3},
        "names": ["a", "b"],
        "left": None,
        "title": None,
    }
    assert "seed" in params, "the params file at the top is params whole"


def test_generated_steps_have_dvcs_names_and_commands(templated: DvcProject) -> None:
    with read_dvc(templated.repo) as reading:
        steps = {step.name: step for step in reading.manifest("v1").steps}

    assert list(steps) == [
        "single", "each@small", "each@large", "plain@red", "plain@out", "plain@3", "plain@true", "places@0", "places@1",
        "grid@10-big", "grid@10-kind1", "grid@20-big", "grid@20-kind1",
    ]  # fmt: skip
    assert steps["single"].run == "echo here 20 n1 once > out/single.txt"
    assert steps["grid@20-kind1"].outputs[0].path == "grid-20-kind1.txt"


def test_templates_are_filled_without_a_lock_as_dvc_does(templated: DvcProject, repo: RepoBuilder) -> None:
    with read_dvc(templated.repo) as reading:
        place = reading.place("v1")
        paths = templated.repo.git("ls-tree", "-r", "--name-only", place).splitlines()
        files = {path: reading.source.read(place, path, 1 << 20) for path in paths}
        locked = reading.manifest("v1").steps
    repo.commit({path: content for path, content in files.items() if path != "dvc.lock"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        steps = reading.manifest("v1").steps

    assert [(one.name, one.run) for one in steps] == [(one.name, one.run) for one in locked]


def test_a_mapping_in_a_command_is_its_arguments(odd: DvcProject) -> None:
    with read_dvc(odd.repo) as reading:
        never, *flags = reading.manifest("v1").steps

    assert never.run == "echo --lr 0.1 --names a b --on > never.txt; exit 0"
    assert never.outputs[0].digest is None, "it never ran"
    assert [step.name for step in flags] == ["flags@True", "flags@1.5", "flags@text", "flags@None"]


def test_steps_of_pipelines_below_are_named_as_dvc_addresses_them(nested: DvcProject, below: DvcProject) -> None:
    for project, top in ((nested, ""), (below, "ml/project/")):
        with read_dvc(project.repo) as reading:
            steps = reading.manifest("v1").steps

        assert [step.name for step in steps] == ["first/dvc.yaml:run", "second/deep/dvc.yaml:run"]
        assert [step.cwd for step in steps] == [f"{top}first", f"{top}work"]
        assert [one.path for one in steps[1].inputs] == [f"{top}first/out.txt"]


def test_declared_artifacts_are_kept_with_their_words(nested: DvcProject) -> None:
    with read_dvc(nested.repo) as reading:
        declared = reading.manifest("v1").unknown["artifacts"]

    assert declared == {"first/dvc.yaml:best": {"path": "first/out.txt", "type": "model", "desc": "the best"}}


def test_data_sets_and_tracked_weights_are_told_apart(data: DvcProject) -> None:
    with read_dvc(data.repo) as reading:
        manifest = reading.manifest("v1")

    sets = {one.path: one for one in manifest.data}
    assert sorted(sets) == ["data", "imported.csv", "text.txt", "train.csv"]
    assert (sets["data"].files, sets["train.csv"].role, sets["data"].role) == (3, "train", None)
    assert [one.path for one in manifest.artifacts] == ["weights.pt"]
    assert artifact_at(manifest, "weights.pt").size == 2


def test_the_environment_is_that_of_the_lock_file(repo: RepoBuilder) -> None:
    repo.commit({"dvc.yaml": "stages: {}\n", "requirements.txt": "numpy==2.0.0\n"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        environment = reading.manifest("v1").environment
        packages = reading.source.packages(reading.place("v1"))

    assert environment.lock
    assert environment.lock.path == "requirements.txt"
    assert packages == {"numpy": "2.0.0"}


def test_two_projects_in_one_repository_keep_their_names_apart(repo: RepoBuilder) -> None:
    pipeline = "stages:\n  train:\n    cmd: x\n    params: [lr]\n"
    both = {
        f"{top}/{name}": text for top in ("a", "b") for name, text in {"dvc.yaml": pipeline, ".dvc/config": ""}.items()
    }
    repo.commit({**both, "a/params.yaml": "lr: 1\nall: 2\n", "b/params.yaml": "lr: 3\n"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        manifest = reading.manifest("v1")

    assert [step.name for step in manifest.steps] == ["a/dvc.yaml:train", "b/dvc.yaml:train"]
    assert manifest.params == {"a/params.yaml": {"lr": 1}, "b/params.yaml": {"lr": 3}, "all": 2}


def test_a_data_set_of_dvc_yaml_says_its_source(repo: RepoBuilder) -> None:
    lock = (
        "schema: '2.0'\nstages: {}\ndatasets:\n- name: dogs\n  type: dvc\n  url: https://ada:secret@example.org/r.git\n"
        "  path: data/dogs\n  rev_lock: abc123\n"
    )
    declared = "datasets:\n- name: dogs\n  type: dvc\n  url: https://example.org/r.git\n  path: data/dogs\n"
    repo.commit({"dvc.yaml": declared, "dvc.lock": lock})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        (dogs,) = reading.manifest("v1").data

    assert (dogs.name, dogs.path) == ("dogs", "ds://dogs")
    assert (dogs.source, dogs.snapshot) == ("https://example.org/r.git:data/dogs", "abc123")


def test_an_output_that_no_lock_tells_of_is_declared_and_its_content_not_known(repo: RepoBuilder) -> None:
    pipeline = "stages:\n  train:\n    cmd: python train.py\n    outs: [model.bin, committed.bin]\n"
    repo.commit({"dvc.yaml": pipeline, "committed.bin": "weights"})
    repo.tag("v1")

    with read_dvc(repo) as reading:
        manifest = reading.manifest("v1")

    assert artifact_at(manifest, "model.bin").digest is None
    assert (artifact_at(manifest, "committed.bin").digest or "").startswith("git:")
