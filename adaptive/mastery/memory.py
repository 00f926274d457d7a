"""Forgetting: FSRS-6 from the ``fsrs`` package, with fractions of days.

The package counts whole days, so that its recall stays at 1 for the first 24 hours; here time runs continuously. No
learning steps and no random spread of dates: a review is due when recall has fallen to the retention wanted.
"""

import math
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler, State

from adaptive.mastery.state import Memory

DAY = 86_400.0
RETENTION = 0.90
BUSY_RETENTION = 0.85  # when there is much to review


class _Continuous(Scheduler):
    """The package's scheduler with recall by fractional days."""

    def get_card_retrievability(self, card: Card, current_datetime: datetime | None = None) -> float:
        """Recall at that moment, 0 to 1."""
        if card.last_review is None or card.stability is None or current_datetime is None:
            return 0.0
        return recall(card.stability, (current_datetime - card.last_review).total_seconds() / DAY)


_SCHEDULER = _Continuous(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
_DECAY: float = -_SCHEDULER.parameters[20]
_FACTOR: float = 0.9 ** (1 / _DECAY) - 1


def recall(stability: float, days: float) -> float:
    """FSRS-6's forgetting curve: probability of recall after ``days``; .9 when they equal the stability (in days)."""
    return math.pow(1 + _FACTOR * max(0.0, days) / stability, _DECAY)


def retrievability(memory: Memory, now: float) -> float:
    """Probability of recall now (unix seconds)."""
    return recall(memory.stability, (now - memory.reviewed_at) / DAY)


def due_at(memory: Memory, retention: float = RETENTION) -> float:
    """When recall falls to ``retention``, in unix seconds."""
    days = memory.stability / _FACTOR * (math.pow(retention, 1 / _DECAY) - 1)
    return memory.reviewed_at + days * DAY


def rate(correct: bool, hinted: bool, latency: float | None, pace: float | None) -> Rating:
    """How well it was remembered: wrong → Again; right with a hint or in over twice one's own median time → Hard; else
    Good. ``latency`` and ``pace`` (the median) are logarithms of seconds.
    """
    if not correct:
        return Rating.Again
    slow = latency is not None and pace is not None and latency > pace + math.log(2)
    return Rating.Hard if hinted or slow else Rating.Good


def review(memory: Memory | None, rating: Rating, now: float) -> Memory:
    """The memory after an answer at ``now`` (unix seconds)."""
    moment = datetime.fromtimestamp(now, UTC)
    if memory is None:
        card = Card(card_id=0, due=moment)
    else:
        before = datetime.fromtimestamp(min(memory.reviewed_at, now), UTC)
        card = Card(0, State.Review, None, memory.stability, memory.difficulty, moment, before)
    after, _log = _SCHEDULER.review_card(card, rating, moment)
    if after.stability is None or after.difficulty is None:  # cannot happen after a review
        raise ValueError("a reviewed card has a stability")
    return Memory(after.stability, after.difficulty, now)
