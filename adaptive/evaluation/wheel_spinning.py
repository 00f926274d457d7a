"""How well wheel-spinning is foreseen after four tries: fitted on the learners of ``train``, measured on the others."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adaptive.evaluation.log_file import Log
from adaptive.evaluation.metrics import auc
from adaptive.mastery.following import Learner
from adaptive.mastery.prediction import Asked, predict
from adaptive.mastery.progress import UNSEEN
from adaptive.mastery.terms import Shared, default_weights
from adaptive.struggle.wheel_spinning import (
    SIGNS,
    TRIES,
    Coefficients,
    came_at,
    is_wheel_spinning,
    risk,
    signs,
)

Floats = NDArray[np.float64]
SKILL_PRECISION = 2.0  # of a skill's own term, in logits: a standard deviation of .7 among skills
SIGN_PRECISION = 1.0  # of the weights of standardised signs
ROUNDS = 25
RESAMPLES = 1000


class Episode(NamedTuple):
    """A learner at a skill, after four tries without three right in a row, and how it ended."""

    user_id: str
    skill_id: str
    test: bool
    signs: tuple[float, ...]
    spinning: bool


class Foresight(NamedTuple):
    """What was measured: AUC with a 95 % interval over learners, the same without terms of skills, counting alone."""

    auc: float
    low: float
    high: float
    auc_without_skills: float
    auc_counting: float
    episodes: int
    share: float
    coefficients: Coefficients


def episodes(log: Log) -> list[Episode]:
    """Every learner × skill whose outcome is known and that was open after four tries.

    The learner model runs along from the shipped weights, the learners of ``train`` first, and its terms learn as they
    would online; signs are taken right after the fourth try and so know nothing of what follows.
    """
    shared = Shared(default_weights(), {}, {})
    found: list[Episode] = []
    for number, user in enumerate(log.user_names):
        learner = Learner(shared)
        outcomes: dict[str, list[bool]] = {}
        seen: dict[str, tuple[float, ...]] = {}
        for event in log.history(number):
            learner.follow((event,), adapting=True)
            for key in event.asked.skill_ids:
                tries = outcomes.setdefault(key, [])
                tries.append(event.correct)
                if len(tries) == TRIES and came_at(tries) is None:
                    asked = Asked(UNSEEN, (key,), event.asked.presented_at)
                    ahead = predict(learner.state, shared, asked).logit
                    seen[key] = signs(learner.state.overall, learner.state.skills[key], ahead)
        for key, own in seen.items():
            end = is_wheel_spinning(outcomes[key])
            if end is not None:
                found.append(Episode(user, key, number >= log.train_learners, own, end))
    return found


def fit(found: Sequence[Episode], origin: str, *, with_skills: bool = True) -> Coefficients:
    """The logistic model with ridge penalties, by Newton's method; the terms of skills are penalised towards 0."""
    raw = np.array([episode.signs for episode in found], dtype=np.float64)
    y = np.array([episode.spinning for episode in found], dtype=np.float64)
    means = raw.mean(axis=0)
    scales = 1.0 / np.maximum(raw.std(axis=0), 1e-9)
    names = sorted({episode.skill_id for episode in found}) if with_skills else []
    column = {name: number for number, name in enumerate(names)}
    own = np.zeros((len(found), len(names)))
    for number, episode in enumerate(found):
        if with_skills:
            own[number, column[episode.skill_id]] = 1.0
    x = np.hstack([np.ones((len(found), 1)), (raw - means) * scales, own])
    width = len(SIGNS) + 1
    penalty = np.full(x.shape[1], SKILL_PRECISION)
    penalty[:width] = SIGN_PRECISION
    penalty[0] = 1e-6
    beta = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (y - p) - penalty * beta
        curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        move = np.linalg.solve(curvature, gradient)
        beta = beta + move
        if float(np.abs(move).max()) < 1e-9:
            break
    terms = {name: float(beta[width + number]) for name, number in column.items()}
    return Coefficients(
        origin,
        float(beta[0]),
        tuple(map(float, beta[1:width])),
        tuple(map(float, means)),
        tuple(map(float, scales)),
        terms,
    )


def wheel_spinning_auc(log: Log, origin: str = "this log", seed: int = 1) -> Foresight:
    """Fit on the learners of ``train``, measure on those of ``test``.

    Raises ValueError where a fold has no learner who did and none who did not spin the wheels.
    """
    found = episodes(log)
    train, test = [e for e in found if not e.test], [e for e in found if e.test]
    for fold in (train, test):
        if len({episode.spinning for episode in fold}) < 2:
            raise ValueError("both folds need learners who did and learners who did not")
    full = fit(train, origin)
    plain = fit(train, origin, with_skills=False)
    y = np.array([episode.spinning for episode in test], dtype=np.int8)
    p = np.array([risk(full, e.signs, e.skill_id) for e in test])
    low, high = _interval(test, y, p, seed)
    return Foresight(
        auc=auc(y, p),
        low=low,
        high=high,
        auc_without_skills=auc(y, np.array([risk(plain, e.signs, e.skill_id) for e in test])),
        auc_counting=auc(y, -np.array([e.signs[0] for e in test])),
        episodes=len(test),
        share=float(y.mean()),
        coefficients=full,
    )


def _interval(test: Sequence[Episode], y: NDArray[np.int8], p: Floats, seed: int) -> tuple[float, float]:
    """95 % of the AUCs when whole learners are drawn anew, with replacement."""
    grouped: dict[str, list[int]] = {}
    for number, episode in enumerate(test):
        grouped.setdefault(episode.user_id, []).append(number)
    learners = [np.array(rows) for rows in grouped.values()]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([learners[i] for i in rng.integers(0, len(learners), len(learners))])
        if 0 < y[rows].sum() < len(rows):
            drawn.append(auc(y[rows], p[rows]))
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def lines(found: Foresight) -> list[str]:
    """The result as text."""
    return [
        f"wheel-spinning foreseen after {TRIES} tries, learners of test: AUC {found.auc:.4f} "
        f"({found.low:.4f}-{found.high:.4f}), {found.episodes:,} learner x skill, {found.share:.1%} of them spun",
        f"without terms of skills (as on a new library): {found.auc_without_skills:.4f}; "
        f"by counting right answers alone: {found.auc_counting:.4f}",
    ]
