"""A town with a centre, a college that awards, a university with rules, and a learner with an outcome; for pages."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID, uuid4

from credit_bank import admitting, agreeing, issuing, registering
from credit_bank.recognition.framework import Category
from credit_bank.store import learners
from credit_bank.store.tables import Outcome
from tests.credit_bank import casework_city, cities
from tests.web.client import ClientRequest
from tests.web.desks import Desk
from tests.web.people import Holder
from web.accounts.roles import Role


@dataclass
class Places:
    """A town with a centre, a college, a university with rules, and a learner who has nothing yet."""

    town: Desk
    centre: UUID
    college: UUID
    university: UUID
    holder: Holder
    programme: UUID

    def staff(self, place: UUID, role: Role = Role.REVIEWER) -> ClientRequest:
        """The browser of somebody new who works there."""
        return self.town.at(place, role)

    @cached_property
    def learner(self) -> ClientRequest:
        """The learner's browser."""
        return self.town.browser(self.holder.person_id)


@dataclass
class Scene(Places):
    """The same, and the learner has an outcome of the college."""

    outcome: UUID


def places(town: Desk) -> Places:
    """The town before anything happens in it."""
    holder = town.learner()
    with town.writing() as session:
        every = list(Category)
        centre = admitting.admit(
            session, town.bank, handle="the-centre", name="市中心", categories=every, tier="centre"
        )
        college = admitting.admit(session, town.bank, handle="test-college", name="试验学院", categories=every)
        university = admitting.admit(session, town.bank, handle="test-university", name="试验大学", categories=every)
        published = []
        for draft in (
            registering.programme_draft(casework_city.PROGRAMME, date(2026, 1, 1)),
            registering.ruleset_draft(casework_city.RULES.format(policy="")),
        ):
            row = agreeing.propose(session, town.bank, university.id, draft, proposed_by=uuid4())
            published.append(agreeing.publish(session, town.bank, row.id, published_by=uuid4()).id)
        learner = learners.get(session, holder.learner_id)
        learner.identity_level = "document-seen"
        session.add(learner)
        return Places(town, centre.id, college.id, university.id, holder, published[0])


def make(town: Desk) -> Scene:
    """All of it, made."""
    found = places(town)
    holder = found.holder
    with town.writing() as session:
        row = cities.row(2, holder.number, course_code="INTRO", name="")
        [outcome] = cities.record(session, town.bank, found.college, row).outcome_ids
        issuing.issue(session, town.bank, found.college, [outcome])
        assert session.get(Outcome, (holder.learner_id, outcome)) is not None
    return Scene(**vars(found), outcome=outcome)
