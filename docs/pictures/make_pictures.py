"""Makes the pictures of the README and the documents from a demo, as SVG.

The demo should have been made by the same user, or the plan of the replay is that of a stranger's version.

python docs/pictures/make_pictures.py DEMO_FOLDER [NAME ...]       (its path: mlver demo --path)
"""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from mlver.project import Project
from mlver_tui.app import MlverApp
from mlver_tui.commands.settings import read_settings
from mlver_tui.settings import ExplorerSettings

HERE = Path(__file__).parent
SIZE, WIDE = (104, 30), (140, 40)
MOTIONS = {"down", "space"}
"""Keys after which nothing is waited for."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The keys that lead to what is shown, and the size of the terminal."""

    keys: tuple[str, ...]
    size: tuple[int, int] = SIZE


TO_V140 = ("down",) * 6
COMPARED = (*TO_V140, "space", *("down",) * 6, "d")
"""v1.1.0 with v1.4.0."""
RELEASES = (*TO_V140, "space", *("down",) * 2, "space", "down", "space", *("down",) * 3, "space")
"""v1.4.0, v1.3.0, v1.2.0 and v1.1.0."""

SHOTS = {
    "versions": Shot(TO_V140, WIDE),
    "compare": Shot(COMPARED),
    "params": Shot((*COMPARED, "2", "n")),
    "data": Shot((*COMPARED, "6", "l", "down", "down", "l")),
    "rows": Shot((*COMPARED, "F")),
    "text": Shot((*COMPARED, "8", "n", "enter", "|")),
    "bytes": Shot((*COMPARED, "5", "G", "D")),
    "matrix": Shot((*TO_V140, "space", *("down", "space") * 6, "d")),
    "charts": Shot((*RELEASES, "c", "i", *("left",) * 7)),
    "lineage": Shot((*TO_V140, "7", "enter", "enter")),
    "replay": Shot((*TO_V140, "r")),
}
"""By the name of the picture."""


async def picture(folder: Path, shot: Shot) -> str:
    """The screen after these keys, as SVG that loads nothing from elsewhere."""
    settings = read_settings()
    # Beside its home the demo is `~/digits`, wherever it is; no other folder of this machine is in a picture.
    environment = {"HOME": str(folder.resolve().parent), "PATH": settings.environment["PATH"]}
    with Project.open(folder, environment=environment, cache=settings.cache) as project:
        project.refresh()
        app = MlverApp(project, ExplorerSettings(theme="dark"))
        async with app.run_test(size=shot.size) as pilot:
            await settled(pilot)
            for key in shot.keys:
                await pilot.press(key)
                if key not in MOTIONS:
                    await settled(pilot)
            await settled(pilot)
            svg = app.export_screenshot(title="mlver-tui")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


async def settled(pilot: Pilot[Any]) -> None:
    """Until nothing is looked for any more: what was found may begin another search, a moment later."""
    for _ in range(3):
        await pilot.pause(0.2)
        while any(not worker.is_finished for worker in pilot.app.workers):
            await pilot.pause(0.05)


def main() -> None:
    """Make all of them, or those that are named."""
    folder, *names = sys.argv[1:]
    for name in names or SHOTS:
        (HERE / f"{name}.svg").write_text(asyncio.run(picture(Path(folder), SHOTS[name])))


if __name__ == "__main__":
    main()
