from __future__ import annotations

from mlver.catalogue.naming import RELEASE_TAG, releases_by_commit

COMMIT = "1" * 40


def test_the_highest_release_comes_first() -> None:
    tags = {f"digits@{name}": COMMIT for name in ("v1.9.0", "v1.10.0", "v1.10.0-rc.1", "v0.1.0")}

    assert releases_by_commit(tags) == {(COMMIT, "digits"): ("v1.10.0", "v1.10.0-rc.1", "v1.9.0", "v0.1.0")}


def test_two_models_share_a_commit() -> None:
    found = releases_by_commit({"digits@v1.0.0": COMMIT, "team/parity@v2.0.0": COMMIT})

    assert found == {(COMMIT, "digits"): ("v1.0.0",), (COMMIT, "team/parity"): ("v2.0.0",)}


def test_other_tags_are_no_releases() -> None:
    assert not RELEASE_TAG.fullmatch("v1.0.0")
    assert not RELEASE_TAG.fullmatch("Digits@v1.0.0")
    assert not RELEASE_TAG.fullmatch("digits@v1.0.0!")
    assert not RELEASE_TAG.fullmatch("digits#production#1")
