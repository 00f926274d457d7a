"""The application: settings in, a Flask app out."""

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from web import (
    assets,
    banking,
    database,
    htmx,
    languages,
    learning,
    logging,
    messages,
    navigation,
    presentation,
    security,
)
from web.accounts import permissions
from web.api import interface
from web.settings import Settings
from web.voice import recognisers

# One name per topic, the same in views/, forms/, templates/ and translations/.
TOPICS = (
    *("home", "display", "pages", "signin", "card", "account", "interrupted", "staff", "reset"),
    *("verify", "share", "portfolio", "credits", "certificate", "record", "trial", "regions"),
    *("institutions", "apply", "desk", "centre", "admin", "tokens", "webhooks", "problems", "connect"),
    *("library", "practice", "mastery", "joining", "today"),
    *("cases", "rules", "register", "plans"),
    *("map", "plan", "progress", "placement", "recommended"),
    *("speech", "reading", "lexicon", "companion", "comparing"),
    *("fairness", "groups", "neighbours", "tutor", "author", "help", "glossary", "assistant", "voice"),
)


def create_app(settings: Settings) -> Flask:
    """A ready application on the database that the settings name."""
    logging.configure()
    app = Flask(__name__, static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.session_key.get_secret_value(),
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="evergreen_form",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["evergreen_settings"] = settings
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["evergreen_bank"] = banking.make_bank(settings)
    database.install(app, database.Database(settings.database_url))
    messages.install(app)
    languages.install(app)
    security.install(app)
    htmx.install(app)
    assets.install(app)
    presentation.install(app)
    navigation.install(app)
    learning.install(app)
    recognisers.install(app, settings)
    for topic in TOPICS:
        app.register_blueprint(import_module(f"web.views.{topic}").blueprint)
    interface.install(app)
    permissions.install(app)
    return app
