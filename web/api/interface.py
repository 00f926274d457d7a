"""The blueprint of ``/api/v1``, what every answer of it carries, and how an application gets it."""

from importlib import import_module

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.routing import BaseConverter

from web import error_pages
from web.accounts import api_tokens
from web.accounts.permissions import Audience, is_api, permission_of
from web.api import problems
from web.security import csrf

PREFIX = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
VIEWS = (
    *("service", "verification", "institutions", "log", "credentials", "outcomes", "imports", "comparisons"),
    *("evaluations", "xapi"),
)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Handle(BaseConverter):
    """An institution's handle; anything else is no such address, and never reaches the database."""

    regex = "[a-z0-9-]{1,60}"


def _language() -> None:
    if is_api():
        problems.speak()


def _open_to_other_sites(response: Response) -> Response:
    """Let pages elsewhere use what is public (CORS); what needs a token is for programs, not for browsers."""
    permission = permission_of(current_app, request.endpoint or "")
    if permission is not None and permission.audience is Audience.PUBLIC:
        response.headers.update(CORS)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
            response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
    return response


def install(app: Flask) -> None:
    """Give an application the interface, its description, and its way of answering errors."""
    app.url_map.converters["handle"] = Handle
    for name in VIEWS:
        import_module(f"web.api.v1.{name}")
    description = import_module("web.api.openapi")
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
    app.register_blueprint(description.blueprint)
    app.before_request(_language)
    api_tokens.install(app)
    error_pages.answer_api_errors(app, problems.answer)


blueprint.after_request(_open_to_other_sites)
