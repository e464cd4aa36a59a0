"""What changed since the parent, in a few words each: `lr 0.1 → 0.03`, `train +400 rows`, `numpy 1.26.4 → 2.4.6`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from mlver.comparing.dimensions import Answer, changed_params, external_data
from mlver.comparing.environments import compare_packages
from mlver.comparing.leaves import PathLeaf, joined
from mlver.comparing.versions import Jump, jump_of
from mlver.comparing.wording import MINUS, scalar_text, shortened, signed, value_text
from mlver.model.change import Change, Kind
from mlver.model.data import Data, Scalar
from mlver.model.manifest import DataFacts, HardwareFacts, Manifest

_NOT_A_NUMBER_WEIGHT = 1.0
"""A changed text weighs as much as a number that moved by a factor of e."""

_ONE_SIDED_WEIGHT = 0.1
"""A new or removed key tells less than a changed one: it often comes with the code that reads it."""


def param_phrases(before: Manifest, after: Manifest) -> list[str]:
    """One phrase per changed param, the most telling first."""
    leaves = changed_params(before, after)
    counts = _last_keys(before.params) | _last_keys(after.params)
    ranked = sorted(leaves, key=lambda leaf: -_weight(leaf.change))
    return [_param_phrase(leaf, counts) for leaf in ranked]


def data_phrases(before: Manifest, after: Manifest) -> list[str]:
    """Data sets by their rows; else the files that came from outside. To be asked only where data differs."""
    left, right = ({item.name: item for item in side.data} for side in (before, after))
    names = dict.fromkeys((*right, *left))
    phrases = [phrase for name in names if (phrase := _rows_phrase(name, left.get(name), right.get(name)))]
    if phrases:
        return phrases
    ours, theirs = external_data(before), external_data(after)
    labels = {item.path: item.name for item in (*before.data, *after.data)}
    differing = [path for path in dict.fromkeys((*theirs, *ours)) if ours.get(path) != theirs.get(path)]
    return [_file_phrase(labels.get(path, _file_name(path)), path in ours, path in theirs) for path in differing]


def environment_phrases(
    before: Manifest, after: Manifest, packages: tuple[Mapping[str, str] | None, Mapping[str, str] | None]
) -> list[str]:
    """Python, container, then packages, the farthest jump first; to be asked only where the environment differs."""
    left, right = before.environment, after.environment
    facts = (
        _moved("Python", left.python, right.python),
        _moved("implementation", left.implementation, right.implementation),
        "other container" if left.container != right.container else "",
    )
    changed = [leaf for leaf in compare_packages(*packages).children if leaf.kind is not Kind.SAME]
    changed.sort(key=_jump_rank)
    phrases = [*filter(None, facts), *map(_package_phrase, changed)]
    return phrases or ["environment changed"]


def seed_phrases(before: Manifest, after: Manifest) -> list[str]:
    """`seed 42 → 43` when all seeds moved alike, else one phrase per seed."""
    left, right = before.seeds, after.seeds
    names = [name for name in dict.fromkeys((*right, *left)) if _spelled(left, name) != _spelled(right, name)]
    moves = {(_spelled(left, name), _spelled(right, name)) for name in names}
    if len(moves) == 1:
        return [_seed_phrase("seed", *moves.pop())]
    return [_seed_phrase(f"{name} seed", _spelled(left, name), _spelled(right, name)) for name in names]


def hardware_phrases(before: Manifest, after: Manifest) -> list[str]:
    """The processor or graphics processors when they are others, else that something is."""
    left, right = before.hardware, after.hardware
    phrases = [_moved("CPU", left.cpu, right.cpu), _moved("GPU", _gpu_names(left), _gpu_names(right))]
    return [*filter(None, phrases)] or ["other hardware"]


def code_phrases(after: Manifest, subject: str) -> list[str]:
    """The commit's subject, unless the code that ran is not what was committed."""
    if after.code.dirty:
        return ["uncommitted code"]
    return [subject or "code changed"]


