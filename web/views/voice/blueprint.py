"""The blueprint of speech in, and how the voice answers aloud."""

from flask import Blueprint, Flask, current_app, request, url_for

from accessibility.voice.enrolment import Enrolment
from web import speaking
from web.accounts.permissions import actor_or_none, now, safe_next
from web.banking import bank, settings
from web.database import database
from web.messages import locale
from web.operations import voice_commands
from web.presentation import shown
from web.sealing import Sealer

blueprint = Blueprint("voice", __name__)
LIMIT = "40 per minute"


def sound_of(text: str, language: str = "") -> str:
    """The address at which words are heard, for this reader and a day; in the page's language where none is named."""
    sealer: Sealer = current_app.extensions.setdefault(
        "evergreen_sealer", Sealer.of(settings().session_key.get_secret_value())
    )
    return url_for("reading.sentence", sealed=sealer.seal(text, language or locale(), speaking.reader(), now()))


def speaks() -> bool:
    """Whether what the voice answers is spoken too: for whoever listens or speaks first, never in quiet hours."""
    found = shown()
    return (found.preference.read_aloud == "on" or found.preference.voice_input == "first") and not found.quiet


def came_from() -> str:
    """The page from which somebody speaks; one of ours."""
    path = safe_next(request.values.get("from")) or "/"
    return "/" if path.startswith(("/voice/", "/api/", "/static/")) else path


def own_commands() -> Enrolment | None:
    """What whoever speaks has recorded, read in a transaction of its own, so that none is open while it is compared."""
    who = actor_or_none()
    if who is None:
        return None
    with database().reading() as session:
        return voice_commands.enrolment(session, bank().kek, who.person_id)


def from_here() -> str:
    """The address of this page, for the links of the frame."""
    path = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return safe_next(path) or "/"


@blueprint.record_once
def _install(state: object) -> None:
    app: Flask = state.app  # type: ignore[attr-defined]
    app.jinja_env.globals.update(voice_from=from_here)
