"""The files of the sample project as they are in each chapter."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent

EVALUATE_EVERY = 5
"""Every fifth image of the published file is for the evaluation, see project/params.yaml."""


def put_first_state(project: Path) -> None:
    """The files the project begins with, without the data's table and the lock file, which chapters write."""
    _put(HERE / "project", project)
    (project / "data").mkdir(exist_ok=True)
    shutil.copyfile(HERE / "data" / "SOURCE.md", project / "data" / "SOURCE.md")


def put_changes(project: Path, chapter: str) -> None:
    """The files that a chapter changes, over those that are there; many chapters change none."""
    _put(HERE / "chapters" / chapter, project)


def digits_csv(training_rows: int) -> str:
    """All evaluation images and the first `training_rows` training images, with the header, in their order."""
    header, *lines = (HERE / "data" / "digits.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [header]
    for line in lines:
        is_for_training = int(line.partition(",")[0]) % EVALUATE_EVERY != 0
        if not is_for_training or training_rows > 0:
            kept.append(line)
        training_rows -= is_for_training
    return "".join(kept)


def _put(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        # Installers compile what they install; those files are not the project's.
        if file.is_file() and "__pycache__" not in file.parts:
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
