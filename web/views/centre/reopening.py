"""Opening an account again that its holder closed by withdrawing a consent that it needs."""

from uuid import UUID

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.identity.document import DocumentType
from credit_bank.store.tables import Learner
from web.accounts import consents
from web.accounts.permissions import now, permit
from web.accounts.roles import Role
from web.accounts.signing_in import gate
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.centre import ReopenForm
from web.messages import error_sentence, locale, t
from web.views.centre.blueprint import blueprint, officer, served
from web.views.centre.opening import note_guardian, show_card
from web.workflows import counter


@blueprint.route("/centre/<handle>/learners/<uuid:learner_id>/reopen", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def reopen(handle: str, learner_id: UUID) -> ResponseReturnValue:
    """Read the consents out, record them anew, and open the account again; the answer is the card with a code."""
    found = served(learner_id)
    if not counter.is_closed(tx(), found.id):
        abort(404)
    form, problem = ReopenForm(), None
    if form.validate_on_submit():
        try:
            digests = bank().identity_digests(DocumentType(form.document_type.data), form.document_number.data)
            code = command(lambda session: _reopen(session, form, found, digests))
            return show_card(handle, found, code, title=t("centre.reopen.done"))
        except InvalidInput as error:
            consent = error.code == "consent.required"
            refuse(
                form.agreed if consent else form.document_number,
                t("centre.reopen.required") if consent else error_sentence(error),
            )
        except Missing:
            refuse(form.document_number, t("centre.reopen.no_match"))
        except Conflict as error:
            problem = error_sentence(error)
    page = render_template(
        "centre/reopen.html",
        handle=handle,
        form=form,
        learner=found,
        texts={code: consents.text(code, locale()) for code in consents.PURPOSES},
        required_purposes=consents.REQUIRED,
        problem=problem,
    )
    return page, 409 if problem else 422 if form.errors else 200


def _reopen(session: Session, form: ReopenForm, learner: Learner, digests: dict[int, bytes]) -> str:
    code = counter.reopen(
        session,
        gate().counter,
        officer(),
        learner.id,
        digests=digests,
        agreed=form.agreed.data,
        language=locale(),
        now=now(),
    )
    if form.guardian.data:
        note_guardian(session, learner)
    return code
