"""The blueprint of comparisons, and what its pages share."""

from datetime import date

from flask import Blueprint, request

from web.accounts.permissions import now
from web.messages import CITY

blueprint = Blueprint("comparing", __name__)
PAGE = 50


def today() -> date:
    """The civil date in the bank's city."""
    return now().astimezone(CITY).date()


def page_number() -> int:
    """The page of a list that was asked for, from 1."""
    return max(1, min(request.args.get("page", 1, type=int), 100_000))
