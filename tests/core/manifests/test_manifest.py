"""A manifest comes back as it was written, and one that breaks its rules is refused with file, line and key."""

from __future__ import annotations

import pytest

from mlver.errors import DocumentInvalid, InvalidInput, ManifestInvalid
from mlver.manifests.reading import environment_from, hardware_from, read_manifest
from mlver.manifests.writing import environment_data, hardware_data, write_manifest
from mlver.model.manifest import (
    Artifact,
    EnvironmentFacts,
    FileFact,
    Gpu,
    HardwareFacts,
    LockFacts,
    Manifest,
    StepFacts,
)
from mlver.model.metric import Goal, Metric, MetricMeaning, Tolerance
from mlver.model.person import Person
from tests.support.random_manifests import HEX, MINIMAL, random_manifest


def refused(content: str | bytes) -> ManifestInvalid:
    with pytest.raises(ManifestInvalid) as caught:
        read_manifest(content if isinstance(content, bytes) else content.encode(), name="version.yaml")
    return caught.value


@pytest.mark.parametrize("seed", range(100))
def test_a_manifest_comes_back_as_it_was_written(seed: int) -> None:
    manifest = random_manifest(seed)

    content = write_manifest(manifest)
    back = read_manifest(content, name="version.yaml")

    # As text, for NaN differs from itself; types show there, too.
    assert repr(back) == repr(manifest)
    assert write_manifest(back) == content


def test_the_least_manifest_is_read() -> None:
    manifest = read_manifest(MINIMAL.encode(), name="version.yaml")

    assert manifest == Manifest(
        model="digits",
        run="r3fa92c1e-k7q2mx",
        recipe=f"sha256:{HEX}",
        family=f"sha256:{HEX}",
        created="2026-11-21T10:00:00Z",
    )
    assert write_manifest(manifest).decode() == MINIMAL


def test_a_manifest_has_one_spelling() -> None:
    manifest = Manifest(
        model="digits",
        reason="data refresh: 400 more rows",
        author=Person(name="A", email=""),
        steps=(
            StepFacts(
                name="train",
                run=("python", "train.py"),
                inputs=(FileFact(path="train.py", sha256=HEX, size=9), FileFact(path="gone.csv", sha256=None)),
                wall_s=1.0,
                exit=0,
            ),
        ),
        params={"lr": 1e-05, "schedule": {}},
        metrics={
            "accuracy": Metric(
                value=0.957,
                meaning=MetricMeaning(goal=Goal.MAXIMISE, tolerance=Tolerance(5.0, percent=True), primary=True),
            ),
            "note": Metric(value=None),
        },
        artifacts=(Artifact(path="models/w.npy", sha256=HEX),),
        unknown={"later": [1]},
    )

    assert write_manifest(manifest).decode() == (
        "mlver: 1\n"
        "model: digits\n"
        "status: done\n"
        "author:\n"
        "  name: A\n"
        'reason: "data refresh: 400 more rows"\n'
        "steps:\n"
        "  - name: train\n"
        "    run:\n"
        "      - python\n"
        "      - train.py\n"
        '    cwd: "."\n'
        "    inputs:\n"
        "      - path: train.py\n"
        f'        sha256: "{HEX}"\n'
        "        size: 9\n"
        "      - path: gone.csv\n"
        "        sha256: null\n"
        "    wall_s: 1.0\n"
        "    exit: 0\n"
        "params:\n"
        "  lr: 1.0e-05\n"
        "  schedule: {}\n"
        "metrics:\n"
        "  accuracy:\n"
        "    value: 0.957\n"
        "    goal: maximise\n"
        '    tolerance: "5%"\n'
        "    primary: true\n"
        "  note:\n"
        "    value: null\n"
        "artifacts:\n"
        "  - path: models/w.npy\n"
        f'    sha256: "{HEX}"\n'
        "later:\n"
        "  - 1\n"
    )


def test_unknown_keys_are_kept_by_their_dotted_name() -> None:
    text = MINIMAL + "code:\n  signed: {by: me}\nlater: [1]\nsteps:\n  - {name: a, run: b, nice: 3}\n"

    manifest = read_manifest(text.encode(), name="version.yaml")

    assert manifest.unknown == {"code.signed": {"by": "me"}, "later": [1], "steps[0].nice": 3}


