"""Share links: what a stranger sees who follows one, and how the learner makes and withdraws them."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from credit_bank import sharing, verifying
from credit_bank.credential.parse import parse_object
from credit_bank.errors import Missing
from credit_bank.store import credentials, learners
from credit_bank.store.tables import Credential, ShareLink
from web.accounts.permissions import LEARNER, PUBLIC, actor, permit
from web.banking import bank, settings
from web.database import command, request_writes, tx
from web.forms.share import LIFETIMES, ShareForm
from web.messages import error_sentence, t
from web.reports import facts_of, view_of
from web.security import limiter

blueprint = Blueprint("share", __name__)

# A link that was good once says so with 410; one that never was, with 404.
_GONE = frozenset({"share.expired", "share.withdrawn"})


def address(token: str) -> str:
    """The address of a share link, for people and QR codes."""
    return f"{settings().site}/v/{token}"


@blueprint.get("/v/<token>")
@permit(PUBLIC)
@limiter.limit("120 per minute")
def show(token: str) -> ResponseReturnValue:
    """The credential behind a share link, checked now."""
    request_writes()  # the learner sees how often a link was opened
    return follow(token)


def follow(token: str) -> ResponseReturnValue:
    """The page of a share link; a page of its own says when it is expired, withdrawn or unknown."""
    try:
        link, credential, document = command(lambda session: sharing.follow(session, bank(), token))
    except Missing as error:
        gone = error.code in _GONE
        page = render_template(
            "share/closed.html",
            kind=error.code.partition(".")[2] if gone else "unknown",
            sentence=error_sentence(error),
        )
        return _unseen(make_response(page, 410 if gone else 404))
    holder = learners.get(tx(), credential.learner_id).name if link.show_name else None
    report = verifying.verify_document(tx(), bank(), document)
    page = render_template(
        "share/show.html", view=view_of(report), facts=facts_of(parse_object(document)), holder=holder, link=link
    )
    return _unseen(make_response(page))


def _unseen(response: Response) -> Response:
    """Keep a private address out of search engines, caches and other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def own_credential(credential_id: UUID) -> Credential:
    """The signed-in learner's credential of that id. Raises Missing ``credential.unknown`` for anybody else's."""
    found = credentials.get(tx(), credential_id)
    if found.learner_id != actor().learner_id:
        raise Missing("credential.unknown", credential=str(credential_id))
    return found


def own_link(credential: Credential, link_id: UUID) -> ShareLink:
    """The learner's own link to that credential. Raises Missing ``share.unknown``."""
    link = tx().get(ShareLink, (credential.learner_id, link_id))
    if link is None or link.credential_id != credential.id:
        raise Missing("share.unknown")
    return link


@blueprint.route("/portfolio/credentials/<uuid:credential_id>/links/new", methods=["GET", "POST"])
@permit(LEARNER)
def create(credential_id: UUID) -> ResponseReturnValue:
    """Make a link: how long, with the name or without, and what to call it."""
    credential = own_credential(credential_id)
    form = ShareForm()
    if form.validate_on_submit():
        lifetime = LIFETIMES[form.lifetime.data]
        link, _ = command(
            lambda session: sharing.create(
                session,
                bank(),
                credential.learner_id,
                credential.id,
                lifetime=lifetime,
                label=form.label.data or "",
                show_name=bool(form.show_name.data),
            )
        )
        flash(t("share.created"), "good")
        return redirect(url_for(".link", credential_id=credential_id, link_id=link.id), 303)
    title = facts_of(parse_object(verifying.open_document(tx(), bank(), credential)))["title"]
    page = render_template("share/create.html", form=form, credential=credential, title=title)
    return page, 422 if form.errors else 200


@blueprint.get("/portfolio/credentials/<uuid:credential_id>/links/<uuid:link_id>")
@permit(LEARNER)
def link(credential_id: UUID, link_id: UUID) -> ResponseReturnValue:
    """One link: its address, its QR code, how often it was opened."""
    credential = own_credential(credential_id)
    found = own_link(credential, link_id)
    title = facts_of(parse_object(verifying.open_document(tx(), bank(), credential)))["title"]
    return render_template(
        "share/link.html",
        credential=credential,
        link=found,
        title=title,
        address=address(sharing.token(bank(), found)),
        open=sharing.is_open(bank(), found),
    )


@blueprint.route("/portfolio/credentials/<uuid:credential_id>/links/<uuid:link_id>/withdraw", methods=["GET", "POST"])
@permit(LEARNER)
def withdraw(credential_id: UUID, link_id: UUID) -> ResponseReturnValue:
    """Ask once, then withdraw the link."""
    credential = own_credential(credential_id)
    found = own_link(credential, link_id)
    form = ShareForm(formdata=None)
    if form.is_submitted():
        command(lambda session: sharing.withdraw(session, bank(), credential.learner_id, link_id))
        flash(t("share.withdrawn"), "good")
        return redirect(url_for("portfolio.credential", credential_id=credential_id) + "#links", 303)
    return render_template("share/withdraw.html", credential=credential, link=found, form=form)
