"""The version list: remembered at once, refreshed from git, patched with what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mlver.catalogue.facts import Facts, broken_facts, facts_of
from mlver.catalogue.index import Index, ReplayFacts, Seen
from mlver.catalogue.joining import DRAFTS, RUNS, Joined, rows_of
from mlver.catalogue.naming import RELEASE_TAG, made_at
from mlver.comparing.strip import Background
from mlver.errors import ManifestInvalid, MlverError
from mlver.model.identity import MODEL_NAME, RUN_ID
from mlver.model.manifest import Manifest, Status
from mlver.model.moments import seconds_of
from mlver.model.version import Listing
from mlver.progress import Progress, Report, ShouldStop, never, silent
from mlver.sources.native import READER_VERSION, SOURCE, read_native, read_packages
from mlver.store.repository import Repository

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

    def remembered(self) -> Listing:
        """The list as it was last seen; asks git nothing."""
        replays = self._index.replays()
        joined = Joined(
            seen=self._index.seen(),
            facts=self._index.facts(SOURCE, READER_VERSION),
            releases=self._index.releases(),
            replays=tuple(replays[one] for one in self._index.seen_replays() if one in replays),
            is_running=self._is_running,
        )
        return Listing(rows=rows_of(joined), is_current=False)

    def refresh(self, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing:
        """The list as git has it now. Stopped early, it holds what was read until then and is not current."""
        refs = self._repository.refs()
        seen, problems = _places(refs.ids)
        facts = self._facts(seen, report, should_stop)
        releases = self._releases(refs.ids, refs.peeled)
        replays = self._replays(refs.ids)
        self._remember(seen, releases, replays)
        joined = Joined(
            seen=seen, facts=facts, releases=releases, replays=tuple(replays.values()), is_running=self._is_running
        )
        return Listing(
            rows=rows_of(joined),
            is_current=not should_stop(),
            problems=(*(f"{one.ref}: {one.why}" for one in refs.problems), *problems),
        )

    def _facts(self, seen: tuple[Seen, ...], report: Report, should_stop: ShouldStop) -> dict[tuple[str, str], Facts]:
        reading = _Reading(
            known=self._index.facts(SOURCE, READER_VERSION),
            commits={(one.model, one.ref.rpartition("/")[2]): one.commit_id for one in seen},
        )
        missing = [one for one in seen if (one.commit_id, one.model) not in reading.known]
        for done, one in enumerate(missing):
            if should_stop():
                break
            if done % _BATCH == 0:
                report(Progress(doing="reading versions", done=done, total=len(missing)))
            self._read(one, reading)
        reading.firsts = _first_runs(
            (*(_known_sighting(entry) for entry in reading.known.values()), *reading.sightings)
        )
        settled = [*reading.broken, *self._settled(reading.fresh, reading)]
        settled += self._settled(_outdated(seen, reading), reading)
        self._index.keep_facts(SOURCE, READER_VERSION, settled)
        return reading.known | {(entry.commit_id, entry.model): entry for entry in settled}

    def _read(self, place: Seen, reading: _Reading) -> None:
        """Read one manifest; a version that cannot be read is a row that says why."""
        run = place.ref.rpartition("/")[2]
        try:
            manifest = self._manifest(place.commit_id, place.model, reading)
        except ManifestInvalid as error:
            reading.broken.append(broken_facts(place.commit_id, place.model, run, error.message))
        except MlverError as error:
            # What is not present here may be tomorrow: shown, not remembered.
            reading.known[place.commit_id, place.model] = broken_facts(place.commit_id, place.model, run, error.message)
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

    def _settle(self, place: Seen, reading: _Reading) -> Facts:
        manifest = self._manifest(place.commit_id, place.model, reading)
        relatives = _relatives(_sighting(place, manifest), manifest.parent, reading)
        parent, twin = (
            self._manifest(commit_id, place.model, reading) if commit_id else None for commit_id in relatives
        )
        background = self._background(place.commit_id, manifest, (parent, relatives[0]), twin, reading)
        return facts_of(place.commit_id, manifest, parent, background, " ".join(relatives))

    def _manifest(self, commit_id: str, model: str, reading: _Reading) -> Manifest:
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
        known = self._index.tag_commits() if tags else {}
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
            self._index.keep_tag_commits(fresh)
        return releases

    def _replays(self, ids: Mapping[str, str]) -> dict[str, ReplayFacts]:
        commits = {ids[ref] for ref in ids if ref.startswith(_REPLAYS)}
        if not commits:
            return {}
        known = self._index.replays()
        fresh = {}
        for commit_id in commits - known.keys():
            try:
                fresh[commit_id] = self._read_replay(commit_id)
            except MlverError:
                continue  # a damaged record is shown in the version's detail, and counts for nothing here
        if fresh:
            self._index.keep_replays(fresh.values())
        everything = known | fresh
        return {commit_id: everything[commit_id] for commit_id in commits if commit_id in everything}

    def _remember(
        self, seen: tuple[Seen, ...], releases: Mapping[str, str], replays: Mapping[str, ReplayFacts]
    ) -> None:
        before = {one.ref: one for one in self._index.seen()}
        now = {one.ref: one for one in seen}
        gone = before.keys() - now.keys()
        new = [one for ref, one in now.items() if before.get(ref) != one]
        if gone or new:
            self._index.keep_seen(gone, new)
        if releases != self._index.releases():
            self._index.keep_releases(releases)
        if replays.keys() != self._index.seen_replays():
            self._index.keep_seen_replays(replays)


def _places(ids: Mapping[str, str]) -> tuple[tuple[Seen, ...], tuple[str, ...]]:
    """The refs that should hold versions, and what is wrong with those that cannot."""
    seen, problems = [], []
    for ref, object_id in ids.items():
        prefix = next((prefix for prefix in (RUNS, DRAFTS) if ref.startswith(prefix)), None)
        if prefix is None:
            continue
        model, _, run = ref.removeprefix(prefix).rpartition("/")
        if MODEL_NAME.fullmatch(model) and RUN_ID.fullmatch(run):
            seen.append(Seen(ref=ref, source=SOURCE, commit_id=object_id, model=model))
        else:
            problems.append(f"{ref}: not of the form <model>/<run id>, left out")
    return tuple(seen), tuple(problems)


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


def _outdated(seen: Iterable[Seen], reading: _Reading) -> list[Seen]:
    """Known rows whose title was made against another parent or twin than there is now."""
    outdated = []
    for one in seen:
        entry = reading.known.get((one.commit_id, one.model))
        if entry and not entry.is_broken:
            relatives = _relatives(_known_sighting(entry), entry.parent, reading)
            if entry.compared != " ".join(relatives):
                outdated.append(one)
    return outdated
