"""The desk's blueprint, and what its pages share."""

from decimal import Decimal

from flask import Blueprint, g, request

from credit_bank.recognition.framework import EVERGREEN, FRAMEWORKS
from credit_bank.store.tables import Course
from web.accounts.permissions import actor
from web.accounts.roles import Role
from web.messages import t

blueprint = Blueprint("desk", __name__)
PAGE = 50


def has(role: Role) -> bool:
    """Whether who is acting has that role at the institution of this page."""
    return actor().has_role(g.institution.id, role)


def page_number() -> int:
    """The page of a list that was asked for, from 1."""
    return max(1, min(request.args.get("page", 1, type=int), 100_000))


def pages(count: int) -> int:
    """How many pages a list of that many rows has."""
    return -(-count // PAGE)


@blueprint.app_template_filter("credits")
def credits(amount: int, framework: str = EVERGREEN.id) -> str:
    """An amount in a framework's smallest step as credits."""
    return FRAMEWORKS[framework].credits(amount)


@blueprint.app_template_filter("tenths")
def tenths(value: int) -> str:
    """Tenths as a decimal number: 365 is 36.5."""
    return format((Decimal(value) / 10).normalize(), "f")


@blueprint.app_template_filter("course_credits")
def course_credits(course: Course) -> str:
    """The credits of a course: one number, a range, or that it has none of its own."""
    if course.credits_min is None or course.credits_max is None:
        return t("desk.course.credits_none")
    least, most = (credits(amount, course.framework) for amount in (course.credits_min, course.credits_max))
    return least if least == most else f"{least}–{most}"
