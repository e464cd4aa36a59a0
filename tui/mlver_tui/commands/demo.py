"""`mlver demo`: the sample project, made by really training it, opened as soon as its first version is there."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import click

from mlver.errors import BadArgument, Interrupted
from mlver.progress import Progress
from mlver_tui.commands.failures import FINE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.sample import build_sample, find_sample
from mlver_tui.commands.wishes import Wishes
from mlver_tui.view_models.spans import dim, line


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--path", "is_path", is_flag=True, help="Make it, print its folder, open nothing.")
@click.option("--demo-folder", type=click.Path(path_type=Path), help="The same as FOLDER.")
@click.pass_obj
def command(invocation: Invocation, *, folder: Path | None, is_path: bool, demo_folder: Path | None) -> int:
    """Open the sample project; the first time its versions are recorded by training them, which takes seconds.

    It is kept in FOLDER, else under your data folder.
    """
    if folder and demo_folder:
        raise BadArgument("the demo is kept in one folder: give FOLDER or --demo-folder")
    demo_folder = folder or demo_folder
    if not is_path:
        return open_demo(invocation, demo_folder, Wishes())
    kept = _folder(invocation, demo_folder)
    _build_whole(invocation, kept)
    invocation.console.show_text(str(kept))
    return FINE


def open_demo(invocation: Invocation, demo_folder: Path | None, wishes: Wishes) -> int:
    """Open the explorer on the sample while it is being made; without a terminal make it and print its list."""
    from mlver_tui.commands.explorer import can_explore, explore

    folder = _folder(invocation, demo_folder)
    there = Invocation(settings=invocation.settings, console=invocation.console, folder=folder)
    if not can_explore(invocation.settings):
        _build_whole(invocation, folder)
        return explore(there)
    if find_sample().is_complete(folder):
        return explore(there, wishes)
    with DemoBuild(invocation, folder) as build:
        invocation.console.say(line(dim("recording the first version of the sample ...")))
        build.wait_for_first()
        code = explore(there, wishes, progress=build.progress)
    if build.error is not None and not isinstance(build.error, Interrupted):
        raise build.error
    return code


def _folder(invocation: Invocation, demo_folder: Path | None) -> Path:
    return demo_folder.absolute() if demo_folder else invocation.settings.data / "demo"


def _build_whole(invocation: Invocation, folder: Path) -> None:
    from mlver_tui.commands.stopping import stopped_by_signals

    said = "stopping: the next time it goes on from here"
    with invocation.console.progress() as report, stopped_by_signals(said) as should_stop:
        build_sample(invocation, folder, report=report, should_stop=should_stop)


class DemoBuild:
    """The making of the sample beside the explorer; it ends with the `with` block, and goes on the next time."""

    def __init__(self, invocation: Invocation, folder: Path) -> None:
        self._invocation = invocation
        self._folder = folder
        self._first = Event()
        self._stopped = Event()
        self._progress: Progress | None = Progress(doing="recording the sample")
        self.error: BaseException | None = None
        """What ended it, if not its own end."""
        self._thread = Thread(target=self._build, name="demo")

    def __enter__(self) -> DemoBuild:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._thread.join()

    def wait_for_first(self) -> None:
        """Return when the first version is there. Raises what ended the build before."""
        self._first.wait()
        if self.error is not None:
            raise self.error

    def progress(self) -> Progress | None:
        """How far it is; None: done."""
        return self._progress

    def _build(self) -> None:
        try:
            build_sample(self._invocation, self._folder, report=self._report, should_stop=self._stopped.is_set)
        except BaseException as error:  # noqa: BLE001 a thread's error is told by the one who waits for it
            self.error = error
        finally:
            self._progress = None
            self._first.set()

    def _report(self, progress: Progress) -> None:
        self._progress = progress
        if progress.done:
            self._first.set()
