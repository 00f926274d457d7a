"""The statistics of test items: shares, differences, correlations, medians and odds ratios, each with its interval.

Sources: Wilson 1927 (shares); Newcombe 1998, method 10 (differences of shares); Fisher 1915 (correlations); Mantel and
Haenszel 1959 with Robins, Breslow and Greenland 1986 (common odds ratio); Zwick and Ercikan 1989 (ETS classes A, B, C).
"""

from collections.abc import Iterable, Sequence
from math import atanh, exp, log, sqrt, tanh
from statistics import NormalDist, median
from typing import NamedTuple

LEVEL = 0.05
Z = NormalDist().inv_cdf(1 - LEVEL / 2)
ETS = -2.35  # delta = -2.35 ln(odds ratio)


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


def share(right: int, count: int) -> Interval:
    """A share with its Wilson interval. Raises ValueError without anybody."""
    if count <= 0:
        raise ValueError("nobody answered")
    p, n = right / count, count
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    spread = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Interval(p, max(0.0, min(p, centre - spread)), min(1.0, max(p, centre + spread)))


def difference(first: Interval, second: Interval) -> Interval:
    """``first`` - ``second``, two shares, with Newcombe's hybrid score interval."""
    d = first.value - second.value
    down = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    up = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Interval(d, max(-1.0, d - down), min(1.0, d + up))


def correlation(x: Sequence[float], y: Sequence[float]) -> Interval | None:
    """Pearson's correlation (with a 0/1 variable: the point-biserial) with Fisher's interval; None where one of the two
    does not vary, or there are fewer than 4 pairs.
    """
    n = len(x)
    if n < 4:
        return None
    mean_x, mean_y = sum(x) / n, sum(y) / n
    xx = sum((a - mean_x) ** 2 for a in x)
    yy = sum((b - mean_y) ** 2 for b in y)
    if xx < 1e-12 or yy < 1e-12:
        return None
    r = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sqrt(xx * yy)
    r = max(-1.0, min(1.0, r))
    if abs(r) > 1 - 1e-12:
        return Interval(r, r, r)
    away = Z / sqrt(n - 3)
    return Interval(r, tanh(atanh(r) - away), tanh(atanh(r) + away))


def middle(values: Sequence[float]) -> Interval | None:
    """The median with an interval of order statistics (normal approximation of the binomial); None below 6 values."""
    n = len(values)
    if n < 6:
        return None
    ordered = sorted(values)
    away = Z * sqrt(n) / 2
    low, high = max(0, int(n / 2 - away)), min(n - 1, int(n / 2 + away))
    return Interval(median(ordered), ordered[low], ordered[high])


class Table(NamedTuple):
    """Of one stratum: right and wrong in the group, right and wrong in everybody else."""

    right: int
    wrong: int
    others_right: int
    others_wrong: int


def common_odds_ratio(strata: Iterable[Table], z: float = Z) -> Interval | None:
    """Mantel and Haenszel's odds ratio of the group against the others, with the interval of Robins, Breslow and
    Greenland (``z`` deviations wide); None where the strata do not determine it.
    """
    r = s = pr = ps_qr = qs = 0.0
    for a, b, c, d in strata:
        total = a + b + c + d
        if not total or not (a + b) or not (c + d):
            continue
        p, q = (a + d) / total, (b + c) / total
        own, other = a * d / total, b * c / total
        r, s = r + own, s + other
        pr, ps_qr, qs = pr + p * own, ps_qr + p * other + q * own, qs + q * other
    if r <= 0 or s <= 0:
        return None
    ratio = r / s
    error = sqrt(pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s))
    return Interval(ratio, ratio * exp(-z * error), ratio * exp(z * error))


def ets_class(ratio: Interval) -> str:
    """A (negligible), B or C (large): by the size of ETS' delta and whether its interval reaches the bound."""
    delta = ETS * log(ratio.value)
    if abs(delta) < 1 or ratio.low <= 1 <= ratio.high:
        return "A"
    nearest = min(abs(ETS * log(ratio.low)), abs(ETS * log(ratio.high)))
    return "C" if abs(delta) >= 1.5 and nearest > 1 else "B"
