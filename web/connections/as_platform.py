"""We are the platform: our learners open a tool under a pseudonym, and the tool sends back scores."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from sqlmodel import Session, col, select

from adaptive.exchange.xapi import Received, digest
from adaptive.exchange.xapi_rules import instant
from credit_bank.errors import Conflict, Forbidden, InvalidInput
from credit_bank.store.types import new_id
from web.connections import messages, moments, received, registrations
from web.connections.as_tool import with_query
from web.connections.keys import KeySets, OwnKey
from web.connections.tables import LtiMoment, LtiTool, ReceivedEvent, ToolConsent

TICKET_LIFETIME = timedelta(minutes=10)
ACCESS_LIFETIME = timedelta(hours=1)
_PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
_GRADING = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
VERB = "http://adlnet.gov/expapi/verbs/scored"


def consent_of(session: Session, learner_id: UUID, tool_id: UUID) -> ToolConsent | None:
    """A learner's standing consent to a tool; its id is the pseudonym that the tool sees."""
    return session.exec(
        select(ToolConsent).where(
            col(ToolConsent.learner_id) == learner_id,
            col(ToolConsent.tool_id) == tool_id,
            col(ToolConsent.withdrawn_at).is_(None),
        )
    ).first()


def agree(session: Session, learner_id: UUID, tool: LtiTool, now: datetime) -> ToolConsent:
    """Agree to a tool; the same consent where there is one."""
    found = consent_of(session, learner_id, tool.id)
    if found is None:
        found = ToolConsent(learner_id=learner_id, tool_id=tool.id, given_at=now)
        session.add(found)
        session.flush()
    return found


def stop(session: Session, learner_id: UUID, tool_id: UUID, now: datetime) -> None:
    """Withdraw a consent: the tool gets nothing more, and its scores are refused."""
    found = consent_of(session, learner_id, tool_id)
    if found is not None:
        found.withdrawn_at = now
        session.add(found)
        session.flush()


def start_address(session: Session, learner_id: UUID, tool: LtiTool, *, issuer: str, now: datetime) -> str:
    """The address of the tool's login initiation for a learner who agreed, good for ten minutes.

    Raises Forbidden ``lti.no_consent``.
    """
    if consent_of(session, learner_id, tool.id) is None:
        raise Forbidden("lti.no_consent")
    ticket = moments.begin(session, "ticket", tool.id, lifetime=TICKET_LIFETIME, now=now, learner_id=learner_id)
    return with_query(
        tool.login_url,
        {
            "iss": issuer,
            "login_hint": ticket,
            "target_link_uri": tool.launch_urls[0],
            "client_id": str(tool.id),
            "lti_deployment_id": str(tool.id),
        },
    )


def authorize(
    session: Session, given: Mapping[str, str], learner_id: UUID, key: OwnKey, *, issuer: str, site: str, now: datetime
) -> tuple[LtiTool, str, dict[str, str]]:
    """Answer a tool's authentication request (Security Framework §5.1.1.3): the tool, where to post, and what.

    The address must be one that was registered; the ticket this learner's, used once. Raises InvalidInput
    ``lti.message`` or ``lti.moment``; Forbidden ``lti.no_consent``; Missing ``lti.unknown``.
    """
    try:
        tool = registrations.tool(session, UUID(given.get("client_id", "")))
    except ValueError as error:
        raise InvalidInput("lti.message", part="client_id") from error
    expected = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
    for name, value in expected.items():
        if given.get(name) != value:
            raise InvalidInput("lti.message", part=name)
    for name in ("nonce", "state"):
        if not 0 < len(given.get(name, "")) <= 2000:
            raise InvalidInput("lti.message", part=name)
    target = given.get("redirect_uri", "")
    if target not in tool.launch_urls:
        raise InvalidInput("lti.message", part="redirect_uri")
    ticket = moments.find(session, "ticket", given.get("login_hint", ""), now)
    if ticket.registration_id != tool.id or ticket.learner_id != learner_id:
        raise InvalidInput("lti.moment", kind="ticket")
    consent = consent_of(session, learner_id, tool.id)
    if consent is None:
        raise Forbidden("lti.no_consent")
    moments.use(session, ticket, now)
    token = messages.launch_token(
        key, now, issuer=issuer, client_id=str(tool.id), subject=consent.id.urn, nonce=given["nonce"], target=target,
        tool=str(tool.id), site=site, title=tool.name,
    )  # fmt: skip
    return tool, target, {"id_token": token, "state": given["state"]}


