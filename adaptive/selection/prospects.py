"""What the learner model says of the questions of a pool: the same numbers as ``predict``, by columns."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adaptive.mastery.features import ITEM_SLOPES, NAMES, SKILL_SLOPES, features
from adaptive.mastery.memory import RETENTION, due_at, retrievability
from adaptive.mastery.model import Asked, LearnerState, Shared, predict
from adaptive.mastery.prediction import AUTHOR_STEP, CLIP
from adaptive.mastery.progress import MASTERY, MASTERY_ITEMS, MASTERY_TRIES
from adaptive.mastery.state import NO_ITEM, NO_SKILL
from adaptive.mastery.terms import NO_TERM
from adaptive.selection.pool import Flags, Floats, Indices, Pool, SharedColumns

SKILL_DIFFICULTY = NAMES.index("skill_difficulty")
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

    def p(rows: Rows) -> Floats:
        return _of_questions(pool, columns, shared, learner, rows)

    return Prospects(p, answered_at, right, *_of_skills(pool, columns, shared, learner))


def _of_questions(pool: Pool, columns: SharedColumns, shared: Shared, learner: Learner, rows: Rows) -> Floats:
    keys, which = pool.groups
    wanted, group = np.unique(which[rows], return_inverse=True)
    logit, z = _of_groups(keys[wanted], pool, columns, shared, learner)
    logits = logit[group] + columns.item_bias[rows] + AUTHOR_STEP * (3.0 - pool.difficulty[rows])
    logits += np.einsum("ij,ij->i", columns.item_slopes[rows], z[:, list(ITEM_SLOPES)][group])
    p: Floats = 1 / (1 + np.exp(-logits))
    if learner.state.items:
        for place, row in enumerate(rows.tolist()):
            if pool.question_ids[row] in learner.state.items:
                p[place] = _exactly(pool, columns, shared, learner, row)
    return p


def _exactly(pool: Pool, columns: SharedColumns, shared: Shared, learner: Learner, row: int) -> float:
    """A question that the learner has met before, by itself."""
    key, known = pool.question_ids[row], len(pool.skill_ids)
    skills = tuple(pool.skill_ids[number] for number in pool.teaches[row] if number < known)
    terms = shared._replace(items=columns.items, skills=columns.skills)
    return predict(learner.state, terms, Asked(key, skills, learner.now, int(pool.difficulty[row]))).p


def _of_skills(
    pool: Pool, columns: SharedColumns, shared: Shared, learner: Learner
) -> tuple[Floats, Flags, Flags, Flags, Floats]:
    count = len(pool.skill_ids)
    singles = np.arange(count, dtype=np.int32)[:, None]
    logit, _z = _of_groups(singles, pool, columns, shared, learner)
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


def _of_groups(
    keys: Indices, pool: Pool, columns: SharedColumns, shared: Shared, learner: Learner
) -> tuple[Floats, Floats]:
    """For each set of skills: the logit of a question not met before, without what is the question's own, and the
    standardised features."""
    state, known = learner.state, len(pool.skill_ids)
    widths = (keys < known).sum(axis=1)
    share = 1 / np.maximum(1, widths)
    hard = columns.skill_difficulty[keys].sum(axis=1) * share
    fresh = np.zeros((int(widths.max(initial=0)) + 1, len(NAMES)))
    for width in np.unique(widths).tolist():
        fresh[width] = features(state.overall, [NO_SKILL] * width, NO_ITEM, [NO_TERM] * width, learner.now)
    raw = fresh[widths]
    raw[:, SKILL_DIFFICULTY] = hard
    met = np.zeros(known + 1, dtype=bool)
    met[[pool.skill[key] for key in state.skills if key in pool.skill]] = True
    for row in np.flatnonzero(met[keys].any(axis=1)).tolist():
        skills = [pool.skill_ids[number] for number in keys[row].tolist() if number < known]
        own = [state.skills.get(key, NO_SKILL) for key in skills]
        terms = [columns.skills.get(key, NO_TERM) for key in skills]
        raw[row] = features(state.overall, own, NO_ITEM, terms, learner.now)
    weights = shared.weights
    z = np.clip((raw - np.array(weights.means)) * np.array(weights.scales), -CLIP, CLIP)
    slopes = columns.skill_slopes[keys].sum(axis=1) * share[:, None]
    bias = columns.skill_bias[keys].sum(axis=1) * share
    logit = weights.intercept + z @ np.array(weights.values) + bias
    logit += (slopes * z[:, list(SKILL_SLOPES)]).sum(axis=1)
    return logit, z
