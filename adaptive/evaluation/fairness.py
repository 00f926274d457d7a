"""Whether the predictions and the choices serve every group alike, by an attribute that people gave for this purpose.

For each group: how far predictions lie from what came true (calibration), and how often answers were right; with 95 %
intervals over learners, corrected for the number of groups (Bonferroni). An attribute is never a feature of the model.
What follows from a passed threshold is part of the result: the neutral policy, until a person has corrected it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adaptive.reason import Reason, because

Floats = NDArray[np.float64]
Verdict = Literal["fine", "watch", "passed", "too_few"]
Action = Literal["none", "neutral_policy"]
CALIBRATION = 0.05  # a group's mean of (right - predicted) may lie this far from 0
SUCCESS = 0.10  # a group's share of right answers may lie this far from everybody else's
FEWEST = 20  # learners of a group from which anything is concluded
HIDDEN = 5  # learners below which a group's numbers are not shown
LEVEL = 0.05
RESAMPLES = 2000


class Judged(NamedTuple):
    """An answer: whose, which group they said they belong to, what was predicted before, and whether it was right."""

    user_id: str
    group: str
    predicted: float
    correct: bool


class Interval(NamedTuple):
    """An estimate with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """What was found for a group; the measures are None where the group is too small to be shown."""

    name: str
    learners: int
    answers: int
    calibration: Interval | None
    success: Interval | None
    difference: Interval | None
    error: float | None
    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """The groups of an attribute, the worst verdict among them, and what is to be done."""

    attribute: str
    groups: tuple[Group, ...]
    verdict: Verdict
    action: Action
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, Any]:
        """As JSON values, for the record that a policy was changed by."""
        return {
            "attribute": self.attribute,
            "verdict": self.verdict,
            "action": self.action,
            "groups": [
                {
                    "name": group.name,
                    "learners": group.learners if group.learners >= HIDDEN else None,
                    "answers": group.answers if group.learners >= HIDDEN else None,
                    "calibration": None if group.calibration is None else list(group.calibration),
                    "success": None if group.success is None else list(group.success),
                    "difference": None if group.difference is None else list(group.difference),
                    "verdict": group.verdict,
                    "reasons": [reason.as_json() for reason in group.reasons],
                }
                for group in self.groups
            ],
            "reasons": [reason.as_json() for reason in self.reasons],
        }


def fairness(rows: Iterable[Judged], attribute: str, seed: int = 1) -> FairnessReport:
    """Look at every group of an attribute. Rows without a group are left out: nobody has to say.

    A threshold is passed only where a whole interval lies beyond it; a value beyond it whose interval is not is to be
    watched. Raises ValueError where no row has a group.
    """
    by_group: dict[str, dict[str, list[tuple[float, bool]]]] = {}
    for row in rows:
        if row.group:
            by_group.setdefault(row.group, {}).setdefault(row.user_id, []).append((row.predicted, row.correct))
    if not by_group:
        raise ValueError("no answer has a group")
    level = LEVEL / (2 * max(1, sum(len(learners) >= FEWEST for learners in by_group.values())))
    sums = {name: np.array([_sums(own) for own in learners.values()]) for name, learners in by_group.items()}
    groups = tuple(_group(name, sums, by_group[name], level, seed) for name in sorted(by_group))
    verdicts = {group.verdict for group in groups}
    order: tuple[Verdict, ...] = ("passed", "watch", "fine", "too_few")
    verdict = next(v for v in order if v in verdicts)
    action: Action = "neutral_policy" if verdict == "passed" else "none"
    reasons = (because(f"fairness.{verdict}"),)
    return FairnessReport(attribute, groups, verdict, action, reasons)


def _sums(answers: Sequence[tuple[float, bool]]) -> tuple[float, float, float]:
    """Of a learner: how many answers, how many right, the sum of what was predicted."""
    return float(len(answers)), float(sum(y for _p, y in answers)), sum(p for p, _y in answers)


