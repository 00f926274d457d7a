"""Institutions as the bank administers them: what they may issue, their keys, closing, and lost administrators."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import admitting
from credit_bank.errors import Conflict
from credit_bank.recognition.framework import Category
from credit_bank.store import institutions as rows
from credit_bank.store.tables import Institution
from web.accounts import memberships
from web.accounts.permissions import BANK_ADMIN, actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.admin import ConfirmForm, InviteForm, TypedForm
from web.forms.base import refuse
from web.messages import error_sentence, t
from web.views.admin.applications import invitation_link
from web.views.admin.blueprint import blueprint
from web.workflows import admission


def _named(handle: str) -> Institution:
    found = rows.by_handle(tx(), handle)
    if found is None:
        abort(404)
    return found


@blueprint.get("/admin/institutions")
@permit(BANK_ADMIN)
def institutions() -> str:
    """Every institution with what it may issue now."""
    return render_template(
        "admin/institutions.html",
        rows=[(i, [a for a in rows.accreditations(tx(), i.id) if a.valid_to is None]) for i in rows.every(tx())],
    )


@blueprint.get("/admin/institutions/<handle>")
@permit(BANK_ADMIN)
def institution(handle: str) -> str:
    """One institution, and what can be done with it."""
    found = _named(handle)
    held = {a.category: a for a in rows.accreditations(tx(), found.id) if a.valid_to is None}
    staff = memberships.staff_of(tx(), found.id, now())
    return render_template(
        "admin/institution.html",
        institution=found,
        held=held,
        categories=list(Category),
        keys=list(reversed(rows.keys(tx(), found.id))),
        staff=list({p.id: (m, p) for m, p in staff if p.id != actor().person_id}.values()),
        administrators=[p for m, p in staff if m.role == Role.ADMINISTRATOR.value],
        form=ConfirmForm(formdata=None),
    )


@blueprint.route("/admin/institutions/<handle>/accredit/<category>", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def accredit(handle: str, category: str) -> ResponseReturnValue:
    """Let an institution issue a category, after asking."""
    return _category_page(handle, category, "accredit")


@blueprint.route("/admin/institutions/<handle>/withdraw/<category>", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def withdraw(handle: str, category: str) -> ResponseReturnValue:
    """End an institution's right to issue a category, after asking."""
    return _category_page(handle, category, "withdraw")


def _category_page(handle: str, category: str, action: str) -> ResponseReturnValue:
    if category not in list(Category):
        abort(404)
    found = _named(handle)
    form, problem = ConfirmForm(), None
    if form.validate_on_submit():
        try:
            command(lambda session: _set_category(session, found, Category(category), action))
            flash(t(f"admin.{action}.done", category=t(f"site.category.{category}")), "good")
            return redirect(url_for(".institution", handle=handle), 303)
        except Conflict as error:
            problem = error_sentence(error)
    page = render_template(
        "admin/category.html", institution=found, category=category, action=action, form=form, problem=problem
    )
    return page, 409 if problem else 200


def _set_category(session: Session, found: Institution, category: Category, action: str) -> None:
    if action == "accredit":
        if found.closed_at is not None:
            raise Conflict("institution.closed", institution=found.name)
        admitting.accredit(session, bank(), found, category)
    else:
        admitting.withdraw_accreditation(session, bank(), found, category)
    name = "institution.accredited" if action == "accredit" else "institution.accreditation_withdrawn"
    admission.record(session, name, found, actor().person_id, now(), category=category.value)


@blueprint.route("/admin/institutions/<handle>/rotate-key", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def rotate_key(handle: str) -> ResponseReturnValue:
    """Give an institution a new key; what the old one signed stays good."""
    found = _named(handle)
    form = ConfirmForm()
    if form.validate_on_submit():
        _rotate(found, compromised=False)
        flash(t("admin.rotate.done"), "good")
        return redirect(url_for(".institution", handle=handle), 303)
    return render_template("admin/rotate_key.html", institution=found, form=form)


@blueprint.route("/admin/institutions/<handle>/revoke-key", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def revoke_key(handle: str) -> ResponseReturnValue:
    """Give up a key that may have been stolen, and make a new one. The short name is typed to confirm."""
    found = _named(handle)
    form = TypedForm()
    if form.validate_on_submit():
        if form.handle.data.strip() == handle:
            _rotate(found, compromised=True)
            flash(t("admin.revoke_key.done"), "good")
            return redirect(url_for(".institution", handle=handle), 303)
        refuse(form.handle, t("admin.typed_differs", handle=handle))
    page = render_template("admin/revoke_key.html", institution=found, form=form)
    return page, 422 if form.errors else 200


def _rotate(found: Institution, *, compromised: bool) -> None:
    command(
        lambda session: admission.rotate_key(
            session, bank(), found, compromised=compromised, decided_by=actor().person_id, now=now()
        )
    )


@blueprint.route("/admin/institutions/<handle>/close", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def close(handle: str) -> ResponseReturnValue:
    """Close an institution. The short name is typed to confirm; the centre itself is not closed."""
    found = _named(handle)
    if found.tier == "centre":
        abort(404)
    form = TypedForm()
    if form.validate_on_submit():
        try:
            if form.handle.data.strip() == handle:
                command(lambda session: _close(session, found))
                flash(t("admin.close.done"), "good")
                return redirect(url_for(".institution", handle=handle), 303)
            refuse(form.handle, t("admin.typed_differs", handle=handle))
        except Conflict as error:
            refuse(form.handle, error_sentence(error))
    page = render_template("admin/close.html", institution=found, form=form)
    return page, 422 if form.errors else 200


def _close(session: Session, found: Institution) -> None:
    admitting.close(session, bank(), found)
    admission.record(session, "institution.closed", found, actor().person_id, now())


@blueprint.route("/admin/institutions/<handle>/invite", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def invite(handle: str) -> ResponseReturnValue:
    """Invite an administrator, for an institution that lost its own."""
    found = _named(handle)
    form = InviteForm()
    if found.closed_at is None and form.validate_on_submit():
        token = command(
            lambda session: admission.invite_administrator(
                session, found, form.name.data, invited_by=actor().person_id, now=now()
            )
        )
        return render_template(
            "admin/invited.html", institution=found, name=form.name.data, link=invitation_link(token)
        )
    return render_template("admin/invite.html", institution=found, form=form), 422 if form.errors else 200
