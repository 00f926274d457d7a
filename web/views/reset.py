"""A member of staff who forgot the password: the administrator's link, and the page that it opens."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, CreditBankError, InvalidInput, Missing
from credit_bank.store import institutions
from web.accounts import audit, people, resets, secret_rules
from web.accounts.permissions import BANK_ADMIN, PUBLIC, actor, now, permit
from web.accounts.roles import Role
from web.accounts.signing_in import gate
from web.accounts.tables import Membership, Person, ResetLink
from web.banking import settings
from web.database import command, database, tx
from web.forms.account import ConfirmForm
from web.forms.base import refuse
from web.forms.reset import NewPasswordForm
from web.messages import error_sentence, t

blueprint = Blueprint("reset", __name__)


@blueprint.route("/institution/<handle>/staff/<uuid:membership_id>/password", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def make(handle: str, membership_id: UUID) -> ResponseReturnValue:
    """A link for a member of the own staff; the bank's administrator may help those who work elsewhere, too."""
    by_bank = actor().is_bank_admin
    back = url_for("staff.staff", handle=handle)
    return _make(g.institution.id, membership_id, back, bound_to=None if by_bank else g.institution.id)


@blueprint.route("/admin/institutions/<handle>/staff/<uuid:membership_id>/password", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def make_for(handle: str, membership_id: UUID) -> ResponseReturnValue:
    """A link for a member of any institution's staff, made by the bank's administrator."""
    found = institutions.by_handle(tx(), handle)
    if found is None or found.closed_at is not None:
        abort(404)
    return _make(found.id, membership_id, url_for("admin.institution", handle=handle), bound_to=None)


def _make(institution_id: UUID, membership_id: UUID, back: str, *, bound_to: UUID | None) -> ResponseReturnValue:
    statement = (
        select(Person)
        .join(Membership, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.id) == membership_id,
            col(Membership.institution_id) == institution_id,
            col(Membership.valid_to).is_(None),
        )
    )
    person = tx().exec(statement).first()
    if person is None:
        abort(404)
    form, problem = ConfirmForm(), None
    if form.validate_on_submit():
        try:
            token, row = command(lambda session: _made(session, person.id, institution_id, bound_to))
            link = settings().site + url_for("reset.choose", token=token)
            # Not a redirect: the link exists in this answer only.
            return render_template("reset/made.html", person=person, link=link, row=row, back=back)
        except Conflict as error:
            problem = error_sentence(error)
    page = render_template("reset/make.html", form=form, person=person, problem=problem, back=back)
    return page, 409 if problem else 200


def _made(session: Session, person_id: UUID, institution_id: UUID, bound_to: UUID | None) -> tuple[str, ResetLink]:
    who = actor().person_id
    made = resets.make(session, person_id=person_id, institution_id=bound_to, made_by=who, now=now())
    audit.record(
        session,
        "secret.reset_link_made",
        now=now(),
        person_id=who,
        institution_id=institution_id,
        subject_id=person_id,
    )
    return made


@blueprint.route("/new-password/<token>", methods=["GET", "POST"])
@permit(PUBLIC)
def choose(token: str) -> ResponseReturnValue:
    """Choose a new password with a link; then sign in with it."""
    try:
        with database().reading() as session:
            _, person = resets.find(session, token, now())
            name, known = person.display_name, people.known_words(session, person)
    except (Missing, Conflict) as error:
        return _no_link(error)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            secret_rules.check(form.new_secret.data, staff=True, known=known)
            hashed = gate().hasher.hash(form.new_secret.data)
            command(lambda session: _use(session, token, hashed))
            flash(t("reset.done"), "good")
            return redirect(url_for("signin.sign_in"), 303)
        except InvalidInput as error:
            refuse(form.new_secret, error_sentence(error))
        except Conflict as error:
            return _no_link(error)
    return render_template("reset/choose.html", form=form, name=name), 422 if form.errors else 200


def _no_link(error: CreditBankError) -> ResponseReturnValue:
    status = 404 if isinstance(error, Missing) else 409
    return render_template("reset/no_link.html", sentence=error_sentence(error)), status


def _use(session: Session, token: str, hashed: str) -> None:
    row = resets.use(session, gate().counter, token=token, secret_hash=hashed, now=now())
    audit.record(
        session,
        "secret.replaced_by_link",
        now=now(),
        person_id=row.person_id,
        institution_id=row.institution_id,
        subject_id=row.person_id,
    )
