"""What the learner model says of the questions of a pool: the same numbers as ``predict``, by columns."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adaptive.mastery.features import ITEM_SLOPES, NAMES, SKILL_SLOPES, features, item_features
from adaptive.mastery.memory import RETENTION, due_at, retrievability
from adaptive.mastery.model import LearnerState, Shared
from adaptive.mastery.prediction import AUTHOR_STEP, CLIP
from adaptive.mastery.progress import MASTERY, MASTERY_ITEMS, MASTERY_TRIES
from adaptive.mastery.state import NO_ITEM, NO_SKILL
from adaptive.mastery.terms import NO_TERM
from adaptive.selection.pool import Flags, Floats, Indices, Pool, SharedColumns, together

SKILL_DIFFICULTY = NAMES.index("skill_difficulty")
# How the features of several skills follow from those of each: the lowest rate, on all of them or not, else the mean.
_ALONE = ("skill_difficulty", "skills")
LOWEST = [NAMES.index(n) for n in ("skill_weakest", "same_skills", "same_skills_right", "same_skills_wrong")]
MEANS = [
    number
    for number, name in enumerate(NAMES)
    if name.startswith(("skill_", "tries_", "wins_")) and name not in _ALONE and number not in LOWEST
]
OF_ITEM = [number for number, name in enumerate(NAMES) if name.startswith("item_")]
PRACTISED = 2  # answers from which a skill counts as practised
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Prospects:
    """``p`` gives the probability of a right answer to the questions of some rows of the pool.

    Of each question: ``answered_at`` (unix s, minus infinity if never) and whether it was ``right`` then. Of each
    skill: ``skill_p`` (a question of it not met before), whether it is ``begun``, ``held`` as a prerequisite needs it,
    ``mastered``, and ``due`` (0 not due, up to 1). The skill columns have one entry more, for "no skill".
    """

    p: Callable[[Rows], Floats]
    answered_at: Floats
    right: Flags
    skill_p: Floats
    begun: Flags
    held: Flags
    mastered: Flags
    due: Floats


@dataclass(frozen=True)
class Learner:
    """A learner as the choice looks at them: the state at ``now`` (unix s), and the skills that placement found held.

    A skill counts as held too from two answers on with a probability of at least ``held_from``.
    """

    state: LearnerState
    now: float
    placed: Collection[str] = ()
    held_from: float = 0.8
    retention: float = RETENTION


def prospects(pool: Pool, columns: SharedColumns, shared: Shared, learner: Learner) -> Prospects:
    """What the model says of a learner: of every skill at once, of questions when they are asked for.

    ``columns`` hold the shared terms; of ``shared`` only the weights are looked at.
    """
    answered_at = np.full(len(pool.question_ids), -np.inf)
    right = np.zeros(len(pool.question_ids), dtype=bool)
    for key, item in learner.state.items.items():
        row = pool.row.get(key)
        if row is not None:
            answered_at[row] = -np.inf if item.last_at is None else item.last_at
            right[row] = item.last == 1
    groups = _Groups(pool, columns, shared, learner)

    def p(rows: Rows) -> Floats:
        return _of_questions(groups, rows)

    return Prospects(p, answered_at, right, *_of_skills(groups))


def _of_questions(groups: "_Groups", rows: Rows) -> Floats:
    pool, columns = groups.pool, groups.columns
    keys, which = pool.groups
    wanted = np.zeros(len(keys), dtype=bool)
    wanted[which[rows]] = True
    logit, z = groups.look(keys[wanted])
    group = (np.cumsum(wanted) - 1)[which[rows]]
    logits = logit[group] + columns.item_bias[rows] + AUTHOR_STEP * (3.0 - pool.difficulty[rows])
    logits += np.einsum("ij,ij->i", columns.item_slopes[rows], z[:, list(ITEM_SLOPES)][group])
    logits += groups.of_met()[rows]
    p: Floats = 1 / (1 + np.exp(-logits))
    return p


def _of_skills(groups: "_Groups") -> tuple[Floats, Flags, Flags, Flags, Floats]:
    pool, learner = groups.pool, groups.learner
    count = len(pool.skill_ids)
    logit, _z = groups.look(np.arange(count, dtype=np.int32)[:, None])
    skill_p = np.ones(count + 1)
    skill_p[:count] = 1 / (1 + np.exp(-logit))
    begun, held, mastered = (np.zeros(count + 1, dtype=bool) for _ in range(3))
    urgency = np.zeros(count + 1)
    for key, skill in learner.state.skills.items():
        number = pool.skill.get(key)
        if number is None:
            continue
        here = skill_p[number]
        begun[number] = skill.answers > 0
        held[number] = skill.answers >= PRACTISED and here >= learner.held_from
        enough = skill.answers >= MASTERY_TRIES and skill.items >= MASTERY_ITEMS
        # What was mastered and has been lost counts as open again; so what is mastered is held, and there is always a
        # way on to what is not.
        mastered[number] = here >= (learner.held_from if skill.mastered_at is not None else MASTERY) and enough
        if skill.memory is not None and due_at(skill.memory, learner.retention) <= learner.now:
            forgotten = learner.retention - retrievability(skill.memory, learner.now)
            urgency[number] = min(1.0, 0.3 + 3 * max(0.0, forgotten))
    for key in learner.placed:
        if key in pool.skill:
            held[pool.skill[key]] = True
    held[count] = True
    return skill_p, begun, held, mastered, urgency


class _Groups:
    """The features of sets of skills, put together from those of each skill, which are looked at once."""

    def __init__(self, pool: Pool, columns: SharedColumns, shared: Shared, learner: Learner) -> None:
        self.pool, self.columns, self.weights, self.learner = pool, columns, shared.weights, learner
        state, known = learner.state, len(pool.skill_ids)
        self.alone = np.empty((known + 1, len(NAMES)))
        """The raw features of a question of one skill; the last row adds nothing to a mean and is never the lowest."""
        self.alone[:known] = self._fresh(1)
        for key, skill in state.skills.items():
            if key in pool.skill:
                self.alone[pool.skill[key]] = features(state.overall, [skill], NO_ITEM, [NO_TERM], learner.now)
        self.alone[known] = 0.0
        self.alone[known, LOWEST] = np.inf

    def _fresh(self, width: int) -> list[float]:
        """The raw features of so many skills that were never met."""
        return features(self.learner.state.overall, [NO_SKILL] * width, NO_ITEM, [NO_TERM] * width, self.learner.now)

    def look(self, keys: Indices) -> tuple[Floats, Floats]:
        """For each set of skills: the logit of a question not met before, without what is the question's own, and the
        standardised features."""
        columns, weights = self.columns, self.weights
        widths = (keys < len(self.pool.skill_ids)).sum(axis=1)
        share = 1 / np.maximum(1, widths)
        raw = np.array([self._fresh(width) for width in range(int(widths.max(initial=0)) + 1)])[widths]
        some = widths > 0
        met = keys[some]
        raw[np.ix_(some, MEANS)] = together(np.add, self.alone[:, MEANS], met) * share[some, None]
        raw[np.ix_(some, LOWEST)] = together(np.minimum, self.alone[:, LOWEST], met)
        raw[:, SKILL_DIFFICULTY] = together(np.add, columns.skill_difficulty, keys) * share
        z = np.clip((raw - np.array(weights.means)) * np.array(weights.scales), -CLIP, CLIP)
        slopes = together(np.add, columns.skill_slopes, keys) * share[:, None]
        bias = together(np.add, columns.skill_bias, keys) * share
        logit = weights.intercept + z @ np.array(weights.values) + bias
        logit += np.einsum("ij,ij->i", slopes, z[:, list(SKILL_SLOPES)])
        return logit, z

    def of_met(self) -> Floats:
        """By how much the logit of each question of the pool moves because the learner has met it before."""
        moved = np.zeros(len(self.pool.question_ids))
        state, row = self.learner.state, self.pool.row
        met = [(row[key], item) for key, item in state.items.items() if key in row]
        if not met:
            return moved
        count, now = state.overall.answers, self.learner.now
        raw = [item_features(item, count, now) for item in (*(own for _row, own in met), NO_ITEM)]
        means, scales, values = (
            np.array(column)[OF_ITEM] for column in (self.weights.means, self.weights.scales, self.weights.values)
        )
        z = np.clip((np.array(raw) - means) * scales, -CLIP, CLIP)
        moved[[number for number, _item in met]] = (z[:-1] - z[-1]) @ values
        return moved
