"""The versions that mlver did not record: what kind each commit is of, which model it belongs to, who its parent is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from mlver.catalogue.index import Index
from mlver.catalogue.lineage import COMMITS_WALKED, Lineage
from mlver.catalogue.remembering import READER_VERSION
from mlver.catalogue.seeing import BRANCHES, TAGS, Named, Seen, display_name, foreign_refs, foremost, named_commits
from mlver.catalogue.walking import walk
from mlver.errors import MlverError, ObjectMissing, VersionNotFound
from mlver.model.ledger import Ledger
from mlver.model.scope import Scope
from mlver.progress import Progress, Report, ShouldStop
from mlver.store.repository import Refs, Repository

NATIVE = "native"
PLAIN = "plain"

_BATCH = 100
_PROBLEMS_SAID = 50


@dataclass(slots=True)
class Foreign:
    """Finds them; one object lives as long as the catalogue."""

    repository: Repository
    index: Index
    recognise: Callable[[str], tuple[str, str]]
    """Commit -> the source that reads it, and the model it names itself; empty texts where there is none."""
    default_model: str
    """The name of the only model of a repository that names none."""
    content_of: Callable[[str], Hashable]
    """All that a commit's tree says of a version: two commits with equal ones are one version."""
    problems: list[str] = field(default_factory=list)
    """What the last look found wrong."""
    is_cut: bool = False
    """The last look hit a limit."""
    _commits: dict[str, str] | None = None
    """Object behind a tag -> commit, as far as known."""
    _kinds: dict[str, tuple[str, str]] | None = None

    def seen(
        self, refs: Refs, scope: Scope, recorded: Iterable[Seen], ledger: Ledger, ask: tuple[Report, ShouldStop]
    ) -> list[Seen]:
        """Every foreign version that the refs name, and the commits that experiments are held against."""
        self.problems, self.is_cut = [], False
        own = list(recorded)
        runs = {one.commit_id for one in own}
        commits = {ref: one for ref, one in self._peeled(refs, scope).items() if one not in runs}
        named = named_commits(commits, refs.head.branch)
        bases = {one.base for one in named if one.base} - {one.commit_id for one in named}
        named += [Named(commit_id=commit_id, refs=(), is_listed=False) for commit_id in sorted(bases)]
        here = {one.commit_id for one in named} | runs
        named += [Named(commit_id=one, refs=(), is_listed=False) for one in scope.places if one not in here]
        if scope.commits is not None:
            named = self._with_walked(named, refs, scope, runs)
        kinds = self._kinds_of([one.commit_id for one in named], *ask)
        models = _Models.of(ledger, self.default_model, {one.model for one in own})
        seen = [found for one in named for found in _places(one, kinds.get(one.commit_id, ("", "")), models)]
        return self._with_parents(seen, named)

    def _peeled(self, refs: Refs, scope: Scope) -> dict[str, str]:
        """Ref -> commit."""
        if self._commits is None:
            self._commits = self.index.tag_commits()
        fresh: dict[str, str] = {}
        found = {}
        for ref, object_id in foreign_refs(refs, scope).items():
            commit_id = refs.peeled.get(ref) or self._commits.get(object_id)
            if commit_id is None and not ref.startswith(TAGS):
                commit_id = object_id
            elif commit_id is None:
                try:
                    commit_id = fresh[object_id] = self.repository.peel(object_id)
                except MlverError as error:
                    self.problems.append(f"{ref}: {error.message}")
                    continue
            found[ref] = commit_id
        if fresh:
            self._commits.update(fresh)
            self.index.keep_tag_commits(fresh)
        if len(self.problems) > _PROBLEMS_SAID:
            self.problems[_PROBLEMS_SAID:] = [f"{len(self.problems) - _PROBLEMS_SAID} more refs like these"]
        return found

    def _with_walked(self, named: list[Named], refs: Refs, scope: Scope, runs: set[str]) -> list[Named]:
        """Beside what refs name, the commits of a branch that changed an input or an output."""
        tip = self._tip(refs, scope.commits or "")
        walked = walk(tip, scope.limit, first_parent=self._first_parent, content=self.content_of)
        if walked.is_cut:
            self.is_cut = True
            branch = scope.commits or refs.head.branch or "HEAD"
            self.problems.append(f"only the newest {scope.limit} commits of {branch} were looked at (--limit)")
        listed = {one.commit_id for one in named if one.is_listed}
        fresh = [commit_id for commit_id in walked.commits if commit_id not in listed | runs]
        kept = [one for one in named if one.commit_id not in fresh]
        return kept + [Named(commit_id=commit_id, refs=()) for commit_id in fresh]

    def _tip(self, refs: Refs, branch: str) -> str:
        """The newest commit of a branch; of the current one when none is named. Raises VersionNotFound."""
        names = (BRANCHES + branch, "refs/remotes/" + branch, branch) if branch else ()
        tip = next((refs.ids[name] for name in names if name in refs.ids), None) if branch else refs.head.commit
        if tip is None:
            branches = [display_name(ref) for ref in refs.ids if ref.startswith(BRANCHES)]
            hint = f"there are: {', '.join(branches[:10])}" if branches else "there are no commits yet"
            raise VersionNotFound(f"no branch is called {branch!r}" if branch else "there is no commit yet", hint=hint)
        return self.repository.peel(tip)

    def _first_parent(self, commit_id: str) -> str:
        try:
            return next(iter(self.repository.parents(commit_id)), "")
        except MlverError:
            return ""

    def _kinds_of(
        self, commits: Iterable[str], report: Report, should_stop: ShouldStop
    ) -> Mapping[str, tuple[str, str]]:
        if self._kinds is None:
            self._kinds = self.index.places(READER_VERSION)
        missing = [one for one in commits if one not in self._kinds]
        fresh = {}
        for done, commit_id in enumerate(missing):
            if should_stop():
                break
            if done % _BATCH == 0:
                report(Progress(doing="looking at commits", done=done, total=len(missing)))
            try:
                fresh[commit_id] = self.recognise(commit_id)
            except ObjectMissing as error:
                self.problems.append(f"{commit_id[:10]}: {error.message}")
            except MlverError as error:
                self.problems.append(f"{commit_id[:10]}: {error.message}")
                fresh[commit_id] = ("", "")
        if fresh:
            self._kinds.update(fresh)
            self.index.keep_places(READER_VERSION, fresh)
        return self._kinds

    def _with_parents(self, seen: list[Seen], named: Iterable[Named]) -> list[Seen]:
        if not seen:
            return []
        bases = {one.commit_id: one.base for one in named if one.base}
        by_model: dict[str, set[str]] = defaultdict(set)
        for one in seen:
            by_model[one.model].add(one.commit_id)
        parents = self._parents(by_model)
        found = []
        for one in seen:
            base = bases.get(one.commit_id, "")
            nearest = parents.get(f"{one.commit_id}/{one.model}", "")
            found.append(one._replace(parent=base if base in by_model[one.model] else nearest))
        return found

    def _parents(self, by_model: Mapping[str, set[str]]) -> dict[str, str]:
        """`<commit>/<model>` -> commit of the parent. Git is asked only when other commits are listed than before."""
        text = "\n".join(f"{model} {' '.join(sorted(commits))}" for model, commits in sorted(by_model.items()))
        listed = sha256(text.encode(errors="surrogateescape")).hexdigest()
        known = self.index.lineage(listed)
        if known is not None:
            return known
        found: dict[str, str] = {}
        is_whole = True
        for model, commits in by_model.items():
            lineage = Lineage(self.repository.parents, commits)
            found |= {f"{one}/{model}": parent for one in commits if (parent := lineage.parent_of(one))}
            if not lineage.is_complete:
                is_whole, self.is_cut = False, True
                self.problems.append(
                    f"more than {COMMITS_WALKED} commits lie between versions: some parents are unknown"
                )
        if is_whole:
            self.index.keep_lineage(listed, found)
        return found


