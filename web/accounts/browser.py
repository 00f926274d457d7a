"""The cookie of a signed-in browser: set at sign-in, dropped at sign-out."""

from flask import Response, current_app, g, redirect, request
from flask import session as form_session
from werkzeug.wrappers import Response as BaseResponse

from accessibility.preference import model
from web import presentation
from web.accounts import audit, display_preferences, memberships, permissions, sessions
from web.accounts.permissions import actor_or_none, cookie_name, now
from web.accounts.tables import Person
from web.database import tx
from web.messages import COOKIE as LANGUAGE_COOKIE
from web.messages import LOCALES, locale
from web.settings import Settings

YEAR = 365 * 24 * 3600


def sign_in(person: Person, target: str, *, shared_device: bool) -> BaseResponse:
    """Begin a session of this browser and go on to ``target``; a session it had before ends.

    The form-protection cookie starts anew, too, so that nothing from before the sign-in is still good after it.
    """
    end_session()
    kept = display_preferences.written(tx(), person.id)
    life = sessions.lifetime(
        is_staff=bool(memberships.active_of(tx(), person.id, now())),
        shared_device=shared_device,
        unhurried="none" in (presentation.preference().time_limits, model.read(kept or "").get("time_limits")),
    )
    token, _ = sessions.start(
        tx(),
        person,
        life,
        shared_device=shared_device,
        user_agent=request.headers.get("User-Agent", ""),
        now=now(),
    )
    audit.record(tx(), "session.started", now=now(), person_id=person.id)
    form_session.clear()
    permissions.forget_actor()
    response = redirect(target, 303)
    # On a shared device the cookie goes when the browser is closed.
    _set(response, cookie_name(), token, None if shared_device else int(life.absolute.total_seconds()))
    if person.language in LOCALES and LANGUAGE_COOKIE not in request.cookies and person.language != locale():
        set_language(response, person.language)
    if kept is not None:
        presentation.end_visit(response)  # what is kept with the account is newer than a printed card
    return response


def end_session() -> None:
    """End the session of this browser, if it has one."""
    who = actor_or_none()
    if who is not None and who.session_id is not None:
        sessions.end(tx(), who.person_id, who.session_id, now())
    permissions.forget_actor()


def sign_out(target: str) -> BaseResponse:
    """End the session of this browser and go on to ``target``, leaving nothing behind."""
    end_session()
    form_session.clear()
    response = redirect(target, 303)
    response.delete_cookie(cookie_name(), path="/", secure=_settings().cookie_secure, httponly=True, samesite="Lax")
    g.actor = None
    return presentation.end_visit(response)


def set_language(response: BaseResponse, language: str) -> None:
    """Remember the language on this device."""
    _set(response, LANGUAGE_COOKIE, language, YEAR)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["evergreen_settings"]
    return settings


def _set(response: BaseResponse | Response, name: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=_settings().cookie_secure, httponly=True, samesite="Lax"
    )
