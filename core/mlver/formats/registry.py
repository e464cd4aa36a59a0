"""Chooses the format for a file.

Order is meaning: the first format that recognises a file wins, so specific ones stand above general ones.
"""

from __future__ import annotations

from msgspec.structs import replace

from mlver.comparing.bytes import are_equal
from mlver.formats.any_bytes import BytesFormat
from mlver.formats.archives import TAR, ZIP
from mlver.formats.blob import Blob, Pair
from mlver.formats.config import JSON, TOML, YAML, DocumentFormat
from mlver.formats.format import USUAL, Format, Limits, NotUnderstood, TooMuch
from mlver.formats.gguf import GgufFormat
from mlver.formats.npy import NpyFormat
from mlver.formats.npz import NpzFormat
from mlver.formats.onnx import OnnxFormat
from mlver.formats.pickles import PickleFormat
from mlver.formats.pytorch import PytorchFormat
from mlver.formats.safetensors import SafetensorsFormat
from mlver.formats.tables import CSV, JSON_LINES, PARQUET
from mlver.formats.text import TextFormat
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop, never

BYTES = BytesFormat()

FORMATS: tuple[Format, ...] = (
    NpyFormat(),
    NpzFormat(),
    SafetensorsFormat(),
    PytorchFormat(),
    ZIP,
    TAR,
    PickleFormat(),
    GgufFormat(),
    OnnxFormat(),
    PARQUET,
    CSV,
    JSON_LINES,
    JSON,
    YAML,
    TOML,
    TextFormat(),
    BYTES,
)


def kind_of(path: str, head: bytes) -> str:
    """What a file is by name and first bytes: `npy`, `json`, `text`, `bytes`; for Artifact.kind."""
    return next(form.name for form in FORMATS if form.recognises(path, head))


def compare_files(
    path: str, before: Blob, after: Blob, *, limits: Limits = USUAL, should_stop: ShouldStop = never
) -> Change:
    """As `compare_pair`, of two contents that nobody waits for."""
    return compare_pair(Pair(path=path, before=before, after=after), limits=limits, should_stop=should_stop)


def compare_pair(pair: Pair, *, limits: Limits = USUAL, should_stop: ShouldStop = never) -> Change:
    """What differs between two contents of a file, told by the most specific format that understands both.

    The note is what the format tells. The details say what became of the bytes, and their ranges are the children, or
    one child `bytes` beside those that the format has of its own. The kind is that of the values: same is said of
    `{"a":1}` and `{"a": 1}`, and the note says that they are written otherwise. A format that does not understand a
    file never stops the comparison: bytes are compared, and the details say so. Raises the MlverErrors of reading, and
    Interrupted.
    """
    stamps = pair.before.stamp(), pair.after.stamp()
    change = _compared(pair, limits, should_stop)
    if (pair.before.stamp(), pair.after.stamp()) == stamps:
        return change
    kind = Kind.UNKNOWN if change.kind is Kind.SAME else change.kind
    return replace(change, kind=kind, details=(*change.details, _CHANGED_MEANWHILE), complete=False)


_CHANGED_MEANWHILE = "a file changed while it was read"


def _compared(pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:
    if limits.bytes.max_bytes is None and _are_equal(pair, should_stop):
        return Change(label=pair.path, kind=Kind.SAME)
    form, change, refusals = _understood(pair, limits, should_stop)
    if form is not BYTES and not (form.tells_bytes and change.kind is Kind.CHANGED):
        change = _with_bytes(change, BYTES.compare(pair, limits, should_stop), vouches=form.vouches)
    remarks = (f"not compared as {name}: {refusal}" for name, refusal in refusals)
    is_whole = change.complete and not any(isinstance(refusal, TooMuch) for _, refusal in refusals)
    return replace(change, details=(*change.details, *remarks), complete=is_whole)


def _are_equal(pair: Pair, should_stop: ShouldStop) -> bool:
    """Whether the bytes are the same: known at their speed, and where they are not, mostly at once."""
    with pair.before.open() as before, pair.after.open() as after:
        return are_equal(before, after, should_stop)


def hold_same_values(
    path: str, before: Blob, after: Blob, *, limits: Limits = USUAL, should_stop: ShouldStop = never
) -> bool:
    """Whether two contents mean the same although their bytes may differ: key order, spaces, a padded header.

    What a replay calls the same content. False also where it cannot be told. Raises as compare_files does.
    """
    pair = Pair(path=path, before=before, after=after)
    stamps = before.stamp(), after.stamp()
    return _hold_same_values(pair, limits, should_stop) and (before.stamp(), after.stamp()) == stamps


def _hold_same_values(pair: Pair, limits: Limits, should_stop: ShouldStop) -> bool:
    form = next(
        form for form in FORMATS if all(form.recognises(pair.path, side.head()) for side in (pair.before, pair.after))
    )
    try:
        if isinstance(form, DocumentFormat):
            return form.hold_same_values(pair, limits)
        change = (form if form.vouches else BYTES).compare(pair, limits, should_stop)
    except (NotUnderstood, UnicodeEncodeError):
        return False
    return change.kind is Kind.SAME and change.complete


def _understood(
    pair: Pair, limits: Limits, should_stop: ShouldStop
) -> tuple[Format, Change, list[tuple[str, NotUnderstood]]]:
    """The format that understood both sides, what it found, and why others did not."""
    heads = (pair.before.head(), pair.after.head())
    refusals: list[tuple[str, NotUnderstood]] = []
    for form in FORMATS:
        if not all(form.recognises(pair.path, head) for head in heads):
            continue
        try:
            return form, form.compare(pair, limits, should_stop), refusals
        except NotUnderstood as refusal:
            refusals.append((form.name, refusal))
    raise AssertionError("bytes are recognised always")


def _with_bytes(change: Change, in_bytes: Change, *, vouches: bool) -> Change:
    if in_bytes.kind is Kind.SAME:
        return change
    if change.kind is Kind.SAME and not vouches:
        change = replace(change, kind=Kind.CHANGED, note="written otherwise; all that was followed is the same")
    note = change.note or in_bytes.note
    if change.kind is Kind.SAME:
        note = f"{change.note}, other layout" if change.note else "same values, written otherwise"
    facts = tuple(fact for fact in (in_bytes.note, *in_bytes.details) if fact != note)
    complete = change.complete and in_bytes.complete
    if not change.children:
        return replace(
            change, children=in_bytes.children, note=note, details=(*change.details, *facts), complete=complete
        )
    below = replace(in_bytes, label=BYTES.name, note=", ".join((in_bytes.note, *in_bytes.details)), details=())
    return replace(
        change, children=(*change.children, below), note=note, details=(*change.details, *facts), complete=complete
    )
