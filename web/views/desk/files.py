"""Importing a file: upload, a look at what it holds and what is wrong, confirmation, result.

Between the steps the file stays here (``web.operations.staging``). Small files are imported while the page loads; large
ones by a thread, with a page that says how far it is.
"""

import io
from uuid import UUID

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import CreditBankError, InvalidInput, Missing
from credit_bank.exchange.problem_report import problem_workbook
from credit_bank.exchange.template import template_workbook
from credit_bank.recognition.framework import Category
from credit_bank.report import ImportRefused
from web import htmx
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, database, tx
from web.forms.base import refuse
from web.forms.desk import CatalogueUploadForm, ConfirmForm, UploadForm
from web.messages import error_sentence, locale, t
from web.operations import staging
from web.operations.background import Background, Progress
from web.operations.tables import StagedFile
from web.views.desk.blueprint import blueprint
from web.views.desk.sentences import problem_sentence, say
from web.workflows import file_import
from web.workflows.file_import import FIELDS, Kind, Preview

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 100
# A file of more rows is imported in the background (some 3 ms a row).
BACKGROUND_ABOVE = 500
# After so many minutes a "working" page offers to try again; trying twice imports once.
PATIENCE = 10


def background() -> Background:
    """The application's thread for long work."""
    found: Background | None = current_app.extensions.get("evergreen_background")
    if found is None:
        found = current_app.extensions["evergreen_background"] = Background()
    return found


def _staged(staged_id: UUID, *, lock: bool = False) -> StagedFile:
    """The person's own file; another's is answered 404. Raises Missing ``staged.expired``."""
    return staging.find(
        tx(), person_id=actor().person_id, institution_id=g.institution.id, staged_id=staged_id, now=now(), lock=lock
    )


def _expired(handle: str, error: Missing) -> ResponseReturnValue:
    if error.code == "staged.unknown":
        abort(404)
    if error.code != "staged.expired":
        raise error
    return render_template("desk/expired.html", handle=handle), 410


def _known(kind: str) -> Kind:
    if kind not in FIELDS:
        abort(404)
    return "catalogue" if kind == "catalogue" else "equivalences" if kind == "equivalences" else "outcomes"


@blueprint.route("/desk/<handle>/import/<kind>", methods=["GET", "POST"])
@permit(Role.REGISTRAR)
def upload(handle: str, kind: str) -> ResponseReturnValue:
    """Step 1: choose a file."""
    form = CatalogueUploadForm() if _known(kind) == "catalogue" else UploadForm()
    if form.validate_on_submit():
        content = form.file.data.stream.read()
        try:
            staged = command(lambda session: _keep(session, kind, form.file.data.filename or "", content, form))
            return redirect(url_for(".preview", handle=handle, staged_id=staged.id), 303)
        except InvalidInput as error:
            refuse(form.file, error_sentence(error))
    page = render_template(
        "desk/upload.html",
        handle=handle,
        kind=kind,
        form=form,
        fields=[t(f"desk.field.{f.name}") for f in FIELDS[kind]],
    )
    return page, 422 if form.errors else 200


