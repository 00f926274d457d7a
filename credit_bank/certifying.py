"""Certifying: of each kind of case, what its decision posts and what the decision's own credential says."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from credit_bank import granting, issuing, registering, settling
from credit_bank.account.amount import Credit
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.depositing import fingerprint
from credit_bank.errors import Conflict
from credit_bank.granting import Actor, Statement
from credit_bank.recognition.casework import snapshot
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.recognition.programme import Programme
from credit_bank.store import cases, credentials, documents, outcomes
from credit_bank.store.tables import Outcome, RecognitionCase
from credit_bank.store.types import new_id

Given = list[dict[str, object]]


def recognition(
    session: Session, bank: Bank, case: RecognitionCase, decision_id: UUID, credit: Credit, actor: Actor
) -> tuple[Given, Statement]:
    """认定: the outcome's credit becomes available at the value, level and category decided."""
    [outcome_id] = cases.sources(session, case)
    outcome = outcomes.get(session, case.learner_id, outcome_id)
    journal = granting.recognise(session, bank, case, decision_id, outcome_id, credit, actor)
    given: Given = [{**_triple(credit), "outcome": str(outcome_id), "journal": str(journal)}]
    title = f"学分认定：{outcome.title}"
    return given, _statement(bank, case, actor, title, credit, _provenance(session, [outcome]))


def _triple(credit: Credit) -> dict[str, object]:
    return {"credits": credit.amount, "level": credit.of.level, "category": credit.of.category}


def _statement(
    bank: Bank, case: RecognitionCase, actor: Actor, title: str, credit: Credit, narrative: str
) -> Statement:
    return Statement(
        institution_id=actor.institution,
        title=title,
        category=credit.of.category,
        framework=credit.of.framework,
        level=credit.of.level,
        credits=credit.amount,
        narrative=f"申请 {case.id}。{narrative}",
        awarded_on=bank.today(),
    )


def _provenance(session: Session, sources: list[Outcome]) -> str:
    """The credentials that a decision rests on, by id and SHA-256 (rule R29)."""
    named = []
    for outcome in sources:
        if outcome.credential_id is not None:
            row = credentials.get(session, outcome.credential_id)
            named.append(f"{row.id.urn}（sha256 {row.document_sha256.hex()}）")
    return "依据的证书 Credentials: " + "、".join(named) + "。" if named else ""


def conversion(
    session: Session, bank: Bank, case: RecognitionCase, decision_id: UUID, granted: list[str], actor: Actor
) -> tuple[Given, Statement]:
    """转换: each candidate is one conversion; the credential says what counts for which course under which rules."""
    target = programme_of(session, case)
    offers = snapshot.grantable(case.proposal, granted)
    given = granting.convert(session, bank, case, decision_id, offers, target, actor)
    held = [outcomes.get(session, case.learner_id, UUID(key)) for offer in offers for key in offer.spends]
    given_each = [one for offer in offers for one in offer.given]
    lines = "；".join(f"{one['course'] or one['component']} {EVERGREEN.credits(one['credits'])}" for one in given_each)
    rules = "、".join(sorted({f"{offer.ruleset}（sha256 {offer.sha256}）" for offer in offers}))
    narrative = f"转换为 Converted to: {lines}。规则集 Rule sets: {rules}。{_provenance(session, held)}"
    said = Statement(
        institution_id=actor.institution,
        title=f"学分转换：{target.title}",
        category=Category.ACADEMIC.value,
        framework=target.framework,
        level=target.level,
        credits=sum(offer.credits for offer in offers),
        narrative=f"申请 {case.id}。{narrative}",
        awarded_on=bank.today(),
    )
    return given, said


def programme_of(session: Session, case: RecognitionCase) -> Programme:
    """The programme in the version that the case was opened for."""
    if case.programme_id is None:
        raise Conflict("case.programme_closed", title=case.title)
    return registering.programme(documents.get(session, case.programme_id))


def promise(session: Session, bank: Bank, case: RecognitionCase) -> tuple[Given, Statement]:
    """事先约定: nothing is posted; the credential binds the institution until the last day."""
    target = programme_of(session, case)
    course = target.course(case.course)
    assert case.receiver_id is not None
    latest = date.fromisoformat(str(case.terms["latest"]))
    given: Given = [{"course": course.code, "credits": course.credits, "latest": latest.isoformat()}]
    said = Statement(
        institution_id=case.receiver_id,
        title=f"事先约定：{case.title}",
        category=Category.ACADEMIC.value,
        framework=target.framework,
        level=course.level or target.level,
        credits=0,
        narrative=(
            f"申请 {case.id}。{latest.isoformat()} 前完成“{case.title}”，可转换为 Counts as: {target.title} "
            f"{course.code} {EVERGREEN.credits(course.credits)}。"
        ),
        awarded_on=bank.today(),
    )
    return given, said


def prior_learning(
    session: Session, bank: Bank, case: RecognitionCase, decision_id: UUID, credit: Credit, actor: Actor
) -> tuple[Given, Statement]:
    """无定式成果: the learning becomes an outcome of the receiving institution with a credential, and is recognised."""
    assert case.receiver_id is not None
    day = bank.today()
    row: dict[str, object] = {
        "learner_id": case.learner_id,
        "id": new_id(),
        "institution_id": case.receiver_id,
        "title": case.title,
        "category": credit.of.category,
        "framework": credit.of.framework,
        "credits": credit.amount,
        "level": credit.of.level,
        "awarded_on": day,
        "source": "rpl",
        "state": "recorded",
        "fingerprint": fingerprint(case.receiver_id, str(decision_id), day.isoformat()),
        "recorded_at": bank.clock(),
        "recorded_by": actor.person,
    }
    outcome_id = row["id"]
    assert isinstance(outcome_id, UUID)
    session.execute(insert(Outcome), [row])
    settling.earn(session, bank, [row], Decision(outcome_id, "deposited", actor.institution, actor.person))
    issuing.issue(session, bank, case.receiver_id, [outcome_id], issued_by=actor.person)
    cases.set_sources(session, case, [outcome_id])
    journal = granting.recognise(session, bank, case, decision_id, outcome_id, credit, actor)
    items = cases.evidence(session, case)
    proofs = "、".join(f"sha256 {item.sha256.hex()}" for item in items)
    given: Given = [{**_triple(credit), "outcome": str(outcome_id), "journal": str(journal)}]
    said = _statement(bank, case, actor, f"无定式成果认定：{case.title}", credit, f"材料 Evidence: {proofs}。")
    return given, said
