"""The first page: what the bank is, and the three doors."""

from flask import Blueprint, render_template

from web.accounts.permissions import PUBLIC, permit

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@permit(PUBLIC)
def home() -> str:
    """What the bank is, and the three doors."""
    return render_template("home/home.html")
