"""Placement: never too hard, from easy to hard, short, and it ends."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.errors import InvalidInput
from adaptive.selection.placement import (
    FLOOR,
    LEVELS,
    MOST,
    Next,
    Placed,
    Placement,
    PlacementQuestion,
    answered,
    chance,
    level_difficulty,
    skipped,
    step,
)
from adaptive.sentences import sentence

BANK = [PlacementQuestion(f"q{n}", 1 + n % LEVELS) for n in range(60)]
outcomes = st.lists(st.sampled_from(["right", "wrong", "unknown"]), min_size=MOST, max_size=MOST)
banks = st.lists(
    st.builds(
        PlacementQuestion,
        st.uuids().map(str),
        st.integers(1, LEVELS),
        st.none() | st.floats(-4, 4),
    ),
    max_size=25,
    unique_by=lambda question: question.id,
)


def walk(bank: list[PlacementQuestion], given_outcomes: list[str]) -> tuple[list[Next], Placed]:
    placement, asked = Placement(), []
    for outcome in [*given_outcomes, "never"]:
        found = step(placement, bank)
        if isinstance(found, Placed):
            return asked, found
        asked.append(found)
        placement = Placement.from_json(answered(placement, found.question, outcome).as_json())  # type: ignore[arg-type]
    raise AssertionError("it did not end")


@settings(deadline=None)
@given(banks, outcomes)
def test_it_is_short_never_too_hard_and_says_why(bank: list[PlacementQuestion], given_outcomes: list[str]) -> None:
    asked, result = walk(bank, given_outcomes)
    assert len(asked) <= MOST
    assert len({found.question.id for found in asked}) == len(asked)
    assert all(found.p >= FLOOR for found in asked)
    assert 1 <= result.low <= result.high <= LEVELS
    assert 1 <= result.level <= LEVELS
    for reason in (*(reason for found in asked for reason in found.reasons), *result.reasons):
        assert sentence(f"reason.{reason.code}", "zh-CN", **reason.values)


@settings(deadline=None)
@given(banks, outcomes)
def test_after_a_failure_an_easier_one_follows(bank: list[PlacementQuestion], given_outcomes: list[str]) -> None:
    asked, _result = walk(bank, given_outcomes)
    for before, after, outcome in zip(asked, asked[1:], given_outcomes, strict=False):
        if outcome != "right":
            assert after.question.logit < before.question.logit


def test_not_knowing_is_an_answer_like_a_wrong_one_and_nothing_more() -> None:
    wrong, unknown = (walk(BANK, [outcome] * MOST) for outcome in ("wrong", "unknown"))
    assert wrong == unknown
    assert wrong[1].level == 1


def test_who_knows_everything_climbs_and_who_skips_begins_at_the_beginning() -> None:
    asked, result = walk(BANK, ["right"] * MOST)
    levels = [found.question.level for found in asked]
    assert levels == sorted(levels)
    assert result.level == LEVELS
    assert skipped().level == 1


@pytest.mark.parametrize("level", range(1, LEVELS + 1))
def test_a_learner_of_a_level_is_placed_there_or_next_to_it(level: int) -> None:
    ability = level_difficulty(level) + 1.7  # in the middle of the level
    luck = random.Random(level)
    near = 0
    for _ in range(40):
        placement = Placement()
        while isinstance(found := step(placement, BANK), Next):
            right = luck.random() < chance(ability, found.question.logit)
            placement = answered(placement, found.question, "right" if right else "wrong")
        near += abs(found.level - level) <= 1
    assert near >= 32  # placement rather begins too low than too high


def test_a_question_is_answered_once() -> None:
    placement = answered(Placement(), BANK[0], "right")
    with pytest.raises(InvalidInput, match=r"placement\.asked_already"):
        answered(placement, BANK[0], "wrong")


def test_what_is_set_aside_is_not_asked() -> None:
    first = step(Placement(), BANK)
    assert isinstance(first, Next)
    second = step(Placement(), BANK, not_now=[first.question.id])
    assert isinstance(second, Next)
    assert second.question.id != first.question.id
