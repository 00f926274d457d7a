"""A small library for tests of learning, and somebody who answers its questions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from adaptive.answering import Given, Learning, Taken, take
from adaptive.content.grading import right_response
from adaptive.content.loading import load_library
from adaptive.content.model import Library
from adaptive.mastery.terms import default_weights
from credit_bank.store.types import new_id
from tests.banks import Clock

FOLDER = Path(__file__).parents[1] / "library"
COURSE = "kitchen-safety"


@cache
def small_library() -> Library:
    """Two lessons with a question of each kind (tests/library)."""
    library, faults = load_library(FOLDER)
    assert not [fault for fault in faults if fault.severity == "error"], faults
    return library


def learning_of(clock: Clock) -> Learning:
    """The small library, the shipped weights, a clock that the test sets."""
    return Learning(small_library(), default_weights(), clock, new_id)


@dataclass
class Somebody:
    """A learner who answers: each answer five seconds after the question came, a minute after the last."""

    learning: Learning
    clock: Clock
    learner_id: UUID = field(default_factory=uuid4)

    def answers(self, session: Session, question_id: str, right: bool | None = True, **more: Any) -> Taken:
        """Answer a question right, wrong, or (None) with "I don't know"."""
        question = self.learning.question(question_id)
        response: object = None if right is None else right_response(question)
        if right is False:
            response = wrong_response(question_id)
        self.clock.advance(seconds=55)
        presented = self.clock()
        self.clock.advance(seconds=5)
        given = Given(question_id, response, more.pop("client_key", uuid4().hex), presented_at=presented, **more)
        return take(session, self.learning, self.learner_id, given)


def wrong_response(question_id: str) -> object:
    """A response that is wrong."""
    question = small_library().questions[question_id]
    if question.kind in ("choice", "listen"):
        return next(index for index, option in enumerate(question.options) if not option.correct)
    if question.kind == "several":
        return [index for index, option in enumerate(question.options) if not option.correct]
    if question.kind == "order":
        return list(reversed(range(len(question.sequence))))
    if question.kind == "match":
        return [len(question.pairs) - 1 - place for place in range(len(question.pairs))]
    return "99" if question.kind == "number" else question.reject[0]


def question_ids() -> Iterator[str]:
    """Every question of the small library."""
    yield from small_library().questions
