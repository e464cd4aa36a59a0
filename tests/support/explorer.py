"""Fixed versions of the digits story, and a project that holds them in memory: for screens and view models."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from mlver.diffing.evaluation_data import evaluation_data
from mlver.errors import ManifestInvalid
from mlver.model.change import Change, Kind, branch
from mlver.model.comparison import Comparison
from mlver.model.data import Data, Place
from mlver.model.ledger import Ledger, LedgerEvent, Move
from mlver.model.manifest import (
    Artifact,
    CodeFacts,
    DataFacts,
    EnvironmentFacts,
    FileFact,
    HardwareFacts,
    Manifest,
    Resources,
    Slice,
    StepFacts,
)
from mlver.model.metric import Goal, Metric, MetricMeaning, SliceDelta, Tolerance, metric_delta
from mlver.model.person import Person
from mlver.model.replay import MetricVerdict, OutputVerdict, PlannedStep, ReplayPlan, ReplayRecord
from mlver.model.standing import ledger_of
from mlver.model.status import Status
from mlver.model.version import Agreement, Listing, ReplayMark, Version, VersionRow

NOW = 1_795_000_000.0
"""The moment of every test."""
HOUR, DAY = 3600.0, 86400.0

HOSTILE = "\x1b]52;c;AAAA\x07 [/nope] [bold]x \u202eevil\u202c \x9b2J"
"""A clipboard write, broken markup, swallowed markup, reversed text, a one-byte escape."""

ACCURACY = MetricMeaning(goal=Goal.MAXIMISE, tolerance=Tolerance(0.005), primary=True)
LOSS = MetricMeaning(goal=Goal.MINIMISE, tolerance=Tolerance(2, percent=True))
LATENCY = MetricMeaning(goal=Goal.MINIMISE, tolerance=Tolerance(5, percent=True), unit="ms")

_IDENTICAL, _DIFFERENT, _NEAR = Agreement.IDENTICAL, Agreement.DIFFERENT, Agreement.WITHIN_TOLERANCE

_STORY: tuple[tuple[str, float, str, str, int, Agreement | None, int], ...] = (
    ("e07b3a51.2", 2 * HOUR, "same recipe, other result", "C····S", 343, _DIFFERENT, 1),
    ("e07b3a51.1", 2.5 * HOUR, "seed removed", "C····S", 344, None, 0),
    ("5c9f20d4.1", 5 * HOUR, "warm-up (uncommitted)", "C*····", 346, None, 0),
    ("7d18e6b0.1", 1.2 * DAY, "numpy 1.26.4 → 2.4.6", "···E··", 345, _NEAR, 1),
    ("v1.4.0", 2.1 * DAY, "scaling restored", "C·····", 345, _IDENTICAL, 3),
    ("91be44c7.1", 2.5 * DAY, "loader rewrite", "C·····", 330, _IDENTICAL, 1),
    ("v1.3.0", 4.1 * DAY, "train +400 rows", "·D····", 344, _IDENTICAL, 2),
    ("20f8d1b9.1", 5.1 * DAY, "lr 0.1 → 0.03, +2 more", "··P···", 341, _IDENTICAL, 1),
    ("6e02c7aa.1", 5.2 * DAY, "lr 0.1 → 0.3", "··P···", 336, _IDENTICAL, 1),
    ("b8471f3d.1", 5.3 * DAY, "lr 0.1 → 0.01", "··P···", 334, _IDENTICAL, 1),
    ("v1.1.0", 9.1 * DAY, "hidden 16 → 32", "··P···", 338, _IDENTICAL, 2),
    ("v1.0.0", 9.5 * DAY, "baseline", "??????", 328, _IDENTICAL, 2),
)
"""Name, age, title, strip, images right of 360, verdict of the replays and how many."""


_STAGES = {"v1.4.0": ("production",), "7d18e6b0.1": ("staging",)}

_MOVES: tuple[tuple[str, float, str | None], ...] = (
    ("v1.0.0", 9.4 * DAY, None),
    ("v1.1.0", 9 * DAY, None),
    ("v1.3.0", 4 * DAY, None),
    ("v1.3.0", 3.9 * DAY, "production"),
    ("v1.4.0", 2.05 * DAY, None),
    ("v1.4.0", 2.02 * DAY, "production"),
    ("7d18e6b0.1", 1.1 * DAY, "staging"),
)
"""Version, age, and the stage it was put in; None: it was released."""


def digits_ledger() -> Ledger:
    """The releases and stages of the twelve versions."""
    by_name = {row.name: row for row in digits_rows()}
    return ledger_of(
        LedgerEvent(
            move=Move.ASSIGNED if stage else Move.REGISTERED,
            model="digits",
            version=None if stage else name,
            stage=stage,
            number=number if stage else None,
            place=by_name[name].commit,
            tag=f"digits#{stage}#{number}" if stage else f"digits@{name}",
            made=NOW - old,
            author=Person(name="dev1", email="dev1@team.example"),
            message="Better on every class" if stage else "Release",
        )
        for number, (name, old, stage) in enumerate(_MOVES)
    )


def digits_rows() -> tuple[VersionRow, ...]:
    """The twelve versions of mock-up 1, newest first."""
    rows = []
    for index, (name, old, title, strip, right, agreement, count) in enumerate(_STORY):
        later = len(_STORY) - index
        recipe = f"sha256:{name.partition('.')[0]:0<64}" if not name.startswith("v") else f"sha256:{later:064x}"
        rows.append(
            VersionRow(
                key=key_of(later),
                source="native",
                ref=f"refs/mlver/{key_of(later)}",
                commit=f"{later:040x}",
                model="digits",
                run=f"r{later:08x}-k7q2mx",
                name=name,
                names=(name,) if name.startswith("v") else (),
                stages=_STAGES.get(name, ()),
                created=NOW - old,
                author="dev1",
                title=title,
                strip=strip,
                recipe=recipe,
                family=recipe,
                result=f"sha256:{later + 100:064x}",
                parent=key_of(later - 1) if later > 1 else None,
                primary="accuracy",
                metrics=metrics_of(right),
                replay=ReplayMark(agreement=agreement, count=count) if agreement else None,
                is_dirty="*" in strip,
            )
        )
    return tuple(rows)


def key_of(number: int) -> str:
    """The key of the n-th version of the story, from 1."""
    return f"runs/digits/r{number:08x}-k7q2mx"


def metrics_of(right: int) -> dict[str, Metric]:
    """Metrics of a version that has so many of 360 images right."""
    return {
        "accuracy": Metric(value=right / 360, meaning=ACCURACY),
        "loss": Metric(value=round(1.1 - right / 360, 4), meaning=LOSS),
        "latency_ms": Metric(value=round(right / 750, 2), meaning=LATENCY),
    }


def parity_rows() -> tuple[VersionRow, ...]:
    """Three versions of a second model."""
    return tuple(
        VersionRow(
            key=f"runs/parity/r{number:08x}-aaaaaa",
            source="native",
            ref=f"refs/mlver/runs/parity/r{number:08x}-aaaaaa",
            commit=f"{number + 50:040x}",
            model="parity",
            name=f"{number:08x}.1",
            created=NOW - (20 - number) * DAY,
            author="dev2",
            title=f"parity {number}",
            primary="f1",
            metrics={"f1": Metric(value=0.5 + number / 10)},
        )
        for number in (3, 2, 1)
    )


def hostile_row() -> VersionRow:
    """A version whose every text attacks the terminal."""
    return VersionRow(
        key="runs/digits/hostile", source="native", ref="refs/" + HOSTILE, commit="f" * 40, model="digits",
        run=HOSTILE, name=HOSTILE, created=NOW - 60, author=HOSTILE, reason=HOSTILE, title=HOSTILE, strip=HOSTILE,
        recipe="sha256:" + HOSTILE, primary=HOSTILE, metrics={HOSTILE: Metric(value=HOSTILE)}, tags={HOSTILE: HOSTILE},
    )  # fmt: skip


def broken_row() -> VersionRow:
    """A version whose manifest cannot be read."""
    return VersionRow(
        key="runs/digits/broken", source="native", ref="refs/mlver/runs/digits/broken", commit="e" * 40, model="digits",
        name="eeeeeeee", created=NOW - 120, problem="version.yaml:3: metrics: expected a map", is_broken=True,
    )  # fmt: skip


def failed_row() -> VersionRow:
    """A run whose step failed."""
    return VersionRow(
        key="runs/digits/failed", source="native", ref="refs/mlver/runs/digits/failed", commit="d" * 40, model="digits",
        name="0badcafe.1", created=NOW - 30, status=Status.FAILED, problem="train: exit 1", strip="··P···",
    )  # fmt: skip


def manifest_of(row: VersionRow) -> Manifest:
    """A whole manifest for a row of the story."""
    return Manifest(
        model=row.model,
        run=row.run,
        status=row.status,
        recipe=row.recipe,
        created="2026-11-18T18:13:20Z",
        author=Person(name=row.author, email="dev1@team.example"),
        host="box-3",
        code=CodeFacts(commit="4be1c02" + "0" * 33, tree="9" * 40, dirty=row.is_dirty, branch="main"),
        steps=(
            StepFacts(
                name="train",
                run="python train.py",
                inputs=(FileFact(path="train.py", sha256="1" * 64, size=900),),
                outputs=(FileFact(path="models/weights.npy", sha256="2" * 64, size=19_000),),
                started="2026-11-18T18:13:20Z",
                wall_s=0.34,
                cpu_s=0.3,
                peak_rss_bytes=61 << 20,
                exit=0,
            ),
        ),
        params={"model": {"hidden": 32}, "optimiser": {"lr": 0.03, "momentum": 0.9}, "train": {"epochs": 60}},
        params_from={"params.yaml": {}},
        data=(
            DataFacts(name="train", path="data/train.csv", role="train", rows=1437, sha256="3" * 64),
            DataFacts(name="eval", path="data/eval.csv", role="eval", rows=360, sha256="4" * 64),
        ),
        environment=EnvironmentFacts(python="3.11.7", implementation="CPython", os="Linux"),
        hardware=HardwareFacts(cpu="Xeon", cores=2, ram_bytes=8 << 30),
        seeds={"python": 42, "numpy": 42},
        metrics=row.metrics,
        slices=(Slice(metric="recall", slice={"class": 3}, value=0.946),),
        artifacts=(
            Artifact(path="models/weights.npy", sha256="2" * 64, size=19_000, kind="npy", step="train"),
            Artifact(path="models/weights.json", sha256="5" * 64, size=31_000, kind="json", step="train"),
        ),
    )


def version_of(row: VersionRow) -> Version:
    """The row read whole."""
    return Version(row=row, manifest=manifest_of(row), packages={"numpy": "1.26.4", "pyyaml": "6.0.2"})


_TRIED: dict[str, dict[str, Data]] = {
    "v1.0.0": {"optimiser.lr": 0.1, "model.hidden": 16},
    "v1.1.0": {"optimiser.lr": 0.1},
    "b8471f3d.1": {"optimiser.lr": 0.01, "train.epochs": 40.0, "run_name": "sweep-a"},
    "6e02c7aa.1": {"optimiser.lr": "0.3", "train.epochs": "40", "run_name": "sweep-b"},
    "20f8d1b9.1": {"optimiser.momentum": None, "layers": [{"name": "dense", "size": 64}, {"name": "out", "size": 10}]},
    "v1.3.0": {"note": "a sentence that is longer than any column of any terminal, so that it must be shortened"},
}
"""Version -> the params in which it is another than the others."""


def tried_version(row: VersionRow) -> Version:
    """The row read whole, with params of its own: a number here is a text there, null or not set at all."""
    if row.is_broken:
        raise ManifestInvalid("metrics: expected a map", name="version.yaml", line=3)
    params: dict[str, Any] = {
        "optimiser": {"name": "sgd", "lr": 0.03},
        "train": {"epochs": 40},
        "model": {"hidden": 32, "activation": "relu"},
        "layers": [{"name": "dense", "size": 32}, {"name": "out", "size": 10}],
        "run_name": "plain",
    }
    for dotted, value in _TRIED.get(row.name, {}).items():
        *above, key = dotted.split(".")
        part = params
        for name in above:
            part = part[name]
        part[key] = value
    made = replace(manifest_of(row), params=params, ignore=("**.run_name",), resources=Resources(wall_s=0.34))
    return Version(row=row, manifest=made)


def leaf(label: str, before: Data, after: Data, *, note: str = "", is_noise: bool = False) -> Change:
    """A scalar that is the same or changed."""
    kind = Kind.SAME if before == after else Kind.CHANGED
    return Change(
        label=label,
        kind=kind,
        before=before,
        after=after,
        place_before=Place("params.yaml", 4),
        place_after=Place("params.yaml", 4),
        note=note,
        is_noise=is_noise,
    )


def params_tree() -> Change:
    """The tree of mock-up 4."""
    momentum = Change(label="momentum", kind=Kind.ADDED, after=0.9, place_after=Place("params.yaml", 5))
    return branch(
        "params",
        (
            branch("data", (leaf("eval_share", 0.2, 0.2),)),
            branch("model", (leaf("activation", "relu", "relu"), leaf("hidden", 32, 32), leaf("init", "he", "he"))),
            branch("optimiser", (leaf("lr", 0.1, 0.03, note="÷ 3.33"), momentum, leaf("name", "sgd", "sgd"))),
            branch("train", (leaf("epochs", 40, 60, note="+20"), leaf("batch", 32, 32))),
            leaf("run_name", "a", "b", is_noise=True),
        ),
    )


def comparison_of(before: VersionRow, after: VersionRow) -> Comparison:
    """The comparison of mock-up 3."""
    names = [*before.metrics, *(name for name in after.metrics if name not in before.metrics)]
    code = (
        Change(label="README.md", kind=Kind.CHANGED, before="0" * 40, after="1" * 40, note="not an input, +2 −1"),
        Change(label="prepare.py", kind=Kind.CHANGED, before="2" * 40, after="3" * 40, note="+21 −9"),
        Change(label="train.py", kind=Kind.SAME, before="4" * 40, after="4" * 40),
    )
    scaler = Change(label="models/scaler.json", kind=Kind.ADDED, after="6" * 64, note="1.1 kB")
    weights = branch(
        "models/weights.npy",
        (
            Change(label="hidden", kind=Kind.CHANGED, note="<f8 64×32, all 2048 numbers, max |d| 0.5"),
            Change(label="bytes", kind=Kind.CHANGED, note="1.2 % of bytes, 2 ranges"),
        ),
        note="4 of 4 tensors",
    )
    return Comparison(
        before=version_of(before),
        after=version_of(after),
        params=params_tree(),
        data=branch("data", (leaf("train", "1037 rows", "1437 rows", note="+400 rows"), leaf("eval", "360", "360"))),
        code=branch("code", code),
        environment=branch("environment", (leaf("python", "3.11.7", "3.11.7"),)),
        hardware=branch("hardware", ()),
        seeds=branch("seeds", (leaf("numpy", 42, 42),)),
        metrics=tuple(metric_delta(name, before.metrics.get(name), after.metrics.get(name)) for name in names),
        slices=(
            SliceDelta(
                metric="recall",
                slice={"class": 3},
                delta=metric_delta("recall", Metric(value=0.919), Metric(value=0.946)),
            ),
        ),
        files=branch("files", (weights, scaler)),
        evaluation=evaluation_data(manifest_of(before), manifest_of(after), None),
        first_step="prepare",
        first_step_why="its input data/digits.csv differs",
    )


def plan_of(row: VersionRow) -> ReplayPlan:
    """A plan that can go."""
    steps = (
        PlannedStep(name="prepare", run="python prepare.py", cwd=".", recorded_wall_s=0.11),
        PlannedStep(
            name="train",
            run="python train.py",
            cwd=".",
            inputs=(FileFact(path="train.py", sha256="1" * 64, size=900),),
            outputs=("models/",),
            recorded_wall_s=0.34,
        ),
    )
    return ReplayPlan(
        version=row,
        steps=steps,
        drift=("numpy 1.26.4 → 2.4.6",),
        expectation="other bytes are likely: numpy 1.26.4 → 2.4.6",
        is_drift_known=True,
        is_trusted=True,
        size_bytes=51_000,
    )


def record_of(row: VersionRow, agreement: Agreement = Agreement.IDENTICAL) -> ReplayRecord:
    """What came of a replay."""
    recorded = FileFact(path="models/weights.npy", sha256="2" * 64, size=19_000)
    return ReplayRecord(
        id="replay-1",
        version=row.commit,
        model=row.model,
        run=row.run,
        agreement=agreement,
        created="2026-11-18T18:13:20Z",
        ended="2026-11-18T18:13:21Z",
        host="box-3",
        outputs=(
            OutputVerdict(
                path="models/weights.npy", step="train", agreement=agreement, recorded=recorded, replayed=recorded
            ),
        ),
        metrics=(
            MetricVerdict(name="accuracy", agreement=agreement, recorded=0.9583, replayed=0.9583, tolerance="0.005"),
        ),
    )


def listing(*rows: VersionRow, is_current: bool = True) -> Listing:
    """A listing of these rows, or of the whole story."""
    return Listing(rows=rows or (*digits_rows(), *parity_rows()), is_current=is_current)
