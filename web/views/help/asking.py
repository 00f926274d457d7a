"""Asking a person, following it up, taking it back."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accessibility.errors import InvalidInput as BadRecording
from accessibility.voice.message import LONGEST
from credit_bank.errors import Conflict, InvalidInput, Missing
from web import speaking
from web.accounts.permissions import PUBLIC, SIGNED_IN, actor, actor_or_none, now, permit, safe_next
from web.database import command, request_writes, tx
from web.forms.account import ConfirmForm
from web.forms.help import AskForm, Telling
from web.messages import error_sentence, locale, t
from web.operations import contact_places, help_requests, voice_messages
from web.operations.help_requests import HELP, SPOKEN_MATTER
from web.operations.help_tables import HelpRequest
from web.security import limiter
from web.views.help.blueprint import asker, blueprint, known_page, page_name, place_name, said
from web.views.help.messages import drop_draft, keep_draft, recorded
from web.views.voice.blueprint import sound_of


@blueprint.route("/help/ask", methods=["GET", "POST"])
@permit(PUBLIC)
@limiter.limit("60 per hour", methods=["POST"], key_func=speaking.reader)
def ask() -> ResponseReturnValue:
    """Ask a person; for strangers, where a person can be reached. What a form says is never dropped."""
    form = AskForm()
    if not form.is_submitted():
        form.page.data = known_page(request.args.get("page"))
        form.next.data = safe_next(request.args.get("next")) or ""
    if actor_or_none() is None:
        return _stranger(form)
    act = request.form.get("act", "") if form.is_submitted() else ""
    key = key_of(form)
    if act == "discard" and key is not None:
        drop_draft(key)
    wrong = _heard(key, wanted=act == "hear") if form.is_submitted() and act != "discard" else None
    if act in ("hear", "discard") or wrong:
        return _page(form, wrong=wrong)
    if key is not None and not form.matter.data and voice_messages.draft_of(tx(), key, actor().person_id):
        form.matter.data = SPOKEN_MATTER  # whoever speaks says it themselves
    if not form.validate_on_submit():
        return _page(form)
    try:
        made = send(form, HELP)
    except (InvalidInput, Conflict, Missing) as error:
        return _page(form, problem=error_sentence(error))
    flash(t("help.sent", place=place_name(made)), "good")
    return redirect(url_for(".request", request_id=made.id, next=safe_next(form.next.data)), 303)


def _heard(key: UUID | None, *, wanted: bool) -> str | None:
    """Keep what was recorded, so that whatever else is wrong it is there; what is wrong with it, for a person."""
    try:
        sound = recorded()
        if sound is not None and key is not None:
            keep_draft(key, sound)
        elif wanted and (key is None or voice_messages.draft_of(tx(), key, actor().person_id) is None):
            return t("help.voice.nothing")
    except (BadRecording, Conflict, Missing) as error:
        return error_sentence(error)
    return None


def _page(form: AskForm, *, problem: str | None = None, wrong: str | None = None) -> ResponseReturnValue:
    """The form; ``wrong`` is what is wrong with the recording."""
    if wrong:
        form.sound.errors = [wrong]
    me, key = actor(), key_of(form)
    centre = help_requests.centre_of(tx(), me.learner_id, now())
    page = render_template(
        "help/ask.html",
        form=form,
        problem=problem,
        page=page_name(known_page(form.page.data)),
        back=safe_next(form.next.data),
        open=[row for row in help_requests.of_person(tx(), me.person_id) if row.state in help_requests.OPEN],
        said=said,
        number=help_requests.shown_number,
        learner=me.learner_id is not None,
        place=contact_places.of_institution(tx(), centre.id) if centre else None,
        draft=voice_messages.draft_of(tx(), key, me.person_id) if key and form.is_submitted() else None,
        seconds=int(LONGEST),
        kept=voice_messages.KEPT.days,
    )
    return page, 409 if problem else 422 if form.errors or wrong else 200


def _stranger(form: AskForm) -> ResponseReturnValue:
    """Where to call and when; words that were written before the sign-in ended stand there still."""
    page = render_template(
        "help/stranger.html",
        places=contact_places.every(tx()),
        words=form.words.data if form.is_submitted() else "",
        back=safe_next(form.next.data),
    )
    return page, 401 if form.is_submitted() else 200


def key_of(form: Telling) -> UUID | None:
    """The key of a form; None for one that was tampered with."""
    try:
        return UUID(form.key.data or "")
    except ValueError:
        return None


def send(form: Telling, kind: str) -> HelpRequest:
    """Keep what a valid form asks. Raises as ``help_requests.ask`` does."""
    key = key_of(form)
    if key is None:
        raise InvalidInput("help.matter_missing")
    return command(
        lambda session: help_requests.ask(
            session,
            key=key,
            kind=kind,
            matter=form.matter.data,
            by=asker(),
            language=locale(),
            now=now(),
            page=known_page(form.page.data),
            words=form.words.data or "",
            phone=form.phone.data or "",
        )
    )


@blueprint.get("/help/requests")
@permit(SIGNED_IN)
def requests() -> str:
    """Everything that I asked, the newest first."""
    rows = help_requests.of_person(tx(), actor().person_id)
    return render_template("help/requests.html", rows=rows, said=said, number=help_requests.shown_number)


@blueprint.get("/help/requests/<uuid:request_id>", endpoint="request")
@permit(SIGNED_IN)
def one_request(request_id: UUID) -> str:
    """Where my request stands, and what was answered; what was read is not announced again."""
    row = help_requests.one_of_person(tx(), actor().person_id, request_id)
    if help_requests.is_news(row):
        request_writes()
        row = help_requests.one_of_person(tx(), actor().person_id, request_id, to_change=True)
        help_requests.look(tx(), row, now())
    return shown(row)


def shown(row: HelpRequest) -> str:
    """The page of one request, for whoever asked."""
    message = voice_messages.of_request(tx(), row.id, now()) if row.person_id else None
    return render_template(
        "help/request.html",
        row=row,
        message=message,
        kept=voice_messages.KEPT.days,
        answer_sound=sound_of(row.answer, "en" if row.answer.isascii() else "zh-CN") if row.answer else "",
        said=said(row),
        number=help_requests.shown_number(row.number),
        page=page_name(row.page),
        place=place_name(row),
        contact=contact_places.of_institution(tx(), row.institution_id) if row.institution_id else None,
        open=row.state in help_requests.OPEN,
        back=safe_next(request.args.get("next")),
    )


@blueprint.route("/help/requests/<uuid:request_id>/take-back", methods=["GET", "POST"])
@permit(SIGNED_IN)
def take_back(request_id: UUID) -> ResponseReturnValue:
    """Take a request back, after asking."""
    row = help_requests.one_of_person(tx(), actor().person_id, request_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("help/take_back.html", form=form, row=row), 422 if form.errors else 200
    command(lambda session: help_requests.take_back(session, actor().person_id, request_id, now()))
    flash(t("help.taken_back"), "good")
    return redirect(url_for(".requests"), 303)


@blueprint.route("/help/requests/<uuid:request_id>/delete", methods=["POST"])
@permit(SIGNED_IN)
def delete(request_id: UUID) -> ResponseReturnValue:
    """Delete a request that has ended."""
    try:
        command(lambda session: help_requests.delete_own(session, actor().person_id, request_id))
        flash(t("help.deleted"), "good")
    except Conflict as error:
        flash(error_sentence(error), "warn")
    return redirect(url_for(".requests"), 303)