@pytest.mark.parametrize(
    ("key", "value", "line", "problem"),
    [
        ("mlver", "2", 1, "this mlver reads `mlver: 1`, the file says 2"),
        ("mlver", "true", 1, "the file says True"),
        ("model", "Digits!", 2, "model: must be a model name"),
        ("run", "../x", 3, "run: must be a run id"),
        ("status", "fine", 4, "status: must be one of done, failed, interrupted, here it is 'fine'"),
        ("status", "null", 1, "status is missing"),
        ("recipe", "sha256:12", 5, "recipe: must be a digest"),
        ("recipe", "null", 1, "recipe is missing: every run has them"),
        ("created", "2026-11-21 10:00", 7, "created: must be a moment in UTC"),
        ("reason", "[a]", 8, "reason: must be text, here it is a list"),
        ("reason", "3", 8, "reason: must be text, here it is 3"),
        ("code", "{commit: main}", 8, "code.commit: must be a git object id"),
        ("code", "{dirty: 1}", 8, "code.dirty: must be true or false"),
        ("code", "[]", 8, "code: must be a mapping, here it is a list"),
        ("code", "{untracked: [/etc/passwd]}", 8, "code.untracked[0]: '/etc/passwd' must be a path inside"),
        ("steps", "{}", 8, "steps: must be a list, here it is a mapping"),
        ("steps", "[{name: a}]", 8, "steps[0]: run is missing"),
        ("steps", "[{name: a, run: []}]", 8, "steps[0].run: must name a program"),
        ("steps", "[{name: a, run: b, inputs: [{path: x}]}]", 8, "steps[0].inputs[0]: sha256 is missing"),
        ("steps", "[{name: a, run: b, inputs: [{path: x, sha256: abc}]}]", 8, "inputs[0].sha256: must be a sha256"),
        ("steps", "[{name: a, run: b, inputs: [{path: ../x, sha256: null}]}]", 8, "'../x' leaves the repository"),
        ("steps", "[{name: a, run: b, cwd: a/../../b}]", 8, "leaves the repository"),
        ("steps", "[{name: a, run: b, cwd: .GIT/hooks}]", 8, "enters .git"),
        ("steps", "[{name: a, run: b, wall_s: long}]", 8, "wall_s: must be a number, here it is 'long'"),
        ("steps", "[{name: a, run: b, peak_rss_bytes: -1}]", 8, "must not be negative"),
        ("steps", "[{name: a, run: b, exit: 1.5}]", 8, "exit: must be a whole number, here it is 1.5"),
        ("params", "[1]", 8, "params: must be a mapping"),
        ("params_from", "{../x: {}}", 8, "leaves the repository"),
        ("artifacts", "[{path: 'a\\b', sha256: null}]", 8, "is no path: paths are written with /"),
        ("artifacts", '[{path: "a\\0", sha256: null}]', 8, "is no path"),
        ("artifacts", "[{path: '', sha256: null}]", 8, "must be a path inside the repository"),
        ("artifacts", "[{path: a}]", 8, "artifacts[0]: sha256 is missing"),
        ("metrics", "{accuracy: 0.9}", 8, "metrics.accuracy: must be a mapping, here it is 0.9"),
        ("metrics", "{accuracy: {goal: max}}", 8, "metrics.accuracy: value is missing"),
        ("metrics", "{accuracy: {value: [1]}}", 8, "must be a single value, here it is a list"),
        ("metrics", "{accuracy: {value: 1, tolerance: big}}", 8, "tolerance: must be a number or a percentage"),
        ("metrics", "{accuracy: {value: 1, tolerance: .inf}}", 8, "tolerance: must be a number or a percentage"),
        ("environment", "{variables: {PYTHONHASHSEED: 0}}", 8, "variables.PYTHONHASHSEED: must be text, here it is 0"),
        ("history", "/x.csv", 8, "history: '/x.csv' must be a path inside"),
    ],
)
def test_a_manifest_that_breaks_a_rule_is_refused(key: str, value: str, line: int, problem: str) -> None:
    kept = [row for row in MINIMAL.splitlines() if not row.startswith(f"{key}:")]
    at = next((i for i, row in enumerate(MINIMAL.splitlines()) if row.startswith(f"{key}:")), len(kept))
    text = "\n".join([*kept[:at], f"{key}: {value}", *kept[at:]])

    error = refused(text)

    assert problem in error.message
    assert error.line == line
    assert error.message.startswith(f"version.yaml:{line}: ")


@pytest.mark.parametrize("content", [b"", b"[1]", b"text", b"3"])
def test_what_is_no_mapping_is_no_manifest(content: bytes) -> None:
    assert "must be a mapping" in refused(content).message


def test_what_is_no_yaml_is_no_manifest() -> None:
    error = refused("mlver: 1\nmodel: [digits\n")

    assert error.line == 3
    assert isinstance(error, DocumentInvalid)


def test_a_newer_format_is_named_before_anything_else_is_looked_at() -> None:
    assert refused("model: {a: 1}\nmlver: 3\n").hint == "a newer mlver may read it"


@pytest.mark.parametrize("path", ["..", "a/..", "../a", "/a", "a/../b", ".git", "a/.git/hooks", "a/.Git", ""])
def test_no_path_leaves_the_repository(path: str) -> None:
    assert refused(MINIMAL + f"artifacts: [{{path: '{path}', sha256: null}}]").key == "artifacts[0].path"


@pytest.mark.parametrize("path", ["a", ".gitignore", "a/..b", "...", "a b", "a/./b", ".", "models/"])
def test_odd_paths_inside_are_taken(path: str) -> None:
    text = MINIMAL + f"artifacts: [{{path: '{path}', sha256: null}}]"

    assert read_manifest(text.encode(), name="x").artifacts[0].path == path


def test_a_manifest_of_no_run_may_go_without_digests() -> None:
    assert read_manifest(b"mlver: 1\nmodel: digits\nstatus: done\n", name="x") == Manifest(model="digits")


def test_environment_and_hardware_travel_by_themselves() -> None:
    environment = EnvironmentFacts(python="3.11.7", lock=LockFacts(path="a.lock", sha256=HEX), variables={"A": "1"})
    hardware = HardwareFacts(cpu="x", cores=2, gpus=(Gpu(name="g", memory_bytes=1),))

    assert environment_from(environment_data(environment), name="x") == environment
    assert hardware_from(hardware_data(hardware), name="x") == hardware
    with pytest.raises(DocumentInvalid, match=r"record\.yaml: cores: must be a whole number"):
        hardware_from({"cores": "two"}, name="record.yaml")


def test_a_name_that_is_not_unicode_is_not_written() -> None:
    with pytest.raises(InvalidInput, match="surrogate"):
        write_manifest(Manifest(model="digits", artifacts=(Artifact(path="\udcff.npy", sha256=None),)))
