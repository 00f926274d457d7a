"""Elder view and language, one press from every page; and the person's own stylesheet. Needs no script."""

from flask import Response, abort, current_app, g, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from accessibility.preference.model import started_from
from accessibility.preference.presentation import stylesheet_named
from web import assets, presentation
from web.accounts.permissions import PUBLIC, permit, safe_next
from web.messages import COOKIE as LANGUAGE_COOKIE
from web.messages import LOCALES
from web.settings import Settings
from web.views.display.blueprint import blueprint


def _back() -> BaseResponse:
    response: BaseResponse = redirect(safe_next(request.args.get("next")) or "/", 303)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/presentation/<name>.css")
@permit(PUBLIC)
def stylesheet(name: str) -> Response:
    """The variables that a name stands for; a name that is not ours is not found."""
    text = stylesheet_named(name)
    if text is None:
        abort(404)
    response = make_response(text)
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = assets.FOR_EVER
    return response


@blueprint.get("/settings/display/elder")
@permit(PUBLIC)
def elder() -> BaseResponse:
    """Switch this device to the elder view and go back."""
    return _switch_to("elder")


@blueprint.get("/settings/display/standard")
@permit(PUBLIC)
def standard() -> BaseResponse:
    """Switch this device back from the elder view."""
    return _switch_to("standard")


def _switch_to(profile: str) -> BaseResponse:
    """A link never changes what is kept with the account: another site may hold such a link."""
    return presentation.keep(_back(), started_from(profile, presentation.preference()), presentation.here())


@blueprint.get("/language/<lang>")
@permit(PUBLIC)
def language(lang: str) -> BaseResponse:
    """Read this device's pages in that language from now on, and go back."""
    if lang not in LOCALES:
        abort(404)
    g.locale = lang
    return speak(_back(), lang)


def speak(response: BaseResponse, lang: str) -> BaseResponse:
    """Remember the language on this device."""
    config: Settings = current_app.extensions["evergreen_settings"]
    response.set_cookie(
        LANGUAGE_COOKIE,
        lang,
        max_age=presentation.YEAR,
        secure=config.cookie_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response
