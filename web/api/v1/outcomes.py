"""An institution's own outcomes, page by page."""

from flask import Response

from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.store import learners, outcomes
from credit_bank.store.tables import Institution, Outcome
from web.accounts.api_tokens import Scope
from web.accounts.permissions import permit
from web.api import paging
from web.api.answers import answer
from web.api.interface import blueprint
from web.api.models.credentials import OutcomeItem, OutcomesAnswer, OutcomesQuery
from web.api.operation import BY_TOKEN, operation
from web.api.reading import read_query
from web.api.v1.institutions import hours_text
from web.database import tx

_AS_STORED = (
    *("id", "title", "code", "category", "hour_kind", "level", "grade", "term", "valid_until", "state"),
    *("credential_id", "batch_id", "recorded_at"),
)


@blueprint.get("/institutions/<handle:handle>/outcomes")
@permit(*BY_TOKEN)
@operation("outcomes", scope=Scope.READ, query=OutcomesQuery, answers={200: OutcomesAnswer})
def outcome_list(institution: Institution) -> Response:
    """The outcomes that one's own institution recorded, the oldest record first."""
    wanted = read_query(OutcomesQuery)
    session = tx()
    rows = outcomes.recorded_after(
        session,
        institution.id,
        paging.read_moment(wanted.cursor),
        state=wanted.state,
        limit=wanted.limit + 1,
    )
    shown = rows[: wanted.limit]
    subjects = learners.subjects(session, institution.id, [row.learner_id for row in shown])
    more = len(rows) > wanted.limit
    return answer(
        OutcomesAnswer(
            items=[_item(row, subjects[row.learner_id].urn if row.learner_id in subjects else None) for row in shown],
            next=paging.write(shown[-1].recorded_at.isoformat(), shown[-1].id) if more else None,
        )
    )


def _item(row: Outcome, subject: str | None) -> OutcomeItem:
    return OutcomeItem(
        **{name: getattr(row, name) for name in _AS_STORED},
        subject=subject,
        credits=FRAMEWORKS[row.framework].credits(row.credits),
        hours=hours_text(row.hours),
        awarded=row.awarded_on,
    )
