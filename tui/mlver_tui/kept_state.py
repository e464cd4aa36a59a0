"""What is remembered of a repository from one session to the next: one small file of the user's for each.

It is a convenience: a file that is damaged, strange or out of reach is as good as none, and never a reason to fail.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

MOST_MARKS, MOST_FILTERS, MOST_COLUMNS, MOST_REPOSITORIES = 100, 50, 50, 500
LONGEST_TEXT = 500
_MOST_BYTES = 1 << 20
_FORMAT = 1


class KeptState(Struct, frozen=True, kw_only=True):
    """What the explorer of a repository starts with."""

    marks: tuple[str, ...] = ()
    """Keys of versions, in the order they were marked."""
    base: str | None = None
    order: str = "newest"
    """How the list is sorted; what means nothing to it: as usual."""
    is_reversed: bool = False
    columns: tuple[str, ...] | None = None
    """The columns on the right of WHY; None: nobody chose any."""
    filters: tuple[str, ...] = ()
    """What was filtered for, the newest first."""
    saved: Mapping[str, str] = field(default_factory=dict)
    """Filters the user gave a name: name -> words."""
    tab: int = 0
    """Which tab of the detail is shown."""
    theme: str | None = None
    """Chosen in the explorer; None: nothing was."""
    has_trend: bool = True
    """On a wide screen the trend stands under the list."""
    is_zoomed: bool = False
    """The detail has the whole screen."""

    def with_filter(self, words: str) -> tuple[str, ...]:
        """The filters once these words were filtered for."""
        if not words.strip() or len(words) > LONGEST_TEXT:
            return self.filters
        return (words, *(one for one in self.filters if one != words))[:MOST_FILTERS]

    def with_saved(self, name: str, words: str) -> dict[str, str]:
        """The filters with names once these words got one; the words it had are forgotten."""
        return dict(list({**self.saved, name: words}.items())[-MOST_FILTERS:])


NOTHING_KEPT = KeptState()


class StateFile(Struct, frozen=True):
    """Where the state of one repository is kept; never in that repository."""

    folder: Path
    """The user's folder for states."""
    repository: Path

    @property
    def path(self) -> Path:
        """By a digest: a repository's path may be longer than a file's name can be."""
        return self.folder / f"{sha256(os.fsencode(self.repository)).hexdigest()[:32]}.json"

    def read(self) -> KeptState:
        """What was kept; nothing, where nothing is or what is there makes no sense."""
        try:
            if not self.path.is_file():  # a pipe would never end
                return NOTHING_KEPT
            with self.path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
            document = json.loads(content) if len(content) <= _MOST_BYTES else None
        except (OSError, ValueError, RecursionError):
            return NOTHING_KEPT
        if not isinstance(document, dict) or document.get("repository") != str(self.repository):
            return NOTHING_KEPT
        return _read_state(document)

    def write(self, state: KeptState) -> None:
        """Keep it, whole or not at all."""
        text = json.dumps({"format": _FORMAT, "repository": str(self.repository), **asdict(_bounded(state))})
        with suppress(OSError, RuntimeError):  # the second for links that go round in circles
            if not self.folder.is_absolute() or self.folder.resolve().is_relative_to(self.repository):
                return
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            is_new = not self.path.exists()
            _replace(self.path, text)
            if is_new:
                self._forget_oldest()

    def _forget_oldest(self) -> None:
        kept = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[MOST_REPOSITORIES:]:
            path.unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    """Another session sees the file before or after, never half of it."""
    from tempfile import NamedTemporaryFile  # not needed for the first rows

    with NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as file:
        file.write(text)
    try:
        Path(file.name).replace(path)
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise


def _bounded(state: KeptState) -> KeptState:
    return _read_state(asdict(state))


def _read_state(found: dict[str, Any]) -> KeptState:
    """What can be taken of a document: each value that is not what it should be counts as not there."""
    tab = found.get("tab")
    return KeptState(
        marks=_texts(found.get("marks"), MOST_MARKS),
        base=_text(found.get("base")),
        order=_text(found.get("order")) or NOTHING_KEPT.order,
        is_reversed=found.get("is_reversed") is True,
        columns=_columns(found.get("columns")),
        filters=_texts(found.get("filters"), MOST_FILTERS),
        saved=_named(found.get("saved")),
        tab=tab if type(tab) is int and tab >= 0 else 0,
        theme=_text(found.get("theme")),
        has_trend=found.get("has_trend") is not False,
        is_zoomed=found.get("is_zoomed") is True,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value and len(value) <= LONGEST_TEXT else None


def _texts(value: object, most: int) -> tuple[str, ...]:
    items = value if isinstance(value, (list, tuple)) else ()
    return tuple(dict.fromkeys(text for item in items[:most] if (text := _text(item))))


def _columns(value: object) -> tuple[str, ...] | None:
    return _texts(value, MOST_COLUMNS) if isinstance(value, (list, tuple)) else None


def _named(value: object) -> dict[str, str]:
    pairs = list(value.items())[:MOST_FILTERS] if isinstance(value, dict) else []
    return {name: words for name, words in pairs if _text(name) and _text(words)}


Keep = Callable[[KeptState], None]


def keep_nothing(_state: KeptState) -> None:
    """For an explorer that writes nothing."""
