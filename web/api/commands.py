"""Commands of programs: carried out once, however often they are sent.

A program that got no answer sends its request again with the same ``Idempotency-Key``. The key is claimed in the very
transaction that does the work, so either both are there or neither; what came of it is kept as ids, never as a
document, so that erasing a learner's documents leaves no copy here. Two requests with one key at once: the second waits
for the first at the table's primary key, then answers what the first did.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Response, request
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from credit_bank.credential.canonical import canonical_json
from credit_bank.credential.parse import parse_object
from credit_bank.errors import InvalidInput
from credit_bank.store.tables import IdempotencyKey
from web.accounts.permissions import now
from web.api.answers import answer
from web.api.problems import ApiProblem
from web.database import command, tx

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)

Record = dict[str, Any]


class _Taken(Exception):
    """The key has been used."""


def carry_out(
    institution_id: UUID,
    run: Callable[[Session], Record],
    show: Callable[[Session, Record], BaseModel],
    *,
    status: int = 201,
) -> Response:
    """Run a command in a savepoint and answer what came of it; a repeated key runs nothing and answers the same.

    ``run`` returns what came of it in ids and numbers, ``show`` makes the answer of that. Raises what ``run`` raises;
    ApiProblem ``idempotency.key_malformed``, ``idempotency.key_reused``, or ``request.conflict`` when another request
    changed the same rows first; Unavailable ``database.busy``.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return answer(show(tx(), guarded(run)), status)
    if not _KEY.fullmatch(key):
        raise ApiProblem("idempotency.key_malformed")
    digest = _request_digest()
    try:
        record = guarded(lambda session: _first_time(session, institution_id, key, digest, run))
        replayed = False
    except _Taken:
        record, replayed = _earlier(institution_id, key, digest), True
    return answer(show(tx(), record), status, Idempotency_Replayed="true" if replayed else "false")


def guarded(run: Callable[[Session], Record]) -> Record:
    """Run a command in a savepoint; what the database refuses because of another writer is a typed error."""
    try:
        return command(run)
    except IntegrityError as error:
        raise ApiProblem("request.conflict") from error


def _request_digest() -> bytes:
    """What makes two requests the same: where they went and what they said (for JSON the values, however spelt)."""
    head = f"{request.method}\n{request.full_path}\n{request.mimetype}\n".encode()
    said = request.get_data(cache=True)
    with suppress(InvalidInput):
        said = canonical_json(parse_object(said))
    return hashlib.sha256(head + said).digest()


def _first_time(
    session: Session, institution_id: UUID, key: str, digest: bytes, run: Callable[[Session], Record]
) -> Record:
    if session.get(IdempotencyKey, (institution_id, key)) is not None:
        raise _Taken
    claim = IdempotencyKey(
        institution_id=institution_id, key=key, request_sha256=digest, response="", recorded_at=now()
    )
    session.add(claim)
    try:
        session.flush()
    except IntegrityError:
        raise _Taken from None
    record = run(session)
    claim.response = json.dumps(record)
    session.add(claim)
    session.flush()
    return record


def _earlier(institution_id: UUID, key: str, digest: bytes) -> Record:
    found = tx().get(IdempotencyKey, (institution_id, key), populate_existing=True)
    if found is None:
        raise ApiProblem("request.conflict")
    if found.request_sha256 != digest:
        raise ApiProblem("idempotency.key_reused")
    record: Record = json.loads(found.response)
    return record
