"""Earlier decisions that bear on a case: about the same course of the same institution, here and elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, or_, select

from credit_bank.recognition.casework.kind import CaseKind
from credit_bank.store.tables import CaseDecision, CaseSource, Outcome, Precedent, RecognitionCase

MOST = 5
_LOOKED_AT = 50
_ALIKE: dict[CaseKind, tuple[CaseKind, ...]] = {
    CaseKind.CONVERSION: (CaseKind.CONVERSION, CaseKind.EX_ANTE),
    CaseKind.EX_ANTE: (CaseKind.CONVERSION, CaseKind.EX_ANTE),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A course as an outcome or a promise names it: whose, its code where it has one, its title."""

    institution_id: UUID
    institution: str
    code: str
    title: str


def decided(
    session: Session, case: RecognitionCase, sources: Iterable[Source]
) -> Sequence[tuple[CaseDecision, RecognitionCase]]:
    """What the deciding institution decided about the same courses in other cases of that sort, the newest first.

    Of a promise also what it promised about the same course of the programme, of prior learning what it decided about
    the same title. What was superseded is left out.
    """
    same = [_is_course(source) for source in sources]
    wanted: list[ColumnElement[bool]] = []
    if same:
        through = (
            select(CaseSource.case_id)
            .join(
                Outcome,
                (col(Outcome.learner_id) == col(CaseSource.learner_id))
                & (col(Outcome.id) == col(CaseSource.outcome_id)),
            )
            .where(or_(*same))
        )
        wanted.append(col(RecognitionCase.id).in_(through))
    if case.kind == CaseKind.EX_ANTE:
        alike = or_(col(RecognitionCase.course) == case.course, col(RecognitionCase.title) == case.title)
        wanted.append(and_(col(RecognitionCase.kind) == case.kind, alike))
    if case.kind == CaseKind.RPL:
        wanted.append(and_(col(RecognitionCase.kind) == case.kind, col(RecognitionCase.title) == case.title))
    if not wanted:
        return []
    kinds = _ALIKE.get(CaseKind(case.kind), (CaseKind(case.kind),))
    query = (
        select(CaseDecision, RecognitionCase)
        .join(
            RecognitionCase,
            (col(RecognitionCase.learner_id) == col(CaseDecision.learner_id))
            & (col(RecognitionCase.id) == col(CaseDecision.case_id)),
        )
        .where(
            RecognitionCase.decider_id == case.decider_id,
            col(RecognitionCase.kind).in_([kind.value for kind in kinds]),
            RecognitionCase.id != case.id,
            col(CaseDecision.superseded_by).is_(None),
            or_(*wanted),
        )
        .order_by(col(CaseDecision.decided_at).desc(), col(CaseDecision.id))
    )
    return session.exec(query.limit(MOST)).all()


def _is_course(source: Source) -> ColumnElement[bool]:
    same = col(Outcome.code) == source.code if source.code else col(Outcome.title) == source.title
    return and_(col(Outcome.institution_id) == source.institution_id, same)


def published(session: Session, institution_id: UUID, sources: Iterable[Source], today: date) -> list[Precedent]:
    """What an institution's own precedents and those that others have published say of the same courses, newest first.

    Those that came of cases are left out for the institution itself, whose cases ``decided`` finds.
    """
    named = {(source.institution, source.code or source.title): source for source in sources}
    if not named:
        return []
    until = col(Precedent.valid_until)
    public = and_(col(Precedent.published_on) <= today, or_(until.is_(None), until >= today))
    own = and_(col(Precedent.institution_id) == institution_id, col(Precedent.origin) != "review")
    query = select(Precedent).where(
        col(Precedent.source_name).in_({school for school, _ in named}),
        col(Precedent.withdrawn_at).is_(None),
        or_(own, and_(public, col(Precedent.institution_id) != institution_id)),
        or_(*(col(Precedent.source_text).icontains(word, autoescape=True) for _, word in named)),
    )
    rows = session.exec(query.order_by(col(Precedent.recorded_at).desc(), col(Precedent.id)).limit(_LOOKED_AT)).all()
    return [row for row in rows if any(_names(row, source) for source in named.values())][:MOST]


def _names(row: Precedent, source: Source) -> bool:
    """Whether a precedent is about exactly that course, alone or with others."""
    if row.source_name != source.institution:
        return False
    key, word = ("code", source.code) if source.code else ("title", source.title)
    return any(one.get(key) == word for one in row.sources)
