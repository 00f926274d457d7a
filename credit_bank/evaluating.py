"""Evaluating: from a learner's rows to outcomes as rules see them, and to what is proposed for a programme (R31)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank import registering
from credit_bank.account.balance import Lot
from credit_bank.bank import Bank
from credit_bank.recognition.casework import snapshot
from credit_bank.recognition.evaluation.book import RuleBook
from credit_bank.recognition.evaluation.case import Case, Choice
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.evaluation.proposing import prepare
from credit_bank.recognition.framework import Category
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState, SourceType, Use
from credit_bank.recognition.planning.best import SECONDS, Plan, best
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.store import account, cases, documents, institutions, learners
from credit_bank.store.institutions import Awarder
from credit_bank.store.tables import Institution, Outcome, PublishedDocument, RecognitionCase

_STATES = {"suspended": OutcomeState.SUSPENDED, "revoked": OutcomeState.REVOKED}
_CENTRES = {"community-centre": SourceType.COMMUNITY, "training-company": SourceType.TRAINING}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the published rules make of outcomes for a programme on a day: the case, and its best plan."""

    case: Case
    plan: Plan

    @property
    def programme(self) -> Programme:
        """What the outcomes are held against."""
        return self.case.programme

    @property
    def proposal(self) -> Proposal:
        """The best plan as a proposal."""
        return self.plan.proposals[0]

    @property
    def rulesets(self) -> tuple[RuleSet, ...]:
        """The rule sets in force."""
        return self.case.rulesets

    @property
    def already(self) -> int:
        """What counts towards the total before the plan, by decisions that stand, in steps."""
        return Choice(self.case).counts()[0]

    @property
    def identity(self) -> Literal["document-seen", "self-declared"]:
        """The identity level that the rule sets in force ask for, the highest (rule R30)."""
        asks = any(one.policy.identity == "document-seen" for one in self.rulesets)
        return "document-seen" if asks or not self.rulesets else "self-declared"

    @property
    def notice_days(self) -> int:
        """The working days of public notice that the rule sets ask for, the most."""
        return max((one.policy.notice_days for one in self.rulesets), default=0)


def held(
    session: Session, learner_id: UUID, receiver: Institution, *, on: date, partners: frozenset[str] = frozenset()
) -> list[HeldOutcome]:
    """A learner's outcomes as the rules of a receiving institution see them, recognised credit in the place of stated.

    ``partners`` are the handles with which the receiver has an agreement. What carries a decision is none.
    """
    query = select(Outcome).where(
        Outcome.learner_id == learner_id, Outcome.source != "decision", col(Outcome.duplicate_of).is_(None)
    )
    rows = session.exec(query.order_by(col(Outcome.id))).all()
    lots = account.lots(session, [learner_id], [o.id for o in rows])
    awarders = {i: institutions.awarder(session, i) for i in {o.institution_id for o in rows}}
    spent = _conversions(session, learner_id)
    return [_held(o, lots[o.id], awarders[o.institution_id], receiver, partners, on, spent.get(o.id, ())) for o in rows]


def _conversions(session: Session, learner_id: UUID) -> dict[UUID, list[tuple[str, str, UUID]]]:
    """For each outcome, the programmes and courses for which standing decisions used it, with the journal."""
    found: dict[UUID, list[tuple[str, str, UUID]]] = {}
    for case in cases.of_learner(session, learner_id):
        decision = cases.standing_decision(session, case)
        for granted in decision.granted if decision else ():
            spends, given, journal = granted.get("spends"), granted.get("given"), granted.get("journal")
            if isinstance(spends, dict) and isinstance(given, list) and given and isinstance(journal, str):
                for outcome in spends:
                    found.setdefault(UUID(outcome), []).append(
                        (case.programme, str(given[0].get("course", "")), UUID(journal))
                    )
    return found


def _held(
    row: Outcome,
    lot: Lot,
    awarder: Awarder,
    receiver: Institution,
    partners: frozenset[str],
    on: date,
    spent: Iterable[tuple[str, str, UUID]],
) -> HeldOutcome:
    credit = lot.recognised
    last = lot.expires_on or row.valid_until
    state = _STATES.get(row.state, OutcomeState.RECOGNISED if credit else OutcomeState.RECORDED)
    if state is OutcomeState.RECOGNISED and last is not None and last < on:
        state = OutcomeState.EXPIRED
    for_what = {journal: (programme, course) for programme, course, journal in spent}
    uses = tuple(Use(u.use, *for_what.get(u.conversion_id, ("", "")), u.amount) for u in lot.uses)
    return HeldOutcome(
        id=str(row.id),
        institution=awarder.handle,
        code=row.code or "",
        title=row.title,
        category=Category(credit.of.category if credit else row.category),
        framework=credit.of.framework if credit else row.framework,
        credits=credit.amount if credit else row.credits,
        awarded_on=row.awarded_on,
        level=(credit.of.level if credit else row.level) or "",
        hours=Fraction(row.hours, 10) if row.hours is not None else None,
        hour_kind="notional" if row.hour_kind == "notional" else "contact" if row.hour_kind else None,
        grade=row.grade or "",
        valid_until=last,
        source=SourceType.EXPERIENCE
        if row.source == "rpl"
        else _source(awarder.handle, awarder.kind, row.category, receiver, partners),
        term=row.term or "",
        state=state,
        uses=uses,
    )


