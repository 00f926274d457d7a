"""Telling what cannot be used: open to everybody, answered by the bank, with a number to refer to."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from credit_bank.errors import Conflict, InvalidInput, Missing
from web.accounts.permissions import PUBLIC, actor_or_none, permit, safe_next
from web.database import tx
from web.forms.help import FeedbackForm
from web.messages import error_sentence
from web.operations import contact_places, help_requests
from web.operations.help_requests import ACCESSIBILITY
from web.security import limiter
from web.views.help.asking import send, shown
from web.views.help.blueprint import blueprint, known_page, page_name


@blueprint.route("/accessibility/feedback", methods=["GET", "POST"])
@permit(PUBLIC)
@limiter.limit("30 per hour", methods=["POST"])
def feedback() -> ResponseReturnValue:
    """Tell it here, by telephone or at a counter."""
    form, problem = FeedbackForm(), None
    if not form.is_submitted():
        form.page.data = known_page(request.args.get("page"))
        form.next.data = safe_next(request.args.get("next")) or ""
    if form.validate_on_submit():
        try:
            made = send(form, ACCESSIBILITY)
        except (InvalidInput, Conflict, Missing) as error:
            problem = error_sentence(error)
        else:
            if actor_or_none() is None:
                return redirect(url_for(".feedback_sent", key=made.key), 303)
            return redirect(url_for(".request", request_id=made.id), 303)
    page = render_template(
        "help/feedback.html",
        form=form,
        problem=problem,
        page=page_name(known_page(form.page.data)),
        places=contact_places.every(tx()),
    )
    return page, 409 if problem else 422 if form.errors else 200


@blueprint.get("/accessibility/feedback/<uuid:key>")
@permit(PUBLIC)
def feedback_sent(key: UUID) -> str:
    """What a stranger told, and the answer; nobody else knows this address."""
    return shown(help_requests.by_key(tx(), key))
