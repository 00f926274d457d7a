"""Learners, their identity digests, names and pairwise ids, as rows."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from credit_bank.store.tables import FormerName, IdentityDigest, Learner, Subject


def get(session: Session, learner_id: UUID) -> Learner:
    """The learner of that id, or the one into whom that account was merged. Raises Missing ``learner.unknown``."""
    found = session.get(Learner, learner_id)
    for _ in range(16):
        if found is None or found.merged_into is None:
            break
        found = session.get(Learner, found.merged_into)
    if found is None:
        raise Missing("learner.unknown")
    return found


def hold(session: Session, learner_ids: Iterable[UUID], *, to_change: bool = False) -> dict[UUID, Learner]:
    """Those learners as they stand now, none of them merged away before the transaction ends.

    ``to_change`` keeps every other writer of them out, too. Locked in the order of their ids, so that two never wait
    for each other in a circle. What was read of a learner who turns out to be merged is out of date.
    """
    wanted = sorted(set(learner_ids))
    found: dict[UUID, Learner] = {}
    for start in range(0, len(wanted), 500):
        rows = session.exec(
            select(Learner)
            .where(col(Learner.id).in_(wanted[start : start + 500]))
            .order_by(col(Learner.id))
            .with_for_update(read=not to_change, key_share=not to_change)
            .execution_options(populate_existing=True)
        )
        found.update((row.id, row) for row in rows)
    return found


def hold_current(session: Session, learner_ids: Iterable[UUID], *, to_change: bool = False) -> dict[UUID, Learner]:
    """Who those accounts belong to now, by the id asked for, held as ``hold`` does. Raises Missing ``learner.unknown``.

    An account that was merged meanwhile gives the one into whom it was.
    """
    wanted = set(learner_ids)
    while True:
        current = {i: get(session, i) for i in wanted}
        held = hold(session, [row.id for row in current.values()], to_change=to_change)
        if all(row.merged_into is None for row in held.values()):
            return current


def by_account_number(session: Session, number: str) -> Learner | None:
    """The learner of an account number (twelve digits); a merged number finds the account that took it over."""
    found = session.exec(select(Learner).where(Learner.account_number == number)).one_or_none()
    return get(session, found.id) if found else None


def by_digest(session: Session, digests: Mapping[int, bytes]) -> Learner | None:
    """The learner of an identity document, given its digest under each key version."""
    found = session.exec(
        select(IdentityDigest).where(
            or_(
                *(
                    and_(col(IdentityDigest.key_version) == version, col(IdentityDigest.digest) == digest)
                    for version, digest in digests.items()
                )
            )
        )
    ).first()
    return get(session, found.learner_id) if found else None


def by_account_numbers(session: Session, numbers: Iterable[str]) -> dict[str, Learner]:
    """The learners of many account numbers; unknown ones are absent."""
    wanted = list(set(numbers))
    found: dict[str, Learner] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for learner in session.exec(select(Learner).where(col(Learner.account_number).in_(part))):
            found[learner.account_number] = get(session, learner.id) if learner.merged_into else learner
    return found


def by_digests(session: Session, digests: Iterable[bytes]) -> dict[bytes, Learner]:
    """The learners of many identity digests; unknown ones are absent."""
    wanted = list(set(digests))
    found: dict[bytes, Learner] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = session.exec(
            select(IdentityDigest.digest, Learner)
            .join(Learner, col(Learner.id) == col(IdentityDigest.learner_id))
            .where(col(IdentityDigest.digest).in_(part))
        )
        for digest, learner in rows:
            found[digest] = get(session, learner.id) if learner.merged_into else learner
    return found


def former_names(session: Session, learner_id: UUID) -> Sequence[FormerName]:
    """The names a learner had before, the newest last."""
    return session.exec(
        select(FormerName).where(FormerName.learner_id == learner_id).order_by(col(FormerName.replaced_at))
    ).all()


def documents(session: Session, learner_id: UUID) -> Sequence[IdentityDigest]:
    """The identity documents seen for a learner (types and dates; no number is kept)."""
    return session.exec(
        select(IdentityDigest).where(IdentityDigest.learner_id == learner_id).order_by(col(IdentityDigest.recorded_at))
    ).all()


def subjects(session: Session, institution_id: UUID, learner_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The pairwise subject id of each learner at one institution; learners without one are absent."""
    wanted = list(set(learner_ids))
    found: dict[UUID, UUID] = {}
    for start in range(0, len(wanted), 500):
        rows = session.exec(
            select(Subject).where(
                Subject.institution_id == institution_id,
                col(Subject.learner_id).in_(wanted[start : start + 500]),
            )
        )
        for row in rows:
            found.setdefault(row.learner_id, row.id)
    return found


def opened_at(
    session: Session, institution_id: UUID, *, words: str = "", offset: int = 0, limit: int = 50
) -> Sequence[Learner]:
    """The learners whose account was opened at a centre's counter, by name; ``words`` narrows to names with them."""
    query = select(Learner).where(*_opened_at(institution_id, words))
    return session.exec(query.order_by(col(Learner.name), col(Learner.id)).offset(offset).limit(limit)).all()


def opened_at_count(session: Session, institution_id: UUID, words: str = "") -> int:
    """How many learners ``opened_at`` has without offset and limit."""
    return session.exec(select(func.count()).select_from(Learner).where(*_opened_at(institution_id, words))).one()


def _opened_at(institution_id: UUID, words: str) -> list[ColumnElement[bool]]:
    conditions = [col(Learner.opened_at_institution) == institution_id, col(Learner.merged_into).is_(None)]
    if words:
        conditions.append(col(Learner.name).icontains(words, autoescape=True))
    return conditions
