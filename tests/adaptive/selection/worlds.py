"""Pools, learners and what the model says of them, for the tests of choosing."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from adaptive.selection.pool import Pool, filled
from adaptive.selection.prospects import Prospects


@dataclass(frozen=True)
class Case:
    """A pool with what is known of a learner."""

    pool: Pool
    known: Prospects
    p: np.ndarray


def pool_of_size(questions: int, skills: int, teaches: list[list[int]], needs: list[list[int]]) -> Pool:
    return Pool(
        tuple(f"course{n % 3}/item{n // 2}#q{n}" for n in range(questions)),
        tuple(f"area.s{n}" for n in range(skills)),
        filled(teaches, skills),
        filled(needs, skills),
        np.full(questions, 3, dtype=np.int8),
        tuple(("choice", "order", "number")[n % 3] for n in range(questions)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any pool of up to twelve questions over up to six skills, and any view of a learner."""
    skills = draw(st.integers(1, 6))
    questions = draw(st.integers(1, 12))
    some = st.lists(st.integers(0, skills - 1), max_size=2, unique=True)
    teaches = [draw(some) for _ in range(questions)]
    needs = [sorted(set(draw(some)) - set(own)) for own in teaches]
    p = np.array([draw(st.floats(0.01, 0.99)) for _ in range(questions)])
    known = Prospects(
        lambda rows: p[rows],
        np.array([draw(st.sampled_from([-np.inf, 0.0, 5_000.0, 99_000.0])) for _ in range(questions)]),
        np.array([draw(st.booleans()) for _ in range(questions)]),
        np.array([*(draw(st.floats(0.01, 0.99)) for _ in range(skills)), 1.0]),
        np.array([*(draw(st.booleans()) for _ in range(skills)), False]),
        np.array([*(draw(st.booleans()) for _ in range(skills)), True]),
        np.array([*(draw(st.booleans()) for _ in range(skills)), False]),
        np.array([*(draw(st.sampled_from([0.0, 0.0, 0.4, 1.0])) for _ in range(skills)), 0.0]),
    )
    return Case(pool_of_size(questions, skills, teaches, needs), known, p)
