"""Names inside files that attack the terminal, in the Files tab and in the bytes: harmless, never too long."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from rich.cells import cell_len
from textual.pilot import Pilot

from mlver.diffing.byte_pair import BytePair
from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files
from mlver.model.change import branch
from mlver.model.comparison import Comparison
from mlver.model.version import VersionRow
from mlver_tui.screens.bytes import BytesScreen
from tests.support.explorer_project import MemoryProject
from tests.support.hostile_repo import ATTACK
from tests.support.model_files import gguf
from tests.support.screens import opened, screen_lines, settled
from tests.support.tensor_files import safetensors

Tensors = Mapping[str, NDArray[Any]]
NAMES = {
    "attack": f"evil{ATTACK}",
    "lines": "evil\n\r\v\f\x85\u2028second\tthird",
    "long": "evil" + "x" * 3000,
    "wide": "evil" + "表" * 400 + "e\u0301" * 400,
    "odd": "evil\0\udc80\ufeff\u200b\u2066x\U000e0041",
}
OBEYED = {chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), 0x200B, 0xFEFF,
                                 *range(0x2066, 0x206A), 0xE0041)}  # fmt: skip


def zipped(tensors: Tensors) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, array in tensors.items():
            archive.writestr(
                zipfile.ZipInfo(name[:2000].replace("\0", "").encode("utf-8", "replace").decode()), array.tobytes()
            )
    return made.getvalue()


FORMATS: dict[str, Callable[[Tensors], bytes]] = {"w.safetensors": safetensors, "w.gguf": gguf, "w.zip": zipped}


class Hostile(MemoryProject):
    """Whose one artifact holds such names."""

    def __init__(self, path: str, name: str) -> None:
        super().__init__()
        self.path = path
        moved = np.array([1, 2], np.float32)
        self.sides = tuple(Blob(FORMATS[path]({name: moved * side})) for side in (1, 2))

    def compare(self, before: VersionRow, after: VersionRow, **more: Any) -> Comparison:
        files = branch("files", (compare_files(self.path, *self.sides),))
        return replace(super().compare(before, after, **more), files=files)

    def byte_pair(self, before: VersionRow, after: VersionRow, path: str) -> BytePair:  # noqa: ARG002 - the core's signature
        return BytePair.open(*self.sides)


async def press(pilot: Pilot[None], *keys: str) -> list[str]:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return screen_lines(pilot)


@pytest.mark.parametrize("path", FORMATS)
@pytest.mark.parametrize("name", NAMES)
async def test_names_in_files_are_shown_harmless(path: str, name: str) -> None:
    async with opened(Hostile(path, NAMES[name])) as pilot:
        screens = [await press(pilot, "d", "5", "l", "n")]
        assert any("evil" in line for line in screens[0][5:])
        screens.append(await press(pilot, "enter"))
        screens.append(await press(pilot, "D", "g", "n"))
        assert isinstance(pilot.app.screen, BytesScreen)

        for lines in screens:
            assert not OBEYED & set("".join(lines))
            assert all(cell_len(line) <= pilot.app.size.width for line in lines)
        if path != "w.zip":
            element = next(line for line in screens[-1] if "f32 2" in line)
            assert "[0]  f32 2   1 → 2" in element
