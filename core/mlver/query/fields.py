"""The fields a filter can ask about: one table, which docs/filters.md and completion are held to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, auto
from typing import TypeAlias

from msgspec import Struct

from mlver.model.data import Data, value_at
from mlver.model.filtering import Around
from mlver.model.metric import metric_delta
from mlver.model.source_names import SOURCE_NAMES
from mlver.model.status import Status
from mlver.model.version import Agreement, VersionRow
from mlver.query.claims import CLAIMS
from mlver.query.searched import note_texts, tag_texts
from mlver.query.unread import Unread

Reader: TypeAlias = Callable[[VersionRow, Around, str], Iterable[Data]]
"""What a version has there: nothing, one value, or several; the text is what stands behind the dot of a family."""


class Kind(Enum):
    """How values of a field are held against what was written."""

    TEXT = auto()
    CHOICE = auto()
    """One of a few words."""
    VERDICT = auto()
    """A choice with an order."""
    NUMBER = auto()
    AGE = auto()
    MOMENT = auto()
    DATA = auto()
    """A number or a text, as the version has it."""
    CLAIM = auto()
    """`is:`"""
    PRESENCE = auto()
    """`has:`"""


class Asks(Enum):
    """What must be at hand to answer."""

    ROW = auto()
    PARAMS = auto()
    """The params of all versions: from the index, one look."""
    VERSION = auto()
    """The version whole: a look into git for each."""
    NOTES = auto()
    """The notes of all versions: read once, and again when there are new ones."""
    BASE = auto()
    """A version that deltas are against."""


_WORDS, _ALL = (":", "=", "!="), (":", "=", "!=", "<", "<=", ">", ">=")
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: _WORDS,
    Kind.CHOICE: _WORDS,
    Kind.VERDICT: (*_WORDS, "at least"),
    Kind.NUMBER: _ALL,
    Kind.AGE: ("<", "<=", ">", ">="),
    Kind.MOMENT: _ALL,
    Kind.DATA: _ALL,
    Kind.CLAIM: (":",),
    Kind.PRESENCE: (":",),
}


class Field(Struct, frozen=True, kw_only=True):
    """One field, or with a dot at its end a family of them: `metric.`."""

    name: str
    kind: Kind
    help: str
    example: str
    read: Reader
    choices: tuple[str, ...] = ()
    asks: Asks = Asks.ROW
    operators: tuple[str, ...] = ()
    """Those of its kind, unless given."""
    short: str = ""
    """What it may be called, too."""

    @property
    def is_family(self) -> bool:
        """Whether a name must follow."""
        return self.name.endswith(".")

    @property
    def understood(self) -> tuple[str, ...]:
        """The operators it takes."""
        return self.operators or OPERATORS[self.kind]


LADDER = (
    Agreement.FAILED, Agreement.DIFFERENT, Agreement.WITHIN_TOLERANCE, Agreement.CONTENT, Agreement.IDENTICAL,
)  # fmt: skip
"""Verdicts from the worst to the best; what cannot be compared is nowhere on it."""

_CONFIRMING = LADDER[2:]


def verdict_word(agreement: Agreement) -> str:
    """A verdict as filters write it: `within-tolerance`."""
    return agreement.value.replace(" ", "-")


def _digest_texts(digest: str | None) -> Iterator[str]:
    """With its scheme, as it is stored, and without, as the list shows it."""
    if digest:
        yield digest
        yield digest.rpartition(":")[2]


def _metric(row: VersionRow, _around: Around, name: str) -> Iterable[Data]:
    metric = row.metrics.get(name)
    return () if metric is None or metric.value is None else (metric.value,)


def _param(row: VersionRow, around: Around, name: str) -> Iterable[Data]:
    params = around.params(row.key)
    if params is None:
        raise Unread
    try:
        return (value_at(dict(params), name),)
    except KeyError:
        return ()


def _moved(row: VersionRow, other: VersionRow | None, name: str) -> Iterable[Data]:
    if other is None:
        return ()
    moved = metric_delta(name, other.metrics.get(name), row.metrics.get(name)).absolute
    return () if moved is None else (moved,)


def _from_parent(row: VersionRow, around: Around, name: str) -> Iterable[Data]:
    return _moved(row, around.find(row.parent) if row.parent else None, name)


def _from_base(row: VersionRow, around: Around, name: str) -> Iterable[Data]:
    return _moved(row, around.base, name)


def _from_holder(row: VersionRow, around: Around, name: str) -> Iterable[Data]:
    return _moved(row, around.holders.get(row.model), name)


def _confirmed(row: VersionRow, _around: Around, _name: str) -> Iterable[Data]:
    mark = row.replay
    return (mark.count if mark and mark.agreement in _CONFIRMING else 0,)


def _artifacts(row: VersionRow, around: Around, _name: str) -> Iterable[Data]:
    version = around.version(row)
    if version is None:
        raise Unread
    return [text for one in version.manifest.artifacts for text in (one.path, *_digest_texts(one.digest))]


def _data_sets(row: VersionRow, around: Around, _name: str) -> Iterable[Data]:
    version = around.version(row)
    if version is None:
        raise Unread
    return [text for one in version.manifest.data for text in (one.name, one.path, *_digest_texts(one.digest))]


def _package(row: VersionRow, around: Around, name: str) -> Iterable[Data]:
    version = around.version(row)
    if version is None:
        raise Unread
    wanted = _package_name(name)
    return [number for called, number in (version.packages or {}).items() if _package_name(called) == wanted]


def _package_name(name: str) -> str:
    return name.casefold().replace("_", "-")


def _nothing(_row: VersionRow, _around: Around, _name: str) -> Iterable[Data]:
    return ()


def _text(name: str, help_: str, example: str, texts: Callable[[VersionRow], Iterable[str | None]]) -> Field:
    def read(row: VersionRow, _around: Around, _name: str) -> Iterable[Data]:
        return [text for text in texts(row) if text]

    return Field(name=name, kind=Kind.TEXT, help=help_, example=example, read=read)


def _choice(name: str, help_: str, example: str, choices: Iterable[str], of: Callable[[VersionRow], str]) -> Field:
    def read(row: VersionRow, _around: Around, _name: str) -> Iterable[Data]:
        return (of(row),)

    return Field(name=name, kind=Kind.CHOICE, help=help_, example=example, read=read, choices=tuple(choices))


FIELDS: tuple[Field, ...] = (
    _text("name", "its names: release, tag, experiment, branch", "name:v1.4", lambda row: (row.name, *row.names)),
    _text("model", "the model it is a version of", "model=digits", lambda row: (row.model,)),
    _text("ref", "the ref that names it first", "ref:heads/", lambda row: (row.ref,)),
    _text("tag", "a tag by its name, or as `name=value`", "tag:team=vision", tag_texts),
    _text("author", "who made it", 'author:"Ada Example"', lambda row: (row.author,)),
    _text("title", "what the list says under WHY", "title:rewrite", lambda row: (row.title,)),
    _text("reason", "what was given with `--reason`", "reason:baseline", lambda row: (row.reason,)),
    Field(
        name="note", kind=Kind.TEXT, asks=Asks.NOTES, help="what was noted of it, and who noted it",
        example='note:"look again"',
        read=lambda row, around, _name: tuple(note_texts(around.notes(row))),
    ),
    _text("stage", "the stages it holds now", "stage=production", lambda row: row.stages),
    _choice(
        "source", "what reads it", "source=dvc", SOURCE_NAMES, lambda row: row.source
    ),
    _choice(
        "status", "how its run ended", "status=failed", (one.value for one in Status), lambda row: row.status.value
    ),
    _text("run", "run id", "run:k7q2mx", lambda row: (row.run,)),
    _text("commit", "the commit it is; an MLflow run by its id", "commit:3fa92c1", lambda row: (row.commit,)),
    _text("recipe", "digest of all that went in", "recipe:e07b3a51", lambda row: _digest_texts(row.recipe)),
    _text("family", "digest of the recipe without its seeds", "family:5c9f20d4", lambda row: _digest_texts(row.family)),
    Field(
        name="age", kind=Kind.AGE, help="how long ago: minutes, hours, days, weeks, years of 365 days",
        example="age<7d",
        read=lambda row, around, _name: () if row.created is None else (around.now - row.created,),
    ),
    Field(
        name="created", kind=Kind.MOMENT, help="when, in UTC: a year, a month, a day, a minute or a second",
        example="created>=2026-01-01", read=lambda row, _around, _name: () if row.created is None else (row.created,),
    ),
    Field(
        name="verdict", kind=Kind.VERDICT, help="what its newest replay came to",
        example="verdict at least within-tolerance",
        choices=tuple(verdict_word(one) for one in Agreement),
        read=lambda row, _around, _name: (verdict_word(row.replay.agreement),) if row.replay else (),
    ),
    Field(
        name="confirmed", kind=Kind.NUMBER, read=_confirmed, example="confirmed>=2",
        help="how many replays came to that verdict, when it is at least within tolerance; else 0",
    ),
    Field(name="metric.", short="m.", kind=Kind.DATA, read=_metric, help="a metric", example="metric.accuracy>=0.9"),
    Field(
        name="param.", short="p.", kind=Kind.DATA, read=_param, asks=Asks.PARAMS,
        help="a param, its keys joined by dots", example="param.optimiser.lr=0.1",
    ),
    Field(
        name="parent.", kind=Kind.NUMBER, read=_from_parent, example="parent.accuracy>0",
        help="by how much a metric moved from the parent's",
    ),
    Field(
        name="base.", kind=Kind.NUMBER, read=_from_base, asks=Asks.BASE, example="base.accuracy>=0",
        help="by how much a metric moved from that of the base, in the explorer",
    ),
    Field(
        name="holder.", kind=Kind.NUMBER, read=_from_holder, example="holder.accuracy>-0.005",
        help="by how much a metric moved from that of its model's version in production",
    ),
    Field(
        name="artifact", kind=Kind.TEXT, read=_artifacts, asks=Asks.VERSION,
        help="path or digest of an output", example="artifact:weights.npy",
    ),
    Field(
        name="data", kind=Kind.TEXT, read=_data_sets, asks=Asks.VERSION,
        help="name, path or digest of a data set", example="data:train.csv",
    ),
    Field(
        name="package.", kind=Kind.DATA, read=_package, asks=Asks.VERSION, operators=_WORDS,
        help="a package's version, as its text", example="package.numpy=2.4.6",
    ),
    Field(
        name="is", kind=Kind.CLAIM, read=_nothing, choices=tuple(CLAIMS), help="a claim: " + ", ".join(CLAIMS),
        example="is:worth",
    ),
    Field(name="has", kind=Kind.PRESENCE, read=_nothing, help="whether it has a field at all", example="has:metric.f1"),
)  # fmt: skip
"""In the order people learn them."""

REFUSED: Mapping[str, tuple[str, str]] = {
    "integrity": ("nothing is known of integrity yet", "is:broken finds what cannot be read"),
    "promoted": ("promoted is no field", "is:promoted finds what holds a stage"),
}
"""Fields that other things of the kind have and versions here do not: what is wrong, and what is nearest."""
