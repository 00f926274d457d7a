"""We are the platform: learners open a connected tool under a pseudonym, and see what it sent back."""

import json
from uuid import UUID

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import Forbidden, InvalidInput
from web.accounts import consents
from web.accounts.permissions import LEARNER, PUBLIC, actor, now, permit
from web.banking import bank, settings
from web.connections import as_platform, keys, moments, outcome_rows, personal_data, received, registrations
from web.database import command, database, request_writes, tx
from web.forms.account import ConfirmForm
from web.learning import library
from web.libraries import LIBRARY_ERRORS, LibraryError
from web.security import limiter
from web.views.connect import blueprint
from web.views.connect.sending import handing_over, key_sets
from web.workflows import received_outcomes


def _learner() -> UUID:
    found = actor().learner_id
    assert found is not None
    return found


@blueprint.get("/connect")
@permit(LEARNER)
def mine() -> ResponseReturnValue:
    """The tools that can be opened from here, and what other systems said of one's learning."""
    rows = registrations.tools(tx())
    agreed = {row.id for row in rows if as_platform.consent_of(tx(), _learner(), row.id) is not None}
    return render_template(
        "connect/mine.html",
        tools=rows,
        agreed=agreed,
        events=received.of_learner(tx(), _learner()),
        outcomes={row.statement_id: row for row in outcome_rows.of_learner(tx(), _learner())},
        may_agree=not consents.learner_agrees(
            tx(), _learner(), received.CONSENT, at_least=received_outcomes.CONSENT_VERSION
        ),
    )


@blueprint.get("/connect/statements.json")
@permit(LEARNER)
def statements() -> Response:
    """What one learned here, as xAPI statements, to take along."""
    found = list(personal_data.own_statements(tx(), _learner(), library(), settings().public_origin))
    response = Response(json.dumps(found, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=statements.json"
    return _no_store(response)


@blueprint.route("/connect/tools/<uuid:tool_id>", methods=["GET", "POST"])
@permit(LEARNER)
def open_tool(tool_id: UUID) -> ResponseReturnValue:
    """What the tool gets to know; after agreeing, the way to it."""
    tool = registrations.tool(tx(), tool_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        command(lambda s: as_platform.agree(s, _learner(), registrations.tool(s, tool_id), now()))
        return redirect(url_for("connect.open_tool", tool_id=tool_id), 303)
    address = None
    if request.method == "GET" and as_platform.consent_of(tx(), _learner(), tool_id) is not None:
        address = url_for("connect.start", tool_id=tool_id)
    return render_template("connect/tool.html", form=form, tool=tool, address=address), 422 if form.errors else 200


@blueprint.get("/connect/tools/<uuid:tool_id>/start")
@permit(LEARNER)
def start(tool_id: UUID) -> ResponseReturnValue:
    """On to the tool, with a ticket that is good once."""
    request_writes()
    issuer = settings().public_origin
    target = command(
        lambda s: as_platform.start_address(s, _learner(), registrations.tool(s, tool_id), issuer=issuer, now=now())
    )
    return redirect(target, 303)


@blueprint.route("/connect/tools/<uuid:tool_id>/stop", methods=["GET", "POST"])
@permit(LEARNER)
def stop(tool_id: UUID) -> ResponseReturnValue:
    """Withdraw the consent to a tool, after asking."""
    tool = registrations.tool(tx(), tool_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("connect/stop.html", form=form, tool=tool), 422 if form.errors else 200
    command(lambda s: as_platform.stop(s, _learner(), tool_id, now()))
    return redirect(url_for("connect.mine"), 303)


@blueprint.get("/lti/authorize")
@permit(LEARNER)
def authorize() -> ResponseReturnValue:
    """A tool asks who is there: a signed pseudonym goes to an address that was registered, by the learner's press."""
    request_writes()
    given = {name: value for name, value in request.args.items() if len(value) <= 2000}

    def run(session: Session) -> Response:
        key = keys.own_key(session, bank(), now())
        tool, target, fields = as_platform.authorize(
            session, given, _learner(), key, issuer=settings().public_origin, site=settings().site, now=now()
        )
        return handing_over(tool, target, fields)

    return command(run)


@blueprint.post("/lti/token")
# programs ask here, without cookies; a signed assertion is what is trusted
@permit(PUBLIC)
@limiter.limit("60 per minute")
def token() -> ResponseReturnValue:
    """A bearer token for a tool that proves who it is (RFC 7523)."""
    if (
        request.form.get("grant_type") != "client_credentials"
        or request.form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    ):
        return _refused("unsupported_grant_type")
    assertion = request.form.get("client_assertion", "")
    try:
        with database().reading() as session:
            tool = as_platform.client_of(session, assertion)
            session.expunge_all()
        claims = as_platform.check_assertion(tool, assertion, key_sets(), f"{settings().site}/lti/token")
        return _no_store(
            jsonify(command(lambda s: as_platform.grant(s, tool, claims, request.form.get("scope", ""), now())))
        )
    except LIBRARY_ERRORS as error:
        return _refused("invalid_scope" if error.code == "lti.scope" else "invalid_client", error)


def _refused(code: str, error: LibraryError | None = None) -> tuple[Response, int]:
    """An OAuth error (RFC 6749 §5.2)."""
    return _no_store(jsonify({"error": code, **({"error_description": error.code} if error else {})})), 400


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/lti/lineitems/<uuid:tool_id>/scores")
# programs post here with a bearer token, without cookies
@permit(PUBLIC)
@limiter.limit("600 per minute")
def scores(tool_id: UUID) -> ResponseReturnValue:
    """A tool sends a learner's score; it is kept as an event with its source."""
    if request.mimetype != "application/vnd.ims.lis.v1.score+json":
        return jsonify({"error": "media_type"}), 415
    request.max_content_length = 20_000
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    body = request.get_json(silent=True, force=True)
    try:
        with database().reading() as session:
            access = moments.find(session, "access", secret if scheme.lower() == "bearer" else "", now())
            if access.registration_id != tool_id:
                raise Forbidden("lti.no_consent")

        def take(session: Session) -> None:
            kept = as_platform.take_score(session, registrations.tool(session, tool_id), body, now())
            received_outcomes.arrived(session, bank(), kept)

        command(take)
    except InvalidInput as error:
        return jsonify({"error": error.code}), 401 if error.code == "lti.moment" else 400
    except LIBRARY_ERRORS as error:
        return jsonify({"error": error.code}), 409 if error.kind == "conflict" else 403
    return "", 204
