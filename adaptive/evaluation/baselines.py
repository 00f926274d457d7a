"""What the model is measured against: majority, item mean, Elo, PFA and BestLR.

PFA (Pavlik et al. 2009) and BestLR (Gervet et al. 2020) are logistic regressions on counts, fitted with scikit-learn,
which is the optional extra ``baselines``.
"""

import time
from collections.abc import Callable
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adaptive.errors import Unavailable
from adaptive.evaluation.log_file import Log

Floats = NDArray[np.float64]
NAMES = ("majority", "item mean", "Elo", "PFA", "BestLR")
FITTED = frozenset({"PFA", "BestLR"})
ITEM_PRIOR = 5.0  # answers that an item mean starts with
ITERATIONS = 1000


class Baseline(NamedTuple):
    """Predictions for the answers of ``test``, and the CPU seconds of the whole."""

    p: Floats
    seconds: float


def baseline(name: str, log_: Log) -> Baseline:
    """Fit on ``train``, predict ``test``. Raises Unavailable ``log.baselines_missing`` without scikit-learn."""
    ways: dict[str, Callable[[Log], Floats]] = {
        "majority": _majority,
        "item mean": _item_mean,
        "Elo": _elo,
        "PFA": _pfa,
        "BestLR": _best_lr,
    }
    start = time.process_time()
    p = ways[name](log_)
    return Baseline(p, time.process_time() - start)


def _majority(log_: Log) -> Floats:
    first = log_.first_test_row
    return np.full(len(log_) - first, log_.correct[:first].mean())


def _item_mean(log_: Log) -> Floats:
    first, count = log_.first_test_row, len(log_.item_names)
    mean = log_.correct[:first].mean()
    tries = np.bincount(log_.items[:first], minlength=count) + ITEM_PRIOR
    wins = np.bincount(log_.items[:first], log_.correct[:first], count) + ITEM_PRIOR * mean
    means: Floats = wins / tries
    return means[log_.items[first:]]


def _elo(log_: Log) -> Floats:
    """Learner + learner on skill - question, adapting throughout, with the step .5 / (1 + .05 n)."""
    items, tries = [0.0] * len(log_.item_names), [0] * len(log_.item_names)
    found = np.empty(len(log_))
    row = 0
    for learner in range(len(log_.bounds) - 1):
        last = int(log_.bounds[learner + 1])
        ability, own = 0.0, dict[str, tuple[float, int]]()
        columns = (column[row:last].tolist() for column in (log_.items, log_.skill_sets, log_.correct))
        for number, (item, skills, y) in enumerate(zip(*columns, strict=True)):
            keys = log_.skill_set_names[skills]
            offset = sum(own.get(key, (0.0, 0))[0] for key in keys) / len(keys) if keys else 0.0
            p = 1 / (1 + exp(-(ability + offset - items[item])))
            error = y - p
            ability += 0.5 / (1 + 0.05 * number) * error
            items[item] -= 0.5 / (1 + 0.05 * tries[item]) * error
            tries[item] += 1
            for key in keys:
                value, met = own.get(key, (0.0, 0))
                own[key] = (value + 0.5 / (1 + 0.05 * met) * error, met + 1)
            found[row] = p
            row += 1
    return found[log_.first_test_row :]


def _counts(log_: Log) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats, Floats, Floats, Floats, int]:
    """Of each row × skill: starts, skill code, log(1 + wins), log(1 + failures); and of each row the learner's own."""
    codes: dict[str, int] = {}
    sets = [tuple(codes.setdefault(key, len(codes)) for key in keys) for keys in log_.skill_set_names]
    lengths = np.array([len(keys) for keys in sets])[log_.skill_sets]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    skills = np.empty(starts[-1], np.int32)
    wins, failures = np.empty(starts[-1]), np.empty(starts[-1])
    all_wins, all_failures = np.empty(len(log_)), np.empty(len(log_))
    row = place = 0
    for learner in range(len(log_.bounds) - 1):
        last = int(log_.bounds[learner + 1])
        own, good, bad = dict[int, list[int]](), 0, 0
        for given, y in zip(log_.skill_sets[row:last].tolist(), log_.correct[row:last].tolist(), strict=True):
            all_wins[row], all_failures[row] = log(1 + good), log(1 + bad)
            for key in sets[given]:
                counts = own.setdefault(key, [0, 0])
                skills[place], wins[place], failures[place] = key, log(1 + counts[1]), log(1 + counts[0])
                counts[y] += 1
                place += 1
            good, bad, row = good + y, bad + 1 - y, row + 1
    return starts, skills, wins, failures, all_wins, all_failures, len(codes)


def _pfa(log_: Log) -> Floats:
    """A bias, and slopes on log wins and log failures, for each skill."""
    starts, skills, wins, failures, _good, _bad, count = _counts(log_)
    parts = [(skills, np.ones(len(skills))), (skills + count, wins), (skills + 2 * count, failures)]
    return _regression(log_, _sparse(starts, parts, 3 * count))


def _best_lr(log_: Log) -> Floats:
    """Questions, skills, the learner's log wins and failures, and the same on each skill."""
    starts, skills, wins, failures, good, bad, count = _counts(log_)
    parts = [(skills, np.ones(len(skills))), (skills + count, wins), (skills + 2 * count, failures)]
    pairs = _sparse(starts, parts, 3 * count)
    scipy = _scipy()
    rows = np.arange(len(log_))
    ones = np.ones(len(log_))
    items = scipy.csr_matrix((ones, (rows, log_.items)), shape=(len(log_), len(log_.item_names)))
    return _regression(log_, scipy.hstack([items, pairs, np.stack([good, bad], axis=1)], format="csr"))


def _sparse(starts: NDArray[np.int64], parts: list[tuple[NDArray[np.int32], Floats]], width: int) -> Any:
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    columns = np.concatenate([column for column, _values in parts])
    values = np.concatenate([values for _column, values in parts])
    return _scipy().csr_matrix((values, (np.tile(rows, len(parts)), columns)), shape=(len(starts) - 1, width))


def _scipy() -> Any:
    try:
        from scipy import sparse
    except ImportError as problem:
        raise Unavailable("log.baselines_missing") from problem
    return sparse


def _regression(log_: Log, design: Any) -> Floats:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as problem:
        raise Unavailable("log.baselines_missing") from problem
    first = log_.first_test_row
    model = LogisticRegression(solver="lbfgs", max_iter=ITERATIONS)
    if len(set(log_.correct[:first].tolist())) < 2 or not design.shape[1]:
        return _majority(log_)
    model.fit(design[:first], log_.correct[:first])
    found: Floats = model.predict_proba(design[first:])[:, 1]
    return found
