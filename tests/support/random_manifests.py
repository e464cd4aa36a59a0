"""Random whole manifests, by a seed, and the least one there can be.

Hypothesis is slow with objects of a hundred optional fields; a seed does, for a failing manifest is short to print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import TypeVar

from mlver.model.data import Data, Scalar
from mlver.model.manifest import (
    Artifact,
    CodeFacts,
    DataFacts,
    EnvironmentFacts,
    FileFact,
    Gpu,
    HardwareFacts,
    LockFacts,
    Manifest,
    Resources,
    Slice,
    StepFacts,
)
from mlver.model.metric import Goal, Metric, MetricMeaning, Tolerance
from mlver.model.person import Person
from mlver.model.status import Status
from tests.support.data import TRICKY

T = TypeVar("T")

HEX = "3fa92c1e" * 8

MINIMAL = f"""\
mlver: 1
model: digits
run: r3fa92c1e-k7q2mx
status: done
recipe: sha256:{HEX}
family: sha256:{HEX}
created: "2026-11-21T10:00:00Z"
"""
"""The least a run's manifest holds."""

PATHS = ("a.py", "data/train.csv", "models/no", "é/1e-4", "a b.txt", "..x/.gitignore", "-", "1:30")
COMMANDS: tuple[str | tuple[str, ...], ...] = ("python train.py", "1e-4", ("python", "", "no"))
LEAVES: tuple[Scalar, ...] = (0, -1, 10**30, 0.0, -0.0, 1e-05, 1e300, 0.1, float("nan"), float("-inf"), True, None)


