"""The log of answers: written once, never changed, read for recomputing, evaluating and showing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import bindparam, func, insert, update
from sqlmodel import Session, col, select

from adaptive.store.tables import Answer, Decision
from adaptive.store.terms import table_of

_ANSWER, _DECISION = table_of(Answer), table_of(Decision)
_INSERT = insert(_ANSWER)
_BY_KEY = sa.select(_ANSWER.c.id).where(
    _ANSWER.c.learner_id == bindparam("learner"), _ANSWER.c.client_key == bindparam("key")
)
_CLOSE = (
    update(_DECISION)
    .where(_DECISION.c.learner_id == bindparam("learner"), _DECISION.c.id == bindparam("decision"))
    .values(answer_id=bindparam("answer"))
)


def by_client_key(session: Session, learner_id: UUID, client_key: str) -> Answer | None:
    """The answer that this sending brought before, if it did."""
    found = session.connection().execute(_BY_KEY, {"learner": learner_id, "key": client_key}).scalar()
    return None if found is None else session.get(Answer, (learner_id, found))


def append(session: Session, row: dict[str, Any]) -> None:
    """Write an answer, its columns by name."""
    session.connection().execute(_INSERT, row)


def close_decision(session: Session, learner_id: UUID, decision_id: UUID, answer_id: UUID) -> None:
    """Say which answer a choice led to."""
    session.connection().execute(_CLOSE, {"learner": learner_id, "decision": decision_id, "answer": answer_id})


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
    return [row for row in in_order(session, learner_id) if skill_id in row.skill_ids]


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
