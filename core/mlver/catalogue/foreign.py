"""The versions that mlver did not record: what kind each commit is of, which model it belongs to, who its parent is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping

from msgspec import Struct, field

from mlver.catalogue.index import Index
from mlver.catalogue.remembering import READER_VERSION
from mlver.catalogue.seeing import BRANCHES, TAGS, Named, Seen, display_name, foreign_refs, foremost, named_commits
from mlver.comparing.wording import amount
from mlver.errors import MlverError, VersionNotFound
from mlver.model.ledger import Ledger
from mlver.model.scope import Scope
from mlver.model.source_names import NATIVE, PLAIN
from mlver.progress import Progress, Report, ShouldStop
from mlver.store.repository import Refs, Repository

_BATCH = 100
_PROBLEMS_SAID = 50


class Foreign(Struct):
    """Finds them; one object lives as long as the catalogue."""

    repository: Repository
    index: Index
    recognise: Callable[[str], tuple[str, str]]
    """Commit -> the source that reads it, and the model it names itself; empty texts where there is none."""
    default_model: str
    """The name of the only model of a repository that names none."""
    content_of: Callable[[str], Hashable]
    """All that a commit's tree says of a version: two commits with equal ones are one version."""
    is_cut: bool = False
    """The last look hit a limit."""
    _limits: list[str] = field(default_factory=list)
    """Those it hit."""
    _refused: list[str] = field(default_factory=list)
    """Refs that hold no version, and why."""
    _commits: dict[str, str] | None = None
    """Object behind a tag -> commit, as far as known."""
    _kinds: dict[str, tuple[str, str]] | None = None

    def seen(
        self, refs: Refs, scope: Scope, recorded: Iterable[Seen], ledger: Ledger, ask: tuple[Report, ShouldStop]
    ) -> list[Seen]:
        """Every foreign version that the refs name, and the commits that experiments are held against."""
        self._limits, self._refused, self.is_cut = [], [], False
        own = list(recorded)
        runs = {one.commit_id for one in own}
        commits = {ref: one for ref, one in self._peeled(refs, scope).items() if one not in runs}
        named = named_commits(commits, refs.head.branch)
        bases = {one.base for one in named if one.base} - {one.commit_id for one in named} - runs
        named += [Named(commit_id=commit_id, refs=(), is_listed=False) for commit_id in sorted(bases)]
        here = {one.commit_id for one in named} | runs
        named += [Named(commit_id=one, refs=(), is_listed=False) for one in scope.places if one not in here]
        if scope.commits is not None:
            named = self._with_walked(named, refs, scope, runs)
        kinds = self._kinds_of(named, *ask)
        models = _Models.of(ledger, self.default_model, {one.model for one in own})
        seen = [found for one in named for found in _places(one, kinds.get(one.commit_id, ("", "")), models)]
        return self._with_parents(seen, named, is_kept=scope.is_usual and not scope.places)

    @property
    def problems(self) -> tuple[str, ...]:
        """What the last look found wrong; bounded, for a hostile repository has a hundred thousand such refs."""
        more = len(self._refused) - _PROBLEMS_SAID
        untold = [f"{amount(more, 'more ref')} like these"] if more > 0 else []
        return (*self._limits, *self._refused[:_PROBLEMS_SAID], *untold)

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
                    self._refused.append(f"{ref}: {error.message}")
                    continue
            found[ref] = commit_id
        if fresh:
            self._commits.update(fresh)
            self.index.keep_tag_commits(fresh)
        return found

    def _with_walked(self, named: list[Named], refs: Refs, scope: Scope, runs: set[str]) -> list[Named]:
        """Beside what refs name, the commits of a branch that changed an input or an output."""
        tip = self._tip(refs, scope.commits or "")
        from mlver.catalogue.walking import walk

        walked = walk(tip, scope.limit, first_parent=self._first_parent, content=self.content_of)
        branch = scope.commits or refs.head.branch or "HEAD"
        if walked.is_cut:
            self._limits.append(f"only the newest {scope.limit} commits of {branch} were looked at (--limit)")
        if not walked.is_whole:
            self._limits.append(f"some commits of {branch} are not here, or their files: others may be versions too")
        self.is_cut = self.is_cut or walked.is_cut or not walked.is_whole
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
        return next(iter(self.repository.parents(commit_id)), "")

    def _kinds_of(
        self, named: Iterable[Named], report: Report, should_stop: ShouldStop
    ) -> Mapping[str, tuple[str, str]]:
        if self._kinds is None:
            self._kinds = self.index.places(READER_VERSION)
        missing = [one for one in named if one.commit_id not in self._kinds]
        fresh: dict[str, tuple[str, str]] = {}
        partial: dict[str, tuple[str, str]] = {}
        for done, one in enumerate(missing):
            if should_stop():
                break
            if done % _BATCH == 0:
                report(Progress(doing="looking at commits", done=done, total=len(missing)))
            absences = self.repository.absences
            try:
                kind = self.recognise(one.commit_id)
            except MlverError as error:
                self._refused.append(f"{foremost(one.refs) or one.commit_id[:10]}: {error.message}")
            else:
                # Of a commit that is not whole here, the folder that tells its kind may arrive tomorrow.
                (fresh if self.repository.absences == absences else partial)[one.commit_id] = kind
        if fresh:
            self._kinds.update(fresh)
            self.index.keep_places(READER_VERSION, fresh)
        return {**self._kinds, **partial} if partial else self._kinds

    def _with_parents(self, seen: list[Seen], named: Iterable[Named], *, is_kept: bool) -> list[Seen]:
        if not seen:
            return []
        bases = {one.commit_id: one.base for one in named if one.base}
        places = {(one.commit_id, one.model) for one in seen}
        parents = self._parents(seen, is_kept=is_kept)
        found = []
        for one in seen:
            base = bases.get(one.commit_id, "")
            nearest = parents.get(f"{one.commit_id}/{one.model}", "")
            parent = next((it for it in (base, nearest) if it != one.commit_id and (it, one.model) in places), "")
            found.append(one._replace(parent=parent))
        return found

    def _parents(self, seen: Iterable[Seen], *, is_kept: bool) -> dict[str, str]:
        """`<commit>/<model>` -> commit of the parent. Git is asked only when other commits are listed than before.

        `is_kept`: they are remembered. One list is, so another asked for once must not take its place.
        """
        listed: dict[str, set[str]] = defaultdict(set)
        asked: dict[str, set[str]] = defaultdict(set)
        for one in seen:
            asked[one.model].add(one.commit_id)
            if one.is_listed:  # what nobody sees in the list is nobody's parent
                listed[one.model].add(one.commit_id)
        digest = _digest(asked, listed)
        known = self.index.lineage(digest)
        if known is not None:
            return known
        found, is_whole = self._walked_parents(asked, listed)
        if is_kept and is_whole and not self.repository.is_shallow:
            self.index.keep_lineage(digest, found)
        return found

    def _walked_parents(
        self, asked: Mapping[str, set[str]], listed: Mapping[str, set[str]]
    ) -> tuple[dict[str, str], bool]:
        """`<commit>/<model>` -> commit of the parent, and whether nothing stood in the way of finding all of them."""
        from mlver.catalogue.lineage import COMMITS_WALKED, Ancestry, Lineage

        ancestry = Ancestry(self.repository.parents, COMMITS_WALKED)
        found: dict[str, str] = {}
        limits = []
        for model, commits in asked.items():
            lineage = Lineage(ancestry, listed.get(model, ()))
            found |= {f"{one}/{model}": parent for one in commits if (parent := lineage.parent_of(one))}
            if lineage.is_cut:
                limits.append(f"too many merged commits lie between versions of {model}: some parents are unknown")
        if ancestry.is_cut:
            limits.append(f"more than {COMMITS_WALKED} commits lie between versions: some parents are unknown")
        self._limits += limits
        self.is_cut = self.is_cut or bool(limits)
        return found, ancestry.is_whole and not limits


def _digest(*groups: Mapping[str, Iterable[str]]) -> str:
    """Of commits by model."""
    from hashlib import sha256

    lines = (f"{model} {' '.join(sorted(commits))}" for group in groups for model, commits in sorted(group.items()))
    return sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


class _Models(Struct, frozen=True):
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
    if not source and one.commit_id in models.by_commit:
        source = PLAIN  # whoever registered it says that it is a version, whatever its files say
    if not source or (source == PLAIN and named in models.recorded):
        # Where mlver records a model, its commits are the code of the runs and no versions of their own.
        return []
    names = tuple(display_name(ref) for ref in one.refs if ref not in models.events)
    found = (named,) if source == NATIVE else models.of_commit(one.commit_id, named)
    return [
        Seen(
            f"{one.commit_id}/{model}",
            foremost(ref for ref in one.refs if ref not in models.events) or foremost(one.refs),
            source,
            one.commit_id,
            model,
            names or (() if one.refs else (one.commit_id[:10],)),
            is_listed=one.is_listed,
        )
        for model in found
    ]
