"""Verifying: anybody's credential, by anybody."""

from typing import Any

from flask import Response, request

from credit_bank import verifying
from credit_bank.credential.bundle import is_bundle, parse_bundle
from credit_bank.credential.summary import summary
from credit_bank.report import Check, Outcome, VerificationReport
from web.accounts.permissions import PUBLIC, now, permit
from web.api import problems
from web.api.answers import answer
from web.api.interface import blueprint
from web.api.models.credentials import CheckAnswer, VerificationAnswer
from web.api.operation import operation
from web.api.reading import json_body
from web.banking import bank
from web.database import database
from web.security import limiter

BODY: dict[str, Any] = {
    "description": "A credential; a proof bundle; or a credential with the id of the holder whose it should be.",
    "anyOf": [
        {
            "title": "CredentialAndSubject",
            "type": "object",
            "required": ["credential"],
            "additionalProperties": False,
            "properties": {"credential": {"type": "object"}, "subject": {"type": ["string", "null"]}},
        },
        {"title": "ProofBundle", "type": "object", "required": ["type", "credential"]},
        {"title": "Credential", "type": "object"},
    ],
}


@blueprint.post("/credentials/verify")
@limiter.limit("60 per minute")
@permit(PUBLIC)
@operation(
    "credentials",
    body=BODY,
    answers={200: VerificationAnswer},
    limited=True,
    problems={"bundle.malformed": 422, "bundle.version_unknown": 422, "request.invalid": 422},
)
def verify() -> Response:
    """Verify a credential and report on each of the eight checks, whatever comes of them.

    The answer is 200 for a credential that fails, too: read `outcome`. Nothing is stored and nothing is fetched. With
    `Accept-Language`, each check says in words what was found and what to do next.
    """
    document, subject = _taken_apart(json_body())
    with database().reading() as session:
        report = verifying.verify_document(session, bank(), document, now=now(), subject=subject)
    return answer(
        VerificationAnswer(
            outcome=report.outcome.value,
            verified_at=now(),
            checks=_checks(report),
            summary=dict(summary(document)),
        )
    )


def _taken_apart(document: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The credential, and the holder's id where it is asked about.

    Of a bundle the credential is taken and the rest left: this bank knows its own lists, logs and trust list at first
    hand, and those of others are not believed for being enclosed.
    """
    if is_bundle(document):
        return parse_bundle(document).credential, None
    if "credential" not in document or "@context" in document:
        return document, None
    errors = [
        problems.field_error("request.field_unknown", pointer="/" + name[:60].replace("~", "~0").replace("/", "~1"))
        for name in document
        if name not in ("credential", "subject")
    ]
    if not isinstance(document["credential"], dict):
        errors.append(problems.field_error("request.field_type", {"expected": "object"}, pointer="/credential"))
    subject = document.get("subject")
    if subject is not None and not isinstance(subject, str):
        errors.append(problems.field_error("request.field_type", {"expected": "string"}, pointer="/subject"))
    if errors:
        raise problems.ApiProblem("request.invalid", errors)
    return document["credential"], subject


def _checks(report: VerificationReport) -> list[CheckAnswer]:
    in_words = "Accept-Language" in request.headers
    return [CheckAnswer(**check.as_dict(), **(_words(check) if in_words else {})) for check in report.checks]


def _words(check: Check) -> dict[str, str | None]:
    todo = check.outcome in (Outcome.FAIL, Outcome.UNCHECKED)
    return {
        "finding": problems.say(f"check.{check.code}", check.parameters),
        "next": problems.say(f"next.{check.code}", check.parameters) if todo else None,
    }
