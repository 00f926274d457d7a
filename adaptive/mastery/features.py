"""The features: what the state says about the next answer, in seven groups that people understand.

Only ``presented_at`` of the question asked is looked at, never the time of its answer.
"""

from collections.abc import Sequence
from math import exp, log

from adaptive.mastery.state import START, ItemState, OverallState, SkillState
from adaptive.mastery.terms import SkillTerm

GROUPS = ("overall", "skill", "item", "recent", "difficulty", "novelty", "time")
HOUR, DAY, WEEK = 3_600.0, 86_400.0, 604_800.0

# In the order in which ``features`` gives them; the features that need a clock come last, so that they can be left out.
FEATURES: tuple[tuple[str, str], ...] = (
    ("ability", "overall"),
    ("rate", "overall"),
    ("slow", "overall"),
    ("skill_offset", "skill"),
    ("skill_rate", "skill"),
    ("skill_wins", "skill"),
    ("skill_failures", "skill"),
    ("skill_fast", "skill"),
    ("skill_middle", "skill"),
    ("skill_surprise", "skill"),
    ("skill_last", "skill"),
    ("skill_weakest", "skill"),
    ("skill_streak", "skill"),
    ("item_wins", "item"),
    ("item_failures", "item"),
    ("item_last_right", "item"),
    ("item_last_wrong", "item"),
    ("fast", "recent"),
    ("middle", "recent"),
    ("surprise", "recent"),
    ("last_right", "recent"),
    ("last_wrong", "recent"),
    ("streak", "recent"),
    ("same_skills", "recent"),
    ("same_skills_right", "recent"),
    ("same_skills_wrong", "recent"),
    ("skill_difficulty", "difficulty"),
    ("skills", "difficulty"),
    ("answers", "novelty"),
    ("first_answers", "novelty"),
    ("skill_new", "novelty"),
    ("skill_items", "novelty"),
    ("item_new", "novelty"),
    ("skill_lag", "time"),
    ("item_lag", "time"),
    ("gap", "time"),
    ("skill_gap", "time"),
    ("item_gap", "time"),
    ("tries_hour", "time"),
    ("tries_day", "time"),
    ("tries_week", "time"),
    ("wins_hour", "time"),
    ("wins_day", "time"),
    ("wins_week", "time"),
)
NAMES = tuple(name for name, _group in FEATURES)
TIMELESS = NAMES.index("gap")
# What the five slopes of a skill and of a question stand on.
SKILL_SLOPES = tuple(NAMES.index(n) for n in ("ability", "skill_rate", "skill_wins", "skill_failures", "skill_lag"))
ITEM_SLOPES = tuple(NAMES.index(n) for n in ("ability", "skill_offset", "last_right", "skill_last", "answers"))
_OF_GROUP = [[i for i, (_name, g) in enumerate(FEATURES) if g == group] for group in GROUPS]
SPANS = tuple(slice(own[0], own[-1] + 1) for own in _OF_GROUP)  # where a group's features stand
PRIOR = 2.0  # answers that a success rate starts with


def features(
    overall: OverallState,
    skills: Sequence[SkillState],
    item: ItemState,
    skill_terms: Sequence[SkillTerm],
    presented_at: float | None,
) -> list[float]:
    """The raw features, in the order of ``NAMES``; without a clock the list ends at ``TIMELESS``."""
    count, wins, ability, fast, middle, slow, surprise, last, last_at, streak, _l, _m, _p = overall
    right, missed, last_right, last_wrong, unmet, item_lag, item_gap = item_features(item, count, presented_at)
    share = 1.0 / len(skills) if skills else 0.0
    rate = (wins + START * PRIOR) / (count + PRIOR)
    own, new, met, lag, same = _of_skills(skills, count, rate, share)
    raw = [
        ability,
        rate,
        slow,
        *own,
        right,
        missed,
        last_right,
        last_wrong,
        fast,
        middle,
        surprise,
        1.0 if last == 1 else 0.0,
        1.0 if last == 0 else 0.0,
        log(1 + streak) if streak >= 0 else -log(1 - streak),
        1.0 if same else 0.0,
        1.0 if same and last == 1 else 0.0,
        1.0 if same and last == 0 else 0.0,
        sum([term[1] for term in skill_terms]) * share,
        float(len(skills)),
        log(1 + count),
        1.0 / (1 + count),
        new,
        met,
        unmet,
        lag,
        item_lag,
    ]
    if presented_at is None:
        return raw
    return raw + _of_the_clock(last_at, skills, item_gap, presented_at, share)


