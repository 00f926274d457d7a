"""Synthetic people for the tests of recognising: a few takes each, made once."""

from collections.abc import Iterator

import numpy as np
import pytest

from accessibility.voice.audio import Samples
from accessibility.voice.enrolment import Enrolment, take
from bench.voices.conditions import Condition, recorded
from bench.voices.people import TUNING, Person, Voices, voices

QUIET = Condition("quiet")
SAID = ("下一页", "上一页", "播放", "暂停", "返回", "我的学分")
NOBODY = np.zeros(0, np.float32)


@pytest.fixture(scope="session")
def synthetic() -> Iterator[Voices]:
    """The synthesiser of the bench."""
    with voices() as made:
        yield made


@pytest.fixture(scope="session")
def recordings(synthetic: Voices) -> dict[str, dict[str, list[Samples]]]:
    """Four takes of six commands by two people, in a quiet room."""
    rng = np.random.default_rng(20)
    return {person.name: _takes(synthetic, person, rng) for person in TUNING[:2]}


def _takes(synthetic: Voices, person: Person, rng: np.random.Generator) -> dict[str, list[Samples]]:
    return {said: [recorded(synthetic, person, said, QUIET, rng, NOBODY) for _ in range(4)] for said in SAID}


@pytest.fixture(scope="session")
def enrolments(recordings: dict[str, dict[str, list[Samples]]]) -> dict[str, Enrolment]:
    """The first two takes of each, enrolled."""
    made = {}
    for person, takes in recordings.items():
        made[person] = Enrolment({said: tuple(take(one).take for one in own[:2]) for said, own in takes.items()})
    return made
