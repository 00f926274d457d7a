"""An institution's staff: who works here, inviting, ending a role, accepting; and codes for a lost PIN."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, CreditBankError, InvalidInput, Missing
from credit_bank.identity import account_number
from credit_bank.identity.document import DocumentType
from credit_bank.store import institutions, learners
from credit_bank.store.tables import Institution
from web.accounts import audit, browser, invitations, memberships, people, secret_rules, temporary_codes
from web.accounts.attempts import TooManyTries
from web.accounts.permissions import PUBLIC, actor, actor_or_none, now, permit
from web.accounts.roles import Role
from web.accounts.signing_in import gate
from web.accounts.tables import Invitation, Membership, Person
from web.banking import bank, settings
from web.database import command, database, tx
from web.forms.account import ConfirmForm
from web.forms.base import refuse
from web.forms.staff import AcceptExistingForm, AcceptNewForm, InviteForm, PinCodeForm
from web.messages import error_sentence, t

blueprint = Blueprint("staff", __name__)


@blueprint.get("/institution/<handle>/")
@permit(Role.ADMINISTRATOR)
def institution(handle: str) -> ResponseReturnValue:
    """Where an administrator begins."""
    return redirect(url_for("staff.staff", handle=handle), 303)


@blueprint.get("/institution/<handle>/staff")
@permit(Role.ADMINISTRATOR)
def staff(handle: str) -> ResponseReturnValue:
    """Who works here, and who is invited."""
    members = memberships.staff_of(tx(), g.institution.id, now())
    return render_template(
        "staff/staff.html",
        handle=handle,
        members=members,
        registrar_missing=any(a.valid_to is None for a in institutions.accreditations(tx(), g.institution.id))
        and not any(membership.role == Role.REGISTRAR for membership, _ in members),
        invited=invitations.open_of(tx(), g.institution.id, now()),
    )


@blueprint.route("/institution/<handle>/staff/invite", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def invite(handle: str) -> ResponseReturnValue:
    """Invite someone; the link is shown on the answer and never again."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _invite_page(form, handle), 422 if form.errors else 200
    role = Role(form.role.data)

    def run(session: Session) -> tuple[str, Invitation]:
        token, row = invitations.invite(
            session,
            institution_id=g.institution.id,
            role=role,
            name=form.name.data,
            invited_by=actor().person_id,
            now=now(),
        )
        _record(session, "staff.invited", row.id, role.value)
        return token, row

    token, row = command(run)
    link = settings().site + url_for("staff.accept", token=token)
    # Not a redirect: the link exists in this answer only.
    return render_template("staff/invited.html", handle=handle, link=link, invitation=row)


def _invite_page(form: InviteForm, handle: str) -> str:
    hints = {role.value: t(f"staff.role_hint.{role.value}") for role in Role}
    return render_template("staff/invite.html", form=form, handle=handle, hints=hints)


def _record(session: Session, action: str, subject_id: UUID, role: str) -> None:
    audit.record(
        session,
        action,
        now=now(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        subject_id=subject_id,
        role=role,
    )


@blueprint.post("/institution/<handle>/staff/invitations/<uuid:invitation_id>/withdraw")
@permit(Role.ADMINISTRATOR)
def withdraw_invitation(handle: str, invitation_id: UUID) -> ResponseReturnValue:
    """Withdraw an invitation that nobody has accepted yet (inviting again is easy, so it is not asked twice)."""

    def run(session: Session) -> None:
        row = invitations.withdraw(session, institution_id=g.institution.id, invitation_id=invitation_id, now=now())
        _record(session, "staff.invitation_withdrawn", row.id, row.role)

    command(run)
    flash(t("staff.invitation_withdrawn"), "good")
    return redirect(url_for("staff.staff", handle=handle), 303)


@blueprint.route("/institution/<handle>/staff/<uuid:membership_id>/end", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def end_membership(handle: str, membership_id: UUID) -> ResponseReturnValue:
    """End a role, after asking."""
    statement = (
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.id) == membership_id,
            col(Membership.institution_id) == g.institution.id,
            col(Membership.valid_to).is_(None),
        )
    )
    found = tx().exec(statement).first()
    if found is None:
        abort(404)
    form, problem = ConfirmForm(), None
    if form.validate_on_submit():
        try:
            command(lambda session: _end(session, membership_id))
            flash(t("staff.ended", name=found[1].display_name), "good")
            return redirect(url_for("staff.staff", handle=handle), 303)
        except Conflict as error:
            problem = error_sentence(error)
    page = render_template(
        "staff/end.html", form=form, handle=handle, membership=found[0], person=found[1], problem=problem
    )
    return page, 409 if problem else 200


def _end(session: Session, membership_id: UUID) -> None:
    row = memberships.end(session, institution_id=g.institution.id, membership_id=membership_id, now=now())
    _record(session, "staff.membership_ended", row.person_id, row.role)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@permit(PUBLIC)
