"""Cases as rows: one, a queue, what happened, who said what, and what rests on an outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import and_, delete, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from credit_bank.errors import Missing
from credit_bank.recognition.casework.kind import AGAIN, OPEN, REVIEWED
from credit_bank.store.tables import (
    CaseDecision,
    CaseEvent,
    CaseEvidence,
    CaseReview,
    CaseSource,
    EvidenceJudgement,
    RecognitionCase,
)


def get(session: Session, case_id: UUID, *, to_change: bool = False) -> RecognitionCase:
    """The case of that id, ``to_change`` by one person at a time. Raises Missing ``case.unknown``."""
    query = select(RecognitionCase).where(RecognitionCase.id == case_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.exec(query).one_or_none()
    if found is None:
        raise Missing("case.unknown")
    return found


def queue(session: Session, institution_id: UUID) -> Sequence[RecognitionCase]:
    """What waits for an institution's reviewers, what is due first coming first."""
    return session.exec(
        select(RecognitionCase)
        .where(
            RecognitionCase.institution_id == institution_id,
            col(RecognitionCase.state).in_([*(s.value for s in REVIEWED), "notice"]),
        )
        .order_by(col(RecognitionCase.due_on), col(RecognitionCase.id))
    ).all()


def involving(session: Session, institution_id: UUID, *, limit: int = 200) -> Sequence[RecognitionCase]:
    """The cases in which an institution has or had a turn or gives credit, the latest change first."""
    mine = or_(
        col(RecognitionCase.institution_id) == institution_id,
        col(RecognitionCase.decider_id) == institution_id,
        col(RecognitionCase.receiver_id) == institution_id,
    )
    query = select(RecognitionCase).where(mine).order_by(col(RecognitionCase.changed_at).desc())
    return session.exec(query.limit(limit)).all()


def of_learner(session: Session, learner_id: UUID) -> Sequence[RecognitionCase]:
    """A learner's cases, the newest first."""
    query = select(RecognitionCase).where(RecognitionCase.learner_id == learner_id)
    return session.exec(query.order_by(col(RecognitionCase.id).desc())).all()


def on_notice(session: Session) -> Sequence[RecognitionCase]:
    """What is on public notice, the notice that ends first coming first."""
    query = select(RecognitionCase).where(RecognitionCase.state == "notice")
    return session.exec(query.order_by(col(RecognitionCase.notice_until), col(RecognitionCase.id))).all()


def notice_over(session: Session, today: date) -> Sequence[UUID]:
    """The ids of the cases whose public notice ended before ``today``, the earliest first."""
    query = select(RecognitionCase.id).where(
        RecognitionCase.state == "notice", col(RecognitionCase.notice_until) < today
    )
    return session.exec(query.order_by(col(RecognitionCase.notice_until), col(RecognitionCase.id))).all()


def about(session: Session, case_id: UUID) -> Sequence[RecognitionCase]:
    """The appeals and impairments of a case, the oldest first."""
    query = select(RecognitionCase).where(RecognitionCase.about == case_id)
    return session.exec(query.order_by(col(RecognitionCase.id))).all()


def resting_on(session: Session, outcome_ids: Iterable[UUID]) -> Sequence[tuple[RecognitionCase, UUID]]:
    """The cases that rest on those outcomes, with the outcome."""
    wanted = list(set(outcome_ids))
    found: list[tuple[RecognitionCase, UUID]] = []
    for start in range(0, len(wanted), 500):
        found += session.exec(
            select(RecognitionCase, CaseSource.outcome_id)
            .join(
                CaseSource,
                (col(CaseSource.learner_id) == col(RecognitionCase.learner_id))
                & (col(CaseSource.case_id) == col(RecognitionCase.id)),
            )
            .where(col(CaseSource.outcome_id).in_(wanted[start : start + 500]))
            .order_by(col(RecognitionCase.id))
        )
    return found


def concerning(session: Session, learner_id: UUID, outcome_id: UUID) -> Sequence[RecognitionCase]:
    """The cases that rest on an outcome and the one whose decision it is, the oldest first."""
    decided = select(CaseDecision.case_id).where(
        CaseDecision.learner_id == learner_id, CaseDecision.outcome_id == outcome_id
    )
    ids = {case.id for case, _ in resting_on(session, [outcome_id])} | set(session.exec(decided).all())
    return [case for case in reversed(of_learner(session, learner_id)) if case.id in ids]


