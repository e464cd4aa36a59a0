"""What is kept of a session: whole or not at all, bounded, outside the repository; nonsense counts for nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver_tui.kept_state import (
    MOST_COLUMNS,
    MOST_FILTERS,
    MOST_MARKS,
    MOST_REPOSITORIES,
    NOTHING_KEPT,
    KeptState,
    StateFile,
)

STATE = KeptState(
    marks=("b", "a"),
    base="c",
    order="metric",
    is_reversed=True,
    columns=("metric", "param.lr"),
    filters=("lr>0.1", "x"),
    saved={"mine": "lr>0.1"},
    tab=3,
    theme="light",
    has_trend=False,
    is_zoomed=True,
)


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    (tmp_path / "repo").mkdir()
    return StateFile(tmp_path / "state", tmp_path / "repo")


def test_what_was_kept_is_read_again(file: StateFile) -> None:
    assert file.read() == NOTHING_KEPT

    file.write(STATE)

    assert file.read() == STATE
    assert [path.name for path in file.folder.iterdir()] == [file.path.name]


def test_each_repository_has_its_own(file: StateFile) -> None:
    file.write(STATE)

    assert StateFile(file.folder, file.repository.parent / "other").read() == NOTHING_KEPT


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b" " * (300 << 10)])
def test_a_damaged_file_counts_for_nothing_and_is_replaced(file: StateFile, content: bytes) -> None:
    file.folder.mkdir()
    file.path.write_bytes(content)

    assert file.read() == NOTHING_KEPT
    file.write(STATE)
    assert file.read() == STATE


def test_what_is_no_file_is_not_waited_for(file: StateFile) -> None:
    file.folder.mkdir()
    os.mkfifo(file.path)

    assert file.read() == NOTHING_KEPT


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    document=st.dictionaries(
        st.sampled_from(
            [
                "marks",
                "base",
                "order",
                "is_reversed",
                "filters",
                "tab",
                "theme",
                "columns",
                "saved",
                "has_trend",
                "is_zoomed",
            ]
        ),
        _json,
    )
)
def test_values_that_make_no_sense_are_left_out(tmp_path_factory: pytest.TempPathFactory, document: object) -> None:
    folder = tmp_path_factory.mktemp("states")
    file = StateFile(folder, Path("/repo"))
    assert isinstance(document, dict)
    file.path.write_text(json.dumps({**document, "repository": "/repo"}))

    state = file.read()

    texts = (*state.marks, *state.filters, state.order, *(state.columns or ()), *state.saved, *state.saved.values())
    assert all(isinstance(text, str) and text for text in texts)
    assert isinstance(state.tab, int)
    assert {type(state.has_trend), type(state.is_zoomed)} == {bool}
    assert state.tab >= 0


def test_it_stays_small(file: StateFile) -> None:
    file.write(KeptState(marks=tuple(map(str, range(9999))), filters=tuple(map(str, range(9999))), base="x" * 10_000))

    state = file.read()

    assert (len(state.marks), len(state.filters), state.base) == (MOST_MARKS, MOST_FILTERS, None)
    file.write(KeptState(saved={str(number): "x" * 500 for number in range(99)}, columns=tuple(map(str, range(999)))))
    assert (len(file.read().saved), len(file.read().columns or ())) == (MOST_FILTERS, MOST_COLUMNS)


def test_the_newest_of_too_many_named_filters_are_kept() -> None:
    state = KeptState(saved={str(number): "x" for number in range(MOST_FILTERS)})

    saved = state.with_saved("new", "y")

    assert (len(saved), saved["new"], "0" in saved, "1" in saved) == (MOST_FILTERS, "y", False, True)


def test_the_states_of_the_oldest_repositories_are_forgotten(file: StateFile) -> None:
    file.folder.mkdir()
    for number in range(MOST_REPOSITORIES):
        (file.folder / f"{number}.json").touch()
        os.utime(file.folder / f"{number}.json", (number, number))

    file.write(STATE)

    names = {path.name for path in file.folder.iterdir()}
    assert len(names) == MOST_REPOSITORIES
    assert file.path.name in names
    assert "0.json" not in names


def test_nothing_is_written_into_the_repository(file: StateFile) -> None:
    StateFile(file.repository / ".local/state", file.repository).write(STATE)

    assert list(file.repository.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_no_failure(file: StateFile) -> None:
    file.folder.parent.joinpath("state").write_text("in the way")

    file.write(STATE)

    assert file.read() == NOTHING_KEPT


def test_filters_are_kept_newest_first_and_once() -> None:
    state = KeptState(filters=("b", "a"))

    assert state.with_filter("a") == ("a", "b")
    assert state.with_filter("  ") == ("b", "a")
    assert len(KeptState(filters=tuple(map(str, range(MOST_FILTERS)))).with_filter("new")) == MOST_FILTERS
