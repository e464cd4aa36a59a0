"""The story of the sample's versions: fourteen of the model `digits`, three of `parity`, in the order they are made.

Everything in it really happens when the demo is built: each chapter changes the project, or the software it runs in,
and is recorded by running it. Dates, authors and the random part of every run id are fixed, so that one machine gets
the same ids, names and order each time; across machines recipes differ with the versions of Python and numpy.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

ALL_TRAINING_ROWS = 1437
FIRST_TRAINING_ROWS = 1037
"""The last 400 training images arrive with the data refresh."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who works on the project; nobody real."""

    name: str
    email: str


MIRA = Person("Mira Okafor", "mira@team.example")
JON = Person("Jon Weiss", "jon@team.example")
SWEEP = Person("sweep", "sweep@team.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What happens before one run, and the run."""

    name: str
    """Unique; the folder under `chapters/` with the files it changes has this name."""
    tells: str
    """What the demo says while it records it."""
    when: datetime
    author: Person
    folder: str = "."
    """Where the model's mlver.yaml lies in the project."""
    model: str = "digits"
    commit: str | None = None
    """Subject of the commit with the changed files; None: they stay uncommitted and are taken back after the run."""
    training_rows: int = ALL_TRAINING_ROWS
    """How many training images data/digits.csv holds; the 360 evaluation images are always there."""
    pixelprep: str = "1.0.0"
    """The release of the project's own little package that is installed."""
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    """Params set for this run alone."""
    reason: str | None = None
    release: str | None = None
    """Semantic version the run is released as."""
    parent: str | None = None
    """Chapter whose run is the parent; None: as the history of commits says."""
    fails: bool = False
    """The run ends with an error, as it does for everybody now and then."""

    @property
    def randomness(self) -> bytes:
        """What the run id is made of beside the recipe."""
        return sha256(f"mlver demo {self.name}".encode()).digest()

    @property
    def run_suffix(self) -> str:
        """The last six characters of the run id, by which the chapter's run is found again."""
        return base64.b32encode(self.randomness).decode().lower()[:6]


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


STORY = (
    Chapter(
        name="01-baseline",
        tells="a first network with 16 hidden units",
        when=_at(9, 9, 12),
        author=MIRA,
        commit="Digits: prepare, train, evaluate",
        training_rows=FIRST_TRAINING_ROWS,
        reason="baseline",
        release="v1.0.0",
    ),
    Chapter(
        name="02-wider",
        tells="32 hidden units instead of 16",
        when=_at(9, 11, 40),
        author=MIRA,
        commit="Use 32 hidden units",
        training_rows=FIRST_TRAINING_ROWS,
        release="v1.1.0",
    ),
    Chapter(
        name="03-sweep-slow",
        tells="a sweep over the learning rate: 0.01",
        when=_at(12, 20, 1),
        author=SWEEP,
        training_rows=FIRST_TRAINING_ROWS,
        settings={"optimiser.lr": 0.01},
        parent="02-wider",
    ),
    Chapter(
        name="04-sweep-fast",
        tells="the sweep goes on: 0.3",
        when=_at(12, 20, 2),
        author=SWEEP,
        training_rows=FIRST_TRAINING_ROWS,
        settings={"optimiser.lr": 0.3},
        parent="02-wider",
    ),
    Chapter(
        name="05-slower-longer",
        tells="slower, longer, with momentum: the sweep's winner",
        when=_at(12, 21, 30),
        author=MIRA,
        commit="Train slower and longer, with momentum",
        training_rows=FIRST_TRAINING_ROWS,
        release="v1.2.0",
        parent="02-wider",
    ),
    Chapter(
        name="06-parity",
        tells="a second model: is the digit odd?",
        when=_at(13, 9, 5),
        author=JON,
        folder="parity",
        model="parity",
        training_rows=FIRST_TRAINING_ROWS,
        reason="sixteen blocks of pixels",
    ),
    Chapter(
        name="07-parity-pairs",
        tells="the second model sees pairs of blocks",
        when=_at(13, 9, 20),
        author=JON,
        folder="parity",
        model="parity",
        training_rows=FIRST_TRAINING_ROWS,
        settings={"model.features": "pairs"},
        parent="06-parity",
    ),
    Chapter(
        name="08-parity-ridge",
        tells="the second model is held back less",
        when=_at(13, 9, 31),
        author=JON,
        folder="parity",
        model="parity",
        training_rows=FIRST_TRAINING_ROWS,
        settings={"model.features": "pairs", "model.ridge": 0.1},
        release="v0.1.0",
        parent="07-parity-pairs",
    ),
    Chapter(
        name="09-more-data",
        tells="400 more images to train on",
        when=_at(14, 8, 45),
        author=JON,
        commit="Add the 400 images of the last writers",
        release="v1.3.0",
    ),
    Chapter(
        name="10-loader-rewrite",
        tells="the loader is rewritten, and forgets to scale",
        when=_at(16, 10, 10),
        author=JON,
        commit="Loader rewrite",
    ),
    Chapter(
        name="11-scaling-restored",
        tells="the scaling is restored, and kept with the model",
        when=_at(16, 14, 25),
        author=MIRA,
        commit="Scaling restored",
        release="v1.4.0",
    ),
    Chapter(
        name="12-another-seed",
        tells="the same again with another seed: how much is luck?",
        when=_at(16, 15, 2),
        author=MIRA,
        settings={"seed": 7},
        parent="11-scaling-restored",
    ),
    Chapter(
        name="13-pixelprep-1.1",
        tells="another release of a package it needs",
        when=_at(17, 9, 30),
        author=JON,
        commit="Update pixelprep to 1.1.0",
        pixelprep="1.1.0",
        parent="11-scaling-restored",
    ),
    Chapter(
        name="14-warm-up-typo",
        tells="an experiment that stops with an error",
        when=_at(18, 6, 40),
        author=MIRA,
        pixelprep="1.1.0",
        reason="warm-up, first try",
        parent="13-pixelprep-1.1",
        fails=True,
    ),
    Chapter(
        name="15-warm-up",
        tells="the experiment works, with code nobody committed",
        when=_at(18, 6, 44),
        author=MIRA,
        pixelprep="1.1.0",
        reason="warm-up (uncommitted)",
        parent="13-pixelprep-1.1",
    ),
    Chapter(
        name="16-seed-removed",
        tells="the seed is removed",
        when=_at(18, 9, 15),
        author=JON,
        commit="Seed removed",
        pixelprep="1.1.0",
        parent="13-pixelprep-1.1",
    ),
    Chapter(
        name="17-seed-removed-again",
        tells="the same once more: one recipe, two results",
        when=_at(18, 9, 16),
        author=JON,
        pixelprep="1.1.0",
        parent="13-pixelprep-1.1",
    ),
)
