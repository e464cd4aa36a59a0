"""Which refs name versions, and by what names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from mlver.catalogue.stored import FactsKey
from mlver.model.names import MODEL_NAME, RUN_ID
from mlver.model.scope import Scope
from mlver.model.source_names import NATIVE

if TYPE_CHECKING:
    from mlver.store.repository import Refs

RUNS = "refs/mlver/runs/"
DRAFTS = "refs/mlver/drafts/"
TAGS = "refs/tags/"
BRANCHES = "refs/heads/"
EXPERIMENTS = "refs/exps/"

_OWN = "refs/mlver"
_EXPERIMENT = re.compile(r"refs/exps/(?P<front>[0-9a-f]{2})/(?P<rest>[0-9a-f]{38})/(?P<name>[^/]+)")
"""An experiment of DVC: the commit it started from, and its name. Its other refs are its own affair."""


class Seen(NamedTuple):
    """A place that holds a version. A tuple: ten thousand are made at once."""

    key: str
    """Of its row."""
    ref: str
    """The ref that names it first; empty: none does."""
    source: str
    commit_id: str
    model: str
    names: tuple[str, ...] = ()
    """Of a version that mlver did not record: what its refs call it, the foremost first."""
    parent: str = ""
    """Of a version that mlver did not record: the commit of its parent; empty: none is here."""
    is_listed: bool = True
    """False: only what others are held against."""

    @property
    def facts_key(self) -> FactsKey:
        """Under which the index keeps what is read there."""
        return (self.source, self.commit_id, self.model)


class Named(Struct, frozen=True, kw_only=True):
    """A commit that refs other than mlver's own name."""

    commit_id: str
    refs: tuple[str, ...]
    """The foremost first: tags, then experiments, then branches, then others."""
    base: str = ""
    """Of an experiment: the commit it started from."""
    is_listed: bool = True
    """False: it is only there for others to be held against."""


def recorded(ids: Mapping[str, str], models: Mapping[str, str]) -> tuple[list[Seen], list[str]]:
    """The runs that mlver recorded, and what is wrong with refs that are none. `models`: ref -> model, if known."""
    seen, problems = [], []
    for ref, object_id in ids.items():
        if not ref.startswith((RUNS, DRAFTS)):
            continue
        model = models.get(ref) or model_of(ref)
        if model:
            seen.append(Seen(run_key(ref), ref, NATIVE, object_id, model))
        else:
            problems.append(f"{ref}: not of the form <model>/<run id>, left out")
    return seen, problems


def model_of(ref: str) -> str | None:
    """The model that the ref of a run speaks of; None when it is of another form than mlver writes."""
    prefix = RUNS if ref.startswith(RUNS) else DRAFTS
    model, _, run = ref.removeprefix(prefix).rpartition("/")
    return model if MODEL_NAME.fullmatch(model) and RUN_ID.fullmatch(run) else None


def run_key(ref: str) -> str:
    """The key of a run's row: the same for a draft and the run it becomes, so the cursor stays on it."""
    prefix = RUNS if ref.startswith(RUNS) else DRAFTS
    return "runs/" + ref.removeprefix(prefix)


def foreign_refs(refs: Refs, scope: Scope) -> dict[str, str]:
    """Ref -> object id of everything beside mlver's own refs that may name a version."""
    found = {ref: object_id for ref, object_id in refs.ids.items() if _is_usual(ref) or _is_asked_for(ref, scope)}
    if refs.head.commit and refs.head.branch is None:
        found["HEAD"] = refs.head.commit  # a continuous integration's checkout stands on no branch
    return found


def _is_usual(ref: str) -> bool:
    return ref.startswith((TAGS, BRANCHES)) or (ref.startswith(EXPERIMENTS) and bool(_EXPERIMENT.fullmatch(ref)))


def _is_asked_for(ref: str, scope: Scope) -> bool:
    if ref.startswith(_OWN):
        return False
    names = (ref, ref.removeprefix("refs/"), ref.removeprefix("refs/remotes/"))
    return any(fnmatchcase(name, pattern) for pattern in scope.refs for name in names)


def base_of(ref: str) -> str:
    """The commit that an experiment started from; empty for every other ref."""
    match = _EXPERIMENT.fullmatch(ref) if ref.startswith(EXPERIMENTS) else None
    return match["front"] + match["rest"] if match else ""


def named_commits(commits: Mapping[str, str], branch: str | None) -> list[Named]:
    """The commits that refs name, from ref -> commit; the current branch goes before the others."""
    by_commit: dict[str, list[str]] = {}
    for ref, commit_id in commits.items():
        by_commit.setdefault(commit_id, []).append(ref)
    return [
        Named(
            commit_id=commit_id,
            refs=tuple(sorted(refs, key=lambda ref: _rank(ref, branch))),
            base=next(filter(None, map(base_of, refs)), ""),
        )
        for commit_id, refs in by_commit.items()
    ]


def display_name(ref: str) -> str:
    """What people call a ref."""
    for prefix in (TAGS, BRANCHES, "refs/remotes/"):
        if ref.startswith(prefix):
            return ref.removeprefix(prefix)
    match = _EXPERIMENT.fullmatch(ref)
    return match["name"] if match else ref.removeprefix("refs/")


_VERSION = re.compile(r"(?:^|[/@])[vV]?\d[0-9A-Za-z.+-]*$")


def _rank(ref: str, branch: str | None) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    kind = next((place for place, prefix in enumerate((TAGS, EXPERIMENTS, BRANCHES)) if ref.startswith(prefix)), 3)
    is_current = branch is not None and ref == BRANCHES + branch
    if is_current:
        return (kind, ())
    # Among tags a number of a version says more than words: v2 before best-so-far.
    is_words = kind == 0 and not _VERSION.search(ref)
    return (kind, ((int(is_words), 0, ""), *_reversed_parts(ref)))


def _reversed_parts(ref: str) -> Iterator[tuple[int, int, str]]:
    """Sort key: numbers downwards, so that v1.10 is named before v1.9; words upwards."""
    for part in re.findall(r"\d+|\D+", ref):
        digits = part.lstrip("0")
        yield (0, 0, part) if not part.isdecimal() else (1, -len(digits), _downwards(digits))


def _downwards(digits: str) -> str:
    return digits.translate(_NINES_COMPLEMENT)


_NINES_COMPLEMENT = str.maketrans("0123456789", "9876543210")


def foremost(refs: Iterable[str]) -> str:
    """The first ref, or none."""
    return next(iter(refs), "")
