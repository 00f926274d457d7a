"""What the published rules make of outcomes, and what an institution decided."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask import Response

from credit_bank.errors import InvalidInput
from credit_bank.recognition.evaluation.book import RuleBook
from credit_bank.recognition.evaluation.candidate import Candidate, Reason
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.evaluation.proposing import prepare
from credit_bank.recognition.framework import FRAMEWORKS, Category, Framework
from credit_bank.recognition.outcome import HeldOutcome, SourceType
from credit_bank.recognition.planning.best import best
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.registering import programme as programme_of
from credit_bank.registering import rulesets_for
from credit_bank.sentences import sentence
from credit_bank.store import cases, documents, learners
from credit_bank.store.tables import CaseDecision, Institution, RecognitionCase
from web.accounts.api_tokens import Scope
from web.accounts.permissions import permit
from web.api import paging, problems
from web.api.answers import answer
from web.api.interface import blueprint
from web.api.models.evaluations import (
    AskedCase,
    AskedOutcome,
    CandidateRuleItem,
    DecisionItem,
    DecisionsAnswer,
    DecisionsQuery,
    EvaluatedCase,
    EvaluationAnswer,
    EvaluationRequest,
    GivenItem,
    ReasonItem,
)
from web.api.operation import BY_TOKEN, operation
from web.api.reading import read_body, read_query
from web.api.v1.credentials import today
from web.database import tx
from web.messages import locale
from web.security import limiter


@blueprint.post("/institutions/<handle:handle>/evaluations")
@limiter.limit("30 per minute")
@permit(*BY_TOKEN)
@operation(
    "evaluations",
    scope=Scope.READ,
    body=EvaluationRequest,
    answers={200: EvaluationAnswer},
    limited=True,
    problems={"document.unknown": 404, "request.invalid": 422},
)
def evaluate(institution: Institution) -> Response:
    """Evaluate up to 100 persons' outcomes for a programme of the institution.

    The published rules in force that day are applied under all their limits, in the best way; every reason is told.
    Nothing is stored, and nothing is decided.
    """
    wanted = read_body(EvaluationRequest)
    day = wanted.on or today()
    target = _programme(institution, wanted.programme, day)
    rulesets = rulesets_for(tx(), institution, target, day)
    framework = FRAMEWORKS[target.framework]
    found = [_evaluated(n, one, target, rulesets, framework, day) for n, one in enumerate(wanted.cases)]
    return answer(
        EvaluationAnswer(
            generated_by="rules",
            programme=target.id,
            programme_version=target.version,
            on=day,
            rulesets=[one.sha256 for one in rulesets],
            cases=found,
        )
    )


def _programme(institution: Institution, key: str, day: date) -> Programme:
    for document in documents.in_force(tx(), day, kind="programme", institution_id=institution.id):
        if document.key == key:
            return programme_of(document)
    raise problems.ApiProblem(
        "request.invalid", [problems.field_error("request.programme_unknown", {"programme": key}, pointer="/programme")]
    )


def _evaluated(
    number: int, asked: AskedCase, target: Programme, rulesets: list[RuleSet], framework: Framework, day: date
) -> EvaluatedCase:
    held = [_held(number, place, one, framework) for place, one in enumerate(asked.outcomes)]
    if len({one.id for one in held}) < len(held):
        raise problems.ApiProblem(
            "request.invalid", [problems.field_error("request.ref_twice", pointer=f"/cases/{number}/outcomes")]
        )
    proposal = best([prepare(held, target, RuleBook(rulesets), day, asked.identity)]).proposals[0]
    return _told(asked.ref, proposal, framework)


def _held(number: int, place: int, asked: AskedOutcome, framework: Framework) -> HeldOutcome:
    try:
        credits = framework.amount(asked.credits)
    except InvalidInput as problem:
        pointer = f"/cases/{number}/outcomes/{place}/credits"
        raise problems.ApiProblem(
            "request.invalid", [problems.field_error(problem.code, problem.parameters, pointer=pointer)]
        ) from None
    return HeldOutcome(
        id=asked.ref,
        institution=asked.institution.strip(),
        code=asked.code.strip(),
        title=asked.title.strip(),
        category=Category(asked.category),
        framework=framework.id,
        credits=credits,
        awarded_on=asked.awarded,
        level=asked.level,
        hours=_exact(asked.hours),
        hour_kind=asked.hour_kind,
        grade=asked.grade,
        scale=asked.scale,
        attendance=_exact(asked.attendance),
        valid_until=asked.valid_until,
        units=frozenset(asked.units),
        source=SourceType(asked.source),
        term=asked.term,
    )


def _exact(number: float | None) -> Fraction | None:
    return None if number is None else Fraction(Decimal(str(number)))


def _told(ref: str, proposal: Proposal, framework: Framework) -> EvaluatedCase:
    return EvaluatedCase(
        ref=ref,
        credits=framework.credits(proposal.credits),
        missing=framework.credits(proposal.missing),
        candidates=[_candidate(one, one.id in proposal.chosen, framework) for one in proposal.candidates],
        reasons={key: [_reason(reason) for reason in found] for key, found in proposal.reasons.items()},
    )


def _candidate(one: Candidate, proposed: bool, framework: Framework) -> CandidateRuleItem:
    return CandidateRuleItem(
        id=one.id,
        ruleset=one.rule.ruleset,
        sha256=one.rule.sha256,
        rule=one.rule.rule,
        outcomes=sorted(one.spends),
        given=[
            GivenItem(
                course=given.course,
                component=given.component,
                credits=framework.credits(given.credits),
                bridged=framework.credits(given.bridged),
                grade=given.grade,
                counts_in_gpa=given.counts_in_gpa,
            )
            for given in one.given
        ],
        result=one.result.value,
        eligible=one.eligible,
        proposed=proposed,
        reasons=[_reason(reason) for reason in one.reasons],
    )


def _reason(reason: Reason) -> ReasonItem:
    return ReasonItem(
        rule=reason.rule,
        finding=reason.finding.value,
        code=reason.code,
        outcome=reason.outcome,
        parameters=dict(reason.parameters),
        sentence=sentence(f"finding.{reason.code}", locale(), **reason.parameters),
    )


@blueprint.get("/institutions/<handle:handle>/decisions")
@permit(*BY_TOKEN)
@operation("evaluations", scope=Scope.READ, query=DecisionsQuery, answers={200: DecisionsAnswer})
def decision_list(institution: Institution) -> Response:
    """The decisions that one's own institution took, the oldest first, superseded ones included."""
    wanted = read_query(DecisionsQuery)
    rows = cases.decided_after(
        tx(), institution.id, paging.read_moment(wanted.cursor), kind=wanted.kind, limit=wanted.limit + 1
    )
    shown = rows[: wanted.limit]
    subjects = learners.subjects(tx(), institution.id, [case.learner_id for _, case in shown])
    items = [
        _decision(decision, case, subjects[case.learner_id].urn if case.learner_id in subjects else None)
        for decision, case in shown
    ]
    last = shown[-1][0] if len(rows) > wanted.limit else None
    return answer(
        DecisionsAnswer(items=items, next=paging.write(last.decided_at.isoformat(), last.id) if last else None)
    )


def _decision(row: CaseDecision, case: RecognitionCase, subject: str | None) -> DecisionItem:
    return DecisionItem(
        id=row.id,
        case_id=case.id,
        kind=case.kind,
        state=case.state,
        title=case.title,
        subject=subject,
        verdict=row.verdict,
        reason=row.reason,
        granted=row.granted,
        rulesets=row.rulesets,
        decided_at=row.decided_at,
        credential_id=row.credential_id,
        superseded_by=row.superseded_by,
    )