def differing_phrases(
    before: Manifest,
    after: Manifest,
    answers: Mapping[str, Answer],
    packages: tuple[Mapping[str, str] | None, Mapping[str, str] | None],
    subject: str,
) -> list[str]:
    """All that differs: what people turn knobs for first, what merely happened to be so last."""
    phrases: list[str] = []
    if answers["P"]:
        phrases += param_phrases(before, after)
    if answers["D"]:
        phrases += data_phrases(before, after)
    if answers["E"]:
        phrases += environment_phrases(before, after, packages)
    if answers["S"]:
        phrases += seed_phrases(before, after)
    if answers["C"]:
        phrases += code_phrases(after, subject)
    if answers["H"]:
        phrases += hardware_phrases(before, after)
    return phrases


def _param_phrase(leaf: PathLeaf, counts: Counter[str]) -> str:
    change = leaf.change
    name = _short_key(leaf.keys, counts)
    if change.kind is Kind.ADDED:
        return f"+ {name}" if change.children else f"+ {name} {value_text(change.after)}"
    if change.kind is Kind.REMOVED:
        return f"{MINUS} {name}"
    if change.kind is Kind.MOVED:
        return f"{name} moved"
    return f"{name} {value_text(change.before)} → {value_text(change.after)}"


def _short_key(keys: tuple[str, ...], counts: Counter[str]) -> str:
    """The last key with the position behind it; the whole path when another leaf's key is called the same."""
    start = len(keys) - 1
    while start > 0 and keys[start].startswith("["):
        start -= 1
    if counts[keys[start] if keys else ""] > 1:
        start = 0
    return shortened(joined(keys[start:]) or "params", 40)


def _last_keys(params: Mapping[str, Data]) -> Counter[str]:
    """How often each key leads to a leaf."""
    counts: Counter[str] = Counter()
    waiting: list[tuple[str, Data]] = list(params.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        else:
            counts[key] += 1
            items = value if isinstance(value, list) else []
            waiting.extend(pair for item in items if isinstance(item, dict) for pair in item.items())
    return counts


def _weight(change: Change) -> float:
    before, after = change.before, change.after
    if change.kind in {Kind.ADDED, Kind.REMOVED}:
        return _ONE_SIDED_WEIGHT
    if not (isinstance(before, (int, float)) and isinstance(after, (int, float))):
        return _NOT_A_NUMBER_WEIGHT
    try:
        weight = abs(math.log(after / before))
    except (ValueError, ZeroDivisionError, OverflowError):
        return _NOT_A_NUMBER_WEIGHT
    return weight if math.isfinite(weight) else _NOT_A_NUMBER_WEIGHT


def _rows_phrase(name: str, before: DataFacts | None, after: DataFacts | None) -> str:
    if before is None:
        return f"+ data {shortened(name)}"
    if after is None:
        return f"{MINUS} data {shortened(name)}"
    if before.rows is None or after.rows is None or before.rows == after.rows:
        return ""
    moved = after.rows - before.rows
    return f"{shortened(name)} {signed(moved)} {'row' if abs(moved) == 1 else 'rows'}"


def _file_phrase(name: str, was_there: bool, is_there: bool) -> str:
    if was_there and is_there:
        return f"{shortened(name)} changed"
    return f"+ {shortened(name)}" if is_there else f"{MINUS} {shortened(name)}"


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


def _moved(name: str, before: str | None, after: str | None) -> str:
    if before is None or after is None or before == after:
        return ""
    return f"{name} {shortened(before)} → {shortened(after)}"


def _package_phrase(change: Change) -> str:
    name = shortened(change.label)
    if change.kind is Kind.ADDED:
        return f"+ {name} {value_text(change.after)}"
    if change.kind is Kind.REMOVED:
        return f"{MINUS} {name}"
    return f"{name} {value_text(change.before)} → {value_text(change.after)}"


def _jump_rank(change: Change) -> int:
    if change.kind is not Kind.CHANGED:
        return len(Jump)
    return list(Jump).index(jump_of(str(change.before), str(change.after)))


def _spelled(seeds: Mapping[str, Scalar], name: str) -> str | None:
    return scalar_text(seeds[name]) if name in seeds else None


def _seed_phrase(name: str, before: str | None, after: str | None) -> str:
    if after is None:
        return f"{name} removed"
    if before is None:
        return f"{name} set to {shortened(after)}"
    return f"{name} {shortened(before)} → {shortened(after)}"


def _gpu_names(hardware: HardwareFacts) -> str | None:
    return ", ".join(_unique(gpu.name for gpu in hardware.gpus)) or None


def _unique(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))
