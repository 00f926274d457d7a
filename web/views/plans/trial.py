"""Trying it without an account: a small table of outcomes, held against one programme. Nothing is kept."""

from uuid import UUID

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from credit_bank import evaluating
from credit_bank.errors import InvalidInput
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.store import documents, institutions
from web.accounts.permissions import PUBLIC, permit
from web.banking import bank
from web.database import tx
from web.forms.base import refuse
from web.forms.plans import TryForm
from web.messages import error_sentence, t
from web.security import limiter
from web.views.plans.blueprint import blueprint, shown, sum_of, title_of
from web.workflows import outcome_table
from web.workflows.outcome_table import Fault, TableRefused

SECONDS = 3.0


def _form(form: TryForm) -> TryForm:
    """The form with the programmes in force as its choices."""
    rows = documents.in_force(tx(), bank().today(), kind="programme")
    names = {one.id: one.name for one in institutions.every(tx())}
    form.programme.choices = [
        (str(row.id), t("plans.try.choice", title=row.title, institution=names[row.institution_id])) for row in rows
    ]
    return form


@blueprint.get("/plans")
@permit(PUBLIC)
def trial() -> str:
    """The form: which programme, and which outcomes."""
    return _page(_form(TryForm(formdata=None)))


def _page(form: TryForm, problems: tuple[str, ...] = (), faults: tuple[Fault, ...] = ()) -> str:
    return render_template("plans/try.html", form=form, problems=problems, faults=faults)


@blueprint.post("/plans")
@permit(PUBLIC)
@limiter.limit("10 per minute")
def tried() -> ResponseReturnValue:
    """The plan of the outcomes in the table that was handed in."""
    form = _form(TryForm())
    given = form.file.data
    content, name = b"", ""
    if isinstance(given, FileStorage) and given.filename:
        content, name = given.stream.read(outcome_table.LIMITS.file + 1), given.filename[:80]
    content = content or (form.text.data or "").strip().encode()
    valid = form.validate_on_submit()
    if not content:
        refuse(form.file, t("plans.try.missing"))
    if not valid or not content:
        return _page(form), 422
    try:
        outcomes = outcome_table.read_outcome_table(
            content, name, {one.name: one.handle for one in institutions.every(tx())}
        )
    except InvalidInput as error:
        return _page(form, (error_sentence(error),)), 422
    except TableRefused as refused:
        return _page(form, (t("plans.try.refused", count=len(refused.faults)),), refused.faults), 422
    response = make_response(_plan(UUID(form.programme.data), outcomes))
    response.headers["Cache-Control"] = "no-store"
    return response


def _plan(document_id: UUID, outcomes: tuple[HeldOutcome, ...]) -> str:
    document = documents.get(tx(), document_id)
    found = evaluating.try_out(tx(), bank(), outcomes, document, identity="document-seen", seconds=SECONDS)
    return render_template(
        "plans/tried.html",
        receiver=institutions.get(tx(), document.institution_id),
        title=title_of(found.programme),
        sum=sum_of(found),
        plan=shown(found, seconds=0.3),
        outcomes=found.case.outcomes,
    )


@blueprint.get("/plans/template.csv")
@permit(PUBLIC)
def template() -> Response:
    """A table of outcomes to fill in."""
    response = make_response(outcome_table.template())
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = 'attachment; filename="outcomes.csv"'
    return response
