"""What all tests share: property tests have no deadline, and what all tests hold is not searched for garbage.

A busy machine is not a failure, hence no deadline.
"""

from __future__ import annotations

import gc

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """Let the collector pass over all modules and tests: searched again and again they took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
