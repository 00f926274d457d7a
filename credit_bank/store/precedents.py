"""Precedents as rows: what an institution took as what, found by school and words; and how far an index of it has come.

Every change of an institution's precedents advances its ``comparison_state`` under that row's lock, so that serials
commit in their order: an index that holds all up to a version misses none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, or_, select

from credit_bank.errors import Missing
from credit_bank.store.tables import ComparisonState, Precedent

_ALL_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PrecedentFilter:
    """Which precedents: each field narrows, empty does not. ``public_on`` keeps what anybody may read on that day."""

    words: str = ""
    source_name: str = ""
    origin: str = ""
    public_on: date | None = None


def state(session: Session, institution_id: UUID) -> ComparisonState:
    """How an institution compares; before anything was said or changed, the defaults (not yet a row)."""
    return session.get(ComparisonState, institution_id) or ComparisonState(institution_id=institution_id)


def hold(session: Session, institution_id: UUID) -> ComparisonState:
    """The state as a row, locked until the transaction ends."""
    made = postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    values = ComparisonState(institution_id=institution_id).model_dump()
    session.connection().execute(made(ComparisonState).values(values).on_conflict_do_nothing())
    found = session.get_one(ComparisonState, institution_id, with_for_update=True, populate_existing=True)
    session.add(found)
    return found


def courses_changed(session: Session, institution_id: UUID) -> None:
    """Say that the catalogue is another one now, so that no index of the old one is used."""
    found = hold(session, institution_id)
    found.courses += 1
    session.flush()


def get(session: Session, institution_id: UUID, precedent_id: UUID) -> Precedent:
    """An institution's precedent. Raises Missing ``precedent.unknown``."""
    found = session.get(Precedent, (institution_id, precedent_id))
    if found is None:
        raise Missing("precedent.unknown")
    return found


def standing(session: Session, institution_id: UUID, fingerprints: Iterable[bytes]) -> dict[bytes, Precedent]:
    """Those of the fingerprints that stand (were not withdrawn)."""
    wanted = list(set(fingerprints))
    found: dict[bytes, Precedent] = {}
    for start in range(0, len(wanted), _ALL_AT_ONCE):
        query = select(Precedent).where(
            Precedent.institution_id == institution_id,
            col(Precedent.fingerprint).in_(wanted[start : start + _ALL_AT_ONCE]),
            col(Precedent.withdrawn_at).is_(None),
        )
        found.update({row.fingerprint: row for row in session.exec(query)})
    return found


def add(session: Session, rows: Sequence[Precedent]) -> None:
    """Insert new rows."""
    if rows:
        session.execute(insert(Precedent), [row.model_dump() for row in rows])


def withdraw(session: Session, rows: Sequence[Precedent], **facts: object) -> None:
    """Mark rows as withdrawn: ``withdrawn_at``, ``withdrawn_by`` and ``withdrawn_reason``."""
    for start in range(0, len(rows), _ALL_AT_ONCE):
        some = rows[start : start + _ALL_AT_ONCE]
        session.execute(
            update(Precedent)
            .where(
                col(Precedent.institution_id) == some[0].institution_id, col(Precedent.id).in_([row.id for row in some])
            )
            .values(**facts)
        )


def between(session: Session, institution_id: UUID, after: int, to: int) -> Sequence[Precedent]:
    """What stands of the serials above ``after`` up to ``to``, in their order."""
    query = select(Precedent).where(
        Precedent.institution_id == institution_id,
        col(Precedent.serial) > after,
        col(Precedent.serial) <= to,
        col(Precedent.withdrawn_at).is_(None),
    )
    return session.exec(query.order_by(col(Precedent.serial), col(Precedent.id))).all()


def page(
    session: Session, institution_id: UUID, wanted: PrecedentFilter, *, offset: int = 0, limit: int = 50
) -> Sequence[Precedent]:
    """What stands, the newest first."""
    query = select(Precedent).where(*_conditions(institution_id, wanted))
    query = query.order_by(col(Precedent.serial).desc(), col(Precedent.id).desc())
    return session.exec(query.offset(offset).limit(limit)).all()


def count(session: Session, institution_id: UUID, wanted: PrecedentFilter) -> int:
    """How many ``page`` has without offset and limit."""
    query = select(func.count()).select_from(Precedent).where(*_conditions(institution_id, wanted))
    return session.exec(query).one()


def source_names(session: Session, institution_id: UUID, wanted: PrecedentFilter) -> list[str]:
    """The schools whose courses were decided about."""
    query = select(Precedent.source_name).where(*_conditions(institution_id, wanted)).distinct()
    return sorted(session.exec(query).all())


def with_public(session: Session, today: date) -> set[UUID]:
    """The institutions that have precedents which anybody may read."""
    query = select(Precedent.institution_id).where(*_public(today), col(Precedent.withdrawn_at).is_(None)).distinct()
    return set(session.exec(query).all())


def _conditions(institution_id: UUID, wanted: PrecedentFilter) -> list[ColumnElement[bool]]:
    found = [col(Precedent.institution_id) == institution_id, col(Precedent.withdrawn_at).is_(None)]
    if wanted.source_name:
        found.append(col(Precedent.source_name) == wanted.source_name)
    if wanted.origin:
        found.append(col(Precedent.origin) == wanted.origin)
    if wanted.words:
        found.append(col(Precedent.source_text).icontains(wanted.words, autoescape=True))
    if wanted.public_on is not None:
        found += _public(wanted.public_on)
    return found


def _public(today: date) -> list[ColumnElement[bool]]:
    until = col(Precedent.valid_until)
    return [col(Precedent.published_on) <= today, or_(until.is_(None), until >= today)]