def item_features(item: ItemState, count: int, presented_at: float | None) -> tuple[float, ...]:
    """The raw features of the question alone, in the order of ``NAMES``; ``count`` are the learner's answers."""
    tries, right, last, last_at, index = item
    return (
        log(1 + right),
        log(1 + tries - right),
        1.0 if last == 1 else 0.0,
        1.0 if last == 0 else 0.0,
        0.0 if tries else 1.0,
        log(1 + count - index) if tries else 0.0,
        log(1 + max(0.0, presented_at - last_at)) if presented_at is not None and last_at is not None else 0.0,
    )


def _of_skills(
    skills: Sequence[SkillState], count: int, overall_rate: float, share: float
) -> tuple[tuple[float, ...], float, float, float, bool]:
    """The means over the skills (the rate of the weakest among them), then how new they are, how many questions were
    met, how many answers ago, and whether the learner's last answer was on all of them.
    """
    offset = rate = won = failed = fast = middle = surprise = last = streak = new = met = lag = 0.0
    weakest, same = 9.0, count > 0
    for skill in skills:
        tries, wins, own_offset, own_fast, own_middle, own_surprise, own_last, _at, index, items, run = skill[:11]
        own_rate = (wins + overall_rate * PRIOR) / (tries + PRIOR)
        if own_rate < weakest:
            weakest = own_rate
        offset += own_offset
        rate += own_rate
        won += log(1 + wins)
        failed += log(1 + tries - wins)
        fast += own_fast
        middle += own_middle
        surprise += own_surprise
        met += log(1 + items)
        streak += log(1 + run) if run >= 0 else -log(1 - run)
        if tries:
            last += 2 * own_last - 1
            lag += log(1 + count - index)
            same = same and index == count
        else:
            new += 1
            same = False
    own = (
        offset * share,
        rate * share,
        won * share,
        failed * share,
        fast * share,
        middle * share,
        surprise * share,
        last * share,
        weakest if skills else overall_rate,
        streak * share,
    )
    return own, new * share, met * share, lag * share, same and bool(skills)


def _of_the_clock(
    last_at: float | None, skills: Sequence[SkillState], item_gap: float, now: float, share: float
) -> list[float]:
    """Logarithms of the seconds since the last answer, on the skills, on the question; tries and wins that fade."""
    gap = tries_hour = tries_day = tries_week = wins_hour = wins_day = wins_week = 0.0
    for skill in skills:
        at = skill[7]
        if at is None:
            continue
        elapsed = now - at if now > at else 0.0
        gap += log(1 + elapsed)
        fade = exp(-elapsed / HOUR)
        tries_hour += log(1 + skill[13] * fade)
        wins_hour += log(1 + skill[16] * fade)
        fade = exp(-elapsed / DAY)
        tries_day += log(1 + skill[14] * fade)
        wins_day += log(1 + skill[17] * fade)
        fade = exp(-elapsed / WEEK)
        tries_week += log(1 + skill[15] * fade)
        wins_week += log(1 + skill[18] * fade)
    return [
        log(1 + max(0.0, now - last_at)) if last_at is not None else 0.0,
        gap * share,
        item_gap,
        tries_hour * share,
        tries_day * share,
        tries_week * share,
        wins_hour * share,
        wins_day * share,
        wins_week * share,
    ]
