"""Issuing, reading and changing an institution's own credentials."""

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import partial
from uuid import UUID

from flask import Response, g, url_for
from sqlmodel import Session

from credit_bank import depositing, issuing, revoking, verifying
from credit_bank.bank import CITY
from credit_bank.credential.parse import parse_object
from credit_bank.depositing import SourceFile
from credit_bank.errors import Missing
from credit_bank.exchange.outcomes import OutcomeRow, read_outcomes
from credit_bank.exchange.rows import Limits, Row, Table, faults_of, value_text
from credit_bank.report import RowProblem
from credit_bank.store import credentials
from credit_bank.store.tables import Credential, Institution, StatusChange
from web.accounts import audit
from web.accounts.api_tokens import Scope
from web.accounts.permissions import actor, now, permit
from web.api.answers import answer, b64
from web.api.commands import Record, carry_out
from web.api.interface import blueprint
from web.api.models.credentials import (
    CredentialAnswer,
    IssuedAnswer,
    IssuedCredential,
    IssueRequest,
    OutcomeRequest,
    Receipt,
    Standing,
    StatusChangeAnswer,
    StatusRequest,
)
from web.api.operation import BY_TOKEN, operation
from web.api.reading import body_bytes, pointer, read_body
from web.banking import bank, settings
from web.database import tx

UNKNOWN = {"credential.unknown": 404}
FIELDS = tuple(OutcomeRequest.model_fields)


@blueprint.post("/institutions/<handle:handle>/credentials")
@permit(*BY_TOKEN)
@operation(
    "credentials",
    scope=Scope.ISSUE,
    body=IssueRequest,
    answers={201: IssuedAnswer},
    idempotent=True,
    problems={
        "outcome.unknown": 404,
        "issuing.not_accredited": 403,
        "issuing.not_recorded": 409,
        "issuing.already_expired": 422,
        "learner.erased": 409,
        "verification.failed": 409,
        "request.conflict": 409,
        "import.refused": 422,
    },
)
def issue_credentials(institution: Institution) -> Response:
    """Record outcomes and issue their credentials, all of them or none.

    What is wrong with an outcome is named by its JSON pointer in `errors`. The same outcome is refused a second time
    (`outcome_known`); to repeat a request that got no answer, send it with the same `Idempotency-Key`.
    """
    wanted = read_body(IssueRequest)
    g.row_pointer = _pointer
    rows = _rows(wanted.outcomes)
    source = SourceFile("api", hashlib.sha256(body_bytes()).digest(), {name: name for name in FIELDS})

    def run(session: Session) -> Record:
        ids = list(wanted.outcome_ids)
        if rows:
            recorded = depositing.record_outcomes(
                session, bank(), institution.id, rows, source, imported_by=actor().person_id, origin="api"
            )
            ids = list(recorded.outcome_ids)
        issued = issuing.issue(session, bank(), institution.id, ids, issued_by=actor().person_id)
        _audit(session, institution, "api.issued", None, credentials=str(len(issued)))
        return {"credentials": [str(i.credential_id) for i in issued]}

    return carry_out(institution.id, run, partial(_issued, institution))


def _rows(wanted: list[OutcomeRequest]) -> tuple[OutcomeRow, ...]:
    """The outcomes of a request, by the same rules as those of a file. Raises ImportRefused."""
    if not wanted:
        return ()
    limits = Limits()

    def scan() -> Iterator[Row]:
        for number, outcome in enumerate(wanted, 1):
            values = tuple(getattr(outcome, name) for name in FIELDS)
            cells = [value_text(value) for value in values]
            faults = faults_of(number, FIELDS, cells, limits.cell)
            yield Row(number, tuple(cells), values, tuple(faults))

    table = Table("json", FIELDS, 0, len(wanted), scan, limits)
    return read_outcomes(table, today=today()).require()


def today() -> date:
    """The civil date in the city."""
    return now().astimezone(CITY).date()


def _pointer(problem: RowProblem) -> str:
    if problem.row == 0:
        return "/outcomes"
    steps: list[str | int] = ["outcomes", problem.row - 1]
    return pointer(*steps, *([problem.column] if problem.column else []))


