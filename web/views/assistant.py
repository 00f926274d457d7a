"""The assistant of presentation (适老化学习助手): what it noticed, what it proposes, how it may act; undoing it.

Pages only read: a proposal is made where something was just noticed, and stands on the next page until it is answered.
"""

from collections import Counter
from datetime import date
from uuid import UUID

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.wrappers import Response

from accessibility import adjusting
from accessibility.adjust.signal import KINDS, Noticed
from accessibility.errors import InvalidInput
from accessibility.preference import model
from accessibility.store import adjustments
from accessibility.store.tables import Adjustment
from credit_bank.store.types import new_id
from web import learning, presentation
from web.accounts import consents
from web.accounts.permissions import SIGNED_IN, actor, actor_or_none, now, permit, safe_next
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.assistant import ModeForm
from web.messages import CITY, locale, t
from web.security import limiter

blueprint = Blueprint("assistant", __name__)

CONSENT = "assistant"
_LESSON = "library.item:"


def today() -> date:
    """The civil day of the city."""
    return now().astimezone(CITY).date()


def page_name() -> str:
    """What a page is called where something is noticed on it: its kind, and of a lesson which one; never whose."""
    view = request.view_args or {}
    if request.endpoint == "library.item":
        return f"library.item:{view['course']}/{view['item']}"
    return request.endpoint or ""


def is_page(name: str) -> bool:
    """Whether there is such a page."""
    return name in current_app.view_functions or (
        name.startswith(_LESSON) and name.removeprefix(_LESSON) in learning.library().items
    )


def mode() -> str:
    """How the assistant may act for whoever reads this page."""
    if "assistant_mode" not in g:
        who = actor_or_none()
        g.assistant_mode = "off" if who is None else adjustments.mode(tx(), who.person_id)
    found: str = g.assistant_mode
    return found


def standing() -> adjusting.Offered | None:
    """What stands before whoever reads this page."""
    who = actor_or_none()
    return None if who is None or mode() == "off" else adjusting.standing(tx(), who.person_id)


@blueprint.record_once
def _install(state: object) -> None:
    app: Flask = state.app  # type: ignore[attr-defined]
    app.jinja_env.globals.update(assistant_mode=mode, assistant_standing=standing, noticed_page=page_name)


AREAS = ("library", "practice", "portfolio", "account", "plan", "help")


def page_words(name: str) -> str:
    """What a page is called in the reader's words: a lesson by its title, others by the part that they belong to."""
    topic, _, rest = name.partition(".")
    if topic == "library" and rest.startswith("item:"):
        item = learning.library().items.get(rest.removeprefix("item:"))
        if item is not None:
            return t("assistant.noticed.lesson", title=item.title.in_language(locale()))
    return t(f"assistant.area.{topic if topic in AREAS else 'other'}")


@blueprint.get("/assistant")
@permit(SIGNED_IN)
def index() -> str:
    """What it noticed, what it proposed and what became of it; how it may act."""
    return _page(ModeForm(formdata=None, data={"mode": mode()}))


def _page(form: ModeForm) -> str:
    who = actor()
    rows = adjustments.noticed(tx(), who.person_id, date.min)
    often: Counter[str] = Counter()
    for row in rows:
        often[row.kind] += row.count
    return render_template(
        "assistant/page.html",
        form=form,
        mode=mode(),
        rows=sorted(rows, key=lambda row: (row.day, row.kind, row.page), reverse=True)[:60],
        often=often.most_common(),
        since=adjusting.counted_from(today()),
        changes=adjustments.changes(tx(), who.person_id),
        text=consents.text(CONSENT, locale()),
        page_words=page_words,
    )


@blueprint.post("/assistant/mode")
@permit(SIGNED_IN)
def choose() -> ResponseReturnValue:
    """Off, ask or do. To switch it on is the consent whose text stands beside the choice; off takes it back."""
    form = ModeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    command(lambda session: _choose(session, form.mode.data))
    flash(t(f"assistant.chosen.{form.mode.data}"), "good")
    return redirect(url_for(".index"), 303)


def _choose(session: Session, how: str) -> None:
    who = actor()
    agreed = any(row.purpose == CONSENT for row in consents.current(session, who.person_id))
    if how != "off" and not agreed:
        consents.give(
            session,
            person_id=who.person_id,
            learner_id=who.learner_id,
            purpose=CONSENT,
            language=locale(),
            now=now(),
        )
    if how == "off" and agreed:
        consents.withdraw(session, person_id=who.person_id, purpose=CONSENT, now=now())
    adjusting.set_mode(session, who.person_id, how, today())


@blueprint.post("/assistant/noticed")
@permit(SIGNED_IN)
@limiter.limit("120 per minute")
def noticed() -> ResponseReturnValue:
    """What a page noticed while it was read, told when it is left."""
    who, page = actor(), request.form.get("page", "")
    if not is_page(page):
        abort(400)
    try:
        found = [
            Noticed(today(), kind, page, int(times), float(request.form.get(f"{kind}.amount", "0")))
            for kind, times in request.form.items()
            if kind in KINDS
        ]
        offer = command(lambda session: _note(session, who.person_id, found))
    except (ValueError, InvalidInput):
        abort(400)
    response = Response(status=204)
    if offer is not None and offer.done:
        presentation.keep(response, _with(adjusting.changes_of(offer.change)), presentation.place())
    return response


def _note(session: Session, person_id: UUID, found: list[Noticed]) -> adjusting.Offered | None:
    if adjusting.note(session, person_id, found) == 0:
        return None
    return adjusting.offered(session, person_id, presentation.preference(), today(), new_id)


@blueprint.post("/assistant/changes/<uuid:change_id>")
@permit(SIGNED_IN)
def answer(change_id: UUID) -> ResponseReturnValue:
    """Yes, no, or back to how it was."""
    who, said = actor(), request.form.get("answer")
    if said not in ("yes", "no", "undo"):
        abort(400)
    back = safe_next(request.form.get("next")) or url_for(".index")
    response: Response = redirect(back, 303)
    try:
        before = _own(who.person_id, change_id)
        done = before.outcome == "done"
        changes = command(lambda session: _answer(session, who.person_id, change_id, said))
    except InvalidInput:
        abort(404)
    if changes and not (done and said == "yes"):
        presentation.keep(response, _with(changes), presentation.place())
    flash(t(f"assistant.answered.{'seen' if done and said == 'yes' else said}"), "good")
    if said == "yes" and not done:
        flash(url_for(".answer", change_id=change_id), "undo")
    return response


def _own(person_id: UUID, change_id: UUID) -> Adjustment:
    row = adjustments.change(tx(), person_id, change_id)
    if row is None:
        abort(404)
    return row


def _answer(session: Session, person_id: UUID, change_id: UUID, said: str) -> dict[str, str]:
    if said == "undo":
        return dict(adjusting.undo(session, person_id, change_id, today()))
    return dict(adjusting.answer(session, person_id, change_id, accept=said == "yes", today=today()))


def _with(changes: object) -> model.Preference:
    return model.resolve({**model.choices_of(presentation.preference()), **dict(changes)})  # type: ignore[call-overload]


@blueprint.route("/assistant/forget", methods=["GET", "POST"])
@permit(SIGNED_IN)
def forget() -> ResponseReturnValue:
    """Delete what was noticed; what was said to changes stays, so that nobody is asked the same again."""
    form = ConfirmForm()
    if form.validate_on_submit():
        command(lambda session: adjusting.forget(session, actor().person_id))
        flash(t("assistant.forgotten"), "good")
        return redirect(url_for(".index"), 303)
    return render_template("assistant/forget.html", form=form)
