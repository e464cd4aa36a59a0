"""Project: a browsed project that also records and replays, when the user asks for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from mlver import __version__
from mlver.errors import MlverError, ReadOnly
from mlver.model.person import Person
from mlver.model.version import VersionRow
from mlver.progress import ShouldStop, never
from mlver.project.browsing import BrowsedProject

if TYPE_CHECKING:
    from mlver.model.note import Note
    from mlver.model.replay import ReplayPlan, ReplayRecord
    from mlver.recording.request import RunRequest
    from mlver.replay.planning import Here
    from mlver.replay.trust import Trust
    from mlver.running.events import RunEvent


class Project(BrowsedProject):
    """A git repository or an MLflow store; one thread may record or replay beside the one that reads."""

    def run(
        self, request: RunRequest, *, on_event: Callable[[RunEvent], None], should_stop: ShouldStop = never
    ) -> VersionRow:
        """Train and record; the row of the recorded run, which may be a failed or an interrupted one.

        Raises:
            RunRefused: nothing was started, nothing recorded.
        """
        from socket import gethostname

        from mlver.recording.recording import Desk, record

        desk = Desk(
            repository=self._repository,
            rows=self.refresh().rows,
            environment=self._environment,
            state=self._state,
            host=gethostname(),
            writer=f"mlver {__version__}",
        )
        key = record(desk, request, on_event=on_event, should_stop=should_stop)
        row = self.refresh().of(key)
        if row is None:
            raise MlverError("the recorded run cannot be found again", hint="look at it with: git log --all")
        with suppress(ReadOnly):  # then a replay asks, as for a stranger's version
            self._trust.remember(row.commit)
        return row

    def plan_replay(self, row: VersionRow) -> ReplayPlan:
        """What a replay of the version would do here. Writes nothing.

        Raises ReplayRefused for a version that mlver did not record.
        """
        from mlver.replay.planning import check_recorded, plan_replay

        check_recorded(row)  # first: a store may lie in no repository, which is not what is wrong
        return plan_replay(self.version(row), self._here())

    def replay(
        self, plan: ReplayPlan, *, on_event: Callable[[RunEvent], None], should_stop: ShouldStop = never
    ) -> ReplayRecord:
        """Do what the plan says; the record is kept in the repository.

        Whoever calls this for a version that is not trusted has asked the user, and is not asked again.

        Raises:
            ReplayRefused: it cannot work; nothing was started.
            Interrupted: the user stopped it; nothing was kept.
        """
        from mlver.replay.replaying import Replay, replay

        if not plan.obstacles:
            # What is refused at once was not agreed to: the user is asked again when it can go.
            with suppress(ReadOnly):
                self._trust.remember(plan.version.commit)
        return replay(
            Replay(
                version=self.version(plan.version),
                plan=plan,
                here=self._here(),
                on_event=on_event,
                should_stop=should_stop,
                workspaces=self._state / "workspaces",
            )
        )

    def plan_note(self, row: VersionRow, text: str) -> Note:
        """The note that `write_note` would keep, by the user and of this moment. Writes nothing.

        Raises:
            BadArgument: no text, too much of it, or the version can have no note.
        """
        import os
        import time

        from mlver.model.note import shares_its_commit
        from mlver.notes.writing import NoteRequest, planned_note
        from mlver.store.git import identity

        listing = self._listing or self.refresh()
        return planned_note(
            NoteRequest(
                row=row,
                text=text,
                author=identity(self._repository.git) if self.has_repository else Person(),
                when=time.time(),
                randomness=os.urandom(5),
                is_shared=shares_its_commit(row, (*listing.rows, *listing.kin)),
            )
        )

    def write_note(self, note: Note) -> None:
        """Keep a note in the repository. Raises RefMoved when others write all the time, StoreFailed."""
        from mlver.notes.writing import add_note

        add_note(self._repository, note)

    @property
    def _trust(self) -> Trust:
        from mlver.replay.trust import Trust

        return Trust(self._state / "trusted")

    def _here(self) -> Here:
        from mlver.replay.planning import Here

        return Here.of(self._repository, self._trust, self._environment, f"mlver {__version__}")
