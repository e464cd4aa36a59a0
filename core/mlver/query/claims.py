"""What `is:` can claim of a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlver.model.attention import Company, held_against
from mlver.model.filtering import Around
from mlver.model.status import Status
from mlver.model.version import VersionRow


@dataclass(frozen=True, slots=True)
class Claim:
    """One word behind `is:`."""

    help: str
    holds: Callable[[VersionRow, Around], bool]


def _is_worth(row: VersionRow, around: Around) -> bool:
    company = around.company or Company((row,))
    return company.is_worth_a_look(row, held_against(row, around.base, around.find))


CLAIMS: Mapping[str, Claim] = {
    "marked": Claim("marked with space, in the explorer", lambda row, around: row.key in (around.marked or ())),
    "dirty": Claim("the code was not what its commit holds", lambda row, _around: row.is_dirty),
    "broken": Claim("it cannot be read", lambda row, _around: row.is_broken),
    "promoted": Claim("it holds a stage", lambda row, _around: bool(row.stages)),
    "running": Claim(
        "its recording is under way, or a store says so",
        lambda row, _around: row.is_running or row.status is Status.RUNNING,
    ),
    "worth": Claim(
        "worth a look: worse than base or parent, broken, failed, dirty, another result than its replay or twin, "
        "best but never replayed",
        _is_worth,
    ),
}
