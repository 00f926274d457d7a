"""The learner's pages and the verify page, looked at in a real browser, with a portfolio made once for each site."""

from functools import cache

from credit_bank import revoking, sharing
from tests.browser.site import Site
from tests.web import portfolios
from tests.web.people import Town
from tests.web.portfolios import Portfolio
from web.accounts.permissions import cookie_name


@cache
def portfolio_of(site: Site) -> Portfolio:
    """A learner with signed outcomes, one of them revoked, and one that waits."""
    town = Town(site.app)
    made = portfolios.make(town, signed=3, waiting=1, handle="browser-college", serial=9001)
    with town.writing() as session:
        revoking.change_status(
            session, town.bank, made.institution.id, made.credentials[2], "revoke", reason="成绩登记有误"
        )
    return made


@cache
def link_of(site: Site) -> tuple[str, str]:
    """The learner's page of an open link, and the path that a stranger follows."""
    made = portfolio_of(site)
    with made.town.writing() as session:
        link, token = sharing.create(
            session, made.town.bank, made.holder.learner_id, made.credentials[0], lifetime=None, show_name=True
        )
    return f"/portfolio/credentials/{made.credentials[0]}/links/{link.id}", f"/v/{token}"


def signed_in(site: Site) -> dict[str, str]:
    """The cookies of the learner's browser."""
    made = portfolio_of(site)
    with site.app.app_context():
        return {cookie_name(): made.town.token(made.holder.person_id)}


def credential(site: Site, n: int = 0, part: str = "") -> str:
    """The path of one of the learner's credentials."""
    link_of(site)
    return f"/portfolio/credentials/{portfolio_of(site).credentials[n]}{part}"
