"""The versions of one git repository: what is new is read, the rest is known."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.catalogue.foreign import Foreign
from mlver.catalogue.gathering import Gathered
from mlver.catalogue.index import Index, ReplayFacts
from mlver.catalogue.joining import Joined, listed_of
from mlver.catalogue.meanings import Meanings
from mlver.catalogue.naming import default_name
from mlver.catalogue.reading import Reading, Sighting
from mlver.catalogue.remembering import READER_VERSION
from mlver.catalogue.seeing import Seen, recorded
from mlver.catalogue.stored import Facts, FactsKey
from mlver.catalogue.tags import TagMemory
from mlver.errors import MlverError
from mlver.model.scope import Scope
from mlver.model.source_names import NATIVE
from mlver.model.standing import releases_by_place, stages_by_place
from mlver.progress import Report, ShouldStop
from mlver.store.repository import Repository

if TYPE_CHECKING:
    from mlver.catalogue.histories import Histories
    from mlver.sources.source import Source

_REPLAYS = "refs/mlver/replays/"


class Readers(Struct, frozen=True, kw_only=True):
    """What is asked of the rooms around the catalogue; each is loaded only when it is asked."""

    source_of: Callable[[str], Source]
    """Name -> the source that reads such places."""
    recognise: Callable[[str], tuple[str, str]]
    """Commit -> the source that reads it and the model it names, empty texts where there is none."""
    content_of: Callable[[str], Hashable]
    """All that a commit's tree says of a version."""
    meanings: Meanings
    """What the project says today of metrics."""
    read_replay: Callable[[str], ReplayFacts]
    """The record at a replay's commit, for the list's replay mark."""

    @classmethod
    def of(cls, histories: Histories, read_replay: Callable[[str], ReplayFacts]) -> Readers:
        """Those of the histories at one place."""
        return cls(
            source_of=histories.named,
            recognise=histories.recognise,
            content_of=histories.content_of,
            meanings=histories.meanings,
            read_replay=read_replay,
        )


class GitVersions:
    """Recorded runs, and what tags, branches and experiments name. One thread at a time."""

    def __init__(self, repository: Repository, index: Index, readers: Readers) -> None:
        self._repository = repository
        self._index = index
        self._readers = readers
        default_model = default_name(repository.remote_url, repository.common_dir)
        self._foreign = Foreign(repository, index, readers.recognise, default_model, readers.content_of)
        self._tags = TagMemory(repository, index)
        self._known: dict[FactsKey, Facts] | None = None
        """None: the index was not asked yet."""
        self._compared: set[FactsKey] = set()
        """What the last refresh saw."""
        self._sightings: dict[FactsKey, Sighting] = {}
        self._models: dict[str, str] = {}
        """Ref of a run -> its model: ten thousand names are taken apart once."""
        self._subjects: dict[str, str] = {}
        """Code commit -> first line of its message."""

    def gather(self, scope: Scope, report: Report, should_stop: ShouldStop) -> Gathered:
        """The versions as git has them now; stopped early, those that were read until then."""
        refs = self._repository.refs()
        own, problems = recorded(refs.ids, self._models)
        self._models = {one.ref: one.model for one in own}
        ledger = self._tags.ledger(refs)
        foreign = self._foreign.seen(refs, scope, own, ledger, (report, should_stop))
        seen = [*own, *foreign]
        replays, damaged = self._replays(refs.ids)
        joined = Joined(
            seen=seen,
            facts=self._facts(seen, refs.head.commit, (report, should_stop), is_kept=scope.is_usual),
            releases=releases_by_place(ledger),
            stages=stages_by_place(ledger),
            replays=replays,
        )
        broken = [f"{one.ref}: {one.why}" for one in refs.problems]
        return Gathered(
            pairs=listed_of(joined),
            ledger=ledger,
            problems=(*broken, *problems, *self._foreign.problems, *ledger.problems, *damaged),
            is_cut=self._foreign.is_cut,
        )

    def _facts(
        self, seen: Iterable[Seen], head: str | None, ask: tuple[Report, ShouldStop], *, is_kept: bool
    ) -> Mapping[FactsKey, Facts]:
        if self._known is None:
            self._known = self._index.facts(READER_VERSION)
        keys = {one.facts_key for one in seen}
        reading = Reading(
            seen={(one.commit_id, one.model): one for one in seen},
            known=self._known,
            source_of=self._readers.source_of,
            subject_of=self._subject,
            meant=lambda manifest: self._readers.meanings.meant(manifest, head),
            rules=self._rules(head) if any(one.source != NATIVE for one in seen) else "",
            absences=lambda: self._repository.absences,
            is_first=not self._compared or not self._compared <= keys,
        )
        reads = reading.read(self._sightings, *ask)
        self._compared = keys
        if reads.settled:
            # Held against the parents of a list that was asked for once, a row must not replace that of the usual list.
            kept = (pair for pair in reads.settled if is_kept or _key_of(pair) not in self._known)
            self._index.keep_facts(READER_VERSION, kept)
            self._index.keep_params(READER_VERSION, reads.params)
            self._known.update({_key_of(pair): pair[1] for pair in reads.settled})
        return self._known

    def _rules(self, head: str | None) -> str:
        """Differs when the project file of the current commit says something else."""
        if head is None:
            return ""
        known = self._index.rules(head)
        if known is None:
            known = self._readers.meanings.digest(head)
            self._index.keep_rules(head, known)
        return known

    def _subject(self, code_commit: str) -> str:
        if code_commit not in self._subjects:
            try:
                self._subjects[code_commit] = self._repository.commit(code_commit).subject
            except MlverError:
                self._subjects[code_commit] = ""  # a shallow clone: the code commit is not here
        return self._subjects[code_commit]

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
                    record = self._readers.read_replay(commit_id)
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


def _key_of(pair: tuple[str, Facts]) -> FactsKey:
    source, facts = pair
    return source, facts.commit_id, facts.model
