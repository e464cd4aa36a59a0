"""Reads the places that are new, and makes their rows against parents and twins.

What reads and compares manifests is imported only when there is something to read: a known list is there much sooner.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.catalogue.naming import made_at
from mlver.catalogue.seeing import DRAFTS, RUNS, Seen
from mlver.catalogue.stored import Facts, FactsKey
from mlver.errors import ManifestInvalid, MlverError
from mlver.model.moments import seconds_of
from mlver.model.source_names import NATIVE
from mlver.model.status import Status
from mlver.progress import Progress, Report, ShouldStop

if TYPE_CHECKING:
    from mlver.comparing.strip import Background
    from mlver.model.manifest import Manifest
    from mlver.sources.source import Source

Place = tuple[str, str]
"""Commit and model."""

_BATCH = 200
_KEPT_MANIFESTS = 20_000


class Sighting(Struct, frozen=True):
    """As much of a version as tells whether it is the first run of its recipe."""

    model: str
    recipe: str | None
    is_done: bool
    made: tuple[float, str]
    commit_id: str
    run: str | None


class Reads(Struct, frozen=True, kw_only=True):
    """What one reading found."""

    settled: list[tuple[str, Facts]]
    """Source and facts that are new."""
    params: list[tuple[str, str, str]]
    """Commit, model and params as JSON."""


class Reading(Struct):
    """One refresh's reading of manifests."""

    seen: Mapping[Place, Seen]
    known: Mapping[FactsKey, Facts]
    source_of: Callable[[str], Source]
    """Name -> the source."""
    subject_of: Callable[[str], str]
    """First line of a commit's message; empty where the commit is not here."""
    meant: Callable[[Manifest], Manifest]
    """What mlver did not record, with what the project says today of its metrics."""
    rules: str
    """Differs when the project says something else today."""
    absences: Callable[[], int]
    """How often git was asked for an object that is not here."""
    is_first: bool
    """Nothing was compared before with what is seen now, or some of it is gone since: every row is looked at."""
    _manifests: dict[Place, Manifest] = field(default_factory=dict)
    _fresh: list[Seen] = field(default_factory=list)
    """Read now, and readable."""
    _broken: dict[FactsKey, Facts] = field(default_factory=dict)
    """Read now, and unreadable."""
    _partial: set[FactsKey] = field(default_factory=set)
    """Read now, and something of it is not here."""
    _params: list[tuple[str, str, str]] = field(default_factory=list)
    _runs: dict[Place, str] = field(default_factory=dict)
    """(model, run id) -> commit, of everything that is seen."""
    _came: set[tuple[str, str | None]] = field(default_factory=set)
    """(model, run id) and (model, recipe) of what was read now."""
    _firsts: dict[tuple[str, str], Sighting] = field(default_factory=dict)
    """(model, recipe) -> the first finished run of it."""

    def read(self, sightings: dict[FactsKey, Sighting], report: Report, should_stop: ShouldStop) -> Reads:
        """Read what is not known; `sightings` of what is known are made as needed and kept by the caller."""
        missing = [one for one in self.seen.values() if not self._is_settled(one.facts_key)]
        for done, one in enumerate(missing):
            if should_stop():
                break
            if done % _BATCH == 0:
                report(Progress(doing="reading versions", done=done, total=len(missing)))
            self._read(one, sightings)
        now = self._sighted(sightings)
        self._runs = {(one.model, one.run): one.commit_id for one in now if one.run}
        self._firsts = _first_runs(now)
        for place in self._fresh:
            sighting = sightings[place.facts_key]
            self._came |= {(sighting.model, sighting.run), (sighting.model, sighting.recipe)}
        broken = ((key[0], facts) for key, facts in self._broken.items())
        found = (*broken, *self._settled(self._fresh), *self._settled(self._outdated(sightings)))
        # What is not whole here is read at every refresh, and mostly says what it said the last time.
        settled = [(source, one) for source, one in found if self.known.get((source, one.commit_id, one.model)) != one]
        return Reads(settled=settled, params=self._params)

    def _is_settled(self, key: FactsKey) -> bool:
        known = self.known.get(key)
        return known is not None and not known.is_partial and not _has_come(known.absent)

    def _read(self, place: Seen, sightings: dict[FactsKey, Sighting]) -> None:
        """Read one manifest; a version that cannot be read is a row that says why."""
        from mlver.catalogue.facts import broken_facts
        from mlver.catalogue.texts import params_text

        run = place.ref.rpartition("/")[2] if place.ref.startswith((RUNS, DRAFTS)) else None
        key, absences = place.facts_key, self.absences()
        sightings.pop(key, None)
        try:
            manifest = self._manifest(place.commit_id, place.model, place.source)
        except ManifestInvalid as error:
            self._broken[key] = broken_facts(place, run, error.message)
        except MlverError as error:
            self._broken[key] = broken_facts(place, run, error.message, is_partial=True)
        else:
            self._fresh.append(place)
            self._params.append((place.commit_id, place.model, params_text(manifest.params)))
            sightings[key] = _sighting(place, manifest)
        if self.absences() != absences:
            self._partial.add(key)

    def _sighted(self, sightings: dict[FactsKey, Sighting]) -> list[Sighting]:
        """Of every version that is seen now and can be read. What was once seen may be gone from git."""
        found = []
        for one in self.seen.values():
            key = one.facts_key
            if key not in sightings and key in self.known and key not in self._broken:
                sightings[key] = _known_sighting(self.known[key])
            if key in sightings:
                found.append(sightings[key])
        return found

    def _settled(self, places: Iterable[Seen]) -> list[tuple[str, Facts]]:
        """The rows with title and strip made against their parent and the first run of their recipe."""
        facts = []
        for place in places:
            try:
                facts.append((place.source, self._settle(place)))
            except MlverError:
                continue  # it was readable a moment ago; the next refresh looks again
        return facts

    def _outdated(self, sightings: Mapping[FactsKey, Sighting]) -> list[Seen]:
        """Known rows whose title was made against another parent or twin than there is now."""
        outdated = []
        for one in self.seen.values():
            entry = self.known.get(one.facts_key)
            if entry and not entry.is_broken and not entry.is_partial and self._may_be_outdated(entry, one):
                relatives = self._relatives(one, sightings[one.facts_key], entry.parent)
                if entry.compared != self._compared(one, relatives):
                    outdated.append(one)
        return outdated

    def _may_be_outdated(self, entry: Facts, one: Seen) -> bool:
        """Whether a row must be looked at: of ten thousand runs one that came concerns its children and its twins."""
        if self.is_first or one.source != NATIVE:
            return True
        return (entry.model, entry.parent) in self._came or (entry.model, entry.recipe) in self._came

    def _settle(self, place: Seen) -> Facts:
        from mlver.catalogue.facts import facts_of

        manifest = self._manifest(place.commit_id, place.model, place.source)
        relatives = self._relatives(place, _sighting(place, manifest), manifest.parent)
        subject = self.subject_of(manifest.code.commit) if manifest.code.commit else ""
        absences = self.absences()
        parent, twin = (
            self._manifest(commit_id, place.model, place.source) if commit_id else None for commit_id in relatives
        )
        background = self._background(place, manifest, (parent, relatives[0]), (subject, twin))
        facts = facts_of(place.commit_id, manifest, parent, background, self._compared(place, relatives))
        is_whole = self.absences() == absences and not any(
            one.facts_key in self._partial
            for commit_id in (place.commit_id, *relatives)
            if (one := self.seen.get((commit_id, place.model)))
        )
        return facts if is_whole else replace(facts, is_partial=1)

    def _is_readable(self, commit_id: str, model: str) -> bool:
        one = self.seen.get((commit_id, model))
        if one is None or one.facts_key in self._broken:
            return False
        known = self.known.get(one.facts_key)
        return known is None or bool(known.is_partial) or not known.is_broken

    def _relatives(self, place: Seen, one: Sighting, parent: str | None) -> tuple[str, str]:
        """Commits of the parent and of the first run of the same recipe; empty where there is none here."""
        first = self._firsts.get((one.model, one.recipe)) if one.recipe else None
        is_later = first is not None and first.made < one.made
        mother = self._runs.get((one.model, parent), "") if parent else place.parent
        if mother and not self._is_readable(mother, place.model):
            mother = ""  # one broken version is one marked row: its children are told without it
        return mother, first.commit_id if first and is_later else ""

    def _compared(self, place: Seen, relatives: tuple[str, str]) -> str:
        """All beside the place itself that its row depends on."""
        return " ".join((*relatives, self.rules) if place.source != NATIVE and self.rules else relatives)

    def _manifest(self, commit_id: str, model: str, source: str) -> Manifest:
        found = self._manifests.get((commit_id, model))
        if found is None:
            # A parent may be of another kind: a repository changes its kind over time.
            seen = self.seen.get((commit_id, model))
            source = seen.source if seen else source
            found = self.source_of(source).manifest(commit_id, model)
            if source != NATIVE:
                found = self.meant(found)
            if len(self._manifests) < _KEPT_MANIFESTS:
                self._manifests[commit_id, model] = found
        return found

    def _background(
        self,
        place: Seen,
        manifest: Manifest,
        parent: tuple[Manifest | None, str],
        told: tuple[str, Manifest | None],
    ) -> Background:
        from mlver.comparing.strip import Background

        other, other_commit = parent
        before = after = None
        if other and other.environment.digest != manifest.environment.digest:
            mother = self.seen.get((other_commit, place.model), place)
            before = self.source_of(mother.source).packages(other_commit)
            after = self.source_of(place.source).packages(place.commit_id)
        subject, twin = told
        return Background(subject=subject, packages_before=before, packages_after=after, twin=twin)


