"""Reading any page aloud.

With a script, the page as it stands on the screen is handed in and comes back as sentences, each with the address of
its sound: an address that only the server can make. Without a script, a page of its own has the recording, its captions
and the words. Nothing that was read is kept beyond the sounds that were made last.
"""

import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from accessibility.reading.plan import Planned, TooLarge, plan
from accessibility.voice.speaker import Language
from accessibility.voice.worker import SpeechUnavailable
from web import speaking
from web.accounts.permissions import PUBLIC, actor_or_none, now, permit, safe_next
from web.banking import settings
from web.error_pages import error_page
from web.messages import locale, t
from web.presentation import preference
from web.sealing import Sealer
from web.security import limiter
from web.views.reading_parts import LONGEST_PART, NOT_READ, Part, fetched, parts, title_of

blueprint = Blueprint("reading", __name__)

_AFTER = 0.7  # seconds after a sentence alone: the script goes on before they are over
_SPOKEN = limiter.shared_limit(
    f"{speaking.CHARACTERS_AN_HOUR} per hour", "spoken", key_func=speaking.reader, cost=lambda: _cost()
)


def say(key: str, /, **parameters: object) -> str:
    """The words that announce what is read, in the reader's language."""
    return t(f"reading.said.{key}", **parameters)


@blueprint.get("/read-aloud/begin")
@permit(PUBLIC)
@limiter.limit("60 per minute", key_func=speaking.reader)
def begin() -> Response:
    """What the script needs before it hands in a page: the form's token, and how this reader likes to be read to."""
    found = {"token": generate_csrf(), "pace": speaking.preferred_pace()}
    return _private(jsonify(found))


@blueprint.post("/read-aloud/plan")
@permit(PUBLIC)
@limiter.limit("60 per minute", key_func=speaking.reader)
def planned() -> ResponseReturnValue:
    """The sentences of the page that was handed in (``html``), each with the address of its sound."""
    try:
        found = plan(request.form.get("html", ""), say, request.form.get("lang", locale())[:16])
    except TooLarge:
        return _private(jsonify({"problem": t("reading.too_long")})), 413
    sealer, who, moment = _sealer(), speaking.reader(), now()
    sentences = [{**one.as_json(), "sound": sealer.seal(one.text, one.language, who, moment)} for one in found]
    return _private(jsonify({"sentences": sentences}))


@blueprint.get("/read-aloud/sentence/<sealed>.mp3")
@permit(PUBLIC)
@_SPOKEN
def sentence(sealed: str) -> ResponseReturnValue:
    """The sound of a sealed sentence."""
    made = _sentence(sealed)
    return _sound(made, "MP3") if made is not None else error_page(503, t("speech.unavailable"))


@blueprint.get("/read-aloud/sentence/<sealed>.json")
@permit(PUBLIC)
@_SPOKEN
def timings(sealed: str) -> ResponseReturnValue:
    """When each word of it is heard."""
    made = _sentence(sealed)
    if made is None:
        return error_page(503, t("speech.unavailable"))
    return _private(make_response(made.timings, {"Content-Type": "application/json"}))


@blueprint.get("/read-aloud")
@permit(PUBLIC)
@limiter.limit("60 per minute", key_func=speaking.reader)
def page() -> ResponseReturnValue:
    """A page as recordings, with captions and the words: for who has no script, and for taking along."""
    path = _path()
    html = fetched(path)
    found = parts(_plan(html))
    return render_template(
        "reading/page.html",
        of=path,
        title=title_of(html),
        parts=found,
        pace=speaking.asked_pace(),
        paces=speaking.PACES,
        captions=getattr(preference(), "captions", "off") == "on",
    )


@blueprint.get("/read-aloud/part/<int:number>.mp3")
@permit(PUBLIC)
@_SPOKEN
def part(number: int) -> ResponseReturnValue:
    """The recording of a part of a page."""
    return _part(number, "MP3")


@blueprint.get("/read-aloud/part/<int:number>.wav")
@permit(PUBLIC)
@_SPOKEN
def part_wav(number: int) -> ResponseReturnValue:
    """The same as WAV."""
    return _part(number, "WAV")


@blueprint.get("/read-aloud/part/<int:number>.opus")
@permit(PUBLIC)
@_SPOKEN
def part_opus(number: int) -> ResponseReturnValue:
    """The same as Opus."""
    return _part(number, "OPUS")


@blueprint.get("/read-aloud/part/<int:number>.vtt")
@permit(PUBLIC)
@_SPOKEN
def part_captions(number: int) -> ResponseReturnValue:
    """Its captions."""
    try:
        made = _recording(number)
    except SpeechUnavailable:
        return error_page(503, t("speech.unavailable"))
    return _private(make_response(made.captions, {"Content-Type": "text/vtt; charset=utf-8"}))


def _part(number: int, kind: speaking.File) -> ResponseReturnValue:
    try:
        made = _recording(number, kind)
    except SpeechUnavailable:
        return error_page(503, t("speech.unavailable"))
    return _sound(made, kind)


def _recording(number: int, kind: speaking.File = "MP3") -> speaking.Spoken:
    part = _part_or_404(number)
    return speaking.speak(_texts(part.sentences), kind=kind, pauses=part.pauses)


def _part_or_404(number: int) -> Part:
    found = parts(_plan(fetched(_path())))
    if not 1 <= number <= len(found):
        abort(404)
    return found[number - 1]


def _path() -> str:
    """The page that is asked for: one of ours, and none of these."""
    path = safe_next(request.args.get("of"))
    if path is None or path.startswith(NOT_READ):
        abort(404)
    return path


def _plan(html: str) -> list[Planned]:
    try:
        return plan(html, say, locale())
    except TooLarge:
        abort(413)


def _texts(sentences: Sequence[Planned]) -> list[tuple[str, Language]]:
    return [(one.text, one.language) for one in sentences]


def _sealer() -> Sealer:
    found: Sealer = current_app.extensions.setdefault(
        "evergreen_sealer", Sealer.of(settings().session_key.get_secret_value())
    )
    return found


def _opened(sealed: str) -> tuple[str, Language]:
    found = _sealer().open(sealed, speaking.reader(), now())
    if found is None:
        abort(404)
    return found[0], "en" if found[1] == "en" else "zh-CN"


def _sentence(sealed: str) -> speaking.Spoken | None:
    try:
        return speaking.speak([_opened(sealed)], pauses=[_AFTER])
    except SpeechUnavailable:
        return None


def _cost() -> int:
    """Characters that the request has spoken; what is malformed costs one."""
    values: dict[str, Any] = request.view_args or {}
    if "sealed" in values:
        found = _sealer().open(values["sealed"], speaking.reader(), now())
        return max(1, len(found[0])) if found else 1
    return LONGEST_PART


def _sound(made: speaking.Spoken, kind: speaking.File) -> Response:
    mimetype = speaking.MIMETYPES[kind]
    return _private(send_file(io.BytesIO(made.data), mimetype, conditional=True, max_age=None))


def _private(response: Response) -> Response:
    """What was read of a page is kept by no cache that others see, and by none at all for someone signed in."""
    response.headers["Cache-Control"] = "no-store" if actor_or_none() is not None else "private, max-age=600"
    return response
