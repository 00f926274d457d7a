"""The rule editor's page: every step brings the draft's text along, and keeps it for the person who writes it."""

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.file import RULES_FORMAT, parse_toml
from credit_bank.recognition.rules.reading import FileRefused
from credit_bank.recognition.rules.rewriting import rewritten
from credit_bank.recognition.rules.ruleset import Basis
from credit_bank.recognition.rules.writing import toml
from credit_bank.store import documents
from credit_bank.store.tables import PublishedDocument
from web.accounts.permissions import permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import tx
from web.messages import t
from web.views.desk.sentences import say
from web.views.rules import entries, kept, review, whole
from web.views.rules.blueprint import MAX_TEXT, blueprint, page
from web.views.rules.kinds import BY_NAME
from web.views.rules.step import Step

SECTIONS = frozenset(section for section, _name in BY_NAME)


@blueprint.get("/desk/<handle>/rules")
@permit(Role.REGISTRAR, Role.REVIEWER)
def edit(handle: str) -> ResponseReturnValue:
    """A new rule set, or the next version of one of this institution's (``from``, a document's id).

    With ``open`` ("rule:3") one of its entries stands in its form; with ``draft`` one goes on with a draft.
    """
    row = kept.row()
    if row is not None:
        return _reopened(handle, row.text)
    begun = kept.begun_from()
    if begun is None:
        return whole.opened(Step(handle, _empty(handle)), kept.others())
    text, version = _next_version(begun)
    at, (section, _colon, number) = Step(handle, text), request.args.get("open", "").partition(":")
    if _is_entry(at, section, number):
        return entries.Opened(at, section, int(number), "").shown()
    return at.overview(t("rules.next_version", before=begun.version, version=version))


def _reopened(handle: str, text: str) -> ResponseReturnValue:
    """A draft that was kept, as it was left."""
    try:
        return Step(handle, text).overview(t("rules.drafts.reopened"))
    except FileRefused as refused:
        return _text_only(handle, text, _told(refused), 200)


def _empty(handle: str) -> str:
    day = bank().today()
    return toml(
        {
            "format": RULES_FORMAT, "id": f"{handle}-rules-{day:%Y%m%d}"[:100], "version": f"{day.year}.1", "title": "",
            "receiver": handle, "basis": Basis.PROGRAMME.name.lower(), "framework": EVERGREEN.id, "valid_from": day,
        }
    )  # fmt: skip


def _next_version(row: PublishedDocument) -> tuple[str, str]:
    """The text of a document with a version that none of its versions has; a version is never edited."""
    known = {one.version for one in documents.versions(tx(), row.institution_id, row.kind, row.key)}
    head, point, last = row.version.rpartition(".")
    if not last.isdecimal() or not last.isascii() or (not point and len(last) == 4):
        head, point, last = row.version, ".", "0"
    number = int(last) + 1
    while f"{head}{point}{number}" in known:
        number += 1
    version = f"{head}{point}{number}"
    return rewritten(row.text, {**parse_toml(row.text, RULES_FORMAT), "version": version}), version


@blueprint.post("/desk/<handle>/rules")
@permit(Role.REGISTRAR, Role.REVIEWER)
def step(handle: str) -> ResponseReturnValue:
    """One step with a draft: what is asked for stands in ``do``, the draft itself in ``text``."""
    do = request.form.get("do", "show")
    text = request.form.get("before" if do == "undo" else "text", "").replace("\r\n", "\n").replace("\r", "\n")
    if do == "file":
        headers = {"Content-Disposition": 'attachment; filename="rules.toml"'}
        return Response(text, mimetype="application/toml", headers=headers)
    if len(text) > MAX_TEXT:
        return _text_only(handle, text, (t("rules.too_long", most=MAX_TEXT),))
    if do == "discard":
        kept.drop()
        flash(t("rules.drafts.gone"), "good")
        return redirect(url_for("desk.document_list", handle=handle), 303)
    try:
        return _take(Step(handle, text), *do.split(":"))
    except FileRefused as refused:
        if do == "use":
            kept.keep("", text)
        return _text_only(handle, text, _told(refused))


def _told(refused: FileRefused) -> tuple[str, ...]:
    return tuple(
        t("rules.at", place=one.place or "TOML", words=say(f"rulefile.{one.code}", one.parameters))
        for one in refused.problems[:20]
    )


def _take(at: Step, act: str, *rest: str) -> ResponseReturnValue:
    match act, *rest:
        case ("undo",):
            return at.overview(t("rules.undone"))
        case ("page", _number):
            return at.overview()
        case ("show" | "use" | "try",):
            return at.overview()
        case ("head",):
            return whole.opened(at)
        case "save-head", *_:
            return whole.saved(at)
        case ("check",):
            return review.checked(at)
        case ("propose",):
            return review.proposed(at)
        case ("add",):
            section, _colon, name = request.form.get("kind", "").partition(":")
            if (section, name) in BY_NAME:
                return entries.Opened(at, section, None, name).shown()
        case ("open", section, number) if _is_entry(at, section, number):
            return entries.Opened(at, section, int(number), "").shown()
        case ("save" | "rows", section, number, name) if (section, name) in BY_NAME:
            if number == "new" or _is_entry(at, section, number):
                found = entries.Opened(at, section, None if number == "new" else int(number), name)
                return found.saved() if act == "save" else found.with_more_rows()
        case ("remove", section, number) if _is_entry(at, section, number):
            return entries.removed(at, section, int(number))
        case ("earlier" | "later", "rule", number) if _is_entry(at, "rule", number):
            return entries.moved(at, int(number), earlier=act == "earlier")
    return abort(400)


def _is_entry(at: Step, section: str, number: str) -> bool:
    plain = number.isascii() and number.isdecimal() and len(number) < 7
    return section in SECTIONS and plain and int(number) < len(at.draft.entries[section])


def _text_only(handle: str, text: str, problems: tuple[str, ...], status: int = 422) -> ResponseReturnValue:
    """The text alone, where no cards can be made of it."""
    return page("text", t("rules.text.title"), handle, problems=problems, text=text), status
