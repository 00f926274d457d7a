"""What protects every page: headers, forged forms, and limits on what strangers may ask how often.

The policy allows no inline script or style and nothing from elsewhere; the microphone is for our own pages only
(voice), the camera for those that read a code and say so (``allow_camera``).
"""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from web import error_pages
from web.settings import Settings

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

csrf = CSRFProtect()
# Per address and process, in memory: a brake on what is expensive, not an account of anybody. A view states its own:
# @limiter.limit("30 per minute").
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def _refuse_nul() -> None:
    """Refuse a character that no database takes as text and that nobody types; the interface says so in its own way."""
    if request.path.startswith("/api/"):
        return
    sent = [request.path, *request.args.values()]
    if request.mimetype == "application/x-www-form-urlencoded":
        sent += request.form.values()
    if any("\x00" in value for value in sent):
        abort(400)


def allow_camera() -> None:
    """Let the page of this request ask for the camera."""
    g.camera = True


def _protect(response: Response) -> Response:
    if "camera" in g:
        policy = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")
        response.headers.setdefault("Permissions-Policy", policy)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    settings: Settings = current_app.extensions["evergreen_settings"]
    if urlsplit(settings.site).scheme == "https":
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.mimetype == "text/html":
        response.vary.update(("Cookie", "Accept-Language"))
        kept = response.status_code < 400 and request.method in ("GET", "HEAD")
        response.headers.setdefault("Cache-Control", "no-cache" if kept else "no-store")
    return response


def install(app: Flask) -> None:
    """Protect every page of an application, and give its errors a page."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # the token ends with the session: no time limit (WCAG 2.2.6)
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", True)
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", True)
    app.before_request(_refuse_nul)
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_protect)
    error_pages.install(app)