def _sighting(place: Seen, manifest: Manifest) -> Sighting:
    return Sighting(
        model=place.model,
        recipe=manifest.recipe,
        is_done=manifest.status is Status.DONE,
        made=(seconds_of(manifest.created) or 0.0, manifest.run or place.commit_id),
        commit_id=place.commit_id,
        run=manifest.run,
    )


def _known_sighting(entry: Facts) -> Sighting:
    return Sighting(
        model=entry.model,
        recipe=entry.recipe,
        is_done=entry.status == Status.DONE.value and not entry.is_broken,
        made=made_at(entry),
        commit_id=entry.commit_id,
        run=entry.run,
    )


def _first_runs(sightings: Iterable[Sighting]) -> dict[tuple[str, str], Sighting]:
    """(model, recipe) -> the first finished run of it."""
    firsts: dict[tuple[str, str], Sighting] = {}
    for one in sightings:
        if one.is_done and one.recipe:
            held = firsts.get((one.model, one.recipe))
            if held is None or one.made < held.made:
                firsts[one.model, one.recipe] = one
    return firsts


def _has_come(absent: str) -> bool:
    """Whether a file is there now that would have said more of a version when it was read."""
    if absent == "[]":
        return False
    try:
        return any(os.path.lexists(path) for path in json.loads(absent))
    except (ValueError, TypeError, RecursionError):
        return True  # the index is input from outside: read again
