"""Builds the demo: a real git repository, made chapter by chapter by running its trainings.

What has been recorded is read from the repository itself, so a build that was interrupted goes on where it stopped.
A marker in the git folder says that the folder is the demo's; nothing else is ever touched.
"""

from __future__ import annotations

import fcntl
import json
import platform
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from mlver.errors import BadArgument, Interrupted, RunFailed, StoreFailed, WorkingTreeBusy
from mlver.progress import Progress, Report, ShouldStop, never, silent

# Relative: this package is imported under two names, see __init__.py.
from .git import DemoRepository, identity_of  # noqa: TID252
from .project_files import HERE, put_changes, put_data, put_first_state  # noqa: TID252
from .software import ensure_software, requirements_lock  # noqa: TID252
from .story import STORY, Chapter  # noqa: TID252

_MARKER = "mlver-demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOrder:
    """What is to be recorded now; the working tree is ready."""

    folder: Path
    """The folder with the model's mlver.yaml."""
    model: str
    settings: Mapping[str, str | int | float]
    reason: str | None
    parent: str | None
    """Run id of the parent; None: as the history of commits says."""
    clock: Callable[[], float]
    """Seconds since the epoch: says the chapter's time first, and goes on from there."""
    randomness: bytes
    """For the run id: its suffix is the base32 of these bytes, see mlver.model.identity.run_id."""
    identity: Mapping[str, str]
    """Variables that say whose run it is. Nothing in the repository says so: what comes after is the user's."""


Record = Callable[[RunOrder], object]
"""Runs the steps and records them as mlver does: a commit under refs/mlver/runs/<model>/<run id>, with its status in
.mlver/version.yaml, be the run done, failed or interrupted."""


def is_complete(folder: Path) -> bool:
    """Whether the folder holds a demo whose story is told to its end."""
    return bool(_marker(folder).get("complete"))


def build(
    folder: Path,
    record: Record,
    *,
    environment: Mapping[str, str],
    report: Report = silent,
    should_stop: ShouldStop = never,
) -> None:
    """Make the demo in `folder`, or go on with it; returns at once when it is complete.

    Raises:
        BadArgument: the folder holds something else.
        WorkingTreeBusy: another build is under way in it.
        Interrupted: `should_stop` said so; the next build goes on from there.
        RunFailed: a chapter's run was not recorded, or ended otherwise than the story tells.
        StoreFailed: git or the file system could not do it.
    """
    try:
        if is_complete(folder):
            ensure_software(folder, STORY[-1].pixelprep)
            return
        _claim(folder)
        with _lock(folder):
            _Build(folder, DemoRepository(folder, environment), record).tell(report, should_stop)
            _mark(folder, complete=True)
    except OSError as error:
        raise StoreFailed(f"the demo cannot be made in {folder}: {error.strerror or error}") from error


