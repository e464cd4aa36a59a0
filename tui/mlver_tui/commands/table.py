"""The commands: what each is called, what it is for, and where it lives. Held to docs/commands.md by a test."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One command. No dataclass: making one costs a tenth of what `mlver --help` may."""

    name: str
    summary: str
    module: str
    """The module in this package; it holds a click command called `command`."""


TABLE = (
    Entry("list", "The versions, newest first.", "list_versions"),
    Entry("show", "One version: what made it and what came out.", "show"),
    Entry("diff", "What changed between two versions, and whether it helped.", "diff"),
    Entry("curves", "The recorded curves of versions, in one chart.", "curves"),
    Entry("stages", "Which version holds which stage, and since when.", "stages"),
    Entry("which", "The versions that hold a file or a digest.", "which"),
    Entry("run", "Train and record a version.", "run"),
    Entry("replay", "Run a version again and compare what comes out.", "replay"),
    Entry("note", "What people say of a version afterwards; writes a note.", "note"),
    Entry("init", "Write a mlver.yaml for the project in this folder.", "init"),
    Entry("doctor", "What mlver finds here: terminal, programs, config, folders.", "doctor"),
    Entry("demo", "Open the sample project.", "demo"),
)
"""In the order of the help: look, compare, make, begin."""
