"""Lessons and listening questions as sound: spoken here, at the listener's pace, with captions."""

import io
import threading

from flask import Blueprint, Response, abort, make_response, request, send_file
from flask.typing import ResponseReturnValue

from accessibility.voice.speaker import SLOW, SLOWER, STANDARD, VERY_SLOW, Language, Speaker, SpeechUnavailable
from adaptive.content.markdown import Markup, parts
from adaptive.content.model import Form
from web.accounts.permissions import PUBLIC, permit
from web.error_pages import error_page
from web.messages import t
from web.security import limiter
from web.views.library import item_or_404

blueprint = Blueprint("speech", __name__)

PACES = (STANDARD, SLOWER, SLOW, VERY_SLOW)
_LIMIT = "120 per minute"
# One for the whole process; it starts its own program at the first word and is safe among threads.
_speaker = Speaker()


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


@blueprint.get("/speech/<course>/<item>/<form>.vtt")
@permit(PUBLIC)
@limiter.limit(_LIMIT)
def captions(course: str, item: str, form: str) -> ResponseReturnValue:
    """Its sentences with the time of each (WebVTT)."""
    wanted = _form_or_404(course, item, form)
    try:
        body = _lately.spoken(script(wanted), _language(wanted.lang), _pace())[1]
    except SpeechUnavailable:
        return error_page(503, t("speech.unavailable"))
    return _kept(make_response(body, {"Content-Type": "text/vtt; charset=utf-8"}))


def script(form: Form) -> str:
    """What is read of a form: its headings, paragraphs and the words of its pictures, each a paragraph."""
    return "\n\n".join(part.text for part in parts(form.body) if not isinstance(part, Markup))


def _form_or_404(course: str, item: str, form: str) -> Form:
    found = next((each for kind, each in item_or_404(course, item).forms.items() if kind == form), None)
    if found is None:
        abort(404)
    return found


def _pace() -> int:
    asked = request.args.get("pace", SLOWER, type=int)
    return asked if asked in PACES else SLOWER


def _language(lang: str) -> Language:
    return "en" if lang == "en" else "zh-CN"


def sound(text: str, lang: str) -> ResponseReturnValue:
    """A text as sound, at the pace that the address asks for."""
    try:
        made = _lately.spoken(text, _language(lang), _pace())[0]
    except SpeechUnavailable:
        return error_page(503, t("speech.unavailable"))
    return _kept(send_file(io.BytesIO(made), "audio/mpeg", conditional=True, max_age=3600))


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


class _Lately:
    """What was spoken lately, sound (MP3) and captions, since a player asks for both, and for the sound in pieces.

    One text at a time is spoken, and few may wait for their turn: strangers who ask for everything at once take neither
    every processor nor every thread of the site.
    """

    def __init__(self, *, most: int = 32, waiting: int = 4) -> None:
        self._most = most
        self._places = threading.BoundedSemaphore(waiting)
        self._turn = threading.Lock()
        self._kept: dict[tuple[str, Language, int], tuple[bytes, str]] = {}

    def spoken(self, text: str, language: Language, pace: int) -> tuple[bytes, str]:
        """Raises SpeechUnavailable, also when too many wait."""
        key = text, language, pace
        if (there := self._kept.get(key)) is not None:
            return there
        if not self._places.acquire(blocking=False):
            raise SpeechUnavailable("busy")
        try:
            with self._turn:
                if (there := self._kept.get(key)) is not None:
                    return there
                sound = _speaker.speak(text, language=language, pace=pace)
                made = sound.encode("MP3"), sound.captions()
                while len(self._kept) >= self._most:
                    self._kept.pop(next(iter(self._kept)))  # the oldest
                self._kept[key] = made
                return made
        finally:
            self._places.release()


_lately = _Lately()