def _keep(session: Session, kind: str, name: str, content: bytes, form: UploadForm) -> StagedFile:
    staged = staging.keep(
        session,
        bank(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        kind=kind,
        name=name.replace("\\", "/").rpartition("/")[2],
        content=content,
        now=now(),
    )
    if isinstance(form, CatalogueUploadForm):
        staged.default_category = form.default_category.data or None
    file_import.table_of(bank(), staged)
    session.add(staged)
    return staged


@blueprint.get("/desk/<handle>/import/<kind>/template.xlsx")
@permit(Role.REGISTRAR)
def template(kind: str, **_handle: str) -> Response:
    """An empty table to fill in."""
    book = template_workbook(_known(kind), "en" if locale() == "en" else "zh", say)
    return send_file(io.BytesIO(book), XLSX, as_attachment=True, download_name=f"{kind}-template.xlsx")


@blueprint.get("/desk/<handle>/import/staged/<uuid:staged_id>")
@permit(Role.REGISTRAR)
def preview(handle: str, staged_id: UUID) -> ResponseReturnValue:
    """Step 2: what the file holds, how its columns are understood, and everything that is wrong with it."""
    try:
        staged = _staged(staged_id)
    except Missing as error:
        return _expired(handle, error)
    if staged.consumed_at is not None:
        return _to_result(handle, staged)
    found: Preview | None = None
    broken = None
    try:
        found = file_import.examine(tx(), bank(), staged, now())
    except InvalidInput as error:
        broken = error_sentence(error)
    page = render_template(
        "desk/preview.html",
        handle=handle,
        staged=staged,
        found=found,
        broken=broken,
        fields=FIELDS[staged.kind],
        problems=[(p, problem_sentence(p)) for p in found.problems[:SHOWN]] if found else [],
        notices=[(n, say(f"row.{n.code}", n.parameters)) for n in found.notices] if found else [],
        categories=list(Category),
        failure=t(staged.failure) if staged.failure else None,
        form=ConfirmForm(formdata=None),
    )
    return page, 200


@blueprint.post("/desk/<handle>/import/staged/<uuid:staged_id>/columns")
@permit(Role.REGISTRAR)
def columns(handle: str, staged_id: UUID) -> ResponseReturnValue:
    """Correct which column holds what, and look again."""
    try:
        staged = _staged(staged_id, lock=True)
    except Missing as error:
        return _expired(handle, error)
    table = file_import.table_of(bank(), staged)
    chosen: dict[str, str] = {}
    for field in FIELDS[staged.kind]:
        header = request.form.get(f"column-{field.name}")
        if header is None or (header and header not in table.columns):
            continue
        chosen[field.name] = header
    staged.overrides = chosen
    wanted = request.form.get("default_category", "")
    staged.default_category = wanted if wanted in list(Category) else None
    tx().add(staged)
    return redirect(url_for(".preview", handle=handle, staged_id=staged_id) + "#found", 303)


@blueprint.get("/desk/<handle>/import/staged/<uuid:staged_id>/problems.xlsx")
@permit(Role.REGISTRAR)
def problems(handle: str, staged_id: UUID) -> ResponseReturnValue:
    """The file again with every problem listed and its cell marked, to be corrected and uploaded."""
    try:
        staged = _staged(staged_id)
        found = file_import.examine(tx(), bank(), staged, now())
    except Missing as error:
        return _expired(handle, error)
    book = problem_workbook(found.table, found.problems, say, found.notices)
    return send_file(io.BytesIO(book), XLSX, as_attachment=True, download_name="problems.xlsx")


@blueprint.post("/desk/<handle>/import/staged/<uuid:staged_id>/discard")
@permit(Role.REGISTRAR)
def discard(handle: str, staged_id: UUID) -> ResponseReturnValue:
    """Forget an uploaded file."""
    try:
        staged = _staged(staged_id, lock=True)
    except Missing as error:
        return _expired(handle, error)
    kind = staged.kind
    if staged.consumed_at is None:
        tx().delete(staged)
        flash(t("desk.file.discarded"), "good")
    return redirect(url_for(".upload", handle=handle, kind=kind), 303)


@blueprint.post("/desk/<handle>/import/staged/<uuid:staged_id>/confirm")
@permit(Role.REGISTRAR)
def confirm(handle: str, staged_id: UUID) -> ResponseReturnValue:
    """Step 3: everything is read and checked anew, then imported at once. Pressed twice, it is imported once."""
    if not ConfirmForm().validate():
        abort(400)
    try:
        staged = _staged(staged_id, lock=True)
        if staged.consumed_at is None and (file_import.table_of(bank(), staged).expected or 0) > BACKGROUND_ABOVE:
            return _in_background(handle, staged)
        staged = command(lambda session: _carry_out(session, staged_id))
    except Missing as error:
        return _expired(handle, error)
    except ImportRefused:
        flash(t("desk.file.refused"), "bad")
        return redirect(url_for(".preview", handle=handle, staged_id=staged_id), 303)
    return _to_result(handle, staged)


def _carry_out(session: Session, staged_id: UUID, progress: Progress | None = None) -> StagedFile:
    return file_import.carry_out(
        session,
        bank(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        staged_id=staged_id,
        now=now(),
        progress=progress,
    )


def _in_background(handle: str, staged: StagedFile) -> ResponseReturnValue:
    working = url_for(".working", handle=handle, staged_id=staged.id)
    if staged.started_at is not None and staged.failure is None and not _stuck(staged):
        return redirect(working, 303)
    staged.started_at, staged.failure = now(), None
    tx().add(staged)
    db, the_bank, person_id, at = database(), bank(), actor().person_id, now()
    institution_id, staged_id = g.institution.id, staged.id

    def work(progress: Progress) -> None:
        who = {"person_id": person_id, "institution_id": institution_id, "staged_id": staged_id, "now": at}
        try:
            with db.writing() as session:
                file_import.carry_out(session, the_bank, **who, progress=progress)
        except Exception as error:
            with db.writing() as session:
                row = staging.find(session, **who)
                row.failure = "desk.file.refused" if isinstance(error, ImportRefused) else "desk.file.stopped"
                session.add(row)
            if not isinstance(error, CreditBankError):
                raise

    background().start(staged.id, work)
    return redirect(working, 303)


def _stuck(staged: StagedFile) -> bool:
    started = staged.started_at
    return started is not None and (now() - started).total_seconds() > PATIENCE * 60


@blueprint.get("/desk/<handle>/import/staged/<uuid:staged_id>/working")
@permit(Role.REGISTRAR)
def working(handle: str, staged_id: UUID) -> ResponseReturnValue:
    """A large file is being imported: how far, and what to do."""
    try:
        staged = _staged(staged_id)
    except Missing as error:
        return _expired(handle, error)
    progress = background().progress(staged_id)
    waited = int((now() - staged.started_at).total_seconds()) if staged.started_at else 0
    response = htmx.render(
        "desk/working.html",
        "progress",
        handle=handle,
        staged=staged,
        result=_result(handle, staged) if staged.consumed_at else None,
        failure=t(staged.failure) if staged.failure else None,
        done=progress[0] if progress else 0,
        total=progress[1] if progress else 0,
        waited=waited,
        stuck=_stuck(staged) and progress is None,
    )
    if htmx.is_partial() and staged.consumed_at is not None:
        htmx.announce(response, t("desk.file.done"))
    return response


def _result(handle: str, staged: StagedFile) -> str:
    if staged.kind == "catalogue":
        return url_for(".catalogue", handle=handle)
    if staged.kind == "equivalences":
        return url_for("comparing.precedent_list", handle=handle)
    return url_for(".batch", handle=handle, batch_id=staged.batch_id)


def _to_result(handle: str, staged: StagedFile) -> ResponseReturnValue:
    flash(t(f"desk.file.{staged.kind}_taken", **staged.result), "good")
    return redirect(_result(handle, staged), 303)
