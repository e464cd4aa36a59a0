"""Which parts of an environment are known to move results though code, data, params and seeds are the same.

The table is the one of docs/comparing.md, with the sources. That a part stands here says that it can, not that it did;
that one does not stand here says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from msgspec.structs import replace

from mlver.model.change import Change, Kind

MOVES_RESULTS = "can move results"

_SUMS = "other kernels add numbers up in another order"
_DRAWS = "random streams and numeric routines change between versions"
_DEFAULTS = "defaults and algorithms change between versions"
_DECODES = "decodes or resizes to other numbers"

PACKAGES: Mapping[str, str] = {
    "numpy": _DRAWS,
    "scipy": _DRAWS,
    "torch": _SUMS,
    "torchvision": _DECODES,
    "torchaudio": _DECODES,
    "tensorflow*": _SUMS,
    "keras": _DEFAULTS,
    "jax": _SUMS,
    "jaxlib": _SUMS,
    "scikit-learn": _DEFAULTS,
    "xgboost": _DEFAULTS,
    "lightgbm": _DEFAULTS,
    "catboost": _DEFAULTS,
    "transformers": _DEFAULTS,
    "tokenizers": "splits texts otherwise",
    "pandas": "reads and rounds otherwise",
    "polars": "reads and rounds otherwise",
    "pillow": _DECODES,
    "opencv-*": _DECODES,
    "librosa": _DECODES,
    "numba": _SUMS,
    "onnxruntime*": _SUMS,
    "triton": _SUMS,
    "flash-attn": _SUMS,
    "mkl": _SUMS,
    "intel-openmp": _SUMS,
    "openblas*": _SUMS,
    "nvidia-*": _SUMS,
}
"""Normalised name, `*` for any text -> why."""

FACTS: Mapping[str, str] = {
    "python": "hashing, sorting and random streams change between versions",
    "implementation": "another interpreter",
    "os": "another mathematical library of the system",
    "container": "another system around the interpreter",
    "variables": "set because it can change a result",
    "threads": "says how sums are split, and so in which order they are added up",
    "determinism": "asks libraries to repeat themselves",
    "cpu": "libraries choose their kernels by the processor",
    "cores": "the number of threads follows it",
    "cpu features": "libraries choose their kernels by them",
    "gpus": "libraries choose their kernels by the processor and its driver",
    "cuda": _SUMS,
    "cudnn": _SUMS,
    "blas": _SUMS,
}
"""Label of a part of the environment or of the hardware -> why. What is below it is marked."""


def moving_reason(part: str, name: str = "") -> str:
    """Why a part of an environment can move results: `packages`, `numpy`; empty: it is not known to."""
    if part != "packages":
        return FACTS.get(part, "")
    return next((why for pattern, why in PACKAGES.items() if fnmatchcase(name, pattern)), "")


def marked(tree: Change) -> Change:
    """The tree of an environment or of a machine, what differs and is known to move results being marked."""
    return replace(tree, children=tuple(_part(part) for part in tree.children))


def is_marked(node: Change) -> bool:
    """Whether a leaf differs and is known to move results."""
    return MOVES_RESULTS in node.note


def _part(part: Change) -> Change:
    if not part.is_change or (part.kind is Kind.UNKNOWN and not part.children):
        return part
    if part.label == "packages":
        children = (_leaf(child, moving_reason("packages", child.label)) for child in part.children)
        return replace(part, children=tuple(children))
    return _below(part, moving_reason(part.label))


def _below(node: Change, why: str) -> Change:
    """Parts are shallow: settings have one level, GPUs two."""
    if not node.children:
        return _leaf(node, why)
    return replace(node, children=tuple(_below(child, why) for child in node.children))


def _leaf(node: Change, why: str) -> Change:
    if not why or not node.is_change or node.kind is Kind.UNKNOWN:
        return node
    note = f"{node.note}, {MOVES_RESULTS}" if node.note else MOVES_RESULTS
    return replace(node, note=note, details=(*node.details, why))
