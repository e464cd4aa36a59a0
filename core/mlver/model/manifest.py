"""The receipt of a version: everything that was known about one training, as frozen data."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct, field

from mlver.model.data import Data, Scalar
from mlver.model.metric import Metric
from mlver.model.person import Person
from mlver.model.status import Status

FORMAT = 1
"""The number behind `mlver:` in project files and manifests."""


class FileFact(Struct, frozen=True, kw_only=True):
    """A file's identity at one moment."""

    path: str
    """From the top of the repository, with `/`; never absolute, never with `..`."""
    sha256: str | None
    """64 hexadecimal digits; None: not known (a foreign version, a file that was missing)."""
    size: int | None = None
    """Bytes."""
    checksum: str | None = None
    """What a foreign version has instead (see `Artifact.checksum`)."""

    @property
    def digest(self) -> str | None:
        """The sha256, else the foreign checksum with its scheme; None: not known."""
        return self.sha256 or self.checksum


class CodeFacts(Struct, frozen=True, kw_only=True):
    """The code that ran."""

    commit: str | None = None
    """The commit the working tree stood on; None: no commit yet."""
    tree: str | None = None
    """Git tree id of the code alone: what the recipe holds (see model/identity.py)."""
    dirty: bool | None = None
    """Whether the code differed from that commit; None: not known."""
    remote: str | None = None
    """URL without its user part."""
    branch: str | None = None
    untracked: tuple[str, ...] = ()
    """Files that lay in the working tree and were left out."""
    allowed_secrets: tuple[str, ...] = ()
    """Paths recorded although they look like secrets, because the user said so."""


class StepFacts(Struct, frozen=True, kw_only=True):
    """One step as it ran."""

    name: str
    run: str | tuple[str, ...]
    """Text goes to `/bin/sh -ec`; a tuple is argv."""
    cwd: str = "."
    """Folder from the top of the repository."""
    path: str | None = None
    """The interpreter or program that `run` resolved to on that machine."""
    inputs: tuple[FileFact, ...] = ()
    outputs: tuple[FileFact, ...] = ()
    started: str | None = None
    """UTC, ISO 8601 with `Z`; None: never started."""
    wall_s: float | None = None
    cpu_s: float | None = None
    peak_rss_bytes: int | None = None
    exit: int | None = None
    """Exit code; negative: the signal that ended it; None: never started."""
    changed_while_running: tuple[str, ...] = ()
    """Inputs whose content differed between the step's start and its end."""
    made_folders: tuple[str, ...] = ()
    """Folders of its products that were not there when it started: a replay leaves it to the step to make them."""


class DataFacts(Struct, frozen=True, kw_only=True):
    """A data set of the version."""

    name: str
    path: str
    role: str | None = None
    """`train`, `eval`, or what the project calls it."""
    sha256: str | None = None
    size: int | None = None
    rows: int | None = None
    columns: int | None = None
    source: str | None = None
    snapshot: str | None = None
    store: str | None = None
    """`copy` or `reference`."""
    target: str | None = None
    """The column that is learned, as the project names it; None: it does not."""
    checksum: str | None = None
    """What a foreign version has instead of a sha256 (see `Artifact.checksum`)."""
    files: int | None = None
    """How many files a folder holds; None: it is a file, or that is not known."""

    @property
    def digest(self) -> str | None:
        """The sha256, else the foreign checksum with its scheme; None: not known."""
        return self.sha256 or self.checksum


class LockFacts(Struct, frozen=True, kw_only=True):
    """The dependency lock file."""

    path: str
    sha256: str | None = None


class EnvironmentFacts(Struct, frozen=True, kw_only=True):
    """The software the steps ran in."""

    digest: str | None = None
    python: str | None = None
    """`3.11.7`."""
    implementation: str | None = None
    os: str | None = None
    lock: LockFacts | None = None
    container: str | None = None
    """image@sha256:..."""
    variables: Mapping[str, str] = field(default_factory=dict)
    threads: Mapping[str, str] = field(default_factory=dict)
    determinism: Mapping[str, Scalar] = field(default_factory=dict)


class Gpu(Struct, frozen=True, kw_only=True):
    """One graphics processor."""

    name: str
    memory_bytes: int | None = None
    driver: str | None = None


