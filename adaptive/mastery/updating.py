"""How the state moves with an answer: counts, decayed rates, Elo ratings, traces of time, and the memory."""

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

from adaptive.mastery.features import DAY, HOUR, WEEK
from adaptive.mastery.state import ItemState, OverallState, SkillState
from adaptive.mastery.terms import Term

ELO_START = 0.62  # logits of a new learner on a new question: about 65 % right
SLOWEST = 7 * 86_400.0  # a longer time than this says nothing about how long an answer took


def step(count: int) -> float:
    """The step of an Elo rating after ``count`` answers."""
    return 0.5 / (1 + 0.05 * count)


def expectation(overall: OverallState, skills: Sequence[SkillState], difficulty: float) -> float:
    """Elo's probability of a right answer to a question of ``difficulty`` (logits, skills' included)."""
    offset = 0.0
    for skill in skills:
        offset += skill[2]
    x = ELO_START + overall[2] + (offset / len(skills) if skills else 0.0) - difficulty
    return 1 / (1 + exp(-x)) if x > -500 else 0.0


def next_overall(s: OverallState, y: int, error: float, at: float | None, latency: float | None) -> OverallState:
    """After an answer ``y``, presented ``at``, expected by Elo to be ``y - error``; ``latency`` in log seconds."""
    count, wins, ability, fast, middle, slow, surprise, _last, last_at, streak, latencies, mean, pace = s
    if latency is not None:
        latencies += 1
        mean += (latency - mean) / latencies
        reach = 1.0 / latencies if latencies < 20 else 0.05
        pace = latency if latencies == 1 else pace + (reach if latency > pace else -reach)
    if y:
        streak = streak + 1 if streak > 0 else 1
    else:
        streak = streak - 1 if streak < 0 else -1
    return OverallState(
        count + 1,
        wins + y,
        ability + step(count) * error,
        fast + 0.3 * (y - fast),
        middle + 0.1 * (y - middle),
        slow + 0.02 * (y - slow),
        surprise + 0.1 * (error - surprise),
        y,
        last_at if at is None else at,
        streak,
        latencies,
        mean,
        pace,
    )


def next_skill(
    s: SkillState, y: int, error: float, at: float | None, index: int, new_item: bool, hinted: bool
) -> SkillState:
    """After the learner's answer number ``index``; memory and mastery are left as they are."""
    (
        count, wins, offset, fast, middle, surprise, _last, last_at, _i, items, streak, best, hints,
        th, td, tw, wh, wd, ww, mastered_at, memory,
    ) = s  # fmt: skip
    if at is not None:
        if last_at is not None and at > last_at:
            elapsed = at - last_at
            fade = exp(-elapsed / HOUR)
            th *= fade
            wh *= fade
            fade = exp(-elapsed / DAY)
            td *= fade
            wd *= fade
            fade = exp(-elapsed / WEEK)
            tw *= fade
            ww *= fade
        th += 1
        td += 1
        tw += 1
        wh += y
        wd += y
        ww += y
        last_at = at
    if y:
        streak = streak + 1 if streak > 0 else 1
        best = max(best, streak)
    else:
        streak = streak - 1 if streak < 0 else -1
    return SkillState(
        count + 1,
        wins + y,
        offset + step(count) * error,
        fast + 0.3 * (y - fast),
        middle + 0.1 * (y - middle),
        surprise + 0.2 * (error - surprise),
        y,
        last_at,
        index,
        items + 1 if new_item else items,
        streak,
        best,
        hints + 1 if hinted else hints,
        th, td, tw, wh, wd, ww,
        mastered_at,
        memory,
    )  # fmt: skip


def next_item(s: ItemState, y: int, at: float | None, index: int) -> ItemState:
    """After the learner's answer number ``index``."""
    return ItemState(s[0] + 1, s[1] + y, y, s[3] if at is None else at, index)


def log_latency(presented_at: float | None, answered_at: float | None) -> float | None:
    """The logarithm of the seconds that an answer took; None where unknown or beyond belief."""
    if presented_at is None or answered_at is None or not 0 <= answered_at - presented_at <= SLOWEST:
        return None
    return log(max(0.1, answered_at - presented_at))


class Moved(NamedTuple):
    """What an answer makes of a learner's parts, and Elo's error (answer - expectation)."""

    overall: OverallState
    skills: list[SkillState]
    item: ItemState
    error: float


def moved(
    overall: OverallState,
    skills: Sequence[SkillState],
    item: ItemState,
    item_term: Term,
    skill_terms: Sequence[Term],
    y: int,
    presented_at: float | None,
    latency: float | None,
    hinted: bool,
) -> Moved:
    """The parts after an answer ``y`` (0 or 1); ``latency`` in log seconds. Memories are left as they are."""
    hardness = item_term[1] + (sum([t[1] for t in skill_terms]) / len(skill_terms) if skill_terms else 0.0)
    error = y - expectation(overall, skills, hardness)
    after = next_overall(overall, y, error, presented_at, latency)
    index, new_item = after[0], not item[0]
    return Moved(
        after,
        [next_skill(s, y, error, presented_at, index, new_item, hinted) for s in skills],
        next_item(item, y, presented_at, index),
        error,
    )


def shift(term: Term, error: float) -> float:
    """What an answer adds to an Elo difficulty; ``error`` is shared out among the skills of a question."""
    return -step(term[0]) * error
