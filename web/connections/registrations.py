"""Which platforms and tools an institution is connected with: registered and withdrawn by its administrator."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from web.connections.fetching import check_address
from web.connections.tables import LtiPlatform, LtiTool


def add_platform(
    session: Session,
    *,
    institution_id: UUID,
    name: str,
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    deployments: Sequence[str],
    made_by: UUID,
    now: datetime,
    private: bool,
) -> LtiPlatform:
    """Register a platform whose people may open our library.

    Raises InvalidInput ``lti.address`` or ``lti.deployments_missing``; Conflict ``lti.platform_known``.
    """
    for url in (issuer, auth_url, token_url, jwks_url):
        check_address(url, private=private)
    if not deployments:
        raise InvalidInput("lti.deployments_missing")
    if any(row.client_id == client_id for row in _of_issuer(session, issuer)):
        raise Conflict("lti.platform_known")
    row = LtiPlatform(
        institution_id=institution_id, name=name, issuer=issuer, client_id=client_id, auth_url=auth_url,
        token_url=token_url, jwks_url=jwks_url, deployments=list(deployments), made_by=made_by, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def add_tool(
    session: Session,
    *,
    institution_id: UUID,
    name: str,
    purpose: str,
    login_url: str,
    launch_urls: Sequence[str],
    jwks_url: str,
    made_by: UUID,
    now: datetime,
    private: bool,
) -> LtiTool:
    """Register a tool that our learners may open. Raises InvalidInput ``lti.address`` or ``lti.launch_missing``."""
    if not launch_urls:
        raise InvalidInput("lti.launch_missing")
    for url in (login_url, jwks_url, *launch_urls):
        check_address(url, private=private)
    row = LtiTool(
        institution_id=institution_id, name=name, purpose=purpose, login_url=login_url, launch_urls=list(launch_urls),
        jwks_url=jwks_url, made_by=made_by, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def of_institution(session: Session, institution_id: UUID) -> tuple[Sequence[LtiPlatform], Sequence[LtiTool]]:
    """An institution's platforms and tools, the newest first; withdrawn ones are kept."""
    platforms = select(LtiPlatform).where(col(LtiPlatform.institution_id) == institution_id)
    tools = select(LtiTool).where(col(LtiTool.institution_id) == institution_id)
    return (
        session.exec(platforms.order_by(col(LtiPlatform.made_at).desc())).all(),
        session.exec(tools.order_by(col(LtiTool.made_at).desc())).all(),
    )


def own(session: Session, institution_id: UUID, row_id: UUID) -> LtiPlatform | LtiTool:
    """An institution's own registration. Raises Missing ``lti.unknown``."""
    found = session.get(LtiPlatform, (institution_id, row_id)) or session.get(LtiTool, (institution_id, row_id))
    if found is None:
        raise Missing("lti.unknown")
    return found


def withdraw(session: Session, row: LtiPlatform | LtiTool, now: datetime) -> None:
    """End a connection. Raises Conflict ``lti.withdrawn``."""
    if row.withdrawn_at is not None:
        raise Conflict("lti.withdrawn")
    row.withdrawn_at = now
    session.add(row)
    session.flush()


def _of_issuer(session: Session, issuer: str) -> Sequence[LtiPlatform]:
    return session.exec(select(LtiPlatform).where(col(LtiPlatform.issuer) == issuer)).all()


def platform_of(session: Session, issuer: str, client_id: str | None) -> LtiPlatform:
    """The platform that begins a login: by its issuer, and by the client id where it says one.

    Raises InvalidInput ``lti.platform_unknown`` also where several could be meant.
    """
    found = [r for r in _of_issuer(session, issuer) if r.withdrawn_at is None and client_id in (None, r.client_id)]
    if len(found) != 1:
        raise InvalidInput("lti.platform_unknown")
    return found[0]


def platform(session: Session, platform_id: UUID) -> LtiPlatform:
    """A platform that is connected. Raises InvalidInput ``lti.platform_unknown``."""
    found = session.exec(select(LtiPlatform).where(col(LtiPlatform.id) == platform_id)).first()
    if found is None or found.withdrawn_at is not None:
        raise InvalidInput("lti.platform_unknown")
    return found


def tool(session: Session, tool_id: UUID) -> LtiTool:
    """A tool that is connected. Raises Missing ``lti.unknown``."""
    found = session.exec(select(LtiTool).where(col(LtiTool.id) == tool_id)).first()
    if found is None or found.withdrawn_at is not None:
        raise Missing("lti.unknown")
    return found


def tools(session: Session) -> Sequence[LtiTool]:
    """Every tool that learners may open."""
    return session.exec(select(LtiTool).where(col(LtiTool.withdrawn_at).is_(None)).order_by(col(LtiTool.name))).all()
