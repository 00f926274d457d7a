"""Choosing among 10,000 questions for one learner: predicting them all and deciding, against one prediction alone."""

import random
import time
from dataclasses import replace
from statistics import median

import numpy as np

from adaptive.mastery.model import Asked, Event, LearnerState, Shared, default_weights, observe, predict
from adaptive.mastery.terms import Term
from adaptive.selection.choosing import Moment, choose
from adaptive.selection.policy import Policy
from adaptive.selection.pool import Pool, SharedColumns, filled
from adaptive.selection.prospects import Learner, prospects
from bench import measuring

SKILLS = 500
PRACTISED = 80  # of them by the learner, so far
ANSWERS = 300  # of the learner, so far


def _library(questions: int, rng: random.Random) -> Pool:
    skills = tuple(f"area{n % 20}.skill{n}" for n in range(SKILLS))
    teaches = [sorted({rng.randrange(SKILLS) for _ in range(rng.choice((1, 1, 1, 2)))}) for _ in range(questions)]
    needs = [sorted({s - 20 for s in own if s >= 20} - set(own)) for own in teaches]
    return Pool(
        tuple(f"course{n // 100}/item{n // 5}#q{n}" for n in range(questions)),
        skills,
        filled(teaches, SKILLS),
        filled(needs, SKILLS),
        np.array([rng.randint(1, 5) for _ in range(questions)], dtype=np.int8),
        tuple(rng.choice(("choice", "order", "number")) for _ in range(questions)),
    )


def _learner(pool: Pool, shared: Shared, rng: random.Random) -> tuple[LearnerState, float]:
    state, now = LearnerState(), 1_700_000_000.0
    practised = np.flatnonzero((pool.teaches < PRACTISED).any(axis=1)).tolist()
    for _ in range(ANSWERS):
        row = rng.choice(practised)
        skills = tuple(pool.skill_ids[s] for s in pool.teaches[row] if s < SKILLS)
        asked = Asked(pool.question_ids[row], skills, now, int(pool.difficulty[row]))
        state = state.updated(observe(state, shared, Event(asked, rng.random() < 0.75, now + 20)).state)
        now += 600
    return state, now


def run(quick: bool) -> None:
    """Print the CPU time of one choice where skills build on each other, and where everything is open at once."""
    rng = random.Random(7)
    questions, rounds = 10_000, 20 if quick else 200
    pool = _library(questions, rng)
    items = {key: Term(30, rng.gauss(0, 1), rng.gauss(0, 0.5), 6.0) for key in pool.question_ids}
    terms = {key: Term(600, rng.gauss(0, 0.5), rng.gauss(0, 0.3), 90.0) for key in pool.skill_ids}
    shared = Shared(default_weights(), items, terms)
    state, now = _learner(pool, shared, rng)
    asked = Asked(pool.question_ids[0], (pool.skill_ids[0],), now, 3)
    single = 1 / measuring.rate(lambda: predict(state, shared, asked), 2_000)
    print(f"one prediction alone {1e6 * single:.0f} µs, so {questions:,} one by one {1e3 * single * questions:.0f} ms")
    open_pool = replace(pool, needs=np.full((questions, 1), SKILLS, dtype=np.int32))
    for name, own in (("skills build on each other", pool), ("no prerequisites at all", open_pool)):
        columns = SharedColumns.of(own, items, terms)
        whole = []
        for number in range(rounds + 3):
            start = time.process_time()
            known = prospects(own, columns, shared, Learner(state, now + number))
            decision = choose(own, known, Policy(), Moment(now + number))
            whole.append(time.process_time() - start)
            assert decision.question_id is not None
        chosen_among = 1 + sum(reason.code == "rejected.outscored" for reason in decision.rejected.values())
        print(
            f"{questions:,} questions, {SKILLS} skills, a learner of {ANSWERS} answers, {name}: "
            f"{1e3 * median(whole[3:]):.1f} ms of CPU (slowest {1e3 * max(whole[3:]):.1f}); "
            f"chosen among {chosen_among:,}"
        )
