"""An institution's connections: seen, made and withdrawn by its administrator."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank, settings
from web.connections import keys, received, registrations
from web.connections.tables import LtiPlatform, LtiTool
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.base import Form
from web.forms.connect import PlatformForm, ToolForm
from web.libraries import LIBRARY_ERRORS
from web.messages import error_sentence, t
from web.views.connect import blueprint


@blueprint.get("/institution/<handle>/connections")
@permit(Role.ADMINISTRATOR)
def connections(handle: str) -> ResponseReturnValue:
    """The platforms and tools of the institution, and what the other side has to know of us."""
    platforms, tools = registrations.of_institution(tx(), g.institution.id)
    site = settings().site
    ours = [
        (t("connect.ours.login"), f"{site}/lti/login"),
        (t("connect.ours.redirect"), f"{site}/lti/launch"),
        (t("connect.ours.jwks"), f"{site}/lti/jwks.json"),
        (t("connect.ours.target"), f"{site}/library"),
    ]
    as_platform = [
        (t("connect.ours.issuer"), settings().public_origin),
        (t("connect.ours.auth"), f"{site}/lti/authorize"),
        (t("connect.ours.token"), f"{site}/lti/token"),
        (t("connect.ours.jwks"), f"{site}/lti/jwks.json"),
    ]
    return render_template(
        "connect/connections.html", handle=handle, platforms=platforms, tools=tools, ours=ours, as_platform=as_platform,
        scores={tool.id: received.of_source(tx(), g.institution.id, tool.id, 20) for tool in tools},
    )  # fmt: skip


@blueprint.route("/institution/<handle>/connections/platform/new", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def new_platform(handle: str) -> ResponseReturnValue:
    """Register a platform that opens our library."""
    form = PlatformForm()

    def add(session: Session) -> LtiPlatform:
        return registrations.add_platform(
            session,
            institution_id=g.institution.id,
            made_by=actor().person_id,
            now=now(),
            private=settings().connect_private,
            deployments=form.deployments.data.replace(",", " ").split(),
            **{
                name: form[name].data.strip()
                for name in ("name", "issuer", "client_id", "auth_url", "token_url", "jwks_url")
            },
        )

    return _new(handle, "platform", form, add)


@blueprint.route("/institution/<handle>/connections/tool/new", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def new_tool(handle: str) -> ResponseReturnValue:
    """Register a tool that our learners may open."""
    form = ToolForm()

    def add(session: Session) -> LtiTool:
        return registrations.add_tool(
            session,
            institution_id=g.institution.id,
            made_by=actor().person_id,
            now=now(),
            private=settings().connect_private,
            launch_urls=form.launch_urls.data.split(),
            **{name: form[name].data.strip() for name in ("name", "purpose", "login_url", "jwks_url")},
        )

    return _new(handle, "tool", form, add)


def _new(handle: str, kind: str, form: Form, add: object) -> ResponseReturnValue:
    failure = None
    if form.validate_on_submit():

        def run(session: Session) -> str:
            row: LtiPlatform | LtiTool = add(session)  # type: ignore[operator] # one of the two above
            keys.own_key(session, bank(), now())
            _record(session, f"connection.{kind}_made", row)
            return row.name

        try:
            flash(t("connect.made", name=command(run)), "good")
            return redirect(url_for("connect.connections", handle=handle), 303)
        except LIBRARY_ERRORS as error:
            failure = error_sentence(error)
    status = 422 if failure or form.errors else 200
    return render_template("connect/new.html", form=form, handle=handle, kind=kind, failure=failure), status


@blueprint.route("/institution/<handle>/connections/<uuid:row_id>/withdraw", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def withdraw(handle: str, row_id: UUID) -> ResponseReturnValue:
    """End a connection, after asking."""
    row = registrations.own(tx(), g.institution.id, row_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("connect/withdraw.html", form=form, handle=handle, row=row), 422 if form.errors else 200

    def run(session: Session) -> None:
        found = registrations.own(session, g.institution.id, row_id)
        registrations.withdraw(session, found, now())
        _record(session, "connection.withdrawn", found)

    name = row.name
    command(run)
    flash(t("connect.withdrawn", name=name), "good")
    return redirect(url_for("connect.connections", handle=handle), 303)


def _record(session: Session, action: str, row: LtiPlatform | LtiTool) -> None:
    audit.record(
        session,
        action,
        now=now(),
        person_id=actor().person_id,
        institution_id=row.institution_id,
        subject_id=row.id,
    )
