"""An action: what the user can do, where, with which keys, and what it does to the world."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, StrEnum

from msgspec import Struct


class Context(StrEnum):
    """Where keys are pressed."""

    VERSIONS = "versions"
    COMPARE = "compare"
    MATRIX = "matrix"
    REPLAY = "replay"
    TEXT = "text"
    LINEAGE = "lineage"
    CHARTS = "charts"
    BYTES = "bytes"
    FLIPS = "flips"


class Effect(Enum):
    """What an action does to the world."""

    BROWSES = "browses"
    WRITES = "writes"
    RUNS = "runs"
    CONNECTS = "connects"


class Situation(Struct, frozen=True, kw_only=True):
    """What an action may depend on."""

    has_version: bool = False
    is_broken: bool = False
    no_pair: str = ""
    """Why `d` cannot compare now."""
    no_replay: str = ""
    """Why this version can never be run again."""
    marks: int = 0
    undoable: str = ""
    """What was done last and can be undone."""
    has_tree: bool = False
    """The tab shows a tree of changes."""
    has_curves: bool = False
    """The tab shows curves."""
    has_text: bool = False
    """Opening what is under the cursor shows a text."""
    has_matrix: bool = False
    """Versions stand side by side."""
    is_running: bool = False
    is_read_only: bool = False
    models: int = 0
    problems: int = 0
    """What could not be read while the versions were listed."""
    shows_lines: bool = False
    """The lines of a text are shown."""
    files: int = 0
    """Files whose lines can be compared one after another."""
    has_panes: bool = False
    """Several panes share the screen."""
    has_parent: bool = False
    """Its parent is among the versions shown."""
    has_child: bool = False
    """A child of it is."""
    no_note: str = ""
    """Why nothing can be noted about this version."""
    has_editor: Callable[[], bool] = lambda: True
    """Whether the user has an editor; asked only where it matters, for it may look into git's settings."""
    can_smooth: bool = False
    """Curves over an axis of numbers are shown."""
    has_other_axis: bool = False
    """The chart can be drawn over something else."""
    no_scatter: str = ""
    """Why no param can be an axis."""
    has_viewers: bool = False
    """The user's config names viewers."""
    has_flips: bool = False
    """Rows of the test set became right or wrong, and are known."""
    has_file: bool = False
    """A file is under the cursor, or its text is shown."""
    no_export: str = ""
    """Why nothing here can be written into a file."""
    no_go: str = ""
    """Why the plan of a replay cannot be started now."""
    has_metrics: bool = False
    """The metrics of a comparison are shown."""


class Action(Struct, frozen=True, kw_only=True):
    """Something the user can do."""

    id: str
    keys: tuple[str, ...]
    label: str
    """One or two words for the footer."""
    help: str
    """A sentence for the help and the palette."""
    contexts: frozenset[Context]
    effect: Effect = Effect.BROWSES
    rank: int | None = None
    """Its place in the footer; None: only in the help."""
    is_motion: bool = False
    """Moving about: everybody knows these keys, so the footer does not count them."""
    needs_content: bool = False
    """It acts on what the screen shows: asked for while that is still being made, it waits."""
    menu_key: str = ""
    """Its letter in the act menu."""
    why_not: Callable[[Situation], str] = lambda _situation: ""
    """Why it is disabled now; nothing: it is not."""

    @property
    def is_offered(self) -> bool:
        """Whether help and palette name it; what acts is the answer to a question, and stays where that is asked."""
        return self.effect is Effect.BROWSES
