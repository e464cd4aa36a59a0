"""What all tests share: property tests have no deadline, for a busy machine is not a failure."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
