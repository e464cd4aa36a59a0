"""Random plain data for property tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mlver.model.data import Data, Scalar

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""For property tests on a machine that has other things to do."""

TRICKY = (
    "", " ", "no", "On", "y", "N", "~", "null", "True", "1e-4", "1.0e-4", "010", "0o7", "0x1f", "1:30", "1_000", ".inf",
    ".NaN", "2026-11-21", "2026-11-21T10:00:00Z", "<<", "=", "-", "--", "---", "...", "- a", "a: b", "a:", ":a", "a #b",
    "#a", "a,b", "[a]", "{a", "'a'", '"a"', "\\", "\n", "a\nb", "a\n", "\ta", "a ", "\x00", "\x1b[2J", "\x85", "\u2028",
    "\ufeff", "é", "日本語", "😀", "@a", "`a`", "%a", "!a", "&a", "*a", "|", ">", "?", "? a", "0", "12345678e901",
)  # fmt: skip
"""Text that YAML readers are known to take for something else."""


def texts() -> st.SearchStrategy[str]:
    """Any Unicode text, tricky words among it."""
    return st.sampled_from(TRICKY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def scalars() -> st.SearchStrategy[Scalar]:
    """Any leaf, NaN and infinities included."""
    return st.none() | st.booleans() | st.integers() | st.floats() | texts()


def trees(max_leaves: int = 12) -> st.SearchStrategy[Data]:
    """Any plain data."""
    return st.recursive(
        scalars(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(), inner, max_size=4),
        max_leaves=max_leaves,
    )
