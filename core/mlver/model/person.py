"""A person, as git knows people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who did it, as git knows them."""

    name: str = ""
    email: str = ""
