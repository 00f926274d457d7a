"""The counter's blueprint, and who stands behind the counter."""

from uuid import UUID

from flask import Blueprint, g

from credit_bank.store.tables import Learner
from web.accounts.permissions import actor, now
from web.banking import settings
from web.database import tx
from web.workflows import counter
from web.workflows.counter import Officer

blueprint = Blueprint("centre", __name__)


def officer() -> Officer:
    """The member of staff who is acting, at the centre of this page."""
    return Officer(actor().person_id, g.institution.id)


def served(learner_id: UUID) -> Learner:
    """The learner of this page. Raises Missing (404) for one whom this officer has no business with now."""
    return counter.served(tx(), officer(), learner_id, now())


def sign_in_address() -> str:
    """Where learners sign in, as printed on the card."""
    return f"{settings().site}/sign-in"
