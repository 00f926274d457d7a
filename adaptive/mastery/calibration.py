"""Whether probabilities mean what they say."""

import numpy as np
from numpy.typing import NDArray

BINS = 10
TINY = 1e-12


def log_loss(y: NDArray[np.int8], p: NDArray[np.float64]) -> float:
    """Mean negative log likelihood, in nats."""
    return float(losses(y, p).mean())


def losses(y: NDArray[np.int8], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """The negative log likelihood of each answer, in nats."""
    found: NDArray[np.float64] = -np.log(np.clip(np.where(y == 1, p, 1 - p), TINY, 1))
    return found


def ece(y: NDArray[np.int8], p: NDArray[np.float64], bins: int = BINS) -> float:
    """Expected calibration error over bins of equal width."""
    place = np.minimum((p * bins).astype(np.int64), bins - 1)
    return float(np.abs(np.bincount(place, y - p, bins)).sum() / len(y)) if len(y) else float("nan")
