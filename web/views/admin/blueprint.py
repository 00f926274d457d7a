"""The administration's blueprint and first page."""

from flask import Blueprint, render_template

from credit_bank.store import institutions
from web.accounts.permissions import BANK_ADMIN, permit
from web.database import tx
from web.operations import proposals

blueprint = Blueprint("admin", __name__)


@blueprint.get("/admin/")
@permit(BANK_ADMIN)
def overview() -> str:
    """What waits for a decision."""
    return render_template(
        "admin/overview.html",
        applications=len(institutions.applications(tx(), "submitted")),
        proposals=len(proposals.waiting(tx())),
        institutions=sum(i.closed_at is None for i in institutions.every(tx())),
    )
