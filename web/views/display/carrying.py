"""Taking one's display settings along: with the account, on a printed card, as a file of the AccessForAll standard."""

import json
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from accessibility.preference import card, pnp
from accessibility.preference.model import choices_of, resolve
from accessibility.preference.pnp_terms import Problem
from web import presentation
from web.accounts import display_preferences
from web.accounts.permissions import PUBLIC, SIGNED_IN, actor, actor_or_none, forget_actor, now, permit
from web.database import command, tx
from web.forms.display import AgreeForm, CodeForm, FileForm
from web.messages import locale, t
from web.views.display.blueprint import blueprint
from web.views.display.settings import place_of, said, where_kept
from web.views.display.switching import speak


@blueprint.get("/settings/display/carry")
@permit(PUBLIC)
def carry() -> str:
    """The ways in which settings travel."""
    return _carry()


def _carry(**forms: Any) -> str:
    who = actor_or_none()
    return render_template(
        "display/carry.html",
        code=card.code(choices_of(presentation.preference())),
        kept=presentation.account_choices() is not None,
        signed_in=who is not None,
        **{
            "code_form": CodeForm(formdata=None),
            "file_form": FileForm(formdata=None, data={"where": where_kept()}),
            "agree_form": AgreeForm(formdata=None),
            **forms,
        },
    )


@blueprint.post("/settings/display/carry/account")
@permit(SIGNED_IN)
def agree() -> ResponseReturnValue:
    """Keep with the account what holds now, as the person agreed."""
    form = AgreeForm()
    if not form.validate_on_submit():
        return _carry(agree_form=form), 422
    flash(said("account"), "good")
    return presentation.keep(redirect(url_for(".carry"), 303), presentation.preference(), "account")


@blueprint.post("/settings/display/carry/account/forget")
@permit(SIGNED_IN)
def withdraw() -> ResponseReturnValue:
    """Keep nothing with the account any longer; this device goes on as it is."""
    chosen, who = presentation.preference(), actor()
    command(lambda session: display_preferences.forget(session, who.person_id))
    forget_actor()
    flash(t("display.account.forgotten"), "good")
    return presentation.keep(redirect(url_for(".carry"), 303), chosen, presentation.here())


@blueprint.post("/settings/display/carry/code")
@permit(PUBLIC)
def type_code() -> ResponseReturnValue:
    """Apply the code of a card that was typed in, for this visit."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _carry(code_form=form), 422
    return _apply(form.code.data, url_for(".settings"))


@blueprint.get("/d/<code>")
@permit(PUBLIC)
def from_card(code: str) -> BaseResponse:
    """What the QR code of a printed card leads to: its settings for this visit, then signing in with the card."""
    return _apply(code, url_for("card.number"))


def _apply(code: str, target: str) -> BaseResponse:
    choices, strange = card.choices(code)
    if strange:
        flash(t("display.code.strange", parts=" ".join(part[:20] for part in strange[:6])), "warn")
    if choices:
        flash(t("display.code.applied"), "good")
    response: BaseResponse = redirect(target, 303)
    response.headers["Cache-Control"] = "no-store"
    return presentation.keep_for_visit(response, choices) if choices else response


@blueprint.get("/settings/display/preferences.json")
@permit(PUBLIC)
def download() -> Response:
    """The settings as a file that another learning system reads (AccessForAll PNP 3.0)."""
    who = actor_or_none()
    foreign = display_preferences.foreign(tx(), who.person_id) if who else {}
    body = pnp.write(presentation.preference(), language=locale(), foreign=foreign)
    response = Response(json.dumps(body, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=preferences.json"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/settings/display/carry/file")
@permit(PUBLIC)
def upload() -> ResponseReturnValue:
    """Take the settings from such a file; what could not be used is named, and kept if the account keeps the rest."""
    form = FileForm()
    if not form.validate_on_submit():
        return _carry(file_form=form), 422
    taken = pnp.parse(form.file.data.stream.read(pnp.LARGEST + 1))
    if not taken.choices and not taken.foreign and taken.problems:
        form.file.errors = [_sentence(problem) for problem in taken.problems]
        return _carry(file_form=form), 422
    place = place_of(form)
    flash(said(place), "good")
    for problem in taken.problems[:20]:
        flash(_sentence(problem), "warn")
    if taken.foreign:
        flash(t("display.file.foreign_kept" if place == "account" else "display.file.foreign_dropped"), "info")
    response = presentation.keep(redirect(url_for(".carry"), 303), resolve(taken.choices), place)
    if place == "account":
        display_preferences.keep(
            tx(), actor().person_id, choices_of(resolve(taken.choices)), now=now(), foreign=taken.foreign
        )
    return speak(response, taken.language) if taken.language else response


def _sentence(problem: Problem) -> str:
    return t(f"display.file.problem.{problem.code}", term=problem.term[:80])
