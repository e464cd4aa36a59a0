"""Makes the pictures of the README and the documents from a demo, as SVG.

The demo should have been made by the same user, or the plan of the replay is that of a stranger's version.

python docs/pictures/make_pictures.py DEMO_FOLDER       (its path: mlver demo --path)
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from mlver.project import Project
from mlver_tui.app import MlverApp
from mlver_tui.commands.settings import read_settings
from mlver_tui.settings import ExplorerSettings

HERE = Path(__file__).parent
SIZE = (104, 30)

SCREENS: dict[str, tuple[str, ...]] = {
    "versions": ("down",) * 6,
    "compare": (*("down",) * 6, "space", *("down",) * 6, "d"),
    "curves": (*("down",) * 6, "space", *("down",) * 6, "d", "4"),
    "replay": (*("down",) * 6, "r"),
}
"""Name of the picture -> the keys that lead there."""


async def picture(folder: Path, keys: tuple[str, ...]) -> str:
    """The screen after these keys, as SVG that loads nothing from elsewhere."""
    settings = read_settings()
    # Beside its home the demo is `~/digits`, wherever it is; no other folder of this machine is in a picture.
    environment = {"HOME": str(folder.resolve().parent), "PATH": settings.environment["PATH"]}
    with Project.open(folder, environment=environment, cache=settings.cache) as project:
        project.refresh()
        app = MlverApp(project, ExplorerSettings(theme="dark"))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(0.5)
            for key in keys:
                await pilot.press(key)
            await pilot.pause(3)
            svg = app.export_screenshot(title="mlver-tui")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    """Make all of them."""
    folder = Path(sys.argv[1])
    for name, keys in SCREENS.items():
        (HERE / f"{name}.svg").write_text(asyncio.run(picture(folder, keys)))


if __name__ == "__main__":
    main()
