"""A version of a repository where nobody has said which file is what: names do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from msgspec.structs import replace

from mlver.manifests.metrics import MOST_METRICS
from mlver.model.data import Data
from mlver.model.manifest import Manifest
from mlver.model.roles import Role, role_of
from mlver.sources.commits import Commits
from mlver.sources.merging import merged_metrics, merged_params, telling_first
from mlver.sources.plain.blobs import blob_facts, content_of, regular
from mlver.sources.plain.documents import documents
from mlver.sources.plain.noting import Notes
from mlver.sources.plain.outputs import artifacts_of, data_of
from mlver.sources.survey import OTHERS_LISTED, Survey
from mlver.store.repository import TreeFile

MOST_FILES = 300
"""Files of params, and of metrics, that are read."""

_TABLE_LIMIT = 64 << 10
_WHOLE = "all_results.json"
_PARTS = ("train_results.json", "eval_results.json", "test_results.json", "predict_results.json")


def by_name(commits: Commits, place: str, survey: Survey, base: Manifest, notes: Notes) -> Manifest:
    """The version as the names of its files tell it."""
    if len(survey.others) >= OTHERS_LISTED:
        notes.others.append(
            f"only the first {OTHERS_LISTED} files that are no config, table, weights or code were looked at: "
            "data sets and large files may be missing; where a mlver.yaml names data and outputs all of them are found"
        )
    files = files_by_role(survey)
    asked = _nearest(files[Role.PARAMS], "params", notes)
    read = documents(commits, asked, notes)
    params = {path: document.data for path, document in read.items() if document.data is not None}
    return replace(
        base,
        unread=tuple(file.path for file in asked if file.path not in read),
        params=merged_params(params),
        params_from=dict.fromkeys(params),
        metrics=telling_first(merged_metrics(_measured(commits, files, notes))),
        data=data_of(commits, place, files[Role.DATA], notes),
        artifacts=artifacts_of(commits, survey, files[Role.OUTPUT], notes),
    )


def files_by_role(survey: Survey) -> Mapping[Role, list[TreeFile]]:
    """The files of a commit by what they may be; every role is there."""
    found: dict[Role, list[TreeFile]] = {role: [] for role in Role}
    for file in regular((*survey.telling, *survey.others)):
        role = role_of(file.path)
        if role:
            found[role].append(file)
    return found


def _data_of(commits: Commits, files: Iterable[TreeFile], notes: Notes) -> dict[str, Data]:
    """Path -> data; an empty document says nothing."""
    found = {path: document.data for path, document in documents(commits, files, notes).items()}
    return {path: data for path, data in found.items() if data is not None}


def _nearest(files: list[TreeFile], what: str, notes: Notes) -> list[TreeFile]:
    """Those nearest to the top, when there are too many."""
    files = sorted(files, key=lambda file: (file.path.count("/"), file.path))
    if len(files) > MOST_FILES:
        notes.others.append(f"{len(files)} files of {what}: the {MOST_FILES} nearest to the top were read")
    return files[:MOST_FILES]


def _measured(commits: Commits, files: Mapping[Role, list[TreeFile]], notes: Notes) -> dict[str, Data]:
    """Path -> what was measured."""
    found = _data_of(commits, _nearest(_not_in_parts(files[Role.METRICS]), "metrics", notes), notes)
    for file in files[Role.TABLE]:
        row = _only_row(commits, file)
        if row:
            found[file.path] = row
    for path in [path for path, data in found.items() if _has_more_leaves(data, MOST_METRICS)]:
        notes.others.append(f"{path}: holds more than {MOST_METRICS} values, and so no metrics")
        del found[path]
    return found


def _not_in_parts(files: list[TreeFile]) -> list[TreeFile]:
    """Without the files whose content stands in an all_results.json beside them too."""
    whole = {file.path.rpartition("/")[0] for file in files if file.path.rpartition("/")[2] == _WHOLE}
    return [
        file for file in files if not (file.path.rpartition("/")[0] in whole and file.path.rpartition("/")[2] in _PARTS)
    ]


def _only_row(commits: Commits, file: TreeFile) -> dict[str, Data] | None:
    """The row of a table that has one; None: it has more, or is no table."""
    size = blob_facts(commits, file.id).size
    if size is None or size > _TABLE_LIMIT:
        return None
    text = content_of(commits, file.id, file.path, _TABLE_LIMIT).decode("utf-8-sig", "replace")
    try:
        rows = list(islice(csv.reader(io.StringIO(text)), 3))
    except csv.Error:
        return None
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):  # noqa: PLR2004 - the head and one row
        return None
    return {name.strip(): _cell(value.strip()) for name, value in zip(*rows, strict=True) if name.strip()}


def _cell(text: str) -> Data:
    for kind in (int, float) if "_" not in text else ():  # which Python takes for a space in a number
        try:
            return kind(text)
        except ValueError:
            continue
    return text or None


def _has_more_leaves(data: Data, limit: int) -> bool:
    return sum(1 for _ in islice(_scalars(data), limit + 1)) > limit


def _scalars(data: Data) -> Iterator[Data]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _scalars(value)
    elif not isinstance(data, list):
        yield data