def open_about_outcome(session: Session, learner_id: UUID, outcome_id: UUID, kind: str) -> RecognitionCase | None:
    """The undecided case of that kind that rests on the outcome, or None."""
    states = {s.value for s in OPEN}
    rows = resting_on(session, [outcome_id])
    return next(
        (c for c, _ in rows if c.learner_id == learner_id and c.kind == kind and c.state in states),
        None,
    )


def sources(session: Session, case: RecognitionCase) -> list[UUID]:
    """The outcomes that a case rests on."""
    query = select(CaseSource.outcome_id).where(CaseSource.learner_id == case.learner_id, CaseSource.case_id == case.id)
    return list(session.exec(query.order_by(col(CaseSource.outcome_id))))


def set_sources(session: Session, case: RecognitionCase, outcome_ids: Iterable[UUID]) -> None:
    """Say on which outcomes a case rests now; on which it rested before, its decisions go on saying."""
    wanted, known = set(outcome_ids), set(sources(session, case))
    if gone := known - wanted:
        session.execute(
            delete(CaseSource).where(
                col(CaseSource.learner_id) == case.learner_id,
                col(CaseSource.case_id) == case.id,
                col(CaseSource.outcome_id).in_(gone),
            )
        )
    rows = (CaseSource(learner_id=case.learner_id, case_id=case.id, outcome_id=o) for o in sorted(wanted - known))
    session.add_all(rows)
    session.flush()


def events(session: Session, case: RecognitionCase) -> Sequence[CaseEvent]:
    """What happened to a case, in order."""
    query = select(CaseEvent).where(CaseEvent.learner_id == case.learner_id, CaseEvent.case_id == case.id)
    return session.exec(query.order_by(col(CaseEvent.id))).all()


def reviews(session: Session, case: RecognitionCase, *, round: int | None = None) -> Sequence[CaseReview]:
    """The votes on a case, of one round or all, in order."""
    query = select(CaseReview).where(CaseReview.learner_id == case.learner_id, CaseReview.case_id == case.id)
    if round is not None:
        query = query.where(CaseReview.round == round)
    return session.exec(query.order_by(col(CaseReview.id))).all()


def evidence(session: Session, case: RecognitionCase) -> Sequence[CaseEvidence]:
    """What was handed in with a case, in order."""
    query = select(CaseEvidence).where(CaseEvidence.learner_id == case.learner_id, CaseEvidence.case_id == case.id)
    return session.exec(query.order_by(col(CaseEvidence.id))).all()


def evidence_item(session: Session, case: RecognitionCase, evidence_id: UUID) -> CaseEvidence:
    """One item of a case. Raises Missing ``evidence.unknown``."""
    found = session.get(CaseEvidence, (case.learner_id, evidence_id))
    if found is None or found.case_id != case.id:
        raise Missing("evidence.unknown")
    return found


def judgements(session: Session, learner_id: UUID, evidence_ids: Iterable[UUID]) -> Sequence[EvidenceJudgement]:
    """What assessors found of those items."""
    query = select(EvidenceJudgement).where(
        EvidenceJudgement.learner_id == learner_id, col(EvidenceJudgement.evidence_id).in_(list(evidence_ids))
    )
    return session.exec(query.order_by(col(EvidenceJudgement.id))).all()


def decisions(session: Session, case: RecognitionCase) -> Sequence[CaseDecision]:
    """The decisions of a case, the oldest first; at most the last one stands."""
    query = select(CaseDecision).where(CaseDecision.learner_id == case.learner_id, CaseDecision.case_id == case.id)
    return session.exec(query.order_by(col(CaseDecision.id))).all()


def standing_decision(session: Session, case: RecognitionCase) -> CaseDecision | None:
    """The decision that stands, or None."""
    found = [d for d in decisions(session, case) if d.superseded_by is None]
    return found[-1] if found else None


