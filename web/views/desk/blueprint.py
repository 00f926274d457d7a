"""The desk's blueprint, and what its pages share."""

from flask import Blueprint, request

from web.accounts.permissions import actor
from web.accounts.roles import Role

blueprint = Blueprint("desk", __name__)
PAGE = 50


def has(role: Role) -> bool:
    """Whether who is acting has that role at the institution of this page."""
    from flask import g

    return actor().has_role(g.institution.id, role)


def page_number() -> int:
    """The page of a list that was asked for, from 1."""
    return max(1, min(request.args.get("page", 1, type=int), 100_000))


def pages(count: int) -> int:
    """How many pages a list of that many rows has."""
    return -(-count // PAGE)


@blueprint.app_context_processor
def _roles() -> dict[str, object]:
    return {"Role": Role}
