"""A learner's portfolio: everything learned, its sums, each credential's own page, and taking it all along."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from credit_bank import bundling, sharing, verifying
from credit_bank.credential.bundle import compose_bundle
from credit_bank.credential.parse import parse_object
from credit_bank.identity import account_number
from credit_bank.recognition.casework.kind import OPEN, CaseKind
from credit_bank.recognition.framework import FRAMEWORKS, Category
from credit_bank.revoking import standing
from credit_bank.store import cases, credentials, learners, outcomes, shares
from credit_bank.store.outcomes import PortfolioFilter, Total
from credit_bank.store.tables import Credential, Outcome, ShareLink, StatusChange
from web.accounts.permissions import LEARNER, actor, now, permit
from web.banking import bank
from web.connections import outcome_rows
from web.database import tx
from web.htmx import render
from web.messages import CITY, number, t
from web.reports import fact_rows, facts_of, level_name, view_of
from web.views import share
from web.views.cases.blueprint import may_be_recognised, programme_names, shown
from web.workflows import case_export, credit_export, learning_export

blueprint = Blueprint("portfolio", __name__)

PAGE = 50
STATES = ("issued", "recorded", "suspended", "revoked")
_KINDS = {"issued": "good", "recorded": "", "suspended": "warn", "revoked": "bad", "expired": "warn"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One outcome as the portfolio shows it."""

    outcome: Outcome
    institution: str
    href: str | None
    credits: str
    hours: str | None
    level: str | None
    state: tuple[str, str]
    counts: bool


def learner_id() -> UUID:
    """The signed-in learner's id; the permission has made sure that there is one."""
    found = actor().learner_id
    assert found is not None
    return found


def wanted_filter() -> tuple[PortfolioFilter, dict[str, str]]:
    """What the address asks to see, and the same as it was written; what it cannot mean is left out."""
    asked = {
        name: request.args.get(name, "").strip()[:80] for name in ("category", "institution", "level", "state", "q")
    }
    if asked["category"] not in [c.value for c in Category]:
        asked["category"] = ""
    if asked["state"] not in STATES:
        asked["state"] = ""
    try:
        institution = UUID(asked["institution"]) if asked["institution"] else None
    except ValueError:
        institution, asked["institution"] = None, ""
    wanted = PortfolioFilter(
        category=asked["category"] or None,
        institution_id=institution,
        level=asked["level"] or None,
        state=asked["state"] or None,
        words=asked["q"],
    )
    return wanted, {name: value for name, value in asked.items() if value}


def entry_of(outcome: Outcome, institution: str, today: date) -> Entry:
    """An outcome as a page shows it."""
    framework = FRAMEWORKS[outcome.framework]
    state = outcome.state
    if state == "issued" and outcome.valid_until is not None and outcome.valid_until < today:
        state = "expired"
    href = None
    if outcome.credential_id:
        href = url_for("portfolio.credential", credential_id=outcome.credential_id)
    elif outcome.source == "region":
        href = url_for("regions.moved", outcome_id=outcome.id)
    return Entry(
        outcome=outcome,
        institution=institution,
        href=href,
        credits=t("verify.credits", count=framework.credits(outcome.credits)),
        hours=t("verify.hours", count=number(outcome.hours / 10)) if outcome.hours is not None else None,
        level=level_name(outcome.level, outcome.level),
        state=(t(f"portfolio.state.{state}"), _KINDS[state]),
        counts=state == "issued" and outcome.duplicate_of is None,
    )


def total_rows(totals: Sequence[Total]) -> list[tuple[str, str, str, str]]:
    """The sums for the macro ``totals``: all first, then each category; one set for each framework."""
    rows = []
    for framework_id, group in groupby(totals, key=lambda total: total.framework):
        framework, parts = FRAMEWORKS[framework_id], list(group)
        by_category = {part.category: part for part in parts}
        rows.append(
            _total(
                t("portfolio.total"), framework_id, sum(p.credits for p in parts), sum(p.outcomes for p in parts), ""
            )
        )
        for category in Category:
            part = by_category.get(category.value)
            rows.append(
                _total(
                    t(f"site.category.{category.value}"),
                    framework.id,
                    part.credits if part else 0,
                    part.outcomes if part else 0,
                    category.value,
                )
            )
    return rows


