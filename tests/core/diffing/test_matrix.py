"""Many versions side by side: what differs, what is noise, what is not known, and what is too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from mlver.diffing import matrix as module
from mlver.diffing.matrix import compare_many
from mlver.errors import BadArgument, Interrupted, ManifestInvalid
from mlver.model.change import MISSING, Kind
from mlver.model.data import Data
from mlver.model.manifest import DataFacts, FileFact, Manifest, Resources, StepFacts
from mlver.model.matrix import Area, Matrix, MatrixRow
from mlver.model.metric import Judgement, Metric
from mlver.model.version import Version, VersionRow
from mlver.progress import Progress
from tests.support.manifests import ACCURACY, training, version

BROKEN = ManifestInvalid("metrics is a list", name="version.yaml", line=3)


def versions(*manifests: Manifest) -> list[Version]:
    """One version of each manifest, named v0, v1, ..."""
    found = [version(replace(one, run=f"r{place}")) for place, one in enumerate(manifests)]
    return [replace(one, row=replace(one.row, name=f"v{place}")) for place, one in enumerate(found)]


def matrix(*manifests: Manifest, base: int | None = None, broken: int | None = None, **more: Any) -> Matrix:
    made = versions(*manifests)
    by_key = {one.row.key: one for one in made}

    def read(row: VersionRow) -> Version:
        if broken is not None and row.key == made[broken].row.key:
            raise BROKEN
        return by_key[row.key]

    return compare_many([one.row for one in made], read, base=None if base is None else made[base].row, **more)


def with_params(*params: Mapping[str, Data], **more: Any) -> list[Manifest]:
    return [training(params=one, metrics={}, **more) for one in params]


def row(found: Matrix, name: str) -> MatrixRow:
    return next(one for one in found.rows if one.name == name)


def test_int_float_text_null_and_missing_are_five_values() -> None:
    found = row(matrix(*with_params({"a": 1}, {"a": 1.0}, {"a": "1"}, {"a": None}, {}, {"a": 1})), "a")

    assert found.values == (1, 1.0, "1", None, MISSING, 1)
    assert len(set(found.groups)) == 5
    assert [found.kind(column) for column in range(6)] == [
        Kind.SAME, Kind.CHANGED, Kind.CHANGED, Kind.CHANGED, Kind.REMOVED, Kind.SAME,
    ]  # fmt: skip


def test_only_rows_that_differ_are_shown_unless_all_are_asked_for() -> None:
    found = matrix(*with_params({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}, {"a": 1, "b": {"c": 2}}))

    assert [one.name for one in found.shown(everything=False)] == ["b.c"]
    assert [one.name for one in found.shown(everything=True)] == ["a", "b.c"]
    assert found.is_different


def test_the_base_stands_first_and_may_be_changed_without_reading_again() -> None:
    manifests = with_params({"a": 1}, {"a": 2}, {})
    found = matrix(*manifests, base=1)

    assert [column.row.name for column in found.columns] == ["v1", "v0", "v2"]
    turned = found.with_base(found.columns[2].row.key)
    assert [column.row.name for column in turned.columns] == ["v2", "v1", "v0"]
    assert [row(turned, "a").kind(column) for column in range(3)] == [Kind.SAME, Kind.ADDED, Kind.ADDED]
    assert turned.with_base(found.base.key) == found
    assert found.with_base("nothing") is found


def test_it_is_known_which_versions_were_measured_on_the_same_data() -> None:
    sets = [
        training(data=(DataFacts(name="eval", path="data/eval.csv", role="eval", checksum=digest),))
        for digest in ("sha256:1", "sha256:2", "sha256:1", None, "md5:1")
    ]
    read = training(steps=(StepFacts(name="evaluate", run="x", inputs=(FileFact(path="data/e.csv", sha256="1"),)),))

    found = matrix(*sets, read, training(data=()), base=2)

    def told(one: Matrix) -> dict[str | None, bool | None]:
        return {column.row.name: one.is_measured_alike(place) for place, column in enumerate(one.columns)}

    unknown = dict.fromkeys(("v3", "v6"))
    assert told(found) == {"v0": True, "v1": False, "v2": True, "v4": None, "v5": False, **unknown}
    assert told(found.with_base(found.columns[2].row.key)) == {
        "v0": False, "v1": True, "v2": False, "v4": None, "v5": False, **unknown,
    }  # fmt: skip


def test_metrics_are_judged_against_the_base_by_goal_and_tolerance() -> None:
    def with_accuracy(value: float | None) -> Manifest:
        return training(metrics={"loss": Metric(value=1), "accuracy": Metric(value=value, meaning=ACCURACY)})

    found = matrix(*map(with_accuracy, (0.9, 0.95, 0.8, 0.903, None)), training(metrics={"loss": Metric(value=1.0)}))
    accuracy = row(found, "accuracy")

    assert [one.name for one in found.rows if one.area is Area.METRICS] == ["accuracy", "loss"]
    assert [delta.judgement for column in range(1, 6) if (delta := accuracy.delta(column))] == [
        Judgement.BETTER, Judgement.WORSE, Judgement.SAME, Judgement.UNKNOWN, Judgement.UNKNOWN,
    ]  # fmt: skip
    assert accuracy.groups[4] != accuracy.groups[5]
    assert not row(found, "loss").is_different


def test_what_a_run_used_stands_last_and_alone_is_no_difference() -> None:
    found = matrix(*(training(resources=Resources(wall_s=seconds, cpu_s=1)) for seconds in (1.0, 2.0, 3.0)))

    assert [(one.area, one.name) for one in found.rows[-2:]] == [(Area.RESOURCES, "wall_s"), (Area.RESOURCES, "cpu_s")]
    assert [one.name for one in found.shown(everything=False)] == ["wall_s"]
    assert not found.is_different


def test_noise_of_any_version_is_hidden_and_marked() -> None:
    params: list[dict[str, Data]] = [{"run_name": text, "a": {"run_name": 1, "b": 2}} for text in "xyz"]
    first, *others = with_params(*params)
    found = matrix(first, replace(others[0], ignore=("**.run_name",)), others[1])

    assert row(found, "run_name").is_noise
    assert not row(found, "a.run_name").is_noise, "it is the same: there is nothing to hide"
    assert found.shown(everything=False) == ()
    assert not found.is_different


def test_a_version_that_cannot_be_read_is_unknown_and_said() -> None:
    found = matrix(*with_params({"a": 1, "b": 1}, {"a": 1}, {"a": 1, "b": 1}), broken=1)

    assert found.columns[1].problem == "version.yaml:3: metrics is a list"
    assert found.notes == ("v1 cannot be read: version.yaml:3: metrics is a list",)
    assert not found.complete
    assert not found.is_different
    assert row(found, "a").kind(1) is Kind.UNKNOWN


def test_more_than_fifty_versions_are_refused_and_one_named_twice_counts_once() -> None:
    with pytest.raises(BadArgument) as caught:
        matrix(*with_params(*({"a": number} for number in range(51))))

    assert caught.value.message == "51 versions: a matrix holds at most 50"
    assert len(matrix(*with_params(*({"a": number} for number in range(50))), base=0).columns) == 50


def test_rows_beyond_the_limit_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 3)

    exact, beyond = (matrix(*with_params(*[{f"k{n}": n for n in range(count)}] * 2)) for count in (3, 4))

    assert (exact.complete, exact.notes) == (True, ())
    assert [one.name for one in beyond.rows] == ["k0", "k1", "k2"]
    assert beyond.notes == ("only the first 3 params are shown: there are more",)
    assert not beyond.complete


def test_it_says_how_far_it_is_and_stops_when_it_should() -> None:
    told: list[Progress] = []
    matrix(training(), training(), report=told.append)

    assert [(one.done, one.total) for one in told if one.doing == "reading versions"] == [(0, 2), (1, 2)]
    with pytest.raises(Interrupted):
        matrix(training(), training(), should_stop=lambda: True)
