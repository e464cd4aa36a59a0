from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.comparing.environments import (
    compare_environments,
    compare_hardware,
    compare_packages,
    compare_seeds,
)
from mlver.comparing.versions import jump_note
from mlver.model.change import Change, Kind
from mlver.model.manifest import EnvironmentFacts, Gpu, HardwareFacts, LockFacts

KNOWN = EnvironmentFacts(digest="x", python="3.11.7", implementation="CPython", os="Linux")
MACHINE = HardwareFacts(cpu="one", cores=2, cpu_features=("avx2", "fma"), ram_bytes=8 << 30)


def locked(sha256: str | None) -> LockFacts:
    return LockFacts(path="a.lock", sha256=sha256)


def kinds(change: Change) -> dict[str, Kind]:
    return {child.label: child.kind for child in change.children if child.kind is not Kind.SAME}


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("1.26.4", "2.4.6", "major"), ("2.4.6", "1.26.4", "major down"), ("1.2", "1.3.0", "minor"),
        ("1.2.3", "1.2.10", "patch"), ("1.2.3.4", "1.2.3.5", "patch"), ("1!1.0", "2.0", "major down"),
        ("2024a", "2025b", "major"), ("v1.2", "v1.3", "minor"),
        ("1.0rc1", "1.0", "pre-release"), ("1.0", "1.0.dev3", "pre-release down"),
        ("1.0a1.dev2", "1.0a1", "pre-release"),
        ("1.0a2", "1.0-alpha.1", "pre-release down"), ("1.0.post1", "1.0.dev1", "pre-release down"),
        ("1.0", "1.0.post1", "post-release"), ("1.0-2", "1.0.post1", "post-release down"),
        ("2.4.0+cpu", "2.4.0+cu121", "local build"), ("1.0+g0123456789abcdef0123", "1.0", "local build"),
        ("1.0", "1.0.0", "spelling"), ("1.0RC1", "1.0c1", "spelling"), ("1.0 built", "1.0 rebuilt", "suffix"),
        ("main", "dev", "changed"), ("1" * 5000, "2", "changed"), ("", "1", "changed"),
    ],
)  # fmt: skip
def test_the_note_of_a_package_says_which_part_moved(before: str, after: str, note: str) -> None:
    assert jump_note(before, after) == note


def test_packages_are_matched_by_their_normalised_names() -> None:
    change = compare_packages(
        {"Typing_Extensions": "4.1", "numpy": "1.0", "old": "1"},
        {"typing-extensions": "4.1", "numpy": "1.1", "new": "1"},
    )

    assert kinds(change) == {"new": Kind.ADDED, "numpy": Kind.CHANGED, "old": Kind.REMOVED}
    assert change.kind is Kind.CHANGED


def test_packages_that_one_side_did_not_record_are_unknown() -> None:
    assert compare_packages(None, {"numpy": "1"}).kind is Kind.UNKNOWN
    assert compare_packages({}, None).kind is Kind.UNKNOWN
    assert compare_packages(None, None).kind is Kind.SAME
    assert compare_packages({}, {}).kind is Kind.SAME


def test_what_one_side_does_not_know_is_unknown_not_changed() -> None:
    change = compare_environments(KNOWN, EnvironmentFacts(), (None, None))

    assert kinds(change) == {"python": Kind.UNKNOWN, "implementation": Kind.UNKNOWN, "os": Kind.UNKNOWN}
    assert change.kind is Kind.UNKNOWN


def test_settings_are_compared_one_by_one() -> None:
    after = replace(KNOWN, variables={"PYTHONHASHSEED": "0"}, threads={"OMP_NUM_THREADS": "1"})

    change = compare_environments(KNOWN, after, ({}, {}))

    assert kinds(change) == {"variables": Kind.CHANGED, "threads": Kind.CHANGED}
    assert change.count().added == 2


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, None, Kind.SAME),
        (locked("1"), locked("1"), Kind.SAME),
        (locked("1"), locked("2"), Kind.CHANGED),
        (locked(None), locked("2"), Kind.UNKNOWN),
        (None, locked("2"), Kind.ADDED),
        (locked("1"), None, Kind.REMOVED),
    ],
)
def test_a_lock_is_compared_by_its_digest(before: LockFacts | None, after: LockFacts | None, kind: Kind) -> None:
    change = compare_environments(replace(KNOWN, lock=before), replace(KNOWN, lock=after), ({}, {}))

    assert kinds(change).get("lock", Kind.SAME) is kind


def test_a_container_on_one_side_is_a_change_where_the_other_recorded_its_environment() -> None:
    boxed = replace(KNOWN, container="image@sha256:1")

    assert kinds(compare_environments(KNOWN, boxed, ({}, {}))) == {"container": Kind.ADDED}
    assert kinds(compare_environments(EnvironmentFacts(), boxed, ({}, {})))["container"] is Kind.UNKNOWN


def test_the_order_of_cpu_features_says_nothing() -> None:
    assert compare_hardware(MACHINE, replace(MACHINE, cpu_features=("fma", "avx2"))).kind is Kind.SAME
    assert kinds(compare_hardware(MACHINE, replace(MACHINE, cpu_features=("fma",)))) == {"cpu features": Kind.CHANGED}


def test_some_pages_of_memory_are_no_change() -> None:
    assert compare_hardware(MACHINE, replace(MACHINE, ram_bytes=(8 << 30) + 4096)).kind is Kind.SAME


def test_graphics_processors_are_compared_when_the_machine_is_known() -> None:
    with_gpu = replace(MACHINE, gpus=(Gpu(name="big", memory_bytes=1),))

    assert kinds(compare_hardware(MACHINE, with_gpu)) == {"gpus": Kind.CHANGED}
    assert kinds(compare_hardware(HardwareFacts(), with_gpu))["gpus"] is Kind.UNKNOWN
    assert compare_hardware(HardwareFacts(), HardwareFacts()).kind is Kind.SAME


def test_seeds_keep_their_types() -> None:
    assert compare_seeds({"numpy": 1}, {"numpy": "1"}).kind is Kind.CHANGED
    assert compare_seeds({"numpy": 1}, {}).count().removed == 1
    assert compare_seeds({}, {}).kind is Kind.SAME
