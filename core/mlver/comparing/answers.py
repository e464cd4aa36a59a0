"""What one version answered to the rows of its test set, from the table its evaluation wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mlver.comparing.wording import amount, shortened
from mlver.errors import DocumentInvalid

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

KEY, TRUTH, SAID, CONFIDENCE = "key", "truth", "said", "confidence"
"""Columns of the answers; a part of the test set is named after PART and the file's own column."""
PART = "part "

KEY_COLUMNS = ("row", "key", "id", "row_id", "index", "name", "image", "sample", "example", "path", "file")
TRUTH_COLUMNS = ("truth", "target", "label", "y_true", "true", "actual", "expected", "ground_truth")
SAID_COLUMNS = ("prediction", "predicted", "pred", "y_pred", "predictions", "output")
CONFIDENCE_COLUMNS = ("confidence", "probability", "prob")
"""Names of the column with the confidence in what was said."""
CLASS_PREFIXES = ("probability_", "proba_", "prob_", "p_")
"""In front of a class's name: the column with the probability of that class."""

_MOST_PARTS = 20
"""Values of a column that makes slices."""
_LEAST_PARTS = 2
_GLANCE = 10_000
"""Rows of which too many values say that there are too many."""
_PLAIN_COLUMNS = 3
"""A table of so many columns whose names say nothing holds key, truth and prediction."""

_HINT = "predictions have the columns row, truth, prediction, and perhaps confidence; see docs/comparing.md"


class Answers(Struct, frozen=True):
    """The rows that have a key, a truth and an answer; all as text, whole numbers written one way."""

    table: Frame
    left_out: int
    """Rows that lack one of the three."""

    @property
    def has_confidence(self) -> bool:
        """Whether any answer says how sure it is."""
        return self.table[CONFIDENCE].null_count() < self.table.height


def answers_of(table: Frame, name: str) -> Answers:
    """The answers in a table. Raises DocumentInvalid for one without the columns, or with a key that stands twice.

    Args:
        table: all its cells as they were read.
        name: the file, for messages.
    """
    import polars as pl

    columns = {column.strip().lower(): column for column in reversed(table.columns)}
    key, truth, said = _three(table, columns, name)
    others = [column for column in table.columns if column not in {key, truth, said}]
    made = table.select(
        _label(table, key).alias(KEY),
        _label(table, truth).alias(TRUTH),
        _label(table, said).alias(SAID),
        _confidence(table, said, others).alias(CONFIDENCE),
        *(_label(table, column).fill_null("").alias(PART + column) for column in others if _makes_parts(table, column)),
    )
    whole = made.filter(pl.all_horizontal(pl.col(KEY, TRUTH, SAID).is_not_null()))
    # Digests first, as they are five times as quick: where these all differ, so do the keys.
    if whole[KEY].hash(0).n_unique() < whole.height:
        _refuse_twice(whole[KEY], name)
    return Answers(whole, made.height - whole.height)


def _refuse_twice(keys: pl.Series, name: str) -> None:
    twice = keys.filter(keys.is_duplicated())
    if twice.len():
        times = amount(int((twice == twice[0]).sum()), "time")
        said_so = f"the row key {shortened(twice[0])} stands there {times}"
        raise DocumentInvalid(said_so, name=name, hint="a row key names one row of the test set")


def _three(table: Frame, columns: dict[str, str], name: str) -> tuple[str, str, str]:
    """The columns of key, truth and answer."""
    truth, said = (_first(columns, names) for names in (TRUTH_COLUMNS, SAID_COLUMNS))
    if truth is None and said is None and len(table.columns) == _PLAIN_COLUMNS:
        first, second, third = table.columns
        return first, second, third
    if truth is None or said is None:
        missing = "truth" if truth is None else "prediction"
        raise DocumentInvalid(f"no column is called {missing}", name=name, line=1, hint=_HINT)
    rest = {known: column for known, column in columns.items() if column not in {truth, said}}
    key = _first(rest, KEY_COLUMNS)
    if key is None:
        raise DocumentInvalid("no column is called row, key or id", name=name, line=1, hint=_HINT)
    return key, truth, said


def _first(columns: dict[str, str], names: Sequence[str]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)


def _label(table: Frame, column: str) -> pl.Expr:
    """A cell as text: `3`, `3.0` and ` 3 ` are one label, for tools write classes as either; an empty cell is none."""
    import polars as pl

    text = _cells(column).cast(pl.String).str.strip_chars()
    text = pl.when(text != "").then(text)
    has_zeros = table.select(_cells(column).cast(pl.String).str.contains(".0", literal=True).any()).item()
    return text.str.replace(r"^([+-]?\d+)\.0+$", "${1}") if has_zeros else text


def _cells(column: str) -> pl.Expr:
    """A column by its name, even if it is called `*` or `^.*$`: `col` would take all of them."""
    import polars as pl

    return pl.selectors.by_name(column).as_expr()


def _confidence(table: Frame, said: str, others: Sequence[str]) -> pl.Expr:
    """How sure it was of what it said; null where nothing is told."""
    import polars as pl

    named = _first({column.strip().lower(): column for column in reversed(others)}, CONFIDENCE_COLUMNS)
    if named is not None:
        return _cells(named).cast(pl.Float64, strict=False)
    of_class = {label: column for column in others if (label := _class_of(column)) is not None}
    if len(of_class) < _LEAST_PARTS:
        return pl.lit(None, pl.Float64)
    return pl.coalesce(
        pl.when(_label(table, said) == label).then(_cells(column).cast(pl.Float64, strict=False))
        for label, column in of_class.items()
    )


def _class_of(column: str) -> str | None:
    """The class whose probabilities a column holds; None: it holds something else."""
    prefix = next((one for one in CLASS_PREFIXES if column.lower().startswith(one)), None)
    return column[len(prefix) :] if prefix else None


def _makes_parts(table: Frame, column: str) -> bool:
    """Whether a column beside the answers says which part of the test set a row is of."""
    if column.strip().lower() in CONFIDENCE_COLUMNS or _class_of(column) is not None:
        return False
    values = table[column]
    if values.head(_GLANCE).n_unique() > _MOST_PARTS:
        return False
    return not values.dtype.is_float() and _LEAST_PARTS <= values.n_unique() <= _MOST_PARTS
