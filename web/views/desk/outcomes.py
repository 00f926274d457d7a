"""What an institution awarded: the list, one outcome with its receipt, one file with all its outcomes."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import issuing
from credit_bank.errors import CreditBankError
from credit_bank.identity import account_number
from credit_bank.store import batches, credentials, learners, log, outcomes
from credit_bank.store.outcomes import PortfolioFilter
from credit_bank.store.tables import Learner, Outcome
from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.desk import ConfirmForm
from web.masking import masked
from web.messages import error_sentence, t
from web.views.desk.blueprint import PAGE, blueprint, has, page_number, pages

STATES = ("recorded", "issued", "suspended", "revoked")


def of_institution(outcome_id: UUID) -> Outcome:
    """The institution's own outcome; another's is answered 404."""
    found = outcomes.by_id(tx(), g.institution.id, [outcome_id])
    if not found:
        abort(404)
    return found[0]


def _holders(rows: list[Outcome]) -> dict[UUID, tuple[str, str]]:
    """The masked name and the account number of each learner of these outcomes."""
    found: dict[UUID, tuple[str, str]] = {}
    for learner_id in {o.learner_id for o in rows}:
        learner = learners.get(tx(), learner_id)
        found[learner_id] = masked(learner.name), account_number.grouped(learner.account_number)
    return found


def _named(typed: str) -> tuple[Learner | None, str | None]:
    """The learner of a number typed into the filter, and what is wrong with it."""
    if not typed:
        return None, None
    try:
        number = account_number.parse(typed)
    except CreditBankError as error:
        return None, error_sentence(error)
    found = learners.by_account_number(tx(), number)
    return found, None if found else t("desk.outcomes.nobody")


@blueprint.get("/desk/<handle>/outcomes")
@permit(Role.REGISTRAR, Role.REVIEWER)
def outcome_list(handle: str) -> str:
    """Everything that was awarded here, the newest first, narrowed by state, course or learner."""
    state = request.args.get("state", "")
    words = request.args.get("q", "").strip()[:100]
    typed = request.args.get("account", "").strip()[:40]
    learner, problem = _named(typed)
    wanted = PortfolioFilter(state=state if state in STATES else None, words=words)
    count, rows, at = 0, [], page_number()
    if not problem:
        learner_id = learner.id if learner else None
        count = outcomes.awarded_count(tx(), g.institution.id, wanted=wanted, learner_id=learner_id)
        rows = list(
            outcomes.awarded_by(
                tx(), g.institution.id, wanted=wanted, learner_id=learner_id, offset=(at - 1) * PAGE, limit=PAGE
            )
        )

    def address(page: int) -> str:
        return url_for(".outcome_list", handle=handle, state=state, q=words, account=typed, page=page)

    return render_template(
        "desk/outcomes.html",
        handle=handle,
        rows=rows,
        holders=_holders(rows),
        states=STATES,
        state=state,
        words=words,
        typed=typed,
        problem=problem,
        count=count,
        page=at,
        pages=pages(count),
        address=address,
        narrowed=bool(state or words or typed),
    )


@blueprint.get("/desk/<handle>/outcomes/<uuid:outcome_id>")
@permit(Role.REGISTRAR, Role.REVIEWER)
def outcome(handle: str, outcome_id: UUID) -> str:
    """One outcome: what was awarded, its credential, its receipt from the log, and what became of it."""
    row = of_institution(outcome_id)
    credential = credentials.get(tx(), row.credential_id) if row.credential_id else None
    learner = learners.get(tx(), row.learner_id)
    return render_template(
        "desk/outcome.html",
        handle=handle,
        outcome=row,
        name=masked(learner.name),
        number=account_number.grouped(learner.account_number),
        credential=credential,
        changes=credentials.changes(tx(), credential) if credential else [],
        checkpoint=log.latest_checkpoint(tx(), g.institution.id),
        batch=_batch_of(row),
        registrar=has(Role.REGISTRAR),
        reviewer=has(Role.REVIEWER),
    )


def _batch_of(row: Outcome) -> object:
    if row.batch_id is None:
        return None
    found = batches.get(tx(), g.institution.id, row.batch_id)
    return found if found.file_name else None


@blueprint.get("/desk/<handle>/batches/<uuid:batch_id>")
@permit(Role.REGISTRAR, Role.REVIEWER)
def batch(handle: str, batch_id: UUID) -> str:
    """One imported file: every outcome in it with its receipt."""
    found = batches.get(tx(), g.institution.id, batch_id)
    if found.kind != "outcomes":
        abort(404)
    at = page_number()
    count = outcomes.awarded_count(tx(), g.institution.id, batch_id=batch_id)
    rows = list(outcomes.awarded_by(tx(), g.institution.id, batch_id=batch_id, offset=(at - 1) * PAGE, limit=PAGE))
    states = {
        state: outcomes.awarded_count(tx(), g.institution.id, wanted=PortfolioFilter(state=state), batch_id=batch_id)
        for state in STATES
    }
    receipts = {o.id: credentials.get(tx(), o.credential_id).log_sequence for o in rows if o.credential_id}
    return render_template(
        "desk/batch.html",
        handle=handle,
        batch=found,
        rows=rows,
        holders=_holders(rows),
        receipts=receipts,
        checkpoint=log.latest_checkpoint(tx(), g.institution.id),
        states=states,
        count=count,
        page=at,
        pages=pages(count),
        address=lambda page: url_for(".batch", handle=handle, batch_id=batch_id, page=page),
        registrar=has(Role.REGISTRAR),
        reviewer=has(Role.REVIEWER),
    )


@blueprint.post("/desk/<handle>/outcomes/<uuid:outcome_id>/issue")
@permit(Role.REGISTRAR)
def issue_outcome(handle: str, outcome_id: UUID) -> ResponseReturnValue:
    """Issue the credential of an outcome that was recorded without one (by a program, or the command line)."""
    if not ConfirmForm().validate():
        abort(400)
    row = of_institution(outcome_id)
    command(lambda session: _issue(session, [row.id]))
    flash(t("desk.one.issued"), "good")
    return redirect(url_for(".outcome", handle=handle, outcome_id=outcome_id), 303)


@blueprint.post("/desk/<handle>/batches/<uuid:batch_id>/issue")
@permit(Role.REGISTRAR)
def issue_batch(handle: str, batch_id: UUID) -> ResponseReturnValue:
    """Issue the credentials of a file's outcomes that were recorded without."""
    if not ConfirmForm().validate():
        abort(400)
    batches.get(tx(), g.institution.id, batch_id)
    wanted = issuing.recorded_ids(tx(), g.institution.id, batch_id)
    command(lambda session: _issue(session, wanted))
    flash(t("desk.batch.issued", count=len(wanted)), "good")
    return redirect(url_for(".batch", handle=handle, batch_id=batch_id), 303)


def _issue(session: Session, wanted: list[UUID]) -> None:
    for issued in issuing.issue(session, bank(), g.institution.id, wanted, issued_by=actor().person_id):
        audit.record(
            session,
            "credential.issued",
            now=now(),
            person_id=actor().person_id,
            institution_id=g.institution.id,
            subject_id=issued.credential_id,
        )
