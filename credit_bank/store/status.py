"""Status lists as rows: allocating indices, the bits, and the signed lists as served."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from credit_bank.store.tables import PublishedStatusList, StatusList

LENGTH = 131_072  # entries; Bitstring Status List 1.0 §2.3 asks for at least 16 KiB, so that one entry hides among many


def allocate(
    session: Session, institution_id: UUID, count: int, randbelow: Callable[[int], int]
) -> tuple[list[tuple[UUID, int]], list[StatusList]]:
    """Indices for that many credentials, in the issuing transaction, and the lists that had to be opened for them.

    Indices are scattered over the list by an odd stride, so that one tells nothing about when it was given out; the
    unique key on (institution, list, index) refuses a second use of one.
    """
    given: list[tuple[UUID, int]] = []
    opened: list[StatusList] = []
    while len(given) < count:
        current = session.exec(
            select(StatusList)
            .where(StatusList.institution_id == institution_id, col(StatusList.next_position) < col(StatusList.length))
            .order_by(col(StatusList.id))
            .limit(1)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).first()
        if current is None:
            current = StatusList(
                institution_id=institution_id,
                length=LENGTH,
                stride=randbelow(LENGTH // 2) * 2 + 1,
                offset=randbelow(LENGTH),
            )
            session.add(current)
            session.flush()
            opened.append(current)
        start = current.next_position
        end = min(current.length, start + count - len(given))
        given += [(current.id, (current.stride * n + current.offset) % current.length) for n in range(start, end)]
        session.execute(
            update(StatusList)
            .where(col(StatusList.institution_id) == institution_id, col(StatusList.id) == current.id)
            .values(next_position=end)
        )
    return given, opened


def published(session: Session, list_id: UUID, purpose: str) -> PublishedStatusList:
    """The newest signed list for a purpose. Raises Missing ``status.list_unknown``."""
    found = session.exec(
        select(PublishedStatusList).where(
            PublishedStatusList.list_id == list_id, PublishedStatusList.purpose == purpose
        )
    ).first()
    if found is None:
        raise Missing("status.list_unknown")
    return found


def locked(session: Session, institution_id: UUID, list_id: UUID, purpose: str) -> PublishedStatusList:
    """The newest signed list, locked until the transaction ends. Raises Missing ``status.list_unknown``."""
    found = session.exec(
        select(PublishedStatusList)
        .where(
            PublishedStatusList.institution_id == institution_id,
            PublishedStatusList.list_id == list_id,
            PublishedStatusList.purpose == purpose,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Missing("status.list_unknown")
    return found


def every(session: Session, institution_id: UUID) -> Sequence[PublishedStatusList]:
    """Every signed list of an institution, the oldest first."""
    query = select(PublishedStatusList).where(PublishedStatusList.institution_id == institution_id)
    return session.exec(query.order_by(col(PublishedStatusList.list_id), col(PublishedStatusList.purpose))).all()


def of_institution(session: Session, institution_id: UUID) -> Sequence[PublishedStatusList]:
    """Every signed list of an institution, locked until the transaction ends."""
    return session.exec(
        select(PublishedStatusList).where(PublishedStatusList.institution_id == institution_id).with_for_update()
    ).all()


def store(
    session: Session, institution_id: UUID, list_id: UUID, purpose: str, *, bits: bytes, document: str, at: datetime
) -> None:
    """Keep a newly signed list, in place of the one before it."""
    row = session.get(PublishedStatusList, (institution_id, list_id, purpose))
    if row is None:
        row = PublishedStatusList(
            institution_id=institution_id,
            list_id=list_id,
            purpose=purpose,
            bits=bits,
            document=document,
            published_at=at,
        )
    else:
        row.bits, row.document, row.published_at = bits, document, at
    session.add(row)
    session.flush()
