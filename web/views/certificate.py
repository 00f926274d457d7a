"""A credential on paper and as a picture: the PDF certificate and the badge, both with the signed data inside."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from credit_bank import sharing, verifying
from credit_bank.credential import baking
from credit_bank.credential.parse import parse_object
from credit_bank.credential.summary import Summary
from credit_bank.errors import InvalidInput
from credit_bank.revoking import standing
from credit_bank.store import credentials, learners, shares
from credit_bank.store.tables import Credential, ShareLink
from web import pdf
from web.accounts.permissions import LEARNER, now, permit
from web.banking import bank, settings
from web.database import command, tx
from web.forms.certificate import NEW, CertificateForm
from web.messages import catalogue, civil_date, t
from web.reports import facts_of, shown_date
from web.views import share
from web.views.portfolio import download

blueprint = Blueprint("certificate", __name__)


def _open_links(credential: Credential) -> list[ShareLink]:
    """The links a certificate may print: open ones that show the name, since the paper's name is checked there."""
    found = shares.of_credential(tx(), credential.learner_id, credential.id)
    return [link for link in found if link.show_name and sharing.is_open(bank(), link)]


@blueprint.route("/portfolio/credentials/<uuid:credential_id>/certificate", methods=["GET", "POST"])
@permit(LEARNER)
def prepare(credential_id: UUID) -> ResponseReturnValue:
    """Choose the link that the QR code leads to, or make one; then the PDF."""
    credential = share.own_credential(credential_id)
    document = verifying.open_document(tx(), bank(), credential)
    facts = facts_of(parse_object(document))
    links = _open_links(credential)
    form = CertificateForm()
    form.link.choices = [(str(link.id), _link_words(link)) for link in links] + [(NEW, t("certificate.form.new"))]
    if not form.is_submitted():
        lasting = next((link for link in links if link.expires_at is None), None)
        form.link.data = str(lasting.id) if lasting else NEW
    holder = learners.get(tx(), credential.learner_id).name
    missing = pdf.unprintable(holder, *_printed(facts))
    if form.validate_on_submit() and not missing:
        chosen = form.link.data
        if chosen == NEW:
            link, _ = command(
                lambda session: sharing.create(
                    session,
                    bank(),
                    credential.learner_id,
                    credential.id,
                    lifetime=None,
                    label=t("certificate.link_label"),
                    show_name=True,
                )
            )
            chosen = str(link.id)
            flash(t("certificate.link_made"), "good")
        return redirect(url_for(".ready", credential_id=credential_id, link=chosen), 303)
    page = render_template(
        "certificate/prepare.html",
        form=form,
        credential=credential,
        facts=facts,
        missing="、".join(missing),
        state=standing(credentials.changes(tx(), credential)).state,
    )
    return page, 422 if form.errors else 200


def _link_words(link: ShareLink) -> str:
    name = link.label or t("share.unnamed", date=civil_date(link.created_at))
    until = t("share.until", date=civil_date(link.expires_at)) if link.expires_at else t("share.until_withdrawn")
    return t("certificate.form.existing", name=name, until=until)


def _link(credential: Credential) -> ShareLink | None:
    """The link that the address names, when a certificate may print it."""
    named = request.args.get("link", "")
    return next((link for link in _open_links(credential) if str(link.id) == named), None)


@blueprint.get("/portfolio/credentials/<uuid:credential_id>/certificate/ready")
@permit(LEARNER)
def ready(credential_id: UUID) -> ResponseReturnValue:
    """The certificate is ready: open or keep it."""
    credential = share.own_credential(credential_id)
    link = _link(credential)
    if link is None:
        return redirect(url_for(".prepare", credential_id=credential_id), 303)
    title = facts_of(parse_object(verifying.open_document(tx(), bank(), credential)))["title"]
    return render_template("certificate/ready.html", credential=credential, link=link, title=title)


