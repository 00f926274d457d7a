"""Opening an account at the counter: the document in hand, the consents read out, the card handed over.

The officer never learns the PIN: the card comes with a one-time code, and the learner chooses the PIN with it.
"""

import secrets
from uuid import UUID

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlmodel import Session
from wtforms import Field

from accessibility.preference import card as display_card
from accessibility.preference import model
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.identity.document import DocumentType
from credit_bank.store.tables import Learner
from web import qr
from web.account_card import card_address
from web.accounts import audit, consents, display_preferences, people
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.accounts.signing_in import gate
from web.banking import bank, settings
from web.database import command, tx
from web.forms.base import refuse
from web.forms.centre import OpenForm
from web.messages import error_sentence, locale, t
from web.views.centre.blueprint import blueprint, officer, served, sign_in_address
from web.workflows import account_opening, counter
from web.workflows.account_opening import GuardianNeeded


@blueprint.route("/centre/<handle>/open-account", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def open_account(handle: str) -> ResponseReturnValue:
    """Open an account; the card with its one-time code stands on the answer and nowhere else."""
    form = OpenForm()
    known = False
    if form.validate_on_submit():
        try:
            consents.check_required(form.agreed.data)
            _check_guardian(form)
            # Nobody knows this secret: the learner chooses one with the code.
            hashed = gate().hasher.hash(secrets.token_urlsafe(32))
            learner, code = command(lambda session: _open(session, form, hashed))
            return show_card(handle, learner, code, title=t("centre.card.title_new"))
        except GuardianNeeded:
            refuse(form.guardian, t("centre.guardian_needed"))
        except Conflict as error:
            known = error.code == "account.document_known"
            refuse(form.document_number, t("centre.document_known") if known else error_sentence(error))
        except InvalidInput as error:
            refuse(_field_of(form, error), error_sentence(error))
    page = render_template(
        "centre/open_account.html",
        handle=handle,
        form=form,
        texts={code: consents.text(code, locale()) for code in consents.PURPOSES},
        required_purposes=consents.REQUIRED,
        known=known,
    )
    return page, 422 if form.errors else 200


def _check_guardian(form: OpenForm) -> None:
    if not form.guardian.data:
        account_opening.check_age(DocumentType(form.document_type.data), form.document_number.data, now())


def _field_of(form: OpenForm, error: InvalidInput) -> Field:
    match error.code.partition(".")[0]:
        case "consent":
            return form.agreed
        case "learner":
            return form.name
        case _:
            return form.document_number


def _open(session: Session, form: OpenForm, hashed: str) -> tuple[Learner, str]:
    learner, _person = account_opening.open_account(
        session,
        bank(),
        name=form.name.data,
        document_type=DocumentType(form.document_type.data),
        document_number=form.document_number.data,
        secret_hash=hashed,
        agreed=form.agreed.data,
        language=locale(),
        now=now(),
        via="counter",
        assisted_by=actor().person_id,
        institution_id=g.institution.id,
    )
    if form.guardian.data:
        note_guardian(session, learner)
    return learner, counter.give_code(session, gate().counter, officer(), learner.id, now=now())


def note_guardian(session: Session, learner: Learner) -> None:
    """Note that a guardian who was present agreed for a child."""
    audit.record(
        session,
        "consent.given_by_guardian",
        now=now(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        subject_id=learner.id,
    )


def show_card(handle: str, learner: Learner, code: str | None, *, title: str) -> str:
    """The account card; with a one-time code, this answer is the only one that shows it."""
    kept = display_code(learner.id)
    address = card_address(learner.account_number, kept)
    return render_template(
        "centre/card.html",
        handle=handle,
        learner=learner,
        code=code,
        title=title,
        sign_in_address=sign_in_address(),
        display_code=kept,
        code_address=settings().site + url_for("signin.lost_pin"),
        qr_code=Markup(qr.svg(address, title=t("centre.card.qr_title"))),  # noqa: S704 - drawn by us
    )


def display_code(learner_id: UUID) -> str:
    """What the learner keeps with the account of how the bank is shown, as a card's code; empty for nothing."""
    person = people.of_learner(tx(), learner_id)
    written = display_preferences.written(tx(), person.id) if person else None
    return display_card.code(model.read(written or ""))


@blueprint.get("/centre/<handle>/learners/<uuid:learner_id>/card")
@permit(Role.CENTRE_STAFF)
def card(handle: str, learner_id: UUID) -> str:
    """The card again, for a learner who lost it. It never shows a PIN."""
    return show_card(handle, served(learner_id), None, title=t("centre.card.title"))
