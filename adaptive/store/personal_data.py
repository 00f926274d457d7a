"""Everything that the adaptive library keeps of a learner: to take along, and to erase."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, select, update
from sqlmodel import Session

from adaptive.store import states
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
    return {name: rows_of(session, table, learner_id) for name, table in TABLES.items()}


def rows_of(session: Session, table: Table, learner_id: UUID) -> list[dict[str, Any]]:
    """What a table with a column ``learner_id`` holds of a learner, as JSON values."""
    own = select(table).where(table.c.learner_id == learner_id).order_by(*table.primary_key.columns)
    return [
        {column: _plain(value) for column, value in row._mapping.items() if column != "learner_id"}
        for row in session.connection().execute(own)
    ]


def erase_learner(session: Session, learner_id: UUID) -> int:
    """Erase everything of a learner; how many rows that were. The shared terms keep their sums, which name no one.

    It waits for an answer of theirs that is being taken, so that nothing of it is left behind.
    """
    session.flush()
    model = TABLES["model"]
    known = session.connection().execute(select(model.c.answers).where(model.c.learner_id == learner_id)).first()
    states.hold(session.connection(), learner_id)
    erased = 0 if known else -1  # holding makes the row that it holds
    for table in TABLES.values():
        done = session.connection().execute(delete(table).where(table.c.learner_id == learner_id))
        erased += done.rowcount
    session.expire_all()
    return erased


def move_learner(session: Session, *, keep: UUID, absorb: UUID) -> None:
    """Put everything of one learner to another's; the model's state is left out, to be computed again.

    Answers are numbered anew in the order of their moments; a sending that both have counts once.
    """
    session.flush()
    connection = session.connection()
    for name in ("model", "model_parts"):
        connection.execute(delete(TABLES[name]).where(TABLES[name].c.learner_id == absorb))
    _drop_doubled(connection, keep, absorb)
    answer = TABLES["answers"]
    connection.execute(update(answer).where(answer.c.learner_id == absorb).values(number=-answer.c.number))
    for table in TABLES.values():
        connection.execute(update(table).where(table.c.learner_id == absorb).values(learner_id=keep))
    _number_anew(connection, answer, keep)
    session.expire_all()


def _number_anew(connection: Connection, answer: Table, learner_id: UUID) -> None:
    """1, 2, 3 … in the order of the moments; by way of negative numbers, since no two may be the same meanwhile."""
    mine = answer.c.learner_id == learner_id
    statement = select(answer.c.id).where(mine).order_by(answer.c.answered_at, answer.c.id)
    ids = [row[0] for row in connection.execute(statement)]
    for number, answer_id in enumerate(ids, 1):
        connection.execute(update(answer).where(mine, answer.c.id == answer_id).values(number=-(len(ids) + number)))
    connection.execute(update(answer).where(mine).values(number=-answer.c.number - len(ids)))


def _drop_doubled(connection: Connection, keep: UUID, absorb: UUID) -> None:
    """Erase what there may be only once: of ``absorb`` what both have, and of mastery whichever came later."""
    mastered = TABLES["mastered"]
    for later, earlier in ((keep, absorb), (absorb, keep)):
        other = mastered.alias()
        before = select(other.c.skill_id).where(
            other.c.learner_id == earlier,
            other.c.skill_id == mastered.c.skill_id,
            other.c.reached_at <= mastered.c.reached_at,
        )
        connection.execute(delete(mastered).where(mastered.c.learner_id == later, before.exists()))
    for name, column in (("answers", "client_key"), ("preferences", None), ("told_for_fairness", "name")):
        table = TABLES[name]
        other = table.alias()
        same = select(other.c.learner_id).where(other.c.learner_id == keep)
        if column is not None:
            same = same.where(other.c[column] == table.c[column])
        connection.execute(delete(table).where(table.c.learner_id == absorb, same.exists()))


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value
