"""Credits in double entry, as rows: journals with their postings, and what outcomes are used for."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, update
from sqlalchemy import select as select_columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from credit_bank.account.amount import Denomination
from credit_bank.account.balance import Balance, Lot, Use, balances
from credit_bank.account.journal import Decision, Journal, Movement, RuleSet
from credit_bank.account.posting import FREE, HOLDINGS, Account, Bucket, Posting, sums
from credit_bank.errors import Conflict, Missing
from credit_bank.store.tables import CreditJournal, CreditPosting, CreditUse

_CHUNK = 500


def write(
    session: Session,
    journals: Sequence[tuple[UUID, Journal]],
    *,
    key: str | None = None,
    command_sha256: bytes | None = None,
) -> None:
    """Write each (learner, journal) with its postings; ``key`` for the one journal of a command.

    Raises Conflict ``account.posted_meanwhile`` when the database holds the same command or deposit already.
    """
    if not journals:
        return
    command = {"key": key, "command_sha256": command_sha256}
    lines = [
        {"learner_id": learner, "journal_id": journal.id, "line": n, **_posting_row(posting)}
        for learner, journal in journals
        for n, posting in enumerate(journal.postings)
    ]
    try:
        session.connection().execute(insert(CreditJournal), [{**_journal_row(*pair), **command} for pair in journals])
        if lines:
            session.connection().execute(insert(CreditPosting), lines)
    except IntegrityError as error:
        raise Conflict("account.posted_meanwhile") from error


def _journal_row(learner_id: UUID, journal: Journal) -> dict[str, object]:
    decision = journal.decision
    rules = decision.rule_set
    return {
        "learner_id": learner_id,
        "id": journal.id,
        "movement": journal.movement.value,
        "outcome_id": journal.outcome_id,
        "reverses": journal.reverses,
        "decision_id": decision.id,
        "institution_id": decision.institution_id,
        "decided_by": decision.by,
        "rule_set_id": rules.id if rules else None,
        "rule_set_sha256": rules.sha256 if rules else None,
        "reason": decision.reason,
        "use": journal.use,
        "posted_at": journal.posted_at,
        "expires_on": journal.expires_on,
    }


def _posting_row(posting: Posting) -> dict[str, object]:
    bucket = posting.bucket
    return {
        "account": bucket.account.value,
        "amount": posting.amount,
        "framework": bucket.of.framework,
        "level": bucket.of.level,
        "category": bucket.of.category,
        "outcome_id": bucket.outcome_id,
        "conversion_id": bucket.conversion_id,
        "target_id": bucket.target_id,
    }


def _journal(row: CreditJournal, postings: Iterable[Posting]) -> Journal:
    rules = RuleSet(row.rule_set_id, row.rule_set_sha256) if row.rule_set_id and row.rule_set_sha256 else None
    return Journal(
        id=row.id,
        movement=Movement(row.movement),
        decision=Decision(row.decision_id, row.reason, row.institution_id, row.decided_by, rules),
        posted_at=row.posted_at,
        postings=tuple(postings),
        outcome_id=row.outcome_id,
        reverses=row.reverses,
        expires_on=row.expires_on,
        use=row.use,
    )


def _posting(row: CreditPosting) -> Posting:
    of = Denomination(row.framework, row.level, row.category)
    bucket = Bucket(Account(row.account), of, row.outcome_id, row.conversion_id, row.target_id)
    return Posting(bucket, row.amount)


def _with_postings(session: Session, rows: Sequence[CreditJournal]) -> list[Journal]:
    lines: dict[UUID, list[Posting]] = {}
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        query = select(CreditPosting).where(
            col(CreditPosting.learner_id).in_({r.learner_id for r in part}),
            col(CreditPosting.journal_id).in_([r.id for r in part]),
        )
        for line in session.exec(query.order_by(col(CreditPosting.journal_id), col(CreditPosting.line))):
            lines.setdefault(line.journal_id, []).append(_posting(line))
    return [_journal(row, lines.get(row.id, ())) for row in rows]


def get(session: Session, learner_id: UUID, journal_id: UUID) -> Journal:
    """One journal of a learner, whole. Raises Missing ``account.journal_unknown``."""
    row = session.get(CreditJournal, (learner_id, journal_id))
    if row is None:
        raise Missing("account.journal_unknown", journal=str(journal_id))
    [found] = _with_postings(session, [row])
    return found


def by_key(session: Session, learner_id: UUID, key: str) -> tuple[Journal, bytes | None] | None:
    """The journal of a command that was carried out before, and the digest of what was asked for."""
    query = select(CreditJournal).where(CreditJournal.learner_id == learner_id, CreditJournal.key == key)
    row = session.exec(query).one_or_none()
    return (_with_postings(session, [row])[0], row.command_sha256) if row else None


def reversal(session: Session, learner_id: UUID, journal_id: UUID) -> UUID | None:
    """The journal that takes this one back, if there is one."""
    return session.exec(
        select(CreditJournal.id).where(CreditJournal.learner_id == learner_id, CreditJournal.reverses == journal_id)
    ).one_or_none()


def lots(session: Session, learner_ids: Iterable[UUID], outcome_ids: Iterable[UUID]) -> dict[UUID, Lot]:
    """The lots of those learners' outcomes by outcome id; one that was never deposited is there, empty."""
    people, wanted = sorted(set(learner_ids)), sorted(set(outcome_ids))
    journals: dict[UUID, list[Journal]] = {}
    lines: dict[UUID, list[Posting]] = {}
    uses: dict[UUID, list[Use]] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        about = select(CreditJournal).where(
            col(CreditJournal.learner_id).in_(people), col(CreditJournal.outcome_id).in_(part)
        )
        for journal in _with_postings(session, session.exec(about).all()):
            assert journal.outcome_id is not None
            journals.setdefault(journal.outcome_id, []).append(journal)
        naming = select(CreditPosting).where(
            col(CreditPosting.learner_id).in_(people), col(CreditPosting.outcome_id).in_(part)
        )
        for line in session.exec(naming):
            assert line.outcome_id is not None
            lines.setdefault(line.outcome_id, []).append(_posting(line))
        live = select(CreditUse).where(
            col(CreditUse.learner_id).in_(people),
            col(CreditUse.outcome_id).in_(part),
            col(CreditUse.released_by).is_(None),
        )
        for row in session.exec(live):
            uses.setdefault(row.outcome_id, []).append(_use(row))
    return {i: Lot(i, tuple(journals.get(i, ())), sums(lines.get(i, ())), tuple(uses.get(i, ()))) for i in wanted}


