"""Rapid guessing: for each question, the time below which an answer cannot have been thought about.

A threshold for each question follows its own answers and so does better than one for all of, say, three seconds.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import median

NORMATIVE = 0.10  # of the question's median time (Wise and Ma 2012: NT10)
WIDEST = 0.30  # of the median: where the search by chance ends
CAP = 10.0  # seconds; a longer time is never rapid
FEW = 20  # answers before a threshold is set at all
MANY = 100  # answers from which the share of right answers among the fastest is looked at
FASTEST = 10  # answers that a cumulative share needs


def rapid_threshold(seconds: Sequence[float], correct: Sequence[bool], chance: float) -> float | None:
    """The threshold in seconds; None while fewer than 20 answers are known.

    With fewer than 100 answers 10 % of the median time. With more, the longest time up to 30 % of the median below
    which answers are right no more often than by ``chance`` (1 / number of options; 0 for an open answer), by the
    cumulative share of right answers (Guo et al. 2016) with the lower end of its 95 % Wilson interval. Never more than
    10 seconds.
    """
    if len(seconds) != len(correct):
        raise ValueError("seconds and correct differ in length")
    if len(seconds) < FEW:
        return None
    middle = median(seconds)
    threshold = NORMATIVE * middle
    if len(seconds) >= MANY:
        right = 0
        for number, (time, good) in enumerate(sorted(zip(seconds, correct, strict=True)), 1):
            if time > WIDEST * middle:
                break
            right += good
            if number >= FASTEST and _wilson_low(right, number) <= chance:
                threshold = max(threshold, time)
    return min(CAP, threshold)


def _wilson_low(right: int, count: int, z: float = 1.96) -> float:
    share = right / count
    centre = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (centre - spread) / (1 + z * z / count)
