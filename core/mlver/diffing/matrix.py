"""Many versions -> a matrix: params, metrics and resources of each, side by side."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec.structs import replace

from mlver.comparing.leaves import joined
from mlver.comparing.metrics import measured_resources
from mlver.comparing.ordering import in_document_order
from mlver.comparing.side_by_side import groups_of, shared_leaves
from mlver.comparing.tokens import Tokens
from mlver.diffing.evaluation_data import evaluation_groups
from mlver.diffing.notebook import Notebook
from mlver.errors import BadArgument, MlverError
from mlver.model.change import MISSING
from mlver.model.manifest import Manifest
from mlver.model.matrix import MOST_VERSIONS, UNREAD, Area, Matrix, MatrixColumn, MatrixRow
from mlver.model.metric import Metric
from mlver.model.noise import NoisePatterns
from mlver.model.version import Version, VersionRow
from mlver.progress import Progress, Report, ShouldStop, never, silent

MOST_ROWS = 20_000
"""Of one area; with 50 versions that is a million cells."""


def compare_many(
    rows: Sequence[VersionRow],
    read: Callable[[VersionRow], Version],
    *,
    base: VersionRow | None = None,
    report: Report = silent,
    should_stop: ShouldStop = never,
) -> Matrix:
    """The versions in their order, the base (the first one unless given) in front; one named twice stands there once.

    A version that cannot be read is a column of which nothing is known, and makes the matrix incomplete. `ignore`
    patterns of any version count for all of them.

    Raises:
        BadArgument: no version, or more than 50.
        Interrupted: the user stopped it.
    """
    asked = list({row.key: row for row in ([base] if base else []) + list(rows)}.values())
    if not asked:
        raise BadArgument("no version to compare", hint="name some, or mark them")
    if len(asked) > MOST_VERSIONS:
        raise BadArgument(f"{len(asked)} versions: a matrix holds at most {MOST_VERSIONS}", hint="name fewer of them")
    notebook = Notebook(should_stop)
    manifests = _read_all(asked, read, notebook, report)
    columns = [_column(row, place, manifests[place]) for place, row in enumerate(asked)]
    sides = [one if isinstance(one, Manifest) else None for one in manifests]
    report(Progress(doing="comparing params"))
    found = [row for part in _areas(sides) for row in _first_ones(part, notebook)]
    return Matrix(
        columns=tuple(columns),
        rows=tuple(found),
        evaluations=evaluation_groups(sides),
        notes=tuple(notebook.notes),
        complete=notebook.is_complete and not _unread(sides),
    )


def _read_all(
    rows: Sequence[VersionRow], read: Callable[[VersionRow], Version], notebook: Notebook, report: Report
) -> list[Manifest | MlverError]:
    found: list[Manifest | MlverError] = []
    for done, row in enumerate(rows):
        notebook.check()
        report(Progress(doing="reading versions", done=done, total=len(rows)))
        try:
            found.append(read(row).manifest)
        except MlverError as error:
            notebook.failed(f"{row.name or row.key} cannot be read", error)
            found.append(error)
    return found


def _column(row: VersionRow, place: int, read: Manifest | MlverError) -> MatrixColumn:
    return MatrixColumn(row=row, place=place, problem=read.message if isinstance(read, MlverError) else "")


def _first_ones(rows: Iterator[MatrixRow], notebook: Notebook) -> Iterator[MatrixRow]:
    """As many rows as a matrix shows of one area; that there are more is said."""
    for row in islice(rows, MOST_ROWS):
        notebook.check()
        yield row
    more = next(rows, None)
    if more is not None:
        notebook.is_complete = False
        notebook.note(f"only the first {MOST_ROWS} {more.area.value} are shown: there are more")


_Sides = Sequence[Manifest | None]
"""A manifest for each column; None: it cannot be read."""


def _areas(sides: _Sides) -> tuple[Iterator[MatrixRow], ...]:
    measured = [side.metrics if side else {} for side in sides]
    used = [measured_resources(side.resources, taken=_names(measured)) if side else {} for side in sides]
    return _params(sides), _outcomes(Area.METRICS, sides, measured), _outcomes(Area.RESOURCES, sides, used)


def _params(sides: _Sides) -> Iterator[MatrixRow]:
    tokens, unread = Tokens(), _unread(sides)
    noise = NoisePatterns(dict.fromkeys(pattern for side in sides if side for pattern in side.ignore))
    for leaf in shared_leaves([dict(side.params) if side else MISSING for side in sides]):
        row = MatrixRow(
            area=Area.PARAMS,
            path=leaf.labels,
            name=joined(leaf.labels),
            values=leaf.sides,
            groups=_known(groups_of(leaf.sides, tokens), unread),
        )
        # Only what differs can be noise, and most does not.
        is_noise = bool(noise) and row.is_different and noise.match(leaf.parts)
        yield replace(row, is_noise=True) if is_noise else row


def _outcomes(area: Area, sides: _Sides, measured: Sequence[Mapping[str, Metric]]) -> Iterator[MatrixRow]:
    unread = _unread(sides)
    primary = next((side.primary_metric for side in sides if side and side.primary_metric), None)
    for name in sorted(_names(measured), key=lambda name: name != primary):
        metrics = tuple(one.get(name) for one in measured)
        yield MatrixRow(
            area=area,
            path=(name,),
            name=name,
            values=tuple(metric.value if metric else MISSING for metric in metrics),
            groups=_known(_measured_groups(metrics), unread),
            metrics=metrics,
        )


def _names(measured: Sequence[Mapping[str, Metric]]) -> list[str]:
    order = list(measured[0])
    for other in measured[1:]:
        order = in_document_order(other, order)
    return order


def _measured_groups(metrics: Sequence[Metric | None]) -> tuple[int, ...]:
    """Measured 1 and 1.0 are the same number, as in a comparison of two; text, true and null are not numbers."""
    seen: dict[Hashable, int] = {}
    return tuple(seen.setdefault(_measured(metric), len(seen)) for metric in metrics)


def _measured(metric: Metric | None) -> Hashable:
    if metric is None:
        return ()
    value = metric.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return type(value), value
    return "nan" if value != value else value  # noqa: PLR0124 - NaN is the only value unlike itself


def _known(groups: tuple[int, ...], unread: Sequence[int]) -> tuple[int, ...]:
    return tuple(UNREAD if place in unread else group for place, group in enumerate(groups)) if unread else groups


def _unread(sides: _Sides) -> tuple[int, ...]:
    # By identity: to hold fifty manifests against None value by value would take longer than to compare their params.
    return tuple(place for place, side in enumerate(sides) if side is None)
