"""Forgetting: FSRS-6 from the ``fsrs`` package, with fractions of days.

The package counts whole days, so that its recall stays at 1 for the first 24 hours; here time runs continuously. No
learning steps and no random spread of dates: a review is due when recall has fallen to the retention wanted.
"""

import math

from fsrs import Rating, Scheduler

from adaptive.mastery.state import Memory

DAY = 86_400.0
RETENTION = 0.90
BUSY_RETENTION = 0.85  # when there is much to review


class _Continuous(Scheduler):
    """The package's scheduler on plain numbers, with time that runs continuously."""

    def first(self, rating: Rating) -> tuple[float, float]:
        """Stability and difficulty after the first review."""
        return self._initial_stability(rating=rating), self._initial_difficulty(rating=rating, clamp=True)

    def next(self, stability: float, difficulty: float, days: float, rating: Rating) -> tuple[float, float]:
        """Stability and difficulty after a review ``days`` after the last; within a day they move as FSRS-6 has it."""
        if days < 1:
            after = self._short_term_stability(stability=stability, rating=rating)
        else:
            remembered = recall(stability, days)
            after = self._next_stability(
                difficulty=difficulty, stability=stability, retrievability=remembered, rating=rating
            )
        return after, self._next_difficulty(difficulty=difficulty, rating=rating)


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
    if memory is None:
        return Memory(*_SCHEDULER.first(rating), now)
    days = max(0.0, now - memory.reviewed_at) / DAY
    return Memory(*_SCHEDULER.next(memory.stability, memory.difficulty, days, rating), now)
