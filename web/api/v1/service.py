"""Where things are, and whether the service is well."""

from flask import Response, url_for

from credit_bank.store import log
from web import migrating
from web.accounts.permissions import PUBLIC, permit
from web.api.answers import answer
from web.api.interface import PREFIX, blueprint
from web.api.models.institutions import HealthAnswer, IndexAnswer
from web.api.operation import operation
from web.banking import bank, settings
from web.database import database, tx
from web.security import limiter


@blueprint.get("/", strict_slashes=False)
@permit(PUBLIC)
@operation("service", answers={200: IndexAnswer})
def index() -> Response:
    """Where things are."""
    site = settings().site
    return answer(
        IndexAnswer(
            bank=bank().name,
            did=bank().did,
            openapi=site + url_for("openapi.document"),
            institutions=f"{site}{PREFIX}/institutions",
            verify=f"{site}{PREFIX}/credentials/verify",
            status=f"{site}{PREFIX}/status",
        )
    )


@blueprint.get("/status")
@limiter.limit("60 per minute")
@permit(PUBLIC)
@operation(
    "service",
    answers={200: HealthAnswer},
    limited=True,
    problems={"database.unreachable": 503, "database.schema_old": 503, "database.schema_unknown": 503},
)
def status() -> Response:
    """The service's health: whether the database answers, whether its schema is this version's, what waits."""
    database().ping()
    migrating.check(database().engine)
    pending = len(log.unpublished(tx()))
    return answer(HealthAnswer(status="ok", database="reachable", schema_="current", pending_logs=pending))
