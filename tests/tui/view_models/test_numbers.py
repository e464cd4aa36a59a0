"""Numbers read the same down a column."""

from __future__ import annotations

import math

import pytest

from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.numbers import age, ago, decimals_of, duration, memory, metric_value, number, percent, size


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([345 / 360, 328 / 360], 4),
        ([0.46, 0.41], 2),
        ([12, 7], 0),
        ([12.3456, 3.0], 3),
        ([12345.678], 0),
        ([0.00012345], 6),
        ([], 0),
        (["text", None, True, math.nan, math.inf], 0),
    ],
)
def test_a_column_has_the_decimals_its_values_were_written_with(values: list[float], decimals: int) -> None:
    assert decimals_of(values) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (-0.0056, 4, "−0.0056"),
        (1437, 0, "1\u2009437"),
        (math.nan, 4, "nan"),
        (-math.inf, 4, "−inf"),
        (1e-9, 4, "1.00e-09"),
        (2.5e12, 1, "2.50e+12"),
        (0.0, 4, "0.0000"),
    ],
)
def test_numbers_have_a_real_minus_and_thin_thousands(value: float, decimals: int, shown: str) -> None:
    assert number(value, decimals) == shown


def test_a_signed_zero_keeps_the_cell_of_its_sign_free() -> None:
    assert number(0.0, 4, sign=True) == " 0.0000"
    assert number(0.0028, 4, sign=True) == "+0.0028"


def test_an_ascii_terminal_gets_a_hyphen() -> None:
    assert number(-1234.5, 1, glyphs=ASCII) == "-1 234.5"


def test_text_truth_and_nothing_are_told_apart() -> None:
    assert metric_value("n/a\x1b", 4) == "n/a\\x1b"
    assert metric_value(True, 4) == "true"
    assert metric_value(None, 4) == ""


@pytest.mark.parametrize(
    ("relative", "shown"),
    [
        (0.021, "+2.1 %"),
        (-0.331, "−33.1 %"),
        (0.0, "0.0 %"),
        (None, ""),
        (25.0, "+2\u2009500 %"),
        (49990.0, ">9\u2009999 %"),
        (-150.0, "<−9\u2009999 %"),
    ],
)
def test_percent_has_its_sign(relative: float | None, shown: str) -> None:
    assert percent(relative) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(5, "now"), (90, "1m"), (3 * 3600, "3h"), (12 * 86400, "12d"), (99.9 * 86400, "99d"), (150 * 86400, "21w"),
     (800 * 86400, "2y"), (-10, "now"), (-90000, "?")],
)  # fmt: skip
def test_an_age_takes_three_cells_at_most(seconds: float, shown: str) -> None:
    assert age(1e9, 1e9 + seconds) == shown
    assert len(shown) <= 3


def test_ages_in_sentences() -> None:
    assert ago(None, 1e9) == "at an unknown time"
    assert ago(1e9 - 7200, 1e9) == "2 h ago"


@pytest.mark.parametrize(
    ("bytes_", "shown"),
    [
        (None, "?"),
        (0, "0 B"),
        (999, "999 B"),
        (1100, "1.1 kB"),
        (51_000, "51 kB"),
        (999_700, "1.0 MB"),
        (8_400_000_000, "8.4 GB"),
    ],
)
def test_sizes_are_decimal(bytes_: int | None, shown: str) -> None:
    assert size(bytes_) == shown


def test_durations_and_memory() -> None:
    assert [duration(value) for value in (0.34, 12.4, 125, 12_000, None)] == [
        "0.34 s",
        "12 s",
        "2 m 05 s",
        "3 h 20 m",
        "?",
    ]
    assert memory(8 << 30) == "8 GiB"