def _use(row: CreditUse) -> Use:
    return Use(row.id, row.outcome_id, row.use, row.conversion_id, row.amount, row.part, row.split)


def write_uses(session: Session, learner_id: UUID, uses: Sequence[Use]) -> None:
    """Note what outcomes are used for. Raises Conflict ``account.already_used`` when one of them is so already."""
    rows = [
        {
            "learner_id": learner_id,
            "id": use.id,
            "outcome_id": use.outcome_id,
            "use": use.use,
            "part": use.part,
            "split": use.split,
            "conversion_id": use.conversion_id,
            "amount": use.amount,
        }
        for use in uses
    ]
    try:
        session.execute(insert(CreditUse), rows)
    except IntegrityError as error:
        raise Conflict("account.already_used", title=None) from error


def live_uses(
    session: Session, learner_id: UUID, *, outcome_id: UUID | None = None, conversion_id: UUID | None = None
) -> list[Use]:
    """A learner's live uses, of one outcome or one conversion where it is named."""
    query = select(CreditUse).where(CreditUse.learner_id == learner_id, col(CreditUse.released_by).is_(None))
    if outcome_id is not None:
        query = query.where(CreditUse.outcome_id == outcome_id)
    if conversion_id is not None:
        query = query.where(CreditUse.conversion_id == conversion_id)
    return [_use(row) for row in session.exec(query.order_by(col(CreditUse.id)))]


