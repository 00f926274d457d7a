"""Granting: what a decision gives is posted to the learner's credits and issued as a credential, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from sqlmodel import Session

from credit_bank import crediting, issuing
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.journal import Decision, RuleSet
from credit_bank.account.movements import Award
from credit_bank.bank import CITY, Bank
from credit_bank.credential.model import EvidenceNote
from credit_bank.crediting import Purpose, Spend
from credit_bank.depositing import fingerprint
from credit_bank.errors import Conflict
from credit_bank.recognition.casework.snapshot import Offer
from credit_bank.recognition.framework import Category
from credit_bank.recognition.programme import Programme
from credit_bank.store import account, documents, outcomes
from credit_bank.store.tables import CaseDecision, Outcome, RecognitionCase
from credit_bank.store.types import new_id

SOURCE = "decision"
"""What the outcome that carries a decision's own credential names as its source; it counts in no total."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, at which institution."""

    person: UUID | None
    institution: UUID


def recognise(
    session: Session, bank: Bank, case: RecognitionCase, decision_id: UUID, outcome_id: UUID, credit: Credit, who: Actor
) -> UUID:
    """Post a recognition; the journal's id. Raises as ``crediting.recognise``."""
    decided = Decision(decision_id, "recognition_approved", who.institution, who.person)
    applied = case.submitted_at.astimezone(CITY).date()
    journal = crediting.recognise(session, bank, case.learner_id, outcome_id, credit, decided, applied_on=applied)
    return journal.id


def convert(
    session: Session,
    bank: Bank,
    case: RecognitionCase,
    decision_id: UUID,
    offers: Sequence[Offer],
    programme: Programme,
    who: Actor,
) -> list[dict[str, object]]:
    """Post one conversion for each offer, so that each can be taken back by itself; what was granted, with journals.

    Raises as ``crediting.convert``.
    """
    granted: list[dict[str, object]] = []
    for offer in offers:
        kept: dict[str, object] = {
            "candidate": offer.id,
            "ruleset": offer.ruleset,
            "sha256": offer.sha256,
            "rule": offer.rule,
            "spends": dict(offer.spends),
            "given": list(offer.given),
        }
        awards = [_award(programme, one) for one in offer.given if int(one["credits"]) > 0]
        if awards:
            journal = crediting.convert(
                session,
                bank,
                case.learner_id,
                _spends(session, case.learner_id, offer),
                awards,
                Decision(uuid5(decision_id, offer.id), "conversion_approved", who.institution, who.person,
                         _rule_set(session, offer)),
                purpose=Purpose(offer.use.replace("-", "_"), exception=offer.use != crediting.CONVERSION),
                applied_on=case.submitted_at.astimezone(CITY).date(),
            )  # fmt: skip
            kept["journal"] = str(journal.id)
        granted.append(kept)
    return granted


def _spends(session: Session, learner_id: UUID, offer: Offer) -> list[Spend]:
    """The whole of an outcome where the rule takes all of it, a part where it takes less."""
    ids = {UUID(key): amount for key, amount in offer.spends.items()}
    lots = account.lots(session, [learner_id], ids)
    found = []
    for outcome_id, amount in ids.items():
        whole = lots[outcome_id].recognised
        if whole is None:
            raise Conflict("account.not_recognised", title=outcomes.get(session, learner_id, outcome_id).title)
        found.append(Spend(outcome_id, None if amount >= whole.amount else amount))
    return found


def _rule_set(session: Session, offer: Offer) -> RuleSet | None:
    if len(offer.sha256) != 64:
        return None
    found = documents.by_sha256(session, bytes.fromhex(offer.sha256))
    return RuleSet(found.id, found.sha256) if found else None


def _award(programme: Programme, given: dict[str, object]) -> Award:
    course, component = str(given["course"]), str(given["component"])
    level = programme.level
    if course:
        level = programme.course(course).level or level
    target = uuid5(UUID(int=0), f"{programme.institution}|{programme.id}|{course}|{component}")
    credits = given["credits"]
    assert isinstance(credits, int)
    return Award(target, Credit(credits, Denomination(programme.framework, level, Category.ACADEMIC.value)))


def consumptions(case: RecognitionCase) -> dict[str, str]:
    """By conversion, the journal that consumed it."""
    kept = case.terms.get("consumptions")
    return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}


def take_back(
    session: Session, bank: Bank, case: RecognitionCase, decision: CaseDecision, why: str, who: Actor
) -> list[UUID]:
    """Reverse everything that a decision posted, the consumption before the conversion (rule R28); what was reversed.

    Raises Conflict ``account.in_use`` where something else rests on it.
    """
    consumed = consumptions(case)
    posted = [given["journal"] for given in reversed(decision.granted) if isinstance(given.get("journal"), str)]
    back = []
    for journal in (UUID(j) for name in posted for j in (consumed.get(str(name)), str(name)) if j):
        if account.reversal(session, case.learner_id, journal) is None:
            reversed_by = Decision(uuid5(journal, why), why, who.institution, who.person)
            crediting.reverse(session, bank, case.learner_id, journal, reversed_by)
            back.append(journal)
    return back


@dataclass(frozen=True, slots=True)
class Statement:
    """What a decision's own credential says; amounts in the smallest step of ``framework``. Nothing names a person."""

    institution_id: UUID
    title: str
    category: str
    framework: str
    level: str
    credits: int
    narrative: str
    awarded_on: date


def certify(session: Session, bank: Bank, case: RecognitionCase, said: Statement, by: UUID | None) -> tuple[UUID, UUID]:
    """Issue a decision as a signed credential with its leaf; the outcome that carries it, and the credential.

    Raises Forbidden ``issuing.not_accredited`` and whatever else ``issuing.issue`` does.
    """
    outcome_id = new_id()
    session.add(
        Outcome(
            learner_id=case.learner_id,
            id=outcome_id,
            institution_id=said.institution_id,
            title=said.title[:300],
            category=said.category,
            framework=said.framework,
            credits=said.credits,
            level=said.level or None,
            awarded_on=said.awarded_on,
            fingerprint=fingerprint(said.institution_id, str(outcome_id), said.awarded_on.isoformat()),
            source=SOURCE,
            recorded_at=bank.clock(),
            recorded_by=by,
        )
    )
    session.flush()
    note = EvidenceNote("决定 Decision", said.narrative)
    [issued] = issuing.issue(
        session, bank, said.institution_id, [outcome_id], issued_by=by, evidence={outcome_id: note}
    )
    return outcome_id, issued.credential_id
