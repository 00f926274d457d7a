"""Connections to other platforms, looked at in a real browser: registered, opened, arrived from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import col, select

from tests.browser.desk_pages import as_, made, world
from tests.browser.looked import Looked, Sent
from tests.browser.received_pages import learner, received
from tests.browser.site import Site
from web.accounts.tables import Membership
from web.connections import as_platform, as_tool, moments, registrations
from web.connections.messages import Launch, digest
from web.connections.tables import LtiTool

CONNECTIONS = "/institution/browser-bank/connections"
BROWSER = "a-browser-that-began-the-launch"
PLATFORM = "https://lms.example"


@cache
def platform(site: Site) -> UUID:
    """A platform that opens our library."""
    found = world(site)
    with site.writing() as session:
        at = session.exec(select(Membership).where(col(Membership.person_id) == found.people["bank"])).one()
        return registrations.add_platform(
            session,
            institution_id=at.institution_id,
            name="企业内训",
            issuer=PLATFORM,
            client_id="client-7",
            auth_url=f"{PLATFORM}/auth",
            token_url=f"{PLATFORM}/token",
            jwks_url=f"{PLATFORM}/jwks",
            deployments=["d1"],
            made_by=at.person_id,
            now=datetime.now(UTC),
            private=True,
        ).id


def arrived(kind: str) -> Callable[[Site], str]:
    """Where a launch of that kind ends."""

    def path(site: Site) -> str:
        launch = Launch(
            subject="user-17",
            kind=kind,
            target=f"{site.origin}/library",
            deployment="d1",
            title="第三周",
            lineitem=f"{PLATFORM}/items/3",
            may_score=True,
            return_url=f"{PLATFORM}/back",
            data=None,
            several=True,
        )
        now, registered = datetime.now(UTC), platform(site)
        with site.writing() as session:
            facts = {"browser": digest(BROWSER).hex()}
            state = moments.begin(session, "login", registered, lifetime=timedelta(minutes=10), now=now, facts=facts)
            code = as_tool.accept_launch(session, state, launch, now)
        return f"/lti/arrived/{code}"

    return path


def arriving(_site: Site) -> dict[str, str]:
    """The cookie of the browser that began the launch."""
    return {"evergreen_launch": BROWSER}


def _tool(site: Site) -> LtiTool:
    received(site)
    with site.writing() as session:
        found = session.exec(select(LtiTool)).first()
        assert found is not None
        session.expunge(found)
        return found


def tool(part: str = "") -> Callable[[Site], str]:
    """A page of the tool that the learner of the results from elsewhere agreed to."""
    return lambda site: f"/connect/tools/{_tool(site).id}{part}"


def handed_over(site: Site) -> str:
    """Where the tool asks who is there."""
    found = _tool(site)
    with site.writing() as session:
        ticket = moments.begin(
            session,
            "ticket",
            found.id,
            lifetime=as_platform.TICKET_LIFETIME,
            now=datetime.now(UTC),
            learner_id=received(site).holder.learner_id,
        )
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": str(found.id),
        "redirect_uri": found.launch_urls[0],
        "login_hint": ticket,
        "state": "s",
        "nonce": "n1",
    }
    return f"/lti/authorize?{urlencode(asked)}"


def _withdraw(site: Site) -> str:
    return f"{CONNECTIONS}/{platform(site)}/withdraw"


def _listed(site: Site) -> str:
    platform(site)
    return CONNECTIONS


CONNECTED = [
    Looked("connections", _listed, as_("bank")),
    Looked("new platform", made(f"{CONNECTIONS}/platform/new"), as_("bank")),
    Looked("new tool", made(f"{CONNECTIONS}/tool/new"), as_("bank")),
    Looked("end a connection", _withdraw, as_("bank")),
    Looked("arrived from a platform", arrived("LtiResourceLinkRequest"), arriving),
    Looked("choose for a platform", arrived("LtiDeepLinkingRequest"), arriving),
    Looked(
        "chosen for a platform", arrived("LtiDeepLinkingRequest"), arriving, 200, (Sent({"chosen": []}, "/choose"),)
    ),
    Looked("arrived in another browser", arrived("LtiResourceLinkRequest"), None, 400),
    Looked("tool", tool(), learner),
    Looked("leave a tool", tool("/stop"), learner),
    Looked("hand over to a tool", handed_over, learner),
]