def outcomes_of(session: Session, learner_id: UUID, conversion_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The outcomes that each of these conversions used, taken back or not."""
    query = select(CreditUse.conversion_id, CreditUse.outcome_id).where(
        CreditUse.learner_id == learner_id, col(CreditUse.conversion_id).in_(list(conversion_ids))
    )
    found: dict[UUID, list[UUID]] = {}
    for conversion, outcome in session.execute(query.order_by(col(CreditUse.id))):
        found.setdefault(conversion, []).append(outcome)
    return found


def reversed_among(session: Session, learner_id: UUID, journal_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these journals that were taken back."""
    query = select(CreditJournal.reverses).where(
        CreditJournal.learner_id == learner_id, col(CreditJournal.reverses).in_(list(journal_ids))
    )
    return {found for found in session.exec(query) if found is not None}


def release(session: Session, learner_id: UUID, conversion_id: UUID, released_by: UUID) -> None:
    """Give up the uses of a conversion that is reversed."""
    session.execute(
        update(CreditUse)
        .where(
            col(CreditUse.learner_id) == learner_id,
            col(CreditUse.conversion_id) == conversion_id,
            col(CreditUse.released_by).is_(None),
        )
        .values(released_by=released_by)
    )


def held_for(session: Session, learner_id: UUID, conversion_id: UUID) -> dict[Bucket, int]:
    """What a conversion holds and what of it was consumed, by bucket."""
    query = select(CreditPosting).where(
        CreditPosting.learner_id == learner_id, CreditPosting.conversion_id == conversion_id
    )
    return sums(_posting(row) for row in session.exec(query))


def balance(session: Session, learner_id: UUID) -> list[Balance]:
    """What a learner has, by denomination: summed by the database over all postings."""
    kind = (
        col(CreditPosting.account),
        col(CreditPosting.framework),
        col(CreditPosting.level),
        col(CreditPosting.category),
    )
    rows = session.execute(
        select_columns(*kind, func.sum(col(CreditPosting.amount)))
        .where(col(CreditPosting.learner_id) == learner_id, col(CreditPosting.account).in_(HOLDINGS))
        .group_by(*kind)
    )
    return balances(
        Posting(Bucket(Account(account), Denomination(framework, level, category)), int(amount))
        for account, framework, level, category, amount in rows
    )


def journals(session: Session, learner_id: UUID, *, offset: int = 0, limit: int | None = None) -> list[Journal]:
    """A learner's journals, the newest first."""
    query = (
        select(CreditJournal)
        .where(CreditJournal.learner_id == learner_id)
        .order_by(col(CreditJournal.posted_at).desc(), col(CreditJournal.id).desc())
        .offset(offset)
    )
    return _with_postings(session, session.exec(query.limit(limit) if limit is not None else query).all())


def journal_count(session: Session, learner_id: UUID) -> int:
    """How many journals a learner has."""
    query = select(func.count()).select_from(CreditJournal).where(CreditJournal.learner_id == learner_id)
    return session.exec(query).one()


def due(session: Session, on: date, *, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
    """(learner, outcome) of free credits that a movement gave a last day before ``on``: at most ``limit`` learners.

    In the order of the learners' ids, from the one after ``after`` on. A later movement may have moved the day since.
    """
    dated = _free_until(on)
    people = select(CreditJournal.learner_id).where(*dated).distinct()
    if after is not None:
        people = people.where(col(CreditJournal.learner_id) > after)
    some = list(session.exec(people.order_by(col(CreditJournal.learner_id)).limit(limit)))
    if not some:
        return []
    query = select(CreditJournal.learner_id, CreditJournal.outcome_id).where(
        col(CreditJournal.learner_id).in_(some), *dated
    )
    return sorted({(learner, outcome) for learner, outcome in session.execute(query) if outcome is not None})


def due_of(session: Session, learner_id: UUID, on: date) -> list[UUID]:
    """The outcomes of one learner with free credits that a movement gave a last day before ``on``, as for ``due``."""
    query = select(CreditJournal.outcome_id).where(CreditJournal.learner_id == learner_id, *_free_until(on))
    return sorted({outcome for outcome in session.exec(query) if outcome is not None})


def _free_until(on: date) -> tuple[ColumnElement[bool], ...]:
    """Of a journal: that it gave a last day before ``on`` to an outcome that has free credits."""
    free = (
        select(CreditPosting.learner_id, CreditPosting.outcome_id)
        .where(col(CreditPosting.account).in_(FREE), col(CreditPosting.learner_id) == col(CreditJournal.learner_id))
        .where(col(CreditPosting.outcome_id) == col(CreditJournal.outcome_id))
        .group_by(col(CreditPosting.learner_id), col(CreditPosting.outcome_id))
        .having(func.sum(CreditPosting.amount) > 0)
        .exists()
    )
    return (col(CreditJournal.expires_on) < on, free)


def move(session: Session, from_learner: UUID, to_learner: UUID) -> None:
    """Give one learner's journals, postings and uses to another; postings and uses follow their journals."""
    session.execute(
        update(CreditJournal).where(col(CreditJournal.learner_id) == from_learner).values(learner_id=to_learner)
    )
