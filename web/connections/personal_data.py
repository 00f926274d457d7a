"""What connections keep of a learner: taken along as xAPI statements, and erased."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, select, update
from sqlmodel import Session, SQLModel, col

from adaptive.content.model import Library
from adaptive.exchange.xapi import LearningEvent, statement_of
from adaptive.store import answers, mastered
from web.connections.outcome_tables import ReceivedOutcome
from web.connections.tables import LtiLink, LtiMoment, ReceivedEvent, ToolConsent

TABLES: tuple[type[SQLModel], ...] = (ReceivedEvent, LtiLink, ToolConsent, LtiMoment)
"""Every table of connections that holds something of a learner; a test finds one that is missing here."""


def erase_learner(session: Session, learner_id: UUID) -> None:
    """Erase what other systems said of a learner, and every tie to them."""
    session.flush()
    for table in TABLES:
        session.connection().execute(delete(table).where(col(table.learner_id) == learner_id))  # type: ignore[attr-defined]
    # Where a recorded outcome came from belongs to the outcome, which stays.
    never_recorded = col(ReceivedOutcome.outcome_id).is_(None)
    session.connection().execute(
        delete(ReceivedOutcome).where(col(ReceivedOutcome.learner_id) == learner_id, never_recorded)
    )
    session.expire_all()


def move_learner(session: Session, *, keep: UUID, absorb: UUID, now: datetime) -> None:
    """Put what other systems said of one learner to another's, whose account took theirs over.

    Of two consents to one tool that of ``keep`` goes on; what was under way for ``absorb`` ends.
    """
    session.flush()
    connection = session.connection()
    connection.execute(delete(LtiMoment).where(col(LtiMoment.learner_id) == absorb))
    agreed = select(col(ToolConsent.tool_id)).where(
        col(ToolConsent.learner_id) == keep, col(ToolConsent.withdrawn_at).is_(None)
    )
    connection.execute(
        update(ToolConsent)
        .where(
            col(ToolConsent.learner_id) == absorb,
            col(ToolConsent.withdrawn_at).is_(None),
            col(ToolConsent.tool_id).in_(agreed.scalar_subquery()),
        )
        .values(withdrawn_at=now)
    )
    for table in (ReceivedEvent, LtiLink, ToolConsent):
        connection.execute(update(table).where(col(table.learner_id) == absorb).values(learner_id=keep))
    session.expire_all()


def own_statements(session: Session, learner_id: UUID, library: Library, origin: str) -> Iterator[dict[str, Any]]:
    """A learner's answers and mastered skills as xAPI statements, under a pseudonym made for this alone."""
    learner = uuid5(learner_id, "xapi").urn
    for answer in answers.in_order(session, learner_id):
        item = library.items.get(answer.item_id)
        if item is None:
            continue
        event = LearningEvent(
            answer.id, "answered", learner, answer.question_id, item.title, answer.answered_at,
            success={"right": True, "wrong": False, "unknown": False}.get(answer.outcome), score=answer.score,
            form=answer.form, hints=answer.hints, course=item.course_id,
        )  # fmt: skip
        yield statement_of(event, origin)
    for skill_id, row in mastered.of_learner(session, learner_id).items():
        skill = library.skills.get(skill_id)
        if skill is not None:
            event = LearningEvent(row.id, "mastered", learner, skill_id, skill.name, row.reached_at, success=True)
            yield statement_of(event, origin)
