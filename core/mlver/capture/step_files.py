"""The files of a step as it runs: its inputs before and after, and what it made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mlver.capture.expanding import matches
from mlver.capture.fingerprints import Fingerprint, Links, changed_files, fingerprint, take_fingerprint
from mlver.errors import RunFailed
from mlver.model.manifest import FileFact


class StepFiles:
    """Fingerprints the files that a step's patterns stand for, in one folder."""

    def __init__(self, folder: Path, *, links: Links = Links.FOLLOWED) -> None:
        """`links` says which symbolic links inputs may be; products may never be any."""
        self._folder = folder
        self._links = links
        self._taken: tuple[Fingerprint, ...] = ()

    def read_inputs(self, patterns: Iterable[str]) -> tuple[FileFact, ...]:
        """The inputs now. Raises RunFailed when a pattern stands for nothing."""
        paths = self._found(patterns, "its input {} does not exist", follow_links=True)
        self._taken = tuple(take_fingerprint(self._folder, path, links=self._links) for path in paths)
        return tuple(taken.fact for taken in self._taken)

    def present(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """The paths that are there already, whatever they are."""
        found = matches(self._folder, patterns, follow_links=False)
        return tuple(sorted({path for paths in found.values() for path in paths}))

    def read_files(self, paths: Iterable[str]) -> tuple[FileFact, ...]:
        """These very files, in this order."""
        return tuple(fingerprint(self._folder, path, links=self._links) for path in paths)

    def changed_inputs(self) -> tuple[str, ...]:
        """Which of the inputs read last have other content by now."""
        return changed_files(self._folder, self._taken, links=self._links)

    def read_products(self, patterns: Iterable[str]) -> tuple[FileFact, ...]:
        """What the step made. Raises RunFailed when a pattern stands for nothing, or for something that is no file."""
        paths = self._found(patterns, "it made no {}, which it declares", follow_links=False)
        return tuple(fingerprint(self._folder, path, links=Links.REFUSED) for path in paths)

    def _found(self, patterns: Iterable[str], complaint: str, *, follow_links: bool) -> tuple[str, ...]:
        found = matches(self._folder, patterns, follow_links=follow_links)
        for pattern, paths in found.items():
            if not paths:
                raise RunFailed(complaint.format(pattern))
        return tuple(sorted({path for paths in found.values() for path in paths}))
