"""How words are said: the bank's staff correct what the synthesiser says wrong, hear it, undo it, keep it as a file."""

import io
from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from accessibility.voice.lexicon import CHINESE, problem_of
from accessibility.voice.worker import SpeechUnavailable
from web import speaking
from web.accounts import audit
from web.accounts.permissions import BANK_ADMIN, actor, now, permit
from web.accounts.tables import Person
from web.database import command, tx
from web.error_pages import error_page
from web.forms.base import refuse
from web.forms.lexicon import ActForm, FileForm, WordForm
from web.messages import t
from web.operations import pronouncing
from web.operations.pronouncing import RowProblem
from web.security import limiter

blueprint = Blueprint("lexicon", __name__)


@blueprint.route("/admin/lexicon", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def words() -> ResponseReturnValue:
    """The words that staff added, and the form for one more; ``do=listen`` only speaks it."""
    form = WordForm()
    if not form.is_submitted():
        form.word.data, form.said.data = request.args.get("word", ""), request.args.get("said", "")
        return _page(form)
    if form.validate() and _is_right(form):
        word, said = pronouncing.as_kept(form.word.data or "", form.said.data or "")
        if request.form.get("do") == "listen":
            return _page(form, heard=(word, said))
        command(lambda session: _change(session, word, said))
        flash(t("lexicon.done", word=word), "good")
        return redirect(url_for(".words"), 303)
    return _page(form), 422


def _is_right(form: WordForm) -> bool:
    word, said = pronouncing.as_kept(form.word.data or "", form.said.data or "")
    problem = problem_of(word, said)
    if problem is not None:
        refuse(form.word if problem.startswith("word") else form.said, t(f"lexicon.problem.{problem}"))
    return problem is None


def _change(session: Session, word: str, said: str | None) -> None:
    pronouncing.change(session, word, said, actor().person_id, now())
    _record(session, word, said)


def _record(session: Session, word: str, said: str | None) -> None:
    action = "speech.word_said" if said else "speech.word_taken_out"
    audit.record(session, action, now=now(), person_id=actor().person_id, word=word, said=said or "")


@blueprint.post("/admin/lexicon/undo")
@permit(BANK_ADMIN)
def undo() -> ResponseReturnValue:
    """A word is said again as before its newest change."""
    word = _known_word()

    def act(session: Session) -> None:
        row = pronouncing.undo(session, word, actor().person_id, now())
        _record(session, word, row.said if row else None)

    command(act)
    flash(t("lexicon.undone", word=word), "good")
    return redirect(url_for(".words"), 303)


@blueprint.post("/admin/lexicon/take-out")
@permit(BANK_ADMIN)
def take_out() -> ResponseReturnValue:
    """A word is said as the program has it."""
    word = _known_word()
    command(lambda session: _change(session, word, None))
    flash(t("lexicon.taken_out", word=word), "good")
    return redirect(url_for(".words"), 303)


def _known_word() -> str:
    form = ActForm()
    word = form.word.data or ""
    if not form.validate() or not pronouncing.history(tx(), word):
        abort(404)
    return word


@blueprint.post("/admin/lexicon/import")
@permit(BANK_ADMIN)
def take_file() -> ResponseReturnValue:
    """Words from a CSV file: all of them, or none and what is wrong by row and column."""
    form = FileForm()
    if not form.validate():
        return _page(WordForm(formdata=None), file_form=form), 422
    found, problems = pronouncing.read_csv(form.file.data.read(pronouncing.MOST_BYTES + 1))
    if problems:
        return _page(WordForm(formdata=None), file_form=form, problems=problems), 422

    def act(session: Session) -> int:
        count = pronouncing.take(session, found, actor().person_id, now())
        audit.record(session, "speech.words_imported", now=now(), person_id=actor().person_id, count=str(count))
        return count

    flash(t("lexicon.imported", count=command(act)), "good")
    return redirect(url_for(".words"), 303)


@blueprint.get("/admin/lexicon.csv")
@permit(BANK_ADMIN)
def as_file() -> ResponseReturnValue:
    """The words that staff added, as CSV."""
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": "attachment; filename=evergreen-lexicon.csv",
    }
    return make_response(pronouncing.as_csv(tx()), headers)


@blueprint.get("/admin/lexicon/listen.mp3")
@permit(BANK_ADMIN)
@limiter.limit("60 per minute", key_func=speaking.reader)
def listen() -> ResponseReturnValue:
    """A word said in the way that the address names."""
    word, said = pronouncing.as_kept(request.args.get("word", ""), request.args.get("said", ""))
    if problem_of(word, said) is not None:
        abort(404)
    with_it = speaking.current_lexicon().with_entries([(word, said)])
    try:
        made = speaking.speak([(word, "zh-CN" if CHINESE.fullmatch(word) else "en")], lexicon=with_it)
    except SpeechUnavailable:
        return error_page(503, t("speech.unavailable"))
    return send_file(io.BytesIO(made.data), speaking.MIMETYPES["MP3"], max_age=None)


def _names(ids: set[UUID]) -> dict[UUID, str]:
    found = tx().exec(select(Person).where(col(Person.id).in_(ids)))
    return {person.id: person.display_name for person in found}


def _page(
    form: WordForm,
    *,
    heard: tuple[str, str] | None = None,
    file_form: FileForm | None = None,
    problems: list[RowProblem] | None = None,
) -> str:
    rows = pronouncing.entries(tx())
    return render_template(
        "lexicon/words.html",
        form=form,
        heard=heard,
        file_form=file_form or FileForm(formdata=None),
        act_form=ActForm(formdata=None),
        problems=problems or [],
        rows=sorted(rows, key=lambda row: row.at, reverse=True),
        people=_names({row.person_id for row in rows}),
        columns=pronouncing.COLUMNS,
    )
