"""The administrators' side: our own file for others, whom we recognise, and how we read their levels."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField

from credit_bank import founding, regions
from credit_bank.errors import Conflict, CreditBankError, InvalidInput
from credit_bank.exchange.region import MAX_FILE
from credit_bank.recognition.framework import EVERGREEN, Framework
from credit_bank.recognition.rules.ruleset import LevelMap
from credit_bank.store import regions as rows
from web.accounts import audit
from web.accounts.permissions import BANK_ADMIN, PUBLIC, actor, now, permit
from web.banking import bank, settings
from web.database import command, database, tx
from web.forms.admin import ConfirmForm
from web.forms.base import refuse
from web.forms.regions import LevelMapForm, RecogniseForm, RefreshForm
from web.messages import error_sentence, t
from web.views.regions.blueprint import blueprint
from web.workflows import region_checking


@blueprint.get("/region.json")
@permit(PUBLIC)
def own_file() -> Response:
    """This bank as it states itself, signed now: for the banks of other cities."""
    response = make_response(regions.own_file(tx(), bank()))
    response.mimetype = "application/json"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/admin/regions")
@permit(BANK_ADMIN)
def index() -> str:
    """Whom we recognise, our own key for others to compare, and the level maps."""
    return _index(RecogniseForm(formdata=None))


def _index(form: RecogniseForm) -> str:
    return render_template(
        "regions/index.html",
        rows=rows.every(tx()),
        form=form,
        own_key=founding.bank_key(tx(), bank()).multikey,
        now=now(),
    )


def _content(field: FileField) -> bytes:
    content: bytes = field.data.stream.read(MAX_FILE + 1)
    return content


@blueprint.post("/admin/regions")
@permit(BANK_ADMIN)
def recognise() -> ResponseReturnValue:
    """Recognise a bank whose file is handed in with the key that somebody compared."""
    form = RecogniseForm()
    if form.validate_on_submit():
        content, key = _content(form.file), form.key.data or ""
        try:
            done = command(lambda session: regions.recognise(session, bank(), content, key, actor().person_id))
            _note("region.recognised", done.region_id)
            flash(t("regions.recognised", count=done.new), "good")
            return redirect(url_for(".region", region_id=done.region_id), 303)
        except CreditBankError as error:
            field = form.key if error.code == "region.key_unknown" else form.file
            refuse(field, error_sentence(error))
    return _index(form), 422


def _note(event: str, region_id: UUID) -> None:
    command(lambda session: audit.record(session, event, now=now(), person_id=actor().person_id, subject_id=region_id))


@blueprint.get("/admin/regions/<uuid:region_id>")
@permit(BANK_ADMIN)
def region(region_id: UUID) -> str:
    """One recognised bank: its keys, whom it accredits, and what can be done."""
    return _region(region_id, RefreshForm(formdata=None))


def _region(region_id: UUID, form: RefreshForm) -> str:
    found = rows.get(tx(), region_id)
    return render_template(
        "regions/region.html",
        region=found,
        keys=rows.keys(tx(), found.id),
        institutions=rows.institutions(tx(), found.id),
        brought=rows.moved_count(tx(), found.id),
        form=form,
        check=ConfirmForm(formdata=None),
        now=now(),
    )


@blueprint.post("/admin/regions/<uuid:region_id>/refresh")
@permit(BANK_ADMIN)
def refresh(region_id: UUID) -> ResponseReturnValue:
    """Take a newer file."""
    form = RefreshForm()
    if form.validate_on_submit():
        content = _content(form.file)
        try:
            done = command(lambda session: regions.refresh(session, bank(), region_id, content))
            _note("region.refreshed", region_id)
            flash(t("regions.refreshed", new=done.new, renewed=done.renewed), "good")
            return redirect(url_for(".region", region_id=region_id), 303)
        except (InvalidInput, Conflict) as error:
            refuse(form.file, error_sentence(error))
    return _region(region_id, form), 422


@blueprint.post("/admin/regions/<uuid:region_id>/check")
@permit(BANK_ADMIN)
def check(region_id: UUID) -> ResponseReturnValue:
    """Look at the status of everything that was brought from there, at the other bank's own address."""
    if ConfirmForm().validate_on_submit():
        try:
            private = settings().connect_private
            done = region_checking.check(database(), bank(), region_id, private=private, write=command)
            flash(t("regions.checked", count=done.looked_at, changed=len(done.changed), unknown=done.unknown), "good")
        except CreditBankError as error:
            flash(error_sentence(error), "bad")
    return redirect(url_for(".region", region_id=region_id), 303)


@blueprint.route("/admin/regions/<uuid:region_id>/end", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def end(region_id: UUID) -> ResponseReturnValue:
    """End a recognition, after asking."""
    found, form = rows.get(tx(), region_id), ConfirmForm()
    if form.validate_on_submit():
        command(lambda session: regions.end(session, bank(), region_id))
        _note("region.ended", region_id)
        flash(t("regions.ended", name=found.name), "good")
        return redirect(url_for(".index"), 303)
    return render_template("regions/end.html", region=found, form=form)


@blueprint.get("/admin/level-maps")
@permit(BANK_ADMIN)
def level_maps() -> str:
    """How levels of other frameworks are read here, every version; ``?of=`` begins a map of a known framework."""
    form, source = LevelMapForm(formdata=None), request.args.get("of", "")
    chosen = regions.foreign_frameworks(tx()).get(source)
    if chosen is not None:
        form.source.data, form.version.data = chosen.id, now().strftime("%Y-%m-%d")
        in_force = rows.level_map(tx(), chosen.id, EVERGREEN.id)
        read = {} if in_force is None else in_force.levels
        form.levels.data = "\n".join(f"{level.code} = {read.get(level.code, '')}" for level in chosen.levels)
    return _level_maps(form, chosen)


def _level_maps(form: LevelMapForm, chosen: Framework | None = None) -> str:
    found = rows.level_maps(tx(), superseded=True)
    return render_template(
        "regions/level_maps.html",
        rows=[(row, regions.shown_level_map(row)) for row in reversed(found)],
        form=form,
        known=regions.foreign_frameworks(tx()).values(),
        chosen=chosen,
    )


@blueprint.post("/admin/level-maps")
@permit(BANK_ADMIN)
def publish_level_map() -> ResponseReturnValue:
    """Publish a map; the one before stays for the decisions that name it."""
    form = LevelMapForm()
    if form.validate_on_submit():
        try:
            source, version = (form.source.data or "").strip(), (form.version.data or "").strip()
            mapping = LevelMap(source, EVERGREEN.id, version, _pairs(form.levels.data or ""))
            command(lambda session: regions.publish_level_map(session, bank(), mapping, actor().person_id))
            flash(t("regions.map.published"), "good")
            return redirect(url_for(".level_maps"), 303)
        except CreditBankError as error:
            refuse(form.version if error.code == "level_map.version_known" else form.levels, error_sentence(error))
    return _level_maps(form, regions.foreign_frameworks(tx()).get(form.source.data or "")), 422


def _pairs(text: str) -> dict[str, str]:
    """A pair on each line, ``4 = 5``; a level with nothing after it is left open.

    Raises InvalidInput ``level_map.line_malformed``.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        left, sign, right = line.replace("＝", "=").partition("=")
        if not sign or not left.strip() or left.strip() in found:
            raise InvalidInput("level_map.line_malformed", line=number)
        if right.strip():
            found[left.strip()] = right.strip()
    return found
