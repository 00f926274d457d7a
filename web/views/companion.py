"""Asking the companion: passages of the library for everyone, a language model's sentences where that may be."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import asking
from adaptive.asking import Reply
from adaptive.companion.finding import Found, Guess
from adaptive.companion.suggesting import suggested
from adaptive.content.model import Question
from adaptive.errors import InvalidInput
from web import learning
from web.accounts.permissions import LEARNER, PUBLIC, actor, actor_or_none, now, permit
from web.banking import bank, settings
from web.database import database, tx
from web.forms.companion import InWordsForm
from web.languages import named
from web.messages import error_sentence, locale
from web.operations.index_keeper import IndexKeeper
from web.security import limiter
from web.workflows import companion
from web.workflows.companion import Allowance, Asker, PhrasedAnswer

blueprint = Blueprint("companion", __name__)


@blueprint.get("/ask")
@permit(PUBLIC)
@limiter.limit("60 per minute")
def ask() -> ResponseReturnValue:
    """A question in plain words, and what the library says to it. Nothing of it is kept."""
    question = request.args.get("q", "").strip()
    if not question:
        return _page(None)
    if asking.in_assessment(tx(), learning.stored_learner(), now()):
        return _page(None, question=question, refused="in_assessment")
    try:
        reply = asking.ask(tx(), question, library=learning.library())
    except InvalidInput as error:
        return _page(None, question=question, problem=error_sentence(error)), 422
    if not reply.ready:
        _look_after_index()
    straight = request.args.get("show") or reply.distress
    hinted = None if straight else asking.practised(reply.question, learning.library())
    return _page(reply, question=reply.question, hinted=hinted)


@blueprint.post("/ask/in-words")
@permit(LEARNER)
@limiter.limit("10 per minute")
def in_words() -> ResponseReturnValue:
    """The same passages in a few sentences by the registered language model; labelled as what it is."""
    form = InWordsForm()
    if not form.validate():
        return redirect(url_for(".ask"), 303)
    with database().reading() as session:
        me = _asker()
        allowed = companion.allowance(session, bank(), me, now())
        reply = asking.ask(session, form.q.data or "", library=learning.library())
    if not reply.ready:
        _look_after_index()
    if allowed.refusal is not None or not reply.found:
        return _page(reply, question=reply.question, refused=allowed.refusal)
    answer, row = companion.phrase(reply, allowed, me, locale=locale())  # no transaction is open while a model thinks
    with database().writing() as session:
        companion.record(session, row, now())
    return _page(reply, question=reply.question, answer=answer)


def _asker() -> Asker:
    me = actor()
    if me.learner_id is None:
        raise AssertionError("only learners come here")
    with database().reading() as session:
        busy = asking.in_assessment(session, me.learner_id, now())
    return Asker(me.learner_id, me.display_name, busy)


def _look_after_index() -> None:
    """Have this server's keeper look at once; whoever asks is told, and waits for nothing."""
    keeper: IndexKeeper | None = current_app.extensions.get("evergreen_index_keeper")
    if keeper is not None:
        keeper.look()


def _allowance() -> Allowance | None:
    """What a button for the model would meet; None for someone who is not signed in as a learner."""
    who = actor_or_none()
    if who is None or who.learner_id is None:
        return None
    return companion.allowance(tx(), bank(), Asker(who.learner_id, who.display_name, in_assessment=False), now())


def _page(
    reply: Reply | None,
    *,
    question: str = "",
    problem: str | None = None,
    hinted: Question | None = None,
    refused: str | None = None,
    answer: PhrasedAnswer | None = None,
) -> str:
    return render_template(
        "companion/ask.html",
        question=question,
        reply=reply,
        problem=problem,
        hinted=hinted,
        hinted_item=None if hinted is None else learning.library().items[hinted.item_id],
        refused=refused,
        answer=answer,
        allowed=_allowance() if reply is not None and reply.found and answer is None else None,
        suggested=() if refused or (reply and reply.distress) else suggested(learning.library(), _lessons(reply)),
        title_of=_title_of,
        address_of=_address_of,
        title_of_guess=_title_of_guess,
        address_of_guess=_address_of_guess,
        phone=settings().help_phone,
    )


def _lessons(reply: Reply | None) -> list[str]:
    """The lessons that answered, best first."""
    return [] if reply is None else list(dict.fromkeys(found.passage.item_id for found in reply.found))


def _title_of(found: Found) -> str:
    return named(learning.library().items[found.passage.item_id].title)


def _title_of_guess(guess: Guess) -> str:
    return named(learning.library().items[guess.item_id].title)


def _address_of_guess(guess: Guess) -> str:
    course, _, item = guess.item_id.partition("/")
    return url_for("library.item", course=course, item=item)


def _address_of(found: Found) -> str:
    course, _, item = found.passage.item_id.partition("/")
    anchor = f"part-{found.passage.part}" if found.passage.part else None
    return url_for("library.item", course=course, item=item, form=found.passage.form, _anchor=anchor)
