"""What my credits can become: every programme side by side, and the best plan for one. Looking leaves no trace."""

from uuid import UUID

from flask import render_template

from credit_bank import evaluating
from credit_bank.errors import Missing
from credit_bank.store import documents, institutions
from web.accounts.permissions import LEARNER, permit
from web.banking import bank
from web.database import tx
from web.views.cases.blueprint import learner
from web.views.plans.blueprint import blueprint, shown, sum_of, title_of


@blueprint.get("/portfolio/plans")
@permit(LEARNER)
def mine() -> str:
    """Every programme in force with what my outcomes give towards it, what lacks least first."""
    found = evaluating.compare(tx(), bank(), learner())
    rows = [(document, receiver, title_of(one.programme), sum_of(one)) for document, receiver, one in found]
    empty = bool(found) and not any(one.case.outcomes for _document, _receiver, one in found)
    return render_template("plans/mine.html", rows=rows, empty_handed=empty)


@blueprint.get("/portfolio/plans/<uuid:document_id>")
@permit(LEARNER)
def show(document_id: UUID) -> str:
    """The best plan of my outcomes for a programme in force. Raises Missing ``document.unknown``."""
    document = documents.get(tx(), document_id)
    if document.state != "in-force":
        raise Missing("document.unknown")
    found = evaluating.evaluate(tx(), bank(), learner(), document)
    return render_template(
        "plans/show.html",
        document=document,
        receiver=institutions.get(tx(), document.institution_id),
        title=title_of(found.programme),
        sum=sum_of(found),
        plan=shown(found),
        outcomes=found.case.outcomes,
    )
