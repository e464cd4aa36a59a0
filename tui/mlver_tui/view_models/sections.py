"""The sides of two versions that can change, each with its tree and its count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field

from mlver.model.change import Change, Counts, Kind
from mlver.model.comparison import Comparison
from mlver.model.evaluation import EVALUATION_ROLES
from mlver.model.manifest import Manifest


class Section(Struct, frozen=True, kw_only=True, dict=True):
    """A side of the versions that can change."""

    name: str
    tab: str
    """The tab of Compare that has all of it."""
    tree: Change
    by_thing: bool = False
    """Counted by the tree's children (files, data sets); else by its leaves (params, packages)."""
    read: Mapping[str, int] = field(default_factory=dict)
    """File that a step reads -> its place among them: what comes first is told first."""
    data: frozenset[str] = frozenset()
    """Paths of data sets: they have a section of their own."""
    evaluation: frozenset[str] = frozenset()
    """Data sets that metrics are measured on."""

    @cached_property
    def counts(self) -> Counts:
        """What differs, by kind, and what does not: of a tree of thousands nobody wants to count twice."""
        if self.unknown:
            return Counts()
        if not self.by_thing:
            return self.tree.count()
        return Counts(**Counter(child.counted_as for child in self.tree.children))

    @property
    def unknown(self) -> str:
        """Why nothing at all is known of it; empty: something is."""
        if self.tree.kind is not Kind.UNKNOWN or self.tree.children:
            return ""
        return f"not known: {self.tree.note}" if self.tree.note else "not known"

    @property
    def count(self) -> int:
        """How much of it differs."""
        return self.counts.total

    @property
    def is_same(self) -> bool:
        """Whether nothing of it differs, and all of it is known."""
        return not self.count and self.tree.kind is not Kind.UNKNOWN


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """The sides in the order of the summary."""
    both = (comparison.after.manifest, comparison.before.manifest)
    read = _read_order(*both)
    evaluation = frozenset(item.name for side in both for item in side.data if item.role in EVALUATION_ROLES)
    return (
        Section(name="params", tab="Params", tree=comparison.params),
        Section(name="data", tab="Data", tree=comparison.data, by_thing=True, evaluation=evaluation),
        Section(name="code", tab="Code", tree=comparison.code, by_thing=True, read=read),
        Section(name="env", tab="Env", tree=comparison.environment),
        Section(name="hardware", tab="Env", tree=comparison.hardware),
        Section(name="seeds", tab="Env", tree=comparison.seeds),
        Section(
            name="files",
            tab="Files",
            tree=comparison.files,
            by_thing=True,
            read=_by_size(read, *both),
            data=_data_sets(*both),
        ),
    )


def _read_order(*sides: Manifest) -> dict[str, int]:
    paths = (file.path for side in sides for step in side.steps for file in step.inputs)
    return {path: place for place, path in enumerate(dict.fromkeys(paths))}


def _by_size(read: Mapping[str, int], *sides: Manifest) -> dict[str, int]:
    """The outputs that a step reads, the largest first: a model's weights before what is kept beside them."""
    sizes = {one.path: one.size or 0 for side in reversed(sides) for one in side.artifacts if one.path in read}
    return {path: place for place, path in enumerate(sorted(sizes, key=lambda path: -sizes[path]))}


def _data_sets(*sides: Manifest) -> frozenset[str]:
    return frozenset(item.path for side in sides for item in side.data)