def _source(handle: str, kind: str, category: str, receiver: Institution, partners: frozenset[str]) -> SourceType:
    """Where an outcome comes from, as caps by source tell them apart (rule R11), by who awarded it."""
    if handle == receiver.handle:
        return SourceType.OWN
    if category == Category.VOCATIONAL:
        return SourceType.CERTIFICATE
    if kind in _CENTRES:
        return _CENTRES[kind]
    return SourceType.PARTNER if handle in partners else SourceType.OTHER_INSTITUTION


def evaluate(
    session: Session,
    bank: Bank,
    learner_id: UUID,
    document: PublishedDocument,
    *,
    on: date | None = None,
    without: frozenset[UUID] = frozenset(),
) -> Evaluated:
    """What the rules in force make of a learner's outcomes for a programme, in the best way; nothing is kept of it.

    ``without`` leaves outcomes out, as if they were not held. Raises Missing ``document.unknown``.
    """
    day = on or bank.today()
    programme = registering.programme(document)
    receiver = institutions.get(session, document.institution_id)
    rulesets = registering.rulesets_for(session, receiver, programme, day)
    learner = learners.get(session, learner_id)
    mine = held(session, learner.id, receiver, on=day, partners=_parties(rulesets))
    kept = [o for o in mine if UUID(o.id) not in without]
    return _evaluated(kept, programme, rulesets, learner.identity_level, day, SECONDS)


def compare(session: Session, bank: Bank, learner_id: UUID) -> list[tuple[PublishedDocument, Institution, Evaluated]]:
    """A learner's best plan for every programme in force by itself, first the one that lacks least; nothing is kept.

    All of them together stop after the seconds that one of them may take.
    """
    day = bank.today()
    published = documents.in_force(session, day)
    every = registering.rulesets(published)
    learner = learners.get(session, learner_id)
    programmes = [one for one in published if one.kind == "programme"]
    found = []
    for document in programmes:
        programme = registering.programme(document)
        receiver = institutions.get(session, document.institution_id)
        rulesets = registering.applied_by(receiver, programme, every)
        mine = held(session, learner.id, receiver, on=day, partners=_parties(rulesets))
        seconds = SECONDS / len(programmes)
        plan = _evaluated(mine, programme, rulesets, learner.identity_level, day, seconds)
        found.append((document, receiver, plan))
    return sorted(found, key=lambda one: (one[2].proposal.missing, one[0].title, one[0].id))


def try_out(
    session: Session,
    bank: Bank,
    outcomes: Iterable[HeldOutcome],
    document: PublishedDocument,
    *,
    identity: str,
    seconds: float,
    draft: RuleSet | None = None,
) -> Evaluated:
    """What the rules in force would make of anybody's outcomes for a programme; nothing is kept of it.

    Where an outcome comes from is told by its institution and category. A ``draft`` of rules stands in the place of
    the set of its id, and is tried on its first day where that is still to come. Raises Missing ``document.unknown``.
    """
    day = bank.today()
    programme = registering.programme(document)
    receiver = institutions.get(session, document.institution_id)
    rulesets = registering.rulesets_for(session, receiver, programme, day)
    if draft is not None:
        day = max(day, draft.valid_from)
        others = [one for one in rulesets if one.id != draft.id]
        rulesets = [*others, *registering.applied_by(receiver, programme, [draft])]
    partners, kinds = _parties(rulesets), {one.handle: one.kind for one in institutions.every(session)}
    placed = [
        replace(o, source=_source(o.institution, kinds.get(o.institution, ""), o.category, receiver, partners))
        for o in outcomes
    ]
    return _evaluated(placed, programme, rulesets, identity, day, seconds)


def _parties(rulesets: Iterable[RuleSet]) -> frozenset[str]:
    return frozenset(party for one in rulesets for party in one.parties)


def _evaluated(
    outcomes: Iterable[HeldOutcome],
    programme: Programme,
    rulesets: Sequence[RuleSet],
    identity: str,
    day: date,
    seconds: float,
) -> Evaluated:
    case = prepare(list(outcomes), programme, RuleBook(rulesets), day, identity)
    return Evaluated(case, best([case], seconds))


def substitutes(session: Session, bank: Bank, case: RecognitionCase, lost: frozenset[UUID]) -> dict[str, Any] | None:
    """What could be proposed for a conversion anew without the outcomes lost; None without a programme."""
    if case.programme_id is None:
        return None
    document = documents.get(session, case.programme_id)
    return snapshot.of_proposal(evaluate(session, bank, case.learner_id, document, without=lost).proposal)
