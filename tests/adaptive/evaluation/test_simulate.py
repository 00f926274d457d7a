"""Simulated learners and the policies that teach them."""

from random import Random

import pytest

from adaptive.evaluation.simulate import POLICIES, lines, simulate, teach
from adaptive.evaluation.simulated import DAY, KINDS, Simulated, make_world
from adaptive.mastery.model import Shared, default_weights

WORLD = make_world(Random(3), skills=8, questions=5)
KIND = {kind.name: kind for kind in KINDS}


def test_a_world_is_a_course_that_can_be_walked() -> None:
    for skill, before in enumerate(WORLD.before):
        assert all(other < skill for other in before)
    assert sorted(set(WORLD.pool.teaches[:, 0].tolist())) == list(range(8))
    assert make_world(Random(3), skills=8, questions=5).pool.question_ids == WORLD.pool.question_ids


def test_practice_teaches_and_time_takes_away() -> None:
    learner = Simulated(KIND["forgetful"], WORLD, Random(1))
    before = learner.knows(0, 0.0)
    for number in range(12):
        learner.answer(0, 60.0 * number, 0)
    after = learner.knows(0, 720.0)
    later = learner.knows(0, 720.0 + 60 * DAY)
    assert before < later < after
    assert learner.knows(1, 720.0) == learner.knows(1, 0.0)


def test_who_tires_gets_less_right_late_in_a_session() -> None:
    early, late = (
        sum(Simulated(KIND["tiring"], WORLD, Random(seed)).answer(0, 0.0, asked) for seed in range(400))
        for asked in (0, 9)
    )
    assert late < early - 40


def test_patience_ends_a_session() -> None:
    learner = Simulated(KIND["tiring"], WORLD, Random(1))
    assert learner.loses_patience([True, False, False, False])
    assert not learner.loses_patience([False, False, True])
    assert not learner.loses_patience([False, False])


@pytest.mark.parametrize("policy", POLICIES)
def test_a_course_is_repeatable_and_within_bounds(policy: str) -> None:
    shared = Shared(default_weights())
    one, learned = teach(KIND["guessing"], WORLD, policy, shared, 5)
    again, _learned = teach(KIND["guessing"], WORLD, policy, shared, 5)
    assert one == again
    assert 0 <= one.held <= 8
    for share in (one.knowledge, one.success, one.in_band, one.broken_off):
        assert 0 <= share <= 1
    assert one.answers > 0
    assert sum(term.answers for term in learned.skills.values()) == one.answers


def test_ours_is_gentler_than_chance_and_keeps_to_its_band() -> None:
    rows = {row.policy: row.measures for row in simulate(3, 1, ("random", "ours"), [KIND["forgetful"]])}
    assert rows["ours"]["in_band"].mean > rows["random"]["in_band"].mean + 0.2
    assert rows["ours"]["success"].mean > rows["random"]["success"].mean + 0.1
    assert rows["ours"]["broken_off"].mean < rows["random"]["broken_off"].mean
    assert rows["ours"]["held"].mean > rows["random"]["held"].mean


def test_the_table_names_every_policy_and_says_that_these_are_no_people() -> None:
    rows = simulate(2, 1, ("neutral",), [KIND["tiring"]])
    text = "\n".join(lines(rows))
    assert "neutral" in text and "tiring" in text
    assert "not people" in text
    for measure in rows[0].measures.values():
        assert measure.low <= measure.mean <= measure.high
