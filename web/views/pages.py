"""Pages that explain: help, privacy, accessibility, about."""

from flask import Blueprint, abort, render_template

from web import statement
from web.accounts.permissions import PUBLIC, SIGNED_IN, actor, permit
from web.navigation import CONTENTS

blueprint = Blueprint("pages", __name__)


@blueprint.get("/help")
@permit(PUBLIC)
def help() -> str:
    """Questions people have, and the person who helps."""
    return render_template("pages/help.html")


@blueprint.get("/privacy")
@permit(PUBLIC)
def privacy() -> str:
    """What is kept of a person, why, and how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
@permit(PUBLIC)
def accessibility() -> str:
    """What we measured ourselves against, and what does not work yet."""
    return render_template("pages/accessibility.html", statement=statement.statement(), counts=statement.counts())


@blueprint.get("/accessibility/criteria")
@permit(SIGNED_IN)
def criteria() -> str:
    """For staff: the state of each criterion, and what shows it."""
    if not actor().is_staff:
        abort(403)
    return render_template("pages/accessibility_criteria.html", criteria=statement.by_state())


@blueprint.get("/contents")
@permit(PUBLIC)
def contents() -> str:
    """Every page that a person may come for, on one page."""
    return render_template("pages/contents.html", contents=CONTENTS)


@blueprint.get("/about")
@permit(PUBLIC)
def about() -> str:
    """What a credit bank is, and how a credential proves itself."""
    return render_template("pages/about.html")