@blueprint.get("/portfolio/credentials/<uuid:credential_id>/certificate.pdf")
@permit(LEARNER)
def certificate_pdf(credential_id: UUID) -> ResponseReturnValue:
    """The certificate; without a link that is open, first the page where one is chosen."""
    credential = share.own_credential(credential_id)
    link = _link(credential)
    if link is None:
        return redirect(url_for(".prepare", credential_id=credential_id), 303)
    document = verifying.open_document(tx(), bank(), credential)
    try:
        made = pdf.certificate(_facts(credential, document, link))
    except InvalidInput as error:
        flash(t(f"certificate.problem.{error.code}", **error.parameters), "bad")
        return redirect(url_for(".prepare", credential_id=credential_id), 303)
    inline = request.args.get("open") == "1"
    return download(made, "application/pdf", f"certificate-{str(credential_id)[:8]}.pdf", inline=inline)


@blueprint.get("/portfolio/credentials/<uuid:credential_id>/badge.png")
@permit(LEARNER)
def badge(credential_id: UUID) -> ResponseReturnValue:
    """A picture with the signed credential inside (Open Badges 3.0 §5.3)."""
    credential = share.own_credential(credential_id)
    document = verifying.open_document(tx(), bank(), credential)
    facts = facts_of(parse_object(document))
    drawn = pdf.badge(facts["title"] or "", facts["issuer_name"] or "", _credits(facts)[0])
    return download(baking.bake(drawn, document), "image/png", f"badge-{str(credential_id)[:8]}.png")


def _both(key: str, **parameters: Any) -> pdf.Both:
    entry = catalogue()[key]
    return entry["zh"].format(**parameters), entry["en"].format(**parameters)


def _credits(facts: Summary) -> pdf.Both:
    return _both("verify.credits", count=facts["credits"]) if facts["credits"] else ("", "")


def _printed(facts: Summary) -> list[str]:
    """Every text of the credential that the certificate prints."""
    names = ("title", "issuer_name", "grade", "term", "level_name", "code")
    return [text for name in names if (text := facts[name])]  # type: ignore[literal-required]


def _facts(credential: Credential, document: bytes, link: ShareLink) -> pdf.CertificateFacts:
    facts = facts_of(parse_object(document))
    institution = facts["issuer_name"] or facts["issuer_id"] or ""
    fixed = ("heading", "how_title", "how", "number_label", "attached", "qr_alt", "attachment_description")
    sentences = {name: _both(f"certificate.page.{name}") for name in fixed}
    sentences["statement"] = _both("certificate.page.statement", institution=institution)
    sentences["bank"] = (settings().bank_name_zh, settings().bank_name_en)
    return pdf.CertificateFacts(
        name=learners.get(tx(), credential.learner_id).name,
        title=facts["title"] or "",
        institution=institution,
        number=credential.id.urn,
        link=share.address(sharing.token(bank(), link)),
        facts=_fact_pairs(facts),
        sentences=sentences,
        document=document,
        made_at=now(),
    )


def _fact_pairs(facts: Summary) -> list[tuple[pdf.Both, str]]:
    hour_kind = facts["hour_kind"] or "contact"
    category = facts["category"]
    level = facts["level_name"] or facts["level_code"]
    pairs: list[tuple[str, str | None]] = [
        ("verify.fact.credits", facts["credits"]),
        (f"verify.fact.hours_{hour_kind}", facts["hours"]),
        ("verify.fact.category", " ".join(_both(f"site.category.{category}")) if category else None),
        ("verify.fact.level", level),
        ("verify.fact.grade", facts["grade"]),
        ("verify.fact.term", facts["term"]),
        ("verify.fact.awarded", _date(facts["awarded"])),
        ("verify.fact.valid_until", _date(facts["valid_until"])),
        ("verify.fact.code", facts["code"]),
    ]
    return [(_both(key), value) for key, value in pairs if value]


def _date(text: str | None) -> str | None:
    """A date in figures, which both languages read alike."""
    return shown_date(text, figures=True)
