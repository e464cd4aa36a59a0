"""What the explorer asks of Python's interpreter: the first rows soon, and keys answered while a worker computes."""

from __future__ import annotations

import gc
import sys

_TURN_S = 0.001
"""How long a worker's thread computes before another gets its turn. A key needs a dozen turns until its answer is
written; by Python's own measure, five times this, those alone would be felt."""


def start_up() -> None:
    """Look for no cycles while modules are loaded and the first rows are made: all of it is kept to the end anyway."""
    gc.disable()
    sys.setswitchinterval(_TURN_S)


def settle_down() -> None:
    """Look for cycles from now on, among what is made from now on."""
    gc.freeze()
    gc.enable()
