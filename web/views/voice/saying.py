"""What can be said: what leads to a page as a link, what changes something as a button; and commands that are typed.

Typed words, for who has no microphone or script, are understood by the same grammar as spoken ones. A place is gone to;
what changes how things look waits for its button, since following a link must change nothing; what belongs to a control
is said on the page that has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accessibility.intent.model import Intent, intents
from accessibility.intent.understanding import LONGEST, Understood, understand
from web import learning, speaking
from web.accounts.permissions import PUBLIC, actor_or_none, permit
from web.messages import locale
from web.security import limiter
from web.views.voice.blueprint import blueprint, came_from, own_commands
from web.views.voice.changing import Send, change_of
from web.views.voice.telling import address, said_words
from web.voice.actions import ACTIONS, Go, Read, Show
from web.voice.recognisers import recognisers

GROUPS = ("place", "page", "answer", "speech", "display", "person", "dialog")
PROBLEMS = ("microphone",)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be said: its words, and the link that leads there or the form that changes the same.

    Neither where it is said on another page's control, and none where it holds already (``already``).
    """

    intent: str
    words: str
    href: str = ""
    send: Send | None = None
    already: bool = False


@blueprint.get("/voice/say")
@permit(PUBLIC)
@limiter.limit("60 per minute", key_func=speaking.reader)
def say() -> ResponseReturnValue:
    """What can be said; and what ``text`` means."""
    path, text = came_from(), request.args.get("text", "").strip()
    found: Sequence[Understood] = ()
    if text:
        meaning = understand(text, available=_typed())
        if meaning.outcome == "act" and isinstance(action := ACTIONS[meaning.found[0].intent], Go):
            return redirect(address(action, meaning.found[0], path), 303)
        found = meaning.found
    problem = request.args.get("problem", "")
    enrolled = own_commands()
    return render_template(
        "voice/say.html",
        text=text,
        longest=LONGEST,
        came_from=path,
        found=[_entry(one, path) for one in found],
        groups=[(kind, _of_kind(kind, path)) for kind in GROUPS],
        problem=problem if problem in PROBLEMS else "",
        may_enrol=actor_or_none() is not None,
        enrolled=enrolled is not None and bool(enrolled.takes),
        recognised=bool(recognisers().named(locale())),
        **_asked_companion(text, found),
    )


@blueprint.get("/voice/ask")
@permit(PUBLIC)
def ask() -> str:
    """What one would like to know about: the courses, to choose one by its number."""
    courses = sorted(learning.library().courses.values(), key=lambda course: course.level)
    return render_template("voice/ask.html", courses=courses, course=None, titles=[])


@blueprint.get("/voice/ask/<course>")
@permit(PUBLIC)
def ask_of(course: str) -> str:
    """What can be asked about a course without typing: the matters of its lessons."""
    found = learning.library().courses.get(course)
    if found is None:
        abort(404)
    titles = [learning.library().items[item].title.in_language(locale()) for item in found.items]
    return render_template("voice/ask.html", courses=[], course=found, titles=titles)


def _typed() -> frozenset[str]:
    """What can be typed here: the intents of every page, and those of the page one comes from, which are explained."""
    return frozenset(ACTIONS) - {"number", "choose", "confirm", "cancel"}


def _asked_companion(text: str, found: Sequence[Understood]) -> dict[str, str]:
    """A sentence that is no command may be a question for the library."""
    is_question = bool(text) and not found and len(text) > 3
    return {"question": url_for("companion.ask", q=text) if is_question else ""}


def _of_kind(kind: str, path: str) -> list[tuple[Entry, tuple[str, ...]]]:
    """The entries of a kind, each with other ways of saying it."""
    return [
        (_entry(Understood(intent.id, 1.0), path), _others(intent))
        for intent in intents().values()
        if intent.kind == kind and intent.id != "ask"
    ]


def _others(intent: Intent) -> tuple[str, ...]:
    tongue = "en" if locale() == "en" else "zh"
    return tuple(phrase for phrase in intent.phrases[tongue][1:4] if "{" not in phrase)


def _entry(found: Understood, path: str) -> Entry:
    action = ACTIONS[found.intent]
    words = said_words(found, intents()[found.intent].offered(locale()))
    if isinstance(action, Go):
        return Entry(found.intent, words, href=address(action, found, path))
    if isinstance(action, Read):  # the player's own page begins to read; to pause or repeat is said to a player
        return Entry(found.intent, words, href=url_for("reading.page", of=path) if action.do == "play" else "")
    if isinstance(action, Show):
        change = change_of(action.change)
        return Entry(found.intent, words, send=change.send if change else None, already=change is None)
    return Entry(found.intent, words, href=path if found.intent == "back" else "")
