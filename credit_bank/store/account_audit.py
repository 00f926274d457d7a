"""Whether the books of all learners balance, asked of the database itself and not of the code that wrote them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from credit_bank.account.posting import HOLDINGS
from credit_bank.store.tables import CreditJournal, CreditPosting, CreditUse

_KIND = (col(CreditPosting.framework), col(CreditPosting.level), col(CreditPosting.category))


def faults(session: Session) -> dict[str, list[UUID]]:
    """What is wrong, by name; every list is empty where nothing is.

    ``unbalanced``: journals that do not sum to zero in a kind of credit. ``overdrawn``: learners of whom a holding is
    below zero. ``used_twice``: outcomes of whom a use has taken more than was ever made available.
    """
    return {"unbalanced": _unbalanced(session), "overdrawn": _overdrawn(session), "used_twice": _used_twice(session)}


def _unbalanced(session: Session) -> list[UUID]:
    query = (
        select(col(CreditPosting.journal_id))
        .group_by(col(CreditPosting.learner_id), col(CreditPosting.journal_id), *_KIND)
        .having(func.sum(col(CreditPosting.amount)) != 0)
        .distinct()
    )
    return list(session.execute(query).scalars())


def _overdrawn(session: Session) -> list[UUID]:
    place = (col(CreditPosting.outcome_id), col(CreditPosting.conversion_id), col(CreditPosting.target_id))
    query = (
        select(col(CreditPosting.learner_id))
        .where(col(CreditPosting.account).in_(HOLDINGS))
        .group_by(col(CreditPosting.learner_id), col(CreditPosting.account), *place, *_KIND)
        .having(func.sum(col(CreditPosting.amount)) < 0)
        .distinct()
    )
    return list(session.execute(query).scalars())


def _used_twice(session: Session) -> list[UUID]:
    reversal = CreditJournal.__table__.alias("reversal")  # type: ignore[attr-defined]
    recognised = (
        select(func.coalesce(func.sum(col(CreditPosting.amount)), 0))
        .join(
            CreditJournal,
            (col(CreditJournal.learner_id) == col(CreditPosting.learner_id))
            & (col(CreditJournal.id) == col(CreditPosting.journal_id)),
        )
        .where(
            col(CreditPosting.learner_id) == col(CreditUse.learner_id),
            col(CreditPosting.outcome_id) == col(CreditUse.outcome_id),
            col(CreditPosting.account) == "available",
            col(CreditJournal.movement) == "recognise",
            ~select(reversal.c.id)
            .where(reversal.c.learner_id == col(CreditJournal.learner_id), reversal.c.reverses == col(CreditJournal.id))
            .exists(),
        )
        .scalar_subquery()
    )
    query = (
        select(col(CreditUse.outcome_id))
        .where(col(CreditUse.released_by).is_(None))
        .group_by(col(CreditUse.learner_id), col(CreditUse.outcome_id), col(CreditUse.use))
        .having(func.sum(col(CreditUse.amount)) > recognised)
    )
    return list(session.execute(query).scalars())
