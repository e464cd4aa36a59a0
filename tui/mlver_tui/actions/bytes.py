"""What can be done with the bytes of two files."""

from __future__ import annotations

from mlver_tui.actions.action import Action
from mlver_tui.actions.rows import BYTES, COMPARE, TEXT, shown

BYTES_ACTIONS: tuple[Action, ...] = (
    shown(
        "bytes", "D", "bytes", "The bytes of this file of both versions", COMPARE | TEXT,
        why_not=lambda situation: "" if situation.has_file else "no file here whose bytes could be shown",
    ),
    shown("next-difference", "n", "difference", "The next byte that differs, behind this stretch", BYTES, rank=1),
    shown("previous-difference", "N", "difference back", "The stretch before that differs", BYTES, rank=2),
    shown("byte-right", "l right", "right", "A byte to the right", BYTES),
    shown("byte-left", "h left", "left", "A byte to the left", BYTES),
    shown("go-to-byte", "/", "go to", "Go to an offset (0x1f40, 8000) or to a tensor by its name", BYTES, rank=3),
)  # fmt: skip
