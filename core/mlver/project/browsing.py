"""BrowsedProject: what can be asked of versions. Nothing here writes into the repository or starts a program of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mlver.model.live import Live
from mlver.model.source_names import MLFLOW, NATIVE
from mlver.model.status import Status
from mlver.model.version import VersionRow
from mlver.progress import Report, ShouldStop, never, silent
from mlver.project.listing import ListedProject

if TYPE_CHECKING:
    from mlver.diffing.byte_pair import BytePair
    from mlver.diffing.which import Search
    from mlver.model.between import Between
    from mlver.model.comparison import AnswersCompared, Comparison
    from mlver.model.curve import Curve
    from mlver.model.matrix import Matrix
    from mlver.model.note import Notes
    from mlver.model.param_history import ParamHistory
    from mlver.model.replay import ReplayRecord
    from mlver.model.text_diff import TextDiff

_OPENED = 64 << 20
"""Bytes of a file that is opened in a program of the user's."""


class BrowsedProject(ListedProject):
    """Versions that are looked into and held against each other; to be read by one thread at a time."""

    def between(self, one: VersionRow, other: VersionRow) -> Between | None:
        """What lies between two versions; None: neither is known to descend from the other."""
        from mlver.model.between import between

        listing = self._listing or self.remembered()
        rows = {row.key: row for row in (*listing.rows, *listing.kin)}
        return between(one, other, lambda key: rows.get(key or ""))

    def param_history(self, row: VersionRow, labels: Sequence[str], *, ignore: tuple[str, ...] = ()) -> ParamHistory:
        """What a param (its labels in a change tree) was in the versions of that row's model, and the metric with each.

        `ignore`: patterns of keys that are noise.
        """
        notes = self._notes.read() if self._notes else None
        return self._param_values.history(self._listing or self.remembered(), row, labels, ignore, notes)

    def replays_of(self, row: VersionRow) -> tuple[ReplayRecord, ...]:
        """The records of the version's replays, newest first."""
        if row.source == MLFLOW:
            return ()
        from mlver.replays.records import replays_of

        return replays_of(self._repository, row.commit)

    def notes_of(self, row: VersionRow) -> Notes:
        """What was written about the version, the oldest first."""
        from mlver.model.note import NO_NOTES

        return NO_NOTES if row.source == MLFLOW or self._notes is None else self._notes.of(row)

    def compare(
        self, before: VersionRow, after: VersionRow, *, report: Report = silent, should_stop: ShouldStop = never
    ) -> Comparison:
        """What differs between two versions. Raises Interrupted when stopped."""
        from mlver.comparing.seed_spread import seed_spread
        from mlver.diffing.sourced import SourcedContents
        from mlver.diffing.versions import compare_versions
        from mlver.diffing.why import explained

        made = compare_versions(
            self.version(before),
            self.version(after),
            SourcedContents(self._histories.source_of),
            report=report,
            should_stop=should_stop,
        )
        listing = self._listing or self.remembered()
        made = replace(made, spread=seed_spread(before, after, (*listing.rows, *listing.kin)))
        return replace(made, why=explained(made))

    def compare_unopened(
        self, before: VersionRow, after: VersionRow, *, report: Report = silent, should_stop: ShouldStop = never
    ) -> Comparison:
        """Params, code and environment alone, which is quicker than `compare`. Raises Interrupted when stopped."""
        from mlver.diffing.sourced import SourcedContents
        from mlver.diffing.versions import compare_unopened

        contents = SourcedContents(self._histories.source_of)
        return compare_unopened(
            self.version(before), self.version(after), contents, report=report, should_stop=should_stop
        )

    def compare_flips(
        self, before: VersionRow, after: VersionRow, *, report: Report = silent, should_stop: ShouldStop = never
    ) -> AnswersCompared:
        """The predictions of two versions alone, which is quicker than `compare`. Raises Interrupted when stopped."""
        from mlver.diffing.predictions import compare_flips
        from mlver.diffing.sourced import SourcedContents

        contents = SourcedContents(self._histories.source_of)
        return compare_flips(
            self.version(before), self.version(after), contents, report=report, should_stop=should_stop
        )

    def matrix(
        self,
        rows: Sequence[VersionRow],
        *,
        base: VersionRow | None = None,
        report: Report = silent,
        should_stop: ShouldStop = never,
    ) -> Matrix:
        """Versions side by side, held against the base (the first). Raises BadArgument beyond 50, Interrupted."""
        from mlver.diffing.matrix import compare_many

        return compare_many(rows, self.version, base=base, report=report, should_stop=should_stop)

    def text_diff(self, before: VersionRow, after: VersionRow, path: str, *, whole: bool = False) -> TextDiff:
        """An output's or a code file's diff; a side without it is empty; `whole`: all lines. Raises ObjectMissing."""
        from mlver.diffing.text_sides import compared_texts

        sides = self.version(before), self.version(after)
        return compared_texts(self._histories.source_of, *sides, path, whole=whole)

    def uncommitted_diff(self, row: VersionRow, path: str, *, whole: bool = False) -> TextDiff:
        """The same from the commit that a run stood on to what ran."""
        from mlver.diffing.text_sides import uncommitted_texts

        return uncommitted_texts(self._histories.source_of, self.version(row), path, whole=whole)

    def content(self, row: VersionRow, path: str) -> Path | bytes:
        """A declared output of the version, or a file of its snapshot: where it lies, or its bytes.

        Raises ObjectMissing for an output that is not present here, FileNotFoundInVersion, LimitReached.
        """
        from mlver.diffing.sourced import content_of

        return content_of(self._histories.source_of(row), self.version(row), path)

    def files(self, row: VersionRow) -> tuple[str, ...]:
        """The paths of a version's outputs, then of its code. Raises StoreFailed when the code is not here."""
        outputs = (one.path for one in self.version(row).manifest.artifacts)
        return tuple(dict.fromkeys((*outputs, *self._histories.source_of(row).files(row.commit))))

    def file(self, row: VersionRow, path: str) -> bytes:
        """The bytes of an output or a file of the code, 64 MB at most. Raises as `content`."""
        from mlver.formats.blob import Blob

        return Blob(self.content(row, path)).read(_OPENED)

    def byte_pair(self, before: VersionRow, after: VersionRow, path: str) -> BytePair:
        """The file of both versions, open to be looked at byte by byte; to be closed by the caller.

        Raises as `content` does.
        """
        from mlver.diffing.byte_pair import BytePair
        from mlver.formats.blob import Blob

        return BytePair.open(*(Blob(self.content(row, path)) for row in (before, after)))

    def curves(self, row: VersionRow) -> tuple[Curve, ...]:
        """The recorded curves of a version; empty when it has none."""
        return self._histories.source_of(row).curves(row.commit)

    def live(self, row: VersionRow) -> Live | None:
        """What a version that is being made has shown so far; None: nobody is making it.

        Of a run recorded here it is what its steps have written until now; of another tool's, what its store holds.
        """
        if row.source != NATIVE:
            return Live(curves=self.curves(row)) if row.status is Status.RUNNING else None
        from mlver.recording.watching import watch

        if row.commit not in self._drafts:
            self._drafts[row.commit] = self.version(row).manifest
        return watch(self._repository, self._drafts[row.commit])

    def log(self, row: VersionRow) -> bytes:
        """The tail of the log of a run, secrets masked; empty when none was kept."""
        return self._histories.source_of(row).log(row.commit)

    def which(self, path_or_digest: str) -> Search:
        """The versions that hold a file's content: which version is this file of?

        Raises BadArgument when it is neither a readable file nor a digest of at least 8 digits.
        """
        from mlver.diffing.sourced import SourcedContents
        from mlver.diffing.which import digests_of, which

        contents = SourcedContents(self._histories.source_of)
        return which(self.refresh().rows, digests_of(path_or_digest), read=self.version, contents=contents)
