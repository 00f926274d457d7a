"""The public verify page: paste, upload or scan; every check in plain words. Nothing handed in is kept."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import Field

from credit_bank import verifying
from credit_bank.credential.parse import parse_object
from credit_bank.credential.summary import Summary
from credit_bank.errors import CreditBankError, InvalidInput
from web import qr, submissions
from web.accounts.permissions import PUBLIC, permit
from web.banking import bank, settings
from web.database import database
from web.forms.base import Form, refuse
from web.forms.verify import FileForm, PhotoForm, SubjectForm, TextForm
from web.messages import catalogue, error_sentence, t
from web.reports import ReportView, fact_rows, facts_of, view_of
from web.security import allow_camera, limiter
from web.submissions import Submission
from web.views import share

blueprint = Blueprint("verify", __name__)


@dataclass(frozen=True, slots=True)
class Result:
    """A credential that was checked: what it says, the report, and where it was found."""

    facts: Summary
    view: ReportView
    way: str
    document: str


def origins() -> tuple[str, str]:
    """The origins whose share links are ours."""
    return settings().site, settings().public_origin


def problem_sentence(error: CreditBankError) -> str:
    """Why something handed in cannot be read, and what to do."""
    own = f"verify.problem.{error.code}"
    return t(own, **error.parameters) if own in catalogue() else error_sentence(error)


def check(document: bytes, way: str, subject: str | None = None) -> Result:
    """Verify a credential with all the bank knows. Raises InvalidInput when it is not JSON with one meaning."""
    parsed = parse_object(document)
    with database().reading() as session:  # nothing is written, so no writer waits for a stranger's file
        report = verifying.verify_document(session, bank(), document, subject=subject)
    return Result(facts_of(parsed), view_of(report), way, document.decode("utf-8"))


@blueprint.record_once
def _give_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(fact_rows=fact_rows, qr_svg=_qr_svg)


def _qr_svg(text: str, title: str) -> Markup:
    return Markup(qr.svg(text, title=title))  # noqa: S704 - drawn here, its title escaped


@blueprint.get("/verify")
@permit(PUBLIC)
def page() -> str:
    """The three ways to hand in a credential."""
    return _page()


def _page(**forms: Form) -> str:
    blank: dict[str, Any] = {"file": FileForm, "photo": PhotoForm, "text": TextForm}
    ready = {name: forms.get(name) or make(formdata=None) for name, make in blank.items()}
    allow_camera()
    return render_template("verify/verify.html", refused=next(iter(forms.values()), None), **ready)


@blueprint.post("/verify")
@permit(PUBLIC)
@limiter.limit("60 per minute")
def answer() -> ResponseReturnValue:
    """Verify what one of the page's forms sent; ``way`` says which."""
    match request.form.get("way"):
        case "text":
            return _verify_text()
        case "photo":
            form: Form = PhotoForm()
            return _verify_upload("photo", form, form["photo"])
        case "subject":
            return _verify_subject()
        case _:
            form = FileForm()
            return _verify_upload("file", form, form["file"])


def _verify_upload(name: str, form: Form, field: Field) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            data = field.data.stream.read(submissions.MAX_FILE + 1)
            return _answer(submissions.from_file(data, origins()))
        except InvalidInput as error:
            refuse(field, problem_sentence(error))
    return _page(**{name: form}), 422


def _verify_text() -> ResponseReturnValue:
    form = TextForm()
    if form.validate_on_submit():
        try:
            return _answer(submissions.from_text(form.text.data, origins()))
        except InvalidInput as error:
            refuse(form.text, problem_sentence(error))
    return _page(text=form), 422


def _verify_subject() -> ResponseReturnValue:
    form = SubjectForm()
    try:
        asked = form.subject.data.strip() if form.validate_on_submit() else None
        result = check((form.document.data or "").encode("utf-8", "surrogatepass"), "json", asked)
    except InvalidInput as error:
        blank = TextForm(formdata=None)
        refuse(blank.text, problem_sentence(error))
        return _page(text=blank), 422
    return _result(result, form), 422 if form.errors else 200


@blueprint.post("/verify/scan")
@permit(PUBLIC)
@limiter.limit("150 per minute")
def scan() -> Response:
    """For the camera's script: the text of the QR code in a frame, or null. The frame is not kept."""
    frame = request.files.get("frame")
    try:
        codes = qr.read(frame.stream.read(2_000_000)) if frame else []
    except InvalidInput:
        codes = []
    return jsonify(text=codes[0] if len(codes) == 1 else None)


def _answer(found: Submission) -> ResponseReturnValue:
    if found.token is not None:
        return share.follow(found.token)
    return _result(check(found.document, found.way), SubjectForm(formdata=None)), 200


def _result(result: Result, form: SubjectForm) -> Response:
    form.document.data = result.document
    response = make_response(render_template("verify/result.html", result=result, form=form))
    response.headers["Cache-Control"] = "no-store"
    return response
