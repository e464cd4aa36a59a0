"""What stands over the metrics of versions side by side: which of them were measured on the same data."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.matrix import UNREAD, Area, Matrix, MatrixColumn, MatrixRow
from mlver.model.metric import Metric
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.matrix_table import AreaHead, area_line, matrix_entries
from mlver_tui.view_models.spans import Tone, text_of
from tests.support.explorer import digits_rows

NAMES = ("a", "b\x1b[m", "c", "d", "e", "f")
METRICS = tuple(Metric(value=number) for number in range(len(NAMES)))
MATRIX = Matrix(
    columns=tuple(
        MatrixColumn(row=replace(digits_rows()[0], name=name), place=place) for place, name in enumerate(NAMES)
    ),
    rows=tuple(
        MatrixRow(area=area, path=("x",), name="x", values=tuple(range(6)), groups=tuple(range(6)), metrics=METRICS)
        for area in (Area.METRICS, Area.RESOURCES)
    ),
)


@pytest.mark.parametrize(
    ("evaluations", "said", "tone"),
    [
        ((0, 0, 0, 0, 0, 0), "all on the same test set", Tone.DIM),
        (
            (0, 1, 0, UNREAD, 2, 0),
            "another test set than A: b, e, whether on A's test set is not known: d",
            Tone.WARNING,
        ),
        ((0, 1, 2, 3, 4, 5), "another test set than A: b, c, d, +2", Tone.WARNING),
        ((), "whether on A's test set is not known: b, c, d, +2", Tone.WARNING),
    ],
)
def test_over_the_metrics_stands_what_they_were_measured_on(
    evaluations: tuple[int, ...], said: str, tone: Tone
) -> None:
    entries = matrix_entries(replace(MATRIX, evaluations=evaluations), everything=True)
    metrics, resources = (entry for entry in entries if isinstance(entry, AreaHead))

    told = area_line(metrics, ASCII)[-1]

    assert told.text.replace(r"b\x1b[m", "b").strip(". ") == said, "and what is hostile is inert"
    assert told.tone is tone
    assert text_of(area_line(resources, ASCII)) == "- resources  1 of 1 differ "
