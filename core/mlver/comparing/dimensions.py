"""Which dimensions of a version differ from its parent's: one question per letter of `CDPEHS`."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from mlver.comparing.configs import compare_data
from mlver.comparing.digests import kind_by_digest
from mlver.comparing.leaves import PathLeaf, path_changes
from mlver.model.change import Change, Kind
from mlver.model.data import Scalar, same_leaf
from mlver.model.manifest import CodeFacts, DataFacts, FileFact, HardwareFacts, Manifest
from mlver.model.project_file import SOURCE_PATTERNS

_SEED_NAMES = ("*seed*", "random_state", "*_random_state")

Answer = bool | None
"""True: differs. None: not known."""


def differing(before: Manifest, after: Manifest) -> dict[str, Answer]:
    """Letter of the dimension -> whether it differs."""
    questions: dict[str, Callable[[Manifest, Manifest], Answer]] = {
        "C": _code,
        "D": _data,
        "P": _params,
        "E": _environment,
        "H": _hardware,
        "S": _seeds,
    }
    return {letter: question(before, after) for letter, question in questions.items()}


def changed_params(before: Manifest, after: Manifest) -> tuple[PathLeaf, ...]:
    """The params that differ, without noise keys and without those that only repeat a seed."""
    tree = compare_data(dict(before.params), dict(after.params), label="params", ignore=after.ignore)
    return counted_params(tree, before, after)


def counted_params(tree: Change, before: Manifest, after: Manifest) -> tuple[PathLeaf, ...]:
    """The same where the params of both were compared already: of 50,000 each walk is felt."""
    changed = (
        leaf
        for leaf in path_changes(tree)
        if leaf.change.is_change and not may_stand_unread(leaf.change.kind, before, after)
    )
    return tuple(leaf for leaf in changed if not _repeats_a_seed(leaf, before, after))


def external_data(manifest: Manifest) -> dict[str, str | None]:
    """Path -> digest of the data that came from outside: what no step produced, without code and params files."""
    produced = _produced(manifest)
    named = {item.path: item.digest for item in manifest.data if item.path not in produced}
    return {path: file.digest for path, file in _outside_inputs(manifest).items()} | named


def known_data(manifest: Manifest) -> tuple[DataFacts, ...]:
    """The data sets, then each input that counts as data though no data set is named so, under its path."""
    named = {item.path for item in manifest.data}
    inputs = (file for path, file in _outside_inputs(manifest).items() if path not in named)
    return (
        *manifest.data,
        *(
            DataFacts(name=file.path, path=file.path, sha256=file.sha256, size=file.size, checksum=file.checksum)
            for file in inputs
        ),
    )


def _produced(manifest: Manifest) -> set[str]:
    return {file.path for step in manifest.steps for file in step.outputs}


def _outside_inputs(manifest: Manifest) -> dict[str, FileFact]:
    """Path -> what the steps read that none of them wrote, without code and params files."""
    produced = _produced(manifest)
    return {
        file.path: file
        for step in manifest.steps
        for file in step.inputs
        if file.path not in produced and file.path not in manifest.params_from and not is_code(file.path)
    }


def may_stand_unread(kind: Kind, before: Manifest, after: Manifest) -> bool:
    """Whether a param that seems to have come or gone may stand in a file of the other side that cannot be read."""
    return (kind is Kind.REMOVED and bool(after.unread)) or (kind is Kind.ADDED and bool(before.unread))


@lru_cache(maxsize=4096)
def is_code(path: str) -> bool:
    """Whether a file counts as source by its name, as recording sees it when the project file says nothing."""
    name = posixpath.basename(path)
    return any(fnmatchcase(name, pattern) for pattern in SOURCE_PATTERNS)


def _code(before: Manifest, after: Manifest) -> Answer:
    left, right = before.code, after.code
    if left.tree and right.tree:
        return left.tree != right.tree
    if not (left.commit and right.commit):
        return None
    return None if _may_be_dirty(left) or _may_be_dirty(right) else left.commit != right.commit


def _may_be_dirty(code: CodeFacts) -> bool:
    return code.dirty is not False


def _data(before: Manifest, after: Manifest) -> Answer:
    left, right = external_data(before), external_data(after)
    if not left and not right:
        return _none_known(before, after)
    if left.keys() != right.keys():
        return None if _is_foreign(before) or _is_foreign(after) else True
    kinds = {kind_by_digest(left[path], right[path]) for path in left}
    if Kind.CHANGED in kinds:
        return True
    return None if Kind.UNKNOWN in kinds else False


def _params(before: Manifest, after: Manifest) -> Answer:
    if not before.params and not after.params:
        return _none_known(before, after)
    if changed_params(before, after):
        return True
    return None if before.unread or after.unread else False


def _environment(before: Manifest, after: Manifest) -> Answer:
    left, right = before.environment.digest, after.environment.digest
    return left != right if left and right else None


def _hardware(before: Manifest, after: Manifest) -> Answer:
    """Memory is left out: kernels of one machine report some pages more or less."""
    pairs = list(zip(_machine(before.hardware), _machine(after.hardware), strict=True))
    known = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
    if any(ours != theirs for ours, theirs in known):
        return True
    return False if known else None


def _machine(hardware: HardwareFacts) -> tuple[object, ...]:
    # A machine that is known and has no GPU is not a machine whose GPUs are not known.
    gpus = (hardware.gpus or "none") if hardware.cpu else hardware.gpus
    features = frozenset(hardware.cpu_features)
    return hardware.cpu, hardware.cores, features, gpus, hardware.cuda, hardware.cudnn, hardware.blas


def _seeds(before: Manifest, after: Manifest) -> Answer:
    if not before.seeds and not after.seeds:
        return _none_known(before, after)
    return before.seeds.keys() != after.seeds.keys() or any(
        not same_leaf(before.seeds[name], after.seeds[name]) for name in before.seeds
    )


def _none_known(before: Manifest, after: Manifest) -> Answer:
    """Nothing on both sides: the same for what mlver recorded; for a foreign version it may only be unknown."""
    return None if _is_foreign(before) or _is_foreign(after) else False


def _is_foreign(manifest: Manifest) -> bool:
    return manifest.run is None


def _repeats_a_seed(leaf: PathLeaf, before: Manifest, after: Manifest) -> bool:
    """Whether a param is a seed that stands among the seeds too: one change is not told twice."""
    name = next((key for key in reversed(leaf.keys) if not key.startswith("[")), "").lower()
    if not any(fnmatchcase(name, pattern) for pattern in _SEED_NAMES):
        return False
    return _is_among(leaf.change.before, before.seeds) and _is_among(leaf.change.after, after.seeds)


def _is_among(value: object, seeds: Mapping[str, Scalar]) -> bool:
    if value is None or isinstance(value, (str, int, float)):
        return any(same_leaf(value, seed) for seed in seeds.values())
    return not isinstance(value, (dict, list))
