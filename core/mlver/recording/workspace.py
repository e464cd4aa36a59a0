"""A fresh folder for a run that must leave the working tree as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from mlver.capture.step_environments import environments_within
from mlver.errors import MlverError, RunRefused
from mlver.recording.preparing import Desk, Prepared
from mlver.running.checkout import Checkout, link_own
from mlver.running.workspace import make_workspace, remove_workspace
from mlver.store.objects import ObjectStore


class Workspace(Struct):
    """The folder of one run."""

    folder: Path
    holds_results: bool = False
    """What the steps made is in there and recorded nowhere yet: the folder must outlive an error."""

    @contextmanager
    def needed(self) -> Iterator[None]:
        """For the block in which the results are recorded; when it ends by an error they stay."""
        self.holds_results = True
        yield
        self.holds_results = False


@contextmanager
def isolated(desk: Desk, prepared: Prepared) -> Iterator[Workspace]:
    """The snapshot in a folder of its own, params as set, untracked inputs copied (the very large ones linked).

    It is removed at the end, unless it holds results: then an error that ends the block says where they are.

    Raises:
        RunRefused: a file of the snapshot is not present here.
    """
    root = desk.state / "workspaces"
    space = Workspace(make_workspace(root, name=f"run-{prepared.run}"))
    try:
        _fill(space.folder, desk, prepared)
        yield space
    except MlverError as error:
        if space.holds_results:
            error.add_hint(f"what the steps made is kept in {space.folder}")
        raise
    finally:
        if not space.holds_results:
            remove_workspace(space.folder, root=root)


def _fill(folder: Path, desk: Desk, prepared: Prepared) -> None:
    layout = prepared.layout
    checkout = Checkout(desk.repository, ObjectStore.of(desk.repository))
    missing = checkout.fill(
        folder,
        prepared.snapshot.tree,
        wanted=lambda path: not (layout.is_own(path) or layout.is_product(path)),
    )
    copied = set(prepared.copied)
    missing += checkout.place(folder, [file for file in prepared.external.files if file.path in copied])
    needed = {file.path for file in prepared.external.files}
    if lost := [one for one in missing if one.path in needed]:
        raise RunRefused(f"{lost[0].path}: {lost[0].why}", hint="nothing was started")
    top = desk.repository.folder
    commands = [(step.run, layout.project.folder) for step in layout.project.steps]
    environments = environments_within(top, commands, prepared.software.variables)
    link_own(folder, top, (*prepared.referenced, *environments))
