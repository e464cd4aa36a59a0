"""A person, as git knows people."""

from __future__ import annotations

from msgspec import Struct


class Person(Struct, frozen=True, kw_only=True):
    """Who did it, as git knows them."""

    name: str = ""
    email: str = ""
