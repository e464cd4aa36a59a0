"""The version list refreshed from git: what is new is read, the rest is known."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlver.catalogue.foreign import Foreign
from mlver.catalogue.index import Index, ReplayFacts
from mlver.catalogue.joining import Joined, listed_of, row_of
from mlver.catalogue.reading import Reading, Sighting
from mlver.catalogue.remembering import READER_VERSION
from mlver.catalogue.seeing import DRAFTS, Seen, recorded
from mlver.catalogue.stored import Facts, FactsKey, Listed
from mlver.catalogue.tags import TagMemory
from mlver.errors import MlverError
from mlver.model.ledger import Ledger
from mlver.model.scope import USUAL, Scope
from mlver.model.standing import releases_by_place, stages_by_place
from mlver.model.version import Listing, VersionRow
from mlver.progress import Report, ShouldStop, never, silent
from mlver.store.repository import Repository

if TYPE_CHECKING:
    from mlver.sources.source import Source

_REPLAYS = "refs/mlver/replays/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """What the catalogue asks of the rooms around it; each is loaded only when it is asked."""

    source_of: Callable[[str], Source]
    """Name -> the source that reads such places."""
    recognise: Callable[[str], tuple[str, str]]
    """Commit -> the source that reads it and the model it names, empty texts where there is none."""
    content_of: Callable[[str], Hashable]
    """All that a commit's tree says of a version."""
    read_replay: Callable[[str], ReplayFacts]
    """The record at a replay's commit, for the list's replay mark."""
    is_running: Callable[[str], bool]
    """Whether the recording with a run id is under way."""


class Catalogue:
    """The versions of one repository. One thread at a time."""

    def __init__(self, repository: Repository, index: Index, readers: Readers, *, default_model: str) -> None:
        """`default_model`: what the model of a repository is called that names none."""
        self._repository = repository
        self._index = index
        self._readers = readers
        self._foreign = Foreign(repository, index, readers.recognise, default_model, readers.content_of)
        self._tags = TagMemory(repository, index)
        self._known: dict[FactsKey, Facts] | None = None
        """None: the index was not asked yet."""
        self._sightings: dict[FactsKey, Sighting] = {}
        self._subjects: dict[str, str] = {}
        """Code commit -> first line of its message."""
        self._rows: dict[str, VersionRow] = {}
        self._shown: dict[str, Facts] = {}
        """Key -> the facts its row was made of."""
        self._listed: dict[str, Listed] = {}
        self._remembered: dict[str, Listed] | None = None
        """What the index holds; None: it was not asked yet."""
        self.ledger = Ledger()
        """Releases and stages as the last refresh found them."""

    def refresh(self, scope: Scope = USUAL, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing:
        """The list as git has it now. Stopped early, it holds what was read until then and is not current."""
        refs = self._repository.refs()
        own, problems = recorded(refs.ids, {row.ref: row.model for row in self._rows.values()})
        self.ledger = self._tags.ledger(refs)
        foreign = self._foreign.seen(refs, scope, own, self.ledger, (report, should_stop))
        seen = [*own, *foreign]
        replays, damaged = self._replays(refs.ids)
        joined = Joined(
            seen=seen,
            facts=self._facts(seen, report, should_stop),
            releases=releases_by_place(self.ledger),
            stages=stages_by_place(self.ledger),
            replays=replays,
        )
        pairs = listed_of(joined)
        rows = {listed.key: self._row(listed, facts) for listed, facts in pairs}
        self._rows = rows
        if scope.is_usual:
            self._remember([listed for listed, _ in pairs])
        self._listed = {listed.key: listed for listed, _ in pairs}
        return Listing(
            rows=tuple(rows[listed.key] for listed, _ in pairs if listed.is_listed),
            is_current=not should_stop(),
            is_cut=self._foreign.is_cut,
            problems=(
                *(f"{one.ref}: {one.why}" for one in refs.problems),
                *problems,
                *self._foreign.problems,
                *self.ledger.problems,
                *damaged,
            ),
            kin=tuple(rows[listed.key] for listed, _ in pairs if not listed.is_listed),
        )

    def _row(self, listed: Listed, facts: Facts) -> VersionRow:
        """The row, the one of the last refresh when nothing about it is new: most of ten thousand are not."""
        if listed == self._listed.get(listed.key) and facts is self._shown.get(listed.key):
            row = self._rows.get(listed.key)
            if row and not row.ref.startswith(DRAFTS):
                return row
        self._shown[listed.key] = facts
        return row_of(listed, facts, self._readers.is_running)

    def _facts(self, seen: list[Seen], report: Report, should_stop: ShouldStop) -> Mapping[FactsKey, Facts]:
        if self._known is None:
            self._known = self._index.facts(READER_VERSION)
        reading = Reading(
            seen={(one.commit_id, one.model): one for one in seen},
            known=self._known,
            source_of=self._readers.source_of,
            subject_of=self._subject,
            runs={(one.model, one.ref.rpartition("/")[2]): one.commit_id for one in seen if one.source == "native"},
        )
        reads = reading.read(self._sightings, report, should_stop)
        if reads.settled:
            self._index.keep_facts(READER_VERSION, reads.settled)
            self._index.keep_params(READER_VERSION, reads.params)
            self._known.update({(source, entry.commit_id, entry.model): entry for source, entry in reads.settled})
        return {**self._known, **reads.absent} if reads.absent else self._known

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

    def _remember(self, listed: list[Listed]) -> None:
        before = self._remembered
        if before is None:
            before = {one.key: one for one in self._index.all_listed(READER_VERSION)}
        self._remembered = now = {one.key: one for one in listed}
        gone = before.keys() - now.keys()
        new = [one for key, one in now.items() if before.get(key) != one]
        if gone or new:
            self._index.keep_listed(gone, new)