class Dice:
    """Draws the parts of a manifest; every optional part is left out half of the time."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def some(self, draw: Callable[[], T]) -> T | None:
        return draw() if self.random.random() < 0.5 else None

    def few(self, draw: Callable[[], T]) -> tuple[T, ...]:
        return tuple(draw() for _ in range(self.random.randrange(3)))

    def words(self, draw: Callable[[], T]) -> dict[str, T]:
        return {self.word(): draw() for _ in range(self.random.randrange(3))}

    def word(self) -> str:
        return self.random.choice(TRICKY)

    def path(self) -> str:
        return self.random.choice(PATHS)

    def hexadecimal(self) -> str:
        return "".join(self.random.choices("0123456789abcdef", k=64))

    def digest(self) -> str:
        return f"sha256:{self.hexadecimal()}"

    def git_id(self) -> str:
        return self.hexadecimal()[:40]

    def moment(self) -> str:
        return self.random.choice(["2026-11-21T10:00:00Z", "1999-12-31T23:59:59.123Z"])

    def run(self) -> str:
        return self.random.choice(["r3fa92c1e-k7q2mx", "r00000000-aaaaaa"])

    def count(self) -> int:
        return self.random.randrange(2**53)

    def seconds(self) -> float:
        return self.random.choice([0.0, 0.25, 1e-7, 123456.789, 1e17])

    def leaf(self) -> Scalar:
        return self.random.choice([*LEAVES, self.word()])

    def data(self, depth: int = 3) -> Data:
        kind = self.random.randrange(4) if depth else 0
        if kind == 1:
            return [self.data(depth - 1) for _ in range(self.random.randrange(3))]
        return self.mapping(depth - 1) if kind == 2 else self.leaf()

    def mapping(self, depth: int = 2) -> dict[str, Data]:
        return self.words(lambda: self.data(depth))

    def file(self) -> FileFact:
        return FileFact(path=self.path(), sha256=self.some(self.hexadecimal), size=self.some(self.count))

    def step(self) -> StepFacts:
        return StepFacts(
            name=self.word(),
            run=self.random.choice(COMMANDS),
            cwd=self.random.choice([".", "sub/folder"]),
            path=self.some(self.word),
            inputs=self.few(self.file),
            outputs=self.few(self.file),
            started=self.some(self.moment),
            wall_s=self.some(self.seconds),
            cpu_s=self.some(self.seconds),
            peak_rss_bytes=self.some(self.count),
            exit=self.some(lambda: self.random.randrange(-64, 255)),
            changed_while_running=self.few(self.path),
            made_folders=self.few(self.path),
        )

    def data_set(self) -> DataFacts:
        return DataFacts(
            name=self.word(),
            path=self.path(),
            role=self.some(self.word),
            sha256=self.some(self.hexadecimal),
            size=self.some(self.count),
            rows=self.some(self.count),
            columns=self.some(self.count),
            source=self.some(self.word),
            snapshot=self.some(self.word),
            store=self.some(self.word),
            target=self.some(self.word),
        )

    def metric(self) -> Metric:
        tolerance = Tolerance(self.random.choice([0.0, 0.005, 5.0, 12.5, 1e-7]), percent=self.random.random() < 0.5)
        return Metric(
            value=self.leaf(),
            meaning=MetricMeaning(
                goal=self.some(lambda: self.random.choice(list(Goal))),
                tolerance=self.some(lambda: tolerance),
                unit=self.some(self.word) or "",
                primary=self.random.random() < 0.5,
            ),
        )

    def environment(self) -> EnvironmentFacts:
        return EnvironmentFacts(
            digest=self.some(self.digest),
            python=self.some(self.word),
            implementation=self.some(self.word),
            os=self.some(self.word),
            lock=self.some(lambda: LockFacts(path=self.path(), sha256=self.some(self.hexadecimal))),
            container=self.some(self.word),
            variables=self.words(self.word),
            threads=self.words(self.word),
            determinism=self.words(self.leaf),
        )

    def hardware(self) -> HardwareFacts:
        return HardwareFacts(
            cpu=self.some(self.word),
            cores=self.some(self.count),
            cpu_features=self.few(self.word),
            ram_bytes=self.some(self.count),
            gpus=self.few(
                lambda: Gpu(name=self.word(), memory_bytes=self.some(self.count), driver=self.some(self.word))
            ),
            cuda=self.some(self.word),
            cudnn=self.some(self.word),
            blas=self.some(self.word),
        )

    def code(self) -> CodeFacts:
        return CodeFacts(
            commit=self.some(self.git_id),
            tree=self.some(self.git_id),
            dirty=self.some(lambda: self.random.random() < 0.5),
            remote=self.some(self.word),
            branch=self.some(self.word),
            untracked=self.few(self.path),
            allowed_secrets=self.few(self.path),
        )

    def artifact(self) -> Artifact:
        return Artifact(
            path=self.path(),
            sha256=self.some(self.hexadecimal),
            size=self.some(self.count),
            kind=self.some(self.word),
            step=self.some(self.word),
        )

    def slice(self) -> Slice:
        value = self.random.choice([0.5, 1, "text", None, float("nan")])
        return Slice(metric=self.word(), slice=self.words(self.leaf), value=value)

    def unknown(self) -> Mapping[str, Data]:
        return {key: self.data() for key in ("extra", "code.signed") if self.random.random() < 0.3}


def random_manifest(seed: int) -> Manifest:
    """A manifest of a run, NaN and text that is easily misread among its values."""
    dice = Dice(seed)
    return Manifest(
        model=dice.random.choice(["digits", "a/b-c", "x"]),
        run=dice.run(),
        status=dice.random.choice((Status.DONE, Status.FAILED, Status.INTERRUPTED)),
        recipe=dice.digest(),
        family=dice.digest(),
        result=dice.some(dice.digest),
        created=dice.moment(),
        ended=dice.some(dice.moment),
        author=Person(name=dice.word(), email=dice.word()),
        host=dice.some(dice.word),
        writer=dice.some(dice.word),
        reason=dice.some(dice.word),
        parent=dice.some(dice.run),
        code=dice.code(),
        steps=dice.few(dice.step),
        params=dice.mapping(),
        params_from={path: dice.data() for path in dice.few(dice.path)},
        data=dice.few(dice.data_set),
        features=dice.few(dice.mapping),
        services=dice.few(dice.mapping),
        bases=dice.few(dice.mapping),
        signature=dice.mapping() or None,
        environment=dice.environment(),
        hardware=dice.hardware(),
        seeds=dice.words(dice.leaf),
        metrics=dice.words(dice.metric),
        slices=dice.few(dice.slice),
        artifacts=dice.few(dice.artifact),
        resources=Resources(
            wall_s=dice.some(dice.seconds),
            cpu_s=dice.some(dice.seconds),
            peak_rss_bytes=dice.some(dice.count),
            peak_gpu_bytes=dice.some(dice.count),
        ),
        tags=dice.words(dice.leaf),
        history=dice.some(dice.path),
        predictions=dice.some(dice.path),
        ignore=dice.few(dice.word),
        problem=dice.some(dice.word),
        unknown=dice.unknown(),
    )
