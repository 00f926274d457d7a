"""Recording one's own commands: one word at a time, shown and spoken; said again, taken back, gone on with later."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from accessibility.errors import InvalidInput
from accessibility.voice.audio import COMMAND_SECONDS, read_wav
from accessibility.voice.enrolment import MOST_TAKES, Enrolment, Taken, take, too_similar, unlike_the_others
from web import speaking
from web.accounts.permissions import SIGNED_IN, actor, now, permit
from web.banking import bank
from web.database import command
from web.forms.voice import RecordingForm
from web.messages import error_sentence, t
from web.operations import voice_commands
from web.security import limiter
from web.views.voice.blueprint import LIMIT, blueprint, own_commands, sound_of
from web.views.voice.commands import SETS, agreed, alike_in_words, next_after, words_of
from web.views.voice.hearing import LARGEST


@blueprint.get("/voice/commands/<name>")
@permit(SIGNED_IN)
def record(name: str) -> ResponseReturnValue:
    """One command: its word, and the recording of it."""
    return _of_known(name) or _page(name, RecordingForm(formdata=None))


@blueprint.post("/voice/commands/<name>")
@permit(SIGNED_IN)
@limiter.limit(LIMIT, key_func=speaking.reader)
def keep(name: str) -> ResponseReturnValue:
    """Keep what was said as a template; the recording itself goes with the request."""
    if (away := _of_known(name)) is not None:
        return away
    form = RecordingForm()
    try:
        taken = _taken() if form.validate_on_submit() else None
    except InvalidInput as error:
        form.sound.errors = [error_sentence(error)]
        return _page(name, form, 422)
    if taken is None:
        return _page(name, form, 422)
    enrolled = command(lambda session: _add(session, name, taken))
    if enrolled is None:
        return redirect(url_for(".mine"), 303)
    warnings = [t(f"voice.warning.{code.removeprefix('voice.')}") for code in taken.warnings]
    if unlike_the_others(enrolled, name):
        warnings.append(t("voice.warning.unlike"))
    alike = [one for one in too_similar(enrolled) if name in (one.first, one.second)]
    warnings += [t("voice.warning.alike", first=first, second=second) for first, second, _ in alike_in_words(alike)]
    for sentence in warnings:
        flash(sentence, "warn")
    if warnings:
        return redirect(url_for(".record", name=name, check=1), 303)
    flash(t("voice.own.kept", what=words_of(name)), "good")
    following = next_after(name, enrolled) if len(enrolled.takes[name]) == 1 else None
    if following is None or following not in _set_of(name):
        return redirect(url_for(".mine"), 303)
    return redirect(url_for(".record", name=following), 303)


@blueprint.post("/voice/commands/<name>/redo")
@permit(SIGNED_IN)
def redo(name: str) -> ResponseReturnValue:
    """Take the last recording of a command back, and say it again."""
    return _changed(name, lambda enrolled: voice_commands.without_last(enrolled, name), "voice.own.taken_back")


@blueprint.post("/voice/commands/<name>/forget")
@permit(SIGNED_IN)
def forget(name: str) -> ResponseReturnValue:
    """Delete every recording of one command."""
    return _changed(name, lambda enrolled: enrolled.without(name), "voice.own.forgotten")


def _changed(name: str, change: Callable[[Enrolment], Enrolment], said: str) -> ResponseReturnValue:
    if (away := _of_known(name)) is not None:
        return away

    who = actor().person_id
    command(lambda session: voice_commands.change(session, bank().kek, who, change, now=now()))
    flash(t(said, what=words_of(name)), "good")
    return redirect(url_for(".record", name=name), 303)


def _of_known(name: str) -> ResponseReturnValue | None:
    """404 for what is no command; to the consent where nothing may be kept; None to go on."""
    if name not in voice_commands.COMMANDS:
        abort(404)
    return None if agreed() else redirect(url_for(".mine"), 303)


def _taken() -> Taken:
    """What is kept of the recording that was sent. Raises InvalidInput with a code of ``accessibility.voice``."""
    sent = request.files.get("sound")
    data = sent.stream.read(LARGEST + 1) if sent is not None else b""
    if not data:
        raise InvalidInput("voice.no_file")
    if len(data) > LARGEST:
        raise InvalidInput("voice.too_large")
    return take(read_wav(data, longest=COMMAND_SECONDS))


def _add(session: Session, name: str, taken: Taken) -> Enrolment | None:
    """With what was said; None where the consent was taken back in the meantime."""
    kek, who = bank().kek, actor().person_id
    voice_commands.hold(session, who)
    if not agreed():
        return None
    return voice_commands.change(session, kek, who, lambda enrolled: enrolled.with_take(name, taken.take), now=now())


def _set_of(name: str) -> tuple[str, ...]:
    return next(names for names in SETS.values() if name in names)


def _page(name: str, form: RecordingForm, status: int = 200) -> ResponseReturnValue:
    enrolled = own_commands() or Enrolment()
    takes, of_set = len(enrolled.takes.get(name, ())), _set_of(name)
    following = next_after(name, enrolled)
    page = render_template(
        "voice/record.html",
        form=form,
        name=name,
        words=words_of(name),
        sound=sound_of(words_of(name)),
        takes=takes,
        most=MOST_TAKES,
        number=of_set.index(name) + 1,
        total=len(of_set),
        check="check" in request.args,
        next=following,
        next_words=words_of(following) if following else "",
    )
    return page, status
