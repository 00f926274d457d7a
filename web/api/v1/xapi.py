"""What learners did elsewhere, as xAPI statements: taken in from an institution's platforms, and read again."""

import json
from uuid import UUID

from flask import Response, request
from sqlmodel import Session

from adaptive.errors import InvalidInput
from adaptive.exchange.xapi import Received, read_statements
from adaptive.exchange.xapi_rules import VERSIONS
from credit_bank.store.tables import Institution
from credit_bank.store.types import new_id
from web.accounts import audit
from web.accounts.api_tokens import Scope, bearer
from web.accounts.permissions import now, permit
from web.api.answers import answer
from web.api.commands import guarded
from web.api.interface import blueprint
from web.api.models.xapi import IDS, STATEMENTS, StatementQuery, StatementResult
from web.api.operation import BY_TOKEN, operation
from web.api.problems import ApiProblem, field_error
from web.api.reading import body_bytes, pointer, read_query
from web.banking import bank, settings
from web.connections import received
from web.database import tx
from web.messages import locale
from web.workflows import received_outcomes

HEADER = "X-Experience-API-Version"
SPOKEN = "2.0.0"
_ADDRESS = "/institutions/<handle:handle>/xapi/statements"
PROBLEMS = {"xapi.version": 400, "xapi.statements": 400, "exchange.xapi_conflict": 409, "request.too_large": 413}


@blueprint.post(_ADDRESS)
@permit(*BY_TOKEN)
@operation(
    "learning",
    scope=Scope.IMPORT,
    body=STATEMENTS,
    answers={200: IDS},
    problems=PROBLEMS,
)
def take_statements(institution: Institution) -> Response:
    """Send xAPI statements (1.0.3 or 2.0) of one's own learners: all of them are taken, or none.

    The actor is an account: `homePage` this bank's address and `name` the learner's pseudonym at the institution, or
    the `issuer` of a platform that the institution connected and an account there that a learner said is theirs.
    Learners who do not agree to keeping what they learn are refused like unknown ones. A statement that is there
    already counts as sent; a voiding statement takes back one of the same token.
    """
    _check_version()
    statements = _read()
    session = tx()
    origin = settings().public_origin
    whose: dict[UUID, UUID] = {}
    errors = []
    for place, statement in enumerate(statements):
        learner_id = received.learner_of(session, institution.id, statement.home_page, statement.account, origin)
        if learner_id is None:
            errors.append(field_error("exchange.xapi_unknown", pointer=pointer(place, "actor", "account")))
        else:
            whose[statement.id] = learner_id
    if errors:
        raise ApiProblem("xapi.statements", errors)
    token = bearer()
    assert token is not None

    def run(session: Session) -> dict[str, list[str]]:
        for statement in statements:
            kept = received.keep(
                session, statement, institution_id=institution.id, learner_id=whose[statement.id], source_kind="xapi",
                source=token.token_id, source_name=token.label, now=now(),
            )  # fmt: skip
            received_outcomes.arrived(session, bank(), kept)
        audit.record(
            session, "api.statements_taken", now=now(), person_id=None, institution_id=institution.id,
            token=str(token.token_id), count=str(len(statements)),
        )  # fmt: skip
        return {"ids": [str(statement.id) for statement in statements]}

    return _spoken(Response(json.dumps(guarded(run)["ids"]), mimetype="application/json"))


@blueprint.get(_ADDRESS)
@permit(*BY_TOKEN)
@operation(
    "learning", scope=Scope.READ, query=StatementQuery, answers={200: StatementResult}, problems={"xapi.version": 400}
)
def list_statements(institution: Institution) -> Response:
    """The statements that this token sent and that stand, the newest first."""
    _check_version()
    wanted = read_query(StatementQuery)
    token = bearer()
    assert token is not None
    rows = received.of_source(tx(), institution.id, token.token_id, wanted.limit)
    statements = [
        {**row.statement, "id": row.statement_id, "stored": row.received_at.isoformat(timespec="milliseconds")}
        for row in rows
    ]
    return _spoken(answer(StatementResult(statements=statements)))


def _check_version() -> None:
    if not VERSIONS.match(request.headers.get(HEADER, "")):
        raise ApiProblem("xapi.version")


def _spoken(response: Response) -> Response:
    response.headers[HEADER] = SPOKEN
    response.headers["Content-Language"] = locale()
    return response


def _read() -> tuple[Received, ...]:
    try:
        body = json.loads(body_bytes(), parse_constant=lambda _name: None)
        shown = json.dumps(body, ensure_ascii=False)
        shown.encode()
        if "\\u00" in shown:
            raise ValueError  # a control character, which no database keeps
    except (ValueError, RecursionError) as error:
        raise ApiProblem("request.malformed") from error
    try:
        found, problems = read_statements(body, new_id)
    except InvalidInput as error:
        raise ApiProblem("xapi.statements", [field_error(error.code, dict(error.parameters), pointer="")]) from error
    if problems:
        raise ApiProblem(
            "xapi.statements",
            [
                field_error(f"exchange.{p.code}", dict(p.parameters), pointer=pointer(*p.place.split(".")))
                for p in problems[:100]
            ],
        )
    return found
