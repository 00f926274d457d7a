"""Everything that the adaptive library keeps of a learner: to take along, and to erase."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlmodel import Session

from adaptive.store.tables import (
    Answer,
    CompanionQuestion,
    Decision,
    FairnessAttribute,
    ItemVisit,
    LearnerModel,
    LearnerState,
    LearningMark,
    LearningPlan,
    LearningPreference,
    MasteredSkill,
    StudySession,
)
from adaptive.store.terms import table_of

TABLES: dict[str, Table] = {
    "preferences": table_of(LearningPreference),
    "marks": table_of(LearningMark),
    "sittings": table_of(StudySession),
    "answers": table_of(Answer),
    "choices": table_of(Decision),
    "visits": table_of(ItemVisit),
    "plans": table_of(LearningPlan),
    "mastered": table_of(MasteredSkill),
    "model": table_of(LearnerModel),
    "model_parts": table_of(LearnerState),
    "told_for_fairness": table_of(FairnessAttribute),
    "questions": table_of(CompanionQuestion),
}
"""Every table that holds something of a learner, by its name in the export; a test finds one that is missing here."""


def export_learner(session: Session, learner_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything of a learner as JSON values: a list of rows by the names of ``TABLES``, ids and moments as text."""
    connection = session.connection()
    return {
        name: [
            {column: _plain(value) for column, value in row._mapping.items() if column != "learner_id"}
            for row in connection.execute(
                select(table).where(table.c.learner_id == learner_id).order_by(*table.primary_key.columns)
            )
        ]
        for name, table in TABLES.items()
    }


def erase_learner(session: Session, learner_id: UUID) -> int:
    """Erase everything of a learner; how many rows that were. The shared terms keep their sums, which name no one."""
    session.flush()
    erased = 0
    for table in TABLES.values():
        done = session.connection().execute(delete(table).where(table.c.learner_id == learner_id))
        erased += done.rowcount
    session.expire_all()
    return erased


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value
