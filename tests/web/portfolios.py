"""A town whose learner has a portfolio: an institution that may issue, outcomes of it, signed and waiting."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from credit_bank import issuing, publishing
from credit_bank.store import outcomes
from credit_bank.store.outcomes import PortfolioFilter
from credit_bank.store.tables import Institution
from tests.credit_bank import cities
from tests.web.client import ClientRequest
from tests.web.people import Holder, Town


@dataclass(frozen=True)
class Portfolio:
    """A learner with outcomes: ``credentials`` are ids of signed ones, the newest award first."""

    town: Town
    institution: Institution
    holder: Holder
    credentials: list[UUID]

    def browser(self, language: str = "zh-CN") -> ClientRequest:
        """The learner's browser."""
        return self.town.browser(self.holder.person_id, language=language)


def make(
    town: Town,
    *,
    signed: int = 2,
    waiting: int = 1,
    name: str = "示例甲",
    handle: str = "test-college",
    serial: int = 1,
    **values: object,
) -> Portfolio:
    """A learner with that many signed outcomes and some that wait for their credential."""
    with town.writing() as session:
        institution = cities.found(session, town.bank, handle, serial)
    holder = town.learner(name)
    first = date(2026, 6, 30)
    with town.writing() as session:
        rows = [
            cities.row(
                n + 2,
                holder.number,
                **{"course_title": f"书法第{n + 1}期", "awarded": first - timedelta(days=n), **values},
            )
            for n in range(signed + waiting)
        ]
        recorded = cities.record(session, town.bank, institution.id, *rows)
        issued = issuing.issue(session, town.bank, institution.id, recorded.outcome_ids[:signed])
    with town.writing() as session:
        publishing.publish(session, town.bank, institution.id)
        found = outcomes.portfolio(session, holder.learner_id, PortfolioFilter(state="issued"))
        ids = [o.credential_id for o, _ in found if o.credential_id]
    assert len(ids) == len(issued)
    return Portfolio(town, institution, holder, ids)