def decided_after(
    session: Session,
    institution_id: UUID,
    after: tuple[datetime, UUID] | None,
    *,
    kind: str | None = None,
    limit: int = 50,
) -> Sequence[tuple[CaseDecision, RecognitionCase]]:
    """What an institution decided, the oldest first, from the row after that moment and id on, each with its case."""
    query = (
        select(CaseDecision, RecognitionCase)
        .join(
            RecognitionCase,
            (col(RecognitionCase.learner_id) == col(CaseDecision.learner_id))
            & (col(RecognitionCase.id) == col(CaseDecision.case_id)),
        )
        .where(CaseDecision.institution_id == institution_id)
        .order_by(col(CaseDecision.decided_at), col(CaseDecision.id))
        .limit(limit)
    )
    if kind is not None:
        query = query.where(RecognitionCase.kind == kind)
    if after is not None:
        moment, row = after
        same = and_(col(CaseDecision.decided_at) == moment, col(CaseDecision.id) > row)
        query = query.where(or_(col(CaseDecision.decided_at) > moment, same))
    return session.exec(query).all()


def with_news(session: Session, learner_id: UUID) -> Sequence[RecognitionCase]:
    """A learner's cases of which they have not seen the newest step, the latest change first."""
    query = select(RecognitionCase).where(RecognitionCase.learner_id == learner_id, RecognitionCase.news != "")
    return session.exec(query.order_by(col(RecognitionCase.changed_at).desc(), col(RecognitionCase.id))).all()


def mark_seen(session: Session, case: RecognitionCase) -> None:
    """Note that the learner has seen what ``case`` says, unless something newer came in between."""
    seen = update(RecognitionCase).where(
        col(RecognitionCase.learner_id) == case.learner_id,
        col(RecognitionCase.id) == case.id,
        col(RecognitionCase.news) == case.news,
    )
    session.execute(seen.values(news=""))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases wait for somebody, how many of them are overdue, and how many are due until a day soon."""

    count: int
    overdue: int
    soon: int


def waiting_for(
    session: Session, institution_id: UUID, person_id: UUID, learner_id: UUID | None, today: date, soon: date
) -> Waiting:
    """What waits at an institution for one of its reviewers, without their own cases and those they had a say in.

    Those about a decision of theirs are somebody else's, too, in whichever case they took it (rule R24).
    """
    other = aliased(RecognitionCase)
    again = col(RecognitionCase.kind).in_([kind.value for kind in AGAIN])
    decided = (
        select(CaseDecision.id)
        .join(
            other,
            (col(other.learner_id) == col(CaseDecision.learner_id)) & (col(other.id) == col(CaseDecision.case_id)),
        )
        .where(
            col(CaseDecision.learner_id) == col(RecognitionCase.learner_id),
            or_(col(other.id) == col(RecognitionCase.about), col(other.about) == col(RecognitionCase.about)),
            CaseDecision.decided_by == person_id,
        )
        .exists()
    )
    said = (
        select(CaseReview.id)
        .where(
            col(CaseReview.learner_id) == col(RecognitionCase.learner_id),
            or_(
                and_(
                    col(CaseReview.case_id) == col(RecognitionCase.id),
                    col(CaseReview.round) == col(RecognitionCase.round),
                ),
                and_(col(RecognitionCase.kind) == "appeal", col(CaseReview.case_id) == col(RecognitionCase.about)),
            ),
            CaseReview.person_id == person_id,
        )
        .exists()
    )
    due = col(RecognitionCase.due_on)
    query = sql.select(
        sql.func.count(),
        sql.func.count(sql.case((due < today, 1))),
        sql.func.count(sql.case((due.between(today, soon), 1))),
    ).where(
        col(RecognitionCase.institution_id) == institution_id,
        col(RecognitionCase.state).in_([s.value for s in REVIEWED]),
        ~said,
        ~(again & decided),
        or_(col(RecognitionCase.kind) != "correction", col(RecognitionCase.submitted_by) != person_id),
    )
    if learner_id is not None:
        query = query.where(col(RecognitionCase.learner_id) != learner_id)
    return Waiting(*session.execute(query).one())


def move(session: Session, absorbed: UUID, kept: UUID) -> None:
    """Give one learner's cases to another; sealed things are the use case's to seal anew."""
    for table in (RecognitionCase, CaseSource, CaseEvent, CaseReview, CaseEvidence, EvidenceJudgement, CaseDecision):
        owner = col(table.learner_id)
        session.execute(update(table).where(owner == absorbed).values(learner_id=kept))
