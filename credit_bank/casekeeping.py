"""Casekeeping: what all cases share: opening, moving, evidence, who may have a say; each step is an event."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.key import keyring
from credit_bank.recognition.casework import flow, independence, told, working_days
from credit_bank.recognition.casework.independence import Interest, Reviewer, Situation
from credit_bank.recognition.casework.kind import AGAIN, REVIEWED, CaseKind, CaseState, Stage
from credit_bank.store import cases, credentials, institutions, learners, outcomes
from credit_bank.store.tables import CaseEvent, CaseEvidence, Institution, Learner, RecognitionCase
from credit_bank.store.types import new_id

MAX_EVIDENCE = 10_000_000
MAX_ITEMS = 20
MAX_TEXT = 4000
MEDIA = ("application/pdf", "image/jpeg", "image/png", "text/plain")


@dataclass(frozen=True, slots=True)
class Item:
    """A file to hand in: what it is called, its bytes, and the unit outcomes that it is to show."""

    title: str
    media_type: str
    content: bytes = field(repr=False)
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case begins with; fields as ``RecognitionCase`` has them."""

    kind: CaseKind
    body: UUID
    decider: UUID
    title: str
    receiver: UUID | None = None
    programme: str = ""
    programme_id: UUID | None = None
    course: str = ""
    about: UUID | None = None
    catalogued: bool = False
    proposal: dict[str, object] | None = None
    terms: dict[str, object] = field(default_factory=dict)
    statement: str = ""
    sources: tuple[UUID, ...] = ()

    @classmethod
    def against(
        cls, case: RecognitionCase, kind: CaseKind, terms: dict[str, object], *, statement: str = ""
    ) -> "Opening":
        """A case about the decision of another, which the same body takes on the same course or programme."""
        return cls(
            kind=kind,
            body=case.decider_id,
            decider=case.decider_id,
            receiver=case.receiver_id,
            title=case.title,
            programme=case.programme,
            programme_id=case.programme_id,
            about=case.id,
            catalogued=case.catalogued,
            proposal=case.proposal,
            terms=terms,
            statement=statement,
        )


def centre(session: Session) -> Institution:
    """市中心. Raises Conflict ``case.no_centre``."""
    for institution in institutions.every(session):
        if institution.tier == "centre" and institution.closed_at is None:
            return institution
    raise Conflict("case.no_centre")


def hold(session: Session, case_id: UUID) -> RecognitionCase:
    """The case with its learner's account held, so that nobody else changes either before the transaction ends.

    Raises Missing ``case.unknown``.
    """
    owner = cases.get(session, case_id).learner_id
    learners.hold_current(session, [owner], to_change=True)
    return cases.get(session, case_id, to_change=True)


def open_case(session: Session, bank: Bank, learner: Learner, opening: Opening, *, by: UUID | None) -> RecognitionCase:
    """Open a case and say so in its first event. The caller holds the learner."""
    now = bank.now()
    row = RecognitionCase(
        id=new_id(),
        learner_id=learner.id,
        kind=opening.kind.value,
        state=flow.first(opening.kind).value,
        institution_id=opening.body,
        decider_id=opening.decider,
        receiver_id=opening.receiver,
        title=opening.title[:200],
        programme=opening.programme,
        programme_id=opening.programme_id,
        course=opening.course,
        about=opening.about,
        catalogued=opening.catalogued,
        proposal=opening.proposal,
        terms=opening.terms,
        submitted_at=now,
        submitted_by=by,
        changed_at=now,
    )
    row.sealed_statement = _sealed(bank, learner, row.id, opening.statement)
    _set_due(bank, row)
    session.add(row)
    session.flush()
    cases.set_sources(session, row, opening.sources)
    note(session, bank, row, "submitted", by=by)
    return row


def _sealed(bank: Bank, learner: Learner, case_id: UUID, text: str) -> bytes | None:
    plain = text.strip()
    if len(plain) > MAX_TEXT:
        raise InvalidInput("case.text_too_long", most=MAX_TEXT)
    if not plain:
        return None
    key = credentials.document_key(learner, bank.kek)
    return keyring.seal(plain.encode(), key, b"case|" + case_id.bytes, nonce=bank.random_bytes(12))


