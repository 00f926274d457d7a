"""What in a learner's answers and behaviour says that something should change: signals, each with its numbers.

A signal is never a verdict on a person. Time and behaviour are compared with the learner's own median only, never with
other people's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import median
from typing import Literal

from adaptive.mastery.state import OverallState, SkillState
from adaptive.reason import Reason, because
from adaptive.struggle.wheel_spinning import HORIZON, IN_A_ROW, TRIES, Coefficients, risk, signs

SignalKind = Literal["stuck", "bored", "hurried", "strained"]
WRONG_IN_A_ROW = 3
ACROSS_LAST, ACROSS_WRONG = 8, 6  # with a success of .75, the least that is aimed at, this is chance once in 240 times
SPINNING = 0.5  # from this risk on the approach changes before the tries are used up
TOO_EASY = 0.95  # expected and answered right, again and again
EASY_RUN = 5
HURRIED_RUN = 3
SAMPLES = 5  # of one's own values before anything is compared with their median
UNUSUAL = 3.0  # robust deviations from one's own median, on the scale of logarithms
LEAST_SPREAD = 0.25  # a spread smaller than this (about a quarter) is taken to be this


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer as far as signals need it: ``seconds`` it took and ``rapid`` the question's threshold, where known;
    ``p`` what had been predicted."""

    item_id: str
    skill_ids: tuple[str, ...]
    correct: bool
    p: float | None = None
    seconds: float | None = None
    rapid: float | None = None
    hinted: bool = False

    @property
    def hurried(self) -> bool:
        """Answered faster than anyone can read and think about this question."""
        return self.seconds is not None and self.rapid is not None and self.seconds < self.rapid


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that should change the approach; ``strength`` 0 to 1 orders signals of the same moment."""

    kind: SignalKind
    strength: float
    reason: Reason


def wrong_in_a_row(attempts: Sequence[Attempt], skill_id: str) -> Signal | None:
    """Three wrong answers in a row on a skill, the newest last. A hurried answer says nothing and is passed over."""
    row = 0
    for attempt in reversed(attempts):
        if skill_id not in attempt.skill_ids or attempt.hurried:
            continue
        if attempt.correct:
            break
        row += 1
    if row < WRONG_IN_A_ROW:
        return None
    return Signal("stuck", 1.0, because("struggle.wrong_in_a_row", skill=skill_id, count=row))


def across_skills(attempts: Sequence[Attempt]) -> Signal | None:
    """Six of the last eight answers wrong, on more than one skill: it is not this or that which does not get on.

    The newest last; hurried answers are passed over.
    """
    last = [attempt for attempt in attempts if not attempt.hurried][-ACROSS_LAST:]
    wrong = [attempt for attempt in last if not attempt.correct]
    if len(wrong) < ACROSS_WRONG or len({attempt.skill_ids for attempt in wrong}) < 2:
        return None
    return Signal("stuck", len(wrong) / ACROSS_LAST, because("struggle.across", count=len(wrong), of=len(last)))


def chance_of_row(p: float, streak: int, left: int) -> float:
    """The probability of completing three right answers in a row within ``left`` tries, each right with ``p``."""
    at = [0.0] * IN_A_ROW
    at[min(max(streak, 0), IN_A_ROW - 1)] = 1.0
    done = 1.0 if streak >= IN_A_ROW else 0.0
    if done:
        return done
    for _ in range(left):
        done += at[-1] * p
        at = [sum(at) * (1 - p), *(value * p for value in at[:-1])]
    return done


def spinning(
    overall: OverallState, skill: SkillState, skill_id: str, next_logit: float, p: float, coefficients: Coefficients
) -> Signal | None:
    """Wheel-spinning on a skill: foreseen after four tries, later by the tries that are left, certain after ten.

    ``next_logit`` and ``p`` are the learner model's prediction for a question of this skill not met before.
    """
    if skill.best_streak >= IN_A_ROW or skill.answers < TRIES:
        return None
    if skill.answers == TRIES:
        chance = risk(coefficients, signs(overall, skill, next_logit), skill_id)
    else:
        chance = 1 - chance_of_row(p, skill.streak, max(0, HORIZON - skill.answers))
    if chance < SPINNING:
        return None
    facts = because("struggle.spinning", skill=skill_id, tries=skill.answers, chance=round(100 * chance))
    return Signal("stuck", chance, facts)


def too_easy(attempts: Sequence[Attempt]) -> Signal | None:
    """The last five answers right, as had been expected with near certainty, and without a hint."""
    last = attempts[-EASY_RUN:]
    if len(last) < EASY_RUN or not all(a.correct and not a.hinted for a in last):
        return None
    known = [a.p for a in last if a.p is not None]
    if len(known) < EASY_RUN or min(known) < TOO_EASY:
        return None
    return Signal("bored", sum(known) / EASY_RUN, because("struggle.too_easy", count=EASY_RUN))


def hurried(attempts: Sequence[Attempt]) -> Signal | None:
    """Several of the last answers came faster than their questions can be read: boredom, or a wish to be done."""
    last = attempts[-HURRIED_RUN:]
    if len(last) < HURRIED_RUN or not all(a.hurried for a in last):
        return None
    return Signal("hurried", 1.0, because("struggle.hurried", count=HURRIED_RUN))


def deviation(value: float, own: Sequence[float]) -> float | None:
    """How far a positive value lies from the median of one's own earlier ones, in robust deviations of logarithms.

    None while fewer than five are known. A median absolute deviation times 1.4826 stands for the deviation.
    """
    known = [log(v) for v in own if v > 0]
    if len(known) < SAMPLES or value <= 0:
        return None
    middle = median(known)
    spread = 1.4826 * median(abs(v - middle) for v in known)
    return (log(value) - middle) / max(spread, LEAST_SPREAD)


Behaviour = Literal["pause", "speech", "replay", "back", "seconds"]


def strained(kind: Behaviour, value: float, own: Sequence[float]) -> Signal | None:
    """Behaviour that means effort: a longer pause, slower speech (seconds a syllable), more replays or going back more
    often than is usual for this person. ``value`` and ``own`` are in the same unit, more meaning harder."""
    away = deviation(value, own)
    if away is None or away < UNUSUAL:
        return None
    times = value / median(v for v in own if v > 0)
    told = f"{round(times) if times >= 3 else round(times, 1):g}"
    return Signal("strained", min(1.0, away / (2 * UNUSUAL)), because(f"struggle.{kind}", times=told))


def notice(attempts: Sequence[Attempt], skill_id: str) -> tuple[Signal, ...]:
    """Every signal that the newest answers on a skill give, the one to act on first."""
    found = (wrong_in_a_row(attempts, skill_id), hurried(attempts), too_easy(attempts))
    order = {"stuck": 0, "strained": 1, "hurried": 2, "bored": 3}
    return tuple(sorted((s for s in found if s is not None), key=lambda s: (order[s.kind], -s.strength)))
