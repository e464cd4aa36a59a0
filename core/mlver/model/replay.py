"""What a replay will do (plan), and what came of it (verdict)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from mlver.model.manifest import EnvironmentFacts, FileFact, HardwareFacts
from mlver.model.person import Person
from mlver.model.version import Agreement, VersionRow


class PlannedStep(Struct, frozen=True, kw_only=True):
    """One step a replay will run."""

    name: str
    run: str | tuple[str, ...]
    cwd: str
    inputs: tuple[FileFact, ...] = ()
    outputs: tuple[str, ...] = ()
    recorded_wall_s: float | None = None


class ReplayPlan(Struct, frozen=True, kw_only=True):
    """What "go" will do; making a plan touches nothing."""

    version: VersionRow
    steps: tuple[PlannedStep, ...]
    target: str = "here"
    environment: str = "current"
    variables: Mapping[str, str] = field(default_factory=dict)
    """Set for every step, beside the recorded ones."""
    drift: tuple[str, ...] = ()
    """How this machine differs from the recorded one: `numpy 1.26.4 → 2.4.6`."""
    is_drift_known: bool = False
    """False: not looked at, because that would start an interpreter that may be a stranger's."""
    expectation: str = ""
    """What is expected to come out: `other bytes are likely: numpy 1.26.4 → 2.4.6`."""
    obstacles: tuple[str, ...] = ()
    """What stops it: missing data, a missing interpreter; each says what to do. Empty: it can go."""
    is_trusted: bool = False
    """Recorded by this user on this machine; otherwise the front end asks, showing the commands."""
    size_bytes: int = 0
    """What the workspace will hold at the start."""


class OutputVerdict(Struct, frozen=True, kw_only=True):
    """One output of the replay against the recorded one."""

    path: str
    step: str | None
    agreement: Agreement
    recorded: FileFact
    replayed: FileFact | None
    """None: it was not made."""
    note: str = ""


class MetricVerdict(Struct, frozen=True, kw_only=True):
    """One metric of the replay against the recorded one."""

    name: str
    agreement: Agreement
    recorded: float | int | str | bool | None
    replayed: float | int | str | bool | None
    tolerance: str = ""


class ReplayRecord(Struct, frozen=True, kw_only=True):
    """A replay as it is kept."""

    id: str
    version: str
    """The commit of the version."""
    model: str
    run: str | None
    agreement: Agreement
    created: str
    """UTC, ISO 8601 with `Z`."""
    ended: str
    author: Person = Person()
    host: str | None = None
    writer: str | None = None
    environment: EnvironmentFacts = EnvironmentFacts()
    hardware: HardwareFacts = HardwareFacts()
    drift: tuple[str, ...] = ()
    steps: tuple[Mapping[str, str | int | float | None], ...] = ()
    """`{name, wall_s, cpu_s, peak_rss_bytes, exit}` per step that ran."""
    outputs: tuple[OutputVerdict, ...] = ()
    metrics: tuple[MetricVerdict, ...] = ()
    first_divergence: str | None = None
    """`train: models/weights.npy`; None: nothing diverged."""
    problem: str | None = None
    """Why it failed; though its steps ended well, why metrics could not be read or nothing could be compared."""