class HardwareFacts(Struct, frozen=True, kw_only=True):
    """The machine the steps ran on."""

    cpu: str | None = None
    cores: int | None = None
    cpu_features: tuple[str, ...] = ()
    """Those that change floating-point results, as /proc/cpuinfo names them."""
    ram_bytes: int | None = None
    gpus: tuple[Gpu, ...] = ()
    cuda: str | None = None
    cudnn: str | None = None
    blas: str | None = None


class Slice(Struct, frozen=True, kw_only=True):
    """A metric on a part of the evaluation data."""

    metric: str
    slice: Mapping[str, Scalar]
    """`{"class": 3}`."""
    value: float | int | str | None


class Artifact(Struct, frozen=True, kw_only=True):
    """A declared output, as it was recorded."""

    path: str
    sha256: str | None
    size: int | None = None
    kind: str | None = None
    """What the file is by content: `npy`, `json`, `text`, `bytes`."""
    step: str | None = None
    checksum: str | None = None
    """A digest of another scheme, named in front: `md5:…`, `md5-dos2unix:…` (of the text with Unix line ends), `git:…`
    (a blob id), `etag:…`. A folder's ends in `.dir`. Digests of two schemes say nothing of each other."""
    files: int | None = None
    """How many files a folder holds; None: it is a file, or that is not known."""

    @property
    def digest(self) -> str | None:
        """The sha256, else the foreign checksum with its scheme; None: not known."""
        return self.sha256 or self.checksum


class Resources(Struct, frozen=True, kw_only=True):
    """What the whole run used."""

    wall_s: float | None = None
    cpu_s: float | None = None
    peak_rss_bytes: int | None = None
    peak_gpu_bytes: int | None = None


class Manifest(Struct, frozen=True, kw_only=True):
    """One version, whole. Every field a source does not know is None or empty, and shown as unknown."""

    model: str
    run: str | None = None
    """The run id; None for versions mlver did not record."""
    status: Status = Status.DONE
    recipe: str | None = None
    family: str | None = None
    result: str | None = None
    created: str | None = None
    """UTC, ISO 8601 with `Z`."""
    ended: str | None = None
    author: Person = Person()
    host: str | None = None
    writer: str | None = None
    reason: str | None = None
    parent: str | None = None
    """The run id of the parent."""
    code: CodeFacts = CodeFacts()
    steps: tuple[StepFacts, ...] = ()
    params: Mapping[str, Data] = field(default_factory=dict)
    params_from: Mapping[str, Data] = field(default_factory=dict)
    """Per params file: `{sha256, keys, set}`: the dotted keys taken (null: all) and what --set changed."""
    data: tuple[DataFacts, ...] = ()
    features: tuple[Mapping[str, Data], ...] = ()
    services: tuple[Mapping[str, Data], ...] = ()
    bases: tuple[Mapping[str, Data], ...] = ()
    signature: Mapping[str, Data] | None = None
    environment: EnvironmentFacts = EnvironmentFacts()
    hardware: HardwareFacts = HardwareFacts()
    seeds: Mapping[str, Scalar] = field(default_factory=dict)
    metrics: Mapping[str, Metric] = field(default_factory=dict)
    slices: tuple[Slice, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    resources: Resources = Resources()
    tags: Mapping[str, Scalar] = field(default_factory=dict)
    history: str | None = None
    """Path of the curves as the project wrote them, for `from_top`; the recorded copy is `.mlver/history.csv`."""
    predictions: str | None = None
    """Path of the predictions, for `from_top`."""
    ignore: tuple[str, ...] = ()
    """Patterns of noise keys, from the project file as it was."""
    problem: str | None = None
    """Why a run failed, in one line."""
    notes: tuple[str, ...] = ()
    """What of a foreign version could not be read, and why: one sentence each; the rest stands."""
    unread: tuple[str, ...] = ()
    """Params files of a foreign version that are there and cannot be read: what they hold is not gone."""
    absent: tuple[str, ...] = ()
    """Files of this machine, outside git, that would say more of a foreign version and are not there."""
    unknown: Mapping[str, Data] = field(default_factory=dict)
    """Top-level keys this reader does not know, kept and shown."""

    def from_top(self, path: str) -> str:
        """Where `history` or `predictions` lies from the top: a recorded run has them as its project file says them."""
        folder = self.steps[0].cwd if self.run is not None and self.steps else "."
        return posixpath.normpath(posixpath.join(folder, path))

    @property
    def primary_metric(self) -> str | None:
        """The metric the list shows: the one marked primary, else the first."""
        for name, metric in self.metrics.items():
            if metric.meaning.primary:
                return name
        return next(iter(self.metrics), None)
