"""What one file holds, told by the first format that recognises and understands it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mlver.errors import LimitReached
from mlver.formats.blob import Blob
from mlver.formats.format import USUAL, Limits, NotUnderstood, TooMuch
from mlver.formats.registry import FORMATS
from mlver.model.change import Change
from mlver.progress import ShouldStop, never


class Described(Struct, frozen=True):
    """A file by itself."""

    form: str
    """What its format is called: `pytorch`, `json`, `bytes`."""
    size: int
    """Bytes."""
    told: Change | None
    """What it holds, nothing of it changed; None: it is a text."""
    text: bytes | None
    """Its bytes where it is a text; nobody has looked whether all of them are."""


MOST_TEXT = 64 << 20
"""Bytes of a text that is shown."""


def describe_file(
    path: str, content: Path | bytes, *, limits: Limits = USUAL, should_stop: ShouldStop = never
) -> Described:
    """What a file holds. A format that does not understand it never stops that: the details say so.

    Raises the MlverErrors of reading, LimitReached for a text of more than is shown, and Interrupted.
    """
    blob = Blob(content)
    with blob.open() as file:
        size = file.size
    form, told = _told(path, blob, limits, should_stop)
    if told is None and size > MOST_TEXT:
        raise LimitReached(f"{path} is a text of more than {MOST_TEXT >> 20} MiB")
    return Described(form, size, told, blob.read(MOST_TEXT) if told is None else None)


def _told(path: str, blob: Blob, limits: Limits, should_stop: ShouldStop) -> tuple[str, Change | None]:
    head = blob.head()
    refusals: list[tuple[str, NotUnderstood]] = []
    for form in FORMATS:
        if not form.recognises(path, head):
            continue
        try:
            told = form.describe(path, blob, limits, should_stop)
        except NotUnderstood as refusal:
            refusals.append((form.name, refusal))
            continue
        return form.name, told and _with_remarks(told, refusals)
    raise AssertionError("bytes are recognised always")


def _with_remarks(told: Change, refusals: list[tuple[str, NotUnderstood]]) -> Change:
    remarks = (f"not read as {name}: {refusal}" for name, refusal in refusals)
    is_whole = told.complete and not any(isinstance(refusal, TooMuch) for _, refusal in refusals)
    return replace(told, details=(*told.details, *remarks), complete=is_whole)
