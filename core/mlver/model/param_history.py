"""What one param was set to in every version of a model, and how its metric came out with each value."""

from __future__ import annotations

from msgspec import Struct

from mlver.model.change import Missing
from mlver.model.data import Data
from mlver.model.metric import MetricMeaning
from mlver.model.note import Note
from mlver.model.version import VersionRow


class Stretch(Struct, frozen=True, kw_only=True):
    """Versions one after another in time that hold the same value."""

    value: Data | Missing
    """MISSING: the param is not set."""
    count: int


class TriedValue(Struct, frozen=True, kw_only=True):
    """A value, and how the metric came out with it."""

    value: Data | Missing
    count: int
    """Versions that hold it and have the metric."""
    measured: float
    """The best of them, or their median; see ParamHistory."""
    version: VersionRow | None = None
    """The one with the best; None: it is a median."""
    also_changed: tuple[str, ...] = ()
    """What else changed from where the value came in up to that version: dotted params, then `code`, `data` and so on.

    So the metric says little about this value alone.
    """


class ParamHistory(Struct, frozen=True, kw_only=True):
    """One param through the versions of a model."""

    labels: tuple[str, ...]
    """As a change tree has them: `("layers", "[name=dense]", "size")`."""
    stretches: tuple[Stretch, ...]
    """In the order of time."""
    metric: str | None = None
    """The primary metric of the newest version that has one; None: none has."""
    meaning: MetricMeaning = MetricMeaning()
    is_best: bool = False
    """The best is told of each value; False: the metric has no goal, so the median is."""
    tried: tuple[TriedValue, ...] = ()
    """In the order of the values where they are numbers, else as they were first met."""
    note: Note | None = None
    """The newest note of these versions that speaks of the param, or of the value it has where it is asked about."""
    unread: int = 0
    """Versions whose params are not known."""
