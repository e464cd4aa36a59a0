"""The version list refreshed from git: what is new is read, the rest is known.

What reads and compares manifests is imported only when there is a new one: a known list is there much sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlver.catalogue.index import Index, ReplayFacts
from mlver.catalogue.joining import DRAFTS, RUNS, Joined, Seen, listed_of, row_of
from mlver.catalogue.naming import RELEASE_TAG, made_at
from mlver.catalogue.remembering import READER_VERSION, SOURCE
from mlver.catalogue.stored import Facts, Listed
from mlver.errors import ManifestInvalid, MlverError
from mlver.model.identity import MODEL_NAME, RUN_ID
from mlver.model.manifest import Manifest, Status
from mlver.model.moments import seconds_of
from mlver.model.version import Listing, VersionRow
from mlver.progress import Progress, Report, ShouldStop, never, silent
from mlver.store.repository import Repository

if TYPE_CHECKING:
    from mlver.comparing.strip import Background

_TAGS = "refs/tags/"
_REPLAYS = "refs/mlver/replays/"
_BATCH = 200
_KEPT_MANIFESTS = 20_000


@dataclass(slots=True)
class _Reading:
    """What one refresh has read so far."""

    known: dict[tuple[str, str], Facts]
    commits: dict[tuple[str, str], str]
    """(model, run id) -> commit, of everything that has a ref."""
    manifests: dict[str, Manifest] = field(default_factory=dict)
    fresh: list[Seen] = field(default_factory=list)
    """Read now, and readable."""
    broken: list[Facts] = field(default_factory=list)
    """Read now, and for ever wrong."""
    absent: dict[tuple[str, str], Facts] = field(default_factory=dict)
    """What cannot be read today."""
    sightings: list[_Sighting] = field(default_factory=list)
    """Of the fresh ones."""
    subjects: dict[str, str] = field(default_factory=dict)
    """Code commit -> first line of its message."""
    firsts: dict[tuple[str, str], _Sighting] = field(default_factory=dict)
    """(model, recipe) -> the first finished run of it."""


class Catalogue:
    """The versions of one repository. One thread at a time."""

    def __init__(
        self,
        repository: Repository,
        index: Index,
        *,
        is_running: Callable[[str], bool],
        read_replay: Callable[[str], ReplayFacts],
    ) -> None:
        """`read_replay` reads the record at a replay's commit, for the list's replay mark."""
        self._repository = repository
        self._index = index
        self._is_running = is_running
        self._read_replay = read_replay
        self._known: dict[tuple[str, str], Facts] | None = None
        """Facts by (commit, model); None: the index was not asked yet."""
        self._sightings: dict[tuple[str, str], _Sighting] = {}
        self._tags: dict[str, str] | None = None
        self._rows: dict[str, VersionRow] = {}
        self._shown: dict[str, Facts] = {}
        """Ref -> the facts its row was made of."""
        self._listed: dict[str, Listed] = {}

    def refresh(self, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing:
        """The list as git has it now. Stopped early, it holds what was read until then and is not current."""
        refs = self._repository.refs()
        seen, problems = self._places(refs.ids)
        replays, damaged = self._replays(refs.ids)
        joined = Joined(
            seen=seen,
            facts=self._facts(seen, report, should_stop),
            releases=self._releases(refs.ids, refs.peeled),
            replays=replays,
        )
        pairs = listed_of(joined)
        rows = tuple(self._row(listed, facts) for listed, facts in pairs)
        self._rows = {row.ref: row for row in rows}
        self._remember([listed for listed, _ in pairs])
        return Listing(
            rows=rows,
            is_current=not should_stop(),
            problems=(*(f"{one.ref}: {one.why}" for one in refs.problems), *problems, *damaged),
        )

    def _row(self, listed: Listed, facts: Facts) -> VersionRow:
        """The row, the one of the last refresh when nothing about it is new: most of ten thousand are not."""
        if listed == self._listed.get(listed.ref) and facts is self._shown.get(listed.ref):
            row = self._rows.get(listed.ref)
            if row and not row.ref.startswith(DRAFTS):
                return row
        self._shown[listed.ref] = facts
        return row_of(listed, facts, self._is_running)

    def _facts(
        self, seen: tuple[Seen, ...], report: Report, should_stop: ShouldStop
    ) -> Mapping[tuple[str, str], Facts]:
        if self._known is None:
            self._known = self._index.facts(SOURCE, READER_VERSION)
        reading = _Reading(
            known=self._known,
            commits={(one.model, one.ref.rpartition("/")[2]): one.commit_id for one in seen},
        )
        missing = [one for one in seen if (one.commit_id, one.model) not in reading.known]
        for done, one in enumerate(missing):
            if should_stop():
                break
            if done % _BATCH == 0:
                report(Progress(doing="reading versions", done=done, total=len(missing)))
            self._read(one, reading)
        for place, entry in reading.known.items():
            if place not in self._sightings:
                self._sightings[place] = _known_sighting(entry)
        reading.firsts = _first_runs((*self._sightings.values(), *reading.sightings))
        settled = [*reading.broken, *self._settled(reading.fresh, reading)]
        settled += self._settled(self._outdated(seen, reading), reading)
        if settled:
            self._index.keep_facts(SOURCE, READER_VERSION, settled)
            self._known.update({(entry.commit_id, entry.model): entry for entry in settled})
        return {**self._known, **reading.absent} if reading.absent else self._known

    def _read(self, place: Seen, reading: _Reading) -> None:
        """Read one manifest; a version that cannot be read is a row that says why."""
        from mlver.catalogue.facts import broken_facts

        run = place.ref.rpartition("/")[2]
        try:
            manifest = self._manifest(place.commit_id, place.model, reading)
        except ManifestInvalid as error:
            reading.broken.append(broken_facts(place.commit_id, place.model, run, error.message))
        except MlverError as error:
            # What is not present here may be tomorrow: shown, not remembered.
            reading.absent[place.commit_id, place.model] = broken_facts(
                place.commit_id, place.model, run, error.message
            )
        else:
            reading.fresh.append(place)
            reading.sightings.append(_sighting(place, manifest))

    def _settled(self, places: Iterable[Seen], reading: _Reading) -> list[Facts]:
        """The rows with title and strip made against their parent and the first run of their recipe."""
        facts = []
        for place in places:
            try:
                facts.append(self._settle(place, reading))
            except MlverError:
                continue  # it was readable a moment ago; the next refresh looks again
        return facts

    def _outdated(self, seen: Iterable[Seen], reading: _Reading) -> list[Seen]:
        """Known rows whose title was made against another parent or twin than there is now."""
        outdated = []
        for one in seen:
            entry = reading.known.get((one.commit_id, one.model))
            if entry and not entry.is_broken:
                relatives = _relatives(self._sightings[one.commit_id, one.model], entry.parent, reading)
                if entry.compared != " ".join(relatives):
                    outdated.append(one)
        return outdated

    def _settle(self, place: Seen, reading: _Reading) -> Facts:
        from mlver.catalogue.facts import facts_of

        manifest = self._manifest(place.commit_id, place.model, reading)
        relatives = _relatives(_sighting(place, manifest), manifest.parent, reading)
        parent, twin = (
            self._manifest(commit_id, place.model, reading) if commit_id else None for commit_id in relatives
        )
        background = self._background(place.commit_id, manifest, (parent, relatives[0]), twin, reading)
        return facts_of(place.commit_id, manifest, parent, background, " ".join(relatives))

    def _manifest(self, commit_id: str, model: str, reading: _Reading) -> Manifest:
        from mlver.sources.native import read_native

        found = reading.manifests.get(commit_id)
        if found is None:
            found = read_native(self._repository, commit_id, model)
            if len(reading.manifests) < _KEPT_MANIFESTS:
                reading.manifests[commit_id] = found
        return found

    def _background(
        self,
        commit_id: str,
        manifest: Manifest,
        parent: tuple[Manifest | None, str],
        twin: Manifest | None,
        reading: _Reading,
    ) -> Background:
        from mlver.comparing.strip import Background
        from mlver.sources.native import read_packages

        other, other_commit = parent
        before = after = None
        if other and other.environment.digest != manifest.environment.digest:
            before = read_packages(self._repository, other_commit)
            after = read_packages(self._repository, commit_id)
        return Background(
            subject=self._subject(manifest.code.commit, reading),
            packages_before=before,
            packages_after=after,
            twin=twin,
        )

    def _subject(self, code_commit: str | None, reading: _Reading) -> str:
        if not code_commit:
            return ""
        if code_commit not in reading.subjects:
            try:
                reading.subjects[code_commit] = self._repository.commit(code_commit).subject
            except MlverError:
                reading.subjects[code_commit] = ""  # a shallow clone: the code commit is not here
        return reading.subjects[code_commit]

    def _releases(self, ids: Mapping[str, str], peeled: Mapping[str, str]) -> dict[str, str]:
        names = {ref: ref.removeprefix(_TAGS) for ref in ids if ref.startswith(_TAGS) and "@v" in ref}
        tags = {ref: name for ref, name in names.items() if RELEASE_TAG.fullmatch(name)}
        if self._tags is None:
            self._tags = self._index.tag_commits() if tags else {}
        known = self._tags
        fresh: dict[str, str] = {}
        releases = {}
        for ref, name in tags.items():
            commit_id = peeled.get(ref) or known.get(ids[ref])
            if commit_id is None:
                try:
                    commit_id = self._repository.peel(ids[ref])
                except MlverError:
                    continue  # a tag on a tree or a blob, or one whose object is not here, names no version
                fresh[ids[ref]] = commit_id
            releases[name] = commit_id
        if fresh:
            known.update(fresh)
            self._index.keep_tag_commits(fresh)
        return releases

    def _replays(self, ids: Mapping[str, str]) -> tuple[tuple[ReplayFacts, ...], tuple[str, ...]]:
        """The replay records, each under the version it speaks of, and the refs that hold none."""
        refs = {ref: commit_id for ref, commit_id in ids.items() if ref.startswith(_REPLAYS)}
        known = self._index.replays() if refs else {}
        fresh: list[ReplayFacts] = []
        found, problems = [], []
        for ref, commit_id in refs.items():
            try:
                record = known.get(commit_id)
                if record is None:
                    record = self._read_replay(commit_id)
                    fresh.append(record)
            except MlverError as error:
                problems.append(f"{ref}: {error.message}")
                continue
            if record.version == ref.removeprefix(_REPLAYS).partition("/")[0]:
                found.append(record)
            else:
                problems.append(f"{ref}: speaks of another version, {record.version[:12]}")
        if fresh:
            self._index.keep_replays(fresh)
        return tuple(found), tuple(problems)

    def _remember(self, listed: list[Listed]) -> None:
        if not self._listed:
            self._listed = {one.ref: one for one, _ in self._index.newest(READER_VERSION)}
        now = {one.ref: one for one in listed}
        gone = self._listed.keys() - now.keys()
        new = [one for ref, one in now.items() if self._listed.get(ref) != one]
        if gone or new:
            self._index.keep_listed(gone, new)
        self._listed = now

    def _places(self, ids: Mapping[str, str]) -> tuple[tuple[Seen, ...], tuple[str, ...]]:
        """The refs that should hold versions, and what is wrong with those that cannot."""
        seen, problems = [], []
        for ref, object_id in ids.items():
            if not ref.startswith((RUNS, DRAFTS)):
                continue
            row = self._rows.get(ref)
            model = row.model if row else _model_of(ref)
            if model:
                seen.append(Seen(ref, SOURCE, object_id, model))
            else:
                problems.append(f"{ref}: not of the form <model>/<run id>, left out")
        return tuple(seen), tuple(problems)


def _model_of(ref: str) -> str | None:
    """The model a ref speaks of; None when it is of another form than mlver writes."""
    prefix = RUNS if ref.startswith(RUNS) else DRAFTS
    model, _, run = ref.removeprefix(prefix).rpartition("/")
    return model if MODEL_NAME.fullmatch(model) and RUN_ID.fullmatch(run) else None


@dataclass(frozen=True, slots=True)
class _Sighting:
    """As much of a version as tells whether it is the first run of its recipe."""

    model: str
    recipe: str | None
    is_done: bool
    made: tuple[float, str]
    commit_id: str


def _sighting(place: Seen, manifest: Manifest) -> _Sighting:
    return _Sighting(
        model=place.model,
        recipe=manifest.recipe,
        is_done=manifest.status is Status.DONE,
        made=(seconds_of(manifest.created) or 0.0, manifest.run or place.commit_id),
        commit_id=place.commit_id,
    )


def _known_sighting(entry: Facts) -> _Sighting:
    return _Sighting(
        model=entry.model,
        recipe=entry.recipe,
        is_done=entry.status == Status.DONE.value and not entry.is_broken,
        made=made_at(entry),
        commit_id=entry.commit_id,
    )


def _first_runs(sightings: Iterable[_Sighting]) -> dict[tuple[str, str], _Sighting]:
    """(model, recipe) -> the first finished run of it."""
    firsts: dict[tuple[str, str], _Sighting] = {}
    for one in sightings:
        if one.is_done and one.recipe:
            held = firsts.get((one.model, one.recipe))
            if held is None or one.made < held.made:
                firsts[one.model, one.recipe] = one
    return firsts


def _relatives(one: _Sighting, parent: str | None, reading: _Reading) -> tuple[str, str]:
    """Commits of the parent and of the first run of the same recipe; empty where there is none here."""
    first = reading.firsts.get((one.model, one.recipe)) if one.recipe else None
    is_later = first is not None and first.made < one.made
    return reading.commits.get((one.model, parent), "") if parent else "", first.commit_id if first and is_later else ""
