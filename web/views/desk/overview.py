"""The desk at a glance: what waits, what was issued, the latest files, and with which right and key."""

from flask import g, render_template

from credit_bank.store import batches, courses, institutions, log, outcomes
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.connections import outcome_rows
from web.database import tx
from web.views.desk.blueprint import blueprint, has
from web.views.help.blueprint import reviews, waiting_words


@blueprint.get("/desk/<handle>/")
@permit(Role.REGISTRAR, Role.REVIEWER)
def overview(handle: str) -> str:
    """The desk at a glance."""
    institution = g.institution
    keys = institutions.keys(tx(), institution.id)
    return render_template(
        "desk/overview.html",
        handle=handle,
        institution=institution,
        states=outcomes.states(tx(), institution.id),
        batches=batches.latest(tx(), institution.id, kind="outcomes", limit=5),
        courses=courses.count(tx(), institution.id),
        accreditations=[a for a in institutions.accreditations(tx(), institution.id) if a.valid_to is None],
        key=next((k for k in reversed(keys) if k.valid_to is None and k.revoked_at is None), None),
        log=log.get(tx(), institution.id),
        checkpoint=log.latest_checkpoint(tx(), institution.id),
        registrar=has(Role.REGISTRAR),
        received=outcome_rows.waiting_count(tx(), institution.id),
        reviews=reviews(actor(), institution.id) if has(Role.REVIEWER) else None,
        waiting_words=waiting_words,
        now=now(),
    )
