"""The messages of LTI 1.3 (1EdTech LTI Core 1.3, Security Framework 1.0, Deep Linking 2.0, AGS 2.0) as signed tokens.

The rules of JWTs are PyJWT's; what LTI asks beyond them is said here. RS256 alone is taken.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt

from credit_bank.errors import InvalidInput
from web.connections.keys import OwnKey

ALGORITHMS = ["RS256"]
LEEWAY = 60
LIFETIME = timedelta(minutes=5)
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCOPE_SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
LEARNER_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

KeyOf = Callable[[str], jwt.PyJWK]


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch that was checked: who (the platform's own name for them), what for, and what it offers in return."""

    subject: str
    kind: str
    target: str
    deployment: str
    title: str
    lineitem: str | None
    may_score: bool
    return_url: str | None
    data: str | None
    several: bool


def digest(secret: str) -> bytes:
    """The SHA-256 under which a state, nonce, ticket or token is kept."""
    return hashlib.sha256(b"lti|" + secret.encode()).digest()


def fresh() -> str:
    """A new secret of 256 bits."""
    return secrets.token_urlsafe(32)


def verified(
    token: str, key_of: KeyOf, *, issuer: str, audience: str, required: Collection[str], what: str
) -> dict[str, Any]:
    """The claims of a token that is signed, ours, and of now.

    Raises InvalidInput ``lti.token`` (what, and the check that failed); and as ``key_of`` does.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError
        key = key_of(str(header.get("kid", "")))
        claims: dict[str, Any] = jwt.decode(
            token, key, ALGORITHMS, issuer=issuer, audience=audience, leeway=LEEWAY,
            options={"require": [*required, "exp", "iat"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise InvalidInput("lti.token", what=what, check=type(error).__name__) from error
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != audience:
        raise InvalidInput("lti.token", what=what, check="InvalidAuthorizedParty")
    return claims


def read_launch(
    token: str, key_of: KeyOf, *, issuer: str, client_id: str, deployments: Collection[str], nonce: bytes, site: str
) -> Launch:
    """A launch that a platform sent us.

    ``nonce`` is the digest of the one that we asked for; ``site`` is where our pages are. Raises InvalidInput
    ``lti.token``, ``lti.nonce``, ``lti.deployment``, ``lti.message``.
    """
    claims = verified(
        token, key_of, issuer=issuer, audience=client_id, required=("iss", "aud", "sub", "nonce"), what="id_token"
    )
    if not secrets.compare_digest(digest(str(claims["nonce"])), nonce):
        raise InvalidInput("lti.nonce")
    deployment = claims.get(CLAIM + "deployment_id")
    if deployment not in deployments:
        raise InvalidInput("lti.deployment")
    kind, target = claims.get(CLAIM + "message_type"), claims.get(CLAIM + "target_link_uri", site)
    if claims.get(CLAIM + "version") != "1.3.0" or kind not in ("LtiResourceLinkRequest", "LtiDeepLinkingRequest"):
        raise InvalidInput("lti.message", part="message_type")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise InvalidInput("lti.message", part="sub")
    if not isinstance(target, str) or not (target == site or target.startswith(f"{site}/")):
        raise InvalidInput("lti.message", part="target_link_uri")
    settings = _mapping(claims, DEEP_LINKING + "deep_linking_settings")
    endpoint, link = _mapping(claims, AGS), _mapping(claims, CLAIM + "resource_link")
    scopes, context = endpoint.get("scope"), _mapping(claims, CLAIM + "context")
    if kind == "LtiDeepLinkingRequest" and not isinstance(settings.get("deep_link_return_url"), str):
        raise InvalidInput("lti.message", part="deep_link_return_url")
    if kind == "LtiResourceLinkRequest" and not isinstance(link.get("id"), str):
        raise InvalidInput("lti.message", part="resource_link")
    title = link.get("title") or context.get("title") or ""
    return Launch(
        subject=subject,
        kind=str(kind),
        target=target,
        deployment=str(deployment),
        title=str(title)[:200],
        lineitem=_text(endpoint.get("lineitem")),
        may_score=isinstance(scopes, list) and SCOPE_SCORE in scopes,
        return_url=_text(settings.get("deep_link_return_url")),
        data=_text(settings.get("data")),
        several=settings.get("accept_multiple") is not False,
    )


def _mapping(claims: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = claims.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def signed(claims: Mapping[str, Any], key: OwnKey, now: datetime) -> str:
    """A token of ours that is good for five minutes."""
    whole = {"iat": int(now.timestamp()), "exp": int((now + LIFETIME).timestamp()), "jti": str(uuid4()), **claims}
    return jwt.encode(whole, key.private, "RS256", headers={"kid": key.kid})


def deep_link_response(
    key: OwnKey,
    now: datetime,
    *,
    issuer: str,
    client_id: str,
    deployment: str,
    data: str | None,
    items: list[dict[str, str]],
) -> str:
    """What was chosen, for the platform that asked (Deep Linking 2.0 §4): links to our courses and items."""
    claims: dict[str, Any] = {
        "iss": client_id,
        "aud": issuer,
        "nonce": fresh(),
        CLAIM + "deployment_id": deployment,
        CLAIM + "message_type": "LtiDeepLinkingResponse",
        CLAIM + "version": "1.3.0",
        DEEP_LINKING + "content_items": [{"type": "ltiResourceLink", **item} for item in items],
    }
    if data is not None:
        claims[DEEP_LINKING + "data"] = data
    return signed(claims, key, now)


def client_assertion(key: OwnKey, now: datetime, *, client_id: str, token_url: str) -> str:
    """What proves to a platform's token endpoint that we ask (RFC 7523, Security Framework §4.1)."""
    return signed({"iss": client_id, "sub": client_id, "aud": token_url}, key, now)


def launch_token(
    key: OwnKey, now: datetime, *, issuer: str, client_id: str, subject: str, nonce: str, target: str, tool: str,
    site: str, title: str,
) -> str:  # fmt: skip
    """The launch of a tool by one of our learners: a pseudonym and the role of a learner, no name and no address."""
    return signed(
        {
            "iss": issuer,
            "aud": client_id,
            "sub": subject,
            "nonce": nonce,
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "version": "1.3.0",
            CLAIM + "deployment_id": tool,
            CLAIM + "target_link_uri": target,
            CLAIM + "resource_link": {"id": tool, "title": title},
            CLAIM + "roles": [LEARNER_ROLE],
            CLAIM + "launch_presentation": {"document_target": "window", "return_url": f"{site}/connect"},
            AGS: {"scope": [SCOPE_SCORE], "lineitem": f"{site}/lti/lineitems/{tool}"},
        },
        key,
        now,
    )
