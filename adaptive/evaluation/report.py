"""The report of ``python -m adaptive evaluate``: lines of text, as soon as each is known."""

import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from adaptive.errors import Unavailable
from adaptive.evaluation.baselines import FITTED, NAMES, baseline
from adaptive.evaluation.log_file import Log
from adaptive.evaluation.metrics import Floats, Interval, Scores, intervals, scores
from adaptive.evaluation.replay import fit, leaks, predict_test
from adaptive.evaluation.wheel_spinning import lines, wheel_spinning_auc

LARGE = 1_000_000  # rows from which on the slow parts run only when asked for
HEAD = f"{'':22} {'AUC':>6} {'acc.':>6} {'logl.':>6} {'RMSE':>6} {'ECE':>6} {'10 AUC':>6} {'.75-.85':>7} {'of':>7}"


class Options(NamedTuple):
    """What to run: the names of the baselines, how often learners are drawn anew, and with which seed."""

    baselines: tuple[str, ...] | None = None
    wheel_spinning: bool | None = None
    resamples: int = 200
    seed: int = 1


def report(log: Log, options: Options) -> Iterator[str]:
    """Fit, predict, compare; every line is a measurement of this run."""
    first = log.first_test_row
    if not 0 < first < len(log):
        raise Unavailable("log.fold_empty")
    yield from _about(log)
    y, learners = log.correct[first:], log.users[first:]
    number = np.arange(first, len(log)) - log.bounds[learners]
    fitted = fit(log, None, "evaluation", "this log")
    adapting = predict_test(log, fitted.shared, adapting=True)
    frozen = predict_test(log, fitted.shared, adapting=False)
    total = fitted.prepare_seconds + fitted.newton_seconds
    yield (
        f"fit: {total:.1f} CPU s ({fitted.prepare_seconds:.1f} living through {first:,} answers, "
        f"{fitted.newton_seconds:.1f} Newton); predict and observe: {adapting.microseconds:.1f} µs an answer adapting, "
        f"{frozen.microseconds:.1f} frozen"
    )
    yield ""
    yield HEAD
    yield _line("this model, adapting", scores(y, adapting.p, number))
    yield _line("this model, frozen", scores(y, frozen.p, number))
    best: tuple[float, str, Floats] | None = None
    for name in _baselines(log, options):
        try:
            other = baseline(name, log)
        except Unavailable as problem:
            yield f"{name:22} not run: {problem.code} (pip install 'evergreen-credit-bank[baselines]')"
            continue
        found = scores(y, other.p, number)
        yield f"{_line(name, found)}  {other.seconds:.1f} CPU s"
        if not math.isnan(found.auc) and (best is None or found.auc > best[0]):
            best = (found.auc, name, other.p)
    yield ""
    yield f"95 % intervals over {len(log.bounds) - 1 - log.train_learners:,} learners, drawn {options.resamples} times"
    for name, p in (("adapting", adapting.p), ("frozen", frozen.p)):
        known = intervals(y, p, learners, options.resamples, options.seed, None if best is None else best[2])
        ahead = "" if best is None else f"; ahead of {best[1]} by {_interval(known['auc_ahead'])}"
        yield f"{name:22} AUC {_interval(known['auc'])}; log loss {_interval(known['log_loss'])}{ahead}"
    yield ""
    checked = leaks(log, fitted.shared, seed=options.seed)
    verdict = "none" if checked.by_label == checked.by_time == 0 else "LEAK"
    yield (
        f"leak check: {verdict}; of {checked.checked} answers, own prediction moved by the answer's label "
        f"{checked.by_label}, by its moment {checked.by_time}; the next prediction moved with the label "
        f"{checked.heard} of {checked.followed}"
    )
    if options.wheel_spinning or (options.wheel_spinning is None and len(log) <= LARGE):
        yield from _wheel_spinning(log, options.seed)
    if (peak := _peak()) is not None:
        yield f"peak memory: {peak:,.0f} MiB"


def _about(log: Log) -> Iterator[str]:
    skills = {key for keys in log.skill_set_names for key in keys}
    yield (
        f"{len(log):,} answers, {len(log.user_names):,} learners, {len(log.item_names):,} items, "
        f"{len(skills):,} skills; train {log.first_test_row:,} answers of {log.train_learners:,} learners"
    )
    if log.folds_hashed:
        yield "no folds given: learners were put into train (4 in 5) and test by a hash of their id"
    timeless = float(np.isnan(log.presented_at).mean())
    if timeless:
        yield f"without a time: {timeless:.1%} of the answers; their features of time stand at the average"


def _baselines(log: Log, options: Options) -> Iterator[str]:
    for name in NAMES:
        if options.baselines is None:
            if name not in FITTED or len(log) <= LARGE:
                yield name
        elif name in options.baselines:
            yield name


def _line(name: str, s: Scores) -> str:
    figures = (s.auc, s.accuracy, s.log_loss, s.rmse, s.ece, s.first_ten)
    return f"{name:22} " + " ".join(f"{value:6.4f}" for value in figures) + f" {s.band:7.3f} {s.band_answers:>7,}"


def _interval(given: Interval) -> str:
    return "–" if math.isnan(given.low) else f"{given.low:.4f} to {given.high:.4f}"


def _wheel_spinning(log: Log, seed: int) -> Iterator[str]:
    try:
        yield from lines(wheel_spinning_auc(log, seed=seed))
    except ValueError as problem:
        yield f"wheel-spinning: cannot be said ({problem})"


def _peak() -> float | None:
    """Peak memory of this process in MiB, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
