"""Finding a learner: by card, by document, or among the accounts that this centre opened."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from credit_bank.errors import InvalidInput, Missing
from credit_bank.identity import account_number
from credit_bank.identity.document import DocumentType
from credit_bank.store import learners
from credit_bank.store.tables import Learner
from web.accounts.permissions import now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.centre import FindByDocumentForm, FindByNumberForm
from web.messages import error_sentence, t
from web.views.centre.blueprint import blueprint, officer
from web.workflows import counter

PAGE = 50


@blueprint.get("/centre/<handle>/")
@permit(Role.CENTRE_STAFF)
def overview(handle: str) -> str:
    """What can be done at the counter."""
    return render_template(
        "centre/overview.html",
        handle=handle,
        institution=g.institution,
        by_number=FindByNumberForm(formdata=None),
        count=learners.opened_at_count(tx(), g.institution.id),
    )


@blueprint.route("/centre/<handle>/find", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def find(handle: str) -> ResponseReturnValue:
    """Find a learner by the number on the card."""
    form = FindByNumberForm()
    if form.validate_on_submit():
        try:
            found = learners.by_account_number(tx(), account_number.parse(form.number.data))
            if found is None:
                raise Missing("learner.unknown")
            return _to(handle, found, "number")
        except (InvalidInput, Missing) as error:
            refuse(form.number, t("centre.nobody") if isinstance(error, Missing) else error_sentence(error))
    return render_template("centre/find.html", handle=handle, form=form), 422 if form.errors else 200


@blueprint.route("/centre/<handle>/find-by-document", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def find_by_document(handle: str) -> ResponseReturnValue:
    """Find a learner by the document in the officer's hand."""
    form = FindByDocumentForm()
    if form.validate_on_submit():
        try:
            digests = bank().identity_digests(DocumentType(form.document_type.data), form.document_number.data)
            found = learners.by_digest(tx(), digests)
            if found is None:
                raise Missing("learner.unknown")
            return _to(handle, found, "document")
        except (InvalidInput, Missing) as error:
            sentence = t("centre.nobody_document") if isinstance(error, Missing) else error_sentence(error)
            refuse(form.document_number, sentence)
    return render_template("centre/find_by_document.html", handle=handle, form=form), 422 if form.errors else 200


def _to(handle: str, learner: Learner, by: str) -> ResponseReturnValue:
    command(lambda session: counter.note_found(session, officer(), learner.id, by=by, now=now()))
    return redirect(url_for(".learner", handle=handle, learner_id=learner.id), 303)


@blueprint.get("/centre/<handle>/learners")
@permit(Role.CENTRE_STAFF)
def opened_here(handle: str) -> str:
    """The accounts that this centre opened, by name."""
    words = request.args.get("q", "").strip()[:80]
    at = max(1, min(request.args.get("page", 1, type=int), 100_000))
    count = learners.opened_at_count(tx(), g.institution.id, words)

    def address(page: int) -> str:
        return url_for(".opened_here", handle=handle, q=words, page=page)

    rows = learners.opened_at(tx(), g.institution.id, words=words, offset=(at - 1) * PAGE, limit=PAGE)
    return render_template(
        "centre/learners.html",
        handle=handle,
        rows=[(learner, account_number.grouped(learner.account_number)) for learner in rows],
        words=words,
        count=count,
        page=at,
        pages=-(-count // PAGE),
        address=address,
    )