def _total(label: str, framework: str, credits: int, count: int, kind: str) -> tuple[str, str, str, str]:
    return label, number(FRAMEWORKS[framework].credits(credits)), t("portfolio.total_unit", count=count), kind


@blueprint.get("/portfolio")
@permit(LEARNER)
def overview() -> ResponseReturnValue:
    """Everything learned, the newest first, with sums and filters."""
    wanted, asked = wanted_filter()
    size = outcomes.portfolio_size(tx(), learner_id(), wanted)
    pages = max(1, -(-size // PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    today = now().astimezone(CITY).date()
    rows = outcomes.portfolio(tx(), learner_id(), wanted, offset=(page - 1) * PAGE, limit=PAGE)
    entries = [entry_of(outcome, institution, today) for outcome, institution in rows]
    institutions, levels = outcomes.choices(tx(), learner_id())
    return render(
        "portfolio/overview.html",
        "results",
        account=account_number.grouped(learners.get(tx(), learner_id()).account_number),
        totals=total_rows(outcomes.totals(tx(), learner_id(), today)),
        expired=outcomes.expired_count(tx(), learner_id(), today),
        sources=outcome_rows.of_outcomes(tx(), [e.outcome.id for e in entries if e.outcome.source == "received"]),
        years=[(year, list(group)) for year, group in groupby(entries, key=lambda e: e.outcome.awarded_on.year)],
        size=size,
        asked=asked,
        institutions=sorted(institutions.items(), key=lambda item: item[1]),
        levels=[(code, level_name(code, code)) for code in sorted(levels, key=_rank)],
        states=STATES,
        categories=[c.value for c in Category],
        page=page,
        pages=pages,
        address=lambda n: _here(".overview", asked, page=str(n)),
        record=_here(".record", asked),
    )


def _here(endpoint: str, asked: dict[str, str], **more: str) -> str:
    """The address of a page that shows what is asked for."""
    return f"{url_for(endpoint)}?{urlencode({**asked, **more})}" if asked or more else url_for(endpoint)


def _rank(code: str) -> tuple[int, str]:
    return (int(code), code) if code.isdecimal() else (99, code)


@blueprint.get("/portfolio/record")
@permit(LEARNER)
def record() -> str:
    """The same as one table to print, with the name and account number on it."""
    wanted, asked = wanted_filter()
    learner = learners.get(tx(), learner_id())
    today = now().astimezone(CITY).date()
    rows = outcomes.portfolio(tx(), learner.id, wanted)
    return render_template(
        "portfolio/record.html",
        learner=learner,
        account=account_number.grouped(learner.account_number),
        entries=[entry_of(outcome, institution, today) for outcome, institution in rows],
        totals=total_rows(outcomes.totals(tx(), learner.id, today)),
        expired=outcomes.expired_count(tx(), learner.id, today),
        asked=asked,
        made_at=now(),
    )


@blueprint.get("/portfolio/credentials/<uuid:credential_id>")
@permit(LEARNER)
def credential(credential_id: UUID) -> str:
    """One credential: what it says, whether it holds now, and what can be done with it."""
    found = share.own_credential(credential_id)
    document = verifying.open_document(tx(), bank(), found)
    facts = facts_of(parse_object(document))
    changes = credentials.changes(tx(), found)
    links = shares.of_credential(tx(), found.learner_id, found.id)
    return render_template(
        "portfolio/credential.html",
        credential=found,
        facts=facts,
        rows=fact_rows(facts),
        view=view_of(verifying.verify_document(tx(), bank(), document)),
        setback=_setback(changes, facts["issuer_name"] or ""),
        history=_history(found, changes),
        links=[(link, sharing.is_open(bank(), link)) for link in links],
        address=_newest_address(links),
        holder=learners.get(tx(), found.learner_id).name,
        **_applications(found),
    )


def _applications(found: Credential) -> dict[str, object]:
    """What was applied for with a credential, and whether it can be recognised yet."""
    mine = cases.concerning(tx(), found.learner_id, found.outcome_id)
    outcome = outcomes.get(tx(), found.learner_id, found.outcome_id)
    waits = any(case.kind == CaseKind.RECOGNITION and case.state in OPEN for case in mine)
    return {
        "applications": [shown(case) for case in mine],
        "named": programme_names,
        "recognise": outcome.id if may_be_recognised(outcome) and not waits else None,
    }


def _newest_address(links: Sequence[ShareLink]) -> str | None:
    """The address of the newest link that is open, for the page's QR code."""
    newest = next((link for link in links if sharing.is_open(bank(), link)), None)
    return share.address(sharing.token(bank(), newest)) if newest else None


def _setback(changes: Sequence[StatusChange], institution: str) -> str:
    """Why the certificate is revoked or suspended at present, for its holder; empty when it is neither."""
    now_stands = standing(changes)
    if now_stands.state == "issued" or now_stands.since is None:
        return ""
    reason = now_stands.since.reason.rstrip("。.")
    return t(f"portfolio.standing.{now_stands.state}", reason=reason, institution=institution)


def _history(found: Credential, changes: Sequence[StatusChange]) -> list[tuple[object, str]]:
    rows: list[tuple[object, str]] = [(found.issued_at, t("portfolio.history.issued"))]
    for change in changes:
        kind = f"{change.purpose}_{'set' if change.value else 'lifted'}"
        rows.append((change.changed_at, t(f"portfolio.history.{kind}", reason=change.reason)))
    return rows


def download(body: bytes, mimetype: str, name: str, *, inline: bool = False) -> Response:
    """A file for the learner to keep; private, so no cache keeps it."""
    response = make_response(body)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/portfolio/credentials/<uuid:credential_id>.json")
@permit(LEARNER)
def credential_json(credential_id: UUID) -> Response:
    """The signed credential, byte for byte as it was issued."""
    document = verifying.open_document(tx(), bank(), share.own_credential(credential_id))
    return download(document, "application/ld+json", f"credential-{str(credential_id)[:8]}.json")


@blueprint.get("/portfolio/credentials/<uuid:credential_id>/bundle.json")
@permit(LEARNER)
def bundle(credential_id: UUID) -> Response:
    """The credential with everything needed to check it without a network."""
    made = bundling.bundle(tx(), bank(), share.own_credential(credential_id))
    return download(compose_bundle(made), "application/json", f"bundle-{str(credential_id)[:8]}.json")


@blueprint.get("/portfolio/export.json")
@permit(LEARNER)
def export() -> Response:
    """Everything the learner has here, as one JSON file; the credentials are the signed originals."""
    learner = learners.get(tx(), learner_id())
    rows = outcomes.portfolio(tx(), learner.id, PortfolioFilter())
    head = {
        "exported_at": now().isoformat(),
        "bank": bank().did,
        "learner": {"name": learner.name, "account_number": learner.account_number},
        "outcomes": [_outcome_facts(outcome, institution) for outcome, institution in rows],
        "credit_account": credit_export.everything(tx(), learner.id),
        "applications": case_export.everything(tx(), bank(), learner.id),
        "learning": learning_export.everything(tx(), learner.id, bank().kek),
    }
    key = credentials.document_key(learner, bank().kek)
    documents = [
        credentials.open_document(row, key).decode("utf-8")
        for row in credentials.of_learner(tx(), learner.id)
        if row.sealed_document is not None
    ]
    # The originals go in as they are, character for character.
    text = (
        json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "credentials": [' + ",\n".join(documents) + "]\n}\n"
    )
    return download(text.encode("utf-8"), "application/json", f"portfolio-{learner.account_number}.json")


def _outcome_facts(outcome: Outcome, institution: str) -> dict[str, object]:
    return {
        "title": outcome.title,
        "code": outcome.code,
        "institution": institution,
        "category": outcome.category,
        "framework": outcome.framework,
        "credits": FRAMEWORKS[outcome.framework].credits(outcome.credits),
        "hours": outcome.hours / 10 if outcome.hours is not None else None,
        "hour_kind": outcome.hour_kind,
        "level": outcome.level,
        "grade": outcome.grade,
        "term": outcome.term,
        "awarded_on": outcome.awarded_on.isoformat(),
        "valid_until": outcome.valid_until.isoformat() if outcome.valid_until else None,
        "state": outcome.state,
        "credential": outcome.credential_id.urn if outcome.credential_id else None,
    }


@blueprint.get("/portfolio/credentials/")
@permit(LEARNER)
def credential_index() -> ResponseReturnValue:
    """Whoever shortens an address finds the portfolio."""
    return redirect(url_for(".overview"), 303)
