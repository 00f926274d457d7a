"""Taking an answer: grade it, learn from it, keep it, see whether a skill was mastered; each sending once.

One transaction of the caller's. The learner is held from the first statement on, so that two answers that arrive at
once are taken one after the other; a sending that came before is recognised by its key and changes nothing.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from adaptive.content.grading import Grade, grade
from adaptive.content.model import Library, Question
from adaptive.errors import InvalidInput, Missing
from adaptive.mastery.model import Asked, Event, Observed, Prediction, observe, predict, predict_and_observe
from adaptive.mastery.state import NO_OVERALL, LearnerState
from adaptive.mastery.terms import NO_TERM, Shared, Weights
from adaptive.store import answers, mastered, personal_data, states, terms
from adaptive.store.tables import Answer

LONGEST_KEY = 64
LONGEST_PAUSE = timedelta(days=30)
"""An answer that waited longer on a device is taken as given at the moment it arrived."""
NOT_COUNTED = frozenset({"unsure"})
"""Outcomes that are kept and shown but not held for or against anyone."""


@dataclass(frozen=True, slots=True)
class Learning:
    """What the use cases work with: the library, the weights in force, a clock, and where row ids come from."""

    library: Library
    weights: Weights
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]

    def question(self, question_id: str) -> Question:
        """A question of the library. Raises Missing ``content.question_unknown``."""
        found = self.library.questions.get(question_id)
        if found is None:
            raise Missing("content.question_unknown")
        return found


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was sent.

    ``client_key`` names the sending (1 to 64 characters, unique for the learner); ``response`` as
    ``adaptive.content.grading`` takes it, None for "I don't know"; ``answered_at`` is None for now; ``decision_id`` the
    choice that the question came from.
    """

    question_id: str
    response: Any
    client_key: str
    presented_at: datetime | None = None
    answered_at: datetime | None = None
    hints: int = 0
    form: str | None = None
    decision_id: UUID | None = None
    source: str = "practice"
    reasons: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an answer. ``repeated``: it had been taken before, and nothing was changed.

    ``predicted`` is the probability before it; ``mastered`` the skills that it brought to mastery for the first time.
    """

    answer_id: UUID
    grade: Grade
    predicted: float | None
    mastered: tuple[str, ...] = ()
    repeated: bool = False


def take(session: Session, learning: Learning, learner_id: UUID, given: Given) -> Taken:
    """Take an answer. Raises Missing ``content.question_unknown``; InvalidInput ``answer.key_wrong``, and what grading
    raises for a response that does not fit its question.
    """
    question = learning.question(given.question_id)
    if not 0 < len(given.client_key) <= LONGEST_KEY:
        raise InvalidInput("answer.key_wrong")
    graded = grade(question, given.response)
    now = learning.clock()
    connection = session.connection()
    met, overall = states.hold(connection, learner_id)
    shared = terms.shared(connection, learning.weights, (question.id,), question.skills)
    state = states.parts(connection, learner_id, overall, question.skills, (question.id,))
    presented, answered = _times(given, now)
    asked = Asked(question.id, question.skills, presented.timestamp(), question.difficulty)
    observed = None
    if graded.outcome in NOT_COUNTED:
        predicted = predict(state, shared, asked)
    else:
        event = Event(asked, graded.outcome == "right", answered.timestamp(), given.hints > 0, given.form)
        predicted, observed = predict_and_observe(state, shared, event)
    answer_id = learning.new_id()
    row = _row(learner_id, answer_id, met + 1, question, given, graded, predicted, shared, presented, answered)
    if not answers.append(connection, row):
        return _again(learning, answers.by_client_key(session, learner_id, given.client_key))
    if observed is not None:
        terms.add(connection, observed.shared_change)
    states.put(connection, learner_id, met + 1, observed.state if observed else LearnerState(overall))
    if given.decision_id is not None:
        answers.close_decision(connection, learner_id, given.decision_id, answer_id)
    reached = _reached(session, learning, learner_id, state, observed, predicted, now)
    return Taken(answer_id, graded, predicted.p, reached)


def _again(learning: Learning, before: Answer) -> Taken:
    """What was said the first time; the question may have been changed since, so it is not graded anew."""
    graded = grade_of(learning.library, before)
    return Taken(before.id, graded, before.predicted, (), repeated=True)


def grade_of(library: Library, row: Answer) -> Grade:
    """What a kept answer was found to be; without parts and feedback when its question has been changed since."""
    question = library.questions.get(row.question_id)
    if question is not None:
        with suppress(InvalidInput):  # an option that is no longer there, say
            graded = grade(question, row.response)
            if graded.outcome == row.outcome:
                return graded
    return Grade(row.outcome, row.score, (), ())  # type: ignore[arg-type] # one of the outcomes, as it was stored


def _times(given: Given, now: datetime) -> tuple[datetime, datetime]:
    """When it was presented and answered, as far as that can be so: in this order, and neither after now."""
    answered = given.answered_at or now
    if not now - LONGEST_PAUSE <= answered <= now:
        answered = now
    presented = given.presented_at or answered
    return min(presented, answered), answered


def _row(
    learner_id: UUID,
    answer_id: UUID,
    number: int,
    question: Question,
    given: Given,
    graded: Grade,
    predicted: Prediction,
    shared: Shared,
    presented: datetime,
    answered: datetime,
) -> dict[str, Any]:
    return {
        "learner_id": learner_id,
        "id": answer_id,
        "number": number,
        "client_key": given.client_key,
        "question_id": question.id,
        "item_id": question.item_id,
        "skill_ids": list(question.skills),
        "form": given.form,
        "presented_at": presented,
        "answered_at": answered,
        "outcome": graded.outcome,
        "score": graded.score,
        "response": given.response,
        "hints": given.hints,
        "difficulty": question.difficulty,
        "predicted": predicted.p,
        "weights_version": shared.weights.version,
        "reasons": list(given.reasons),
        "seen": _seen(question, shared),
        "source": given.source,
    }


def _seen(question: Question, shared: Shared) -> list[list[float]]:
    """The shared terms that it was predicted with: the question's, then each skill's, flat."""
    found = [shared.items.get(question.id, NO_TERM), *(shared.skills.get(s, NO_TERM) for s in question.skills)]
    return [terms.numbers_of(term) for term in found]


def _reached(
    session: Session,
    learning: Learning,
    learner_id: UUID,
    before: LearnerState,
    observed: Observed | None,
    predicted: Prediction,
    now: datetime,
) -> tuple[str, ...]:
    """Record each skill that this answer brought to mastery, with the answers that show it."""
    if observed is None:
        return ()
    crossed = [
        skill_id
        for skill_id, after in observed.state.skills.items()
        if after.mastered_at is not None
        and (skill_id not in before.skills or before.skills[skill_id].mastered_at is None)
    ]
    for skill_id in crossed:
        shown_by = answers.of_skill(session, learner_id, skill_id)
        mastered.reached(
            session,
            learner_id,
            learning.new_id(),
            skill_id,
            now,
            p=predicted.p,
            low=predicted.low,
            answer_ids=[row.id for row in shown_by],
            weights_version=learning.weights.version,
            library_digest=learning.library.digest,
        )
    return tuple(crossed)


def recompute(session: Session, learner_id: UUID) -> tuple[int, LearnerState]:
    """What the log alone says of a learner: how many answers, and the state after them. Writes nothing.

    Raises Missing ``answer.weights_unknown`` when a version of the weights was not kept.
    """
    state = LearnerState(NO_OVERALL, {}, {})
    known: dict[str, Weights] = {}
    count = 0
    for row in answers.in_order(session, learner_id):
        count += 1
        if row.outcome in NOT_COUNTED:
            continue
        if row.weights_version not in known:
            found = terms.weights_of(session, row.weights_version)
            if found is None:
                raise Missing("answer.weights_unknown")
            known[row.weights_version] = found
        state = state.updated(observe(state, _shared_of(row, known[row.weights_version]), event_of(row)).state)
    return count, state


def rebuild(session: Session, learner_id: UUID) -> LearnerState:
    """Put the state that the log says in place of the one that is kept (after two accounts became one, say)."""
    connection = session.connection()
    states.hold(connection, learner_id)
    count, state = recompute(session, learner_id)
    states.clear(session, learner_id)
    states.hold(connection, learner_id)
    states.put(connection, learner_id, count, state)
    return state


def join(session: Session, *, keep: UUID, absorb: UUID) -> None:
    """Let what one learner did count for another whose account took theirs over; the state follows from both logs.

    Where both have something of which there is one only (wishes, a mastered skill), that of ``keep`` stays, and of
    mastery the earlier.
    """
    for learner_id in sorted((keep, absorb)):
        states.hold(session.connection(), learner_id)
    personal_data.move_learner(session, keep=keep, absorb=absorb)
    rebuild(session, keep)


def event_of(row: Answer) -> Event:
    """An answer of the log as the model's event."""
    presented = row.presented_at.timestamp() if row.presented_at else None
    asked = Asked(row.question_id, tuple(row.skill_ids), presented, row.difficulty)
    return Event(asked, row.outcome == "right", row.answered_at.timestamp(), row.hints > 0, row.form)


def _shared_of(row: Answer, weights: Weights) -> Shared:
    item, *skills = (terms.of_numbers(numbers) for numbers in row.seen)
    return Shared(weights, {row.question_id: item}, dict(zip(row.skill_ids, skills, strict=True)))