def statement(session: Session, bank: Bank, case: RecognitionCase) -> str:
    """What the learner wrote, or nothing. Raises Conflict ``learner.erased``."""
    if case.sealed_statement is None:
        return ""
    key = credentials.document_key(learners.get(session, case.learner_id), bank.kek)
    return keyring.open_sealed(case.sealed_statement, key, b"case|" + case.id.bytes).decode()


def _set_due(bank: Bank, case: RecognitionCase) -> None:
    """A body, and a learner who was asked for more, have fifteen working days."""
    case.due_on, case.due_estimated = None, False
    if case.state in REVIEWED or case.state == CaseState.RETURNED:
        due = working_days.after(bank.today(), working_days.DEADLINE)
        case.due_on, case.due_estimated = due.on, due.estimated


def move(
    session: Session,
    bank: Bank,
    case: RecognitionCase,
    to: CaseState,
    action: str,
    *,
    by: UUID | None,
    institution_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Move a case on, whose turn it is then included. Raises Conflict ``case.move_not_allowed``."""
    flow.check_move(CaseKind(case.kind), CaseState(case.state), to)
    before, case.state, case.changed_at = case.state, to.value, bank.now()
    if to is CaseState.SECOND_REVIEW:
        case.institution_id = case.decider_id
    _set_due(bank, case)
    session.add(case)
    session.flush()
    note(session, bank, case, action, before=before, by=by, institution_id=institution_id, reason=reason)
    if case.kind == CaseKind.CONVERSION and case.about is not None:
        _promise_follows(session, bank, cases.get(session, case.about, to_change=True), CaseState(before), to)


def _promise_follows(session: Session, bank: Bank, promised: RecognitionCase, before: CaseState, to: CaseState) -> None:
    """A promise is used up by the application made with it, and free again while that came to nothing (rule R25)."""
    if to in (CaseState.REFUSED, CaseState.WITHDRAWN) and promised.state == CaseState.CONSUMED:
        move(session, bank, promised, CaseState.APPROVED, "promise-free", by=None)
    elif before == CaseState.REFUSED and promised.state == CaseState.APPROVED:
        move(session, bank, promised, CaseState.CONSUMED, "promise-redeemed", by=None)


def note(
    session: Session,
    bank: Bank,
    case: RecognitionCase,
    action: str,
    *,
    by: UUID | None,
    before: str | None = None,
    institution_id: UUID | None = None,
    reason: str = "",
    evidence_sha256: bytes | None = None,
) -> None:
    """Keep an event of a case, and what its learner is to be told by it; ``before`` is the state that it left."""
    if told.concerns_learner(CaseKind(case.kind), action, CaseState(case.state)):
        case.news = action
        session.add(case)
    session.add(
        CaseEvent(
            learner_id=case.learner_id,
            case_id=case.id,
            at=bank.now(),
            action=action,
            from_state=case.state if before is None else before,
            to_state=case.state,
            person_id=by,
            institution_id=institution_id,
            reason=" ".join(reason.split())[:1000],
            evidence_sha256=evidence_sha256,
        )
    )
    session.flush()


def add_evidence(
    session: Session, bank: Bank, case: RecognitionCase, items: Iterable[Item], *, by: UUID | None
) -> list[CaseEvidence]:
    """Hand files in, each sealed under the learner's key.

    Raises InvalidInput ``evidence.media_unknown``, ``evidence.too_large``, ``evidence.empty``, ``evidence.too_many``
    or ``evidence.title_missing``; Conflict ``learner.erased``.
    """
    key = credentials.document_key(learners.get(session, case.learner_id), bank.kek)
    found = []
    for item in items:
        _check_item(item, len(cases.evidence(session, case)))
        row = CaseEvidence(
            id=new_id(),
            learner_id=case.learner_id,
            case_id=case.id,
            title=item.title.strip()[:200],
            media_type=item.media_type,
            size=len(item.content),
            sha256=hashlib.sha256(item.content).digest(),
            shows=list(item.shows),
            added_at=bank.now(),
        )
        row.sealed = keyring.seal(item.content, key, b"evidence|" + row.id.bytes, nonce=bank.random_bytes(12))
        session.add(row)
        session.flush()
        note(session, bank, case, "evidence-added", by=by, evidence_sha256=row.sha256)
        found.append(row)
    return found


def _check_item(item: Item, already: int) -> None:
    if already >= MAX_ITEMS:
        raise InvalidInput("evidence.too_many", most=MAX_ITEMS)
    if not item.title.strip():
        raise InvalidInput("evidence.title_missing")
    if item.media_type not in MEDIA:
        raise InvalidInput("evidence.media_unknown")
    if not item.content:
        raise InvalidInput("evidence.empty")
    if len(item.content) > MAX_EVIDENCE:
        raise InvalidInput("evidence.too_large", most=MAX_EVIDENCE // 1_000_000)


def open_evidence(session: Session, bank: Bank, case: RecognitionCase, row: CaseEvidence) -> bytes:
    """A file as it was handed in. Raises Conflict ``learner.erased``."""
    key = credentials.document_key(learners.get(session, case.learner_id), bank.kek)
    if row.sealed is None:
        raise Conflict("learner.erased")
    return keyring.open_sealed(row.sealed, key, b"evidence|" + row.id.bytes)


def merge(session: Session, bank: Bank, source: Learner, target: Learner) -> None:
    """Give one learner's cases to another, what was sealed for the one sealed anew for the other."""
    mine = cases.of_learner(session, source.id)
    if not mine:
        return
    old, new = credentials.document_key(source, bank.kek), credentials.document_key(target, bank.kek)
    for case in mine:
        case.sealed_statement = _resealed(bank, case.sealed_statement, old, new, b"case|" + case.id.bytes)
        for item in cases.evidence(session, case):
            item.sealed = _resealed(bank, item.sealed, old, new, b"evidence|" + item.id.bytes)
            session.add(item)
        session.add(case)
    session.flush()
    cases.move(session, source.id, target.id)


def _resealed(bank: Bank, sealed: bytes | None, old: bytes, new: bytes, place: bytes) -> bytes | None:
    if sealed is None:
        return None
    return keyring.seal(keyring.open_sealed(sealed, old, place), new, place, nonce=bank.random_bytes(12))


def situation(session: Session, case: RecognitionCase) -> Situation:
    """What a say in the case is held against now. Raises Conflict ``case.not_reviewed_now``."""
    if case.state not in REVIEWED:
        raise Conflict("case.not_reviewed_now")
    held = [outcomes.get(session, case.learner_id, o) for o in cases.sources(session, case)]
    stage = Stage(case.state)
    return Situation(
        kind=CaseKind(case.kind),
        stage=stage,
        body=case.institution_id,
        learner=case.learner_id,
        awarders=frozenset(o.institution_id for o in held),
        earlier=_earlier(session, case, stage),
        chain=_chain(session, case),
    )


def _earlier(session: Session, case: RecognitionCase, stage: Stage) -> set[UUID]:
    """Who had a say in this round; at a second review that an objection began anew, whoever took the first one, too."""
    said = cases.reviews(session, case)
    if stage is Stage.SECOND:
        begun = max((r.round for r in said if r.stage != Stage.SECOND.value), default=case.round)
        firsts = {r.person_id for r in said if r.round == begun and r.stage != Stage.SECOND.value}
    else:
        firsts = set()
    return firsts | {r.person_id for r in said if r.round == case.round}


def _chain(session: Session, case: RecognitionCase) -> set[UUID]:
    """Who took the decision that this case is about, in whichever case that was; of an appeal, whoever voted, too."""
    if case.about is None:
        return set()
    before = cases.get(session, case.about)
    again = [one for one in cases.about(session, before.id) if one.id != case.id and one.kind in AGAIN]
    chain = {d.decided_by for one in (before, *again) for d in cases.decisions(session, one)}
    chain |= {one.submitted_by for one in (case, *again) if one.kind == CaseKind.CORRECTION}
    if case.kind == CaseKind.APPEAL:
        chain |= {r.person_id for one in (before, *again) for r in cases.reviews(session, one)}
    return {person for person in chain if person is not None}


def obstacles(session: Session, case: RecognitionCase, who: Reviewer, interest: Interest = "none") -> tuple[str, ...]:
    """Everything that keeps this person from having a say now, as codes."""
    if case.state not in REVIEWED:
        return ("case.not_reviewed_now",)
    return independence.obstacles(who, situation(session, case), interest)
