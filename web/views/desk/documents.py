"""An institution's published documents: proposed as text, published by a second person, answered by parties."""

import re
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import agreeing, registering
from credit_bank.errors import CreditBankError
from credit_bank.recognition.rules.lint import publishable
from credit_bank.recognition.rules.reading import FileRefused
from credit_bank.store import documents, institutions
from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.cases import DocumentForm, StepForm
from web.messages import error_sentence, t
from web.operations import rule_drafts
from web.views.desk.blueprint import blueprint
from web.views.desk.sentences import say

_PROGRAMME = re.compile(r"""^\s*format\s*=\s*["']evergreen-programme""", re.MULTILINE)


@blueprint.route("/desk/<handle>/documents", methods=["GET", "POST"])
@permit(Role.REGISTRAR, Role.REVIEWER)
def document_list(handle: str) -> ResponseReturnValue:
    """What this institution proposed and published, what waits for its answer, and a form for a new version."""
    form, problems = DocumentForm(), list[str]()
    if form.validate_on_submit():
        try:
            command(lambda session: propose(session, form.text.data or "", problems))
        except FileRefused as error:
            problems += [f"{p.place}: {say(f'rulefile.{p.code}', p.parameters)}" for p in error.problems[:20]]
        except CreditBankError as error:
            problems.insert(0, error_sentence(error))
        else:
            flash(t("cases.documents.proposed"), "good")
            return redirect(url_for(".document_list", handle=handle), 303)
    page = render_template(
        "desk/documents.html", handle=handle, institution=g.institution, form=form, problems=problems,
        step=StepForm(formdata=None), reader=actor().person_id,
        drafts=rule_drafts.of(tx(), (actor().person_id, g.institution.id)),
        rows=documents.of_institution(tx(), g.institution.id),
        asked=[(row, institutions.get(tx(), row.institution_id)) for row in documents.asked_of(tx(), g.institution.id)],
    )  # fmt: skip
    return page, 422 if problems or form.errors else 200


def propose(session: Session, text: str, problems: list[str]) -> None:
    """Propose what the text says. What rule R18 finds against it is kept in ``problems``, and stops it.

    Raises FileRefused for a text with problems, CreditBankError ``document.lint`` and as ``agreeing.propose`` does.
    """
    day = bank().today()
    if _PROGRAMME.search(text):
        draft, parties = registering.programme_draft(text, day), []
    else:
        draft, parties = registering.ruleset_draft(text), registering.parties(session, text)
        found = registering.found_against(session, text, day)
        problems += [say(f"lint.{one.code}", one.parameters) or one.code for one in found if one.severity == "error"]
        if not publishable(found):
            raise CreditBankError("document.lint", count=len(problems))
    row = agreeing.propose(
        session, bank(), g.institution.id, draft, parties=[p.id for p in parties], proposed_by=actor().person_id
    )
    _audit(session, "document.proposed", row.id)


def _audit(session: Session, action: str, document_id: UUID) -> None:
    audit.record(
        session, action, now=now(), person_id=actor().person_id, institution_id=g.institution.id,
        subject_id=document_id,
    )  # fmt: skip


@blueprint.post("/desk/<handle>/documents/<uuid:document_id>/<any(publish, endorse, withdraw, accept, refuse):act>")
@permit(Role.REGISTRAR, Role.REVIEWER)
def document_act(handle: str, document_id: UUID, act: str) -> ResponseReturnValue:
    """Publish, endorse or take back one's own; accept or refuse another's."""
    form, who, mine = StepForm(), actor().person_id, g.institution.id
    row = documents.get(tx(), document_id)
    if not form.validate_on_submit() or (act in ("publish", "endorse", "withdraw") and row.institution_id != mine):
        abort(404)

    def carry_out(session: Session) -> None:
        if act == "publish":
            agreeing.publish(session, bank(), document_id, published_by=who)
        elif act == "endorse":
            agreeing.endorse(session, bank(), document_id, who)
        elif act == "withdraw":
            agreeing.withdraw(session, document_id, mine)
        else:
            agreeing.answer(
                session, bank(), document_id, mine, accept=act == "accept", reason=form.reason.data or "",
                answered_by=who,
            )  # fmt: skip
        _audit(session, f"document.{act}", document_id)

    try:
        command(carry_out)
    except CreditBankError as error:
        flash(error_sentence(error), "bad")
    else:
        flash(t("cases.desk.done"), "good")
    return redirect(url_for(".document_list", handle=handle), 303)