class _Build:
    """One build of the demo."""

    def __init__(self, folder: Path, repository: DemoRepository, record: Record) -> None:
        self._folder = folder
        self._repository = repository
        self._record = record
        self._runs: dict[str, _Run] = {}
        """By chapter."""

    def tell(self, report: Report, should_stop: ShouldStop) -> None:
        """Every chapter that is not recorded yet, in order."""
        self._repository.create()
        self._repository.leave_to_the_user()
        self._repository.forget_changes()
        subjects = self._repository.subjects()
        self._find_runs()
        self._drop_what_ended_otherwise()
        for done, chapter in enumerate(STORY):
            report(Progress(doing=chapter.tells, done=done, total=len(STORY)))
            if chapter.name not in self._runs:
                if should_stop():
                    raise _stopped()
                self._prepare(chapter, is_committed=chapter.commit in subjects)
                self._run(chapter)
        self._release()
        report(Progress(doing="the demo is complete", done=len(STORY), total=len(STORY)))

    def _prepare(self, chapter: Chapter, *, is_committed: bool) -> None:
        """Bring the working tree and the software to where the chapter's run starts."""
        ensure_software(self._folder, chapter.pixelprep)
        if is_committed:
            return
        if chapter is STORY[0]:
            put_first_state(self._folder, chapter.training_rows)
            (self._folder / "parity" / "requirements.lock").write_text(requirements_lock(), "utf-8")
        put_changes(self._folder, chapter.name)
        if chapter.commit:
            put_data(self._folder, chapter.training_rows)
            (self._folder / "requirements.lock").write_text(requirements_lock(chapter.pixelprep), "utf-8")
            self._repository.commit_all(chapter.commit, chapter.author, chapter.when)

    def _run(self, chapter: Chapter) -> None:
        order = RunOrder(
            folder=self._folder / chapter.folder,
            model=chapter.model,
            settings=chapter.settings,
            reason=chapter.reason,
            parent=self._runs[chapter.parent].id if chapter.parent else None,
            clock=_clock_from(chapter.when.timestamp()),
            randomness=chapter.randomness,
            identity=identity_of(chapter.author),
        )
        self._record(order)
        self._find_runs()
        if not chapter.commit:
            self._repository.forget_changes()
        if chapter.name not in self._runs:
            raise RunFailed(f"the demo's run {chapter.name} was not recorded")
        status = self._status(chapter)
        if status == "interrupted":
            raise _stopped()
        if status != _status_told(chapter):
            raise RunFailed(
                f"the demo's run {chapter.name} ended as {status}", hint="its log says why; the next try starts there"
            )
        self._release(chapter)

    def _find_runs(self) -> None:
        for ref, commit in self._repository.refs("refs/mlver/runs/").items():
            run = _Run(ref=ref, commit=commit)
            chapter = _CHAPTERS.get(run.suffix)
            if chapter:
                self._runs[chapter.name] = run

    def _drop_what_ended_otherwise(self) -> None:
        """Somebody stopped or killed the build in the middle of a run, or the disk was full: that is not the story."""
        for ref, commit in self._repository.refs("refs/mlver/drafts/").items():
            if _Run(ref=ref, commit=commit).suffix in _CHAPTERS:
                self._repository.delete_ref(ref)
        for chapter in STORY:
            if chapter.name in self._runs and self._status(chapter) != _status_told(chapter):
                self._repository.delete_ref(self._runs.pop(chapter.name).ref)

    def _status(self, chapter: Chapter) -> str | None:
        manifest = self._repository.text(self._runs[chapter.name].commit, ".mlver/version.yaml")
        status = re.search(r"^status: (\w+)$", manifest, re.MULTILINE)
        return status[1] if status else None

    def _release(self, *chapters: Chapter) -> None:
        """Give the runs of these chapters, else of all, their release names."""
        there = self._repository.refs("refs/tags/")
        for chapter in chapters or STORY:
            name = f"{chapter.model}@{chapter.release}"
            if chapter.release and f"refs/tags/{name}" not in there:
                self._repository.tag(name, self._runs[chapter.name].commit, chapter.author, chapter.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A recorded run."""

    ref: str
    commit: str

    @property
    def id(self) -> str:
        """`r<8 of recipe>-<suffix>`."""
        return self.ref.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """What tells whose chapter it is."""
        return self.id.rpartition("-")[2]


_CHAPTERS = {chapter.run_suffix: chapter for chapter in STORY}


def _status_told(chapter: Chapter) -> str:
    return "failed" if chapter.fails else "done"


def _stopped() -> Interrupted:
    return Interrupted("the demo is not complete yet", hint="mlver-tui --demo goes on with it")


def _clock_from(moment: float) -> Callable[[], float]:
    started: float | None = None

    def clock() -> float:
        nonlocal started
        now = time.monotonic()
        started = now if started is None else started
        return moment + now - started

    return clock


def _claim(folder: Path) -> None:
    """Mark the folder as the demo's; empty it when an unfinished demo tells another story.

    An unfinished demo holds nothing of the user's, so it may be made anew.
    """
    if _holds_something(folder):
        marker = _marker(folder)
        if not marker:
            raise BadArgument(f"{folder} is not the demo's", hint="give the demo a folder that is empty or not there")
        if marker.get("story") == _story_digest():
            return
        with _lock(folder):
            shutil.rmtree(folder)
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    _mark(folder, complete=False)


def _holds_something(folder: Path) -> bool:
    """Whether there is anything in it; an empty .git is what a build leaves that was killed at its very start."""
    return folder.exists() and any(path.name != ".git" or any(path.iterdir()) for path in folder.iterdir())


def _marker(folder: Path) -> dict[str, object]:
    try:
        marker = json.loads((folder / ".git" / _MARKER).read_bytes())
    except (OSError, ValueError):
        return {}
    return marker if isinstance(marker, dict) else {}


def _mark(folder: Path, *, complete: bool) -> None:
    text = json.dumps({"story": _story_digest(), "complete": complete})
    new = folder / ".git" / f"{_MARKER}.new"
    new.write_text(text, "utf-8")
    new.replace(folder / ".git" / _MARKER)


def _story_digest() -> str:
    """Differs when a half-told story could not be told to its end: another sample, another Python or numpy."""
    digest = sha256(repr([asdict(chapter) for chapter in STORY]).encode())
    digest.update(f"{platform.python_version()} {requirements_lock()}".encode())
    for part in ("project", "chapters", "packages", "data"):
        for file in sorted((HERE / part).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(HERE)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    with (folder / ".git" / f"{_MARKER}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WorkingTreeBusy(
                "the demo is being made by another mlver-tui", hint="its versions appear as they are recorded"
            ) from error
        yield
