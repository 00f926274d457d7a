"""Terms that all learners share: the weights in force, and what is known of questions and skills.

Changes are added in SQL, row by row in the order of their names, so that several processes may add at once and none
waits for another in a circle. What is added commutes, so the order of unrelated learners does not matter.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from adaptive.mastery.terms import SLOPES, ItemTerm, Shared, SharedChange, SkillTerm, Weights, default_weights
from adaptive.store.tables import ItemTermRow, ModelWeights, SkillTermRow

_DIALECTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a table class."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


_ITEM, _SKILL = table_of(ItemTermRow), table_of(SkillTermRow)
_ITEMS = select(_ITEM).where(_ITEM.c.question_id.in_(bindparam("names", expanding=True)))
_SKILLS = select(_SKILL).where(_SKILL.c.skill_id.in_(bindparam("names", expanding=True)))
_WEIGHTS = table_of(ModelWeights)
_IN_FORCE = (
    select(_WEIGHTS.c.body)
    .where(_WEIGHTS.c.accepted_at.is_not(None))
    .order_by(_WEIGHTS.c.accepted_at.desc(), _WEIGHTS.c.version.desc())
    .limit(1)
)
_IN_BITS = 800


def _adding(table: Table, dialect: str) -> Any:
    """An insert that adds to the row that is there."""
    statement = _DIALECTS[dialect](table)
    key, *columns = table.columns
    return statement.on_conflict_do_update(
        index_elements=[key], set_={c.name: c + statement.excluded[c.name] for c in columns}
    )


_ADDING = {(table, name): _adding(table, name) for table in (_ITEM, _SKILL) for name in _DIALECTS}


def weights(session: Session) -> Weights:
    """The weights in force: the newest accepted version, or those that are shipped."""
    found = session.connection().execute(_IN_FORCE).scalar()
    return default_weights() if found is None else Weights.from_json(found)


def weights_of(session: Session, version: str) -> Weights | None:
    """A version of the weights, accepted or not; the shipped ones are known without a row."""
    row = session.get(ModelWeights, version)
    if row is not None:
        return Weights.from_json(row.body)
    shipped = default_weights()
    return shipped if shipped.version == version else None


def keep_weights(
    session: Session, made: Weights, now: datetime, *, accepted: bool, answers: int, report: Mapping[str, Any]
) -> None:
    """Keep a fitted version, in force or refused, with the report that says why."""
    session.add(
        ModelWeights(
            version=made.version,
            body=made.as_json(),
            made_at=now,
            accepted_at=now if accepted else None,
            answers=answers,
            report=dict(report),
        )
    )
    session.flush()


def shared(session: Session, in_force: Weights, questions: Collection[str], skills: Collection[str]) -> Shared:
    """The terms of those questions and skills, as the model takes them."""
    connection = session.connection()
    items: dict[str, ItemTerm] = {}
    for names in _bits(questions):
        for key, *numbers in connection.execute(_ITEMS, {"names": names}):
            items[key] = ItemTerm(*numbers)
    found: dict[str, SkillTerm] = {}
    for names in _bits(skills):
        for row in connection.execute(_SKILLS, {"names": names}):
            found[row[0]] = _skill_term(row)
    return Shared(in_force, items, found)


def everything(session: Session, in_force: Weights) -> Shared:
    """Every term, for choosing among the whole library."""
    connection = session.connection()
    items = {key: ItemTerm(*numbers) for key, *numbers in connection.execute(select(_ITEM))}
    skills = {row[0]: _skill_term(row) for row in connection.execute(select(_SKILL))}
    return Shared(in_force, items, skills)


def add(session: Session, change: SharedChange) -> None:
    """Add what an answer taught about its question and its skills."""
    connection = session.connection()
    name = connection.dialect.name
    if change.items:
        rows = [_item_row(key, term) for key, term in sorted(change.items.items())]
        connection.execute(_ADDING[_ITEM, name], rows)
    if change.skills:
        rows = [_skill_row(key, term) for key, term in sorted(change.skills.items())]
        connection.execute(_ADDING[_SKILL, name], rows)


def replace(session: Session, items: Mapping[str, ItemTerm], skills: Mapping[str, SkillTerm]) -> None:
    """Put fitted terms in place of all that were there."""
    connection = session.connection()
    connection.execute(delete(_ITEM))
    connection.execute(delete(_SKILL))
    if items:
        connection.execute(insert(_ITEM), [_item_row(key, term) for key, term in sorted(items.items())])
    if skills:
        connection.execute(insert(_SKILL), [_skill_row(key, term) for key, term in sorted(skills.items())])


def _item_row(key: str, term: ItemTerm) -> dict[str, Any]:
    return {
        "question_id": key,
        "answers": term.answers,
        "difficulty": term.difficulty,
        "bias": term.bias,
        "information": term.information,
    }


def _skill_term(row: Any) -> SkillTerm:
    return SkillTerm(row[1], row[2], row[3], row[4], tuple(row[5 : 5 + SLOPES]), tuple(row[5 + SLOPES :]))


_SKILL_NAMES = [column.name for column in _SKILL.columns]


def _skill_row(key: str, term: SkillTerm) -> dict[str, Any]:
    return dict(zip(_SKILL_NAMES, (key, *term[:4], *term.slopes, *term.slope_information), strict=True))


def _bits(names: Collection[str]) -> Sequence[list[str]]:
    """The names, so many at a time as a statement takes."""
    wanted = sorted(names)
    return [wanted[start : start + _IN_BITS] for start in range(0, len(wanted), _IN_BITS)]
