"""The audit trail: the latest events, who did what to whose data, in words where there are any."""

from datetime import timedelta
from uuid import UUID

from flask import render_template, request, url_for
from sqlalchemy import func
from sqlmodel import col, select

from credit_bank.store import outcomes
from web.accounts.permissions import BANK_ADMIN, now, permit
from web.accounts.tables import AuditEvent, Person
from web.database import tx
from web.messages import catalogue, t
from web.views.admin.blueprint import blueprint

PAGE = 100
# Logs are kept for at least six months (网络安全法 Art. 21); the page offers the last of them.
DAYS = (1, 7, 30, 180)


def words(action: str) -> str:
    """An action in words; one that has none is shown by its code."""
    key = f"admin.action.{action}"
    return t(key) if key in catalogue() else action


@blueprint.get("/admin/audit")
@permit(BANK_ADMIN)
def audit_trail() -> str:
    """The latest events, the newest first."""
    days = request.args.get("days", 7, type=int)
    days = days if days in DAYS else 7
    action = request.args.get("action", "")[:60]
    at = max(1, min(request.args.get("page", 1, type=int), 100_000))
    conditions = [col(AuditEvent.at) > now() - timedelta(days=days)]
    if action:
        conditions.append(col(AuditEvent.action) == action)
    count = tx().exec(select(func.count()).select_from(AuditEvent).where(*conditions)).one()
    rows = tx().exec(
        select(AuditEvent)
        .where(*conditions)
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
        .offset((at - 1) * PAGE)
        .limit(PAGE)
    )
    events = list(rows)
    actions = sorted(tx().exec(select(AuditEvent.action).where(conditions[0]).distinct()))

    def address(page: int) -> str:
        return url_for(".audit_trail", days=days, action=action, page=page)

    return render_template(
        "admin/audit.html",
        events=events,
        people=_people({e.person_id for e in events if e.person_id}),
        institutions=outcomes.institution_names(tx(), {e.institution_id for e in events if e.institution_id}),
        words=words,
        actions=actions,
        action=action,
        days=days,
        choices=DAYS,
        count=count,
        page=at,
        pages=-(-count // PAGE),
        address=address,
    )


def _people(ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    rows = tx().exec(select(Person.id, Person.display_name).where(col(Person.id).in_(ids)))
    return dict(rows.all())
