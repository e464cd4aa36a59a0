"""Two versions compared: inputs apart from outcomes."""

from __future__ import annotations

from msgspec import Struct

from mlver.model.change import Change
from mlver.model.evaluation import EvaluationData
from mlver.model.leakage import Leakage
from mlver.model.metric import MetricDelta, SliceDelta
from mlver.model.predictions import Predictions
from mlver.model.spread import SeedSpread
from mlver.model.version import Version
from mlver.model.why import Why


class ByteRange(Struct, frozen=True, kw_only=True):
    """A run of bytes that differ at the same offset on both sides; `end` is exclusive."""

    start: int
    end: int


class ByteComparison(Struct, frozen=True, kw_only=True):
    """Two files held against each other, byte by byte at equal offsets."""

    size_before: int
    size_after: int
    differing: int
    """Bytes that differ, the longer side's tail included."""
    ranges: tuple[ByteRange, ...]
    """The first ranges, in order; see `range_count`."""
    range_count: int
    complete: bool = True
    """False: a limit was hit; the numbers are lower bounds."""
    reason: str = ""
    """Why it is not complete."""

    @property
    def is_same(self) -> bool:
        """Whether both hold the same bytes (never true of an incomplete comparison)."""
        return self.complete and self.differing == 0 and self.size_before == self.size_after


class Comparison(Struct, frozen=True, kw_only=True):
    """What differs between two versions. Every tree is whole: same leaves are in it, the display hides them."""

    before: Version
    after: Version
    params: Change
    data: Change
    code: Change
    """Files as leaves; the note says when a file is no step's input."""
    uncommitted: tuple[Change | None, ...] = (None, None)
    """Of A and of B: the files that differed from the commit it stood on; None: none, or nobody knows."""
    environment: Change
    hardware: Change
    seeds: Change
    metrics: tuple[MetricDelta, ...]
    """Primary first, then in the manifest's order; resources last, with no goal."""
    slices: tuple[SliceDelta, ...] = ()
    """Metrics on parts of the evaluation data: recall per class."""
    predictions: Predictions | None = None
    """What became of every row of the test set; None: nobody knows."""
    leakage: tuple[Leakage, ...] = ()
    """Rows trained on and measured on too, for each pair of such data sets of which it is known."""
    evaluation: EvaluationData = EvaluationData()
    """Whether both were measured on the same."""
    spread: SeedSpread | None = None
    """How far runs of their families spread; None: these are not known."""
    files: Change
    """Artifacts by path; below each what differs inside it, and the ranges of bytes that do."""
    first_step: str | None = None
    """Name of the first step that differs; None: none does, or it is not known."""
    first_step_why: str = ""
    """`its input data/digits.csv differs`."""
    differing_steps: tuple[str, ...] = ()
    """The steps of the newer version that differ, in their order; the others are the same, or nobody knows."""
    why: Why | None = None
    """What the change is consistent with; None: nobody asked."""
    complete: bool = True
    notes: tuple[str, ...] = ()
    """Sentences a reader must see: what was not present, which limit was hit."""

    @property
    def is_of_one_version(self) -> bool:
        """Whether A is B: then there is no difference to explain or to doubt."""
        return self.before.row.key == self.after.row.key


class AnswersCompared(Struct, frozen=True, kw_only=True):
    """What two versions answered, and nothing else of them."""

    before: Version
    after: Version
    predictions: Predictions | None
    """None: a side has none, or its file cannot be read."""
    complete: bool = True
    notes: tuple[str, ...] = ()
