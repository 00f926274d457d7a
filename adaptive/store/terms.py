"""Terms that all learners share: the weights in force, and what is known of questions and skills.

Changes are added in SQL, row by row in the order of their names, so that several processes may add at once and none
waits for another in a circle. What is added commutes, so the order of unrelated learners does not matter.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, or_, select
from sqlmodel import Session, SQLModel

from adaptive.mastery.terms import SLOPES, Shared, SharedChange, Term, Weights, default_weights
from adaptive.store.prepared import INSERTS, Prepared
from adaptive.store.tables import ModelWeights, SharedTerm

SKILL, ITEM = "skill", "item"


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a table class."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


_TERM = table_of(SharedTerm)


def _adding(dialect: str) -> Any:
    """An insert that adds to the row that is there."""
    statement = INSERTS[dialect](_TERM)
    numbers = _TERM.columns[2:]
    return statement.on_conflict_do_update(
        index_elements=[_TERM.c.kind, _TERM.c.name], set_={c.name: c + statement.excluded[c.name] for c in numbers}
    )


_ADDING = Prepared(_adding)


@cache
def _some(count: int) -> Prepared:
    """The terms of so many names: the kind and the name of each as ``k0``, ``n0`` and so on."""
    which = or_(*(and_(_TERM.c.kind == bindparam(f"k{n}"), _TERM.c.name == bindparam(f"n{n}")) for n in range(count)))
    return Prepared(lambda _dialect: select(_TERM).where(which), *(column.type for column in _TERM.columns))


def numbered(names: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The values ``k0``, ``n0`` and so on of (kind, name) pairs."""
    return {key: value for n, (kind, name) in enumerate(names) for key, value in ((f"k{n}", kind), (f"n{n}", name))}


_WEIGHTS = table_of(ModelWeights)
_IN_FORCE = (
    select(_WEIGHTS.c.body)
    .where(_WEIGHTS.c.accepted_at.is_not(None))
    .order_by(_WEIGHTS.c.accepted_at.desc(), _WEIGHTS.c.version.desc())
    .limit(1)
)
_AT_ONCE = 100


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


def shared(connection: Connection, in_force: Weights, questions: Collection[str], skills: Collection[str]) -> Shared:
    """The terms of those questions and skills, as the model takes them."""
    wanted = [(ITEM, name) for name in sorted(questions)] + [(SKILL, name) for name in sorted(skills)]
    rows: list[Any] = []
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        rows += _some(len(part)).run(connection, numbered(part))
    return _assembled(in_force, rows)


def everything(session: Session, in_force: Weights) -> Shared:
    """Every term, for choosing among the whole library."""
    return _assembled(in_force, session.connection().execute(select(_TERM)))


def _assembled(in_force: Weights, rows: Iterable[Any]) -> Shared:
    items: dict[str, Term] = {}
    skills: dict[str, Term] = {}
    for row in rows:
        (items if row[0] == ITEM else skills)[row[1]] = of_numbers(row[2:])
    return Shared(in_force, items, skills)


def of_numbers(numbers: Sequence[float]) -> Term:
    """A term from its fourteen numbers, as they stand in a row."""
    answers, difficulty, bias, information, *slopes = numbers
    return Term(int(answers), difficulty, bias, information, tuple(slopes[:SLOPES]), tuple(slopes[SLOPES:]))


def numbers_of(term: Term) -> list[float]:
    """The fourteen numbers of a term."""
    return [term[0], term[1], term[2], term[3], *term[4], *term[5]]


def add(connection: Connection, change: SharedChange) -> None:
    """Add what an answer taught about its question and its skills."""
    rows = _rows(change.items, change.skills)
    if rows:
        _ADDING.run_for_each(connection, rows)


def replace(session: Session, items: Mapping[str, Term], skills: Mapping[str, Term]) -> None:
    """Put fitted terms in place of all that were there."""
    connection = session.connection()
    connection.execute(delete(_TERM))
    rows = _rows(items, skills)
    if rows:
        connection.execute(insert(_TERM), rows)


_NAMES = [column.name for column in _TERM.columns]


def _rows(items: Mapping[str, Term], skills: Mapping[str, Term]) -> list[dict[str, Any]]:
    """Rows in the order of their names."""
    return [
        dict(zip(_NAMES, (kind, name, *numbers_of(term)), strict=True))
        for kind, terms in ((ITEM, items), (SKILL, skills))
        for name, term in sorted(terms.items())
    ]
