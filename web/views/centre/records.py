"""A record from another city's bank, taken in at the counter for a resident who is there and asks for it.

Where the names differ, the officer sees both, compares the documents and says that it is one person (rule R30).
"""

from uuid import UUID

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import taking_in
from credit_bank.errors import CreditBankError
from credit_bank.identity import account_number
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.store import learners
from credit_bank.store.tables import Learner
from credit_bank.taking_in import Looked
from web.accounts import consents
from web.accounts.permissions import now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.centre import RecordForm
from web.messages import error_sentence, locale, t
from web.security import limiter
from web.views.centre.blueprint import blueprint, officer, served
from web.workflows import counter


@blueprint.route("/centre/<handle>/learners/<uuid:learner_id>/record", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
@limiter.limit("60 per hour", methods=["POST"])
def record(handle: str, learner_id: UUID) -> ResponseReturnValue:
    """Hand in the file, see whose it is, and show the resident what was taken in."""
    found = served(learner_id)
    if counter.is_closed(tx(), found.id):
        abort(404)
    form, looked = RecordForm(), None
    agrees = consents.learner_agrees(tx(), found.id, "counter_help")
    if form.validate_on_submit():
        if not (agrees or form.help.data):
            refuse(form.help, t("centre.record.help_missing"))
        else:
            try:
                content = form.file.data.stream.read()
                looked = taking_in.look(tx(), bank(), found.id, content)
                if looked.name_matches or form.same.data:
                    return _taken(handle, found, looked, content, consents_too=not agrees)
                refuse(form.same, t("centre.record.same_missing"))
            except CreditBankError as error:
                refuse(form.file, error_sentence(error))
    page = render_template(
        "centre/record.html",
        handle=handle,
        learner=found,
        number=account_number.grouped(found.account_number),
        form=form,
        looked=looked,
        former=learners.former_names(tx(), found.id),
        consent=None if agrees else consents.text("counter_help", locale()),
    )
    return page, 422 if form.errors else 200


def _taken(handle: str, learner: Learner, looked: Looked, content: bytes, *, consents_too: bool) -> str:
    """Take in what is new, and the page that is turned to the resident."""

    def act(session: Session) -> None:
        if consents_too:
            counter.agrees_to_help(session, officer(), learner.id, language=locale(), now=now())
        counter.bring_in(session, bank(), officer(), learner.id, content, region=looked.region.did, now=now())

    problem = ""
    try:
        command(act)
    except CreditBankError as error:
        problem = error_sentence(error)
    return render_template(
        "centre/record_taken.html",
        handle=handle,
        learner=learner,
        looked=looked,
        problem=problem,
        framework=EVERGREEN,
    )
