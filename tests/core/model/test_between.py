"""What lies between two versions of one line."""

from __future__ import annotations

import pytest

from mlver.model.between import Between, between
from mlver.model.version import VersionRow


def chain(*recipes: str | None) -> list[VersionRow]:
    """Versions, each the child of the one before."""
    return [
        VersionRow(
            key=str(number),
            source="native",
            ref="",
            commit="",
            model="m",
            recipe=recipe,
            parent=str(number - 1) if number else None,
        )
        for number, recipe in enumerate(recipes)
    ]


def told(rows: list[VersionRow], first: int = 0, last: int = -1) -> Between | None:
    by_key = {row.key: row for row in rows}
    return between(rows[first], rows[last], lambda key: by_key.get(key or ""))


@pytest.mark.parametrize(
    ("recipes", "count", "undone"),
    [
        (["a", "b"], 0, 0),
        (["a", "b", "c", "d"], 2, 0),
        (["a", "b", "c", "b", "d"], 3, 1),
        (["a", "b", "c", "a"], 2, 2),
        (["a", "a", "a"], 1, 0),
        (["a", "b", "a", "b", "a"], 3, 2),
        ([None, None, None], 1, 0),
    ],
)
def test_versions_whose_recipe_was_given_up_are_undone(recipes: list[str | None], count: int, undone: int) -> None:
    assert told(chain(*recipes)) == Between(count=count, undone=undone)


def test_the_order_of_the_two_does_not_matter() -> None:
    rows = chain("a", "b", "c")

    assert told(rows, -1, 0) == told(rows) == Between(count=1, undone=0)


def test_nothing_is_said_of_two_lines_nor_of_a_version_and_itself() -> None:
    rows = chain("a", "b")
    stranger = VersionRow(key="x", source="native", ref="", commit="", model="m", parent="gone")

    assert told([*rows, stranger]) is None
    assert told(rows, 0, 0) is None


def test_parents_in_a_circle_end() -> None:
    rows = [VersionRow(key=key, source="native", ref="", commit="", model="m", parent=up) for key, up in ("ab", "ba")]
    stranger = VersionRow(key="x", source="native", ref="", commit="", model="m")

    assert told([stranger, *rows]) is None
