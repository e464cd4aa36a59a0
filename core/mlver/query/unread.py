"""The third answer beside yes and no."""

from __future__ import annotations


class Unread(Exception):
    """What is asked of a version cannot be read, so neither yes nor no is true; it never leaves this room."""
