"""What the user gives git along."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class GitSettings(Struct, frozen=True, kw_only=True):
    """What git processes get."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """The user's environment: HOME says where git's own settings are, PATH where git is."""
