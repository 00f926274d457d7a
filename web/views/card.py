"""Signing in with the card: its number by camera or typed, then the PIN where nobody overhears it.

The PIN is entered by large buttons, or counted in taps of one button, for two switches or without sight. Every press is
answered here and works without script; with it (``pin.js``) the presses stay in the page until the end.
"""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from accessibility.preference import card
from credit_bank.errors import CreditBankError, InvalidInput
from credit_bank.identity import account_number
from web import presentation
from web.account_card import display_code_of, number_of
from web.accounts import browser
from web.accounts.attempts import TooManyTries
from web.accounts.permissions import PUBLIC, now, permit, safe_next
from web.accounts.pin_entry import HOLDS_FOR, Entry, EntrySealer, finished, press
from web.accounts.signing_in import try_secret
from web.banking import settings
from web.forms.base import refuse
from web.forms.card import NumberForm
from web.messages import error_sentence, t
from web.security import allow_camera
from web.views.signin import after_sign_in

blueprint = Blueprint("card", __name__)
COOKIE = "evergreen_entry"


@blueprint.route("/sign-in/card", methods=["GET", "POST"])
@permit(PUBLIC)
def number() -> ResponseReturnValue:
    """The card's number: before the camera, or typed. How its holder wants the bank shown holds from here on."""
    form = NumberForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            entry = Entry(number_of(form.number.data), shared=form.shared.data, wish=safe_next(form.next.data) or "")
            shown, _ = card.choices(display_code_of(form.number.data))
            response = _keep(redirect(url_for(".pin"), 303), entry)
            return presentation.keep_for_visit(response, shown) if shown else response
        except InvalidInput as error:
            refuse(form.number, error_sentence(error))
            if error.code == "card.other_code":
                form.number.data = ""  # what a camera read: nobody should have to take it out before they can type
    allow_camera()
    return render_template("card/number.html", form=form), 422 if form.errors else 200


@blueprint.get("/sign-in/card/pin")
@permit(PUBLIC)
def pin() -> ResponseReturnValue:
    """The PIN, on a pad or in taps."""
    entry = entry_now()
    return _begin_anew() if entry is None else _page(entry)


@blueprint.post("/sign-in/card/pin")
@permit(PUBLIC)
def enter() -> ResponseReturnValue:
    """One button of the page; ``done`` tries the PIN."""
    entry = entry_now()
    if entry is None:
        return _begin_anew()
    act = request.form.get("act", "")
    if act == "done":
        return _try(entry, finished(entry, request.form.get("digits", "")))
    return _keep(redirect(url_for(".pin"), 303), press(entry, act))


def _try(entry: Entry, typed: str) -> ResponseReturnValue:
    """Sign in, or say what is wrong; what was entered is forgotten either way."""
    blank = Entry(entry.number, entry.way, shared=entry.shared, wish=entry.wish)
    if not typed:
        return _keep(_page(blank, t("card.pin.empty"), 422), blank)
    try:
        person = try_secret(entry.number, typed)
    except TooManyTries as error:
        return _keep(_page(blank, error_sentence(error), 429), blank, {"Retry-After": str(60 * error.minutes)})
    except CreditBankError as error:
        return _keep(_page(blank, error_sentence(error), 503), blank)
    if person is None:
        return _keep(_page(blank, t("signin.wrong"), 422), blank)
    response = browser.sign_in(person, after_sign_in(person, entry.wish), shared_device=entry.shared)
    return _forget(response)


def _page(entry: Entry, problem: str | None = None, status: int = 200) -> BaseResponse:
    page = render_template("card/pin.html", entry=entry, problem=problem, grouped=account_number.grouped(entry.number))
    response = current_app.make_response((page, status))
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin_anew() -> ResponseReturnValue:
    flash(t("card.pin.gone"), "warn")
    return _forget(redirect(url_for(".number"), 303))


def _sealer() -> EntrySealer:
    return EntrySealer.of(settings().session_key.get_secret_value())


def entry_now() -> Entry | None:
    """Whose card it is and what was entered so far; None where no card was read, or long ago."""
    return _sealer().open(request.cookies.get(COOKIE, ""), now())


def _keep(response: BaseResponse, entry: Entry, headers: dict[str, str] | None = None) -> BaseResponse:
    response.set_cookie(
        COOKIE,
        _sealer().seal(entry, now()),
        max_age=int(HOLDS_FOR.total_seconds()),
        path=url_for(".number"),
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Strict",
    )
    response.headers.update(headers or {})
    return response


def _forget(response: BaseResponse) -> BaseResponse:
    response.delete_cookie(
        COOKIE, path=url_for(".number"), secure=settings().cookie_secure, httponly=True, samesite="Strict"
    )
    return response
