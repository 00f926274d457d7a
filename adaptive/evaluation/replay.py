"""Fitting on the learners of ``train`` and predicting every answer of ``test`` before it is learned from.

The predictions come from ``predict`` and ``observe`` themselves, the code that answers online.
"""

import random
import time
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adaptive.evaluation.log_file import Log
from adaptive.mastery.following import Learner, apart
from adaptive.mastery.model import Event
from adaptive.mastery.preparing import prepare
from adaptive.mastery.refitting import refitted
from adaptive.mastery.terms import Shared

Floats = NDArray[np.float64]


class Fitted(NamedTuple):
    """The shared terms after a fit, and the CPU seconds it took: living through the histories, and Newton's rounds."""

    shared: Shared
    prepare_seconds: float
    newton_seconds: float


class Predicted(NamedTuple):
    """A prediction for each answer of ``test``, and the CPU microseconds an answer took (predict and observe)."""

    p: Floats
    microseconds: float


def fit(log: Log, executor: Executor | None, version: str, origin: str) -> Fitted:
    """Fit on the learners of ``train``."""
    start = time.process_time()
    prepared = prepare(log.history(learner) for learner in range(log.train_learners))
    between = time.process_time()
    shared = refitted(prepared, executor, version, origin)
    return Fitted(shared, between - start, time.process_time() - between)


def predict_test(log: Log, shared: Shared, *, adapting: bool) -> Predicted:
    """Predict the answers of ``test``, learner after learner; the terms learn on only when ``adapting``."""
    own = apart(shared)
    p, spent = np.empty(len(log) - log.first_test_row), 0.0
    first = 0
    for learner in range(log.train_learners, len(log.bounds) - 1):
        history = list(log.history(learner))
        start = time.process_time()
        p[first : first + len(history)] = Learner(own).follow(history, adapting=adapting)
        spent += time.process_time() - start
        first += len(history)
    return Predicted(p, 1e6 * spent / max(len(p), 1))


class Leaks(NamedTuple):
    """Of ``checked`` answers: how many had a prediction that moved when only their own label (``by_label``), or only
    the moment of their answer (``by_time``), was changed; and in how many the next prediction moved with the label, as
    it must (``heard``), of those that had a next.
    """

    checked: int
    by_label: int
    by_time: int
    heard: int
    followed: int


def leaks(log: Log, shared: Shared, count: int = 50, seed: int = 1) -> Leaks:
    """Look for leaks at ``count`` answers of the learners of ``test``, drawn at random."""
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    learners = range(log.train_learners, len(log.bounds) - 1)
    by_label = by_time = heard = followed = checked = 0

    for learner in draw.sample(learners, min(count, len(learners))):
        history = list(log.history(learner))[:300]
        place = draw.randrange(len(history))
        event = history[place]
        other_label = event._replace(correct=not event.correct)
        other_time = event._replace(answered_at=(event.asked.presented_at or 0.0) + 7 * 3600.0)
        before, flipped, shifted = (
            _predictions([*history[:place], own, *history[place + 1 :]], shared)
            for own in (event, other_label, other_time)
        )
        checked += 1
        by_label += flipped[: place + 1] != before[: place + 1]
        by_time += shifted[: place + 1] != before[: place + 1]
        if place + 1 < len(history):
            followed += 1
            heard += flipped[place + 1] != before[place + 1]
    return Leaks(checked, by_label, by_time, heard, followed)


def _predictions(history: list[Event], shared: Shared) -> list[float]:
    """Follow a learner while the terms adapt, and leave ``shared`` as it was."""
    items = {event.asked.item_id for event in history}
    skills = {key for event in history for key in event.asked.skill_ids}
    own_items = {key: shared.items[key] for key in items if key in shared.items}
    own_skills = {key: shared.skills[key] for key in skills if key in shared.skills}
    return Learner(Shared(shared.weights, own_items, own_skills)).follow(history, adapting=True)
