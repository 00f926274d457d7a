"""Tokens with which an institution's own programs use the interface: made and withdrawn by its administrator.

A token is 256 random bits behind ``evk_``, so that one that leaked into a repository is found by a scanner; the
database keeps its SHA-256. What it may do is a set of scopes at one institution, and nothing elsewhere.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask import Flask, g
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.store.tables import Institution
from web.accounts.memberships import ActiveMembership
from web.accounts.permissions import Actor, now, register_bearer
from web.accounts.roles import Role
from web.accounts.tables import ApiToken
from web.database import database

PREFIX = "evk_"
LONGEST = timedelta(days=366)
LABEL_LENGTH = 60
_SHAPE = re.compile(re.escape(PREFIX) + r"[A-Za-z0-9_-]{43}", re.ASCII)


class Scope(StrEnum):
    """What a token allows at its own institution."""

    ISSUE = "issue"
    REVOKE = "revoke"
    IMPORT = "import"
    READ = "read"


# What a person would need to do the same at the desk. The scope is asked for besides, so a role gives no more than it.
ROLES = {
    Scope.ISSUE: Role.REGISTRAR,
    Scope.REVOKE: Role.REGISTRAR,
    Scope.IMPORT: Role.REGISTRAR,
    Scope.READ: Role.REVIEWER,
}


@dataclass(frozen=True, slots=True)
class Bearer:
    """The token that a request came with."""

    token_id: UUID
    label: str
    scopes: frozenset[Scope]


def digest(token: str) -> bytes:
    """The SHA-256 of a token. A token is 256 random bits, so it needs neither salt nor key."""
    return hashlib.sha256(b"api-token|" + token.encode()).digest()


def make(
    session: Session,
    *,
    institution_id: UUID,
    label: str,
    scopes: Iterable[Scope],
    lifetime: timedelta,
    made_by: UUID | None,
    now: datetime,
) -> tuple[str, ApiToken]:
    """Make a token; returns it, which is kept nowhere, and its row.

    Raises InvalidInput ``token.label_missing``, ``token.scopes_missing`` or ``token.lifetime`` (one to 366 days).
    """
    plain = " ".join(label.split())[:LABEL_LENGTH]
    if not plain:
        raise InvalidInput("token.label_missing")
    wanted = sorted(set(scopes))
    if not wanted:
        raise InvalidInput("token.scopes_missing")
    if not timedelta(0) < lifetime <= LONGEST:
        raise InvalidInput("token.lifetime", days=LONGEST.days)
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        institution_id=institution_id,
        token_digest=digest(token),
        label=plain,
        hint=token[-4:],
        scopes=" ".join(wanted),
        made_by=made_by,
        made_at=now,
        expires_at=now + lifetime,
    )
    session.add(row)
    session.flush()
    return token, row


def scopes_of(row: ApiToken) -> tuple[Scope, ...]:
    """The scopes of a token."""
    return tuple(Scope(name) for name in row.scopes.split())


def is_good(row: ApiToken, now: datetime) -> bool:
    """Whether a token is neither withdrawn nor expired."""
    return row.withdrawn_at is None and now < row.expires_at


def of_institution(session: Session, institution_id: UUID) -> Sequence[ApiToken]:
    """An institution's tokens, the newest first; withdrawn and expired ones are kept."""
    statement = select(ApiToken).where(col(ApiToken.institution_id) == institution_id)
    return session.exec(statement.order_by(col(ApiToken.made_at).desc(), col(ApiToken.id).desc())).all()


def get(session: Session, institution_id: UUID, token_id: UUID) -> ApiToken:
    """An institution's own token. Raises Missing ``token.unknown``."""
    found = session.get(ApiToken, (institution_id, token_id))
    if found is None:
        raise Missing("token.unknown")
    return found


def withdraw(
    session: Session, *, institution_id: UUID, token_id: UUID, withdrawn_by: UUID | None, now: datetime
) -> ApiToken:
    """Withdraw a token: it opens nothing from now on.

    Raises Missing ``token.unknown``; Conflict ``token.withdrawn``.
    """
    row = get(session, institution_id, token_id)
    if row.withdrawn_at is not None:
        raise Conflict("token.withdrawn")
    row.withdrawn_at, row.withdrawn_by = now, withdrawn_by
    session.add(row)
    session.flush()
    return row


def find(session: Session, token: str, now: datetime) -> tuple[ApiToken, Institution] | None:
    """The good token that these characters are, and its institution, unless that has closed; or None."""
    if not _SHAPE.fullmatch(token):
        return None
    statement = (
        select(ApiToken, Institution)
        .join(Institution, col(Institution.id) == col(ApiToken.institution_id))
        .where(col(ApiToken.token_digest) == digest(token), col(Institution.closed_at).is_(None))
    )
    found = session.exec(statement).first()
    return (found[0], found[1]) if found is not None and is_good(found[0], now) else None


def bearer() -> Bearer | None:
    """The token that this request came with, once ``permissions`` has looked it up."""
    found: Bearer | None = g.get("api_bearer")
    return found


def _actor(token: str) -> Actor | None:
    """The Actor of a bearer token: a program, known to tables by the token's own id, with the roles of its scopes."""
    with database().reading() as session:
        found = find(session, token, now())
        if found is None:
            return None
        row, institution = found
        scopes = frozenset(scopes_of(row))
        g.api_bearer = Bearer(row.id, row.label, scopes)
        return Actor(
            person_id=row.id,
            display_name=row.label,
            memberships=tuple(
                ActiveMembership(
                    institution.id, role, institution.handle, institution.name, institution.name_en, institution.tier
                )
                for role in sorted({ROLES[scope] for scope in scopes})
            ),
        )


def install(app: Flask) -> None:
    """Let bearer tokens stand for programs under ``/api/``."""
    register_bearer(app, _actor)