def client_of(session: Session, assertion: str) -> LtiTool:
    """The tool that an unchecked assertion claims to come from. Raises InvalidInput ``lti.client``."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
        return registrations.tool(session, UUID(str(claims.get("sub"))))
    except (jwt.PyJWTError, ValueError) as error:
        raise InvalidInput("lti.client") from error


def check_assertion(tool: LtiTool, assertion: str, keys: KeySets, token_url: str) -> dict[str, Any]:
    """The claims of a tool's assertion. Asks the tool for its keys, so no transaction may be open."""
    return messages.verified(
        assertion,
        lambda kid: keys.key(tool.jwks_url, kid),
        issuer=str(tool.id),
        audience=token_url,
        required=("iss", "sub", "aud", "jti"),
        what="client_assertion",
    )


def grant(session: Session, tool: LtiTool, claims: Mapping[str, Any], scope: str, now: datetime) -> dict[str, Any]:
    """A bearer token for sending scores (RFC 6749 §5.1). An assertion counts once.

    Raises InvalidInput ``lti.scope``; Conflict ``lti.assertion_seen``.
    """
    if messages.SCOPE_SCORE not in scope.split():
        raise InvalidInput("lti.scope")
    seen = messages.digest(f"jti|{tool.id}|{claims['jti']}")
    if session.get(LtiMoment, seen) is not None:
        raise Conflict("lti.assertion_seen")
    session.add(
        LtiMoment(
            digest=seen, kind="assertion", registration_id=tool.id,
            expires_at=datetime.fromtimestamp(min(claims["exp"], now.timestamp() + 86400), now.tzinfo),
        )
    )  # fmt: skip
    token = moments.begin(session, "access", tool.id, lifetime=ACCESS_LIFETIME, now=now)
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_LIFETIME.total_seconds()),
        "scope": messages.SCOPE_SCORE,
    }


def take_score(session: Session, tool: LtiTool, score: object, now: datetime) -> ReceivedEvent | None:
    """Keep a score that a tool sent (AGS 2.0 §3.4) as an event with its source; None where it is there already.

    An older score than the newest is not taken. Raises InvalidInput ``lti.score`` (part); Forbidden ``lti.no_consent``;
    Conflict ``lti.score_old``.
    """
    if not isinstance(score, dict):
        raise InvalidInput("lti.score", part="body")
    at = instant(score.get("timestamp"))
    checks = {
        "timestamp": at is not None,
        "activityProgress": score.get("activityProgress") in _PROGRESS,
        "gradingProgress": score.get("gradingProgress") in _GRADING,
        "userId": isinstance(score.get("userId"), str),
        "scoreGiven": _is_amount(score.get("scoreGiven", 0)),
        "scoreMaximum": "scoreGiven" not in score
        or (_is_amount(score.get("scoreMaximum")) and score["scoreMaximum"] > 0),
    }
    for part, good in checks.items():
        if not good:
            raise InvalidInput("lti.score", part=part)
    consent = _consent_of_subject(session, tool, score["userId"])
    assert at is not None
    newest = [r for r in received.of_learner(session, consent.learner_id) if r.source == tool.id]
    value = min(1.0, score["scoreGiven"] / score["scoreMaximum"]) if "scoreGiven" in score else None
    kept = {k: score[k] for k in (*checks, "scoreGiven", "scoreMaximum") if k in score}
    found = Received(
        id=new_id(),
        home_page=str(tool.id),
        account=score["userId"],
        verb=VERB,
        meaning="outcome",
        object_id=str(tool.id),
        name=tool.name,
        success=None,
        score=value,
        completion=score["activityProgress"] == "Completed",
        at=at,
        voids=None,
        digest=digest(kept),
        statement=kept,
    )
    if any(row.digest == found.digest for row in newest):
        return None
    if any(row.happened_at is not None and row.happened_at > at for row in newest):
        raise Conflict("lti.score_old")
    return received.keep(
        session, found, institution_id=tool.institution_id, learner_id=consent.learner_id, source_kind="lti",
        source=tool.id, source_name=tool.name, now=now,
    )  # fmt: skip


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9


def _consent_of_subject(session: Session, tool: LtiTool, subject: str) -> ToolConsent:
    try:
        wanted = UUID(subject.removeprefix("urn:uuid:"))
    except ValueError:
        raise Forbidden("lti.no_consent") from None
    found = session.exec(
        select(ToolConsent).where(
            col(ToolConsent.id) == wanted, col(ToolConsent.tool_id) == tool.id, col(ToolConsent.withdrawn_at).is_(None)
        )
    ).first()
    if found is None:
        raise Forbidden("lti.no_consent")
    return found
