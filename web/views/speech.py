"""Lessons and listening questions as sound: spoken here, at the listener's pace, with captions and the words."""

import io

from flask import Blueprint, Response, abort, make_response, request, send_file
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from accessibility.voice.speaker import SLOW, SLOWER, STANDARD, VERY_SLOW, Language
from accessibility.voice.worker import SpeechUnavailable
from adaptive.content.markdown import Markup, parts
from adaptive.content.model import Form
from web import speaking
from web.accounts.permissions import PUBLIC, permit
from web.error_pages import error_page
from web.messages import t
from web.security import limiter
from web.views.library import item_or_404

blueprint = Blueprint("speech", __name__)

_LIMIT = "120 per minute"
_NAMES = {STANDARD: "standard", SLOWER: "slower", SLOW: "slow", VERY_SLOW: "very_slow"}


@blueprint.record_once
def _for_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        asked_pace=speaking.asked_pace,
        speech_paces=lambda: [(pace, _NAMES[pace]) for pace in speaking.PACES],
        lexicon_version=lambda: speaking.current_lexicon().version,
    )


@blueprint.get("/speech/<course>/<item>/questions/<name>.mp3")
@permit(PUBLIC)
@limiter.limit(_LIMIT)
def question(course: str, item: str, name: str) -> ResponseReturnValue:
    """What is spoken in a listening question."""
    found = item_or_404(course, item)
    wanted = next((one for one in found.questions if one.id == f"{found.id}#{name}"), None)
    if wanted is None or wanted.script is None:
        abort(404)
    return sound(wanted.script, wanted.lang)


@blueprint.get("/speech/<course>/<item>/<form>.mp3")
@permit(PUBLIC)
@limiter.limit(_LIMIT)
def item(course: str, item: str, form: str) -> ResponseReturnValue:
    """A form of an item, read aloud."""
    wanted = _form_or_404(course, item, form)
    return sound(script(wanted), wanted.lang)


@blueprint.get("/speech/<course>/<item>/<form>.wav")
@permit(PUBLIC)
@limiter.limit("12 per minute")
def item_wav(course: str, item: str, form: str) -> ResponseReturnValue:
    """The same as WAV."""
    wanted = _form_or_404(course, item, form)
    return sound(script(wanted), wanted.lang, "WAV")


@blueprint.get("/speech/<course>/<item>/<form>.opus")
@permit(PUBLIC)
@limiter.limit("12 per minute")
def item_opus(course: str, item: str, form: str) -> ResponseReturnValue:
    """The same as Opus."""
    wanted = _form_or_404(course, item, form)
    return sound(script(wanted), wanted.lang, "OPUS")


@blueprint.get("/speech/<course>/<item>/<form>.vtt")
@permit(PUBLIC)
@limiter.limit(_LIMIT)
def captions(course: str, item: str, form: str) -> ResponseReturnValue:
    """Its sentences with the time of each (WebVTT)."""
    wanted = _form_or_404(course, item, form)
    try:
        body = speaking.speak([(script(wanted), _language(wanted.lang))]).captions
    except SpeechUnavailable:
        return error_page(503, t("speech.unavailable"))
    return _kept(make_response(body, {"Content-Type": "text/vtt; charset=utf-8"}))


@blueprint.get("/speech/<course>/<item>/<form>.txt")
@permit(PUBLIC)
@limiter.limit(_LIMIT)
def transcript(course: str, item: str, form: str) -> ResponseReturnValue:
    """The words that are read, as plain text."""
    wanted = _form_or_404(course, item, form)
    return _kept(make_response(script(wanted) + "\n", {"Content-Type": "text/plain; charset=utf-8"}))


def script(form: Form) -> str:
    """What is read of a form: its headings, paragraphs and the words of its pictures, each a paragraph."""
    return "\n\n".join(part.text for part in parts(form.body) if not isinstance(part, Markup))


def _form_or_404(course: str, item: str, form: str) -> Form:
    found = next((each for kind, each in item_or_404(course, item).forms.items() if kind == form), None)
    if found is None:
        abort(404)
    return found


def _language(lang: str) -> Language:
    return "en" if lang == "en" else "zh-CN"


def sound(text: str, lang: str, kind: speaking.File = "MP3") -> ResponseReturnValue:
    """A text as sound, at the pace that the address asks for."""
    try:
        made = speaking.speak([(text, _language(lang))], kind=kind).data
    except SpeechUnavailable:
        return error_page(503, t("speech.unavailable"))
    return _kept(send_file(io.BytesIO(made), speaking.MIMETYPES[kind], conditional=True, max_age=3600))


def _kept(response: Response) -> Response:
    """Kept by caches where the address names the lexicon that was spoken by and how; asked for again where not."""
    named = request.args.get("v") == speaking.current_lexicon().version and "pace" in request.args
    response.headers["Cache-Control"] = "public, max-age=3600" if named else "private, no-cache"
    return response
