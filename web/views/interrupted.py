"""Back after the sign-in had ended: what was filled in is there still, and goes on with one press."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.accounts import interrupted
from web.accounts.permissions import SIGNED_IN, actor, now, permit
from web.settings import Settings

blueprint = Blueprint("interrupted", __name__)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["evergreen_settings"]
    return settings


@blueprint.route("/account/filled-in", methods=["GET", "POST"])
@permit(SIGNED_IN)
def filled_in() -> ResponseReturnValue:
    """What I had filled in, and the buttons to send it now or to drop it."""
    value = request.cookies.get(interrupted.COOKIE, "")
    found = interrupted.kept(value, actor().person_id, _settings(), now()) if request.method == "GET" else None
    if found is None:
        response = redirect(url_for("home.home"), 303)
        interrupted.drop(response, _settings())
        return response
    return render_template("interrupted/filled_in.html", filled=found)
