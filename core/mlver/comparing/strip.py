"""The strip `CDPEHS` and the title (WHY) of a version: pure functions of two manifests and a little background."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mlver.comparing.dimensions import Answer, differing
from mlver.comparing.phrases import differing_phrases
from mlver.model.manifest import Manifest
from mlver.model.version import DIMENSIONS, NO_STRIP

SAME_AS_PARENT = "·"
DIRTY = "*"
UNKNOWN = "?"
NO_PARENT = " "


class Background(Struct, frozen=True, kw_only=True):
    """What a title may need beside the two manifests."""

    subject: str = ""
    """First line of the code commit's message."""
    packages_before: Mapping[str, str] | None = None
    """The parent's; None: not recorded."""
    packages_after: Mapping[str, str] | None = None
    twin: Manifest | None = None
    """An earlier run of the same recipe."""


def strip_and_title(manifest: Manifest, parent: Manifest | None, background: Background) -> tuple[str, str]:
    """Both at once: what differs is looked for only once."""
    answers = differing(parent, manifest) if parent else {}
    return strip_of(manifest, parent, answers), title_of(manifest, parent, background, answers)


def strip_of(manifest: Manifest, parent: Manifest | None, answers: Mapping[str, Answer] | None = None) -> str:
    """Six cells: the letter when that dimension differs from the parent, `·` when not, `?` when it is not known.

    Uncommitted code is `*` in the cell of the code, whatever the parent's was. A version without a parent has blank
    cells; one whose parent is not here has unknown ones. `answers`: what differs, if that is known already.
    """
    if parent is None:
        cells = NO_PARENT * len(DIMENSIONS) if manifest.parent is None else NO_STRIP
    else:
        answers = answers or differing(parent, manifest)
        cells = "".join(_cell(letter, answers[letter]) for letter in DIMENSIONS)
    return DIRTY + cells[1:] if manifest.code.dirty else cells


def title_of(
    manifest: Manifest, parent: Manifest | None, background: Background, answers: Mapping[str, Answer] | None = None
) -> str:
    """Why this version is: the reason given, else made from what differs from the parent.

    One line of plain text, not sanitised: it may hold what a repository says.
    """
    if manifest.reason:
        return _one_line(manifest.reason)
    twin = background.twin or (parent if _is_twin(manifest, parent) else None)
    if twin is not None:
        return _twin_title(manifest, twin)
    subject = _one_line(background.subject)
    if parent is None:
        return subject or ("first version" if manifest.parent is None else "its parent is not here")
    packages = (background.packages_before, background.packages_after)
    answers = answers or differing(parent, manifest)
    phrases = differing_phrases(parent, manifest, answers, packages, subject)
    if not phrases:
        return subject or "nothing recorded differs"
    return phrases[0] if len(phrases) == 1 else f"{phrases[0]}, +{len(phrases) - 1} more"


def _cell(letter: str, answer: bool | None) -> str:
    if answer is None:
        return UNKNOWN
    return letter if answer else SAME_AS_PARENT


def _is_twin(manifest: Manifest, parent: Manifest | None) -> bool:
    return parent is not None and manifest.recipe is not None and manifest.recipe == parent.recipe


def _twin_title(manifest: Manifest, twin: Manifest) -> str:
    if manifest.result is None or twin.result is None:
        return "same recipe"
    return f"same recipe, {'same' if manifest.result == twin.result else 'other'} result"


def _one_line(text: str) -> str:
    return " ".join(text.split())
