"""The features: what the state says about the next answer, in seven groups that people understand.

Only ``presented_at`` of the question asked is looked at, never the time of its answer.
"""

from collections.abc import Sequence
from math import exp, log

from adaptive.mastery.state import ItemState, OverallState, SkillState
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
    share = 1.0 / len(skills) if skills else 0.0
    offset = rate = won = failed = s_fast = s_middle = s_surprise = s_last = s_streak = 0.0
    new = met = lag = 0.0
    same = count > 0
    weakest = 9.0
    overall_rate = (wins + 0.65 * PRIOR) / (count + PRIOR)
    for s in skills:
        n, w, o = s[0], s[1], s[2]
        r = (w + overall_rate * PRIOR) / (n + PRIOR)
        offset += o
        rate += r
        won += log(1 + w)
        failed += log(1 + n - w)
        s_fast += s[3]
        s_middle += s[4]
        s_surprise += s[5]
        weakest = min(weakest, r)
        met += log(1 + s[9])
        st = s[10]
        s_streak += log(1 + st) if st >= 0 else -log(1 - st)
        if n:
            s_last += 2 * s[6] - 1
            lag += log(1 + count - s[8])
            same = same and s[8] == count
        else:
            new += 1
            same = False
    d_skill = 0.0
    for t in skill_terms:
        d_skill += t[1]
    d_skill *= share
    offset *= share
    i_count, i_wins, i_last, i_last_at, i_index = item
    raw = [
        ability,
        overall_rate,
        slow,
        offset,
        rate * share,
        won * share,
        failed * share,
        s_fast * share,
        s_middle * share,
        s_surprise * share,
        s_last * share,
        weakest,
        s_streak * share,
        log(1 + i_wins),
        log(1 + i_count - i_wins),
        1.0 if i_last == 1 else 0.0,
        1.0 if i_last == 0 else 0.0,
        fast,
        middle,
        surprise,
        1.0 if last == 1 else 0.0,
        1.0 if last == 0 else 0.0,
        log(1 + streak) if streak >= 0 else -log(1 - streak),
        1.0 if same else 0.0,
        1.0 if same and last == 1 else 0.0,
        1.0 if same and last == 0 else 0.0,
        d_skill,
        float(len(skills)),
        log(1 + count),
        1.0 / (1 + count),
        new * share,
        met * share,
        1.0 if not i_count else 0.0,
        lag * share,
        log(1 + count - i_index) if i_count else 0.0,
    ]
    if presented_at is None:
        return raw
    gap = s_gap = 0.0
    th = td = tw = wh = wd = ww = 0.0
    if last_at is not None:
        gap = log(1 + max(0.0, presented_at - last_at))
    for s in skills:
        at = s[7]
        if at is not None:
            elapsed = max(0.0, presented_at - at)
            s_gap += log(1 + elapsed)
            fade = exp(-elapsed / HOUR)
            th += log(1 + s[13] * fade)
            wh += log(1 + s[16] * fade)
            fade = exp(-elapsed / DAY)
            td += log(1 + s[14] * fade)
            wd += log(1 + s[17] * fade)
            fade = exp(-elapsed / WEEK)
            tw += log(1 + s[15] * fade)
            ww += log(1 + s[18] * fade)
    raw += [
        gap,
        s_gap * share,
        log(1 + max(0.0, presented_at - i_last_at)) if i_last_at is not None else 0.0,
        th * share,
        td * share,
        tw * share,
        wh * share,
        wd * share,
        ww * share,
    ]
    return raw
