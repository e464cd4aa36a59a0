"""Which note speaks of a param."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mlver.model.change import MISSING, Missing
from mlver.model.data import Data
from mlver.model.note import Note, Notebook, Notes
from mlver.model.version import VersionRow
from mlver.notes.speaking import newest_about

ROWS = [
    VersionRow(key=f"k{number}", source="plain", ref="", commit=f"{number:040x}", model="digits") for number in (1, 2)
]


def book_of(*texts: str) -> Notebook:
    """A note after the other, on the two versions in turn."""
    notes: dict[str, tuple[Note, ...]] = {row.commit: () for row in ROWS}
    for number, text in enumerate(texts):
        commit = ROWS[number % 2].commit
        note = Note(id=f"n{number}", commit=commit, written=f"2026-11-21T10:0{number}:00.000Z", text=text)
        notes[commit] = (*notes[commit], note)
    return Notebook(by_commit={commit: Notes(notes=found) for commit, found in notes.items()})


def told(text: str, labels: Sequence[str] = ("optimiser", "lr"), value: Data | Missing = 0.03) -> bool:
    return newest_about(book_of(text), ROWS, labels, value) is not None


@pytest.mark.parametrize(
    "text",
    ["lr was too high", "optimiser.lr matters", "LR: 3 tried", "0.03 was best of the sweep", "best at 0.03.", "(0.03)"],
)
def test_a_note_that_names_the_param_or_its_value_speaks_of_it(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize("text", ["all right", "10.03 seconds", "0.035 is worse", "clr", "model.lr.decay", "lr_decay"])
def test_a_word_within_another_says_nothing(text: str) -> None:
    assert not told(text)


def test_short_values_say_nothing_and_a_param_that_is_not_set_has_none() -> None:
    assert not told("16 images", ("model", "hidden"), 16)
    assert not told("None of it", ("model", "hidden"), None)
    assert not told("MISSING", ("model", "hidden"), MISSING)
    assert told("relu again", ("model", "activation"), "relu")


def test_names_that_are_patterns_are_looked_for_as_they_are() -> None:
    assert told("layers.* again", ("a", "layers.*"))
    assert not told("layersss", ("a", "layers.*"))


def test_an_item_of_a_list_goes_by_the_name_of_the_list() -> None:
    assert told("fewer layers", ("layers", "[0]"), 64)
    assert not told("see [0]", ("layers", "[0]"), 64)


def test_the_newest_of_all_versions_is_told() -> None:
    book = book_of("lr 0.1", "lr 0.03", "nothing", "lr 0.3")

    found = newest_about(book, ROWS, ("optimiser", "lr"))

    assert found is not None
    assert found.text == "lr 0.3"


def test_versions_that_are_not_asked_about_say_nothing() -> None:
    assert newest_about(book_of("other", "lr 0.03"), ROWS[:1], ("optimiser", "lr")) is None
