"""What is found batch by batch is what one look at the whole table finds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from mlver.comparing.table_survey import MOMENT, NUMBER, TEXT, Asked, TableSurvey

TEXTS = ["1", "2", "-3", "1.5", "nan", "NaN", "", "x", "long " * 60, "1e3", "007", "2024-01-01", None]
COLUMNS: Mapping[str, Sequence[Any]] = {
    "texts": TEXTS,
    "digits": ["1", "22", "-3", None],
    "numbers": ["1", "2.5", "nan", None],
    "mostly digits": ["1"] * 40 + ["x"],
    "mostly nothing": [None] * 30 + ["x", "1"],
    "integers": [1, 2, None, 2**62],
    "floats": [0.5, float("nan"), float("inf"), None],
    "dates": ["2024-01-01", "1999-12-31", None],
    "times": ["2024-01-01 10:30", "2024-02-29", "1960-01-01T10:00:00.5Z", None],
    "no dates": ["2024-01-01"] * 30 + ["2023-02-29"],
    "truths": [True, False, None],
}


def random_table(rng: random.Random) -> pl.DataFrame:
    """Columns of all kinds, called by their places as a survey wants it."""
    rows = rng.choice([0, 1, 5, 60, 400])
    few = rng.random() < 0.3
    kinds = rng.sample(list(COLUMNS.values()), k=rng.randint(1, len(COLUMNS)))
    cells = [[rng.choice(values[:2] if few else values) for _ in range(rows)] for values in kinds]
    types = [pl.Float64 if kind is COLUMNS["floats"] else None for kind in kinds]
    if rng.random() < 0.5:
        cells[0], types[0] = [str(row) for row in range(rows)], None
    table = pl.DataFrame(
        [pl.Series(str(place), column, dtype) for place, (column, dtype) in enumerate(zip(cells, types, strict=True))]
    )
    return table.with_columns(pl.selectors.by_dtype(pl.Null).cast(pl.String))


def surveyed(table: pl.DataFrame, rng: random.Random, drawn: int) -> TableSurvey:
    """The table, read in batches of any size."""
    keys = tuple(name for name in table.columns if name in {"0", "1"})
    survey = TableSurvey(
        Asked(
            schema=dict(table.schema),
            flat=tuple(table.columns),
            called_keys=keys,
            label=table.columns[-1],
            most_values=20,
            drawn=drawn,
        )
    )
    start = 0
    while start < table.height:
        size = rng.choice([1, 3, 50, 1000])
        survey.add(table.slice(start, size))
        start += size
    return survey


def floats(column: pl.Series) -> list[float | None]:
    return column.cast(pl.Float64, strict=False).to_list()


def moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return None


def _date_word(known: list[str]) -> str:
    if not all(map(moment, known)):
        return "text"
    return "date and time" if any(len(text) > 10 for text in known) else "date"


@pytest.mark.parametrize("seed", range(60))
def test_counts_keys_and_duplicates_are_those_of_the_whole_table(seed: int) -> None:
    rng = random.Random(seed)
    table = random_table(rng)

    survey = surveyed(table, rng, 0)

    tally = survey.tally
    assert tally.rows == table.height
    for name in table.columns:
        column = table[name]
        numbers = [value for value in floats(column) if value is not None]
        known = column.drop_nulls().to_list()
        assert tally.missing(name) == column.null_count() + sum(value != value for value in numbers)  # noqa: PLR0124
        if column.dtype == pl.String and known:
            whole = column.cast(pl.Int64, strict=False).drop_nulls().len() == len(known)
            expected = "integer" if whole else "number" if len(numbers) == len(known) else _date_word(known)
            assert tally.type_word(name) == expected
            dates = sorted(filter(None, map(moment, known))) if "date" in expected else []
            span = (dates[0], dates[-1]) if dates else None
            form = "%Y-%m-%d %H:%M:%S" if "time" in expected else "%Y-%m-%d"
            assert tally.span(name) == (span and tuple(one.strftime(form) for one in span))
    keys = tuple(name for name in ("0", "1") if name in table.columns and table[name].n_unique() == table.height)
    keys = keys if table.height else ()
    others = [name for name in table.columns if name not in keys]
    assert survey.digests.keys() == keys
    assert survey.digests.duplicates() == (table.height - table.select(others).n_unique() if others else None)
    labels = Counter(table[table.columns[-1]].cast(pl.String).str.slice(0, 200).to_list())
    assert survey.labels.counts == (dict(labels) if len(labels) <= 20 else None)


@pytest.mark.parametrize("seed", range(40))
def test_the_rows_that_are_drawn_are_the_same_however_the_table_is_cut(seed: int) -> None:
    rng = random.Random(seed)
    table = random_table(rng)
    wanted = rng.choice([1, 7, 100, 1000])

    held = surveyed(table, rng, wanted).drawn()

    share = (1 << 32) if table.height <= wanted else wanted * (1 << 32) // table.height
    drawn = [row for row in range(table.height) if row * 2_654_435_761 % (1 << 32) < share]
    for cell, column in held.items():
        name = cell.removeprefix(NUMBER).removeprefix(TEXT).removeprefix(MOMENT)
        whole = table[name].gather(drawn)
        if cell.startswith(NUMBER):
            assert [str(value) for value in column] == [str(value) for value in floats(whole)]
        elif cell.startswith(MOMENT):
            zero = datetime(1970, 1, 1)  # noqa: DTZ001 - all are in UTC
            told = [None if value is None else zero + timedelta(microseconds=value) for value in column]
            assert told == [None if text is None else moment(text) for text in whole]
        else:
            assert column.to_list() == whole.cast(pl.String).str.slice(0, 200).to_list()


def test_texts_that_cease_to_be_numbers_half_way_are_held_as_neither() -> None:
    table = pl.DataFrame({"0": ["1"] * 50 + ["x"] * 50, "1": ["a"] * 100})
    asked = Asked(schema=dict(table.schema), flat=("0", "1"), most_values=5, drawn=1000)
    survey = TableSurvey(asked)

    for start in range(0, 100, 10):
        survey.add(table.slice(start, 10))

    assert survey.drawn().keys() == {TEXT + "1"}
    assert survey.tally.type_word("0") == "text"
