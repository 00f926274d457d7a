"""The bank's own words, explained: all on one page, each as a part of another, and read aloud."""

from flask import Blueprint, Flask, abort, render_template
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from web import glossary
from web.accounts.permissions import PUBLIC, permit
from web.messages import locale
from web.security import limiter
from web.views import speech

blueprint = Blueprint("glossary", __name__)


@blueprint.record_once
def _for_templates(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    glossary.install(state.app)


def _term(name: str) -> glossary.Term:
    found = glossary.terms().get(name)
    if found is None:
        abort(404)
    return found


@blueprint.get("/glossary")
@permit(PUBLIC)
def index() -> str:
    """Every word with its sound and an easy explanation, in the order of the reader's language."""
    by = "en" if locale() == "en" else "pinyin"
    rows = sorted(glossary.terms().values(), key=lambda term: getattr(term, by))
    return render_template("glossary/index.html", rows=rows, abbreviations=glossary.abbreviations())


@blueprint.get("/glossary/<term>")
@permit(PUBLIC)
def term(term: str) -> str:
    """One word on a page of its own; the script takes the explanation out of it."""
    return render_template("glossary/term.html", term=_term(term))


@blueprint.get("/glossary/<term>.mp3")
@permit(PUBLIC)
@limiter.limit("60 per minute")
def sound(term: str) -> ResponseReturnValue:
    """A word and its explanation, read aloud in the reader's language."""
    found = _term(term)
    text = f"{found.en}. {found.says_en}" if locale() == "en" else f"{found.zh}。{found.says_zh}"
    return speech.sound(text, locale())