def _group(
    name: str,
    sums: dict[str, Floats],
    answers: dict[str, list[tuple[float, bool]]],
    level: float,
    seed: int,
) -> Group:
    own = sums[name]
    learners, count = len(own), int(own[:, 0].sum())
    if learners < HIDDEN:
        return Group(name, learners, count, None, None, None, None, "too_few", (because("fairness.group_few"),))
    others = [part for key, part in sums.items() if key != name]
    rest = np.concatenate(others) if others else None
    drawn = _draws(own, seed)
    gap = _interval((own[:, 1].sum() - own[:, 2].sum()) / count, (drawn[:, 1] - drawn[:, 2]) / drawn[:, 0], level)
    success = wilson(own, level)
    difference = None
    if rest is not None and len(rest) >= HIDDEN:
        away = _draws(rest, seed + 1)
        value = own[:, 1].sum() / count - rest[:, 1].sum() / rest[:, 0].sum()
        difference = _interval(value, drawn[:, 1] / drawn[:, 0] - away[:, 1] / away[:, 0], level)
    pairs = [pair for learner in answers.values() for pair in learner]
    error = calibration_error(np.array([p for p, _ in pairs]), np.array([float(y) for _, y in pairs]))
    verdict, reasons = _judge(learners, gap, difference)
    return Group(name, learners, count, gap, success, difference, error, verdict, reasons)


def _judge(learners: int, gap: Interval, difference: Interval | None) -> tuple[Verdict, tuple[Reason, ...]]:
    if learners < FEWEST:
        return "too_few", (because("fairness.group_few"),)
    passed: list[Reason] = []
    watched: list[Reason] = []
    for code, found, threshold in (("calibration", gap, CALIBRATION), ("success", difference, SUCCESS)):
        if found is None or abs(found.value) <= threshold:
            continue
        reason = because(f"fairness.{code}", points=round(100 * found.value))
        beyond = found.low > threshold or found.high < -threshold
        (passed if beyond else watched).append(reason)
    if passed:
        return "passed", tuple(passed)
    return ("watch", tuple(watched)) if watched else ("fine", (because("fairness.group_fine"),))


def wilson(learners: Floats, level: float) -> Interval:
    """A group's share of right answers with its Wilson interval, the number of answers divided by the design effect.

    ``learners`` has a row for each: answers, right ones, and whatever else. Answers of one person are alike, so that
    they are worth fewer independent ones; the design effect is estimated from the spread between learners.
    """
    count, right = learners[:, 0], learners[:, 1]
    total = float(count.sum())
    share = float(right.sum()) / total
    number = len(learners)
    effect = 1.0
    if number > 1 and 0 < share < 1:
        between = float(((right - share * count) ** 2).sum()) * number / (number - 1) / total**2
        effect = max(1.0, between / (share * (1 - share) / total))
    n, z = total / effect, NormalDist().inv_cdf(1 - level / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(share, max(0.0, centre - spread), min(1.0, centre + spread))


def calibration_error(predicted: Floats, correct: Floats, bins: int = 10) -> float:
    """The expected calibration error over bins of equal width."""
    which = np.minimum((predicted * bins).astype(int), bins - 1)
    count = np.bincount(which, minlength=bins)
    gap = np.abs(np.bincount(which, predicted, bins) - np.bincount(which, correct, bins))
    return float(gap.sum() / max(1, count.sum()))


def _draws(learners: Floats, seed: int) -> Floats:
    """The sums of a group when its learners are drawn anew, with replacement."""
    number = len(learners)
    counts = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), RESAMPLES)
    drawn: Floats = counts @ learners
    return drawn


def _interval(value: float, drawn: Floats, level: float) -> Interval:
    low, high = np.quantile(drawn, (level / 2, 1 - level / 2))
    return Interval(float(value), float(low), float(high))


def lines(report: FairnessReport) -> list[str]:
    """The report as text."""
    table = [
        f"{report.attribute:<16}{'learners':>9}{'answers':>9}{'right - predicted':>26}{'right':>24}{'ECE':>7}  verdict"
    ]
    for group in report.groups:
        if group.calibration is None or group.success is None or group.error is None:
            table.append(f"{group.name:<16}{'<' + str(HIDDEN):>9}{'':>66}  {group.verdict}")
            continue
        gap, success = group.calibration, group.success
        table.append(
            f"{group.name:<16}{group.learners:>9}{group.answers:>9}"
            f"{gap.value:>+10.3f} ({gap.low:+.3f}, {gap.high:+.3f})"
            f"{success.value:>9.3f} ({success.low:.3f}-{success.high:.3f})"
            f"{group.error:>7.3f}  {group.verdict}"
        )
    follows = {
        "passed": "a threshold is passed: the neutral policy, until a person has corrected it",
        "watch": "nothing is certain, but it is to be watched",
        "fine": "no group lies beyond a threshold",
        "too_few": "too few learners to say anything",
    }
    table.append(
        f"verdict: {report.verdict}: {follows[report.verdict]} (thresholds: {CALIBRATION} right - predicted, "
        f"{SUCCESS} difference in success; {FEWEST} learners or more)"
    )
    return table
