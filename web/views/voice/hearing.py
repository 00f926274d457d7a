"""What was said on a page: heard, understood, and told back as a click for the page to make.

Nothing is changed here but the count of the limits, and no sound is kept. What the answer names, the browser does by
the same address or the same control as a finger would.
"""

import json
from collections.abc import Callable
from dataclasses import replace

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from accessibility.errors import InvalidInput
from accessibility.intent.understanding import Meaning, Understood, understand
from accessibility.voice.audio import COMMAND_SECONDS, Samples, demand_audible, read_wav
from accessibility.voice.policy import MOST_MISSES, Turn, take_turn
from accessibility.voice.recogniser import Recogniser
from web import speaking
from web.accounts.permissions import PUBLIC, permit
from web.messages import error_sentence, locale, t
from web.security import limiter
from web.views.voice.blueprint import LIMIT, blueprint, came_from, own_commands
from web.views.voice.telling import Told, dictated, heard_as, told
from web.voice.actions import presses
from web.voice.here import Here
from web.voice.phrases import expected
from web.voice.recognisers import own, recognisers

LARGEST = 600_000  # bytes: six seconds at 48 kHz, 16 bits
LONGEST_WRITTEN, LONGEST_TOLD = 300, 600
LOADED_WITHIN = 20.0  # seconds that somebody who spoke waits for a recogniser that is still being loaded


@blueprint.get("/voice/begin")
@permit(PUBLIC)
@limiter.limit("120 per minute", key_func=speaking.reader)
def begin() -> Response:
    """What the script needs before it listens: the form's token, which controls to look for, and who can recognise."""
    enrolled = own_commands()
    return beginning(own=enrolled is not None and bool(enrolled.takes))


def beginning(*, own: bool) -> Response:
    """What ``begin`` answers, where somebody's own commands are known or not."""
    found = {
        "token": generate_csrf(),
        "presses": {intent: action.selectors for intent, action in presses().items()},
        "recognisers": [*(("own",) if own else ()), *recognisers().named(locale())],
    }
    return _private(jsonify(found))


@blueprint.post("/voice/hear")
@permit(PUBLIC)
@limiter.limit(LIMIT, key_func=speaking.reader)
def hear() -> ResponseReturnValue:
    """A recording (``sound``, WAV) or words (``text``) on a page (``from``, ``page``): what it means there."""
    return hearing(lambda: own(own_commands()))


@blueprint.post("/voice/sound")
@permit(PUBLIC)
@limiter.limit(LIMIT, key_func=speaking.reader)
def sound() -> Response:
    """Where a sentence is heard that the page puts together of its own words (``text``): what there is to press."""
    return _private(jsonify(heard_as(" ".join(request.form.get("text", "").split())[:LONGEST_TOLD])))


def hearing(commands: Callable[[], list[Recogniser]]) -> ResponseReturnValue:
    """What was said, where those know the words of whoever speaks; they are asked for only once there is a sound."""
    try:
        here = Here.of(came_from(), json.loads(request.form.get("page", "{}")))
    except (InvalidInput, ValueError, RecursionError):
        return _problem(InvalidInput("voice.page_unreadable"), 400)
    if "text" in request.form:
        return _private(jsonify(_meant(request.form["text"], here).as_json()))
    sent = request.files.get("sound")
    if sent is None:
        abort(400)
    data = sent.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return _problem(InvalidInput("voice.too_large"), 413)
    try:
        samples = read_wav(data, longest=COMMAND_SECONDS)
    except InvalidInput as error:
        return _problem(error, 413 if error.code == "voice.too_large" else 422)
    if (silent := _silent(samples)) is not None:
        misses = here.misses + 1
        told_silent = told("buttons" if misses >= MOST_MISSES else "again", (), here, misses=misses)
        return _private(jsonify(replace(told_silent, say=error_sentence(silent)).as_json()))
    places = recognisers().places
    if not places.acquire(timeout=LOADED_WITHIN):
        return _private(jsonify({"step": "again", "say": t("voice.busy"), "problem": "busy"})), 503
    try:
        return _private(jsonify(_recognised(commands(), samples, here).as_json()))
    finally:
        places.release()


def _recognised(commands: list[Recogniser], samples: Samples, here: Here) -> Told:
    """What a recording comes to on that page."""
    asked = [*commands, *recognisers().ready(locale(), within=LOADED_WITHIN)]
    turn = take_turn(asked, samples, expected(here, locale()), misses=here.misses)
    if here.field == "words" and turn.step not in ("act", "confirm"):
        text = recognisers().dictated(samples)
        if text:
            return _written(text, here)
    return _heard(turn, here, heard=bool(asked))


def _silent(samples: Samples) -> InvalidInput | None:
    """What is told where nothing in it is loud enough for somebody to have spoken."""
    try:
        demand_audible(samples)
    except InvalidInput as error:
        return error if error.code == "voice.silent" else None
    return None


def _heard(turn: Turn, here: Here, *, heard: bool) -> Told:
    """What a recogniser's turn comes to on that page."""
    found = [_understood(command) for command in turn.commands]
    return told(turn.step, found, here, misses=turn.misses, heard=heard)


def _understood(command: str) -> Understood:
    """A command of the recognisers as an intent with its slots."""
    kind, _, number = command.partition(".")
    if kind == "label":
        return Understood("label", 1.0, {"label": number})
    if kind == "number":
        return Understood("number", 1.0, {"number": number, "figure": "yes"})
    return Understood(command, 1.0)


def _meant(text: str, here: Here) -> Told:
    """What words come to on that page; no words, where nobody can recognise any, are asked for as buttons."""
    if not text.strip():
        return told("buttons", (), here, misses=here.misses, heard=False)
    meaning: Meaning = understand(text, available=here.available(), labels=here.labels)
    if meaning.outcome == "choose" and (same := _the_same(meaning, here)) is not None:
        return told("act", [same], here)
    if meaning.outcome == "act":
        return told("act", meaning.found, here)
    if meaning.outcome == "choose":
        return told("offer", meaning.found, here, misses=here.misses)
    misses = here.misses + 1
    return told("buttons" if misses >= MOST_MISSES else "nothing", (), here, misses=misses)


def _written(text: str, here: Here) -> Told:
    """What was dictated into a field of words; a command is a command there, too."""
    meaning = understand(text, available=here.available(), labels=here.labels)
    return told("act", meaning.found, here) if meaning.outcome == "act" else dictated(text[:LONGEST_WRITTEN])


def _the_same(meaning: Meaning, here: Here) -> Understood | None:
    """Where the best are words of one control, twice on the page or also a command: that control, and no question.

    A link of the frame and a place are often called the same, and lead to the same. Only an answer to what was asked is
    an answer before it is a button.
    """
    best = [one for one in meaning.found if one.score == meaning.found[0].score]
    named = [one for one in best if one.intent == "label"]
    controls = {control.words for one in named if (control := here.control(one.slots["label"])) is not None}
    others = [one for one in best if one.intent != "label"]
    if here.asked and len(others) == 1:
        return others[0]
    return named[0] if len(controls) == 1 and len(others) <= 1 else None


def _problem(error: InvalidInput, status: int) -> ResponseReturnValue:
    """A recording that cannot be taken: what is wrong with it, for a person."""
    return _private(jsonify({"step": "again", "say": error_sentence(error), "problem": error.code})), status


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