def _audit(session: Session, institution: Institution, action: str, subject_id: UUID | None, **details: str) -> None:
    """Record that a program did this; the token stands in for a person."""
    audit.record(
        session,
        action,
        now=now(),
        person_id=None,
        institution_id=institution.id,
        subject_id=subject_id,
        token=str(actor().person_id),
        **details,
    )


def _issued(institution: Institution, session: Session, record: Record) -> IssuedAnswer:
    shown = []
    for text in record["credentials"]:
        row = credentials.get(session, UUID(text))
        shown.append(
            IssuedCredential(
                id=row.id,
                outcome_id=row.outcome_id,
                url=settings().site + url_for("api.credential", handle=institution.handle, credential_id=row.id),
                log_index=row.log_sequence,
                credential=parse_object(verifying.open_document(session, bank(), row)),
            )
        )
    return IssuedAnswer(credentials=shown)


@blueprint.get("/institutions/<handle:handle>/credentials/<uuid:credential_id>")
@permit(*BY_TOKEN)
@operation(
    "credentials",
    scope=Scope.READ,
    answers={200: CredentialAnswer},
    problems={**UNKNOWN, "credential.erased": 404, "learner.erased": 409},
)
def credential(institution: Institution, credential_id: UUID) -> Response:
    """A credential of one's own institution: the signed document, how it stands, its receipt from the log."""
    session = tx()
    row = credentials.get(session, credential_id)
    if row.institution_id != institution.id:
        raise Missing("credential.unknown", credential=str(credential_id))
    stands = revoking.standing(credentials.changes(session, row))
    return answer(
        CredentialAnswer(
            id=row.id,
            outcome_id=row.outcome_id,
            issued_at=row.issued_at,
            verification_method=row.verification_method,
            status=Standing(
                state=stands.state,
                since=stands.since.changed_at if stands.since else None,
                reason=stands.since.reason if stands.since else None,
            ),
            log=_receipt(session, row),
            credential=parse_object(verifying.open_document(session, bank(), row)),
        )
    )


def _receipt(session: Session, row: Credential) -> Receipt:
    found = verifying.receipt(session, row)
    if found is None:
        return Receipt(state="erased", index=row.log_sequence, salt=None, inclusion_proof=[], checkpoint=None)
    return Receipt(
        state="pending" if found.checkpoint is None else "included",
        index=found.index,
        salt=b64(found.salt),
        inclusion_proof=[b64(step) for step in found.proof],
        checkpoint=found.checkpoint,
    )


@blueprint.post("/institutions/<handle:handle>/credentials/<uuid:credential_id>/status")
@permit(*BY_TOKEN)
@operation(
    "credentials",
    scope=Scope.REVOKE,
    body=StatusRequest,
    answers={200: StatusChangeAnswer},
    idempotent=True,
    problems={
        **UNKNOWN,
        "status.reason_missing": 422,
        "status.already_revoked": 409,
        "status.already_suspended": 409,
        "status.not_suspended": 409,
        "request.conflict": 409,
    },
)
def change_status(institution: Institution, credential_id: UUID) -> Response:
    """Revoke, suspend or reinstate a credential. Revoking is final; the change is logged and the list signed anew."""
    wanted = read_body(StatusRequest)

    def run(session: Session) -> Record:
        change = revoking.change_status(
            session,
            bank(),
            institution.id,
            credential_id,
            wanted.action,
            reason=wanted.reason,
            changed_by=actor().person_id,
        )
        _audit(session, institution, f"api.{wanted.action}", credential_id)
        state = {"revoke": "revoked", "suspend": "suspended", "reinstate": "issued"}[wanted.action]
        return {"change": str(change.id), "state": state}

    return carry_out(institution.id, run, partial(_changed, institution), status=200)


def _changed(institution: Institution, session: Session, record: Record) -> StatusChangeAnswer:
    change = session.get_one(StatusChange, (institution.id, UUID(record["change"])))
    return StatusChangeAnswer(
        credential_id=change.credential_id,
        state=record["state"],
        changed_at=change.changed_at,
        reason=change.reason,
        log_index=change.log_sequence,
    )
