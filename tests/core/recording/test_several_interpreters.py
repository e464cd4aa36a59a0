"""Steps that run in Pythons of their own: all of them count, in a recording and in its replay."""

from __future__ import annotations

import platform
import venv
from pathlib import Path

import pytest

from mlver.model.canonical import digest
from mlver.model.identity import environment_digest
from mlver.model.manifest import Manifest
from mlver.model.replay import ReplayPlan
from mlver.model.status import Status
from mlver.model.version import Agreement, VersionRow
from tests.support.training import TrainingProject

TWO_STEPS = """\
mlver: 1
model: toy
steps:
  prepare:
    run: {first} -c "open('rows.txt', 'w').write('1')"
    inputs: [data/raw.csv]
    outputs: [rows.txt]
  train:
    run: {second} -c "open('weights.txt', 'w').write(open('rows.txt').read())"
    inputs: [rows.txt]
    outputs: [weights.txt]
seeds: {{}}
"""


class Environment:
    """A real virtual environment with packages that are only names."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=True, with_pip=False)
        self.python = folder / "bin" / "python"
        (self._site,) = folder.glob("lib/python*/site-packages")
        self._packages: dict[str, str] = {}

    def install(self, name: str, version: str) -> None:
        """Have the package, in this version alone."""
        info = self._site / f"{name}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        self._packages[name] = version

    @property
    def digest(self) -> str:
        """What a pipeline that runs in it alone has."""
        return environment_digest(
            python=platform.python_version(),
            implementation=platform.python_implementation(),
            packages=self._packages,
        )


@pytest.fixture
def first(tmp_path: Path) -> Environment:
    environment = Environment(tmp_path / "first")
    environment.install("shared", "1.0")
    return environment


@pytest.fixture
def second(toy: TrainingProject) -> Environment:
    """The project's own."""
    environment = Environment(toy.folder / ".venv")
    environment.install("shared", "2.0")
    environment.install("second-only", "3.0")
    return environment


@pytest.fixture
def pipeline(toy: TrainingProject, first: Environment, second: Environment) -> TrainingProject:
    toy.write("mlver.yaml", TWO_STEPS.format(first=first.python, second=second.python.relative_to(toy.folder)))
    toy.write(".gitignore", ".venv/\nrows.txt\nweights.txt\n")
    toy.commit("two environments")
    return toy


def manifest_of(toy: TrainingProject, row: VersionRow) -> Manifest:
    with toy.opened() as project:
        return project.version(row).manifest


def planned(toy: TrainingProject, row: VersionRow) -> ReplayPlan:
    with toy.opened() as project:
        return project.plan_replay(row)


def test_the_digests_of_both_count(pipeline: TrainingProject, first: Environment, second: Environment) -> None:
    row, before = pipeline.run(), digest([first.digest, second.digest])
    recorded = manifest_of(pipeline, row)

    second.install("second-only", "3.1")
    after = pipeline.run()

    assert row.status is Status.DONE
    assert recorded.environment.digest == before
    assert manifest_of(pipeline, after).environment.digest == digest([first.digest, second.digest])
    assert after.recipe != row.recipe
    assert [step.path for step in recorded.steps] == [
        str(first.python),
        str(pipeline.folder / ".venv" / "bin" / "python"),
    ]


def test_steps_that_share_an_environment_have_its_plain_digest(toy: TrainingProject, first: Environment) -> None:
    other_name = first.python.with_name("python3")
    toy.write("mlver.yaml", TWO_STEPS.format(first=first.python, second=other_name))

    assert manifest_of(toy, toy.run()).environment.digest == first.digest


def test_a_replay_in_the_same_environments_has_no_drift(pipeline: TrainingProject) -> None:
    row = pipeline.run()

    with pipeline.opened() as project:
        plan = project.plan_replay(row)
        record = project.replay(plan, on_event=lambda _event: None)

    assert (plan.drift, record.drift) == ((), ())
    assert record.agreement is Agreement.IDENTICAL


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("second-only", "second-only 3.0 → 9.0"),
        ("new", "new not installed → 9.0"),
        ("shared", "Python or packages of a later step"),
    ],
)
def test_a_package_that_changed_for_the_second_step_is_drift(
    pipeline: TrainingProject, second: Environment, name: str, line: str
) -> None:
    row = pipeline.run()

    second.install(name, "9.0")

    assert planned(pipeline, row).drift == (line,)


def test_an_isolated_run_finds_the_environment_a_command_names_by_its_path(pipeline: TrainingProject) -> None:
    row, isolated = pipeline.run(), pipeline.run(isolated=True)

    assert (isolated.status, isolated.recipe, isolated.result) == (Status.DONE, row.recipe, row.result)
    assert manifest_of(pipeline, isolated).steps[1].path == manifest_of(pipeline, row).steps[1].path
    assert not [path for path in pipeline.files_at(isolated.commit) if path.startswith(".venv")]
    assert (pipeline.folder / ".venv" / "bin" / "python").exists()
