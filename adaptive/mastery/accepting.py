"""Whether a new version of the model may take over: only if it is no worse on the newest answers, held out from it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adaptive.mastery.calibration import ece, log_loss
from adaptive.mastery.following import Learner, apart
from adaptive.mastery.model import Event
from adaptive.mastery.terms import Shared, Weights

WEEK = 7 * 86_400.0
TOLERANCE = 1e-9  # two equal versions are equal also after rounding


class Judged(NamedTuple):
    """Log loss (nats) and expected calibration error on the newest answers."""

    log_loss: float
    ece: float


class Acceptance(NamedTuple):
    """Whether the candidate is no worse in both figures, and on how many answers that was seen."""

    accepted: bool
    candidate: Judged | None
    current: Judged | None
    answers: int


def accept(candidate: Shared, current: Weights, histories: Sequence[Sequence[Event]], since: float) -> Acceptance:
    """Compare on the answers presented at ``since`` (unix s) or later; without any, the old version stays.

    ``candidate`` was fitted on what was presented before. The current weights meet the same earlier answers one by one
    and learn their terms from nothing, so that neither version has seen the newest ones; on those both go on learning.
    """
    learned = apart(Shared(current, {}, {}))
    for history in histories:
        Learner(learned).follow(history[: _newest(history, since)], adapting=True)
    y = np.array([e.correct for h in histories for e in h[_newest(h, since) :]], dtype=np.int8)
    if not len(y):
        return Acceptance(False, None, None, 0)
    new, old = (_judged(shared, histories, since, y) for shared in (apart(candidate), learned))
    no_worse = new.log_loss <= old.log_loss + TOLERANCE and new.ece <= old.ece + TOLERANCE
    return Acceptance(no_worse, new, old, len(y))


def _newest(history: Sequence[Event], since: float) -> int:
    """Where the newest part of a history begins; answers without a time belong to the part before."""
    for place, event in enumerate(history):
        if event.asked.presented_at is not None and event.asked.presented_at >= since:
            return place
    return len(history)


def _judged(shared: Shared, histories: Sequence[Sequence[Event]], since: float, y: NDArray[np.int8]) -> Judged:
    found: list[float] = []
    for history in histories:
        place = _newest(history, since)
        if place == len(history):
            continue
        learner = Learner(shared)
        learner.follow(history[:place], adapting=False)
        found += learner.follow(history[place:], adapting=True)
    p = np.array(found)
    return Judged(log_loss(y, p), ece(y, p))
