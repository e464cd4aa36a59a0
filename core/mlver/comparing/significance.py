"""Tests of significance that need no library: exact binomial, Welch's t. docs/comparing.md says what they mean."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

_SMALLEST = 1e-17
"""Terms below this share of a sum do not move it."""


def even_split_p(one: int, other: int) -> float:
    """Two-sided exact binomial test: how likely as uneven a split is when both sides are equally likely.

    With fixed and broken rows it is McNemar's exact test (McNemar 1947, exact by Edwards 1948), with rows better and
    worse the sign test. 1 where there is nothing to split.
    """
    count, fewer = one + other, min(one, other)
    if one == other:
        return 1.0
    # The tail relative to its largest term, from there down: no number of rows is too large, none under- or overflows.
    tail = term = 1.0
    for position in range(fewer, 0, -1):
        term *= position / (count - position + 1)
        tail += term
        if term < tail * _SMALLEST:
            break
    largest = math.lgamma(count + 1) - math.lgamma(fewer + 1) - math.lgamma(count - fewer + 1) - count * math.log(2)
    return min(1.0, math.exp(math.log(2) + largest + math.log(tail)))


class MeansTested(Struct, frozen=True, kw_only=True):
    """What a t-test says of two means."""

    t: float
    df: float
    """Degrees of freedom; by Welch and Satterthwaite not a whole number."""
    p: float
    """Two-sided."""


def one_against_many(one: float, many: Sequence[float]) -> MeansTested | None:
    """Whether one value is of another kind than many, spreading as they do (Crawford and Howell 1998).

    None: there are fewer than two, or they do not spread.
    """
    if len(many) < 2 or not (spread := variance(many)):  # noqa: PLR2004 - the least that has a spread
        return None
    t = (one - mean(many)) / math.sqrt(spread * (1 + 1 / len(many)))
    return MeansTested(t=t, df=len(many) - 1, p=student_two_sided(t, len(many) - 1))


def welch(before: Sequence[float], after: Sequence[float]) -> MeansTested | None:
    """Whether two means differ, their spreads being two (Welch 1947); None: a side has one value, or none spreads."""
    if min(len(before), len(after)) < 2:  # noqa: PLR2004 - the least that has a spread
        return None
    errors = [variance(side) / len(side) for side in (before, after)]
    total = sum(errors)
    if not total:
        return None
    t = (mean(after) - mean(before)) / math.sqrt(total)
    # Of shares, not of the errors themselves: the squares of those of very small numbers would be 0.
    df = 1 / sum((error / total) ** 2 / (len(side) - 1) for error, side in zip(errors, (before, after), strict=True))
    return MeansTested(t=t, df=df, p=student_two_sided(t, df))


def mean(values: Sequence[float]) -> float:
    """The mean, summed without loss."""
    return math.fsum(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """The sample's variance, by n − 1; 0 where all values are one."""
    # Held against one of them first: a mean is rounded, and what is left of equal values would look like a tiny spread,
    # beside which no difference is by chance.
    moves = [value - values[0] for value in values]
    middle = mean(moves)
    return math.fsum((move - middle) ** 2 for move in moves) / (len(values) - 1)


def student_two_sided(t: float, df: float) -> float:
    """How likely Student's t is at least as far from 0: I_x(df/2, 1/2) with x = df/(df + t²), DLMF 8.17 and 26.7.1."""
    return regularised_beta(df / (df + t * t), df / 2, 0.5)


_STEPS = 500
_CLOSE = 1e-15
_TINY = 1e-300


def regularised_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b).

    By the continued fraction DLMF 8.17.22, evaluated with Lentz's method (Press et al., Numerical Recipes, 3rd ed.,
    section 6.4), on the side of the symmetry I_x(a, b) = 1 − I_(1−x)(b, a) where it converges fast.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - regularised_beta(1 - x, b, a)
    front = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(front) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d1 / (1 + d2 / (1 + ...)), by Lentz's method."""
    value = above = 1.0
    below = 0.0
    for step in range(1, _STEPS):
        half, is_odd = divmod(step, 2)
        if is_odd:
            factor = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            factor = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        below = 1 / (_nonzero(1 + factor * below))
        above = _nonzero(1 + factor / above)
        value *= above * below
        if abs(above * below - 1) < _CLOSE:
            break
    return value


def _nonzero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
