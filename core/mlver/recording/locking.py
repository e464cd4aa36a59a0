"""One run per working tree at a time, and a sign for everybody that a recording is under way."""

from __future__ import annotations
