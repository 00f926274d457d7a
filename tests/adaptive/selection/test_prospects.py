"""The columns say what ``predict`` says."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.mastery.model import Asked, Event, LearnerState, Shared, default_weights, mastery, observe, predict
from adaptive.mastery.terms import Term
from adaptive.selection.choosing import Moment, choose
from adaptive.selection.policy import Policy, Wish
from adaptive.selection.pool import Floats, SharedColumns
from adaptive.selection.prospects import Learner, Rows, prospects
from tests.adaptive.selection.worlds import pool_of_size

SKILLS = 5
POOL = pool_of_size(9, SKILLS, [[0], [1], [0, 1], [2], [1, 3, 4], [2], [0], [4], []], [[] for _ in range(9)])
NOW = 1_700_000_000.0
number = st.floats(-1.5, 1.5)
terms = st.builds(
    Term,
    answers=st.integers(1, 50),
    difficulty=number,
    bias=number,
    information=st.floats(0.1, 20),
    slopes=st.tuples(*[st.floats(-0.5, 0.5)] * 5),
    slope_information=st.just((1.0,) * 5),
)
answers = st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.floats(1, 300_000)), max_size=14)


def lived(shared: Shared, given_answers: list[tuple[int, bool, float]]) -> tuple[LearnerState, float]:
    state, now = LearnerState(), NOW
    for row, right, pause in given_answers:
        asked = Asked(POOL.question_ids[row], skills_of(row), now, 3)
        state = state.updated(observe(state, shared, Event(asked, right, now + 20)).state)
        now += pause
    return state, now


def skills_of(row: int) -> tuple[str, ...]:
    return tuple(POOL.skill_ids[s] for s in POOL.teaches[row] if s < SKILLS)


@settings(max_examples=40, deadline=None)
@given(
    answers,
    st.dictionaries(st.sampled_from(POOL.question_ids), terms),
    st.dictionaries(st.sampled_from(POOL.skill_ids), terms),
)
def test_every_column_equals_a_single_prediction(
    given_answers: list[tuple[int, bool, float]], items: dict[str, Term], skills: dict[str, Term]
) -> None:
    shared = Shared(default_weights(), items, skills)
    state, now = lived(shared, given_answers)
    known = prospects(POOL, SharedColumns.of(POOL, items, skills), Shared(shared.weights), Learner(state, now))
    p = known.p(np.arange(9))
    for row, question in enumerate(POOL.question_ids):
        alone = predict(state, shared, Asked(question, skills_of(row), now, 3)).p
        assert math.isclose(p[row], alone, abs_tol=1e-9)
    for place, skill in enumerate(POOL.skill_ids):
        alone_skill = mastery(state, shared, skill, now)
        assert math.isclose(known.skill_p[place], alone_skill.p, abs_tol=1e-9)
        assert bool(known.due[place] > 0) == (alone_skill.due_at is not None and alone_skill.due_at <= now)
        assert not alone_skill.mastered or known.mastered[place]


@settings(max_examples=60, deadline=None)
@given(
    answers,
    st.dictionaries(st.sampled_from(POOL.question_ids), terms),
    st.dictionaries(st.sampled_from(POOL.skill_ids), terms),
    st.sampled_from([Policy(), Policy(rest_right=0.0, rest_wrong=0.0)]),
    st.sampled_from([None, "easier", "harder"]),
)
def test_the_columns_choose_what_one_prediction_after_another_would(
    given_answers: list[tuple[int, bool, float]],
    items: dict[str, Term],
    skills: dict[str, Term],
    policy: Policy,
    wish: Wish | None,
) -> None:
    shared = Shared(default_weights(), items, skills)
    state, now = lived(shared, given_answers)
    known = prospects(POOL, SharedColumns.of(POOL, items, skills), Shared(shared.weights), Learner(state, now))

    def one_by_one(rows: Rows) -> Floats:
        asked = [Asked(POOL.question_ids[row], skills_of(int(row)), now, 3) for row in rows]
        return np.array([predict(state, shared, question).p for question in asked])

    plain = replace(
        known,
        p=one_by_one,
        skill_p=np.array([*(mastery(state, shared, skill, now).p for skill in POOL.skill_ids), 1.0]),
    )
    moment = Moment(now, wish=wish, reference=0.6 if wish else None, recent_skills=("area.s1",))
    fast, slow = choose(POOL, known, policy, moment), choose(POOL, plain, policy, moment)
    assert (fast.question_id, fast.runners_up) == (slow.question_id, slow.runners_up)
    assert fast.reasons == slow.reasons and dict(fast.rejected) == dict(slow.rejected)


def test_some_rows_in_any_order_are_those_rows() -> None:
    shared = Shared(default_weights())
    state, now = lived(shared, [(0, True, 60.0), (2, False, 60.0)])
    known = prospects(POOL, SharedColumns.of(POOL, {}, {}), shared, Learner(state, now))
    everything = known.p(np.arange(9))
    assert np.allclose(known.p(np.array([7, 0, 3])), everything[[7, 0, 3]])


def test_a_skill_is_held_when_placement_says_so_or_two_answers_do() -> None:
    shared = Shared(default_weights())
    columns = SharedColumns.of(POOL, {}, {})
    fresh = prospects(POOL, columns, shared, Learner(LearnerState(), NOW, placed=["area.s1", "unknown.skill"]))
    assert fresh.held.tolist() == [False, True, False, False, False, True]
    state, now = lived(shared, [(0, True, 60.0), (6, True, 60.0), (0, True, 60.0), (6, True, 60.0)] * 3)
    later = prospects(POOL, columns, shared, Learner(state, now))
    assert later.held[0]
    assert later.mastered[0]
    assert not later.held[2]


@settings(max_examples=60, deadline=None)
@given(answers)
def test_there_is_always_a_way_on(given_answers: list[tuple[int, bool, float]]) -> None:
    """Unless everything is mastered: what is mastered is held, so the outer fringe of the rest is never empty."""
    chain = pool_of_size(6, 3, [[0], [0], [1], [1], [2], [2]], [[], [], [0], [0], [1], [1]])
    shared, state, now = Shared(default_weights()), LearnerState(), NOW
    for row, right, pause in given_answers:
        row %= 6
        asked = Asked(chain.question_ids[row], (chain.skill_ids[row // 2],), now, 3)
        state = state.updated(observe(state, shared, Event(asked, right, now + 20)).state)
        now += pause
    known = prospects(chain, SharedColumns.of(chain, {}, {}), shared, Learner(state, now))
    assert not (known.mastered & ~known.held).any()
    decision = choose(chain, known, Policy(rest_right=0.0, rest_wrong=0.0), Moment(now))
    assert decision.question_id is not None or known.mastered[:3].all()
