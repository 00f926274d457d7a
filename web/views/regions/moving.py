"""A learner who moves: taking the record out to another city's bank, and bringing it in from there."""

from uuid import UUID

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from sqlmodel import Session

from credit_bank import handing_over, rechecking, taking_in
from credit_bank.credential.bundle import parse_bundle
from credit_bank.credential.summary import summary
from credit_bank.errors import CreditBankError
from credit_bank.identity import account_number
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.store import learners, outcomes, regions
from credit_bank.store.tables import Region
from credit_bank.taking_in import Looked
from web.accounts import audit, releases
from web.accounts.permissions import LEARNER, actor, now, permit
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.regions import InForm, OutForm
from web.messages import error_sentence, locale, t
from web.reports import fact_rows, view_of
from web.security import limiter
from web.views.portfolio import download, learner_id
from web.views.regions.blueprint import blueprint

LARGEST = 12 * 1024 * 1024


def _open_regions() -> list[Region]:
    return [region for region in regions.every(tx()) if region.ended_at is None]


@blueprint.get("/portfolio/move")
@permit(LEARNER)
def move() -> str:
    """Moving to another city, or from one: what it is, and the two ways."""
    held = regions.moved(tx(), learner_id())
    return render_template(
        "regions/move.html",
        regions=_open_regions(),
        brought=[(row, outcomes.get(tx(), row.learner_id, row.outcome_id)) for row in held],
        gone=[row for row in releases.of_learner(tx(), learner_id()) if row.what == "record"],
        account=account_number.grouped(learners.get(tx(), learner_id()).account_number),
    )


def _out_form() -> OutForm:
    form = OutForm()
    form.region.choices = [
        ("", t("regions.out.choose")),
        *((str(region.id), region.name) for region in _open_regions()),
    ]
    return form


@blueprint.get("/portfolio/move/out")
@permit(LEARNER)
def out() -> str:
    """Where to, and which account there."""
    form = OutForm(formdata=None)
    form.region.choices = _out_form().region.choices
    return _out(form)


def _out(form: OutForm) -> str:
    here = _open_regions()
    texts = [releases.text("record", region.name, locale()) for region in here]
    return render_template("regions/out.html", form=form, texts=texts)


@blueprint.post("/portfolio/move/out")
@permit(LEARNER)
@limiter.limit("20 per hour")
def take_out() -> ResponseReturnValue:
    """The file, once the learner has agreed; the consent is kept, the file is not."""
    form = _out_form()
    if form.validate_on_submit():
        chosen = next(region for region in _open_regions() if str(region.id) == form.region.data)
        try:
            made = handing_over.hand_over(tx(), bank(), learner_id(), chosen.id, form.account.data or "")
            _agreed(chosen)
            return download(made, "application/json", "learning-record.json")
        except CreditBankError as error:
            refuse(form.account, error_sentence(error))
    return _out(form), 422


def _agreed(region: Region) -> None:
    who, moment, language = actor(), now(), locale()
    learner = learner_id()

    def write(session: Session) -> None:
        release = releases.give(
            session,
            learner_id=learner,
            person_id=who.person_id,
            what="record",
            recipient_id=region.id,
            recipient_name=region.name,
            language=language,
            now=moment,
        )
        audit.record(session, "record.handed_over", now=moment, person_id=who.person_id, subject_id=release.id)

    command(write)


@blueprint.get("/portfolio/move/in")
@permit(LEARNER)
def bring() -> str:
    """Where the file from another bank is handed in."""
    return _bring(InForm(formdata=None))


def _bring(form: InForm) -> str:
    number = account_number.grouped(learners.get(tx(), learner_id()).account_number)
    return render_template("regions/bring.html", form=form, account=number)


@blueprint.post("/portfolio/move/in")
@permit(LEARNER)
@limiter.limit("20 per hour")
def brought() -> ResponseReturnValue:
    """What of the file was taken in, and of the rest why not."""
    form = InForm()
    if form.validate_on_submit():
        content = _content(form.file)
        try:
            looked = taking_in.look(tx(), bank(), learner_id(), content)
            problem = _take(looked, content)
            return render_template("regions/brought.html", looked=looked, problem=problem, framework=EVERGREEN)
        except CreditBankError as error:
            refuse(form.file, error_sentence(error))
    return _bring(form), 422


def _content(field: FileField) -> bytes:
    content: bytes = field.data.stream.read(LARGEST + 1)
    return content


def _take(looked: Looked, content: bytes) -> str:
    """Take in what is new; empty, or why nothing was."""
    learner, who, moment = learner_id(), actor().person_id, now()
    try:
        made = command(lambda session: taking_in.take_in(session, bank(), learner, content))
    except CreditBankError as error:
        return error_sentence(error)
    command(
        lambda session: audit.record(
            session,
            "record.brought_in",
            now=moment,
            person_id=who,
            subject_id=learner,
            region=looked.region.did,
            count=str(len(made)),
        )
    )
    return ""


@blueprint.get("/portfolio/moved/<uuid:outcome_id>")
@permit(LEARNER)
def moved(outcome_id: UUID) -> str:
    """One credential from another city: what it says, whether it holds, how its credits were read here."""
    row = regions.moved_one(tx(), learner_id(), outcome_id)
    bundle = parse_bundle(regions.open_bundle(tx(), bank().kek, row))
    facts = summary(bundle.credential)
    outcome = outcomes.get(tx(), row.learner_id, row.outcome_id)
    return render_template(
        "regions/moved.html",
        row=row,
        outcome=outcome,
        region=regions.get(tx(), row.region_id),
        facts=facts,
        rows=fact_rows(facts),
        view=view_of(rechecking.check(tx(), bank(), bundle, facts["subject_id"] or "")),
        framework=EVERGREEN,
    )


@blueprint.get("/portfolio/moved/<uuid:outcome_id>/bundle.json")
@permit(LEARNER)
def moved_bundle(outcome_id: UUID) -> Response:
    """The credential as it was brought, with what was needed to check it then."""
    row = regions.moved_one(tx(), learner_id(), outcome_id)
    return download(regions.open_bundle(tx(), bank().kek, row), "application/json", f"bundle-{str(row.id)[:8]}.json")