@dataclass(frozen=True, slots=True)
class _Models:
    """Which models a commit belongs to."""

    by_commit: Mapping[str, tuple[str, ...]]
    """As the ledger says."""
    default: str
    recorded: frozenset[str]
    """Models that mlver recorded runs of."""
    events: frozenset[str]
    """Refs that release or move a version: they show as the release or the stage they make."""

    @classmethod
    def of(cls, ledger: Ledger, default: str, recorded: Iterable[str]) -> _Models:
        by_commit: dict[str, list[str]] = defaultdict(list)
        for event in ledger.events:
            if event.model not in by_commit[event.place]:
                by_commit[event.place].append(event.model)
        models = {event.model for event in ledger.events}
        return cls(
            {commit_id: tuple(names) for commit_id, names in by_commit.items()},
            next(iter(models)) if len(models) == 1 else default,
            frozenset(recorded),
            frozenset(TAGS + event.tag for event in ledger.events),
        )

    def of_commit(self, commit_id: str, named: str) -> tuple[str, ...]:
        return self.by_commit.get(commit_id) or (named or self.default,)


def _places(one: Named, kind: tuple[str, str], models: _Models) -> list[Seen]:
    """The versions at one commit: one per model that it belongs to."""
    source, named = kind
    if not source or (source == PLAIN and named in models.recorded):
        # Where mlver records a model, its commits are the code of the runs and no versions of their own.
        return []
    names = tuple(display_name(ref) for ref in one.refs if ref not in models.events)
    found = (named,) if source == NATIVE else models.of_commit(one.commit_id, named)
    return [
        Seen(
            f"{one.commit_id}/{model}",
            foremost(one.refs),
            source,
            one.commit_id,
            model,
            names or (() if one.refs else (one.commit_id[:10],)),
            is_listed=one.is_listed,
        )
        for model in found
    ]
