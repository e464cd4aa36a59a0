"""A fresh folder for a run that must leave the working tree as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlver.errors import RunRefused
from mlver.recording.preparing import Desk, Prepared
from mlver.running.checkout import Checkout, link_large
from mlver.running.workspace import workspace
from mlver.store.objects import ObjectStore


@contextmanager
def isolated(desk: Desk, prepared: Prepared) -> Iterator[Path]:
    """The snapshot in a folder of its own, params as set, untracked inputs copied (the very large ones linked).

    Raises:
        RunRefused: a file of the snapshot is not present here.
    """
    layout = prepared.layout
    checkout = Checkout(desk.repository, ObjectStore.of(desk.repository))
    with workspace(desk.state / "workspaces", name=f"run-{prepared.run}") as folder:
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
        link_large(folder, desk.repository.folder, prepared.referenced)
        yield folder
