from __future__ import annotations

import pytest

from mlver.catalogue.finding import find_row
from mlver.errors import VersionAmbiguous, VersionNotFound
from mlver.model.status import Status
from mlver.model.version import VersionRow


def row(model: str, recipe: str, ordinal: int = 1, **more: object) -> VersionRow:
    run = f"r{recipe[:8]}-aaaaa{ordinal}"
    return VersionRow(
        key=f"runs/{model}/{run}",
        source="native",
        ref=f"refs/mlver/runs/{model}/{run}",
        commit=f"{ordinal}{recipe}".ljust(40, "0"),
        model=model,
        run=run,
        name=f"{recipe[:8]}.{ordinal}",
        recipe="sha256:" + recipe.ljust(64, "0"),
        **more,  # type: ignore[arg-type]
    )


OLD = row("digits", "abcdef12")
NEW = row("digits", "abcdef12", 2, parent=OLD.key, names=("v1.0.0",))
OTHER = row("parity", "12345678", status=Status.FAILED)
ROWS = (OTHER, NEW, OLD)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("abcdef12.2", NEW),
        ("v1.0.0", NEW),
        ("digits@v1.0.0", NEW),
        ("digits@latest", NEW),
        ("latest", NEW),
        ("latest^", OLD),
        ("rabcdef12-aaaaa1", OLD),
        ("1234", OTHER),
        ("parity/12345678.1", OTHER),
        ("refs/mlver/runs/parity/r12345678-aaaaa1", OTHER),
        ("1abcdef", OLD),
    ],
)
def test_words_mean_a_version(text: str, meant: VersionRow) -> None:
    assert find_row(ROWS, text) is meant


def test_a_shared_beginning_is_ambiguous_and_names_the_choices() -> None:
    with pytest.raises(VersionAmbiguous) as caught:
        find_row(ROWS, "abcdef12")

    assert "digits@abcdef12.1" in caught.value.hint


def test_a_typo_is_told_the_nearest() -> None:
    with pytest.raises(VersionNotFound) as caught:
        find_row(ROWS, "abcdef21.2")

    assert caught.value.hint == "did you mean 'abcdef12.2'?"


def test_three_digits_are_too_few() -> None:
    with pytest.raises(VersionNotFound):
        find_row(ROWS, "123")


def test_the_parent_of_the_first_is_nobody() -> None:
    with pytest.raises(VersionNotFound):
        find_row(ROWS, "latest^^")


def test_latest_is_never_a_failed_run() -> None:
    with pytest.raises(VersionNotFound):
        find_row((OTHER,), "latest")
