"""No time limits, at once: the sign-in that runs follows the preference when that is changed, both ways."""

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response as BaseResponse

from web.accounts import sessions
from web.accounts.permissions import actor_or_none, cookie_name, now
from web.accounts.tables import WebSession
from web.database import tx
from web.settings import Settings


def fit(response: BaseResponse, *, unhurried: bool) -> None:
    """Give the session of this request the lifetime that its person now wishes for, and its cookie the same.

    On a shared device and for staff nothing changes, as at sign-in: there the limits are for safety.
    """
    who = actor_or_none()
    if request.method != "POST" or who is None or who.session_id is None:
        return
    life = sessions.lifetime(is_staff=who.is_staff, shared_device=who.shared_device, unhurried=unhurried)
    row = tx().get(WebSession, who.session_id)
    token = request.cookies.get(cookie_name())
    if row is None or token is None or row.idle_seconds == life.idle.total_seconds():
        return
    sessions.set_lifetime(tx(), row, life, now())
    settings: Settings = current_app.extensions["evergreen_settings"]
    if not who.shared_device:
        left: timedelta = row.expires_at - now()
        response.set_cookie(
            cookie_name(), token, max_age=int(left.total_seconds()), path="/", secure=settings.cookie_secure,
            httponly=True, samesite="Lax",
        )  # fmt: skip
