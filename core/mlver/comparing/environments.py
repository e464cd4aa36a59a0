"""Software, hardware and seeds held against each other; what one side does not know is unknown, not changed."""

from __future__ import annotations

from collections.abc import Mapping

from mlver.comparing.configs import compare_data
from mlver.comparing.versions import jump_note
from mlver.comparing.wording import amount, signed
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.data import Data, Scalar
from mlver.model.identity import normalised_name
from mlver.model.manifest import EnvironmentFacts, HardwareFacts

NOT_RECORDED = "not recorded"

MIB = 1 << 20


def compare_packages(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> Change:
    """Packages by their normalised names, sorted; the note of a changed one says major, minor, patch."""
    if before is None or after is None:
        there = _count(before) or _count(after)
        return Change(label="packages", kind=_unknown(before, after), note=there or NOT_RECORDED)
    left = {normalised_name(name): version for name, version in before.items()}
    right = {normalised_name(name): version for name, version in after.items()}
    return branch("packages", tuple(_package(name, left, right) for name in sorted(left.keys() | right.keys())))


def compare_environments(
    before: EnvironmentFacts,
    after: EnvironmentFacts,
    packages: tuple[Mapping[str, str] | None, Mapping[str, str] | None],
) -> Change:
    """Python, system, lock, container, packages, variables, threads and determinism settings.

    `packages` are what the interpreter saw, before and after; None: not recorded.
    """
    return branch(
        "environment",
        (
            fact("python", before.python, after.python),
            fact("implementation", before.implementation, after.implementation),
            fact("os", before.os, after.os),
            _lock(before, after),
            _container(before, after),
            compare_packages(*packages),
            settings("variables", before.variables, after.variables),
            settings("threads", before.threads, after.threads),
            settings("determinism", before.determinism, after.determinism),
        ),
    )


def compare_hardware(before: HardwareFacts, after: HardwareFacts) -> Change:
    """The machine: processor, memory, graphics processors, numeric libraries."""
    return branch(
        "hardware",
        (
            fact("cpu", before.cpu, after.cpu),
            fact("cores", before.cores, after.cores),
            _features(before, after),
            _memory(before, after),
            _gpus(before, after),
            fact("cuda", before.cuda, after.cuda),
            fact("cudnn", before.cudnn, after.cudnn),
            fact("blas", before.blas, after.blas),
        ),
    )


def compare_seeds(before: Mapping[str, Scalar], after: Mapping[str, Scalar]) -> Change:
    """Seeds by name; a seed that is gone is a removal, and that is the news."""
    return settings("seeds", before, after)


def settings(label: str, before: Mapping[str, Scalar], after: Mapping[str, Scalar]) -> Change:
    """Named values of both sides, leaf by leaf."""
    changes = compare_data(dict(before), dict(after), label=label, same_leaves=len(after))
    return changes if changes.children else Change(label=label, kind=Kind.SAME, note="none")


def fact(label: str, before: Scalar, after: Scalar) -> Change:
    """One recorded value, None being unknown."""
    if before is None or after is None:
        return Change(
            label=label,
            kind=_unknown(before, after),
            before=MISSING if before is None else before,
            after=MISSING if after is None else after,
            note=NOT_RECORDED if before is None and after is None else "unknown on one side",
        )
    return compare_data(before, after, label=label)


def _unknown(before: object, after: object) -> Kind:
    # Nothing known on either side is nothing to show: it is the same lack of knowledge.
    return Kind.SAME if before is None and after is None else Kind.UNKNOWN


def _package(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Change:
    left, right = before.get(name), after.get(name)
    if left is None or right is None:
        added = left is None
        return Change(
            label=name,
            kind=Kind.ADDED if added else Kind.REMOVED,
            before=MISSING if left is None else left,
            after=MISSING if right is None else right,
            note="new" if added else "gone",
        )
    if left == right:
        return Change(label=name, kind=Kind.SAME, before=left, after=right)
    return Change(label=name, kind=Kind.CHANGED, before=left, after=right, note=jump_note(left, right))


def _lock(before: EnvironmentFacts, after: EnvironmentFacts) -> Change:
    left, right = before.lock, after.lock
    if left is None and right is None:
        return Change(label="lock", kind=Kind.SAME, note="none")
    if left is not None and right is not None and left.sha256 and right.sha256:
        is_same = left.sha256 == right.sha256
        note = "" if is_same or left.path != right.path else "content differs"
        return Change(
            label="lock", kind=Kind.SAME if is_same else Kind.CHANGED, before=left.path, after=right.path, note=note
        )
    if left is not None and right is not None:
        return Change(label="lock", kind=Kind.UNKNOWN, before=left.path, after=right.path, note="digest not recorded")
    return _one_sided("lock", left.path if left else None, right.path if right else None)


def _container(before: EnvironmentFacts, after: EnvironmentFacts) -> Change:
    if before.container is None and after.container is None:
        return Change(label="container", kind=Kind.SAME, note="none")
    # A run outside any container records none, so one side without is an answer, unless it recorded nothing at all.
    if before == EnvironmentFacts() or after == EnvironmentFacts():
        return fact("container", before.container, after.container)
    if before.container is None or after.container is None:
        return _one_sided("container", before.container, after.container)
    return fact("container", before.container, after.container)


def _one_sided(label: str, before: str | None, after: str | None) -> Change:
    return compare_data(MISSING if before is None else before, MISSING if after is None else after, label=label)


def _features(before: HardwareFacts, after: HardwareFacts) -> Change:
    """Features as a set: their order says nothing."""
    if not before.cpu_features or not after.cpu_features:
        return fact("cpu features", _joined(before.cpu_features), _joined(after.cpu_features))
    left: dict[str, Data] = dict.fromkeys(before.cpu_features, True)
    right: dict[str, Data] = dict.fromkeys(after.cpu_features, True)
    return compare_data(left, right, label="cpu features", same_leaves=len(right))


def _joined(words: tuple[str, ...]) -> str | None:
    return " ".join(words) or None


def _memory(before: HardwareFacts, after: HardwareFacts) -> Change:
    """Main memory in MiB: kernels of one machine differ by some pages."""
    if before.ram_bytes is None or after.ram_bytes is None:
        return fact("ram_bytes", before.ram_bytes, after.ram_bytes)
    moved = after.ram_bytes // MIB - before.ram_bytes // MIB
    return Change(
        label="ram_bytes",
        kind=Kind.CHANGED if moved else Kind.SAME,
        before=before.ram_bytes,
        after=after.ram_bytes,
        note=f"{signed(moved)} MiB" if moved else "",
    )


def _gpus(before: HardwareFacts, after: HardwareFacts) -> Change:
    left, right = ([_gpu(gpu.name, gpu.memory_bytes, gpu.driver) for gpu in side.gpus] for side in (before, after))
    if before == HardwareFacts() or after == HardwareFacts():
        return Change(label="gpus", kind=_unknown(left or None, right or None), note=NOT_RECORDED)
    if not left and not right:
        return Change(label="gpus", kind=Kind.SAME, note="none")
    return compare_data(left, right, label="gpus", same_leaves=len(right) * 3)


def _gpu(name: str, memory_bytes: int | None, driver: str | None) -> Data:
    return {"name": name, "memory_bytes": memory_bytes, "driver": driver}


def _count(packages: Mapping[str, str] | None) -> str:
    return f"{amount(len(packages), 'package')}, {NOT_RECORDED} on the other side" if packages is not None else ""
