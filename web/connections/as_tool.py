"""We are the tool: people of a platform open our library, and take a result back if they want to."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Unavailable
from web.connections import fetching, messages, moments, registrations
from web.connections.fetching import origin_of
from web.connections.keys import KeySets, OwnKey
from web.connections.messages import Launch
from web.connections.tables import LtiLink, LtiMoment, LtiPlatform

LOGIN_LIFETIME = timedelta(minutes=10)
LAUNCH_LIFETIME = timedelta(hours=2)


def begin_login(session: Session, given: dict[str, str], *, browser: str, redirect_uri: str, now: datetime) -> str:
    """Answer a platform's login initiation (Security Framework §5.1.1.1): the address to send the browser to.

    Raises InvalidInput ``lti.platform_unknown`` or ``lti.message``.
    """
    for name in ("iss", "login_hint", "target_link_uri"):
        if not given.get(name):
            raise InvalidInput("lti.message", part=name)
    platform = registrations.platform_of(session, given["iss"], given.get("client_id") or None)
    nonce = messages.fresh()
    facts = {"nonce": messages.digest(nonce).hex(), "browser": messages.digest(browser).hex()}
    state = moments.begin(session, "login", platform.id, lifetime=LOGIN_LIFETIME, now=now, facts=facts)
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": redirect_uri,
        "login_hint": given["login_hint"],
        "state": state,
        "nonce": nonce,
    }
    if given.get("lti_message_hint"):
        query["lti_message_hint"] = given["lti_message_hint"]
    return with_query(platform.auth_url, query)


def with_query(url: str, query: dict[str, str]) -> str:
    """An address with further parameters."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(part for part in (parts.query, urlencode(query)) if part)))


def login_of(session: Session, state: str, now: datetime) -> tuple[LtiMoment, LtiPlatform]:
    """The login that a state belongs to, and its platform. Raises InvalidInput ``lti.moment``."""
    row = moments.find(session, "login", state, now)
    return row, registrations.platform(session, row.registration_id)


def check_launch(login: LtiMoment, platform: LtiPlatform, token: str, keys: KeySets, site: str) -> Launch:
    """The launch that came back. Asks the platform for its keys, so no transaction may be open. Raises InvalidInput."""
    return messages.read_launch(
        token,
        lambda kid: keys.key(platform.jwks_url, kid),
        issuer=platform.issuer,
        client_id=platform.client_id,
        deployments=platform.deployments,
        nonce=bytes.fromhex(login.facts["nonce"]),
        site=site,
    )


def accept_launch(session: Session, login_state: str, launch: Launch, now: datetime) -> str:
    """Use the login up and keep the launch for two hours; returns its code. Raises InvalidInput ``lti.moment``."""
    login = moments.find(session, "login", login_state, now)
    moments.use(session, login, now)
    facts = {**asdict(launch), "browser": login.facts["browser"]}
    return moments.begin(session, "launch", login.registration_id, lifetime=LAUNCH_LIFETIME, now=now, facts=facts)


def launch_of(session: Session, code: str, browser: str, now: datetime) -> tuple[LtiMoment, LtiPlatform, Launch]:
    """A kept launch, in the browser that began it only. Raises InvalidInput ``lti.moment`` or ``lti.browser``."""
    row = moments.find(session, "launch", code, now)
    facts = dict(row.facts)
    if facts.pop("browser") != messages.digest(browser).hex():
        raise InvalidInput("lti.browser")
    return row, registrations.platform(session, row.registration_id), Launch(**facts)


def is_linked(session: Session, platform: LtiPlatform, subject: str, learner_id: UUID) -> bool:
    """Whether an account of a platform is this learner's already. Raises Conflict ``lti.linked_to_another``."""
    found = session.exec(
        select(LtiLink).where(col(LtiLink.platform_id) == platform.id, col(LtiLink.subject) == subject)
    ).first()
    if found is not None and found.learner_id != learner_id:
        raise Conflict("lti.linked_to_another")
    return found is not None


def link(session: Session, platform: LtiPlatform, subject: str, learner_id: UUID, now: datetime) -> None:
    """Remember that an account of a platform is this learner's. Raises Conflict ``lti.linked_to_another``."""
    if not is_linked(session, platform, subject, learner_id):
        session.add(LtiLink(learner_id=learner_id, platform_id=platform.id, subject=subject, linked_at=now))
        session.flush()


def send_score(
    platform: LtiPlatform, launch: Launch, key: OwnKey, *, given: float, maximum: float, now: datetime, private: bool
) -> None:
    """Send a score to the platform's line item (AGS 2.0 §3.4). Asks the network, so no transaction may be open.

    The line item must stand at the origin of an address that the administrator registered. Raises InvalidInput
    ``lti.no_score`` or ``lti.lineitem_elsewhere``; Unavailable ``lti.score_refused``.
    """
    if launch.lineitem is None or not launch.may_score:
        raise InvalidInput("lti.no_score")
    known = {origin_of(url) for url in (platform.issuer, platform.token_url, platform.auth_url, platform.jwks_url)}
    if origin_of(launch.lineitem) not in known:
        raise InvalidInput("lti.lineitem_elsewhere")
    parts = urlsplit(launch.lineitem)
    url = urlunsplit(parts._replace(path=f"{parts.path}/scores"))
    score = {
        "userId": launch.subject,
        "scoreGiven": given,
        "scoreMaximum": maximum,
        "activityProgress": "Completed" if given >= maximum else "InProgress",
        "gradingProgress": "FullyGraded",
        "timestamp": now.isoformat(timespec="milliseconds"),
    }
    token = _access_token(platform, key, now, private=private)
    status, _body = fetching.request(
        "POST",
        url,
        private=private,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.ims.lis.v1.score+json"},
        body=json.dumps(score).encode(),
    )
    if not 200 <= status < 300:
        raise Unavailable("lti.score_refused", status=status)


def _access_token(platform: LtiPlatform, key: OwnKey, now: datetime, *, private: bool) -> str:
    """A bearer token of the platform for sending scores (RFC 7523)."""
    assertion = messages.client_assertion(key, now, client_id=platform.client_id, token_url=platform.token_url)
    query = {
        "grant_type": "client_credentials",
        "client_assertion_type": messages.ASSERTION_TYPE,
        "client_assertion": assertion,
        "scope": messages.SCOPE_SCORE,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, body = fetching.request(
        "POST", platform.token_url, private=private, headers=headers, body=urlencode(query).encode()
    )
    try:
        found: Any = json.loads(body)["access_token"] if status == 200 else None
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, str) or not found.isascii() or not found.isprintable():
        raise Unavailable("lti.score_refused", status=status)
    return found
