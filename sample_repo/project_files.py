"""The files of the sample project as they are in each chapter."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent

EVALUATE_EVERY = 5
"""Every fifth image of the published file is for the evaluation, see project/params.yaml."""


def put_first_state(project: Path, training_rows: int) -> None:
    """The files the project begins with, without the lock files: they tell of the machine."""
    _put(HERE / "project", project)
    put_data(project, training_rows)
    shutil.copyfile(HERE / "data" / "SOURCE.md", project / "data" / "SOURCE.md")
    (project / "parity" / "data").mkdir(exist_ok=True)
    (project / "parity" / "data" / "blocks.csv").write_text(blocks_csv(training_rows), "utf-8")


def put_data(project: Path, training_rows: int) -> None:
    """The images there are by now."""
    (project / "data").mkdir(exist_ok=True)
    (project / "data" / "digits.csv").write_text(digits_csv(training_rows), "utf-8")


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


def blocks_csv(training_rows: int) -> str:
    """The same images for the model parity: `row`, `digit` and the sums of 2 x 2 pixels as `b00` to `b33`."""
    names = [f"b{y}{x}" for y in range(4) for x in range(4)]
    lines = [",".join(["row", "digit", *names])]
    for line in digits_csv(training_rows).splitlines()[1:]:
        row, digit, *rest = line.split(",")
        pixels = [int(pixel) for pixel in rest]
        corners = [16 * y + 2 * x for y in range(4) for x in range(4)]
        sums = [pixels[at] + pixels[at + 1] + pixels[at + 8] + pixels[at + 9] for at in corners]
        lines.append(",".join([row, digit, *map(str, sums)]))
    return "\n".join(lines) + "\n"


def _put(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        # Installers compile what they install; those files are not the project's.
        if file.is_file() and "__pycache__" not in file.parts:
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
