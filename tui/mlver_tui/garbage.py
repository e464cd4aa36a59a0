"""Python looks for garbage once the explorer is up: what is made until then is kept to its end anyway."""

from __future__ import annotations

import gc


def look_for_none() -> None:
    """Look for no cycles while modules are loaded and the first rows are made."""
    gc.disable()


def look_again() -> None:
    """Look for cycles from now on, among what is made from now on."""
    gc.freeze()
    gc.enable()