def accept(token: str) -> ResponseReturnValue:
    """Accept an invitation: signed in, by signing in, or as someone new (``how`` says which form was sent)."""
    who = actor_or_none()
    with database().reading() as session:
        try:
            invitation = invitations.find(session, token, now())
        except CreditBankError as error:
            status = 404 if isinstance(error, Missing) else 409
            return render_template("staff/no_invitation.html", sentence=error_sentence(error)), status
        institution = session.get_one(Institution, invitation.institution_id)
        session.expunge_all()  # the page shows them after this transaction
    how = request.form.get("how", "")
    new, existing, confirm = _forms(how, invitation)
    problem, status = None, 200
    try:
        if who is not None and how == "me" and confirm.validate():
            return _join(token, who.person_id)
        if who is None and how == "new" and new.validate():
            return _join_as_new(token, new)
        if who is None and how == "existing" and existing.validate():
            return _join_by_signing_in(token, existing)
    except InvalidInput as error:
        refuse(new.sign_in_name if error.code.startswith("person.") else new.new_secret, error_sentence(error))
    except Conflict as error:
        if error.code == "person.sign_in_name_taken":
            refuse(new.sign_in_name, error_sentence(error))
        else:
            problem, status = error_sentence(error), 409
    except TooManyTries as error:
        problem, status = error_sentence(error), 429
    if new.errors or existing.errors or confirm.errors:
        status = 422
    page = render_template(
        "staff/accept.html",
        invitation=invitation,
        institution=institution,
        new=new,
        existing=existing,
        confirm=confirm,
        problem=problem,
    )
    return page, status


def _forms(how: str, invitation: Invitation) -> tuple[AcceptNewForm, AcceptExistingForm, ConfirmForm]:
    """The three forms of the page; only the one that was sent takes what was typed."""
    sent = request.form if request.method == "POST" else None
    return (
        AcceptNewForm(sent if how == "new" else None, prefix="new", display_name=invitation.name),
        AcceptExistingForm(sent if how == "existing" else None, prefix="existing"),
        ConfirmForm(sent if how == "me" else None),
    )


def _accepted(session: Session, token: str, person_id: UUID) -> Institution:
    membership = invitations.accept(session, token=token, person_id=person_id, now=now())
    audit.record(
        session,
        "staff.joined",
        now=now(),
        person_id=person_id,
        institution_id=membership.institution_id,
        subject_id=person_id,
        role=membership.role,
    )
    return session.get_one(Institution, membership.institution_id)


def _join(token: str, person_id: UUID) -> ResponseReturnValue:
    def join(session: Session) -> Institution:
        newly = not memberships.active_of(session, person_id, now())
        joined = _accepted(session, token, person_id)
        person = session.get_one(Person, person_id)
        if newly and person.learner_id is not None:
            people.require_new_secret(session, person)  # a learner's PIN does not guard what staff can do
        return joined

    institution = command(join)
    person = tx().get_one(Person, person_id)
    # A session of its own for the new powers: it rests for as long as a member of staff's may, not a learner's.
    response = browser.sign_in(person, url_for("account.overview"), shared_device=False)
    flash(t("staff.joined", institution=institution.name), "good")
    return response


def _join_by_signing_in(token: str, form: AcceptExistingForm) -> ResponseReturnValue:
    person_id = gate().check(
        database(), typed=form.name.data, secret=form.secret.data, address=request.remote_addr, now=now()
    )
    if person_id is None:
        raise Conflict("signing_in.wrong")
    return _join(token, person_id)


def _join_as_new(token: str, form: AcceptNewForm) -> ResponseReturnValue:
    name = people.check_sign_in_name(form.sign_in_name.data)
    secret_rules.check(form.new_secret.data, staff=True, known=(name, form.display_name.data))
    new_hash = gate().hasher.hash(form.new_secret.data)

    def run(session: Session) -> UUID:
        person = people.create(
            session,
            display_name=" ".join(form.display_name.data.split()),
            secret_hash=new_hash,
            now=now(),
            sign_in_name=name,
        )
        _accepted(session, token, person.id)
        return person.id

    person_id = command(run)
    response = browser.sign_in(tx().get_one(Person, person_id), url_for("account.overview"), shared_device=False)
    flash(t("staff.welcome"), "good")
    return response


@blueprint.route("/centre/<handle>/pin-code", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def pin_code(handle: str) -> ResponseReturnValue:
    """Give a learner who lost the PIN a one-time code, with the document in hand."""
    form, problem = PinCodeForm(), None
    if form.validate_on_submit():
        try:
            number = account_number.parse(form.number.data)
            digests = bank().identity_digests(DocumentType(form.document_type.data), form.document_number.data)
            code = command(lambda session: _issue_code(session, number, digests))
            return render_template(
                "staff/pin_code_given.html", code=code, number=number, grouped=account_number.grouped
            )
        except InvalidInput as error:
            at = form.number if error.code.startswith("account.") else form.document_number
            refuse(at, error_sentence(error))
        except Missing:
            problem = t("staff.pin_code.no_match")
        except Conflict as error:
            problem = error_sentence(error)
    page = render_template("staff/pin_code.html", form=form, handle=handle, problem=problem)
    return page, 422 if form.errors or problem else 200


def _issue_code(session: Session, number: str, digests: dict[int, bytes]) -> str:
    """A code for whoever both the account number and the document belong to. Raises Missing when they do not match."""
    learner = learners.by_account_number(session, number)
    owner = learners.by_digest(session, digests)
    person = people.of_learner(session, learner.id) if learner else None
    if learner is None or owner is None or owner.id != learner.id or person is None:
        raise Missing("learner.unknown")
    if person.disabled_at is not None:
        raise Conflict("account.closed")
    who = actor()
    code = temporary_codes.issue(session, gate().counter, person_id=person.id, issued_by=who.person_id, now=now())
    audit.record(
        session,
        "secret.code_issued",
        now=now(),
        person_id=who.person_id,
        institution_id=g.institution.id,
        subject_id=learner.id,
    )
    return code
