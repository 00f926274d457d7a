"""The model's state of a learner, in parts: overall, a row for each skill and for each question met."""

from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, or_, select
from sqlmodel import Session

from adaptive.mastery.state import (
    NO_OVERALL,
    ItemState,
    LearnerState,
    OverallState,
    SkillState,
    skill_as_json,
    skill_from_json,
)
from adaptive.store.prepared import INSERTS, Prepared
from adaptive.store.tables import LearnerModel
from adaptive.store.tables import LearnerState as StateRow
from adaptive.store.terms import numbered, table_of

SKILL, ITEM = "skill", "item"
_MODEL, _STATE = table_of(LearnerModel), table_of(StateRow)


def _holding(dialect: str) -> Any:
    """Make the learner's row, or lock the one that is there, and read it: one statement on both databases."""
    statement = INSERTS[dialect](_MODEL)
    return statement.on_conflict_do_update(
        index_elements=[_MODEL.c.learner_id], set_={"answers": _MODEL.c.answers}
    ).returning(_MODEL.c.answers, _MODEL.c.overall)


def _putting(dialect: str) -> Any:
    statement = INSERTS[dialect](_STATE)
    return statement.on_conflict_do_update(
        index_elements=[_STATE.c.learner_id, _STATE.c.kind, _STATE.c.name], set_={"body": statement.excluded.body}
    )


# SQLite has one writer at a time, so there a row that exists needs only to be read.
_HELD = Prepared(
    lambda _dialect: select(_MODEL.c.answers, _MODEL.c.overall).where(_MODEL.c.learner_id == bindparam("learner")),
    *(_MODEL.c.answers.type, _MODEL.c.overall.type),
)
_COUNT = (
    _MODEL.update()
    .where(_MODEL.c.learner_id == bindparam("learner"))
    .values(answers=bindparam("count"), overall=bindparam("state"))
)
_HOLDING = Prepared(_holding, _MODEL.c.answers.type, _MODEL.c.overall.type)
_PUTTING = Prepared(_putting)
_COUNTING = Prepared(lambda _dialect: _COUNT)


@cache
def _some(count: int) -> Prepared:
    """The parts of so many names: the kind and the name of each as ``k0``, ``n0`` and so on."""
    which = or_(*(and_(_STATE.c.kind == bindparam(f"k{n}"), _STATE.c.name == bindparam(f"n{n}")) for n in range(count)))
    statement = select(_STATE.c.kind, _STATE.c.name, _STATE.c.body)
    statement = statement.where(_STATE.c.learner_id == bindparam("learner"), which)
    return Prepared(lambda _dialect: statement, _STATE.c.kind.type, _STATE.c.name.type, _STATE.c.body.type)


_ALL = select(_STATE.c.kind, _STATE.c.name, _STATE.c.body).where(_STATE.c.learner_id == bindparam("learner"))


def hold(connection: Connection, learner_id: UUID) -> tuple[int, OverallState]:
    """Keep every other answer of that learner out until the transaction ends: answers so far, and the overall state."""
    found = _HELD.run(connection, {"learner": learner_id}) if connection.dialect.name == "sqlite" else []
    if not found:
        found = _HOLDING.run(connection, {"learner_id": learner_id, "answers": 0, "overall": None})
    [(answers, overall)] = found
    return answers, overall_of(overall)


def overall_of(body: Any) -> OverallState:
    """An overall state from its row."""
    return OverallState(**body) if body else NO_OVERALL


def parts(
    connection: Connection, learner_id: UUID, overall: OverallState, skills: Collection[str], questions: Collection[str]
) -> LearnerState:
    """The state in those skills and questions; what was never met is missing."""
    wanted = [(SKILL, name) for name in sorted(skills)] + [(ITEM, name) for name in sorted(questions)]
    if not wanted:
        return LearnerState(overall)
    values = {"learner": learner_id, **numbered(wanted)}
    return _assembled(overall, _some(len(wanted)).run(connection, values))


def whole(session: Session, learner_id: UUID) -> LearnerState:
    """Everything that the model knows of a learner."""
    connection = session.connection()
    overall = connection.execute(select(_MODEL.c.overall).where(_MODEL.c.learner_id == learner_id)).scalar()
    return _assembled(overall_of(overall), connection.execute(_ALL, {"learner": learner_id}))


def answered(session: Session, learner_id: UUID) -> int:
    """How many answers the model has met."""
    found = session.connection().execute(select(_MODEL.c.answers).where(_MODEL.c.learner_id == learner_id)).scalar()
    return int(found or 0)


def _assembled(overall: OverallState, rows: Any) -> LearnerState:
    found_skills: dict[str, SkillState] = {}
    found_items: dict[str, ItemState] = {}
    for kind, name, body in rows:
        if kind == SKILL:
            found_skills[name] = skill_from_json(body)
        else:
            found_items[name] = ItemState(**body)
    return LearnerState(overall, found_skills, found_items)


def put(connection: Connection, learner_id: UUID, answers: int, changed: LearnerState) -> None:
    """Put the parts of a state in place of those that were there. The learner is held (``hold``)."""
    rows = [
        {"learner_id": learner_id, "kind": SKILL, "name": name, "body": skill_as_json(state)}
        for name, state in changed.skills.items()
    ] + [
        {"learner_id": learner_id, "kind": ITEM, "name": name, "body": state._asdict()}
        for name, state in changed.items.items()
    ]
    if rows:
        _PUTTING.run_for_each(connection, rows)
    _COUNTING.run(connection, {"learner": learner_id, "count": answers, "state": changed.overall._asdict()})


def clear(session: Session, learner_id: UUID) -> None:
    """Forget what the model knows of a learner; the answers stay."""
    session.execute(delete(_STATE).where(_STATE.c.learner_id == learner_id))
    session.execute(delete(_MODEL).where(_MODEL.c.learner_id == learner_id))
