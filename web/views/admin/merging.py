"""Merging two accounts of one person: proposals from the counters, a comparison, a typed confirmation."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import Conflict, CreditBankError, Missing
from credit_bank.identity import account_number
from credit_bank.store import institutions, learners, outcomes
from credit_bank.store.outcomes import PortfolioFilter, Total
from credit_bank.store.tables import IdentityDigest, Learner
from web.accounts import audit, people
from web.accounts.permissions import BANK_ADMIN, actor, now, permit
from web.banking import bank
from web.database import command, tx
from web.forms.admin import ConfirmForm, MergeForm, MergeSureForm
from web.forms.base import refuse
from web.masking import masked
from web.messages import CITY, error_sentence, t
from web.operations import proposals
from web.operations.tables import MergeProposal
from web.views.admin.blueprint import blueprint
from web.workflows import account_merging


@dataclass(frozen=True, slots=True)
class Side:
    """One of two accounts as the comparison shows it: no full name, no document."""

    number: str
    name: str
    learner: Learner
    documents: list[IdentityDigest]
    outcomes: int
    totals: list[Total]
    centre: str | None
    signs_in: bool


def _side(learner: Learner) -> Side:
    person = people.of_learner(tx(), learner.id)
    at = learner.opened_at_institution
    return Side(
        number=account_number.grouped(learner.account_number),
        name=masked(learner.name),
        learner=learner,
        documents=[d for d in learners.documents(tx(), learner.id) if d.replaced_at is None],
        outcomes=outcomes.portfolio_size(tx(), learner.id, PortfolioFilter()),
        totals=outcomes.totals(tx(), learner.id, now().astimezone(CITY).date()),
        centre=institutions.get(tx(), at).name if at else None,
        signs_in=person is not None and person.disabled_at is None,
    )


def _proposed() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in proposals.waiting(tx()):
        try:
            keep, absorb = learners.get(tx(), row.keep_learner), learners.get(tx(), row.absorb_learner)
        except Missing:
            continue
        rows.append(
            {
                "proposal": row,
                "keep": keep.account_number,
                "absorb": absorb.account_number,
                "centre": institutions.get(tx(), row.institution_id).name,
            }
        )
    return rows


@blueprint.get("/admin/learners/merge")
@permit(BANK_ADMIN)
def merge() -> str:
    """What the counters reported, and a form for any two numbers."""
    return render_template(
        "admin/merge.html", form=MergeForm(formdata=None), rows=_proposed(), confirm=ConfirmForm(formdata=None)
    )


@blueprint.post("/admin/learners/merge/compare")
@permit(BANK_ADMIN)
def compare() -> ResponseReturnValue:
    """The two accounts side by side; nothing is changed yet. Who looked is recorded."""
    form = MergeForm()
    sides = _sides(form) if form.validate() else None
    if sides is None:
        page = render_template("admin/merge.html", form=form, rows=_proposed(), confirm=ConfirmForm(formdata=None))
        return page, 422
    command(lambda session: _note_compared(session, sides))
    sure = MergeSureForm(formdata=None, keep=sides[0].learner.account_number, absorb=sides[1].learner.account_number)
    return render_template("admin/compare.html", form=sure, keep=sides[0], absorb=sides[1])


def _sides(form: MergeForm) -> tuple[Side, Side] | None:
    found = []
    for field in (form.keep, form.absorb):
        try:
            learner = learners.by_account_number(tx(), account_number.parse(field.data))
            if learner is None:
                refuse(field, t("centre.nobody"))
            else:
                found.append(learner)
        except CreditBankError as error:
            refuse(field, error_sentence(error))
    if len(found) < 2:
        return None
    if found[0].id == found[1].id:
        refuse(form.absorb, error_sentence(Conflict("learner.merge_same")))
        return None
    return _side(found[0]), _side(found[1])


def _note_compared(session: Session, sides: tuple[Side, Side]) -> None:
    audit.record(
        session,
        "account.compared",
        now=now(),
        person_id=actor().person_id,
        subject_id=sides[0].learner.id,
        other=str(sides[1].learner.id),
    )


@blueprint.post("/admin/learners/merge")
@permit(BANK_ADMIN)
def merge_now() -> ResponseReturnValue:
    """Merge, once the number that is given up was typed."""
    form = MergeSureForm()
    numbers = MergeForm(formdata=None, keep=form.keep.data, absorb=form.absorb.data)
    sides = _sides(numbers)
    if sides is None:
        flash(t("admin.merge.already"), "info")
        return redirect(url_for(".merge"), 303)
    keep, absorb = sides
    typed = "".join(c for c in (form.typed.data or "") if c.isdigit())
    if not form.validate() or typed != absorb.learner.account_number:
        if not form.errors:
            refuse(form.typed, t("admin.merge.typed_differs", number=absorb.number))
        return render_template("admin/compare.html", form=form, keep=keep, absorb=absorb), 422
    command(
        lambda session: account_merging.merge(
            session,
            bank(),
            keep=keep.learner.id,
            absorb=absorb.learner.id,
            merged_by=actor().person_id,
            now=now(),
        )
    )
    flash(t("admin.merge.done", number=keep.number), "good")
    return redirect(url_for(".merge"), 303)


@blueprint.post("/admin/learners/merge/<uuid:proposal_id>/refuse")
@permit(BANK_ADMIN)
def refuse_merge(proposal_id: UUID) -> ResponseReturnValue:
    """Close a proposal without merging (it can be proposed again)."""
    row = tx().get(MergeProposal, proposal_id)
    if row is None:
        abort(404)
    command(lambda session: _refuse(session, row))
    flash(t("admin.merge.refused"), "good")
    return redirect(url_for(".merge"), 303)


def _refuse(session: Session, row: MergeProposal) -> None:
    who = actor().person_id
    proposals.close(session, row, merged=False, decided_by=who, now=now())
    audit.record(
        session,
        "account.merge_refused",
        now=now(),
        person_id=who,
        institution_id=row.institution_id,
        subject_id=row.keep_learner,
    )
