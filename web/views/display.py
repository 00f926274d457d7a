"""Display settings, elder view and language: how this device shows the bank. Works without script, without flash."""

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from accessibility.preference.model import VALUES, choices_of
from accessibility.preference.presentation import stylesheet_named
from web import assets
from web import presentation as shown
from web.accounts.permissions import PUBLIC, permit, safe_next
from web.forms.display import DisplayForm
from web.messages import COOKIE as LANGUAGE_COOKIE
from web.messages import LOCALES, t
from web.settings import Settings

blueprint = Blueprint("display", __name__)


def _back() -> Response:
    response: BaseResponse = redirect(safe_next(request.args.get("next")) or "/", 303)
    answer = make_response(response)
    answer.headers["Cache-Control"] = "no-store"
    return answer


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


@blueprint.get("/settings/display")
@permit(PUBLIC)
def settings() -> str:
    """Every preference, each choice showing itself."""
    chosen = shown.preference()
    form = DisplayForm(formdata=None, data={name: getattr(chosen, name) for name in VALUES})
    return render_template("display/settings.html", form=form)


@blueprint.post("/settings/display")
@permit(PUBLIC)
def save() -> BaseResponse | tuple[str, int]:
    """Keep the choices on this device, or forget them all."""
    if "forget" in request.form:
        flash(t("display.forgotten"), "good")
        return shown.keep_on_device(make_response(redirect(url_for(".settings"), 303)), {})
    form = DisplayForm()
    if not form.validate_on_submit():
        return render_template("display/settings.html", form=form), 422
    chosen = form.chosen(shown.preference().profile)
    flash(t("display.kept"), "good")
    return shown.keep_on_device(make_response(redirect(url_for(".settings"), 303)), choices_of(chosen))


@blueprint.get("/settings/display/elder")
@permit(PUBLIC)
def elder() -> BaseResponse:
    """Switch this device to the elder view and go back; a theme that was chosen stays."""
    kept = {name: value for name, value in shown.device_choices().items() if name == "theme"}
    return shown.keep_on_device(_back(), {**kept, "profile": "elder"})


@blueprint.get("/settings/display/standard")
@permit(PUBLIC)
def standard() -> BaseResponse:
    """Switch this device back from the elder view; a theme that was chosen stays."""
    kept = {name: value for name, value in shown.device_choices().items() if name == "theme"}
    return shown.keep_on_device(_back(), kept)


@blueprint.get("/language/<lang>")
@permit(PUBLIC)
def language(lang: str) -> BaseResponse:
    """Read this device's pages in that language from now on, and go back."""
    if lang not in LOCALES:
        abort(404)
    g.locale = lang
    response = _back()
    config: Settings = current_app.extensions["evergreen_settings"]
    response.set_cookie(
        LANGUAGE_COOKIE, lang, max_age=shown.YEAR, secure=config.cookie_secure, httponly=True, samesite="Lax", path="/"
    )
    return response
