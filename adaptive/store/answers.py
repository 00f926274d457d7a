"""The log of answers: written once, never changed, read for recomputing, evaluating and showing."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam, func, update
from sqlmodel import Session, col, select

from adaptive.store.prepared import INSERTS, Prepared
from adaptive.store.tables import Answer, Decision
from adaptive.store.terms import table_of

_ANSWER, _DECISION = table_of(Answer), table_of(Decision)


def _appending(dialect: str) -> Any:
    """An insert that leaves an earlier answer of the same sending as it is, and then returns nothing."""
    statement = INSERTS[dialect](_ANSWER).on_conflict_do_nothing(
        index_elements=[_ANSWER.c.learner_id, _ANSWER.c.client_key]
    )
    return statement.returning(_ANSWER.c.number)


_APPENDING = Prepared(_appending, _ANSWER.c.number.type)
_CLOSED = (
    update(_DECISION)
    .where(
        _DECISION.c.learner_id == bindparam("learner"),
        _DECISION.c.id == bindparam("decision"),
        _DECISION.c.answer_id.is_(None),
    )
    .values(answer_id=bindparam("answer"))
)
_CLOSE = Prepared(lambda _dialect: _CLOSED)


def by_client_key(session: Session, learner_id: UUID, client_key: str) -> Answer:
    """The answer that a sending brought."""
    return session.exec(select(Answer).where(Answer.learner_id == learner_id, Answer.client_key == client_key)).one()


def append(connection: Connection, row: dict[str, Any]) -> bool:
    """Write an answer, its columns by name; False if its sending (``client_key``) had brought one before."""
    return bool(_APPENDING.run(connection, row))


def close_decision(connection: Connection, learner_id: UUID, decision_id: UUID, answer_id: UUID) -> None:
    """Say which answer a choice led to, unless there is one already."""
    _CLOSE.run(connection, {"learner": learner_id, "decision": decision_id, "answer": answer_id})


def get(session: Session, learner_id: UUID, answer_id: UUID) -> Answer | None:
    """One of a learner's own answers."""
    return session.get(Answer, (learner_id, answer_id))


def in_order(session: Session, learner_id: UUID) -> Sequence[Answer]:
    """All of a learner's answers in the order in which the model met them."""
    return session.exec(select(Answer).where(Answer.learner_id == learner_id).order_by(col(Answer.number))).all()


def recent(session: Session, learner_id: UUID, limit: int = 30) -> Sequence[Answer]:
    """A learner's newest answers, the newest first."""
    return session.exec(
        select(Answer).where(Answer.learner_id == learner_id).order_by(col(Answer.number).desc()).limit(limit)
    ).all()


def of_skill(session: Session, learner_id: UUID, skill_id: str) -> list[Answer]:
    """A learner's answers that show a skill, in order."""
    named = sa.cast(_ANSWER.c.skill_ids, sa.String).contains(f'"{skill_id}"', autoescape=True)
    rows = session.exec(select(Answer).where(Answer.learner_id == learner_id, named).order_by(col(Answer.number)))
    return [row for row in rows if skill_id in row.skill_ids]


def questions_answered(session: Session, learner_id: UUID) -> dict[str, str]:
    """The outcome of the newest answer to each question."""
    statement = select(Answer.question_id, Answer.outcome).where(Answer.learner_id == learner_id)
    return dict(session.exec(statement.order_by(col(Answer.number))).all())


def last_numbers(session: Session, learner_id: UUID) -> dict[str, int]:
    """The number of the newest answer to each question: the smaller, the longer ago."""
    statement = select(Answer.question_id, func.max(Answer.number)).where(Answer.learner_id == learner_id)
    return {question: int(number) for question, number in session.exec(statement.group_by(col(Answer.question_id)))}


def count_since(session: Session, learner_id: UUID, moment: datetime) -> int:
    """How many answers a learner gave since a moment."""
    statement = select(func.count()).select_from(Answer)
    return session.exec(statement.where(Answer.learner_id == learner_id, col(Answer.answered_at) >= moment)).one()


def everyones(session: Session, since: datetime | None = None, source: str | None = None) -> Iterator[Answer]:
    """The log of all learners in the order of the moments, a part at a time: for refitting and evaluating."""
    statement = select(Answer).order_by(col(Answer.answered_at), col(Answer.id)).execution_options(yield_per=2000)
    if since is not None:
        statement = statement.where(col(Answer.answered_at) >= since)
    if source is not None:
        statement = statement.where(Answer.source == source)
    yield from session.exec(statement)


def of_item(session: Session, item_id: str) -> Sequence[Answer]:
    """Everyone's answers to the questions of an item, for its author (who sees no one's name)."""
    return session.exec(select(Answer).where(Answer.item_id == item_id).order_by(col(Answer.answered_at))).all()


def judged(session: Session, since: datetime) -> Iterator[tuple[UUID, float, bool]]:
    """(learner, what was predicted, whether it was right) of the answers since a moment that count."""
    rows = session.connection().execute(
        sa.select(_ANSWER.c.learner_id, _ANSWER.c.predicted, _ANSWER.c.outcome).where(
            _ANSWER.c.answered_at >= since, _ANSWER.c.predicted.is_not(None), _ANSWER.c.outcome != "unsure"
        )
    )
    for learner_id, predicted, outcome in rows:
        yield learner_id, predicted, outcome == "right"


_OF_EVENT = (
    *(_ANSWER.c.learner_id, _ANSWER.c.id, _ANSWER.c.number, _ANSWER.c.question_id, _ANSWER.c.skill_ids),
    *(_ANSWER.c.presented_at, _ANSWER.c.answered_at, _ANSWER.c.difficulty, _ANSWER.c.outcome, _ANSWER.c.hints),
    _ANSWER.c.form,
)


def by_learner(session: Session, learner_ids: Collection[UUID] | None = None) -> Iterator[Any]:
    """The log as the model needs it, learner by learner, each in the order in which the model met the answers."""
    statement = sa.select(*_OF_EVENT).order_by(_ANSWER.c.learner_id, _ANSWER.c.number)
    if learner_ids is not None:
        statement = statement.where(_ANSWER.c.learner_id.in_(learner_ids))
    yield from session.connection().execute(statement.execution_options(yield_per=5000))


def counts(session: Session) -> dict[UUID, int]:
    """How many answers each learner has given."""
    statement = sa.select(_ANSWER.c.learner_id, func.count()).group_by(_ANSWER.c.learner_id)
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def of_course(session: Session, course_id: str, limit: int = 50_000) -> Iterator[Any]:
    """The newest answers to a course's questions, the oldest first: for its authors, who see no one's name."""
    columns = (*_OF_EVENT, _ANSWER.c.response, _ANSWER.c.predicted)
    newest = (
        sa.select(*columns)
        .where(_ANSWER.c.item_id.startswith(f"{course_id}/", autoescape=True))
        .order_by(_ANSWER.c.answered_at.desc(), _ANSWER.c.id.desc())
        .limit(limit)
    )
    yield from reversed(session.connection().execute(newest).all())


def count_by_course(session: Session) -> dict[str, int]:
    """How many answers were given to the questions of each course."""
    statement = sa.select(_ANSWER.c.item_id, func.count()).group_by(_ANSWER.c.item_id)
    found: dict[str, int] = {}
    for item_id, count in session.connection().execute(statement):
        course = item_id.partition("/")[0]
        found[course] = found.get(course, 0) + count
    return found
