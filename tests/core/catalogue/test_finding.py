from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.catalogue.finding import find_row, row_on_commit
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
NEW = row("digits", "abcdef12", 2, parent=OLD.key, names=("v1.0.0",), stages=("production",))
OTHER = row("parity", "12345678", status=Status.FAILED)
ROWS = (OTHER, NEW, OLD)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("abcdef12.2", NEW),
        ("v1.0.0", NEW),
        ("digits@v1.0.0", NEW),
        ("production", NEW),
        ("digits@production^", OLD),
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


def test_what_is_spelled_like_nothing_is_told_what_begins_with_its_letters() -> None:
    with pytest.raises(VersionNotFound) as caught:
        find_row(ROWS, "v9")

    assert caught.value.hint == "did you mean 'v1.0.0'?"


def test_three_digits_are_too_few() -> None:
    with pytest.raises(VersionNotFound):
        find_row(ROWS, "123")


def test_the_parent_of_the_first_is_nobody() -> None:
    with pytest.raises(VersionNotFound):
        find_row(ROWS, "latest^^")


def test_latest_is_never_a_failed_run() -> None:
    with pytest.raises(VersionNotFound):
        find_row((OTHER,), "latest")


def test_a_commit_means_the_plainest_newest_run_whose_code_stood_on_it() -> None:
    commit = "c" * 40
    swept = row("digits", "11111111", code_commit=commit, has_overrides=True, created=9.0)
    plain = row("digits", "22222222", code_commit=commit, created=5.0)
    older = row("digits", "33333333", code_commit=commit, created=1.0)

    assert row_on_commit((swept, plain, older), commit) == plain
    assert row_on_commit((swept,), commit) == swept
    assert row_on_commit((swept, plain), swept.commit) == swept
    assert row_on_commit(ROWS, commit) is None


def test_versions_of_one_name_in_one_model_are_told_apart_by_their_ids() -> None:
    first, second = (row("digits", recipe, names=("a",)) for recipe in ("11111111", "22222222"))
    first, second = (replace(one, name="a") for one in (first, second))

    with pytest.raises(VersionAmbiguous) as caught:
        find_row((first, second), "a")

    assert caught.value.hint == f"one of {first.run}, {second.run}"


def test_a_registered_version_is_called_by_its_number_too() -> None:
    houses = row("house-prices", "11111111", names=("houses@v1", "lr-0.1"))

    assert find_row((houses,), "v1") == find_row((houses,), "houses@v1") == houses
