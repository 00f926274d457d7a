"""What a case's page at the desk shows: everything about the case, and earlier decisions that bear on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g, url_for

from credit_bank import casekeeping, contesting, impairing, reviewing
from credit_bank.errors import CreditBankError
from credit_bank.recognition.casework.kind import OPEN, REVIEWED, CaseKind
from credit_bank.store import case_precedents, cases, institutions, learners, outcomes
from credit_bank.store.case_precedents import Source
from credit_bank.store.tables import Precedent, RecognitionCase
from web.accounts.permissions import actor
from web.accounts.roles import Role
from web.banking import bank
from web.database import tx
from web.forms.cases import StepForm
from web.masking import masked
from web.messages import error_sentence, t
from web.views.cases.blueprint import choices, granted, history, programme_names, promised, shown, target_of
from web.views.desk.blueprint import has

_PROPOSED = (CaseKind.CONVERSION, CaseKind.IMPAIRMENT, CaseKind.APPEAL, CaseKind.CORRECTION)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier decision: what about, by whom, how it went, when, and where it stands."""

    title: str
    body: str
    verdict: tuple[str, str]
    lines: list[str]
    at: datetime
    href: str


def _precedents(handle: str, case: RecognitionCase) -> list[Earlier]:
    """Decisions about the same courses, of this institution's cases first, then what it or others published."""
    sources = _sources(case)
    found = []
    for decision, other in case_precedents.decided(tx(), case, sources):
        if g.institution.id not in (other.institution_id, other.decider_id, other.receiver_id):
            continue
        body = institutions.get(tx(), decision.institution_id).name
        lines = granted(decision, other.learner_id, target_of(other))
        if decision.reason:
            lines.append(t("cases.decision_reason", reason=decision.reason))
        href = url_for("desk.case_page", handle=handle, case_id=other.id)
        found.append(Earlier(programme_names(other), body, shown(other).state, lines, decision.decided_at, href))
    today = bank().today()
    found += [_published(handle, row) for row in case_precedents.published(tx(), case.decider_id, sources, today)]
    return found


def _sources(case: RecognitionCase) -> list[Source]:
    """The courses that a case rests on, or that a promise is about."""
    if case.kind == CaseKind.EX_ANTE:
        source = institutions.get(tx(), UUID(str(case.terms["source"])))
        return [Source(source.id, source.name, str(case.terms["code"]), case.title)]
    rows = [outcomes.get(tx(), case.learner_id, one) for one in cases.sources(tx(), case)]
    names = outcomes.institution_names(tx(), {row.institution_id for row in rows})
    return [Source(row.institution_id, names.get(row.institution_id, ""), row.code or "", row.title) for row in rows]


def _published(handle: str, row: Precedent) -> Earlier:
    body = institutions.get(tx(), row.institution_id)
    theirs, ours = " + ".join(_named(row.sources)), " + ".join(_named(row.targets))
    denied = row.decision == "denied"
    lines = [t("cases.desk.not_taken") if denied else t("cases.desk.taken_as", courses=ours)]
    verdict = (t("cases.state.refused"), "bad") if denied else (t("cases.state.approved"), "good")
    first: dict[str, Any] = row.sources[0]
    word = str(first.get("code") or first.get("title") or "")
    if row.institution_id == g.institution.id:
        href = url_for("comparing.precedent_list", handle=handle, q=word)
    else:
        href = url_for("comparing.published", **dict[str, Any]({"to": body.handle, "from": row.source_name, "q": word}))
    return Earlier(f"{row.source_name} {theirs}", body.name, verdict, lines, row.recorded_at, href)


def _named(courses: list[dict[str, Any]]) -> list[str]:
    return [str(one.get("title") or one.get("code") or "") for one in courses]


def proposal_of(case: RecognitionCase) -> dict[str, Any] | None:
    """What the rules proposed when the case was opened; for what was lost, what they propose in its place today."""
    check = case
    if case.kind == CaseKind.APPEAL and case.about:
        check = cases.get(tx(), case.about)
    if check.kind == CaseKind.IMPAIRMENT and case.state in REVIEWED:
        return impairing.proposal_now(tx(), bank(), check)
    return case.proposal if case.kind in _PROPOSED else None


def facts(handle: str, case: RecognitionCase, proposal: dict[str, Any] | None, stopped: list[str]) -> dict[str, object]:
    """Everything that a case's page shows."""
    decision = cases.standing_decision(tx(), case)
    target = cases.get(tx(), case.about) if case.about else None
    # An appeal is about what another case rests on; a promise that is redeemed is only where a conversion comes from.
    basis = target if target is not None and case.kind != CaseKind.CONVERSION else case
    root = basis
    while root.about and root.kind != CaseKind.CONVERSION:
        root = cases.get(tx(), root.about)
    learner = learners.get(tx(), case.learner_id)
    evidence = cases.evidence(tx(), case)
    judged = cases.judgements(tx(), case.learner_id, [e.id for e in evidence])
    return {
        "handle": handle,
        "case": case,
        "row": shown(case),
        "title": programme_names(case),
        "name": masked(learner.name),
        "sources": [outcomes.get(tx(), case.learner_id, o) for o in cases.sources(tx(), root)],
        "statement": casekeeping.statement(tx(), bank(), case),
        "evidence": evidence,
        "judged": {e.id: sum(j.evidence_id == e.id for j in judged) for e in evidence},
        "coverage": reviewing.coverage(tx(), case) if case.kind == CaseKind.RPL else {},
        "choices": choices(basis, proposal, case.learner_id),
        "about": shown(target) if target else None,
        "about_title": programme_names(target) if target else "",
        "lost": _lost(root) if root is not case else (),
        "promised": promised(root),
        "precedents": _precedents(handle, root),
        "about_decision": cases.standing_decision(tx(), target) if target else None,
        "decision": decision,
        "granted": granted(decision, case.learner_id, target_of(case)),
        "reviews": cases.reviews(tx(), case, round=case.round),
        "history": history(case),
        "stopped": [error_sentence(CreditBankError(code)) for code in stopped],
        "may_say": not stopped,
        "to_consume": case.kind == CaseKind.CONVERSION and case.state == "approved"
        and case.receiver_id == g.institution.id,
        "may_consume": has(Role.REGISTRAR) and decision is not None and decision.decided_by != actor().person_id,
        "may_correct": has(Role.REGISTRAR) and case.decider_id == g.institution.id and contesting.is_correctable(case)
        and not any(one.state in OPEN for one in cases.about(tx(), case.id)),
        "may_object": case.state == "notice" and case.institution_id == g.institution.id and has(Role.REVIEWER),
        "step": StepForm(formdata=None),
    }  # fmt: skip


def _lost(case: RecognitionCase) -> list[str]:
    """Why what a case rests on was revoked or suspended, a line each."""
    marked = ("source-revoked", "source-suspended")
    return [
        t("cases.desk.lost", words=t(f"cases.event.{event.action}"), reason=event.reason)
        for event in cases.events(tx(), case)
        if event.action in marked
    ]
