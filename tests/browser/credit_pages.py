"""A learner whose credits have been through everything, looked at in a real browser, made once for each site."""

from datetime import date
from functools import cache
from uuid import UUID, uuid4

from credit_bank import crediting, settling
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.journal import Decision, RuleSet
from credit_bank.account.movements import Award
from credit_bank.crediting import Spend
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.store import outcomes
from credit_bank.store.outcomes import PortfolioFilter
from tests.browser.looked import Looked
from tests.browser.site import Site
from tests.web import portfolios
from tests.web.people import Town
from tests.web.portfolios import Portfolio
from web.accounts.permissions import cookie_name


def spend(made: Portfolio) -> None:
    """Of a portfolio of 57 outcomes, five are recognised and used, given back, or left to expire."""

    def decision(reason: str) -> Decision:
        return Decision(uuid4(), reason, made.institution.id, None, RuleSet(UUID(int=1), b"r" * 32))

    me, bank = made.holder.learner_id, made.town.bank
    four = Denomination(EVERGREEN.id, "4", "academic")
    with made.town.writing() as session:
        ids = [o.id for o, _ in outcomes.portfolio(session, me, PortfolioFilter(state="issued"), limit=5)]
        for n, outcome in enumerate(ids):
            last = date(2026, 6, 30) if n == 4 else None
            crediting.recognise(session, bank, me, outcome, Credit(30, four), decision("reviewed"), expires_on=last)
        taken = [
            crediting.convert(
                session, bank, me, [Spend(i) for i in some], [Award(UUID(int=7), Credit(25, four))], decision("rule")
            )
            for some in (ids[:2], ids[2:3])
        ]
        crediting.consume(session, bank, me, taken[0].id, decision("programme_complete"))
        crediting.reverse(session, bank, me, taken[1].id, decision("appeal"))
        settling.expire(session, bank, date(2026, 9, 1))


@cache
def credits_of(site: Site) -> Portfolio:
    """A learner with 60 outcomes, some of them converted and redeemed."""
    made = portfolios.make(Town(site.app), signed=57, waiting=3, handle="browser-credits", serial=9101)
    spend(made)
    return made


def learner(site: Site) -> dict[str, str]:
    """The cookies of that learner's browser."""
    made = credits_of(site)
    with site.app.app_context():
        return {cookie_name(): made.town.token(made.holder.person_id)}


CREDITS = [
    Looked("credit account", "/portfolio/credits", learner),
    Looked("credit account, the last page", "/portfolio/credits?page=2", learner),
]
