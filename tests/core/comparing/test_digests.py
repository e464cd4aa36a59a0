"""Digests of one scheme compare; those of two say nothing of each other."""

from __future__ import annotations

import pytest

from mlver.comparing.digests import OTHER_SCHEME, by_digest, kind_by_digest
from mlver.model.change import MISSING, Kind, Missing


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("a" * 64, "a" * 64, Kind.SAME),
        ("a" * 64, "b" * 64, Kind.CHANGED),
        ("md5:" + "a" * 32, "md5:" + "b" * 32, Kind.CHANGED),
        ("md5-dos2unix:" + "a" * 32, "md5:" + "b" * 32, Kind.UNKNOWN),
        ("md5-dos2unix:" + "a" * 32, "md5:" + "a" * 32, Kind.UNKNOWN),
        ("git:" + "a" * 40, "a" * 64, Kind.UNKNOWN),
        (None, "a" * 64, Kind.UNKNOWN),
        (MISSING, "a" * 64, Kind.ADDED),
        ("md5:" + "a" * 32, MISSING, Kind.REMOVED),
    ],
)
def test_what_two_digests_say(before: str | Missing | None, after: str | Missing | None, kind: Kind) -> None:
    assert kind_by_digest(before, after) is kind


def test_a_change_of_the_scheme_is_named_and_is_no_change_of_the_data() -> None:
    leaf = by_digest("data", "md5-dos2unix:" + "a" * 32, "md5:" + "b" * 32, "3 files")

    assert leaf.kind is Kind.UNKNOWN
    assert leaf.note == f"3 files, {OTHER_SCHEME}"
